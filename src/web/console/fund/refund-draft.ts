/** The refund of a unit that is no more, as it is typed: its whole balance over the document. Pure (SPEC 8.3). */
import { parseDecimal } from '../../../base/area.ts';
import type { Random } from '../../../base/clock.ts';
import type { RefundBody, RefundsAnswer } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, KeptOpening, OwnFile } from './drafts.ts';
import {
  accountNumberOf,
  amountWords,
  errorsOf,
  fileWords,
  isAccountNumber,
  numberWords,
  openingOf,
} from './drafts.ts';
import { t } from './refund-desk-words.ts';

export type RefundForm = {
  /** Empty until it is chosen. */
  readonly unit: string;
  readonly number: string;
  readonly document: OwnFile | undefined;
};
export const EMPTY_REFUND: RefundForm = { unit: '', number: '', document: undefined };

/** A unit that is no more and has money still. */
export type Extinguished = RefundsAnswer['extinguished'][number];

export function refundDraft(
  { unit, number: typed, document }: RefundForm,
  extinguished: readonly Extinguished[],
  kept: readonly KeptOpening[],
  random: Random,
): Draft<keyof RefundForm, RefundBody> {
  const number = accountNumberOf(typed);
  const found = extinguished.find((one) => one.unit === unit);
  const isHeld = found !== undefined && found.heldFen !== '0';
  const errors = errorsOf<keyof RefundForm>({
    unit: isHeld ? t('held', { yuan: yuanWords(found.heldFen) }) : found ? undefined : draftingWord('choose'),
    number: isAccountNumber(number) ? undefined : draftingWord('account'),
    document: document === undefined ? draftingWord('file') : undefined,
  });
  if (errors !== undefined || found === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  return {
    ok: true,
    body: {
      unit,
      payeeOpening: openingOf(number, kept, random),
      documentHash: document.sha256,
      // What is shown below, so that the service refuses to draft another amount.
      expectedFen: found.availableFen,
    },
    facts: [
      t('unitFact', { account: found.account }),
      t('amountFact', { amount: amountWords(parseDecimal(found.availableFen) ?? 0n) }),
      t('numberFact', { number: numberWords(number) }),
      t('documentFact', { file: fileWords(document) }),
      t('closesFact'),
    ],
  };
}
