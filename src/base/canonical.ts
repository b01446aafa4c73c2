/**
 * One byte form for every hashed or signed value: RFC 8785 over strings, safe integers, booleans, arrays and
 * objects; no float, no null, no duplicate key (SPEC 1.2). A reader refuses bytes that it would not itself write.
 */
import { compareText, fromUtf8, sameBytes, utf8 } from './bytes.ts';

/** What a canonical text can hold. */
export type Canonical =
  | string
  | number
  | boolean
  | readonly Canonical[]
  | { readonly [member: string]: Canonical };

/** Deeper nesting is refused before recursion could exhaust the stack. */
const MAX_DEPTH = 32;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Strings are NFC and hold no lone surrogate, so that equal texts are equal bytes. */
export const isCanonicalText = (text: string): boolean =>
  !LONE_SURROGATE.test(text) && text.normalize('NFC') === text;

function write(value: Canonical, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
  if (typeof value === 'string') {
    if (!isCanonicalText(value)) throw new RangeError('text is not NFC');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new RangeError('number is not a safe integer');
    return String(value);
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  if (value === null || typeof value !== 'object') throw new RangeError('value is not canonical');
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => compareText(a, b));
  return `{${members.map(([name, member]) => `${write(name, depth + 1)}:${write(member, depth + 1)}`).join(',')}}`;
}

/** The canonical text of a value; a RangeError where the value has none. */
export const canonicalText = (value: Canonical): string => write(value, 0);

/** The canonical bytes of a value; a RangeError where the value has none. */
export const canonicalBytes = (value: Canonical): Uint8Array => utf8(canonicalText(value));

/** The value whose canonical bytes these are, or undefined: other spellings, duplicate keys and floats are refused. */
export function parseCanonical(bytes: Uint8Array): Canonical | undefined {
  const text = fromUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Canonical;
    return sameBytes(canonicalBytes(value), bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}
