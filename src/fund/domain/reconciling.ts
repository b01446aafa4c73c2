/**
 * The bank's statement beside the book, for one account and some days: a line of each matches by the bank's number, the day and the
 * amount, or by day and amount where the book has no number of the bank. What is left over is a difference (SPEC 8.3).
 */
import type { CivilDate } from '../../base/civil-date.ts';
import { sumFen } from '../../base/fen.ts';
import { receiptOf } from './references.ts';
import type { Period, StatementFileLine } from './statement-file.ts';

/** What an entry of the book moved at the bank account; what came in is positive, in fen. */
export type BookLine = {
  readonly seq: bigint;
  /** The day on which the bank should show it. */
  readonly on: CivilDate;
  readonly reference: string;
  /** An opening balance is no movement at the bank, but part of the balance. */
  readonly isOpening: boolean;
  readonly amountFen: bigint;
};

/**
 * `missing` stands at the bank and not in the book, `surplus` in the book and not at the bank; `balance` is what the bank's closing
 * balance has beyond the book's and these, and was wrong before the first day.
 */
export type Difference = {
  readonly kind: 'missing' | 'surplus' | 'balance';
  readonly on: CivilDate;
  /** The bank's number; empty where there is none. */
  readonly receipt: string;
  /** The entry of a surplus. */
  readonly seq: bigint | undefined;
  readonly amountFen: bigint;
};

export type Comparison = { readonly matched: number; readonly differences: readonly Difference[] };

/** Takes the first of the lines under a key. */
function takeFrom(lines: Map<string, BookLine[]>, key: string): BookLine | undefined {
  return lines.get(key)?.shift();
}

function grouped(lines: readonly BookLine[], keyOf: (line: BookLine) => string): Map<string, BookLine[]> {
  const groups = new Map<string, BookLine[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
}

const exactKey = (number: string, on: string, amountFen: bigint): string =>
  JSON.stringify([number, on, String(amountFen)]);
const numberOf = ({ reference }: BookLine): string => receiptOf(reference) ?? reference;

/** Compares a statement with all that the book moved at the account up to the last day; `closingFen` is the bank's balance then. */
export function compareStatement(
  statement: readonly StatementFileLine[],
  book: readonly BookLine[],
  { from, to }: Period,
  closingFen: bigint,
): Comparison {
  const moved = book.filter(({ on, isOpening }) => on >= from && on <= to && !isOpening);
  const exact = grouped(moved, (line) => exactKey(numberOf(line), line.on, line.amountFen));
  const left = statement.filter(
    ({ receipt, on, amountFen }) => takeFrom(exact, exactKey(receipt, on, amountFen)) === undefined,
  );
  const rest = [...exact.values()].flat();
  const withoutNumber = grouped(
    rest.filter(({ reference }) => receiptOf(reference) === undefined).sort((a, b) => Number(a.seq - b.seq)),
    (line) => exactKey('', line.on, line.amountFen),
  );
  const missing = left.filter(
    ({ on, amountFen }) => takeFrom(withoutNumber, exactKey('', on, amountFen)) === undefined,
  );
  const surplus = [
    ...rest.filter(({ reference }) => receiptOf(reference) !== undefined),
    ...[...withoutNumber.values()].flat(),
  ].sort((a, b) => Number(a.seq - b.seq));
  const differences: Difference[] = [
    ...missing.map(
      ({ on, receipt, amountFen }): Difference => ({
        kind: 'missing',
        on,
        receipt,
        seq: undefined,
        amountFen,
      }),
    ),
    ...surplus.map(
      (line): Difference => ({
        kind: 'surplus',
        on: line.on,
        receipt: receiptOf(line.reference) ?? '',
        seq: line.seq,
        amountFen: line.amountFen,
      }),
    ),
  ];
  const sum = (lines: readonly { readonly amountFen: bigint }[]) =>
    sumFen(lines.map(({ amountFen }) => amountFen));
  const balanceFen = sum(book.filter(({ on }) => on <= to));
  const beyondFen = closingFen - (balanceFen + sum(missing) - sum(surplus));
  if (beyondFen !== 0n)
    differences.push({ kind: 'balance', on: to, receipt: '', seq: undefined, amountFen: beyondFen });
  return { matched: statement.length - missing.length, differences };
}
