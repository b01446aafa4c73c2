/**
 * Closed schemas of records: every member known and present, every value of one spelling, and bytes that the
 * writer itself would not write are refused (SPEC 1.2). Attacker-controlled bytes enter the program here.
 */
import { InvariantError } from '../base/assert.ts';
import { fromUtf8 } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
import { canonicalBytes, isCanonicalText, parseCanonical } from '../base/canonical.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

/** Checks one value and gives it its type; a Mismatch names the member at fault. */
export type Shape<T> = (value: unknown, at: string) => T;

/** The type that a shape gives. */
export type Of<S> = S extends Shape<infer T> ? T : never;

class Mismatch extends Error {
  readonly at: string;
  constructor(at: string, wanted: string) {
    super(wanted);
    this.at = at;
  }
}

/** Ends a check: the value at `at` is not what was wanted. */
export function mismatch(at: string, wanted: string): never {
  throw new Mismatch(at, wanted);
}

/** A text of at most `max` UTF-16 units, in NFC, that matches the pattern where one is given. */
export const text =
  (max: number, pattern?: RegExp): Shape<string> =>
  (value, at) =>
    typeof value === 'string' &&
    value.length <= max &&
    isCanonicalText(value) &&
    (pattern?.test(value) ?? true)
      ? value
      : mismatch(at, 'text');

/** An integer from `min` to `max`. */
export const integer =
  (min: number, max: number): Shape<number> =>
  (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : mismatch(at, `integer ${min}..${max}`);

export const boolean: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : mismatch(at, 'boolean');

/** Exactly one of some texts. */
export const oneOf =
  <const T extends string>(...texts: readonly T[]): Shape<T> =>
  (value, at) =>
    texts.includes(value as T) ? (value as T) : mismatch(at, texts.join(' | '));

/** Exactly one integer, such as a version. */
export const exactly =
  <const T extends number>(wanted: T): Shape<T> =>
  (value, at) =>
    value === wanted ? wanted : mismatch(at, String(wanted));

/** A list of `min` to `max` items. */
export const list =
  <T>(item: Shape<T>, max: number, min = 0): Shape<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return mismatch(at, 'list');
    return value.map((each, index) => item(each, `${at}[${index}]`));
  };

type Members = Readonly<Record<string, Shape<unknown>>>;
type Closed<M> = { readonly [K in keyof M]: Of<M[K]> };

/** An object with exactly these members. */
export function closed<const M extends Members>(members: M): Shape<Closed<M>> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(at, 'object');
    const found = value as Record<string, unknown>;
    for (const name of Object.keys(found))
      if (!Object.hasOwn(members, name)) mismatch(`${at}.${name}`, 'no such member');
    const out: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(members)) {
      if (!Object.hasOwn(found, name)) mismatch(`${at}.${name}`, 'present');
      out[name] = shape(found[name], `${at}.${name}`);
    }
    return out as Closed<M>;
  };
}

/** One of several closed objects, told apart by the text in one member. */
export function variants<const V extends Readonly<Record<string, Shape<unknown>>>>(
  member: string,
  shapes: V,
): Shape<Of<V[keyof V]>> {
  return (value, at) => {
    const kind =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined;
    if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind))
      return mismatch(`${at}.${member}`, 'known kind');
    return (shapes[kind] as Shape<unknown>)(value, at) as Of<V[keyof V]>;
  };
}

export type RecordRefusal = Refusal<'RECORD_NOT_CANONICAL' | 'RECORD_MALFORMED' | 'RECORD_TOO_LARGE'>;

/** The reader and the writer of one kind of record. */
export type RecordForm<T> = {
  /** The record of its canonical bytes; the refusal names the member at fault. */
  readonly parse: (bytes: Uint8Array) => Result<T, RecordRefusal>;
  /**
   * The record of bytes that this program wrote and the database kept: members and values are checked, the spelling is not, which
   * halves the cost. Throws where they do not fit.
   */
  readonly own: (bytes: Uint8Array) => T;
  /** The record of a parsed value, for records that stand inside others. */
  readonly check: (value: unknown) => Result<T, RecordRefusal>;
  /** The canonical bytes; throws where the value does not fit, since we never write what we would not read. */
  readonly bytes: (value: T) => Uint8Array;
};

/** Largest record; a log entry may not be larger (C2SP tlog-tiles). */
export const MAX_RECORD_BYTES = 65_535;

/** Makes the reader and the writer of a shape. */
export function recordForm<T>(shape: Shape<T>, name: string, maxBytes = MAX_RECORD_BYTES): RecordForm<T> {
  const check = (value: unknown): Result<T, RecordRefusal> => {
    try {
      return ok(shape(value, name));
    } catch (error) {
      if (error instanceof Mismatch) return refuse('RECORD_MALFORMED', error.at, { wanted: error.message });
      throw error;
    }
  };
  return {
    check,
    own: (bytes) => {
      const checked = check(JSON.parse(fromUtf8(bytes) ?? ''));
      if (!checked.ok) throw new InvariantError(`a kept ${checked.refusal.where} is not ours`);
      return checked.value;
    },
    parse: (bytes) => {
      if (bytes.length > maxBytes) return refuse('RECORD_TOO_LARGE', name);
      const value = parseCanonical(bytes);
      return value === undefined ? refuse('RECORD_NOT_CANONICAL', name) : check(value);
    },
    bytes: (value) => {
      const checked = check(value);
      if (!checked.ok)
        throw new InvariantError(`${checked.refusal.where} is not ${checked.refusal.facts?.['wanted']}`);
      const bytes = canonicalBytes(checked.value as Canonical);
      if (bytes.length > maxBytes) throw new InvariantError(`${name} is larger than ${maxBytes} bytes`);
      return bytes;
    },
  };
}
