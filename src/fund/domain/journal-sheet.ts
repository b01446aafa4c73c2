/**
 * The journal as rows for a spreadsheet: one for each posting, then the stored balance of each account and the two sums. Amounts are
 * exact yuan with two decimals, never negative; texts that a spreadsheet could take for a formula are told apart by the writers.
 */
import { compareText } from '../../base/bytes.ts';
import { showYuan, sumFen } from '../../base/fen.ts';
import { ENTRY_WORDS, isDebitKind } from './entry-shapes.ts';
import type { Journal, JournalEntry } from './journal-text.ts';
import { flatText } from './journal-text.ts';

export const JOURNAL_COLUMNS = [
  '序号',
  '记账日',
  '起息日',
  '类别',
  '授权',
  '摘要',
  '凭证',
  '科目',
  '借方(元)',
  '贷方(元)',
] as const;

/** Columns of amounts, from zero. */
export const AMOUNT_COLUMNS: ReadonlySet<number> = new Set([8, 9]);

export type JournalRow = readonly string[];

/** Debit and credit of an amount, one of them empty; an account that stands at zero says so on its side. */
const sides = (amountFen: bigint, isDebit: boolean): readonly [string, string] => {
  const yuan = showYuan(amountFen < 0n ? -amountFen : amountFen);
  return isDebit ? [yuan, ''] : ['', yuan];
};

const postingRows = (entry: JournalEntry): readonly JournalRow[] =>
  entry.legs.map(({ name, amountFen }) => [
    String(entry.seq),
    entry.bookedOn,
    entry.valueOn,
    ENTRY_WORDS[entry.kind],
    entry.authorisation,
    flatText(entry.narrative),
    flatText(entry.reference),
    name,
    ...sides(amountFen, amountFen > 0n),
  ]);

const closingRow = (
  asOf: string,
  what: string,
  name: string,
  amounts: readonly [string, string],
): JournalRow => ['', asOf, '', what, '', '', '', name, ...amounts];

/** All rows under the header; the sums are of the balances, which agree where the book is whole. */
export function journalRows({ asOf, entries, accounts }: Journal): readonly JournalRow[] {
  const sorted = [...accounts].sort((a, b) => compareText(a.name, b.name));
  const total = (isDebit: boolean): string =>
    showYuan(
      sumFen(sorted.filter(({ kind }) => isDebitKind(kind) === isDebit).map(({ closingFen }) => closingFen)),
    );
  return [
    ...entries.flatMap(postingRows),
    // A debit in a bank or a claim is what the community has or is owed; a balance below zero, which no whole book has, goes to the other side.
    ...sorted.map(({ name, kind, closingFen }) =>
      closingRow(asOf, '期末余额', name, sides(closingFen, isDebitKind(kind) === closingFen >= 0n)),
    ),
    closingRow(asOf, '余额合计', '', [total(true), total(false)]),
  ];
}
