/** The check of a stored book against the log, in one snapshot, for `owners-vote fund check` (SPEC 8.3, DESIGN §6). */
import { assert } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { emergencyForm, emergencyHash } from '../record/emergency.ts';
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
import type { LoggedAuthorisations, StoredAuthorisationRow } from './domain/authorisation-check.ts';
import { resolutionKey } from './domain/authorisation-check.ts';
import type { BookFinding, StoredBook } from './domain/book-check.ts';
import { checkStoredBook } from './domain/book-check.ts';
import type { AccountKind } from './domain/entry-shapes.ts';
import type { FundRefusal } from './refusals.ts';
import type { AuthorisationRow } from './store/authorisations.ts';
import { chargesOf, refundsOf } from './store/authorisations.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { allPostings, allShapes, entriesUpTo, loggedAuthorisations, loggedEntries } from './store/reading.ts';

/** As the log has it; whether the log's own rows are whole is the question of `log check`. */
function loggedOf(data: Uint8Array): StoredBook['logged'][number] {
  const parsed = entryForm.parse(data);
  assert(parsed.ok && parsed.value.kind === 'fund.entry', 'a row of the log is of its kind');
  return { seq: parsed.value.seq, hash: parsed.value.hash };
}

/** What the log names and ends of authorisations, refunds and emergencies; `rows` are bytes of its entries. */
function loggedAuthorisationsOf(rows: readonly { readonly data: Uint8Array }[]): LoggedAuthorisations {
  const [hashes, closed, annulled] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { data } of rows) {
    const parsed = entryForm.parse(data);
    assert(parsed.ok, 'a row of the log is an entry');
    const { value } = parsed;
    switch (value.kind) {
      case 'fund.authorised':
        hashes.add(value.authorisationHash);
        break;
      case 'emergency.authorised':
        hashes.add(value.emergencyHash);
        break;
      case 'refund.authorised':
        hashes.add(value.refundHash);
        break;
      case 'fund.closed':
        closed.add(value.authorisation);
        break;
      case 'emergency.annulled':
        annulled.add(value.authorisation);
        break;
      default:
        assert(value.kind === 'resolution.annulled', 'a row of the log is of its kind');
        annulled.add(resolutionKey(value.meeting, value.proposal));
    }
  }
  return { hashes, closed, annulled };
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
  if (book === undefined) return undefined;
  const entries = (await entriesUpTo(tx, community, FOREVER)).map((row) => {
    const parsed = fundEntryForm.parse(row.record);
    return {
      entry: row.entry_id,
      seq: row.seq,
      kind: row.kind,
      bookedOn: row.booked_on,
      valueOn: row.value_on,
      authorisation: row.authorisation_id ?? '',
      recordHash: fundEntryHash(row.record),
      record: parsed.ok ? parsed.value : undefined,
    };
  });
  const authorisations = [...(await chargesOf(tx, community)), ...(await refundsOf(tx, community))];
  const stocks = await stocksOf(tx, community, authorisations);
  return {
    lastSeq: book.last_seq,
    logged: (await loggedEntries(tx, community)).map(({ data }) => loggedOf(data)),
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
    loggedAuthorisations: loggedAuthorisationsOf(await loggedAuthorisations(tx, community)),
    shapes: (await allShapes(tx)).map((row) => ({
      entryKind: row.entry_kind,
      accountKind: row.account_kind,
      side: row.side,
    })),
  };
}

/** How many entries were checked, and all that differs. */
export type CheckedBook = { readonly entries: number; readonly findings: readonly BookFinding[] };

/** Checks a community's book. */
export async function checkBook(db: Database, community: string): Promise<Result<CheckedBook, FundRefusal>> {
  const stored = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => readStored(tx, community));
  if (stored === undefined) return refuse('FUND_BOOK_MISSING');
  return ok({ entries: stored.entries.length, findings: checkStoredBook(stored) });
}
