/**
 * The exported journal of the fund, read back: postings by entry and the closing assertions (SPEC 8.3, FUND-03). Bookkeeping programs
 * know lines that add, move or hide amounts, such as rules, aliases, virtual postings and block comments; whatever is not one of the
 * few lines that the export has is a fault.
 */

export type Journal = {
  /** Σ of postings by the transaction's code and the account's name, in fen. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** The civil date of each transaction by its code. */
  readonly dates: ReadonlyMap<string, string>;
  /** `A` for what the community has, `L` for what it owes, by account. */
  readonly types: ReadonlyMap<string, string>;
  /** Balances that the transaction `closing` asserts, in fen. */
  readonly closing: ReadonlyMap<string, bigint>;
};

/** A line, from 1, and what should stand there. */
export type JournalFault = { readonly line: number; readonly wanted: string };

const COMMENT = /^; [^\p{Cc}\p{Zl}\p{Zp}]*$/u;
const ACCOUNT = /^account ([\p{L}\p{N}:-]+)$/u;
const TYPE = /^ {4}; type:([AL])$/;
const TRANSACTION =
  /^(\d{4}-\d{2}-\d{2}) \* \(([1-9]\d*|closing)\) [^;\p{Cc}\p{Zl}\p{Zp}]*[^;\s\p{Cc}](?: {2}; kind:[a-z_]+(?:, (?:authorisation|value-on):[a-z0-9-]+)*)?$/u;
const POSTING =
  /^ {4}([\p{L}\p{N}:-]+) {2}(-?(?:0|[1-9]\d*)\.\d{2}) CNY(?: = (-?(?:0|[1-9]\d*)\.\d{2}) CNY)?$/u;

const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

type Reading = {
  readonly postings: Map<string, Map<string, bigint>>;
  readonly dates: Map<string, string>;
  readonly types: Map<string, string>;
  readonly closing: Map<string, bigint>;
  date: string;
  code: string;
};

/** What is wrong with the first line of a transaction in its place. */
function startFault(reading: Reading, date: string, code: string): string | undefined {
  if (date < reading.date) return 'dates in order';
  if (reading.code === 'closing') return 'nothing after the closing';
  const next = String(reading.postings.size + 1);
  return code === 'closing' || code === next ? undefined : `the code ${next} or closing`;
}

function startTransaction(reading: Reading, date: string, code: string): string | undefined {
  const fault = startFault(reading, date, code);
  if (fault !== undefined) return fault;
  [reading.date, reading.code] = [date, code];
  reading.postings.set(code, new Map());
  reading.dates.set(code, date);
  return undefined;
}

function takePosting(reading: Reading, line: string): string | undefined {
  const [, account = '', amount = '', balance] = POSTING.exec(line) ?? [];
  if (account === '') return 'account, amount, CNY';
  if (!reading.types.has(account)) return 'an account that is declared above';
  const isClosing = reading.code === 'closing';
  if (isClosing !== (balance !== undefined)) return 'assertions in the closing and nowhere else';
  if (balance !== undefined && (amount !== '0.00' || reading.closing.has(account)))
    return 'one assertion an account, which moves nothing';
  if (balance !== undefined) reading.closing.set(account, fenOf(balance));
  const sums = reading.postings.get(reading.code);
  sums?.set(account, (sums.get(account) ?? 0n) + fenOf(amount));
  return undefined;
}

/** Takes the first line of a block that is no transaction's, and its second; answers a fault of the one or the other. */
function takeDirective(
  reading: Reading,
  first: string,
  second: string,
): readonly [at: 0 | 1, wanted: string] | undefined {
  if (first === 'commodity CNY')
    return second === '    format 1000.00 CNY' ? undefined : [1, 'the format of CNY'];
  const account = ACCOUNT.exec(first)?.[1];
  if (account === undefined) return [0, 'a commodity, an account, or a transaction'];
  const type = TYPE.exec(second)?.[1];
  if (type === undefined) return [1, 'the type of the account'];
  if (reading.types.has(account)) return [0, 'an account that is not declared above'];
  reading.types.set(account, type);
  return undefined;
}

/** Takes a block of lines without an empty one among them; `first` is the number of its first line. */
function takeBlock(reading: Reading, lines: readonly string[], first: number): JournalFault | undefined {
  const [head = '', second = ''] = lines;
  if (lines.every((line) => COMMENT.test(line))) return undefined;
  const start = TRANSACTION.exec(head);
  if (start === null) {
    const fault = takeDirective(reading, head, second);
    if (fault !== undefined) return { line: first + fault[0], wanted: fault[1] };
    return lines.length === 2 ? undefined : { line: first + 2, wanted: 'an empty line' };
  }
  const [, date = '', code = ''] = start;
  const fault = startTransaction(reading, date, code);
  if (fault !== undefined) return { line: first, wanted: fault };
  for (const [at, line] of lines.slice(1).entries()) {
    const wanted = takePosting(reading, line);
    if (wanted !== undefined) return { line: first + 1 + at, wanted };
  }
  return undefined;
}

/** The journal of a text, or the first line that the export would not write. */
export function readJournal(text: string): Journal | JournalFault {
  const reading: Reading = {
    postings: new Map(),
    dates: new Map(),
    types: new Map(),
    closing: new Map(),
    date: '',
    code: '',
  };
  const lines = text.split('\n');
  let first = 0;
  for (let at = 0; at <= lines.length; at += 1) {
    if (at < lines.length && lines[at] !== '') continue;
    const block = lines.slice(first, at);
    const fault = block.length === 0 ? undefined : takeBlock(reading, block, first + 1);
    if (fault !== undefined) return fault;
    first = at + 1;
  }
  return reading;
}
