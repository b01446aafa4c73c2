/**
 * A bank's file of receipts: each line a number, a day, an amount and the unit where the bank knows it. Nothing is guessed: a line
 * whose unit the register does not know is refused, or goes to 待查收款 where an officer ticked that it should (SPEC 8.3).
 */
import type { CivilDate } from '../../base/civil-date.ts';
import { hasUnsafeCharacter } from '../../registry/domain/cells.ts';
import type { BankFileCode, BankFinding } from './bank-findings.ts';
import { bankFinding } from './bank-findings.ts';
import type { BankLine } from './bank-sheet.ts';
import { readAmount, readBankSheet, readDay } from './bank-sheet.ts';
import { flatText } from './journal-text.ts';
import type { UnitPlace } from './unit-finding.ts';
import { unitFinder } from './unit-finding.ts';

/** A receipt with the row that it stands in, counted from 1 with the header. */
export type FileReceipt = {
  readonly row: number;
  readonly receipt: string;
  /** Empty where the money is of an unknown payer. */
  readonly unit: string;
  readonly amountFen: bigint;
  readonly valueOn: CivilDate;
};

/** Receipts of the lines that can be read, and what there is to say. */
export type ReceiptReading = {
  readonly receipts: readonly FileReceipt[];
  readonly findings: readonly BankFinding[];
};

export type ReceiptReadingOptions = {
  /** The units of the register; undefined where it is not at hand, and only the form of the file is read. */
  readonly units: readonly UnitPlace[] | undefined;
  readonly today: CivilDate;
  /** Whether a unit that the register does not know makes the money one of an unknown payer. */
  readonly unknownAsUnidentified: boolean;
};

const RECEIPT_LENGTH = 100;

/** Whether a text can be the bank's number of a receipt. */
export const isReceiptNumber = (text: string): boolean =>
  text !== '' && text.length <= RECEIPT_LENGTH && !hasUnsafeCharacter(text);

type UnitReading = { readonly unit: string; readonly code?: BankFileCode };

/** How a line's place becomes a unit. */
function unitReader({
  units,
  unknownAsUnidentified,
}: ReceiptReadingOptions): (line: BankLine) => UnitReading & { readonly where: string } {
  const find = units === undefined ? undefined : unitFinder(units);
  return ({ cell }) => {
    const place = { building: cell('building'), stair: cell('stair'), room: cell('room') };
    const where = [place.building, place.stair, place.room].filter(Boolean).join(' ');
    if (where === '') return { unit: '', code: 'FUND-F022', where };
    const found = find?.(place);
    if (found === undefined) return { unit: '', where };
    if (typeof found !== 'string') return { unit: found.unit, where };
    const isUnknown = found === 'unit-unknown';
    if (unknownAsUnidentified) return { unit: '', code: isUnknown ? 'FUND-F020' : 'FUND-F021', where };
    return { unit: '', code: isUnknown ? 'FUND-F015' : 'FUND-F016', where };
  };
}

/** Reads a file of receipts; where a finding is an error nothing of it may be booked. */
export function readReceiptFile(text: string, options: ReceiptReadingOptions): ReceiptReading {
  const sheet = readBankSheet(text, ['receipt', 'day', 'amount']);
  if (sheet.finding !== undefined) return { receipts: [], findings: [sheet.finding] };
  if (sheet.lines.length === 0) return { receipts: [], findings: [bankFinding('FUND-F003', null, '')] };
  const unitOf = unitReader(options);
  const findings: BankFinding[] = [];
  const receipts: FileReceipt[] = [];
  const seen = new Set<string>();
  for (const line of sheet.lines) {
    const say = (code: BankFileCode, where: string) =>
      findings.push(bankFinding(code, line.row, flatText(where)));
    const receipt = line.cell('receipt').normalize('NFC');
    const amountFen = readAmount(line.cell('amount'));
    const day = readDay(line.cell('day'), options.today);
    const { unit, code, where } = unitOf(line);
    if (!isReceiptNumber(receipt)) say('FUND-F010', '');
    else if (seen.has(receipt)) say('FUND-F011', receipt);
    seen.add(receipt);
    if (amountFen === undefined) say('FUND-F012', receipt);
    const isDay = day !== 'FUND-F013' && day !== 'FUND-F014';
    if (!isDay) say(day, receipt);
    if (code !== undefined) say(code, where === '' ? receipt : where);
    if (amountFen !== undefined && isDay)
      receipts.push({ row: line.row, receipt, unit, amountFen, valueOn: day });
  }
  return { receipts, findings };
}
