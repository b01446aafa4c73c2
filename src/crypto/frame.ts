/** Domain-separated hashing: `H256 = SHA-256(F(tag, x1 … xn))` with length-framed inputs (SPEC 1.1). */
import { concat, toBase64Url, u32be, u64be, utf8 } from '../base/bytes.ts';
import { sha256 } from './sha256.ts';
import type { Tag } from './tags.ts';

/** What a frame takes: bytes, a text as UTF-8, or a non-negative integer as u64be. */
export type FrameInput = Uint8Array | string | bigint;

const PREFIX = 'owners-vote/v1/';

function bytesOf(input: FrameInput): Uint8Array {
  if (typeof input === 'string') return utf8(input);
  return typeof input === 'bigint' ? u64be(input) : input;
}

/** `u32be(|T|) ‖ T ‖ u32be(|x1|) ‖ x1 ‖ …` (SPEC 1.1). */
export function frame(tag: Tag, ...inputs: readonly FrameInput[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const part of [utf8(PREFIX + tag), ...inputs.map(bytesOf)]) parts.push(u32be(part.length), part);
  return concat(...parts);
}

/** 32 bytes of SHA-256 over the frame. */
export const h256 = (tag: Tag, ...inputs: readonly FrameInput[]): Uint8Array => sha256(frame(tag, ...inputs));

/** `h256` as base64url, the spelling of hashes in records. */
export const h256Text = (tag: Tag, ...inputs: readonly FrameInput[]): string =>
  toBase64Url(h256(tag, ...inputs));
