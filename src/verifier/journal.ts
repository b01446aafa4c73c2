/**
 * The exported journal of the fund, read back: postings by entry and the closing assertions (SPEC 8.3, FUND-03). Bookkeeping programs
 * know lines that add, move or hide amounts, such as rules, aliases, virtual postings and block comments; whatever is not one of the
 * few lines that the export has is a fault, and so is what does not add up, which such programs let pass at two decimals.
 */
import { parseCivilDate } from '../base/civil-date.ts';

/** A posting of an account, debit positive, in fen. */
export type JournalPosting = { readonly account: string; readonly amountFen: bigint };

export type JournalTransaction = {
  /** The line of its date, from 1. */
  readonly line: number;
  readonly date: string;
  /** `kind:…, authorisation:…, value-on:…` as they stand, empty where there are none. */
  readonly tags: string;
  readonly postings: readonly JournalPosting[];
};

export type Journal = {
  /** By code, the closing among them. */
  readonly transactions: ReadonlyMap<string, JournalTransaction>;
  /** `A` for what the community has, `L` for what it owes, by account. */
  readonly types: ReadonlyMap<string, string>;
  /** Balances that the transaction `closing` asserts, in fen. */
  readonly closing: ReadonlyMap<string, bigint>;
};

/** A line, from 1, and what should stand there. */
export type JournalFault = { readonly line: number; readonly wanted: string };

const COMMENT = /^; [^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
const ACCOUNT = /^account ([\p{L}\p{N}:-]+)$/u;
const TYPE = /^ {4}; type:([AL])$/;
const TRANSACTION =
  /^(\d{4}-\d{2}-\d{2}) \* \(([1-9]\d*|closing)\) [^;\s\p{Cc}\p{Cf}]+(?: [^;\s\p{Cc}\p{Cf}]+)*(?: {2}; (kind:[a-z_]+(?:, authorisation:[a-z2-7]{26})?(?:, value-on:\d{4}-\d{2}-\d{2})?))?$/u;
const POSTING =
  /^ {4}([\p{L}\p{N}:-]+) {2}(-?(?:0|[1-9]\d*)\.\d{2}) CNY(?: = (-?(?:0|[1-9]\d*)\.\d{2}) CNY)?$/u;

const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

type Started = JournalTransaction & { readonly postings: JournalPosting[] };

type Reading = {
  readonly transactions: Map<string, Started>;
  readonly types: Map<string, string>;
  readonly closing: Map<string, bigint>;
  /** Of each declared account: its line, and what the postings so far leave. */
  readonly declared: Map<string, number>;
  readonly balances: Map<string, bigint>;
  hasCommodity: boolean;
  date: string;
  code: string;
};

/** What is wrong with the first line of a transaction in its place. */
function startFault(reading: Reading, date: string, code: string): string | undefined {
  if (parseCivilDate(date) === undefined) return 'a day of the calendar';
  if (date < reading.date) return 'dates in order';
  if (reading.code === 'closing') return 'nothing after the closing';
  const next = String(reading.transactions.size + 1);
  return code === 'closing' || code === next ? undefined : `the code ${next} or closing`;
}

function takePosting(reading: Reading, { postings }: Started, line: string): string | undefined {
  const [, account = '', amount = '', balance] = POSTING.exec(line) ?? [];
  if (account === '') return 'account, amount, CNY';
  if (!reading.types.has(account)) return 'an account that is declared above';
  const isClosing = reading.code === 'closing';
  if (isClosing !== (balance !== undefined)) return 'assertions in the closing and nowhere else';
  const amountFen = fenOf(amount);
  if (balance === undefined) {
    if (amountFen === 0n) return 'an amount that is not 0.00';
    postings.push({ account, amountFen });
    reading.balances.set(account, (reading.balances.get(account) ?? 0n) + amountFen);
    return undefined;
  }
  if (amount !== '0.00' || reading.closing.has(account))
    return 'one assertion an account, which moves nothing';
  reading.closing.set(account, fenOf(balance));
  return (reading.balances.get(account) ?? 0n) === fenOf(balance)
    ? undefined
    : 'the balance that the postings leave';
}

/** What does not add up once a transaction stands. */
function sumFault(reading: Reading, { postings }: Started): string | undefined {
  if (postings.length === 0) return reading.code === 'closing' ? undefined : 'postings';
  if (postings.reduce((sum, { amountFen }) => sum + amountFen, 0n) !== 0n)
    return 'postings that add up to 0.00';
  const wrong = postings.find(({ account }) => {
    const balance = reading.balances.get(account) ?? 0n;
    return reading.types.get(account) === 'A' ? balance < 0n : balance > 0n;
  });
  return wrong === undefined ? undefined : `a balance of ${wrong.account} on its own side`;
}

/** Takes the first line of a block that is no transaction's, and its second; answers a fault of the one or the other. */
function takeDirective(
  reading: Reading,
  [first = '', second = '']: readonly string[],
  line: number,
): readonly [at: 0 | 1, wanted: string] | undefined {
  if (first === 'commodity CNY') {
    if (reading.hasCommodity) return [0, 'one commodity'];
    reading.hasCommodity = true;
    return second === '    format 1000.00 CNY' ? undefined : [1, 'the format of CNY'];
  }
  const account = ACCOUNT.exec(first)?.[1];
  if (account === undefined) return [0, 'a commodity, an account, or a transaction'];
  if (!reading.hasCommodity) return [0, 'the commodity above the accounts'];
  const type = TYPE.exec(second)?.[1];
  if (type === undefined) return [1, 'the type of the account'];
  if (reading.types.has(account)) return [0, 'an account that is not declared above'];
  reading.types.set(account, type);
  reading.declared.set(account, line);
  return undefined;
}

function takeTransaction(
  reading: Reading,
  [, date = '', code = '', tags = '']: readonly string[],
  lines: readonly string[],
  line: number,
): JournalFault | undefined {
  const fault = startFault(reading, date, code);
  if (fault !== undefined) return { line, wanted: fault };
  const started: Started = { line, date, tags, postings: [] };
  reading.transactions.set(code, started);
  [reading.date, reading.code] = [date, code];
  for (const [at, posting] of lines.slice(1).entries()) {
    const wanted = takePosting(reading, started, posting);
    if (wanted !== undefined) return { line: line + 1 + at, wanted };
  }
  const wanted = sumFault(reading, started);
  return wanted === undefined ? undefined : { line, wanted };
}

/** Takes a block of lines without an empty one among them; `first` is the number of its first line. */
function takeBlock(reading: Reading, lines: readonly string[], first: number): JournalFault | undefined {
  const [head = ''] = lines;
  if (COMMENT.test(head)) {
    const at = lines.findIndex((line) => !COMMENT.test(line));
    return at === -1 ? undefined : { line: first + at, wanted: 'an empty line below a comment' };
  }
  const start = TRANSACTION.exec(head);
  if (start !== null) return takeTransaction(reading, start, lines, first);
  const fault = takeDirective(reading, lines, first);
  if (fault !== undefined) return { line: first + fault[0], wanted: fault[1] };
  return lines.length === 2 ? undefined : { line: first + 2, wanted: 'an empty line' };
}

/** The journal of a text, or the first line that the export would not write. */
export function readJournal(text: string): Journal | JournalFault {
  const reading: Reading = {
    transactions: new Map(),
    types: new Map(),
    closing: new Map(),
    declared: new Map(),
    balances: new Map(),
    hasCommodity: false,
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
  for (const [account, line] of reading.declared)
    if (!reading.closing.has(account)) return { line, wanted: 'a closing balance of the account' };
  return reading;
}
