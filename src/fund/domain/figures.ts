/**
 * The figures of a book by month and by year: what came in, what was paid, what the bank held at the end. A month with a difference
 * is shown once it is published, a year once its December is (SPEC 8.3; 管理办法 §30). All amounts in fen.
 */
import { sumFen } from '../../base/fen.ts';
import type { EntryKind } from './entry-shapes.ts';

/** What entries of one kind, booked in a month `YYYY-MM`, moved at the banks together; debit positive. */
export type MonthlyMove = { readonly month: string; readonly kind: EntryKind; readonly amountFen: bigint };

export type PeriodFigures = {
  /** `YYYY-MM` or `YYYY`. */
  readonly period: string;
  readonly openingFen: bigint;
  /** Deposits less those that were reversed. */
  readonly depositsFen: bigint;
  readonly interestFen: bigint;
  /** Payments less those that came back; not negative in a book without returns of an earlier period. */
  readonly paidFen: bigint;
  readonly closingFen: bigint;
  /** Only figures that were published are shown; `withheld` is why a month waits that could be published otherwise. */
  readonly state: 'published' | 'withheld' | 'waiting';
  /** Whether an unexplained difference was found in it, also after it was published. */
  readonly isDoubted: boolean;
};

/** A statement that was compared: its account, its days, its differences that nobody explained, by their day. */
export type Compared = {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly madeAt: number;
  readonly unexplainedOn: readonly string[];
};

/** Days on which a difference stands unexplained; a later comparison of the same account and day replaces an earlier one. */
export const openDays = (compared: readonly Compared[]): readonly string[] =>
  compared.flatMap(({ account, madeAt, unexplainedOn }) =>
    unexplainedOn.filter(
      (on) =>
        !compared.some(
          (later) => later.account === account && later.madeAt > madeAt && later.from <= on && on <= later.to,
        ),
    ),
  );

const DEPOSITS: readonly EntryKind[] = ['deposit', 'deposit_unidentified', 'deposit_reversed'];
const PAYMENTS: readonly EntryKind[] = ['pay', 'pay_returned'];

/** Figures by the first `length` characters of the month: 7 for months, 4 for years; the newest first. */
function figuresBy(
  length: number,
  moves: readonly MonthlyMove[],
  days: readonly string[],
  published: ReadonlySet<string>,
): readonly PeriodFigures[] {
  const months = [...moves.map(({ month }) => month), ...published];
  const periods = [...new Set(months.map((month) => month.slice(0, length)))].sort();
  let openingFen = 0n;
  const figures = periods.map((period) => {
    const own = moves.filter(({ month }) => month.startsWith(period));
    const sum = (kinds: readonly EntryKind[]): bigint =>
      sumFen(own.filter(({ kind }) => kinds.includes(kind)).map(({ amountFen }) => amountFen));
    const closingFen = openingFen + sumFen(own.map(({ amountFen }) => amountFen));
    const isDoubted = days.some((day) => day.startsWith(period));
    const isPublished = published.has(length === 4 ? `${period}-12` : period);
    const made: PeriodFigures = {
      state: isPublished ? 'published' : isDoubted ? 'withheld' : 'waiting',
      isDoubted,
      period,
      openingFen,
      depositsFen: sum(DEPOSITS),
      interestFen: sum(['interest_received']),
      paidFen: -sum(PAYMENTS),
      closingFen,
    };
    openingFen = closingFen;
    return made;
  });
  return figures.reverse();
}

/** Months and years of a book, the newest first; `published` are months `YYYY-MM`. */
export const periodFigures = (
  moves: readonly MonthlyMove[],
  compared: readonly Compared[],
  published: ReadonlySet<string>,
) => {
  const days = openDays(compared);
  return { months: figuresBy(7, moves, days, published), years: figuresBy(4, moves, days, published) };
};
