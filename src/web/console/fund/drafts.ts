/** What a form's texts become: a body that the service takes and the facts that are shown first, or what is wrong, by field. Pure (SPEC 8.3). */
import { fromBase64Url, toBase64Url } from '../../../base/bytes.ts';
import { capitalYuan } from '../../../base/capital-yuan.ts';
import type { Random } from '../../../base/clock.ts';
import { parseYuan } from '../../../base/fen.ts';
import type { AccountOpeningAnswer } from '../../../fund/contract.ts';
import { accountHash } from '../../../record/meeting.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { hexGroups } from '../../kit/fingerprint.ts';
import { t } from './drafting-words.ts';

export type Errors<F extends string> = Readonly<Partial<Record<F, string>>>;
export type Draft<F extends string, B> =
  | { readonly ok: true; readonly body: B; readonly facts: readonly string[] }
  | { readonly ok: false; readonly errors: Errors<F> };

/** A file of the officer's own: only its SHA-256 leaves the page, as base64url. */
export type OwnFile = { readonly name: string; readonly sha256: string };

/** What opens a payee's account, as the console offers it when a meeting is drafted. */
export type KeptOpening = AccountOpeningAnswer & { readonly payee: string };

export const cleanText = (text: string): string => text.normalize('NFC').trim();
/** A place as it is compared: whoever types it does not see how many spaces the register has. */
export const cleanPlace = (text: string): string => cleanText(text).replace(/\s+/g, ' ');

/** A whole amount in groups of three: `1,0005` may be 10,005 or a slip of 1,000.5. */
const GROUPED_YUAN = /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/;

/** Fen of a text in yuan, more than nothing; undefined for anything else. */
export function fenOf(text: string): bigint | undefined {
  const typed = cleanText(text);
  const parsed = parseYuan(GROUPED_YUAN.test(typed) ? typed.replaceAll(',', '') : typed);
  return parsed.ok && parsed.value > 0n ? parsed.value : undefined;
}

/** `1,000.00` of fen that are not negative. */
export const yuanOf = (amountFen: bigint): string => yuanWords(String(amountFen));

/** `1,000.00 元（大写：壹仟元整）`. */
export const amountWords = (amountFen: bigint): string =>
  `${yuanOf(amountFen)} 元（${t('capital', { capital: capitalYuan(amountFen) })}）`;

/** `档案.pdf，指纹 1234 …`: enough of the hash to tell files apart. */
export const fileWords = ({ name, sha256 }: OwnFile): string =>
  `${name}，${hexGroups(sha256, 4).join(' ')} …`;

/** The number without what people type between its groups. */
export const accountNumberOf = (text: string): string => cleanText(text).replace(/\s/g, '');
export const isAccountNumber = (number: string): boolean => /^[0-9A-Za-z-]{4,64}$/.test(number);
/** In groups of four, as it is compared. */
export const numberWords = (number: string): string => number.replace(/(.{4})(?=.)/g, '$1 ');

/** Kept openings of a file; undefined where it is none. */
export function readOpenings(text: string): readonly KeptOpening[] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    const isOpening = (one: KeptOpening | null): boolean =>
      fromBase64Url(String(one?.salt))?.length === 16 && isAccountNumber(String(one?.number));
    return Array.isArray(read) && read.every(isOpening) ? (read as readonly KeptOpening[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The opening under a hash of the records. */
export const openingUnder = (
  openings: readonly KeptOpening[],
  payeeAccount: string,
): KeptOpening | undefined =>
  openings.find(
    ({ salt, number }) => accountHash(fromBase64Url(salt) ?? new Uint8Array(), number) === payeeAccount,
  );

/** The opening of a number: the kept one, so that both hashes are one, or a new one. */
export function openingOf(
  number: string,
  kept: readonly KeptOpening[],
  random: Random,
): AccountOpeningAnswer {
  const same = kept.find((one) => one.number === number);
  return { salt: same?.salt ?? toBase64Url(random(16)), number };
}

/** Collects what is wrong with a form, field by field; undefined errors are none. */
export function errorsOf<F extends string>(
  found: Readonly<Record<F, string | undefined>>,
): Errors<F> | undefined {
  const wrong = Object.entries<string | undefined>(found).filter(([, error]) => error !== undefined);
  return wrong.length === 0 ? undefined : (Object.fromEntries(wrong) as Errors<F>);
}

/** What is wrong with a text that must say something. */
export function textError(text: string, max: number): string | undefined {
  const size = cleanText(text).length;
  return size === 0 ? t('empty') : size > max ? t('long', { max }) : undefined;
}
