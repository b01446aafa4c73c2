/** Which steps an authorisation has now, and what is undone under it: claims, accruals, an emergency itself. Pure (SPEC 8.3). */
import type { z } from 'zod';
import type { EmergencyAnnulmentBody } from '../../../fund/emergency-routes.ts';
import type { annulmentBody, cancellationBody } from '../../../fund/movement-contract.ts';
import { yuanWords } from '../../kit/amount-words.ts';
import type { Decided } from './decided.ts';
import { t as draftingWord } from './drafting-words.ts';
import type { Draft, OwnFile } from './drafts.ts';
import { amountWords, cleanText, errorsOf, fileWords, textError } from './drafts.ts';
import type { Authorisation } from './spending-drafts.ts';
import { t } from './spending-words.ts';

type CancellationBody = z.input<typeof cancellationBody>;
type AnnulmentBody = z.input<typeof annulmentBody>;

export type Step = 'claim' | 'hold' | 'accrual' | 'payment' | 'cancellation' | 'closing' | 'release';

/** Of a revoked one: whether stages that were paid in part left a rest payable, which the release takes along. */
const hasRest = ({ state, payableFen, cancellable, restStays }: Authorisation): boolean =>
  state === 'revoked' && payableFen !== '0' && cancellable.length === 0 && !restStays;

/** The steps that the service takes now, in their order. */
export function stepsOf(one: Authorisation): readonly Step[] {
  const isOpen = one.state === 'open';
  const isOwed = one.payableFen !== '0';
  const hasClaim = one.claimFen !== '0' || one.bookedClaimFen !== '0';
  const canBe: Readonly<Record<Step, boolean>> = {
    claim: isOpen && !one.wasHeld && hasClaim,
    hold: isOpen && !one.wasHeld,
    accrual: isOpen && one.heldFen !== '0',
    // What the bank sent back under a closed one is owed still; under a revoked one nobody is paid.
    payment: one.state !== 'revoked' && isOwed,
    cancellation: one.cancellable.length > 0,
    closing: isOpen && !isOwed,
    release:
      !isOpen &&
      (hasRest(one) || ((!isOwed || one.restStays) && (one.heldFen !== '0' || one.bookedClaimFen !== '0'))),
  };
  return (Object.keys(canBe) as Step[]).filter((step) => canBe[step]);
}

/** Why the rest of an ended authorisation does not go back yet; undefined where nothing waits. */
export function waitWords(one: Authorisation): string | undefined {
  const { state, payableFen } = one;
  if (state === 'open' || payableFen === '0' || hasRest(one)) return undefined;
  if (one.restStays) return t('restStays', { yuan: yuanWords(payableFen) });
  const what = t(state === 'revoked' ? 'waitsForCancellation' : 'waitsForPayment');
  return t('releaseWaits', { yuan: yuanWords(payableFen), what });
}

export type BareName = 'claim' | 'hold' | 'release';

/** What a step says that takes nothing but the authorisation. */
export function bareFacts(name: BareName, one: Authorisation): readonly string[] {
  const { capFen, heldFen, payableFen, claimFen, bookedClaimFen, developerUnits, units, purpose, payee } =
    one;
  const amount = (fen: string) => amountWords(BigInt(fen));
  if (name === 'hold')
    return [t('holdFact', { count: units, amount: amount(capFen) }), t('holdUse', { purpose, payee })];
  if (name === 'claim')
    return [
      claimFen === '0'
        ? t('claimSettleFact', { amount: amount(bookedClaimFen) })
        : t('claimFact', { count: developerUnits, amount: amount(claimFen) }),
      t('claimUse', { purpose }),
    ];
  if (hasRest(one)) {
    const whole = BigInt(heldFen) + BigInt(payableFen);
    return [
      t('releaseRestFact', { amount: amount(payableFen) }),
      t('releaseFact', { amount: amountWords(whole) }),
    ];
  }
  return [
    heldFen === '0'
      ? t('releaseClaimFact', { amount: amount(bookedClaimFen) })
      : t('releaseFact', { amount: amount(heldFen) }),
  ];
}

/** What is left to do once such a step is booked. */
export const bareNext = (name: BareName, { restStays }: Authorisation): string =>
  t(name === 'release' && restStays ? 'releaseStaysNext' : `${name}Next`);

export type CancellationForm = {
  /** The number of the accrual; empty until it is chosen. */
  readonly seq: string;
  readonly reason: string;
};
export const EMPTY_CANCELLATION: CancellationForm = { seq: '', reason: '' };

export function cancellationDraft(
  form: CancellationForm,
  { cancellable }: Pick<Authorisation, 'cancellable'>,
): Draft<keyof CancellationForm, CancellationBody> {
  const found = cancellable.find(({ seq }) => seq === form.seq);
  const errors = errorsOf<keyof CancellationForm>({
    seq: found === undefined ? draftingWord('choose') : undefined,
    reason: textError(form.reason, 150),
  });
  if (errors !== undefined || found === undefined) return { ok: false, errors: errors ?? {} };
  const { seq, narrative, amountFen } = found;
  const reason = cleanText(form.reason);
  return {
    ok: true,
    body: { seq, reason },
    facts: [
      t('cancellationFact', { seq, stage: narrative, amount: amountWords(BigInt(amountFen)) }),
      t('reasonFact', { reason }),
    ],
  };
}

type Undone = Pick<
  Authorisation,
  'purpose' | 'payee' | 'capFen' | 'heldFen' | 'payableFen' | 'paidFen' | 'meeting' | 'proposal'
>;

/** What an annulment does to the money of one authorisation. */
const undoneFacts = ({ heldFen, payableFen, paidFen }: Undone): readonly string[] => [
  t('annulmentHeldFact', { yuan: yuanWords(heldFen), payable: yuanWords(payableFen) }),
  t('annulmentPaidFact', { yuan: yuanWords(paidFen) }),
];

export function annulmentDraft(
  document: OwnFile | undefined,
  one: Undone,
): Draft<'document', EmergencyAnnulmentBody> {
  if (document === undefined) return { ok: false, errors: { document: draftingWord('file') } };
  const { purpose, payee, capFen } = one;
  return {
    ok: true,
    body: { documentHash: document.sha256 },
    facts: [
      t('annulmentFact', { purpose, payee, yuan: yuanWords(capFen) }),
      ...undoneFacts(one),
      t('orderFact', { file: fileWords(document) }),
    ],
  };
}

export type ResolutionForm = {
  /** Meeting and proposal with a space between; empty until it is chosen. */
  readonly resolution: string;
  readonly document: OwnFile | undefined;
};

/** The annulment of a resolution: all that it opened of the fund falls with it. */
export function resolutionDraft(
  { resolution, document }: ResolutionForm,
  decided: readonly Decided[],
  authorisations: readonly Undone[],
): Draft<keyof ResolutionForm, AnnulmentBody> {
  const found = decided.find(({ id }) => id === resolution);
  const errors = errorsOf<keyof ResolutionForm>({
    resolution: found === undefined ? draftingWord('choose') : undefined,
    document: document === undefined ? draftingWord('file') : undefined,
  });
  if (errors !== undefined || found === undefined || document === undefined)
    return { ok: false, errors: errors ?? {} };
  const [meeting = '', proposal = ''] = found.id.split(' ');
  const opened = authorisations.filter((one) => one.meeting === meeting && one.proposal === proposal);
  return {
    ok: true,
    body: { meeting, proposal, documentHash: document.sha256 },
    facts: [
      t('resolutionFact', { title: found.text }),
      t('resolutionIdsFact', { meeting, proposal }),
      ...(opened.length === 0 ? [t('resolutionNoFundFact')] : []),
      // One line for each, since several may have nothing held or paid alike.
      ...opened.map((one) =>
        [t('annulmentFact', { ...one, yuan: yuanWords(one.capFen) }), ...undoneFacts(one)].join('；'),
      ),
      t('orderFact', { file: fileWords(document) }),
    ],
  };
}
