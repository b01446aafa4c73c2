/**
 * The owners of one row: names, documents and phones that stand in one cell each, paired by their order
 * (DESIGN §7).
 */
import { present } from '../../base/assert.ts';
import type { CivilDate } from '../../base/civil-date.ts';
import { foldName, isPlaceholder, rareCharacter, readPhone, trimCell } from './cells.ts';
import type { DocumentKind } from './document-number.ts';
import { readDocument } from './document-number.ts';
import type { Report } from './findings.ts';
import type { RowView } from './row-view.ts';

/** An owner as one row states him. */
export type Owner = {
  /** Kind and normalised number: who has the same is the same person. */
  readonly key: string;
  readonly docKind: DocumentKind;
  readonly number: string;
  /** As written, trimmed. */
  readonly name: string;
  readonly foldedName: string;
  readonly phones: readonly string[];
  readonly mailingAddress: string;
};

/** Names and numbers that the records can hold. */
const MAX_NAME = 200;
const MAX_NUMBER = 40;

/** Texts of one cell that stand for one owner each; none where the cell says that there is nothing. */
export const splitCell = (text: string): readonly string[] =>
  isPlaceholder(text)
    ? []
    : text
        .split(/[、,，;；/／\r\n]+/u)
        .map(trimCell)
        .filter((part) => part !== '');

const HAN_NAME = /^\p{Script=Han}{2,4}$/u;

/** Names of a cell; 与 and 和 part two persons only where both look like names and there are two documents. */
export function splitNames(text: string, idCount: number): readonly string[] {
  const names = splitCell(text);
  if (names.length !== 1 || idCount !== 2) return names;
  const pair = text.split(/[与和]/u).map(trimCell);
  return pair.length === 2 && pair.every((name) => HAN_NAME.test(name)) ? pair : names;
}

function checkName(name: string, docKind: DocumentKind, view: RowView, report: Report): boolean {
  const place = (detail?: string) =>
    view.at('ownerName', detail === undefined ? { value: name } : { value: name, detail });
  if (isPlaceholder(name) || /[*＊●]/u.test(name)) {
    report('REG-C330', place());
    return false;
  }
  if (name.length > MAX_NAME) {
    report('REG-F015', place(`姓名超过 ${MAX_NAME} 个字`));
    return false;
  }
  if (docKind !== 'credit-code' && /\d/u.test(name.normalize('NFKC'))) report('REG-C331', place());
  const rare = rareCharacter(name);
  if (rare !== undefined) report('REG-C332', place(rare));
  if (/^[+\-@]/.test(name)) report('REG-C360', place());
  return true;
}

/** Phones of each owner: one for each, or one for all; a single owner may have several. */
function readPhones(view: RowView, owners: number, report: Report): readonly (readonly string[])[] {
  const phones: string[][] = Array.from({ length: owners }, () => []);
  for (const [at, phone] of view.phones.entries()) {
    const parts = splitCell(phone).filter((part) => !isPlaceholder(part));
    if (owners > 1 && parts.length > 1 && parts.length !== owners) {
      report('REG-R401', view.phoneAt(at, { detail: `${owners} 位业主，${parts.length} 个电话` }));
      continue;
    }
    for (const [index, part] of parts.entries()) {
      const read = readPhone(part);
      if (read.code !== undefined) report(read.code, view.phoneAt(at, { value: part }));
      const takers = owners === 1 || parts.length === 1 ? phones : phones.slice(index, index + 1);
      for (const list of takers)
        if (read.value !== undefined && !list.includes(read.value)) list.push(read.value);
    }
  }
  return phones;
}

function readMailingAddress(view: RowView, report: Report): string {
  const text = view.text('mailingAddress').replace(/[\r\n]+/g, ' ');
  if (text.length <= MAX_NAME) return isPlaceholder(text) ? '' : text;
  report('REG-F015', view.at('mailingAddress', { detail: `通讯地址超过 ${MAX_NAME} 个字` }));
  return '';
}

/**
 * Reports an empty name, an empty number or numbers that do not match the names; false where one was found.
 */
function countsMatch(view: RowView, names: number, ids: number, types: number, report: Report): boolean {
  const before = { names: view.isFaulty('ownerName'), ids: view.isFaulty('idNo') };
  if (names === 0 && !before.names) report('REG-C330', view.at('ownerName'));
  if (ids === 0 && !before.ids) report('REG-C301', view.at('idNo'));
  if (names === 0 || ids === 0) return false;
  if (names !== ids) report('REG-R401', view.at('idNo', { detail: `${names} 位业主，${ids} 个证件号码` }));
  const typesMatch = types <= 1 || types === ids;
  if (!typesMatch)
    report('REG-R401', view.at('idType', { detail: `${ids} 个证件号码，${types} 个证件类型` }));
  return names === ids && typesMatch;
}

/** The owners of a row, or undefined where a finding forbids to read one of them. */
export function readOwners(view: RowView, today: CivilDate, report: Report): readonly Owner[] | undefined {
  const ids = splitCell(view.text('idNo'));
  const names = splitNames(view.text('ownerName'), ids.length);
  const types = splitCell(view.text('idType'));
  const phones = readPhones(view, Math.max(1, names.length), report);
  const mailingAddress = readMailingAddress(view, report);
  if (!countsMatch(view, names.length, ids.length, types.length, report)) return undefined;
  const owners: Owner[] = [];
  for (const [index, name] of names.entries()) {
    const raw = present(ids[index], 'one number for each name');
    const read = readDocument(raw, types[index] ?? types[0] ?? '', today);
    const tooLong = read.number.length > MAX_NUMBER;
    const code = tooLong ? 'REG-F015' : (read.fault ?? read.doubt);
    if (code !== undefined) report(code, view.at('idNo', { value: raw }));
    const named = checkName(name, read.kind, view, report);
    if (tooLong || read.fault !== undefined || !named) continue;
    const key = `${read.kind}:${read.number}`;
    const foldedName = foldName(name);
    const own = {
      name,
      foldedName,
      phones: present(phones[index], 'one list for each name'),
      mailingAddress,
    };
    owners.push({ key, docKind: read.kind, number: read.number, ...own });
  }
  return owners.length === names.length ? owners : undefined;
}
