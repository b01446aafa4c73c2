/** What a checked file of opening balances becomes: the list that is booked and the facts that are shown first, or what is wrong. Pure (SPEC 8.3). */
import type { CivilDate } from '../../../base/civil-date.ts';
import type { BookAnswer, OpeningBody, OpeningFileAnswer } from '../../../fund/contract.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft } from './drafts.ts';
import { amountWords, cleanText, errorsOf, textError } from './drafts.ts';
import { t } from './opening-words.ts';

export type Finding = OpeningFileAnswer['findings'][number];

export type OpeningForm = {
  readonly reference: string;
  /** Empty until it is chosen. */
  readonly asOn: CivilDate | '';
  readonly bank: string;
  readonly lastDigits: string;
  /** What the service read in the file; undefined until it did. */
  readonly file: OpeningFileAnswer | undefined;
};

const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'info'];

/** Findings by code, what blocks first; within a code in the order of the file. */
export function grouped(findings: readonly Finding[]): readonly (readonly [Finding, readonly Finding[]])[] {
  const groups = new Map<string, Finding[]>();
  for (const one of findings) groups.set(one.code, [...(groups.get(one.code) ?? []), one]);
  return [...groups.values()]
    .flatMap((all) => (all[0] === undefined ? [] : [[all[0], all] as const]))
    .sort(([a], [b]) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

const countOf = ({ findings }: OpeningFileAnswer, code: string): number =>
  findings.filter((one) => one.code === code).length;

function fileError(file: OpeningFileAnswer | undefined): string | undefined {
  if (file === undefined) return draftingWord('file');
  if (file.findings.some(({ level }) => level === 'error')) return t('fileWrong');
  return file.balances.length === 0 ? t('fileEmpty') : undefined;
}

/** The banks of a book by their exported names, `资产:专户存款:建行尾号0321`; a name without them is a new one. */
export function openingDraft(
  { reference, asOn, bank, lastDigits, file }: OpeningForm,
  banks: BookAnswer['banks'],
  today: CivilDate,
): Draft<keyof OpeningForm, OpeningBody> {
  const errors = errorsOf<keyof OpeningForm>({
    file: fileError(file),
    reference: textError(reference, 150),
    asOn: asOn === '' ? draftingWord('day') : asOn > today ? t('asOnLate') : undefined,
    bank: textError(bank, 20),
    lastDigits: /^[0-9]{2,8}$/.test(cleanText(lastDigits)) ? undefined : t('lastDigitsWrong'),
  });
  if (errors !== undefined || file === undefined) return { ok: false, errors: errors ?? {} };
  const [name, digits] = [cleanText(bank), cleanText(lastDigits)];
  const isNew = banks.length > 0 && !banks.some((one) => one.name.endsWith(`:${name}尾号${digits}`));
  const [standing, missing] = [countOf(file, 'OPENING_STANDS'), countOf(file, 'OPENING_UNIT_MISSING')];
  return {
    ok: true,
    body: {
      statement: { reference: cleanText(reference), asOn },
      bank: { name, lastDigits: digits },
      balances: file.balances,
    },
    facts: [
      t('fact', { count: file.balances.length, amount: amountWords(BigInt(file.totalFen)) }),
      ...(standing === 0 ? [] : [t('standingFact', { count: standing })]),
      ...(missing === 0 ? [] : [t('missingFact', { count: missing })]),
      t(isNew ? 'newBankFact' : 'bankFact', { bank: name, digits }),
      t('statementFact', { reference: cleanText(reference), day: asOn }),
    ],
  };
}
