/** Gives a register file back as a workbook with what the check found in it; nothing is stored (DESIGN §7 "Register import"). */
import { annotateSheet } from './domain/annotation.ts';
import { readCsv } from './domain/csv.ts';
import type { Finding } from './domain/findings.ts';
import type { Sheet } from './domain/sheet.ts';
import { isWorkbook, MAX_FILE_BYTES, sniff } from './domain/sniff.ts';
import { chooseSheet, delimiterOf } from './domain/table.ts';
import { readWorkbook } from './workbook/workbook.ts';
import { writeWorkbook } from './workbook/writer.ts';

/** The rows that the check of the same file reads; undefined where it reads none. */
async function sheetOf(file: Uint8Array): Promise<Sheet | undefined> {
  if (file.length > MAX_FILE_BYTES) return undefined;
  if (isWorkbook(file)) {
    const workbook = await readWorkbook(file);
    return workbook.ok ? chooseSheet(workbook.value, () => undefined) : undefined;
  }
  const sniffed = sniff(file);
  if (!sniffed.ok) return undefined;
  const { text } = sniffed.value;
  const read = readCsv(text, delimiterOf(text));
  return read.ok ? { name: '名册', rows: read.value, merges: [], hidden: 0 } : undefined;
}

/**
 * The annotated workbook of a file (XLSX bytes), from the findings of its check; undefined where the file has no rows that could be read.
 * Corrected, it is imported as it is.
 */
export async function annotateRegisterFile(
  file: Uint8Array,
  findings: readonly Finding[],
): Promise<Uint8Array | undefined> {
  const sheet = await sheetOf(file);
  return sheet === undefined ? undefined : writeWorkbook(annotateSheet(sheet, findings));
}
