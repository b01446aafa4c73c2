/**
 * FUND-05: the public-revenue book has every entry that the log names, two officers for what goes out, a balance that is never less than
 * nothing, exact reversals, uses of adopted resolutions, and half-years in order that are computed again (SPEC 8.5).
 */

import type { RevenueEntry, RevenuePeriod } from '../record/revenue.ts';
import { halfYearOf, lineOrder, REVENUE_HEADINGS } from '../record/revenue.ts';
import { entriesOf } from './entry-scope.ts';
import type { FundRecords, Held } from './fund-records.ts';
import { checkResolution, checkTwoOfficers } from './money-decisions.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

type Placed = Held<RevenueEntry> & { readonly index: number };

/** Makes the checks. */
export function checkRevenue(the: Verification, officers: Officers | undefined, records: FundRecords): void {
  const placed = placeEntries(the, officers, records.revenue);
  replay(the, placed);
  checkPeriods(the, placed, records.periods);
}

/** Each record under exactly one entry of its kind, in the order of the log. */
function placeEntries(
  { definition, log, notebook }: Verification,
  officers: Officers | undefined,
  revenue: readonly Held<RevenueEntry>[],
): readonly Placed[] {
  const { community } = definition;
  const received = entriesOf(log, 'revenue.received', { community });
  const spent = entriesOf(log, 'revenue.spent', { community });
  const placed: Placed[] = [];
  for (const held of revenue) {
    const { where, hash, value } = held;
    const isIncome = value.entryKind === 'income';
    const named = (isIncome ? received : spent).filter(({ entry }) => entry.revenueHash === hash);
    const kind = isIncome ? 'revenue.received' : 'revenue.spent';
    notebook.same('FUND-05', where, `1 ${kind}`, `${named.length} ${kind}`);
    notebook.same('FUND-05', `${where} community`, community, value.community);
    for (const { index, entry } of named) {
      notebook.same('FUND-05', `${where} entry`, entry.entry, value.entry);
      placed.push({ ...held, index });
      if (!isIncome) checkTwoOfficers({ notebook }, officers, 'FUND-05', where, index);
    }
  }
  const known = new Set(revenue.map(({ hash }) => hash));
  for (const { index, entry } of [...received, ...spent])
    notebook.holds('FUND-05', `log ${index}`, known.has(entry.revenueHash), 'its revenue entry', 'none');
  return placed.toSorted((a, b) => a.index - b.index);
}

/** What each entry may be, and that no more went out than came in. */
function replay(the: Verification, placed: readonly Placed[]): void {
  const { notebook } = the;
  const byId = new Map<string, RevenueEntry>();
  const undone = new Set<string>();
  let balanceFen = 0n;
  for (const { where, index, value } of placed) {
    const fen = BigInt(value.amountFen);
    const { entryKind, heading, reverses } = value;
    notebook.holds('FUND-05', where, !byId.has(value.entry), 'an id used once', value.entry);
    if (entryKind === 'reversal') {
      const former = byId.get(reverses);
      const isExact =
        former !== undefined &&
        former.entryKind !== 'reversal' &&
        former.heading === heading &&
        BigInt(former.amountFen) === -fen;
      notebook.holds('FUND-05', where, isExact, 'the exact negation of an earlier entry', reverses || 'none');
      notebook.holds('FUND-05', where, !undone.has(reverses), 'undone once', reverses);
      undone.add(reverses);
    } else {
      const headings: readonly string[] = REVENUE_HEADINGS[entryKind];
      notebook.holds('FUND-05', where, headings.includes(heading), headings.join(' or '), heading);
      const isRight = fen !== 0n && fen > 0n === (entryKind === 'income') && reverses === '';
      notebook.holds('FUND-05', where, isRight, `an amount of ${entryKind}`, value.amountFen);
    }
    checkUse(the, where, index, value);
    balanceFen += fen;
    notebook.holds('FUND-05', where, balanceFen >= 0n, 'a balance of 0 or more', `${balanceFen} fen`);
    byId.set(value.entry, value);
  }
}

/** A use stands on a final result that was not annulled before; of this bundle's meeting, on an adopted proposal. */
function checkUse(
  the: Verification,
  where: string,
  index: number,
  { entryKind, meeting, proposal }: RevenueEntry,
): void {
  if (entryKind === 'use') checkResolution(the, 'FUND-05', where, index, { meeting, proposal });
  else the.notebook.same('FUND-05', `${where} meeting`, '', `${meeting}${proposal}`);
}

const following = (period: string): string =>
  period.endsWith('1')
    ? period.replace('H1', 'H2')
    : `${String(Number(period.slice(0, 4)) + 1).padStart(4, '0')}-H1`;

const show = (value: unknown): string => JSON.stringify(value);

/** What the entries say of a half-year. */
function recompute(period: string, placed: readonly Placed[]) {
  const sum = (entries: readonly RevenueEntry[]): bigint =>
    entries.reduce((total, { amountFen }) => total + BigInt(amountFen), 0n);
  const values = placed.map(({ value }) => value);
  const before = sum(values.filter(({ bookedOn }) => halfYearOf(bookedOn) < period));
  const own = values.filter(({ bookedOn }) => halfYearOf(bookedOn) === period);
  const orders = [...new Set(own.map(lineOrder))].sort((a, b) => a - b);
  const lines = orders.flatMap((order) => {
    const group = own.filter((one) => lineOrder(one) === order);
    const [first] = group;
    if (first === undefined) return [];
    const { entryKind, heading } = first;
    return [{ entryKind, heading, count: group.length, amountFen: String(sum(group)) }];
  });
  return { openingFen: String(before), lines, closingFen: String(before + sum(own)) };
}

function checkPeriods(
  { definition, log, notebook }: Verification,
  placed: readonly Placed[],
  periods: readonly Held<RevenuePeriod>[],
): void {
  const { community } = definition;
  const logged = entriesOf(log, 'revenue.published', { community });
  const [first] = placed.map(({ value }) => value.bookedOn).sort();
  let wanted = first === undefined ? 'an entry of the book' : halfYearOf(first);
  for (const { index, entry } of logged) {
    notebook.same('FUND-05', `log ${index} revenue.published`, wanted, entry.period);
    wanted = following(entry.period);
  }
  for (const { where, hash, value } of periods) {
    const named = logged.filter(({ entry }) => entry.periodHash === hash && entry.period === value.period);
    notebook.same('FUND-05', where, '1 revenue.published', `${named.length} revenue.published`);
    notebook.same('FUND-05', `${where} community`, community, value.community);
    const found = recompute(value.period, placed);
    for (const member of ['openingFen', 'lines', 'closingFen'] as const)
      notebook.same('FUND-05', `${where} ${member}`, show(found[member]), show(value[member]));
    for (const { index } of named) {
      const late = placed.find((one) => halfYearOf(one.value.bookedOn) <= value.period && one.index > index);
      const isClosed = late === undefined;
      notebook.holds('FUND-05', where, isClosed, 'nothing booked in it afterwards', late?.where ?? '');
    }
  }
  const known = new Set(periods.map(({ hash }) => hash));
  for (const { index, entry } of logged)
    notebook.holds('FUND-05', `log ${index}`, known.has(entry.periodHash), 'its half-year', 'none');
}
