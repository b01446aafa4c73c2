/** Identifications and reversals as they are typed: which receipt, which homes, what is left. Pure (SPEC 8.3). */
import type { z } from 'zod';
import { sumFen } from '../../../base/fen.ts';
import type {
  DepositsAnswer,
  IdentificationBody,
  MovementsAnswer,
  reversalBody,
} from '../../../fund/movement-contract.ts';
import { dayWords } from '../../kit/times.ts';
import { bankWords } from './bank-names.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, Errors } from './drafts.ts';
import { amountWords, cleanPlace, cleanText, errorsOf, fenOf, textError, yuanOf } from './drafts.ts';
import type { Unit } from './emergency-drafts.ts';
import { membersByPlace } from './emergency-drafts.ts';
import { t } from './movement-words.ts';

type Waiting = MovementsAnswer['receipts'][number];
type ReversalBody = z.input<typeof reversalBody>;
export type Deposit = DepositsAnswer['deposits'][number];

/** A home and what it gets. */
export type HomeLine = { readonly place: string; readonly amount: string };
export type IdentificationForm = {
  /** The number of the receipt; empty until it is chosen. */
  readonly seq: string;
  readonly homes: readonly HomeLine[];
  readonly reference: string;
};
export const EMPTY_HOME: HomeLine = { place: '', amount: '' };
export const EMPTY_IDENTIFICATION: IdentificationForm = { seq: '', homes: [EMPTY_HOME], reference: '' };

/** Fields of the homes are numbered from 0. */
export type IdentificationField = 'seq' | 'reference' | `place${number}` | `amount${number}`;

/** What nobody identified of a receipt, in fen. */
export const restFenOf = ({ amountFen, identifiedFen }: Waiting): bigint =>
  BigInt(amountFen) - BigInt(identifiedFen);

/** The unit of each line, or what is wrong with its place. */
function unitsOf(
  homes: readonly HomeLine[],
  units: readonly Unit[] | undefined,
): readonly { readonly unit?: string; readonly error?: string }[] {
  const known = membersByPlace(units ?? [], false);
  const places = homes.map(({ place }) => cleanPlace(place));
  return places.map((place, at) => {
    if (place === '') return { error: draftingWord('empty') };
    if (units === undefined) return { error: t('registerMissing') };
    const [unit, ...others] = known.get(place) ?? [];
    if (unit === undefined) return { error: t('unknownPlace') };
    if (others.length > 0) return { error: t('unclearPlace') };
    return places.indexOf(place) < at ? { error: t('repeatedPlace') } : { unit };
  });
}

export function identificationDraft(
  form: IdentificationForm,
  receipts: readonly Waiting[],
  units: readonly Unit[] | undefined,
): Draft<IdentificationField, IdentificationBody> {
  const receipt = receipts.find(({ seq }) => seq === form.seq);
  const homes = unitsOf(form.homes, units).map((found, at) => {
    const { place = '', amount = '' } = form.homes[at] ?? {};
    return { ...found, place: cleanPlace(place), amountFen: fenOf(amount) };
  });
  const totalFen = sumFen(homes.map(({ amountFen }) => amountFen ?? 0n));
  const restFen = (receipt === undefined ? 0n : restFenOf(receipt)) - totalFen;
  const last = homes.length - 1;
  const aboveRest =
    receipt !== undefined && restFen < 0n ? t('aboveRest', { yuan: yuanOf(restFen + totalFen) }) : undefined;
  const errors: Errors<IdentificationField> | undefined = errorsOf({
    seq: receipt === undefined ? draftingWord('choose') : undefined,
    reference: textError(form.reference, 150),
    ...Object.fromEntries(homes.map(({ error }, at) => [`place${at}`, error])),
    ...Object.fromEntries(
      homes.map(({ amountFen }, at) => [
        `amount${at}`,
        amountFen === undefined ? draftingWord('amount') : at === last ? aboveRest : undefined,
      ]),
    ),
  } as Record<IdentificationField, string | undefined>);
  if (errors !== undefined || receipt === undefined) return { ok: false, errors: errors ?? {} };
  const reference = cleanText(form.reference);
  const { seq, valueOn } = receipt;
  return {
    ok: true,
    body: {
      items: homes.map(({ unit = '', amountFen }) => ({ unit, amountFen: String(amountFen) })),
      seq,
      reference,
    },
    facts: [
      t('waitingFact', {
        seq,
        on: dayWords(valueOn),
        receipt: receipt.receipt,
        amount: amountWords(totalFen),
      }),
      ...homes.map(({ place, amountFen = 0n }) =>
        t('homeFact', { home: place, amount: amountWords(amountFen) }),
      ),
      t('restFact', { yuan: yuanOf(restFen) }),
      t('referenceFact', { reference }),
    ],
  };
}

/** Whose account a deposit went to: `1幢 101`, or the money of unknown payers. */
export function homeWords(account: string): string {
  const [, , building, room] = account.split(':');
  return building === undefined ? t('pool') : `${building} ${room}`;
}

export function reversalDraft(typed: string, deposit: Deposit): Draft<'reference', ReversalBody> {
  const error = textError(typed, 150);
  if (error !== undefined) return { ok: false, errors: { reference: error } };
  const { seq, valueOn, amountFen, account, bank } = deposit;
  const reference = cleanText(typed);
  return {
    ok: true,
    body: { seq, reference },
    facts: [
      t('reversalFact', { seq, amount: amountWords(BigInt(amountFen)), on: dayWords(valueOn) }),
      t('reversalEffect', { home: homeWords(account), bank: bankWords(bank) }),
      t('referenceFact', { reference }),
    ],
  };
}
