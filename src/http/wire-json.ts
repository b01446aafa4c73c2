/**
 * The JSON of a request's body, read strictly before any schema sees it: UTF-8 without a byte order mark, one object, a bounded
 * depth, no text that cannot be stored, and no member twice, since two readers would disagree about which one counts (SPEC 1.2 says the same of records).
 */
import { fromUtf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

/** Deeper than any of our wire types, and shallow enough for every recursive reader behind. */
export const MAX_DEPTH = 32;

type Fault =
  | 'encoding'
  | 'syntax'
  | 'no object'
  | 'too deep'
  | 'member twice'
  | 'reserved name'
  | 'forbidden character';

/** Names that mean the prototype to a careless reader. */
const RESERVED = new Set(['__proto__']);

/** What no text of ours holds and PostgreSQL cannot store (SPEC 1.2); in a text that is UTF-8 only an escape can bring it in. */
const ESCAPED = /\\u(?:0000|d[89a-f])/i;
const FORBIDDEN = /\0|\p{Surrogate}/u;

/** Where the string that begins at `from` ends: the index of its closing quote. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}

/** Walks over a text that is known to be JSON; long strings are skipped, not walked. */
function faultOf(text: string): Fault | undefined {
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  const hasEscapes = ESCAPED.test(text);
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '{' || mark === '[') {
      if (open.length === MAX_DEPTH) return 'too deep';
      open.push(mark === '{' ? new Set() : undefined);
      isName = mark === '{';
    } else if (mark === '}' || mark === ']') open.pop();
    else if (mark === ',') isName = open.at(-1) !== undefined;
    else if (mark === ':') isName = false;
    else if (mark === '"') {
      const end = closingQuote(text, at);
      const names = isName ? open.at(-1) : undefined;
      if (hasEscapes && FORBIDDEN.test(JSON.parse(text.slice(at, end + 1)) as string))
        return 'forbidden character';
      if (names !== undefined) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        if (RESERVED.has(name)) return 'reserved name';
        if (names.has(name)) return 'member twice';
        names.add(name);
      }
      at = end;
    }
  }
  return undefined;
}

const malformed = (reason: Fault): Result<never, Refusal<'REQUEST_MALFORMED'>> =>
  refuse('REQUEST_MALFORMED', 'body', { reason });

/** The object in the bytes; a refusal says what is wrong with them and nothing of what they hold. */
export function parseWireJson(
  bytes: Uint8Array,
): Result<Readonly<Record<string, unknown>>, Refusal<'REQUEST_MALFORMED'>> {
  const text = fromUtf8(bytes);
  if (text === undefined) return malformed('encoding');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('syntax');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('no object');
  const fault = faultOf(text);
  return fault === undefined ? ok(value as Record<string, unknown>) : malformed(fault);
}
