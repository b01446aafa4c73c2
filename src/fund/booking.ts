/**
 * How every entry gets into a book: lock the book, look the key up, decide, write the log's entry and the book's in the same
 * transaction (SPEC 8.3). The key is looked up after the lock, so that of many with one key one writes and all get its answer.
 */

import { writingEntries } from '../auditlog/entry-writing.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Last, Tx } from '../db/transaction.ts';
import { inTransaction, sqlStateOf } from '../db/transaction.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { FundEntry } from '../record/fund.ts';
import { fundEntryForm, fundEntryHash } from '../record/fund.ts';
import type { Account, EntryDraft } from './domain/posting.ts';
import { entryRecord, laterDate } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import type { AccountRow, NewEntryRow, NewPostingRow } from './store/book.ts';
import { entriesByKeys, entriesInsertion, lockBookRow } from './store/book.ts';

/** A locked book. */
export type Book = {
  readonly community: string;
  readonly book: string;
  readonly lastSeq: bigint;
  readonly lastBookedOn: string;
};

/** An entry that stands in a book; `seq` counts from 1. */
export type BookedEntry = { readonly entry: string; readonly seq: bigint };

/** What is asked for, under a key of its own nature: the same key with other content is refused. */
export type Keyed = { readonly key: string; readonly request: Canonical };
export type NewEntry = Keyed & { readonly draft: EntryDraft };

const LOCK_NOT_AVAILABLE = '55P03';

/** Locks a book that exists. */
export async function lockBook(tx: Tx, community: string): Promise<Book | undefined> {
  const row = await lockBookRow(tx, community);
  if (row === undefined) return undefined;
  return { community, book: row.book_id, lastSeq: row.last_seq, lastBookedOn: row.last_booked_on };
}

/** Runs `work` with the book locked; work decides before it writes, so a refusal leaves nothing behind. */
export async function inBook<T>(
  deps: FundDeps,
  community: string,
  work: (tx: Tx, book: Book) => Promise<Result<T, FundRefusal>>,
): Promise<Result<T, FundRefusal>> {
  return unlessBusy(() =>
    inTransaction(deps.db, async (tx) => {
      const book = await lockBook(tx, community);
      return book === undefined ? refuse('FUND_BOOK_MISSING') : work(tx, book);
    }),
  );
}

/** A wait for the book's lock that took too long is a refusal: the caller may try again. */
export async function unlessBusy<T, R extends Refusal = FundRefusal>(
  work: () => Promise<Result<T, R>>,
): Promise<Result<T, R | FundRefusal>> {
  try {
    return await work();
  } catch (error) {
    if (sqlStateOf(error) === LOCK_NOT_AVAILABLE) return refuse('FUND_BOOK_BUSY');
    throw error;
  }
}

/** SHA-256 of a request's canonical bytes, to tell a repetition from another request under the same key. */
export const requestHash = (request: Canonical): Uint8Array => sha256(canonicalBytes(request));

/** Entries that stand already under these keys; a key that stands with other content is refused. */
export async function repeatedEntries(
  tx: Tx,
  book: Pick<Book, 'community'>,
  wanted: readonly Keyed[],
): Promise<Result<ReadonlyMap<string, BookedEntry>, Refusal<'FUND_ENTRY_DIFFERS'>>> {
  const keys = wanted.map(({ key }) => key);
  const rows = await entriesByKeys(tx, book.community, keys);
  const byKey = new Map(rows.map((row) => [row.idempotency_key, row]));
  const found = new Map<string, BookedEntry>();
  for (const { key, request } of wanted) {
    const row = byKey.get(key);
    if (row === undefined) continue;
    if (!sameBytes(row.request_hash, requestHash(request))) return refuse('FUND_ENTRY_DIFFERS', key);
    found.set(key, { entry: row.entry_id, seq: row.seq });
  }
  return ok(found);
}

/** The one entry under a key, where it stands already. */
export async function repeatedEntry(
  tx: Tx,
  book: Book,
  wanted: Keyed,
): Promise<Result<BookedEntry | undefined, Refusal<'FUND_ENTRY_DIFFERS'>>> {
  const found = await repeatedEntries(tx, book, [wanted]);
  return found.ok ? ok(found.value.get(wanted.key)) : found;
}

/** An account of its row. */
export const accountOf = (row: AccountRow): Account => ({
  account: row.account_id,
  kind: row.kind as Account['kind'],
  unit: row.unit_id ?? '',
  authorisation: row.authorisation_id ?? '',
  name: row.name,
  balanceFen: row.balance_fen,
});

/** The day on which something is booked now: today, never before the last entry of the book. */
export const bookingDate = (deps: FundDeps, book: Book): string =>
  laterDate(civilDateAt(deps.clock()), book.lastBookedOn);

/** The record of a draft at the `offset`-th free place of the book. */
export function composeEntry(deps: FundDeps, book: Book, draft: EntryDraft, offset = 0): FundEntry {
  return entryRecord(draft, {
    community: book.community,
    entry: newId(deps.random),
    seq: Number(book.lastSeq) + 1 + offset,
    bookedOn: bookingDate(deps, book),
    nonce: toBase64Url(deps.random(16)),
  });
}

/** The log's entry for an entry of the book. */
export const logEntryOf = (
  book: Book,
  record: FundEntry,
  bytes: Uint8Array,
): UnsignedEntry<'fund.entry'> => ({
  v: 1,
  kind: 'fund.entry',
  community: book.community,
  book: book.book,
  seq: record.seq,
  entryKind: record.entryKind,
  hash: fundEntryHash(bytes),
});

/** The rows of an entry: its record and its legs. */
export function entryRows(
  record: FundEntry,
  bytes: Uint8Array,
  legs: EntryDraft['legs'],
  place: {
    readonly key: string;
    readonly hash: Uint8Array;
    readonly order: string | null;
  },
): { readonly entry: NewEntryRow; readonly postings: readonly NewPostingRow[] } {
  const entry: NewEntryRow = {
    community_id: record.community,
    entry_id: record.entry,
    seq: BigInt(record.seq),
    kind: record.entryKind,
    booked_on: record.bookedOn,
    value_on: record.valueOn,
    authorisation_id: record.authorisation === '' ? null : record.authorisation,
    reverses_entry_id: record.reverses === '' ? null : record.reverses,
    order_id: place.order,
    idempotency_key: place.key,
    request_hash: place.hash,
    record: bytes,
    hash: present(fromBase64Url(fundEntryHash(bytes)), 'own hash'),
  };
  const postings = legs.map(({ account, amountFen }, at) => ({
    community_id: record.community,
    entry_id: record.entry,
    line_no: at + 1,
    account_id: account.account,
    amount_fen: amountFen,
  }));
  return { entry, postings };
}

/** More than these are sent one statement after the other: the driver's patience with each begins when it is sent. */
const SENT_TOGETHER = 500;

/**
 * Writes entries that need no officer, in order, into the log and the book. Given `last`, and not too many, they are sent with the COMMIT:
 * then nothing is to be read or written after them.
 */
export async function bookEntries(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  entries: readonly NewEntry[],
  last?: Last,
): Promise<readonly BookedEntry[]> {
  const composed = entries.map(({ key, request, draft }, offset) => {
    assert(draft.kind !== 'pay', 'a payment is written by its act');
    const record = composeEntry(deps, book, draft, offset);
    const bytes = fundEntryForm.bytes(record);
    const place = { key, hash: requestHash(request), order: null };
    return { logged: logEntryOf(book, record, bytes), rows: entryRows(record, bytes, draft.legs, place) };
  });
  const statements = entriesInsertion(
    composed.map(({ rows }) => rows.entry),
    composed.flatMap(({ rows }) => rows.postings),
    writingEntries(composed.map(({ logged }) => logged)),
  );
  if (last !== undefined && entries.length <= SENT_TOGETHER) statements.forEach(last);
  else for (const statement of statements) await statement.execute(tx);
  return composed.map(({ rows: { entry } }) => ({ entry: entry.entry_id, seq: BigInt(entry.seq) }));
}

/** Writes one entry that needs no officer. */
export async function bookEntry(tx: Tx, deps: FundDeps, book: Book, entry: NewEntry): Promise<BookedEntry> {
  const [booked] = await bookEntries(tx, deps, book, [entry]);
  return present(booked, 'one entry in, one out');
}
