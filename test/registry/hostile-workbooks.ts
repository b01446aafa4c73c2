// Workbooks that do harm to readers, each with the one finding that refuses it: a few hundred kilobytes that would unpack to hundreds of
// megabytes, directories that lie, and XML that no program writes.
import { book, bookParts, goodRow, HEADERS, oneSheet, register, sheetXml } from './workbook-file.ts';
import type { Part } from './zip-file.ts';
import { zipOf } from './zip-file.ts';

export const MEBIBYTE = 1_048_576;
export const goodSheet = sheetXml([HEADERS, goodRow()]);
const [before = '', after = ''] = goodSheet.split('</sheetData>');
const rowsOf = (inner: string): string => `${before}${inner}</sheetData>${after}`;
const withPart = (part: Part): Uint8Array => book({ sheets: [['名册', goodSheet]], more: [part] });
const replaced = (name: string, change: (part: Part) => Part): Uint8Array =>
  zipOf(
    bookParts({ sheets: [['名册', goodSheet]] }).map((part) => (part.name === name ? change(part) : part)),
  );
const SHEET = 'book/tables/t0.xml';

const many = (count: number): string => {
  const row = (_: unknown, at: number): string => `<row><c><v>${at * 7919}</v></c></row>`;
  return rowsOf(Array.from({ length: count }, row).join(''));
};

export const HOSTILE: readonly (readonly [code: string, what: string, make: () => Uint8Array])[] = [
  ['REG-F003', 'four bytes of a zip', () => new Uint8Array([0x50, 0x4b, 3, 4])],
  ['REG-F003', 'a zip that was cut off', () => register([goodRow()]).slice(0, 900)],
  [
    'REG-F003',
    'a part that is larger than said',
    () => replaced(SHEET, (part) => ({ ...part, content: ' '.repeat(64 * MEBIBYTE), saysBytes: 1000 })),
  ],
  ['REG-F003', 'a checksum that is another’s', () => replaced(SHEET, (part) => ({ ...part, saysCrc: 1 }))],
  [
    'REG-F003',
    'more than the directory says',
    () => replaced(SHEET, (part) => ({ ...part, saysBytes: 100 })),
  ],
  ['REG-F003', 'two parts of one name', () => withPart({ name: 'BOOK/tables/T0.xml', content: goodSheet })],
  [
    'REG-F003',
    'a worksheet that is not there',
    () =>
      replaced('book/_rels/main.xml.rels', (part) => ({
        ...part,
        content: String(part.content).replace('t0.xml', 't9.xml'),
      })),
  ],
  ['REG-F004', 'a zip that is no workbook', () => zipOf([{ name: 'a.txt', content: 'a' }])],
  ['REG-F005', 'an encrypted part', () => replaced(SHEET, (part) => ({ ...part, isEncrypted: true }))],
  ['REG-F006', 'a program', () => withPart({ name: 'xl/vbaProject.bin', content: 'x' })],
  [
    'REG-F006',
    'a link to another file',
    () => withPart({ name: 'xl/externalLinks/externalLink1.xml', content: 'x' }),
  ],
  [
    'REG-F006',
    'an object of another program',
    () => withPart({ name: 'xl/embeddings/oleObject1.bin', content: 'x' }),
  ],
  [
    'REG-F010',
    '201 parts',
    () =>
      book({
        sheets: [['名册', goodSheet]],
        more: Array.from({ length: 201 }, (_, at) => ({ name: `p${at}`, content: '' })),
      }),
  ],
  [
    'REG-F011',
    'a text of 200 MB',
    () => replaced(SHEET, (part) => ({ ...part, content: Buffer.alloc(200 * MEBIBYTE, 'x') })),
  ],
  [
    'REG-F011',
    'a size of 2 GB that is not there',
    () => replaced(SHEET, (part) => ({ ...part, saysBytes: 2 ** 31 })),
  ],
  [
    'REG-F011',
    'parts of 60 MB together',
    () =>
      book({
        sheets: [['名册', goodSheet]],
        more: [1, 2, 3].map((at) => ({ name: `p${at}`, content: varied(20 * MEBIBYTE) })),
      }),
  ],
  [
    'REG-F012',
    '30 MB in 30 kB',
    () => withPart({ name: 'xl/theme.xml', content: Buffer.alloc(30 * MEBIBYTE) }),
  ],
  ['REG-F013', 'XML that ends early', () => oneSheet(goodSheet.slice(0, -20))],
  ['REG-F013', 'an unknown entity', () => oneSheet(goodSheet.replace('1栋', '&nbsp;'))],
  [
    'REG-F013',
    'bytes that are not UTF-8',
    () =>
      replaced(SHEET, (part) => ({
        ...part,
        content: Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe, 0xfd])]),
      })),
  ],
  ['REG-F013', 'elements nested a hundred thousand deep', () => oneSheet(rowsOf('<row>'.repeat(100_000)))],
  ['REG-F013', 'rows that go back', () => oneSheet(goodSheet.replace('<row r="2"', '<row r="1"'))],
  ['REG-F013', 'a cell of another row', () => oneSheet(goodSheet.replace('r="A2"', 'r="A9"'))],
  [
    'REG-F013',
    'a row beyond the last',
    () =>
      oneSheet(
        goodSheet.replace('<row r="2"', '<row r="1048577"').replaceAll(/r="([A-H])2"/g, 'r="$11048577"'),
      ),
  ],
  [
    'REG-F013',
    'a shared text that is not there',
    () =>
      oneSheet(
        goodSheet.replace('t="inlineStr"><is><t xml:space="preserve">楼栋</t></is>', 't="s"><v>7</v>'),
      ),
  ],
  [
    'REG-F013',
    'a merge that goes back',
    () => register([goodRow()], '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'),
  ],
  [
    'REG-F014',
    'a document type',
    () => oneSheet(goodSheet.replace('<worksheet', '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet')),
  ],
  ['REG-F015', 'a cell of 513 characters', () => register([goodRow({ 房号: '房'.repeat(513) })])],
  [
    'REG-F015',
    '200,001 shared texts',
    () =>
      oneSheet(goodSheet, {
        strings: `<sst>${Array.from({ length: 200_001 }, (_, at) => `<si><t>${at * 7919}</t></si>`).join('')}</sst>`,
      }),
  ],
  ['REG-F016', '21,000 rows', () => oneSheet(many(21_000))],
  ['REG-F016', 'a million rows of one cell', () => oneSheet(many(430_000))],
  [
    'REG-F017',
    'a cell in the last corner',
    () => oneSheet(rowsOf('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
  ],
];

/** Bytes that a zip makes some forty times smaller, as it does a worksheet. */
function varied(size: number): Uint8Array {
  const bytes = Buffer.alloc(size, 'x');
  for (let at = 0; at < size; at += 160) bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return bytes;
}

/** Unit of a community with a hundred buildings of 25 floors and eight doors. */
const unitRow = (at: number) =>
  goodRow({
    楼栋: `${1 + Math.floor(at / 200)}栋`,
    房号: `${1 + (Math.floor(at / 8) % 25)}0${1 + (at % 8)}`,
    联系电话: '',
  });

/** The worksheet of a register of 20,000 units, as many as a file may have. */
export const largestSheet = (): string =>
  sheetXml([HEADERS, ...Array.from({ length: 20_000 }, (_, at) => unitRow(at))]);
