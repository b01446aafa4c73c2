// Workbooks in raw OOXML, in the habits of the programs that clerks use: built by hand, so that every attribute is what a test says.
import { GOOD, type Row } from './register-file.ts';
import type { Part } from './zip-file.ts';
import { zipOf } from './zip-file.ts';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

export const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

/** A cell: a text, or XML that stands between `<c r="…"` and `</c>`. */
export type Cell = string | { readonly xml: string };

export const number = (value: string, style = 0): Cell => ({ xml: ` s="${style}"><v>${value}</v>` });
export const formula = (of: string, value: string): Cell => ({ xml: `><f>${of}</f><v>${value}</v>` });

/** A worksheet of rows; undefined cells are left out. */
export function sheetXml(rows: readonly (readonly (Cell | undefined)[])[], after = '', before = ''): string {
  const lines = rows.map((cells, row) => {
    const written = cells.map((cell, column) => {
      if (cell === undefined || cell === '') return '';
      const at = `<c r="${letters(column)}${row + 1}"`;
      return typeof cell === 'string'
        ? `${at} t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
        : `${at}${cell.xml}</c>`;
    });
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${before}<sheetData>${lines.join('')}</sheetData>${after}</worksheet>`;
}

export const merges = (...references: readonly string[]): string =>
  `<mergeCells count="${references.length}">${references.map((each) => `<mergeCell ref="${each}"/>`).join('')}</mergeCells>`;

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (...list: readonly (readonly [string, string, string])[]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** Cell styles 0 to 6: general, a date of the standard, an own date, percent, four digits, text, day and month. */
export const STYLES = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="0000"/><numFmt numFmtId="178" formatCode="[$-804]m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="7">${[0, 14, 176, 10, 177, 49, 178].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;

export type Book = {
  readonly sheets: readonly (readonly [name: string, xml: string, state?: string])[];
  readonly strings?: string;
  readonly styles?: string;
  readonly properties?: string;
  readonly more?: readonly Part[];
};

/** The parts of a workbook, with names that no program is known for. */
export function bookParts({ sheets, strings, styles = STYLES, properties = '', more = [] }: Book): Part[] {
  const listed = sheets.map(
    ([name, , state], at) =>
      `<sheet name="${escaped(name)}" sheetId="${at + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rel${at}"/>`,
  );
  const shared = strings === undefined ? [] : [{ name: 'book/texts.xml', content: strings }];
  return [
    {
      name: '[Content_Types].xml',
      content: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    },
    { name: '_rels/.rels', content: relations(['r1', 'officeDocument', 'book/main.xml']) },
    {
      name: 'book/main.xml',
      content: `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${RELATION}">${properties}<sheets>${listed.join('')}</sheets></workbook>`,
    },
    {
      name: 'book/_rels/main.xml.rels',
      content: relations(
        ...sheets.map((_, at): [string, string, string] => [`rel${at}`, 'worksheet', `tables/t${at}.xml`]),
        ['styles', 'styles', '/book/styles.xml'],
        ...(strings === undefined ? [] : [['texts', 'sharedStrings', 'texts.xml'] as const]),
      ),
    },
    { name: 'book/styles.xml', content: styles },
    ...shared,
    ...sheets.map(([, xml], at): Part => ({ name: `book/tables/t${at}.xml`, content: xml })),
    ...more,
  ];
}

export const book = (made: Book): Uint8Array => zipOf(bookParts(made));
export const oneSheet = (xml: string, more: Omit<Book, 'sheets'> = {}): Uint8Array =>
  book({ sheets: [['名册', xml]], ...more });

export const HEADERS = Object.keys(GOOD);

/** A row of the good register with some of its columns changed. */
export const goodRow = (changes: Readonly<Record<string, Cell>> = {}): readonly Cell[] =>
  HEADERS.map((header) => changes[header] ?? (GOOD as Row)[header] ?? '');

/** A workbook of the good header and these rows. */
export const register = (
  rows: readonly (readonly (Cell | undefined)[])[],
  after = '',
  more: Omit<Book, 'sheets'> = {},
): Uint8Array => oneSheet(sheetXml([HEADERS, ...rows], after), more);
