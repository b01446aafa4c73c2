/** Bytes and their text forms, each with one spelling only: what decodes must re-encode to itself (SPEC 1.2). */

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes, or undefined where they are not strict UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Equality of public bytes; not for secrets, whose comparison must not stop early. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Order of byte strings, as `memcmp`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const size = Math.min(a.length, b.length);
  for (let i = 0; i < size; i += 1) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Order of texts by UTF-16 code units, the one that RFC 8785 and our sorted lists use. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** Bytes of lower-case hexadecimal, or undefined. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!HEX.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i += 1) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Groups of `width` bits in `alphabet`, most significant first, the last group filled with zero bits. */
function encodeBits(bytes: Uint8Array, width: number, alphabet: string): string {
  let out = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      out += alphabet.charAt((held >> bits) & ((1 << width) - 1));
      held &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? out + alphabet.charAt((held << (width - bits)) & ((1 << width) - 1)) : out;
}

/** Value of each ASCII character, or −1; a cast is decoded several times on its way, so this is a table and no map. */
function reverse(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < alphabet.length; value += 1) values[alphabet.charCodeAt(value)] = value;
  return values;
}
const VALUES = { standard: reverse(STANDARD), urlSafe: reverse(URL_SAFE), base32: reverse(BASE32) };

function decodeBits(text: string, width: number, values: Int8Array): Uint8Array | undefined {
  const out = new Uint8Array(Math.floor((text.length * width) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i += 1) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = (held << width) | value;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      out[at] = held >> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  // Left-over bits must be zero and fewer than one group, else two spellings would decode alike.
  return held === 0 && bits < width ? out : undefined;
}

/** base64url without padding (RFC 4648 §5). */
export const toBase64Url = (bytes: Uint8Array): string => encodeBits(bytes, 6, URL_SAFE);

/** Bytes of unpadded base64url, or undefined where the text is not the one spelling of them. */
export const fromBase64Url = (text: string): Uint8Array | undefined => decodeBits(text, 6, VALUES.urlSafe);

/** base64 with padding (RFC 4648 §4), the spelling of the C2SP formats. */
export function toBase64(bytes: Uint8Array): string {
  const text = encodeBits(bytes, 6, STANDARD);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** Bytes of padded base64, or undefined where the text is not the one spelling of them. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const bare = text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text;
  const bytes = decodeBits(bare, 6, VALUES.standard);
  return bytes !== undefined && toBase64(bytes) === text ? bytes : undefined;
}

/** base32 lower case without padding, the spelling of identifiers (SPEC 1.2). */
export const toBase32 = (bytes: Uint8Array): string => encodeBits(bytes, 5, BASE32);

/** Bytes of lower-case base32, or undefined. */
export const fromBase32 = (text: string): Uint8Array | undefined => decodeBits(text, 5, VALUES.base32);

/** A 32-bit number, big-endian; a RangeError where it does not fit, for it would become another number's bytes. */
export function u32be(value: number): Uint8Array {
  if (value >>> 0 !== value) throw new RangeError(`not a 32-bit number: ${value}`);
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** A 64-bit number, big-endian; a RangeError where it does not fit, for it would become another number's bytes. */
export function u64be(value: bigint): Uint8Array {
  if (BigInt.asUintN(64, value) !== value) throw new RangeError(`not a 64-bit number: ${value}`);
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}
