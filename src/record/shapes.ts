/** The shapes that many records share: identifiers, hashes, keys, areas, money, dates (SPEC 1.2, 1.5). */

import { parseDecimal } from '../base/area.ts';
import { fromBase32, fromBase64Url } from '../base/bytes.ts';
import { parseCivilDate } from '../base/civil-date.ts';
import { parseInstant } from '../base/instant.ts';
import type { Shape } from './schema.ts';
import { mismatch, text } from './schema.ts';

/** An identifier: 128 random bits in base32, 26 characters. */
export const id: Shape<string> = (value, at) =>
  typeof value === 'string' && value.length === 26 && fromBase32(value)?.length === 16
    ? value
    : mismatch(at, 'id');

/** An identifier or the empty text, where the record says that there is none. */
export const idOrNone: Shape<string> = (value, at) => (value === '' ? '' : id(value, at));

/** Exactly `size` bytes in base64url. */
export const fixedBytes =
  (size: number): Shape<string> =>
  (value, at) =>
    typeof value === 'string' && fromBase64Url(value)?.length === size
      ? value
      : mismatch(at, `${size} bytes`);

/** At most `max` bytes in base64url. */
export const someBytes =
  (max: number): Shape<string> =>
  (value, at) => {
    const bytes = typeof value === 'string' ? fromBase64Url(value) : undefined;
    return bytes !== undefined && bytes.length <= max
      ? (value as string)
      : mismatch(at, `at most ${max} bytes`);
  };

/** A 32-byte hash or key. */
export const hash = fixedBytes(32);

/** A hash, or the empty text where the record says that there is none. */
export const hashOrNone: Shape<string> = (value, at) => (value === '' ? '' : hash(value, at));

/** 16 random bytes that hide what a hash covers (SPEC 1.6). */
export const nonce = fixedBytes(16);

/** A non-negative integer as a decimal text: areas, money, anything above 2^53. */
export const decimal: Shape<string> = (value, at) =>
  typeof value === 'string' && parseDecimal(value) !== undefined ? value : mismatch(at, 'decimal');

/** A signed integer as a decimal text. */
export const signedDecimal: Shape<string> = (value, at) =>
  typeof value === 'string' && value !== '-0' && parseDecimal(value.replace(/^-/, '')) !== undefined
    ? value
    : mismatch(at, 'signed decimal');

/** An instant `2026-12-10T10:00:00Z`. */
export const instant: Shape<string> = (value, at) =>
  typeof value === 'string' && parseInstant(value) !== undefined ? value : mismatch(at, 'instant');

/** A civil date `2026-12-10`. */
export const civilDate: Shape<string> = (value, at) =>
  typeof value === 'string' && parseCivilDate(value) !== undefined ? value : mismatch(at, 'civil date');

/** A date or the empty text for "without end". */
export const civilDateOrNone: Shape<string> = (value, at) => (value === '' ? '' : civilDate(value, at));

/** A short label without control characters. */
export const label = text(200, /^[^\p{Cc}\p{Cs}]+$/u);

/** A label, or the empty text. */
export const labelOrNone = text(200, /^[^\p{Cc}\p{Cs}]*$/u);

/** A web origin without path, such as `https://vote.example`. */
export const webOrigin = text(200, /^https?:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?$/);
