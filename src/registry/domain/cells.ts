/** Typed values of attacker-controlled cells: texts, names, phones, dates, states and kinds (DESIGN §7). */
import type { CivilDate } from '../../base/civil-date.ts';
import { parseCivilDate } from '../../base/civil-date.ts';
import type { RollUnit } from '../../record/roll.ts';
import type { FindingCode } from './findings.ts';
import type { UnitState } from './head.ts';

/** A value, or the code of what is wrong with the cell. */
export type Reading<T> =
  | { readonly value: T; readonly code?: FindingCode }
  | { readonly value?: never; readonly code: FindingCode };

const EDGES = /^[\s\u200b\ufeff\u2060\u00ad]+|[\s\u200b\ufeff\u2060\u00ad]+$/gu;

/** Whether a letter is visible for certain: of ASCII or the common Chinese characters, as most are. */
const isVisible = (code: number): boolean =>
  (code > 0x20 && code < 0x7f) || (code >= 0x4e00 && code <= 0x9fff);

/**
 * Without the spaces and invisible marks at both ends, else unchanged: names are kept as they were written.
 */
export const trimCell = (text: string): string =>
  isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))
    ? text
    : text.replace(EDGES, '');

const QUOTED_FORMULA = /^="((?:[^"]|"")*)"$/;

/** The text inside `="…"`, or after a leading apostrophe or tab: how spreadsheets mark a number as text. */
export function unwrap(text: string): { readonly text: string; readonly wrapped: boolean } {
  const bare = trimCell(text);
  const inner = QUOTED_FORMULA.exec(bare)?.[1];
  if (inner !== undefined) return { text: trimCell(inner.replaceAll('""', '"')), wrapped: true };
  if (bare.startsWith("'")) return { text: trimCell(bare.slice(1)), wrapped: true };
  return { text: bare, wrapped: text.startsWith('\t') };
}

const ERROR_VALUE = /^#(?:REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+$)/i;

/**
 * What forbids to read a cell of any kind: an error value or a formula, whose result a text file does not
 * hold.
 */
export function cellFault(text: string): 'REG-C350' | 'REG-C352' | undefined {
  if (ERROR_VALUE.test(text)) return 'REG-C352';
  return /^=\S/.test(text) ? 'REG-C350' : undefined;
}

/** Control, format and lost characters hide or reorder what a person sees. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\ufffd\u2028\u2029]|\p{Noncharacter_Code_Point}/u;
export const hasUnsafeCharacter = (text: string): boolean => UNSAFE.test(text);

/**
 * Private use, outside the basic plane, compatibility ideographs, and the question mark of a lost
 * character.
 */
const RARE = /[\p{Co}\u{10000}-\u{10ffff}\uf900-\ufaff?？]/u;
/** The first character of a name that may have changed when the file was saved, as `U+E000`. */
export function rareCharacter(name: string): string | undefined {
  const point = RARE.exec(name)?.[0].codePointAt(0);
  return point === undefined ? undefined : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The common Chinese characters, which folding leaves as they are. */
const ALL_HAN = /^[\u4e00-\u9fff]*$/;

/**
 * Equal for names that differ only in width, spaces, case and the kind of middle dot. Never stored as the
 * name.
 */
export const foldName = (name: string): string =>
  ALL_HAN.test(name)
    ? name
    : name
        .normalize('NFKC')
        .replace(/[\s\p{Cf}]/gu, '')
        .replace(/[·•・‧∙⋅]/gu, '·')
        .toLowerCase();

const PLACEHOLDER =
  /^(?:无|空|空置|待定|未知|不详|业主|开发商|建设单位|发展商|未售|[-/\\.*?？—_、]+|n\/?a|null|none)$/iu;
/** Longer texts with letters or digits at their start are not even folded: most cells are of that kind. */
const LONGEST_WORD = 8;
const WORDY = /^[\p{L}\p{N}]/u;
/** No word that stands for nothing begins with a digit. */
const beginsWithDigit = (text: string): boolean => text.charCodeAt(0) >= 0x30 && text.charCodeAt(0) <= 0x39;
/** Whether a text stands for "nothing" in a column of names or numbers. */
export const isPlaceholder = (text: string): boolean =>
  text !== '' &&
  !beginsWithDigit(text) &&
  (text.length <= LONGEST_WORD || !WORDY.test(text)) &&
  PLACEHOLDER.test(foldName(text));

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
const DATE_LIKE = new RegExp(
  `^(?:(?:(?:19|20)\\d\\d年)?\\d{1,2}月(?:\\d{1,2}日)?|(?:19|20)\\d\\d年\\d{1,2}月?` +
    `|(?:19|20)\\d\\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\\d|3[01])(?: 0?0:00(?::00)?)?` +
    `|\\d{1,2}-${MONTH}(?:-\\d{2,4})?|${MONTH}-\\d{2,4})$`,
  'i',
);
/** Whether a spreadsheet turned `3-2` into a date (C306). */
export const looksLikeDate = (text: string): boolean =>
  !/^\d*$/.test(text) && DATE_LIKE.test(text.normalize('NFKC'));

const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^(?:0\d{2,3})?[2-9]\d{6,7}(?:-\d{1,6})?$/;
const FOREIGN = /^\+[1-9]\d{6,14}$/;

/** A phone: eleven digits of a mobile, a landline with its area code, or `+` and a number abroad. */
export function readPhone(text: string): Reading<string> {
  const folded = text.normalize('NFKC').replace(/[\p{Cf}\s()]/gu, '');
  if (/^\d(?:\.\d+)?E\+?\d{1,3}$/i.test(folded)) return { code: 'REG-C321' };
  const national = folded.replace(/^(?:\+|00)?86-?(?=1[3-9][\d-]{9,}$|0\d{2,3})/, '').replace(/转/u, '-');
  const digits = national.replace(/\p{Pd}/gu, '');
  if (MOBILE.test(digits)) return { value: digits };
  const abroad = digits.replace(/^00(?=[1-9])/, '+');
  if (FOREIGN.test(abroad)) return { value: abroad };
  const landline = national.replace(/^(0\d{2,3})\p{Pd}/u, '$1').replace(/\p{Pd}/gu, '-');
  return LANDLINE.test(landline) ? { value: landline } : { code: 'REG-C320' };
}

const DATE = /^(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$/;
const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/;

/** A civil date in one of the ways in which registers write it. */
export function readDate(text: string, today: CivilDate): Reading<CivilDate> {
  const folded = trimCell(text.normalize('NFKC'));
  if (/^\d{5}(?:\.\d+)?$/.test(folded)) return { code: 'REG-C342' };
  const [, year = '', month = '', day = ''] = DATE.exec(folded) ?? COMPACT_DATE.exec(folded) ?? [];
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (parseCivilDate(value) === undefined || value < '1900-01-01') return { code: 'REG-C340' };
  return value > today ? { value, code: 'REG-C341' } : { value };
}

/** Whose vote the unit is, by 房屋状态; undefined where the text says nothing that is known. */
export function readState(text: string): UnitState | undefined {
  const folded = text.normalize('NFKC').replace(/[\s()/,、-]/gu, '');
  if (/^(?:未售|待售|未出售|未售出|在售|可售|库存|未销售)/u.test(folded)) return 'unsold';
  if (/未交付|未交房|未交楼|待交付|待交房|待交楼/u.test(folded)) return 'undelivered';
  return /^(?:已|正常|自住|自用|入住|出租|空置|空房|装修|交付|交楼|交房|有效|$)/u.test(folded)
    ? 'delivered'
    : undefined;
}

export type UnitKind = RollUnit['kind'];

const KIND_WORDS: readonly (readonly [RegExp, UnitKind])[] = [
  [/车位|车库|停车|车房|泊位/u, 'parking'],
  [/储藏|储物|杂物|杂房|仓储|仓库|地下室/u, 'storage'],
  [/住宅|居住|公寓|别墅|住房|宿舍|商住/u, 'dwelling'],
  [/商铺|商业|商服|店铺|店面|门面|铺位|门市|铺/u, 'shop'],
  [/办公|写字楼/u, 'office'],
];

/** The kind of a unit by its use, and where the file has none by what building and room are called. */
export function readKind(use: string, place: string): UnitKind {
  const text = use.trim() === '' ? place : use;
  const found = KIND_WORDS.find(([words]) => words.test(text))?.[1];
  return found ?? (use.trim() === '' ? 'dwelling' : 'other');
}

export type AreaSource = RollUnit['areaSource'];

/** What an area rests on (Judicial Interpretation art. 8): the register unless the file says otherwise. */
export function readAreaSource(text: string): AreaSource {
  if (/测绘|实测|实勘/u.test(text)) return 'survey';
  return /合同|预测|预售/u.test(text) ? 'contract' : 'register';
}
