/**
 * Owners who demand a meeting: what is demanded, who joins or leaves it, the count that reached a fifth, and the public answer
 * (Regulation on property management §13, Guidance Rules 2009/274 §21; SPEC 5.4).
 */
import { parseDecimal, sumAreas } from '../base/area.ts';
import { present } from '../base/assert.ts';
import { h256, h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { boolean, closed, exactly, list, oneOf, recordForm, text } from './schema.ts';
import { decimal, hash, id, idOrNone, label, nonce } from './shapes.ts';

const requisition = closed({
  v: exactly(1),
  kind: oneOf('requisition'),
  community: id,
  requisition: id,
  title: label,
  text: text(4000),
  nonce,
});

export type Requisition = Of<typeof requisition>;
export const requisitionForm = recordForm(requisition, 'requisition');
/** `H256("requisition", bytes)`: it names nobody, so the log's hash does not either. */
export const requisitionHash = (bytes: Uint8Array): string => h256Text('requisition', bytes);

const support = closed({
  v: exactly(1),
  kind: oneOf('support'),
  community: id,
  requisition: id,
  /** What he read: nobody joins a text that is changed under him. */
  requisitionHash: hash,
  person: id,
  stands: oneOf('joined', 'left'),
  nonce,
});

export type Support = Of<typeof support>;
export const supportForm = recordForm(support, 'support');
/** `H256("support", bytes)`: what a credential of the person signs. */
export const supportHash = (bytes: Uint8Array): Uint8Array => h256('support', bytes);

const requisitionCount = closed({
  v: exactly(1),
  kind: oneOf('requisition-count'),
  community: id,
  requisition: id,
  /** The register in force; the entry that imported it says how many units and how much area it has. */
  register: id,
  /** Every head of the register, with those of its holders who had joined. */
  heads: list(
    closed({
      units: list(closed({ unit: id, areaDm2: decimal, counts: boolean }), 20_000, 1),
      supporters: list(id, 200),
    }),
    100_000,
  ),
  nonce,
});

export type RequisitionCount = Of<typeof requisitionCount>;
export const requisitionCountForm = recordForm(requisitionCount, 'requisition count', 32 * 1024 * 1024);
/** `H256("requisition-count", bytes)`. */
export const requisitionCountHash = (bytes: Uint8Array): string => h256Text('requisition-count', bytes);

const requisitionAnswer = closed({
  v: exactly(1),
  kind: oneOf('requisition-answer'),
  community: id,
  requisition: id,
  answer: oneOf('convened', 'refused'),
  /** The meeting that was drafted for it; none where it is refused. */
  meeting: idOrNone,
  reason: text(4000),
  nonce,
});

export type RequisitionAnswer = Of<typeof requisitionAnswer>;
export const requisitionAnswerForm = recordForm(requisitionAnswer, 'requisition answer');
/** `H256("requisition-answer", bytes)`. */
export const requisitionAnswerHash = (bytes: Uint8Array): string => h256Text('requisition-answer', bytes);

/** Days for the answer after the fifth, and again for the street office after the committee refused; then it is shown as missing. */
export const REQUISITION_DAYS = 30;

/** Whose word an answer is: by the role of the officer who signed it. */
export type Answerer = 'committee' | 'street';

/** Whose word a requisition that reached its fifth waits for; nobody's once one convenes or the street office has spoken. */
export type WaitsFor = '' | 'answer' | 'street';

/** What the answers given so far, in their order, leave open: the street office may overrule or confirm a refusal of the committee, once. */
export function waitsFor(
  answers: readonly { readonly by: Answerer; readonly answer: RequisitionAnswer['answer'] }[],
): WaitsFor {
  const [first, ...more] = answers;
  if (first === undefined) return 'answer';
  return more.length === 0 && first.by === 'committee' && first.answer === 'refused' ? 'street' : '';
}

/** Whether the answer agrees with itself: a meeting exactly where one is convened. */
export const isAnswerSound = ({ answer, meeting }: RequisitionAnswer): boolean =>
  (answer === 'convened') === (meeting !== '');

/** Who stands behind a requisition, and all who could: heads, and exclusive area in dm². */
export type SupportSums = {
  readonly heads: number;
  readonly areaDm2: bigint;
  readonly totalHeads: number;
  readonly totalAreaDm2: bigint;
};

/** The sums of a count; a head without a unit that counts is none. */
export function supportSumsOf({ heads }: Pick<RequisitionCount, 'heads'>): SupportSums {
  const weighed = heads.map(({ units, supporters }) => ({
    isJoined: supporters.length > 0,
    areaDm2: sumAreas(
      units.flatMap(({ areaDm2, counts }) =>
        counts ? [present(parseDecimal(areaDm2), 'checked decimal')] : [],
      ),
    ),
  }));
  const all = weighed.filter(({ areaDm2 }) => areaDm2 > 0n);
  const joined = all.filter(({ isJoined }) => isJoined);
  return {
    heads: joined.length,
    areaDm2: sumAreas(joined.map(({ areaDm2 }) => areaDm2)),
    totalHeads: all.length,
    totalAreaDm2: sumAreas(all.map(({ areaDm2 }) => areaDm2)),
  };
}

/** A fifth, and that is enough: 以上 includes the number (Civil Code §1259). */
export const SUPPORT_SHARE = { num: 1, den: 5 } as const;

/** Whether a fifth stands behind it by heads and by area; a community of nobody demands nothing. */
export const reachesFifth = ({ heads, areaDm2, totalHeads, totalAreaDm2 }: SupportSums): boolean =>
  totalHeads > 0 &&
  heads * SUPPORT_SHARE.den >= totalHeads * SUPPORT_SHARE.num &&
  areaDm2 * BigInt(SUPPORT_SHARE.den) >= totalAreaDm2 * BigInt(SUPPORT_SHARE.num);
