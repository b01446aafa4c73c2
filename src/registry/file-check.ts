/** Checks a register file of any kind that the import takes: a text (CSV, TSV) or a workbook (XLSX) (DESIGN §7). */
import type { ImportSettings, RegisterCheck } from './domain/import-check.ts';
import { checkRegister, checkWorkbook } from './domain/import-check.ts';
import { isWorkbook, MAX_FILE_BYTES } from './domain/sniff.ts';
import { readWorkbook } from './workbook/workbook.ts';

/** What stands in the file, and whether it may be imported; nothing is stored. */
export async function checkRegisterFile(file: Uint8Array, settings: ImportSettings): Promise<RegisterCheck> {
  const isText = file.length > MAX_FILE_BYTES || !isWorkbook(file);
  return isText ? checkRegister(file, settings) : checkWorkbook(await readWorkbook(file), settings);
}
