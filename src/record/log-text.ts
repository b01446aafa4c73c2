/** The two spellings that every C2SP text shares: sizes and hashes, each with exactly one form (SPEC 7.1). */
import { fromBase64, toBase64 } from '../base/bytes.ts';

const NUMBER = /^(0|[1-9][0-9]*)$/;

/** A size, index or time as a plain decimal that a safe integer holds, or undefined. */
export function parseLogNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A 32-byte hash in padded base64, or undefined. */
export function parseLogHash(text: string): Uint8Array | undefined {
  const bytes = fromBase64(text);
  return bytes?.length === 32 ? bytes : undefined;
}

/** Hashes, one a line, or undefined where one line is not a hash. */
export function parseHashLines(lines: readonly string[]): readonly Uint8Array[] | undefined {
  const hashes = lines.map(parseLogHash);
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
}

/** The lines of hashes, each ended by a line feed. */
export const printHashLines = (hashes: readonly Uint8Array[]): string =>
  hashes.map((hash) => `${toBase64(hash)}\n`).join('');

/** Longest inclusion or consistency proof that the formats allow. */
export const MAX_PROOF_HASHES = 63;
