/** Checks a register file of any kind that the import takes, a text (CSV, TSV) or a workbook (XLSX), or reads a few columns of another (DESIGN §7). */
import type { FindingGroup } from './domain/finding-groups.ts';
import { groupFindings } from './domain/finding-groups.ts';
import type { ImportSettings, RegisterCheck, RegisterSummary, RowsRead } from './domain/import-check.ts';
import { checkRegister, checkWorkbook } from './domain/import-check.ts';
import type { ImportView } from './domain/import-view.ts';
import type { NamedColumns, NamedReading } from './domain/named-columns.ts';
import { readNamedFile, readNamedWorkbook } from './domain/named-columns.ts';
import { isWorkbook, MAX_FILE_BYTES } from './domain/sniff.ts';
import { registerLines } from './register-lines.ts';
import { readWorkbook } from './workbook/workbook.ts';

/** What stands in the file, and whether it may be imported; nothing is stored. */
export async function checkRegisterFile(
  file: Uint8Array,
  settings: ImportSettings,
  onRows?: RowsRead,
): Promise<RegisterCheck> {
  const isText = file.length > MAX_FILE_BYTES || !isWorkbook(file);
  return isText
    ? checkRegister(file, settings, onRows)
    : checkWorkbook(await readWorkbook(file), settings, onRows);
}

/** A check as it leaves the worker: small, whatever the file is, but for the register, which is bytes. */
export type CheckedFile = {
  readonly groups: readonly FindingGroup[];
  readonly summary: RegisterSummary;
  readonly sheet: string | null;
  readonly view?: ImportView;
  /** The register in lines (`register-lines.ts`), where nothing blocks. */
  readonly register?: Uint8Array;
};

/** Reads a few columns of a file of any kind that the import takes; nothing is stored. */
export async function readColumnsOfFile(file: Uint8Array, columns: NamedColumns): Promise<NamedReading> {
  const isText = file.length > MAX_FILE_BYTES || !isWorkbook(file);
  return isText ? readNamedFile(file, columns) : readNamedWorkbook(await readWorkbook(file), columns);
}

/** The check as the service keeps it. */
export function checkedFileOf({ findings, summary, sheet, view, register }: RegisterCheck): CheckedFile {
  return {
    groups: groupFindings(findings),
    summary,
    sheet,
    ...(view === undefined ? {} : { view }),
    ...(register === undefined ? {} : { register: registerLines(register) }),
  };
}
