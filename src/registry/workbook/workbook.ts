/**
 * From the bytes of an XLSX file to its worksheets, or the finding that refuses it (DESIGN §7). Parts are found by their relations, as the
 * standard has it, and never by their usual names: WPS, Excel and LibreOffice name them differently.
 */
import { ok, refuse } from '../../base/result.ts';
import type { ReadWorkbook } from '../domain/import-check.ts';
import type { Sheet } from '../domain/sheet.ts';
import { isTooLong, MAX_CELL_CHARACTERS } from '../domain/sheet.ts';
import type { NumberStyle } from './number-text.ts';
import { styleOf } from './number-text.ts';
import { openPackage } from './package.ts';
import { dirname, normalised } from './part-names.ts';
import type { Package } from './parts.ts';
import { WorkbookError } from './parts.ts';
import type { Lookup } from './sheet-reader.ts';
import { readSheetPart, unescapeText } from './sheet-reader.ts';
import { readXml } from './xml.ts';

const MAX_STRINGS = 200_000;
const MAX_STYLES = 65_000;

/** A relation of a part: what for, and to which part. */
type Relation = { readonly id: string; readonly type: string; readonly target: string };

async function relationsOf(parts: Package, part: string): Promise<readonly Relation[]> {
  const folder = dirname(part);
  const file = normalised(`${folder}/_rels/${part.slice(part.lastIndexOf('/') + 1)}.rels`);
  const relations: Relation[] = [];
  if (!parts.has(file)) return relations;
  await readXml(parts, file, {
    open(name, attributes) {
      if (name !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const target = attributes['Target'] ?? '';
      const absolute = target.startsWith('/') ? target : `${folder}/${target}`;
      const type = (attributes['Type'] ?? '').replace(/^.*\//, '');
      relations.push({
        id: attributes['Id'] ?? '',
        type,
        target: normalised(absolute),
      });
    },
  });
  return relations;
}

type Listed = { readonly name: string; readonly relation: string; readonly isHidden: boolean };

async function readBook(parts: Package, part: string) {
  const sheets: Listed[] = [];
  let date1904 = false;
  await readXml(parts, part, {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const state = attributes['state'] ?? 'visible';
      const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      sheets.push({ name: attributes['name'] ?? '', relation, isHidden: state !== 'visible' });
    },
  });
  return { sheets, date1904 };
}

/** The shared texts; one that is too long keeps as much as shows that it is. */
async function readStrings(parts: Package, part: string | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text: string | undefined;
  let isText = false;
  let phonetic = 0;
  await readXml(parts, part, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') isText = text !== undefined && phonetic === 0;
    },
    text(more) {
      if (isText && text !== undefined && text.length <= 2 * MAX_CELL_CHARACTERS) text += more;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'si') {
        if (strings.length >= MAX_STRINGS) throw new WorkbookError('REG-F015');
        const whole = unescapeText(text ?? '');
        strings.push(isTooLong(whole) ? [...whole].slice(0, MAX_CELL_CHARACTERS + 1).join('') : whole);
        text = undefined;
      }
    },
  });
  return strings;
}

/** The number style of each cell style. */
async function readStyles(parts: Package, part: string | undefined): Promise<readonly NumberStyle[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  if (part === undefined) return [];
  let isCellStyle = false;
  await readXml(parts, part, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') isCellStyle = true;
      else if (name === 'xf' && isCellStyle) formats.push(Number(attributes['numFmtId'] ?? 0));
      if (codes.size + formats.length > MAX_STYLES) throw new WorkbookError('REG-F013');
    },
    close(name) {
      if (name === 'cellXfs') isCellStyle = false;
    },
  });
  return formats.map((id) => styleOf(id, codes.get(id)));
}

async function readSheets(parts: Package): Promise<readonly Sheet[]> {
  const book = (await relationsOf(parts, '')).find(({ type }) => type === 'officeDocument')?.target;
  if (book === undefined || !parts.has(book)) throw new WorkbookError('REG-F004');
  const { sheets, date1904 } = await readBook(parts, book);
  const relations = await relationsOf(parts, book);
  const part = (type: string): string | undefined =>
    relations.find((relation) => relation.type === type && parts.has(relation.target))?.target;
  const lookup: Lookup = {
    strings: await readStrings(parts, part('sharedStrings')),
    styles: await readStyles(parts, part('styles')),
    date1904,
  };
  const found: Sheet[] = [];
  for (const { name, relation, isHidden } of sheets) {
    const target = relations.find(({ id, type }) => id === relation && type === 'worksheet')?.target;
    // A hidden sheet holds lists for drop-downs, or an old version that nobody means.
    if (isHidden || target === undefined) continue;
    if (!parts.has(target)) throw new WorkbookError('REG-F003');
    found.push(await readSheetPart(parts, target, name, lookup));
  }
  return found;
}

/** The visible worksheets of an XLSX file. */
export async function readWorkbook(bytes: Uint8Array): Promise<ReadWorkbook> {
  try {
    return ok(await readSheets(await openPackage(bytes)));
  } catch (error) {
    if (error instanceof WorkbookError) return refuse(error.code, undefined, error.facts);
    throw error;
  }
}
