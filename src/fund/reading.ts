/** What people see of the fund: the book's totals, and the statement of one household (管理办法 §30). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { parseDecimal } from '../base/area.ts';
import { assert, present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { fundEntryForm } from '../record/fund.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import { listAuthorisations } from './authorisations.ts';
import type { AccountKind, EntryKind, MoneyKind } from './domain/entry-shapes.ts';
import type { HouseholdPosting, ShareOfCost, Statement } from './domain/statement.ts';
import { statementOf } from './domain/statement.ts';
import { shortfallsOf } from './holding.ts';
import { NOTHING_OWED, owedNow } from './owing.ts';
import type { FundRefusal, Shortfall } from './refusals.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { paymentRows, revokedAccruals } from './store/public-figures.ts';
import { postingsOfUnit, totalsOf } from './store/reading.ts';
import { restStays } from './unpaid-rest.ts';

/** An accrual that can be cancelled: what it made payable was not paid. */
export type CancellableAccrual = {
  readonly seq: bigint;
  readonly bookedOn: string;
  readonly amountFen: bigint;
  /** The stage in words. */
  readonly narrative: string;
};

/** An authorisation and where its money is, in fen. */
export type AuthorisationSummary = {
  readonly authorisation: StoredAuthorisation;
  readonly heldFen: bigint;
  readonly payableFen: bigint;
  /** What the developer owes now for his units, claimed or not; nothing once it is held or ended. */
  readonly claimFen: bigint;
  /** His units that owe it. */
  readonly developerUnits: number;
  /** What left the bank, less what came back. */
  readonly paidFen: bigint;
  /** Whether its cap was ever set aside. */
  readonly wasHeld: boolean;
  /** Households that must pay in before it can be held; empty once it is held or closed. */
  readonly shortfalls: readonly Shortfall[];
  /** What the book claims of the developer under it, which an end without a hold cancels. */
  readonly bookedClaimFen: bigint;
  /** Of a revoked one: what must be cancelled before the rest goes back. */
  readonly cancellable: readonly CancellableAccrual[];
  /** Of a revoked one: whether what is payable can neither be cancelled nor go back, since a unit that bore it was refunded. */
  readonly restStays: boolean;
};

/** A book at a glance, in fen: what the bank holds is what all others add up to. */
export type BookSummary = {
  readonly book: string;
  readonly lastSeq: bigint;
  readonly lastBookedOn: string;
  readonly totals: Readonly<Record<MoneyKind, bigint>>;
  readonly banks: readonly { readonly account: string; readonly name: string; readonly balanceFen: bigint }[];
  readonly authorisations: readonly AuthorisationSummary[];
};

function cancellableOf(row: Awaited<ReturnType<typeof revokedAccruals>>[number]): CancellableAccrual {
  const parsed = fundEntryForm.parse(row.record);
  assert(parsed.ok, `the record of entry ${row.seq} is ours`);
  const { seq, bookedOn, amountFen } = row;
  return { seq, bookedOn, amountFen, narrative: parsed.value.narrative };
}

/** The summary of a community's book. */
export async function readBook(db: Database, community: string): Promise<Result<BookSummary, FundRefusal>> {
  const book = await bookRow(db, community);
  if (book === undefined) return refuse('FUND_BOOK_MISSING');
  const rows = await totalsOf(db, community);
  const total = (kind: AccountKind, authorisation?: string): bigint =>
    sumFen(
      rows
        .filter(
          (row) =>
            row.kind === kind && (authorisation === undefined || row.authorisation_id === authorisation),
        )
        .map((row) => row.total_fen),
    );
  const payments = await paymentRows(db, community);
  const accruals = await revokedAccruals(db, community);
  const authorisations: AuthorisationSummary[] = [];
  const listed = await listAuthorisations(db, community);
  const owed = await owedNow(db, community, listed);
  for (const authorisation of listed) {
    const id = authorisation.authorisation;
    const payableFen = total('payable', id);
    // One that was paid in part stands: its negation would take what the payee has.
    const cancellable = accruals
      .filter((row) => row.authorisation === id && row.amountFen <= payableFen)
      .map(cancellableOf);
    const isRest = authorisation.state === 'revoked' && payableFen > 0n && cancellable.length === 0;
    const owes = owed.get(id) ?? NOTHING_OWED;
    const wasHeld = rows.some((row) => row.kind === 'unit_held' && row.authorisation_id === id);
    authorisations.push({
      authorisation,
      heldFen: total('unit_held', id),
      payableFen,
      claimFen: owes.amountFen,
      developerUnits: owes.units,
      paidFen: sumFen(payments.filter((row) => row.authorisation === id).map(({ amountFen }) => amountFen)),
      wasHeld,
      shortfalls:
        wasHeld || authorisation.state !== 'open' ? [] : await shortfallsOf(db, community, authorisation),
      bookedClaimFen: total('claim', id),
      cancellable,
      restStays: isRest && (await restStays(db, community, id, payableFen)),
    });
  }
  const banks = (await accountsOfBook(db, community)).filter(({ kind }) => kind === 'bank');
  return ok({
    book: book.book_id,
    lastSeq: book.last_seq,
    lastBookedOn: book.last_booked_on,
    totals: {
      bank: total('bank'),
      unit_available: total('unit_available'),
      unit_held: total('unit_held'),
      payable: total('payable'),
      interest_undistributed: total('interest_undistributed'),
      deposit_unidentified: total('deposit_unidentified'),
    },
    banks: banks.map(({ account_id, name, balance_fen }) => ({
      account: account_id,
      name,
      balanceFen: balance_fen,
    })),
    authorisations,
  });
}

function postingOf(row: Awaited<ReturnType<typeof postingsOfUnit>>[number]): HouseholdPosting {
  const parsed = fundEntryForm.parse(row.record);
  assert(parsed.ok, `the record of entry ${row.seq} is ours`);
  return {
    seq: row.seq,
    kind: row.kind as EntryKind,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    narrative: parsed.value.narrative,
    reference: parsed.value.reference,
    authorisation: row.authorisation_id ?? '',
    account: row.account_kind as HouseholdPosting['account'],
    amountFen: row.amount_fen,
    logIndex: placeOf(row.idx),
  };
}

/** The unit's share in an authorisation, with the area of all who bear it. */
function shareIn(authorisation: StoredAuthorisation | undefined, unit: string): ShareOfCost | undefined {
  const share = authorisation?.record.shares.find((each) => each.unit === unit);
  if (authorisation === undefined || share === undefined) return undefined;
  const areas = authorisation.record.shares.map(({ areaDm2 }) =>
    present(parseDecimal(areaDm2), 'checked decimal'),
  );
  return { ...share, totalAreaDm2: String(sumFen(areas)), totalFen: authorisation.record.capFen };
}

/** The statement of a unit's accounts up to a civil date, by default that of the book's last entry. */
export async function readStatement(
  db: Database,
  community: string,
  unit: string,
  asOf?: string,
): Promise<Result<Statement, FundRefusal>> {
  const book = await bookRow(db, community);
  if (book === undefined) return refuse('FUND_BOOK_MISSING');
  const until = asOf ?? book.last_booked_on;
  const rows = await postingsOfUnit(db, community, unit, until);
  if (rows.length === 0) return refuse('FUND_UNIT_UNKNOWN');
  const byId = new Map((await listAuthorisations(db, community)).map((each) => [each.authorisation, each]));
  return ok(statementOf(unit, until, rows.map(postingOf), (id) => shareIn(byId.get(id), unit)));
}
