/** The arithmetic of the public-revenue book: what may be booked, and what a half-year says (SPEC 8.5; Civil Code §282). All amounts in fen. */
import { present } from '../../base/assert.ts';
import { sumFen } from '../../base/fen.ts';
import type { RevenueEntry, RevenuePeriod } from '../../record/revenue.ts';
import { halfYearOf, lineOrder, REVENUE_HEADINGS } from '../../record/revenue.ts';

/** Signed fen of an entry. */
export const fenOf = ({ amountFen }: Pick<RevenueEntry, 'amountFen'>): bigint => BigInt(amountFen);

export const balanceOf = (entries: readonly RevenueEntry[]): bigint => sumFen(entries.map(fenOf));

/** Whether a heading belongs to a kind; a reversal has that of what it undoes. */
export function fitsKind({ entryKind, heading }: Pick<RevenueEntry, 'entryKind' | 'heading'>): boolean {
  if (entryKind === 'reversal') return true;
  const headings: readonly string[] = REVENUE_HEADINGS[entryKind];
  return headings.includes(heading);
}

/** The half-year after another. */
export const halfYearAfter = (period: string): string => {
  const year = Number(period.slice(0, 4));
  return period.endsWith('1') ? `${year}-H2` : `${String(year + 1).padStart(4, '0')}-H1`;
};

/** The last day of a half-year. */
export const lastDayOf = (period: string): string =>
  `${period.slice(0, 4)}-${period.endsWith('1') ? '06-30' : '12-31'}`;

/** The next half-year to publish; undefined while nothing is booked. */
export function nextPeriod(
  entries: readonly RevenueEntry[],
  published: readonly RevenuePeriod[],
): string | undefined {
  const last = published.at(-1)?.period;
  if (last !== undefined) return halfYearAfter(last);
  const [first] = entries.map(({ bookedOn }) => bookedOn).sort();
  return first === undefined ? undefined : halfYearOf(first);
}

/** What a half-year says of the entries that were booked in it. */
export function periodOf(community: string, period: string, entries: readonly RevenueEntry[]): RevenuePeriod {
  const before = entries.filter(({ bookedOn }) => halfYearOf(bookedOn) < period);
  const own = entries.filter(({ bookedOn }) => halfYearOf(bookedOn) === period);
  const groups = new Map<number, RevenueEntry[]>();
  for (const entry of own) groups.set(lineOrder(entry), [...(groups.get(lineOrder(entry)) ?? []), entry]);
  const lines = [...groups.keys()]
    .sort((a, b) => a - b)
    .map((key) => {
      const group = present(groups.get(key), 'a group has entries');
      const { entryKind, heading } = present(group[0], 'a group has entries');
      return { entryKind, heading, count: group.length, amountFen: String(balanceOf(group)) };
    });
  const openingFen = balanceOf(before);
  return {
    v: 1,
    kind: 'revenue-period',
    community,
    period,
    openingFen: String(openingFen),
    lines,
    closingFen: String(openingFen + balanceOf(own)),
  };
}
