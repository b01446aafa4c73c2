/** The check of a community's money as it is stored against the log, in one snapshot, for `owners-vote fund check` (SPEC 8.7, DESIGN §6). */
import { toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { emergencyForm, emergencyHash } from '../record/emergency.ts';
import type { Entry } from '../record/entry.ts';
import { entryForm } from '../record/entry.ts';
import {
  authorisationForm,
  authorisationHash,
  fundEntryForm,
  fundEntryHash,
  refundForm,
  refundHash,
} from '../record/fund.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import { stockOf } from './domain/authorisation.ts';
import type { StoredAuthorisationRow } from './domain/authorisation-check.ts';
import { resolutionKey } from './domain/authorisation-check.ts';
import type { BookFinding, StoredBook } from './domain/book-check.ts';
import { checkStoredBook } from './domain/book-check.ts';
import type { AccountKind } from './domain/entry-shapes.ts';
import { loggedRows, storedRows } from './logged-rows.ts';
import type { FundRefusal } from './refusals.ts';
import type { AuthorisationRow } from './store/authorisations.ts';
import { chargesOf, refundsOf } from './store/authorisations.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { allPostings, allShapes, entriesUpTo, loggedOfBook } from './store/reading.ts';

/** What the log's own bytes say of the book, and the rows whose columns say otherwise; whether the log is whole `log check` says. */
type Logged = {
  readonly entries: StoredBook['logged'][number][];
  readonly hashes: Map<string, bigint>;
  readonly closed: Set<string>;
  readonly annulled: Set<string>;
  readonly all: { readonly logRow: bigint; readonly entry: Entry }[];
  readonly strays: StoredBook['strays'][number][];
};

function take(logged: Logged, logRow: bigint, value: Entry): void {
  const authorise = (hash: string) => logged.hashes.set(hash, logged.hashes.get(hash) ?? logRow);
  switch (value.kind) {
    case 'fund.entry':
      logged.entries.push({ seq: value.seq, hash: value.hash, book: value.book, logRow });
      break;
    case 'fund.authorised':
      authorise(value.authorisationHash);
      break;
    case 'emergency.authorised':
      authorise(value.emergencyHash);
      break;
    case 'refund.authorised':
      authorise(value.refundHash);
      break;
    case 'fund.closed':
      logged.closed.add(value.authorisation);
      break;
    case 'emergency.annulled':
      logged.annulled.add(value.authorisation);
      break;
    case 'resolution.annulled':
      logged.annulled.add(resolutionKey(value.meeting, value.proposal));
      break;
    default:
  }
}

function loggedOf(rows: Awaited<ReturnType<typeof loggedOfBook>>, community: string): Logged {
  const logged: Logged = {
    entries: [],
    hashes: new Map(),
    closed: new Set(),
    annulled: new Set(),
    all: [],
    strays: [],
  };
  for (const { id, kind, community_id: owner, data } of rows) {
    const parsed = entryForm.parse(data);
    const of = parsed.ok && 'community' in parsed.value ? (parsed.value.community ?? '-') : '-';
    const [said, found] = [parsed.ok ? `${parsed.value.kind} ${of}` : 'no entry', `${kind} ${owner ?? '-'}`];
    if (said !== found) logged.strays.push({ where: `log row ${id}`, expected: said, found });
    if (!parsed.ok || of !== community) continue;
    take(logged, id, parsed.value);
    logged.all.push({ logRow: id, entry: parsed.value });
  }
  return logged;
}

const textOf = (bytes: Uint8Array | null): string => (bytes === null ? '' : toBase64Url(bytes));

const RECORDS = {
  resolution: [authorisationForm, authorisationHash],
  emergency: [emergencyForm, emergencyHash],
  unit_refund: [refundForm, refundHash],
} as const;

function authorisationRowOf(row: AuthorisationRow, stocks: Stocks): StoredAuthorisationRow {
  const [form, hashOf] = RECORDS[row.kind as keyof typeof RECORDS];
  const parsed = form.parse(row.record);
  return {
    columns: {
      authorisation: row.authorisation_id,
      kind: row.kind,
      meeting: row.meeting_id ?? '',
      proposal: row.proposal_id ?? '',
      unit: row.unit_id ?? '',
      documentHash: textOf(row.document_hash),
      capFen: String(row.cap_fen),
      payeeAccount: textOf(row.payee_account),
    },
    state: row.state,
    recordHash: hashOf(row.record),
    logRow: row.entry_id,
    record: parsed.ok ? parsed.value : undefined,
    developerUnits: row.developer_units,
    stock: stocks.get(row.meeting_id ?? ''),
  };
}

/** The developer's units by meeting, of each that has a frozen roll. */
type Stocks = ReadonlyMap<string, ReadonlySet<string>>;

async function stocksOf(tx: Tx, community: string, rows: readonly AuthorisationRow[]): Promise<Stocks> {
  const stocks = new Map<string, ReadonlySet<string>>();
  for (const meeting of new Set(rows.flatMap(({ meeting_id: id }) => (id === null ? [] : [id])))) {
    const leaves = await frozenLeaves(tx, community, meeting);
    if (leaves.length > 0) stocks.set(meeting, stockOf(leaves.map(({ leaf }) => leaf)));
  }
  return stocks;
}

const FOREVER = '9999-12-31';

async function readStored(tx: Tx, community: string): Promise<StoredBook | undefined> {
  const book = await bookRow(tx, community);
  const entries = (await entriesUpTo(tx, community, FOREVER)).map((row) => {
    const parsed = fundEntryForm.parse(row.record);
    return {
      entry: row.entry_id,
      seq: row.seq,
      kind: row.kind,
      bookedOn: row.booked_on,
      valueOn: row.value_on,
      authorisation: row.authorisation_id ?? '',
      reverses: row.reverses_entry_id ?? '',
      logRow: row.log_entry_id,
      recordHash: fundEntryHash(row.record),
      record: parsed.ok ? parsed.value : undefined,
    };
  });
  const authorisations = [...(await chargesOf(tx, community)), ...(await refundsOf(tx, community))];
  const stocks = await stocksOf(tx, community, authorisations);
  const logged = loggedOf(await loggedOfBook(tx, community), community);
  const rows = await storedRows(tx, community);
  // A community may have public revenue and no fund; a book that was deleted is one whose last number is wrong.
  const isUnknown = rows.length + entries.length + logged.all.length + logged.strays.length === 0;
  if (book === undefined && isUnknown) return undefined;
  return {
    lastSeq: book?.last_seq ?? 0n,
    book: book && { id: book.book_id, lastBookedOn: book.last_booked_on },
    rows,
    loggedRows: loggedRows(logged.all),
    logged: logged.entries,
    strays: logged.strays,
    entries,
    postings: (await allPostings(tx, community)).map((row) => ({
      entry: row.entry_id,
      account: row.account_id,
      amountFen: row.amount_fen,
      balanceAfterFen: row.balance_after_fen,
      version: row.account_version,
    })),
    accounts: (await accountsOfBook(tx, community)).map((row) => ({
      account: row.account_id,
      name: row.name,
      kind: row.kind as AccountKind,
      balanceFen: row.balance_fen,
      version: row.version,
    })),
    authorisations: authorisations.map((row) => authorisationRowOf(row, stocks)),
    loggedAuthorisations: logged,
    shapes: (await allShapes(tx)).map((row) => ({
      entryKind: row.entry_kind,
      accountKind: row.account_kind,
      side: row.side,
    })),
  };
}

/** How many entries of the ledger and rows beside it were checked, and all that differs. */
export type CheckedBook = {
  readonly entries: number;
  readonly rows: number;
  readonly findings: readonly BookFinding[];
};

/** Checks a community's book. */
export async function checkBook(db: Database, community: string): Promise<Result<CheckedBook, FundRefusal>> {
  const stored = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => readStored(tx, community));
  if (stored === undefined) return refuse('FUND_BOOK_MISSING');
  const { entries, rows } = stored;
  return ok({ entries: entries.length, rows: rows.length, findings: checkStoredBook(stored) });
}
