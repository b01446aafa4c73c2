// Goal: small register files for the tests of the import; a row is the good one with the named columns
// changed.
import type { Finding, FindingCode } from '../../src/registry/domain/findings.ts';
import type { ImportSettings, RegisterCheck } from '../../src/registry/domain/import-check.ts';
import { checkRegister } from '../../src/registry/domain/import-check.ts';

export const SETTINGS: ImportSettings = { today: '2026-11-24' };

/** Ids whose check digits were computed by hand with another program, from GB 11643's weights. */
export const IDS = [
  '442000199001011233',
  '11010519491231002X',
  '440524188001010014',
  '442000198001010017',
  '442000198001010025',
  '442000198001010033',
  '442000198001010041',
] as const;

export type Row = Readonly<Record<string, string>>;

export const GOOD: Row = {
  楼栋: '1栋',
  单元: '1',
  房号: '101',
  建筑面积: '88.88',
  业主姓名: '张三',
  证件类型: '',
  身份证号: IDS[0],
  联系电话: '13800138000',
};

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Text of a file with these rows; headers are those of the good row and whatever else a row names. */
export function csvText(...changes: readonly Row[]): string {
  const headers = [...new Set([...Object.keys(GOOD), ...changes.flatMap((row) => Object.keys(row))])];
  const lines = changes.map((row) => headers.map((header) => row[header] ?? GOOD[header] ?? ''));
  return [headers, ...lines].map((line) => `${line.map(quoted).join(',')}\n`).join('');
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The check of a text, or of rows. */
export function check(file: string | readonly Row[], settings: ImportSettings = SETTINGS): RegisterCheck {
  return checkRegister(bytesOf(typeof file === 'string' ? file : csvText(...file)), settings);
}

export const found = (result: RegisterCheck, code: FindingCode): readonly Finding[] =>
  result.findings.filter((item) => item.code === code);

export const codesOf = (result: RegisterCheck): readonly string[] => [
  ...new Set(result.findings.map((item) => item.code)),
];
