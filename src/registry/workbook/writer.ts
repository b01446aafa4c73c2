/**
 * Writes small workbooks for clerks: texts in the cell itself, plain numbers, colours and lists to choose from, and never a formula
 * (docs/decisions/workbooks.md).
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { concat } from '../../base/bytes.ts';
import { columnLetter } from '../domain/findings.ts';
import type { Mark, OfferedValues, WrittenCell, WrittenSheet } from '../domain/written-sheet.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** What XML cannot hold; shown as a lost character, so that the import asks for it again instead of passing it. */
const UNWRITABLE = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The day from which zips count: the same rows are the same bytes, whenever they are written. */
const WRITTEN_AT = new Date(1980, 0, 1);

const escapeXml = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? '');

/** `_x0041_` is an escape in a cell's text, so one that was written by hand is escaped itself. */
const escapeCell = (text: string): string => escapeXml(text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'));

const MARKS: readonly Mark[] = ['none', 'header', 'error', 'warning', 'sample'];
const COLOURS: readonly (readonly [Mark, string])[] = [
  ['header', 'FFD9E2EC'],
  ['error', 'FFFFC7CE'],
  ['warning', 'FFFFEB9C'],
  ['sample', 'FFEDEDED'],
];
/** Three cell styles for each mark: general, text, and text that saving again must not turn into a formula. */
const [GENERAL, TEXT, QUOTED] = [0, 1, 2];
const FORMATS = 3;
const styleIndex = (mark: Mark, format: number): number => MARKS.indexOf(mark) * FORMATS + format;

function stylesXml(): string {
  const fills = COLOURS.map(
    ([, colour]) =>
      `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`,
  );
  const styles = MARKS.flatMap((mark, at) =>
    [GENERAL, TEXT, QUOTED].map((format) => {
      // The standard keeps the first two fills for itself.
      const fill = mark === 'none' ? 0 : at + 1;
      const font = mark === 'header' ? 1 : 0;
      const number = format === GENERAL ? 0 : 49;
      const quote = format === QUOTED ? ' quotePrefix="1"' : '';
      return `<xf numFmtId="${number}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"${quote}><alignment vertical="top" wrapText="1"/></xf>`;
    }),
  );
  return `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts><fills count="${COLOURS.length + 2}"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fills.join('')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

const FORMULA_START = /^[\s]*[=+\-@]/;

function cellXml(cell: WrittenCell | undefined, place: string): string {
  if (cell === undefined) return '';
  const { text, isNumber = false, mark = 'none' } = cell;
  if (text === '') return `<c r="${place}" s="${styleIndex(mark, TEXT)}"/>`;
  if (isNumber) return `<c r="${place}" s="${styleIndex(mark, GENERAL)}"><v>${escapeXml(text)}</v></c>`;
  const style = styleIndex(mark, FORMULA_START.test(text) ? QUOTED : TEXT);
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeCell(text)}</t></is></c>`;
}

function columnsXml({ columns }: WrittenSheet): string {
  if (columns.length === 0) return '';
  const each = columns.map(
    ({ width, isText = false }, at) =>
      `<col min="${at + 1}" max="${at + 1}" width="${width}" style="${styleIndex('none', isText ? TEXT : GENERAL)}" customWidth="1"/>`,
  );
  return `<cols>${each.join('')}</cols>`;
}

const viewXml = ({ frozenRows }: WrittenSheet): string =>
  frozenRows === 0
    ? ''
    : `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${frozenRows}" topLeftCell="A${frozenRows + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;

function mergesXml({ merges = [] }: WrittenSheet): string {
  if (merges.length === 0) return '';
  const each = merges.map(
    ({ top, bottom, left, right }) =>
      `<mergeCell ref="${columnLetter(left)}${top}:${columnLetter(right)}${bottom}"/>`,
  );
  return `<mergeCells count="${each.length}">${each.join('')}</mergeCells>`;
}

/** Other values may be typed, too: the check reads more words than a list holds. */
const offerXml = ({ column, top, bottom, values }: OfferedValues): string =>
  `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${columnLetter(column)}${top}:${columnLetter(column)}${bottom}"><formula1>"${values.map(escapeXml).join(',')}"</formula1></dataValidation>`;

const offersXml = ({ offers = [] }: WrittenSheet): string =>
  offers.length === 0
    ? ''
    : `<dataValidations count="${offers.length}">${offers.map(offerXml).join('')}</dataValidations>`;

function sheetXml(sheet: WrittenSheet): string {
  const rows = sheet.rows.map(({ row, cells }) => {
    const written = cells.map((cell, column) => cellXml(cell, `${columnLetter(column)}${row}`));
    return `<row r="${row}">${written.join('')}</row>`;
  });
  return `${HEAD}<worksheet xmlns="${MAIN}">${viewXml(sheet)}${columnsXml(sheet)}<sheetData>${rows.join('')}</sheetData>${mergesXml(sheet)}${offersXml(sheet)}</worksheet>`;
}

const MAX_SHEET_NAME = 31;
/** A name as programs allow it. */
const sheetName = (name: string, at: number): string =>
  escapeXml([...name.replace(/[[\]:*?/\\']/g, ' ').trim()].slice(0, MAX_SHEET_NAME).join('')) ||
  `表${at + 1}`;

const relation = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
const relationsXml = (list: readonly string[]): string =>
  `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;

function parts(sheets: readonly WrittenSheet[]): readonly (readonly [string, string])[] {
  const override = (name: string, type: string): string =>
    `<Override PartName="/xl/${name}.xml" ContentType="${CONTENT}.${type}+xml"/>`;
  const types = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('workbook', 'sheet.main')}${override('styles', 'styles')}${sheets.map((_, at) => override(`worksheets/sheet${at + 1}`, 'worksheet')).join('')}</Types>`;
  const listed = sheets.map(
    ({ name }, at) => `<sheet name="${sheetName(name, at)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  const links = sheets.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`));
  return [
    ['[Content_Types].xml', types],
    ['_rels/.rels', relationsXml([relation('rId1', 'officeDocument', 'xl/workbook.xml')])],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${listed.join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relationsXml([...links, relation(`rId${sheets.length + 1}`, 'styles', 'styles.xml')]),
    ],
    ['xl/styles.xml', stylesXml()],
    ...sheets.map((sheet, at): [string, string] => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)]),
  ];
}

/** The bytes of an XLSX file of these worksheets, of which there is at least one. */
export async function writeWorkbook(sheets: readonly WrittenSheet[]): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, content] of parts(sheets))
    zip.addBuffer(Buffer.from(content), name, { mtime: WRITTEN_AT, forceDosTimestamp: true });
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of Readable.from(zip.outputStream)) chunks.push(chunk as Uint8Array);
  return concat(...chunks);
}
