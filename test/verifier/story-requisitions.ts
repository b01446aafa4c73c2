// Two owners demand a meeting while another one runs: ada and deng are a third of the heads and more than a fifth of the area, and the
// committee answers; the street office may have a word on it. The story has it only where a Forge asks for it.
import { toBase64Url } from '../../src/base/bytes.ts';
import type { RequisitionLine } from '../../src/record/bundle-lines.ts';
import type { EntryOf, UnsignedEntry } from '../../src/record/entry.ts';
import { withEvidence } from '../../src/record/entry.ts';
import type {
  Requisition,
  RequisitionAnswer,
  RequisitionCount,
  Support,
} from '../../src/record/requisition.ts';
import {
  requisitionAnswerForm,
  requisitionAnswerHash,
  requisitionCountForm,
  requisitionCountHash,
  requisitionForm,
  requisitionHash,
  supportForm,
  supportHash,
  supportSumsOf,
} from '../../src/record/requisition.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { RequisitionWish } from './forge.ts';
import type { Story } from './story.ts';
import { DAY_MS, plus } from './story.ts';
import { OPENS } from './story-meeting.ts';
import type { Owners } from './story-owners.ts';
import { HOUSES } from './story-owners.ts';

const AT = plus(OPENS, 3 * 3_600_000);
const HONEST = [
  ['ada', 'joined'],
  ['deng', 'joined'],
] as const;

/** The lines of the bundle so far, and the id under which they stand. */
export type Demanded = { readonly requisition: string; readonly lines: RequisitionLine[] };

/** Tells it; what is answered at once is answered here. */
export function demandMeeting(story: Story, owners: Owners): Demanded {
  const wish = story.forge.requisition;
  if (wish === undefined) return { requisition: '', lines: [] };
  const { world, id, nonce, publish } = story;
  const { community } = world;
  const requisition = id();
  const honest: Requisition = {
    v: 1,
    kind: 'requisition',
    community,
    requisition,
    title: '更换物业服务企业',
    text: '请召开临时会议。',
    nonce: nonce(),
  };
  const record = requisitionForm.bytes(wish.record?.(honest) ?? honest);
  const lines: RequisitionLine[] = [];
  const ids = { v: 1, community, requisition } as const;
  const file = () => {
    world.log.append(
      withEvidence({ ...ids, kind: 'requisition.filed', requisitionHash: requisitionHash(record) }, []),
    );
    lines.push({ kind: 'requisition', record: toBase64Url(record), by: '', evidence: [] });
  };
  if (wish.isUnfiled !== true) file();
  const supports = wish.supports ?? HONEST;
  for (const [at, [name, stands]] of supports.entries())
    lines.push(supportBy(story, owners, { name, stands, at, about: record, requisition }));
  for (let times = wish.reached ?? 1; times > 0; times -= 1)
    lines.push(reach(story, owners, supports, requisition));
  publish(AT, 'requisition');
  const demanded = { requisition, lines };
  answerOnes(story, demanded, false);
  return demanded;
}

/** The answers whose time is late, or those that come at once. */
export function answerOnes(story: Story, { requisition, lines }: Demanded, isLate: boolean): void {
  const wish = story.forge.requisition;
  if (wish === undefined) return;
  const { answered = 1, answeredBy = ['committee'], answerDays = 0, second, secondDays = 0 } = wish;
  if (answerDays > 0 === isLate)
    for (let times = answered; times > 0; times -= 1)
      lines.push(answer(story, wish, requisition, answeredBy, answerDays));
  if (second === undefined || answerDays + secondDays > 0 !== isLate) return;
  const { by = ['street'], answer: change } = second;
  const word = change === undefined ? {} : { answer: change };
  lines.push(answer(story, word, requisition, by, answerDays + secondDays));
}

type Supporting = {
  readonly name: string;
  readonly stands: Support['stands'];
  readonly at: number;
  readonly about: Uint8Array;
  readonly requisition: string;
};

function supportBy(
  { forge, world, nonce }: Story,
  { ownerOf }: Owners,
  { name, stands, at, about, requisition }: Supporting,
): RequisitionLine {
  const { person, vote } = ownerOf(name);
  const { community } = world;
  const honest: Support = {
    v: 1,
    kind: 'support',
    community,
    requisition,
    requisitionHash: requisitionHash(about),
    person,
    stands,
    nonce: nonce(),
  };
  const bytes = supportForm.bytes(forge.requisition?.support?.(honest, at) ?? honest);
  const hash = supportHash(bytes);
  const own = { by: vote.credential, signature: vote.sign(hash) };
  const { by, signature } = forge.requisition?.signed?.(own, hash, at) ?? own;
  world.log.append(
    withEvidence(
      { v: 1, kind: 'requisition.supported', community, requisition, supportHash: toBase64Url(hash) },
      [evidenceHash(signature)],
    ),
  );
  return {
    kind: 'support',
    record: toBase64Url(bytes),
    by,
    evidence: forge.requisition?.isUnsigned === true ? [] : [signature],
  };
}

function reach(
  { forge, world, nonce }: Story,
  { ownerOf, unitsOf, register }: Owners,
  supports: NonNullable<RequisitionWish['supports']>,
  requisition: string,
): RequisitionLine {
  const { community } = world;
  const joined = new Set(supports.flatMap(([name, stands]) => (stands === 'joined' ? [name] : [])));
  const honest: RequisitionCount = {
    v: 1,
    kind: 'requisition-count',
    community,
    requisition,
    register,
    heads: HOUSES.map(([name]) => ({
      units: (unitsOf.get(name) ?? []).map(({ unit, areaDm2, kind }) => ({
        unit,
        areaDm2,
        counts: kind !== 'parking',
      })),
      supporters: joined.has(name) ? [ownerOf(name).person] : [],
    })),
    nonce: nonce(),
  };
  const bytes = requisitionCountForm.bytes(forge.requisition?.count?.(honest) ?? honest);
  const sums = supportSumsOf(requisitionCountForm.own(bytes));
  const entry: UnsignedEntry<'requisition.reached'> = {
    v: 1,
    kind: 'requisition.reached',
    community,
    requisition,
    register,
    heads: sums.heads,
    areaDm2: String(sums.areaDm2),
    totalHeads: sums.totalHeads,
    totalAreaDm2: String(sums.totalAreaDm2),
    countHash: requisitionCountHash(bytes),
  };
  world.log.append(withEvidence(forge.requisition?.sums?.(entry) ?? entry, []));
  return { kind: 'requisition-count', record: toBase64Url(bytes), by: '', evidence: [] };
}

function answer(
  { world, step, nonce }: Story,
  wish: Pick<RequisitionWish, 'answer' | 'answerBytes'>,
  requisition: string,
  by: readonly string[],
  days: number,
): RequisitionLine {
  const { community, meeting } = world;
  const honest: RequisitionAnswer = {
    v: 1,
    kind: 'requisition-answer',
    community,
    requisition,
    answer: 'refused',
    meeting: '',
    reason: '上月的会议已经决定。',
    nonce: nonce(),
  };
  const written = requisitionAnswerForm.bytes(wish.answer?.(honest, meeting) ?? honest);
  const bytes = wish.answerBytes?.(written) ?? written;
  const entry: Omit<EntryOf<'requisition.answered'>, 'evidence'> = {
    v: 1,
    kind: 'requisition.answered',
    community,
    requisition,
    answerHash: requisitionAnswerHash(bytes),
  };
  step('requisition', entry, by, plus(AT, days * DAY_MS));
  return { kind: 'requisition-answer', record: toBase64Url(bytes), by: '', evidence: [] };
}
