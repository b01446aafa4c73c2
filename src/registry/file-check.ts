/** Checks a register file of any kind that the import takes: a text (CSV, TSV) or a workbook (XLSX) (DESIGN §7). */
import type { FindingGroup } from './domain/finding-groups.ts';
import { groupFindings } from './domain/finding-groups.ts';
import type { ImportSettings, RegisterCheck, RegisterSummary, RowsRead } from './domain/import-check.ts';
import { checkRegister, checkWorkbook } from './domain/import-check.ts';
import type { ImportView } from './domain/import-view.ts';
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
