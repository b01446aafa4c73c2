/** The refund of a unit that is no more, as it is typed: its whole balance, which was looked up, over the document. Pure (SPEC 8.3). */
import { parseDecimal } from '../../../base/area.ts';
import type { Random } from '../../../base/clock.ts';
import type { StatementAnswer } from '../../../fund/contract.ts';
import type { RefundBody } from '../../../fund/movement-contract.ts';
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
  readonly unit: string;
  readonly number: string;
  readonly document: OwnFile | undefined;
};
export const EMPTY_REFUND: RefundForm = { unit: '', number: '', document: undefined };

export const isUnitId = (unit: string): boolean => /^[a-z2-7]{26}$/.test(unit);

export function refundDraft(
  { unit, number: typed, document }: RefundForm,
  /** What was looked up last, of whichever unit. */
  statement: Pick<StatementAnswer, 'unit' | 'availableFen'> | undefined,
  kept: readonly KeptOpening[],
  random: Random,
): Draft<keyof RefundForm, RefundBody> {
  const number = accountNumberOf(typed);
  const isRead = statement !== undefined && statement.unit === unit;
  const errors = errorsOf<keyof RefundForm>({
    unit: !isUnitId(unit) ? t('unitWrong') : isRead ? undefined : t('looking'),
    number: isAccountNumber(number) ? undefined : draftingWord('account'),
    document: document === undefined ? draftingWord('file') : undefined,
  });
  if (errors !== undefined || !isRead || document === undefined) return { ok: false, errors: errors ?? {} };
  return {
    ok: true,
    body: { unit, payeeOpening: openingOf(number, kept, random), documentHash: document.sha256 },
    facts: [
      t('unitFact', { unit }),
      t('amountFact', { amount: amountWords(parseDecimal(statement.availableFen) ?? 0n) }),
      t('numberFact', { number: numberWords(number) }),
      t('documentFact', { file: fileWords(document) }),
      t('closesFact'),
    ],
  };
}
