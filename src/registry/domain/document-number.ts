/**
 * Document numbers of owners: GB 11643-1999, GB 32100-2015 and the formats of law.md §7.3, checked and
 * normalised.
 */
import type { CivilDate } from '../../base/civil-date.ts';
import { parseCivilDate } from '../../base/civil-date.ts';
import type { DOCUMENT_KINDS } from '../../record/identity.ts';
import { foldNumber } from '../../record/identity.ts';

/** The kinds of SPEC 3.1. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

type NumberFault = 'REG-C310' | 'REG-C311' | 'REG-C312' | 'REG-C316';
type NumberDoubt = 'REG-C313' | 'REG-C314' | 'REG-C315';

/** A number as it is stored and compared, or the fault that forbids to use it. */
type DocumentReading = {
  readonly kind: DocumentKind;
  /** Normalised; old 15-digit ids in their 18-digit form, so that one person is one head. */
  readonly number: string;
  readonly fault?: NumberFault;
  readonly doubt?: NumberDoubt;
};

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS = '10X98765432';

/** Check character of the first 17 digits of a resident id (GB 11643). */
export function residentCheck(body: string): string {
  let sum = 0;
  for (const [at, weight] of RESIDENT_WEIGHTS.entries()) sum += Number(body.charAt(at)) * weight;
  return RESIDENT_CHECKS.charAt(sum % 11);
}

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CREDIT_FORM = /^[0-9A-HJ-NPQRTUWXY]{18}$/;

/** Check character of the first 17 characters of a unified social credit code (GB 32100). */
export function creditCheck(body: string): string {
  let sum = 0;
  for (const [at, weight] of CREDIT_WEIGHTS.entries())
    sum += CREDIT_ALPHABET.indexOf(body.charAt(at)) * weight;
  return CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

const RESIDENT_FORM = /^\d{17}[\dX]$/;
const OLD_RESIDENT_FORM = /^\d{15}$/;
/** What a spreadsheet makes of a long number: 4.42E+17. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d{1,3}$/;
const MASKED = /[*＊●•✱×]|X{4,}/u;

/** The 18-digit form of an old 15-digit id. */
export function upgradeOldId(old: string): string {
  const body = `${old.slice(0, 6)}19${old.slice(6)}`;
  return body + residentCheck(body);
}

function birthFault(number: string, today: CivilDate): NumberFault | undefined {
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  return parseCivilDate(birth) === undefined || birth < '1800-01-01' || birth > today
    ? 'REG-C312'
    : undefined;
}

function residentKind(number: string): DocumentKind {
  if (/^8[123]0000/.test(number)) return 'residence-permit';
  return number.startsWith('9') ? 'foreign-permanent-card' : 'resident-id';
}

/** An 18-character number under GB 11643; a number that lost its end in a spreadsheet is told apart. */
function readResident(number: string, today: CivilDate): DocumentReading {
  const kind = residentKind(number);
  const birth = birthFault(number, today);
  if (birth !== undefined) return { kind, number, fault: birth };
  if (number.charAt(17) === residentCheck(number)) return { kind, number };
  // A spreadsheet keeps 15 digits of a number and fills the rest with zeros.
  return { kind, number, fault: number.endsWith('000') ? 'REG-C310' : 'REG-C311' };
}

function readIdCard(number: string, today: CivilDate): DocumentReading {
  if (OLD_RESIDENT_FORM.test(number)) {
    const upgraded = readResident(upgradeOldId(number), today);
    return upgraded.fault === undefined ? { ...upgraded, doubt: 'REG-C313' } : upgraded;
  }
  if (RESIDENT_FORM.test(number)) return readResident(number, today);
  return { kind: 'resident-id', number, fault: 'REG-C311' };
}

function readCreditCode(number: string): DocumentReading {
  const kind = 'credit-code';
  if (!CREDIT_FORM.test(number)) return { kind, number, fault: 'REG-C311' };
  return number.charAt(17) === creditCheck(number) ? { kind, number } : { kind, number, doubt: 'REG-C315' };
}

const LOOSE_FORMS: Readonly<
  Record<'passport' | 'hk-macau-permit' | 'taiwan-permit' | 'officer-card', RegExp>
> = {
  passport: /^[A-Z0-9]{5,20}$/,
  'hk-macau-permit': /^[HM]\d{8}(?:\d{2})?$/,
  'taiwan-permit': /^(?:\d{8}|[A-Z]?\d{10}|\d{10}[A-Z])$/,
  'officer-card': /^[\p{L}\d第号字()]{4,20}$/u,
};

/**
 * A permit that was renewed keeps its holder's number and changes only the last two digits of the old card.
 */
const stableNumber = (kind: DocumentKind, number: string): string =>
  kind === 'hk-macau-permit' ? number.slice(0, 9) : number;

function readLoose(kind: keyof typeof LOOSE_FORMS, number: string): DocumentReading {
  return LOOSE_FORMS[kind].test(number)
    ? { kind, number: stableNumber(kind, number) }
    : { kind, number, doubt: 'REG-C314' };
}

const KIND_WORDS: readonly (readonly [RegExp, DocumentKind])[] = [
  [/居住证/u, 'residence-permit'],
  [/永久居留/u, 'foreign-permanent-card'],
  [/港澳.*通行证|回乡证|来往内地/u, 'hk-macau-permit'],
  [/台湾.*通行证|台胞证|来往大陆/u, 'taiwan-permit'],
  [/护照/u, 'passport'],
  [/信用代码|营业执照|机构代码/u, 'credit-code'],
  [/军官|士兵|警官|军人|文职/u, 'officer-card'],
  [/^(?:香港|澳门|台湾|港澳台?).*身份证|^其他|^其它/u, 'other'],
  [/身份证|公民身份/u, 'resident-id'],
];

/** The kind that a text in the column 证件类型 names, or undefined. */
export const documentKindOf = (text: string): DocumentKind | undefined =>
  KIND_WORDS.find(([word]) => word.test(text.normalize('NFKC').replace(/\s/g, '')))?.[1];

/** The kind that the number itself suggests. Foreigners' cards and credit codes both may begin with 9. */
function inferKind(number: string): DocumentKind {
  if (RESIDENT_FORM.test(number) && number.startsWith('9')) {
    const isCode = number.charAt(17) === creditCheck(number) && number.charAt(17) !== residentCheck(number);
    const month = Number(number.slice(10, 12));
    return isCode || month < 1 || month > 12 ? 'credit-code' : 'foreign-permanent-card';
  }
  if (RESIDENT_FORM.test(number) || OLD_RESIDENT_FORM.test(number)) return 'resident-id';
  if (CREDIT_FORM.test(number)) return 'credit-code';
  if (/^[HM]\d{8}(?:\d{2})?$/.test(number)) return 'hk-macau-permit';
  if (/^[A-Z]{1,2}\d{7,8}$/.test(number)) return 'passport';
  // Digits only, of a length that no document has: a resident id with a digit too few or too many.
  if (/^\d{9,24}X?$/.test(number)) return 'resident-id';
  return /字第/u.test(number) ? 'officer-card' : 'other';
}

/** Reads a document number. `kindText` is the cell 证件类型, empty where there is none. */
export function readDocument(numberText: string, kindText: string, today: CivilDate): DocumentReading {
  const number = foldNumber(numberText);
  const named = kindText === '' ? undefined : documentKindOf(kindText);
  const kind = named ?? inferKind(number);
  if (MASKED.test(number)) return { kind, number, fault: 'REG-C316' };
  if (SCIENTIFIC.test(number)) return { kind, number, fault: 'REG-C310' };
  const unknown = kindText !== '' && named === undefined ? ({ doubt: 'REG-C314' } as const) : {};
  switch (kind) {
    case 'resident-id':
    case 'residence-permit':
    case 'foreign-permanent-card':
      return { ...unknown, ...readIdCard(number, today) };
    case 'credit-code':
      return { ...unknown, ...readCreditCode(number) };
    case 'other':
      return { kind, number, doubt: 'REG-C314' };
    default:
      return { ...unknown, ...readLoose(kind, number) };
  }
}
