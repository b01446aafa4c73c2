/**
 * Whether a month may be published: every bank account was compared with the bank on each of its days, after every movement that counts
 * in it, and no difference stands unexplained. What is missing is listed by account (SPEC 8.3; 管理办法 §30).
 */
import type { CivilDate } from '../../base/civil-date.ts';
import { addDays } from '../../base/civil-date.ts';

/** A month `YYYY-MM` by its first and its last day. */
export type MonthDays = { readonly from: CivilDate; readonly to: CivilDate };

/** The days of a month `YYYY-MM`. */
export function daysOfMonth(month: string): MonthDays {
  const next = monthAfter(month);
  return { from: `${month}-01`, to: addDays(`${next}-01`, -1) };
}

/** The month after a month `YYYY-MM`. */
export function monthAfter(month: string): string {
  // 31 days after the first is always in the next month.
  return addDays(`${month}-01`, 31).slice(0, 7);
}

/** A bank account of the book, by its exported name, and the day of its first entry. */
export type BankOfBook = { readonly account: string; readonly since: CivilDate };

/** A statement that was compared, when the book ended with `lastSeq`; its differences, a reason being empty where none was given. */
export type ComparedStatement = {
  readonly account: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly lastSeq: bigint;
  readonly madeAt: number;
  readonly differences: readonly {
    readonly on: CivilDate;
    readonly amountFen: bigint;
    readonly reason: string;
  }[];
};

/** What an entry moved at a bank account; `on` is the day on which the bank should show it. */
export type Movement = { readonly account: string; readonly seq: bigint; readonly on: CivilDate };

/** What is missing: days without a statement, an entry after its statement was compared, a difference without a reason. */
export type MonthGap = {
  readonly kind: 'uncovered' | 'uncompared' | 'unexplained';
  readonly account: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  /** The entry that was booked after its statement; else empty. */
  readonly seq: string;
  /** Of an unexplained difference, signed as it was found; else empty. */
  readonly amountFen: string;
};

/** The comparison that counts for a day: the last one that was made. */
const latestFor = (
  compared: readonly ComparedStatement[],
  account: string,
  on: CivilDate,
): ComparedStatement | undefined =>
  compared
    .filter((each) => each.account === account && each.from <= on && on <= each.to)
    .reduce<ComparedStatement | undefined>(
      (last, each) => (last === undefined || each.madeAt > last.madeAt ? each : last),
      undefined,
    );

/** The comparisons that count for a day of the month, in the order that is given: however often one compared, they are few. */
export function countingIn<T extends ComparedStatement>(
  { from, to }: MonthDays,
  compared: readonly T[],
): readonly T[] {
  const counting = new Set<ComparedStatement | undefined>();
  for (const account of new Set(compared.map((each) => each.account)))
    for (let day = from; day <= to; day = addDays(day, 1)) counting.add(latestFor(compared, account, day));
  return compared.filter((each) => counting.has(each));
}

function uncovered(
  { from, to }: MonthDays,
  { account, since }: BankOfBook,
  compared: readonly ComparedStatement[],
): readonly MonthGap[] {
  const gaps: { from: CivilDate; to: CivilDate }[] = [];
  for (let day = since > from ? since : from; day <= to; day = addDays(day, 1)) {
    if (latestFor(compared, account, day) !== undefined) continue;
    const last = gaps.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day) last.to = day;
    else gaps.push({ from: day, to: day });
  }
  return gaps.map((days) => ({ kind: 'uncovered', account, ...days, seq: '', amountFen: '' }));
}

/** All that stands against publishing the month; empty where nothing does. `movements` are those of its days or booked in it. */
export function monthGaps(
  month: MonthDays,
  banks: readonly BankOfBook[],
  compared: readonly ComparedStatement[],
  movements: readonly Movement[],
): readonly MonthGap[] {
  const days = banks
    .filter(({ since }) => since <= month.to)
    .flatMap((bank) => uncovered(month, bank, compared));
  const late = movements.flatMap(({ account, seq, on }): MonthGap[] => {
    const counting = latestFor(compared, account, on);
    const isCompared = counting !== undefined && counting.lastSeq >= seq;
    if (isCompared) return [];
    return [{ kind: 'uncompared', account, from: on, to: on, seq: String(seq), amountFen: '' }];
  });
  const open = compared.flatMap((each) =>
    each.differences
      .filter(({ on, reason }) => reason === '' && month.from <= on && on <= month.to)
      .filter(({ on }) => (latestFor(compared, each.account, on)?.madeAt ?? 0) <= each.madeAt)
      .map(
        ({ on, amountFen }): MonthGap => ({
          kind: 'unexplained',
          account: each.account,
          from: on,
          to: on,
          seq: '',
          amountFen: String(amountFen),
        }),
      ),
  );
  return [...days, ...late, ...open];
}
