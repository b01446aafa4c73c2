/** What those who oversee a fund see of it: a book by building, and one line for each community of the deployment (SPEC 8.3). */
import { utf8 } from '../base/bytes.ts';
import { csvText } from '../base/csv-text.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { communitiesIn } from '../registry/communities.ts';
import { buildingsOfUnits, registryUnits } from '../registry/units.ts';
import { listAuthorisations } from './authorisations.ts';
import type { Building, BuildingFigures } from './domain/building-figures.ts';
import { buildingFigures } from './domain/building-figures.ts';
import { buildingRows } from './domain/building-sheet.ts';
import type { AccountKind } from './domain/entry-shapes.ts';
import type { FundDeps } from './fund-deps.ts';
import { inspectIn } from './inspecting.ts';
import type { FundRefusal } from './refusals.ts';
import { inSnapshot } from './snapshot.ts';
import { bookRow } from './store/book.ts';
import { paymentRows } from './store/public-figures.ts';
import { totalsOf } from './store/reading.ts';
import { unitSums } from './store/unit-sums.ts';

/** A book by building; in fen. What is not of a unit stands beside the whole. */
export type BookByBuilding = {
  readonly lastSeq: bigint;
  readonly lastBookedOn: string;
  readonly buildings: readonly Building[];
  readonly whole: BuildingFigures;
  readonly bankFen: bigint;
  readonly payableFen: bigint;
  /** What left the banks to payees and for refunds, less what came back. */
  readonly paidFen: bigint;
  readonly interestUndistributedFen: bigint;
  readonly depositUnidentifiedFen: bigint;
};

/** The line of one community; `lastBookedOn` is empty where it has no book. */
export type FundLine = {
  readonly community: string;
  readonly name: string;
  readonly lastBookedOn: string;
  /** What the banks hold, in fen. */
  readonly balanceFen: bigint;
  readonly availableFen: bigint;
  readonly heldFen: bigint;
  /** Authorisations of resolutions and emergencies that are open. */
  readonly openAuthorisations: number;
  /** Months that were not published 31 days after their end; each of them is a finding too. */
  readonly lateMonths: number;
  /** Findings of the regulator's list. */
  readonly anomalies: number;
};

/** Communities on a page of the list: each is a snapshot of its own. */
const PAGE = 50;

type Totals = Awaited<ReturnType<typeof totalsOf>>;
const totalIn = (rows: Totals, kind: AccountKind): bigint =>
  sumFen(rows.filter((row) => row.kind === kind).map((row) => row.total_fen));

/** The book of a community by building. */
export const readByBuilding = (
  db: Database,
  community: string,
): Promise<Result<BookByBuilding, FundRefusal>> =>
  inSnapshot(db, async (tx): Promise<Result<BookByBuilding, FundRefusal>> => {
    const book = await bookRow(tx, community);
    if (book === undefined) return refuse('FUND_BOOK_MISSING');
    const units = await registryUnits(tx, community);
    const places = await buildingsOfUnits(tx, community);
    const sums = await unitSums(tx, community);
    const totals = await totalsOf(tx, community);
    return ok({
      lastSeq: book.last_seq,
      lastBookedOn: book.last_booked_on,
      ...buildingFigures(units, sums, (unit) => places.get(unit) ?? ''),
      bankFen: totalIn(totals, 'bank'),
      payableFen: totalIn(totals, 'payable'),
      paidFen: sumFen((await paymentRows(tx, community)).map(({ amountFen }) => amountFen)),
      interestUndistributedFen: totalIn(totals, 'interest_undistributed'),
      depositUnidentifiedFen: totalIn(totals, 'deposit_unidentified'),
    });
  });

/** The same figures as CSV. */
export async function buildingsCsv(
  db: Database,
  community: string,
): Promise<Result<Uint8Array, FundRefusal>> {
  const read = await readByBuilding(db, community);
  return read.ok ? ok(utf8(csvText(buildingRows(read.value.buildings, read.value.whole)))) : read;
}

const lineOf = (
  { db, clock }: FundDeps,
  { community, name }: { readonly community: string; readonly name: string },
): Promise<FundLine> =>
  inSnapshot(db, async (tx) => {
    const book = await bookRow(tx, community);
    const totals = await totalsOf(tx, community);
    const found = await inspectIn(tx, clock, community);
    const anomalies = found.ok ? found.value : [];
    return {
      community,
      name,
      lastBookedOn: book === undefined ? '' : book.last_booked_on,
      balanceFen: totalIn(totals, 'bank'),
      availableFen: totalIn(totals, 'unit_available'),
      heldFen: totalIn(totals, 'unit_held'),
      openAuthorisations: (await listAuthorisations(tx, community)).filter(({ state }) => state === 'open')
        .length,
      lateMonths: anomalies.filter(({ kind }) => kind === 'month_unpublished').length,
      anomalies: anomalies.length,
    };
  });

/** A page of communities in the order of their names, after so many; `scope` is one of them, or empty for all. */
export async function listFunds(
  deps: FundDeps,
  scope: string,
  after: number,
): Promise<{ readonly funds: readonly FundLine[]; readonly more: boolean }> {
  const communities = await communitiesIn(deps.db, scope);
  const funds: FundLine[] = [];
  // One after the other: a list for one reader must not take every connection of the pool.
  for (const each of communities.slice(after, after + PAGE)) funds.push(await lineOf(deps, each));
  return { funds, more: communities.length > after + PAGE };
}
