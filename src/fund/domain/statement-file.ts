/** A bank's statement of one account for some days: what came in and what went out, line by line, each with the bank's number. */
import type { CivilDate } from '../../base/civil-date.ts';
import type { BankFileCode, BankFinding } from './bank-findings.ts';
import { bankFinding } from './bank-findings.ts';
import { readAmount, readBankSheet, readDay } from './bank-sheet.ts';
import { flatText } from './journal-text.ts';
import { isReceiptNumber } from './receipt-file.ts';

/** A line of the bank's statement; what came in is positive, in fen. */
export type StatementFileLine = {
  readonly row: number;
  readonly receipt: string;
  readonly on: CivilDate;
  readonly amountFen: bigint;
};

/** The lines that can be read, and what there is to say. */
export type StatementReading = {
  readonly lines: readonly StatementFileLine[];
  readonly findings: readonly BankFinding[];
};

/** The days that a statement is of, both included. */
export type Period = { readonly from: CivilDate; readonly to: CivilDate };

const NONE = /^(?:[-–—]|0(?:\.0{1,2})?)?$/;

/** What came in or went out: exactly one of the two, in fen. */
function readMovement(moneyIn: string, moneyOut: string): bigint | 'FUND-F012' | 'FUND-F030' {
  if (NONE.test(moneyIn) === NONE.test(moneyOut)) return 'FUND-F030';
  const isIn = NONE.test(moneyOut);
  const amountFen = readAmount(isIn ? moneyIn : moneyOut);
  if (amountFen === undefined) return 'FUND-F012';
  return isIn ? amountFen : -amountFen;
}

/** Reads a statement; a month without movements has a header alone. Where a finding is an error nothing is compared. */
export function readStatementFile(text: string, { from, to }: Period): StatementReading {
  const sheet = readBankSheet(text, ['receipt', 'day', 'moneyIn', 'moneyOut']);
  if (sheet.finding !== undefined) return { lines: [], findings: [sheet.finding] };
  const findings: BankFinding[] = [];
  const lines: StatementFileLine[] = [];
  const seen = new Set<string>();
  for (const { row, cell } of sheet.lines) {
    const say = (code: BankFileCode, where: string) => findings.push(bankFinding(code, row, flatText(where)));
    const receipt = cell('receipt').normalize('NFC');
    const on = readDay(cell('day'), to);
    const amountFen = readMovement(cell('moneyIn'), cell('moneyOut'));
    if (!isReceiptNumber(receipt)) say('FUND-F010', '');
    else if (seen.has(receipt)) say('FUND-F011', receipt);
    seen.add(receipt);
    if (typeof amountFen === 'string') say(amountFen, receipt);
    const isOutside = on === 'FUND-F014' || (on !== 'FUND-F013' && on < from);
    if (on === 'FUND-F013') say(on, receipt);
    else if (isOutside) say('FUND-F031', receipt);
    if (typeof amountFen !== 'string' && on !== 'FUND-F013' && on !== 'FUND-F014')
      lines.push({ row, receipt, on, amountFen });
  }
  return { lines, findings };
}
