/** Moves between banks, interest and returned payments as they are typed, with what each does to which account. Pure (SPEC 8.3). */
import type { z } from 'zod';
import type { CivilDate } from '../../../base/civil-date.ts';
import type { BookAnswer } from '../../../fund/contract.ts';
import type {
  bankMoveBody,
  distributionBody,
  interestBody,
  MovementsAnswer,
  returnBody,
} from '../../../fund/movement-contract.ts';
import { dayWords } from '../../kit/times.ts';
import type { Bank } from './bank-names.ts';
import { bankOf, bankWords } from './bank-names.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft } from './drafts.ts';
import { amountWords, cleanText, errorsOf, fenOf, textError, yuanOf } from './drafts.ts';
import { t } from './movement-words.ts';

type BankMoveBody = z.input<typeof bankMoveBody>;
type InterestBody = z.input<typeof interestBody>;
type DistributionBody = z.input<typeof distributionBody>;
type ReturnBody = z.input<typeof returnBody>;
export type Banks = BookAnswer['banks'];

/** What is chosen where the money goes to an account that the book does not have. */
export const NEW_BANK = 'new';

/** Accounts by their ids; empty until chosen. */
export type MoveForm = Readonly<
  Record<'from' | 'to' | 'name' | 'lastDigits' | 'amount' | 'reference', string>
>;
export const EMPTY_MOVE: MoveForm = {
  from: '',
  to: '',
  name: '',
  lastDigits: '',
  amount: '',
  reference: '',
};

const amountError = (amountFen: bigint | undefined): string | undefined =>
  amountFen === undefined ? draftingWord('amount') : undefined;

/** A day of the bank's, not later than today. */
const dayError = (typed: string, today: CivilDate): string | undefined =>
  typed === '' ? draftingWord('day') : typed > today ? t('late') : undefined;

/** Where the money goes: an account of the book, or a new one. */
function targetOf({ to, name, lastDigits }: MoveForm, banks: Banks): Bank | undefined {
  if (to === NEW_BANK) return { name: cleanText(name), lastDigits: cleanText(lastDigits) };
  const found = banks.find(({ account }) => account === to);
  return found && bankOf(found.name);
}

export function moveDraft(form: MoveForm, banks: Banks): Draft<keyof MoveForm, BankMoveBody> {
  const source = banks.find(({ account }) => account === form.from);
  const target = targetOf(form, banks);
  const amountFen = fenOf(form.amount);
  const balanceFen = BigInt(source?.balanceFen ?? '0');
  const isNew = form.to === NEW_BANK;
  const isAbove = source !== undefined && amountFen !== undefined && amountFen > balanceFen;
  const errors = errorsOf<keyof MoveForm>({
    from: source === undefined ? draftingWord('choose') : undefined,
    to: target === undefined ? draftingWord('choose') : form.to === form.from ? t('same') : undefined,
    name: isNew && !/^[\p{L}\p{N}-]{1,20}$/u.test(target?.name ?? '') ? t('nameWrong') : undefined,
    lastDigits: isNew && !/^[0-9]{2,8}$/.test(target?.lastDigits ?? '') ? t('digitsWrong') : undefined,
    amount: isAbove ? t('aboveBank', { yuan: yuanOf(balanceFen) }) : amountError(amountFen),
    reference: textError(form.reference, 150),
  });
  if (errors !== undefined || source === undefined || target === undefined || amountFen === undefined)
    return { ok: false, errors: errors ?? {} };
  const reference = cleanText(form.reference);
  const words = `${target.name}尾号${target.lastDigits}`;
  const known = banks.find(({ name }) => bankWords(name) === words);
  return {
    ok: true,
    body: { from: bankOf(source.name), to: target, amountFen: String(amountFen), reference },
    facts: [
      t('fromFact', {
        bank: bankWords(source.name),
        amount: amountWords(amountFen),
        yuan: yuanOf(balanceFen - amountFen),
      }),
      known === undefined
        ? t('toNewFact', { bank: words })
        : t('toFact', { bank: words, yuan: yuanOf(BigInt(known.balanceFen) + amountFen) }),
      t('moveEffect'),
      t('referenceFact', { reference }),
    ],
  };
}

export type InterestForm = Readonly<Record<'bank' | 'receipt' | 'amount' | 'valueOn', string>>;
export const EMPTY_INTEREST: InterestForm = { bank: '', receipt: '', amount: '', valueOn: '' };

export function interestDraft(
  form: InterestForm,
  banks: Banks,
  today: CivilDate,
): Draft<keyof InterestForm, InterestBody> {
  const bank = banks.length === 1 ? banks[0] : banks.find(({ account }) => account === form.bank);
  const amountFen = fenOf(form.amount);
  const errors = errorsOf<keyof InterestForm>({
    bank: bank === undefined ? draftingWord('choose') : undefined,
    receipt: textError(form.receipt, 100),
    amount: amountError(amountFen),
    valueOn: dayError(form.valueOn, today),
  });
  if (errors !== undefined || bank === undefined || amountFen === undefined)
    return { ok: false, errors: errors ?? {} };
  const receipt = cleanText(form.receipt);
  return {
    ok: true,
    body: { bank: bankOf(bank.name), receipt, amountFen: String(amountFen), valueOn: form.valueOn },
    facts: [
      t('interestFact', { bank: bankWords(bank.name), amount: amountWords(amountFen) }),
      t('interestEffect'),
      t('receiptFact', { receipt, on: dayWords(form.valueOn) }),
    ],
  };
}

/** Where a period of interest begins, in words. */
export const sinceWords = ({ interestSince }: Pick<MovementsAnswer, 'interestSince'>): string =>
  interestSince === '' ? t('firstPeriod') : dayWords(interestSince);

export function distributionDraft(
  until: string,
  standing: Pick<MovementsAnswer, 'interestSince' | 'interestUndistributedFen'>,
  today: CivilDate,
): Draft<'until', DistributionBody> {
  const since = sinceWords(standing);
  const wrong =
    dayError(until, today) ?? (until <= standing.interestSince ? t('early', { since }) : undefined);
  if (wrong !== undefined) return { ok: false, errors: { until: wrong } };
  return {
    ok: true,
    // What is shown below: a colleague's receipt must not be shared out unseen.
    body: { until, expectedFen: standing.interestUndistributedFen },
    facts: [
      t('distributionFact', { amount: amountWords(BigInt(standing.interestUndistributedFen)) }),
      t('periodFact', { since, until: dayWords(until) }),
    ],
  };
}

export type ReturnForm = Readonly<Record<'seq' | 'receipt' | 'valueOn', string>>;
export const EMPTY_RETURN: ReturnForm = { seq: '', receipt: '', valueOn: '' };

export function returnDraft(
  form: ReturnForm,
  payments: MovementsAnswer['payments'],
  today: CivilDate,
): Draft<keyof ReturnForm, ReturnBody> {
  const paid = payments.find(({ seq }) => seq === form.seq);
  const errors = errorsOf<keyof ReturnForm>({
    seq: paid === undefined ? draftingWord('choose') : undefined,
    receipt: textError(form.receipt, 100),
    valueOn: dayError(form.valueOn, today),
  });
  if (errors !== undefined || paid === undefined) return { ok: false, errors: errors ?? {} };
  const { seq, payee, bank, amountFen } = paid;
  const receipt = cleanText(form.receipt);
  return {
    ok: true,
    body: { seq, receipt, valueOn: form.valueOn },
    facts: [
      t('returnedFact', { seq, payee, bank: bankWords(bank), amount: amountWords(BigInt(amountFen)) }),
      t('returnedEffect', { payee }),
      t('receiptFact', { receipt, on: dayWords(form.valueOn) }),
    ],
  };
}
