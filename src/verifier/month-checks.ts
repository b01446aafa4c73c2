/** FUND-03 of published months: named by the log in order and without a gap, with the sums of the book by day of booking (SPEC 8.3). */
import type { Emergency } from '../record/emergency.ts';
import type { Authorisation, FundEntry, FundMonth, FundPosting } from '../record/fund.ts';
import { MONEY_KINDS } from '../record/fund.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held } from './fund-records.ts';
import type { Verification } from './verification.ts';

type Leg = { readonly entry: FundEntry; readonly posting: FundPosting; readonly fen: bigint };

const sumOf = (legs: readonly Leg[]): bigint => legs.reduce((sum, { fen }) => sum + fen, 0n);

/** The month after `YYYY-MM`. */
function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = year * 12 + number;
  return `${Math.floor(next / 12)}-${String((next % 12) + 1).padStart(2, '0')}`;
}

function groupsOf(before: readonly Leg[], within: readonly Leg[]): FundMonth['accounts'] {
  return MONEY_KINDS.map((accountKind) => {
    const sign = accountKind === 'bank' ? 1n : -1n;
    const isOf = ({ posting }: Leg): boolean => posting.accountKind === accountKind;
    const openingFen = sign * sumOf(before.filter(isOf));
    const own = within.filter(isOf);
    const inFen = sign * sumOf(own.filter(({ fen }) => sign * fen > 0n));
    const outFen = -sign * sumOf(own.filter(({ fen }) => sign * fen < 0n));
    return {
      accountKind,
      openingFen: String(openingFen),
      inFen: String(inFen),
      outFen: String(outFen),
      closingFen: String(openingFen + inFen - outFen),
    };
  });
}

function chargesOf(
  legs: readonly Leg[],
  authorisations: readonly (Authorisation | Emergency)[],
): FundMonth['charges'] {
  return authorisations.flatMap(({ authorisation, capFen, shares }) => {
    const own = legs.filter(({ entry }) => entry.authorisation === authorisation);
    if (own.length === 0) return [];
    const credit = (kind: string): string =>
      String(-sumOf(own.filter((leg) => leg.posting.accountKind === kind)));
    const area = shares.reduce((sum, { areaDm2 }) => sum + BigInt(areaDm2), 0n);
    const remainders = shares.reduce((sum, { remainder }) => sum + BigInt(remainder), 0n);
    return [
      {
        authorisation,
        capFen,
        units: shares.length,
        areaDm2: String(area),
        // A hostile record may have no area; no month can say what is left over of that.
        leftOverFen: area === 0n ? 'no area' : String(remainders / area),
        heldFen: credit('unit_held'),
        payableFen: credit('payable'),
        paidFen: credit('bank'),
      },
    ];
  });
}

const show = (value: unknown): string => JSON.stringify(value);

/** What the book itself says of a month. */
function recompute(month: string, records: FundRecords, work: readonly (Authorisation | Emergency)[]) {
  const legs = records.entries.flatMap(({ value: entry }) =>
    entry.postings.map((posting): Leg => ({ entry, posting, fen: BigInt(posting.amountFen) })),
  );
  const upTo = legs.filter(({ entry }) => entry.bookedOn.slice(0, 7) <= month);
  const within = upTo.filter(({ entry }) => entry.bookedOn.startsWith(month));
  const before = upTo.filter(({ entry }) => !entry.bookedOn.startsWith(month));
  const banks = within.filter(({ posting }) => posting.accountKind === 'bank');
  const moved = (...kinds: readonly string[]): bigint =>
    sumOf(banks.filter(({ entry }) => kinds.includes(entry.entryKind)));
  return {
    lastSeq: upTo.reduce((last, { entry }) => Math.max(last, entry.seq), 0),
    accounts: groupsOf(before, within),
    depositsFen: String(moved('deposit', 'deposit_unidentified', 'deposit_reversed')),
    interestFen: String(moved('interest_received')),
    paidFen: String(-moved('pay', 'pay_returned')),
    charges: chargesOf(upTo, work),
  };
}

/** Work in the order in which the log opened it, as a month lists it. */
const inLogOrder = (
  held: readonly Held<Authorisation | Emergency>[],
  at: ReadonlyMap<string, number>,
): readonly (Authorisation | Emergency)[] =>
  held.toSorted((a, b) => (at.get(a.hash) ?? -1) - (at.get(b.hash) ?? -1)).map(({ value }) => value);

/** Makes the checks. */
export function checkMonths({ definition, log, notebook }: Verification, records: FundRecords): void {
  const { community } = definition;
  const logged = entriesOf(log, 'fund.published', { community });
  let wanted = records.entries[0]?.value.bookedOn.slice(0, 7);
  for (const { index, entry } of logged) {
    notebook.same('FUND-03', `log ${index} fund.published`, wanted ?? 'an entry of the book', entry.month);
    wanted = following(entry.month);
  }
  const indexOf = new Map(
    entriesOf(log, 'fund.entry', { community }).map(({ index, entry }) => [entry.hash, index]),
  );
  const work = inLogOrder(
    [...records.authorisations, ...records.emergencies],
    new Map([
      ...entriesOf(log, 'fund.authorised', { community }).map(
        ({ index, entry }) => [entry.authorisationHash, index] as const,
      ),
      ...entriesOf(log, 'emergency.authorised', { community }).map(
        ({ index, entry }) => [entry.emergencyHash, index] as const,
      ),
    ]),
  );
  for (const { where, hash, value } of records.months) {
    const named = logged.filter(({ entry }) => entry.monthHash === hash && entry.month === value.month);
    notebook.same('FUND-03', where, '1 fund.published', `${named.length} fund.published`);
    notebook.same('FUND-03', `${where} community`, community, value.community);
    const found = recompute(value.month, records, work);
    for (const member of ['lastSeq', 'accounts', 'depositsFen', 'interestFen', 'paidFen', 'charges'] as const)
      notebook.same('FUND-03', `${where} ${member}`, show(found[member]), show(value[member]));
    for (const { index } of named) {
      const late = records.entries.find(
        (one) => one.value.bookedOn.slice(0, 7) <= value.month && (indexOf.get(one.hash) ?? -1) > index,
      );
      const isClosed = late === undefined;
      notebook.holds('FUND-03', where, isClosed, 'nothing booked in it afterwards', late?.where ?? '');
    }
  }
}
