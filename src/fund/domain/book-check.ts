/**
 * Whether the stored book is the one that the log names: entries, postings, balances, the table of shapes, the authorisations and the rows
 * beside the ledger, each difference with its place (SPEC 8.7). It finds what whoever may disable triggers changed behind the program's back.
 */
import type { FundEntry } from '../../record/fund.ts';
import type { LoggedAuthorisations, StoredAuthorisationRow } from './authorisation-check.ts';
import { checkAuthorisations } from './authorisation-check.ts';
import type { AccountKind, EntryKind } from './entry-shapes.ts';
import { allowedSides, fitsShape, isDebitKind } from './entry-shapes.ts';
import type { LoggedRow, StoredRow } from './row-check.ts';
import { checkRows } from './row-check.ts';

/** A row of the book; `record` is undefined where its bytes are no fund entry. Hashes in base64url. */
export type StoredEntry = {
  readonly entry: string;
  readonly seq: bigint;
  readonly kind: string;
  readonly bookedOn: string;
  readonly valueOn: string;
  readonly authorisation: string;
  /** The entry that it reverses; empty where it reverses none. */
  readonly reverses: string;
  /** Row of the log that it names. */
  readonly logRow: bigint;
  readonly recordHash: string;
  readonly record: FundEntry | undefined;
};

/** A row of a posting, debit positive; balance after it on the account's normal side; all in fen. */
export type StoredPosting = {
  readonly entry: string;
  readonly account: string;
  readonly amountFen: bigint;
  readonly balanceAfterFen: bigint;
  readonly version: bigint;
};

export type StoredAccount = {
  readonly account: string;
  readonly name: string;
  readonly kind: AccountKind;
  readonly balanceFen: bigint;
  readonly version: bigint;
};

export type ShapeRow = { readonly entryKind: string; readonly accountKind: string; readonly side: string };

/** A book as it is stored, and the entries of it that the log names, in the order of the log. */
export type StoredBook = {
  readonly lastSeq: bigint;
  /** Undefined where the row of the book is gone. */
  readonly book: { readonly id: string; readonly lastBookedOn: string } | undefined;
  readonly logged: readonly {
    readonly seq: number;
    readonly hash: string;
    readonly book: string;
    readonly logRow: bigint;
  }[];
  readonly entries: readonly StoredEntry[];
  readonly postings: readonly StoredPosting[];
  readonly accounts: readonly StoredAccount[];
  readonly shapes: readonly ShapeRow[];
  readonly authorisations: readonly StoredAuthorisationRow[];
  readonly loggedAuthorisations: LoggedAuthorisations;
  /** Beside the ledger. */
  readonly rows: readonly StoredRow[];
  readonly loggedRows: readonly LoggedRow[];
  /** Rows of the log whose columns (found) say another kind or community than their bytes. */
  readonly strays: readonly { readonly where: string; readonly expected: string; readonly found: string }[];
};

const CODES = {
  'FUND-K001': ['日志中的这一笔不在账簿中', 'the log names an entry that the book does not have'],
  'FUND-K002': ['日志中没有这一笔', 'the book has an entry that the log does not name'],
  'FUND-K003': ['记录与日志中的指纹不同', 'the record is not the one that the log names'],
  'FUND-K004': ['这一笔的日期、类别或授权与记录不同', 'dates, kind or authorisation differ from the record'],
  'FUND-K005': ['这一笔的借贷与记录不同', 'the postings differ from the record'],
  'FUND-K006': ['借贷之后的余额不对', 'the balance after the posting is not what the postings give'],
  'FUND-K007': ['账户余额不对', 'the balance of the account is not what its postings give'],
  'FUND-K008': ['借贷规则表与程序不同', 'the table of shapes differs from the program'],
  'FUND-K009': ['这一笔的借贷不合规则', 'the entry touches an account that its kind may not'],
  'FUND-K010': ['账簿的末笔序号不对', "the book's last number is not that of its last entry"],
  'FUND-K011': ['授权与其记录不同', 'the authorisation differs from its record'],
  'FUND-K012': ['日志中没有这项授权的记录', 'the log does not name the record of the authorisation'],
  'FUND-K013': ['日志中的授权不在账簿中', 'the log names an authorisation that the book does not have'],
  'FUND-K014': ['授权的状态与日志不同', 'the authorisation is in another state than the log leaves it in'],
  'FUND-K015': [
    '授权所记的建设单位房屋与名册不同',
    "the developer's units of the authorisation are not those of the roll",
  ],
  'FUND-K016': [
    '日志行的类别或小区与其内容不同',
    'a row of the log has another kind or community than its bytes say',
  ],
  'FUND-K017': ['这一列与其记录或日志不同', 'the column is not what its record or the log says'],
  'FUND-K018': ['日志中没有这一行', 'the log does not name the row'],
  'FUND-K019': ['这一行的记录与日志中的指纹不同', 'the record of the row is not the one that the log names'],
  'FUND-K020': ['日志中的这一行不在表中', 'the log names a row that the table does not have'],
} as const satisfies Record<`FUND-K${string}`, readonly [string, string]>;

export type BookFindingCode = keyof typeof CODES;

/** What differs, and where: the number of an entry, an account, a row of the table of shapes, or a table with an id and a column. */
export type BookFinding = {
  readonly code: BookFindingCode;
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly zh: string;
  readonly en: string;
};

type Note = (code: BookFindingCode, where: string, expected: string, found: string) => void;

function checkLogged({ logged, entries, lastSeq }: StoredBook, note: Note): void {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
  const named = new Set<bigint>();
  for (const { seq, hash, logRow } of logged) {
    named.add(BigInt(seq));
    const entry = bySeq.get(BigInt(seq));
    if (entry === undefined) note('FUND-K001', `entry ${seq}`, hash, 'none');
    else {
      if (entry.recordHash !== hash) note('FUND-K003', `entry ${seq}`, hash, entry.recordHash);
      if (entry.logRow !== logRow)
        note('FUND-K017', `fund_entry ${seq} log_entry_id`, String(logRow), String(entry.logRow));
    }
  }
  for (const { seq, recordHash } of entries)
    if (!named.has(seq)) note('FUND-K002', `entry ${seq}`, 'none', recordHash);
  const highest = logged.reduce((last, { seq }) => Math.max(last, seq), 0);
  if (lastSeq !== BigInt(highest)) note('FUND-K010', 'book', String(highest), String(lastSeq));
}

/** The day of a book without an entry. */
const NO_DAY = '1900-01-01';

/** The book's own columns: its id by the last entry that the log names, and the day of that entry. */
function checkBookRow({ book, logged, entries }: StoredBook, note: Note): void {
  if (book === undefined) return;
  const last = logged.reduce<(typeof logged)[number] | undefined>(
    (highest, one) => (highest === undefined || one.seq > highest.seq ? one : highest),
    undefined,
  );
  const bookedOn =
    last === undefined ? NO_DAY : entries.find(({ seq }) => seq === BigInt(last.seq))?.record?.bookedOn;
  const columns: readonly (readonly [string, string | undefined, string])[] = [
    ['book_id', last?.book, book.id],
    ['last_booked_on', bookedOn, book.lastBookedOn],
  ];
  for (const [column, said, found] of columns)
    if (said !== undefined && said !== found) note('FUND-K017', `fund_book ${column}`, said, found);
}

const facts = (
  seq: bigint | number,
  kind: string,
  bookedOn: string,
  valueOn: string,
  authorisation: string,
) => [seq, kind, bookedOn, valueOn, authorisation || '-'].join(' ');

function checkEntry(
  stored: StoredEntry,
  legs: readonly { readonly name: string; readonly kind: AccountKind; readonly amountFen: bigint }[],
  note: Note,
): void {
  const { seq, record } = stored;
  const where = `entry ${seq}`;
  for (const { name, kind, amountFen } of legs) {
    if (!fitsShape(stored.kind as EntryKind, kind, amountFen))
      note('FUND-K009', `${where} ${name}`, `a side of ${stored.kind}`, `${kind} ${amountFen}`);
  }
  if (record === undefined) {
    note('FUND-K003', where, 'a fund entry', 'other bytes');
    return;
  }
  const said = facts(record.seq, record.entryKind, record.bookedOn, record.valueOn, record.authorisation);
  const kept = facts(seq, stored.kind, stored.bookedOn, stored.valueOn, stored.authorisation);
  if (said !== kept) note('FUND-K004', where, said, kept);
  const columns = [
    ['entry_id', record.entry, stored.entry],
    ['reverses_entry_id', record.reverses, stored.reverses],
  ] as const;
  for (const [column, wanted, found] of columns)
    if (wanted !== found) note('FUND-K017', `fund_entry ${seq} ${column}`, wanted || '-', found || '-');
  const count = Math.max(legs.length, record.postings.length);
  for (let at = 0; at < count; at += 1) {
    const [wanted, found] = [record.postings[at], legs[at]];
    const expected = wanted === undefined ? 'none' : `${wanted.account} ${wanted.amountFen}`;
    const shown = found === undefined ? 'none' : `${found.name} ${found.amountFen}`;
    if (expected !== shown) note('FUND-K005', `${where} line ${at + 1}`, expected, shown);
  }
}

/** Replays the postings of the book; each account must stand where they leave it. */
function checkBalances(
  { accounts }: StoredBook,
  inOrder: readonly { readonly seq: bigint; readonly posting: StoredPosting }[],
  note: Note,
): void {
  const state = new Map(accounts.map((account) => [account.account, { account, fen: 0n, version: 0n }]));
  for (const { seq, posting } of inOrder) {
    const one = state.get(posting.account);
    if (one === undefined) continue;
    one.fen += isDebitKind(one.account.kind) ? posting.amountFen : -posting.amountFen;
    one.version += 1n;
    if (one.fen !== posting.balanceAfterFen || one.version !== posting.version)
      note(
        'FUND-K006',
        `entry ${seq} ${one.account.name}`,
        `${one.fen} (${one.version})`,
        `${posting.balanceAfterFen} (${posting.version})`,
      );
  }
  for (const { account, fen, version } of state.values()) {
    if (account.balanceFen !== fen || account.version !== version)
      note('FUND-K007', account.name, `${fen} (${version})`, `${account.balanceFen} (${account.version})`);
  }
}

function checkShapes({ shapes }: StoredBook, note: Note): void {
  const show = ({ entryKind, accountKind, side }: ShapeRow): string => `${entryKind} ${side} ${accountKind}`;
  const [wanted, found] = [new Set(allowedSides().map(show)), new Set(shapes.map(show))];
  for (const shape of wanted) if (!found.has(shape)) note('FUND-K008', shape, 'a row', 'none');
  for (const shape of found) if (!wanted.has(shape)) note('FUND-K008', shape, 'no row', 'a row');
}

/** All differences, in the order of what is checked: log, entries, balances, shapes, authorisations, rows beside the ledger. */
export function checkStoredBook(book: StoredBook): readonly BookFinding[] {
  const findings: BookFinding[] = [];
  const note: Note = (code, where, expected, found) => {
    const [zh, en] = CODES[code];
    findings.push({ code, where, expected, found, zh, en });
  };
  checkLogged(book, note);
  checkBookRow(book, note);
  const accounts = new Map(book.accounts.map((account) => [account.account, account]));
  const byEntry = new Map<string, StoredPosting[]>();
  for (const posting of book.postings) {
    const list = byEntry.get(posting.entry);
    if (list === undefined) byEntry.set(posting.entry, [posting]);
    else list.push(posting);
  }
  const inOrder: { seq: bigint; posting: StoredPosting }[] = [];
  for (const stored of book.entries) {
    const postings = byEntry.get(stored.entry) ?? [];
    const legs = postings.map(({ account, amountFen }) => ({
      name: accounts.get(account)?.name ?? account,
      kind: accounts.get(account)?.kind ?? 'bank',
      amountFen,
    }));
    checkEntry(stored, legs, note);
    inOrder.push(...postings.map((posting) => ({ seq: stored.seq, posting })));
  }
  checkBalances(book, inOrder, note);
  checkShapes(book, note);
  checkAuthorisations(book.authorisations, book.loggedAuthorisations, note);
  checkRows(book.rows, book.loggedRows, note);
  for (const { where, expected, found } of book.strays) note('FUND-K016', where, expected, found);
  return findings;
}
