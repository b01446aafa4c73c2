/**
 * Reads JSON that says each thing once and exactly: a member that stands twice and a number that only rounds to an integer are refused, and
 * broken text is refused with its place (docs/tally-cases.md).
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';

/** `where` is the member, such as `g[2][1]`; a text that is no JSON has `column`, counted from 1. */
export type JsonRefusal = Refusal<'LINE_NOT_JSON' | 'MEMBER_REPEATED' | 'NUMBER_ROUNDED'>;

/** No line needs more, and the stack of the program stays far from its end. */
const MAX_DEPTH = 64;

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const DECIMAL = /^-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

type Scan = {
  readonly text: string;
  at: number;
  readonly path: (string | number)[];
  refusal: JsonRefusal | undefined;
};

const placeOf = (path: Scan['path']): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');

/** The next token of this form, which the scan moves behind; undefined where another stands. */
function take(scan: Scan, form: RegExp): string | undefined {
  form.lastIndex = scan.at;
  const [token] = form.exec(scan.text) ?? [];
  if (token !== undefined) scan.at += token.length;
  return token;
}

function fail(scan: Scan, code: JsonRefusal['code']): false {
  const { refusal } =
    code === 'LINE_NOT_JSON' ? refuse(code, '', { column: scan.at + 1 }) : refuse(code, placeOf(scan.path));
  scan.refusal ??= refusal;
  return false;
}

/** Moves behind white space and one of these characters; which of them stood there. */
function takeMark(scan: Scan, marks: string): string | undefined {
  take(scan, SPACE);
  const mark = scan.text[scan.at];
  if (mark === undefined || !marks.includes(mark)) return undefined;
  scan.at += 1;
  return mark;
}

/** Whether a number that reads as an integer is one as it is written; any other is for its reader to refuse. */
function isExact(number: string): boolean {
  if (!Number.isInteger(Number(number))) return true;
  const [, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  const zeros = whole.length + fraction.length - digits.length;
  return digits === '' || zeros + Number(exponent) >= fraction.length;
}

function scanMember(scan: Scan, names: Set<string>, depth: number): boolean {
  take(scan, SPACE);
  const start = scan.at;
  const name = take(scan, STRING);
  if (name === undefined) return fail(scan, 'LINE_NOT_JSON');
  // Broken escapes and control characters are found by the reader of the whole line.
  const bare = name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1);
  scan.path.push(bare);
  if (names.has(bare)) {
    scan.at = start;
    return fail(scan, 'MEMBER_REPEATED');
  }
  names.add(bare);
  if (takeMark(scan, ':') === undefined) return fail(scan, 'LINE_NOT_JSON');
  if (!scanValue(scan, depth)) return false;
  scan.path.pop();
  return true;
}

function scanObject(scan: Scan, depth: number): boolean {
  const names = new Set<string>();
  if (takeMark(scan, '}') !== undefined) return true;
  for (;;) {
    if (!scanMember(scan, names, depth)) return false;
    const mark = takeMark(scan, ',}');
    if (mark === '}') return true;
    if (mark === undefined) return fail(scan, 'LINE_NOT_JSON');
  }
}

function scanArray(scan: Scan, depth: number): boolean {
  if (takeMark(scan, ']') !== undefined) return true;
  for (let index = 0; ; index += 1) {
    scan.path.push(index);
    if (!scanValue(scan, depth)) return false;
    scan.path.pop();
    const mark = takeMark(scan, ',]');
    if (mark === ']') return true;
    if (mark === undefined) return fail(scan, 'LINE_NOT_JSON');
  }
}

function scanValue(scan: Scan, depth: number): boolean {
  if (depth > MAX_DEPTH) return fail(scan, 'LINE_NOT_JSON');
  const mark = takeMark(scan, '{[');
  if (mark !== undefined) return mark === '{' ? scanObject(scan, depth + 1) : scanArray(scan, depth + 1);
  const number = take(scan, NUMBER);
  if (number !== undefined) return isExact(number) || fail(scan, 'NUMBER_ROUNDED');
  return take(scan, STRING) !== undefined || take(scan, WORD) !== undefined || fail(scan, 'LINE_NOT_JSON');
}

/** The value of a JSON text. */
export function readJson(text: string): Result<unknown, JsonRefusal> {
  const scan: Scan = { text, at: 0, path: [], refusal: undefined };
  if (scanValue(scan, 0)) {
    take(scan, SPACE);
    if (scan.at < text.length) fail(scan, 'LINE_NOT_JSON');
  }
  if (scan.refusal !== undefined) return { ok: false, refusal: scan.refusal };
  try {
    return ok(JSON.parse(text));
  } catch {
    // What the scan lets pass and JSON does not: a control character inside a text.
    return refuse('LINE_NOT_JSON', '', { column: [...text].findIndex((character) => character < ' ') + 1 });
  }
}
