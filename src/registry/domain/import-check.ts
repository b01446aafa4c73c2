/**
 * The whole check of a register file: bytes to findings and, where nothing blocks, to the register (DESIGN
 * §7).
 */
import { sumAreas } from '../../base/area.ts';
import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { checkBuildingPlan, readBuildingPlan } from './building-plan.ts';
import {
  checkBuildingNames,
  checkDeveloper,
  checkNearPersons,
  checkSharedPhones,
  checkTitleNumbers,
  checkTotal,
} from './cross-checks.ts';
import type { Finding, FindingCode, Report } from './findings.ts';
import { blocks, finding } from './findings.ts';
import { groupHeads } from './head.ts';
import type { ImportView } from './import-view.ts';
import { viewImport } from './import-view.ts';
import type { Register } from './register-units.ts';
import { buildRegister, groupRows, headUnitsOf } from './register-units.ts';
import { checkRoomPatterns } from './room-pattern.ts';
import type { Unwrapped } from './row-view.ts';
import { viewRow } from './row-view.ts';
import type { Sheet } from './sheet.ts';
import { sniff } from './sniff.ts';
import type { Table } from './table.ts';
import { chooseSheet, readSheet, readTable } from './table.ts';
import type { ImportSettings } from './unit-rows.ts';
import { readEntries } from './unit-rows.ts';

export type { ImportSettings } from './unit-rows.ts';

/** Counts of what was readable. Areas in dm², all kinds of units; heads under the default head rule. */
export type RegisterSummary = {
  readonly units: number;
  readonly heads: number;
  readonly persons: number;
  readonly areaDm2: bigint;
};

/** The outcome: `register` is there exactly where `accepted` is true. */
export type RegisterCheck = {
  readonly accepted: boolean;
  readonly findings: readonly Finding[];
  readonly summary: RegisterSummary;
  /** Name of the worksheet that was read; null where the file has none. */
  readonly sheet: string | null;
  readonly register?: Register;
  /** How the file was understood; absent where no table could be read. */
  readonly view?: ImportView;
};

/** Told now and then how many of the data rows were read. */
export type RowsRead = (rows: number, of: number) => void;

const EMPTY: Register = { persons: [], units: [] };
/** Rows between two words on how far the reading is. */
const ROWS_A_WORD = 500;

function readRegister(
  table: Table,
  settings: ImportSettings,
  report: Report,
  onRows: RowsRead,
): { readonly register: Register; readonly view: ImportView } {
  const unwrapped: Unwrapped = new Map();
  const view = (row: Table['rows'][number]) => viewRow(row, table.columns, unwrapped, report);
  const entries = table.rows.flatMap((row, at) => {
    if (at % ROWS_A_WORD === 0) onRows(at, table.rows.length);
    return readEntries(view(row), at === 0, settings, report);
  });
  onRows(table.rows.length, table.rows.length);
  const groups = groupRows(entries, report);
  const register = buildRegister(groups, report);
  for (const [column, { row, count }] of unwrapped) {
    const header = table.columns.texts[column]?.trim();
    report('REG-N702', { row, column, header, detail: `共 ${count} 格` });
  }
  checkBuildingNames(groups, report);
  checkNearPersons(groups, report);
  checkSharedPhones(groups, report);
  checkTitleNumbers(groups, report);
  checkRoomPatterns(groups, report);
  checkDeveloper(groups, report);
  if (settings.plan !== undefined) {
    const plan = readBuildingPlan(settings.plan);
    assert(plan.ok, 'whoever takes a plan reads it first');
    checkBuildingPlan(groups, plan.value, report);
  }
  const { total } = table;
  // What else stands in the row of totals is not imported, so nothing in it is a fault.
  if (total !== undefined)
    checkTotal(
      groups,
      viewRow(total.row, table.columns, new Map(), () => undefined),
      total.areaDm2,
      report,
    );
  return { register, view: viewImport(table, groups) };
}

/** A workbook that was read, or the reason why it was not; the place is that of the excess. */
export type ReadWorkbook = Result<
  readonly Sheet[],
  { readonly code: WorkbookFault; readonly facts?: Readonly<Record<string, string | number>> }
>;

/** Why a workbook is refused before any of its cells is looked at. */
export type WorkbookFault = Extract<FindingCode, `REG-F${string}`>;

/** Checks the text of a register file. Nothing is stored; nothing is accepted in part. */
export function checkRegister(
  bytes: Uint8Array,
  settings: ImportSettings,
  onRows: RowsRead = () => undefined,
): RegisterCheck {
  return checkTable(settings, onRows, (report) => {
    const sniffed = sniff(bytes);
    if (sniffed.ok) return readTable(sniffed.value.text, report);
    report(sniffed.refusal.code);
    return undefined;
  });
}

/** Checks a workbook as `checkRegister` does a text. */
export function checkWorkbook(
  workbook: ReadWorkbook,
  settings: ImportSettings,
  onRows: RowsRead = () => undefined,
): RegisterCheck {
  let sheet: Sheet | undefined;
  const check = checkTable(settings, onRows, (report) => {
    if (workbook.ok) {
      sheet = chooseSheet(workbook.value, report);
      return sheet === undefined ? undefined : readSheet(sheet, report);
    }
    const { code, facts } = workbook.refusal;
    const place = facts?.['row'] === undefined ? {} : { row: Number(facts['row']) };
    report(code, facts?.['column'] === undefined ? place : { ...place, column: Number(facts['column']) });
    return undefined;
  });
  const name = sheet?.name ?? null;
  return { ...check, sheet: name, findings: check.findings.map((item) => ({ ...item, sheet: name })) };
}

/** The check of a file that could not be read to its end. */
export const refusedCheck = (code: FindingCode): RegisterCheck => ({
  accepted: false,
  findings: [finding(code)],
  summary: { units: 0, heads: 0, persons: 0, areaDm2: 0n },
  sheet: null,
});

function checkTable(
  settings: ImportSettings,
  onRows: RowsRead,
  read: (report: Report) => Table | undefined,
): RegisterCheck {
  const findings: Finding[] = [];
  const report: Report = (code, place) => {
    findings.push(finding(code, place));
  };
  const table = read(report);
  const made = table === undefined ? undefined : readRegister(table, settings, report, onRows);
  const register = made?.register ?? EMPTY;
  // By row, files and sets first; the sort is stable, so one row's findings keep their order.
  findings.sort((a, b) => Number(a.row) - Number(b.row));
  const accepted = !findings.some(blocks);
  const summary = {
    units: register.units.length,
    heads: groupHeads(headUnitsOf(register)).length,
    persons: register.persons.length,
    areaDm2: sumAreas(register.units.map((unit) => unit.areaDm2)),
  };
  const seen = made === undefined ? {} : { view: made.view };
  const check = { accepted, findings, summary, sheet: null, ...seen };
  return accepted ? { ...check, register } : check;
}
