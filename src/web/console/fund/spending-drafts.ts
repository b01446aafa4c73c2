/** Acceptance, payment and closing as they are typed, checked against what the authorisation has left. Pure (SPEC 8.3). */
import type { z } from 'zod';
import { parseDecimal } from '../../../base/area.ts';
import type { accrualBody, BookAnswer, paymentBody } from '../../../fund/contract.ts';
import type { ClosingBody } from '../../../fund/life-routes.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { hexGroups } from '../../kit/fingerprint.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, KeptOpening, OwnFile } from './drafts.ts';
import {
  amountWords,
  cleanText,
  errorsOf,
  fenOf,
  fileWords,
  numberWords,
  openingUnder,
  textError,
  yuanOf,
} from './drafts.ts';
import { t } from './spending-words.ts';

type AccrualBody = z.input<typeof accrualBody>;
type PaymentBody = z.input<typeof paymentBody>;

export type Authorisation = BookAnswer['authorisations'][number];
type Bank = BookAnswer['banks'][number];

/** What is wrong with an amount that may be `mostFen` at most. */
function amountError(text: string, mostFen: string, above: 'aboveHeld' | 'abovePayable'): string | undefined {
  const fen = fenOf(text);
  if (fen === undefined) return draftingWord('amount');
  return fen > (parseDecimal(mostFen) ?? 0n) ? t(above, { yuan: yuanWords(mostFen) }) : undefined;
}

export type AccrualForm = {
  readonly amount: string;
  readonly stage: AccrualBody['stage'];
  readonly document: OwnFile | undefined;
};

export function accrualDraft(
  { amount, stage, document }: AccrualForm,
  { heldFen }: Pick<Authorisation, 'heldFen'>,
): Draft<'amount' | 'document', AccrualBody> {
  const errors = errorsOf({
    amount: amountError(amount, heldFen, 'aboveHeld'),
    document: document === undefined ? draftingWord('file') : undefined,
  });
  const amountFen = fenOf(amount);
  if (errors !== undefined || amountFen === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  return {
    ok: true,
    body: { amountFen: String(amountFen), stage, acceptanceHash: document.sha256 },
    facts: [
      t('accrualFact', { stage: t(stage), amount: amountWords(amountFen) }),
      t('documentFact', { file: fileWords(document) }),
    ],
  };
}

/** What may be paid, of an authorisation or a refund. */
export type Payable = Pick<
  Authorisation,
  'authorisation' | 'payee' | 'payeeAccount' | 'purpose' | 'payableFen'
>;

export type PaymentForm = {
  readonly amount: string;
  readonly reference: string;
  /** The bank account's id; empty for none. */
  readonly bank: string;
};
export const EMPTY_PAYMENT: PaymentForm = { amount: '', reference: '', bank: '' };

export function paymentDraft(
  form: PaymentForm,
  payable: Payable,
  banks: readonly Bank[],
  openings: readonly KeptOpening[],
): Draft<'amount' | 'reference' | 'bank', PaymentBody> {
  const { payee, payeeAccount, purpose, payableFen } = payable;
  const bank = banks.length === 1 ? banks[0] : banks.find(({ account }) => account === form.bank);
  const errors = errorsOf({
    amount: amountError(form.amount, payableFen, 'abovePayable'),
    reference: textError(form.reference, 150),
    bank: bank === undefined ? draftingWord('choose') : undefined,
  });
  const amountFen = fenOf(form.amount);
  if (errors !== undefined || amountFen === undefined || bank === undefined)
    return { ok: false, errors: errors ?? {} };
  const reference = cleanText(form.reference);
  const opened = openingUnder(openings, payeeAccount);
  return {
    ok: true,
    body: {
      amountFen: String(amountFen),
      payeeAccount,
      bank: bank.account,
      reference,
      // Whoever signs the order then sees the number, and not its hash alone.
      ...(opened === undefined ? {} : { payeeOpening: { salt: opened.salt, number: opened.number } }),
    },
    facts: [
      t('paymentFact', { bank: bank.name, amount: amountWords(amountFen) }),
      t('payeeFact', { payee, hash: hexGroups(payeeAccount).join(' ') }),
      opened === undefined ? t('noNumberFact') : t('numberFact', { number: numberWords(opened.number) }),
      t('useFact', { purpose, reference }),
      t('restFact', { yuan: yuanOf((parseDecimal(payableFen) ?? 0n) - amountFen) }),
    ],
  };
}

export function closingDraft(
  document: OwnFile | undefined,
  { purpose, heldFen, bookedClaimFen }: Pick<Authorisation, 'purpose' | 'heldFen' | 'bookedClaimFen'>,
): Draft<'document', ClosingBody> {
  if (document === undefined) return { ok: false, errors: { document: draftingWord('file') } };
  return {
    ok: true,
    body: { documentHash: document.sha256 },
    facts: [
      t('closingFact', { purpose, yuan: yuanWords(heldFen) }),
      ...(bookedClaimFen === '0'
        ? []
        : [t('closingClaimFact', { amount: amountWords(BigInt(bookedClaimFen)) })]),
      t('documentFact', { file: fileWords(document) }),
    ],
  };
}
