// A property manager that asks for a new roof, and the answers to it, as the routes and the job carry them out.
import { applyCancellation, draftCancellation, lockCancellation } from '../../src/assembly/cancelling.ts';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { AnswerRequest } from '../../src/fund/answering.ts';
import { applyApplicationAnswer, draftAnswer } from '../../src/fund/answering.ts';
import type { ApplicationRequest } from '../../src/fund/applying.ts';
import { fileApplication } from '../../src/fund/applying.ts';
import { definitionForm } from '../../src/record/meeting.ts';
import { acceptance, accepted, execute, type FundWorld, signAs } from './fund-world.ts';

export const applyFor = (world: FundWorld, more: Partial<ApplicationRequest> = {}) =>
  fileApplication(
    world.deps,
    {
      community: world.community,
      company: '中山某某物业服务有限公司',
      creditCode: '91350100M000100Y43',
      project: '屋面防水翻修',
      plan: '铲除旧防水层，重做两道。\n完工后淋水试验。',
      budgetFen: 10_000n,
      payee: '',
      units: { kind: 'community', members: [] },
      emergencyPlan: '暴雨时先搭雨棚。',
      documentHash: acceptance(220),
      attachments: [{ name: '报价单.pdf', sha256: acceptance(221) }],
      ...more,
    },
    world.officers[0]?.officer ?? '',
  );

/** The world's meeting is announced, or another one: the log has its notice. */
export const announce = (world: FundWorld, meeting = world.meeting) =>
  inTransaction(world.deps.db, (tx) =>
    writeEntry(
      tx,
      {
        v: 1,
        kind: 'meeting.noticed',
        community: world.community,
        meeting,
        noticeHash: toBase64Url(sha256()),
        opens: '2026-11-01T00:00:00Z',
      },
      [],
    ),
  );

export const refusal = (world: FundWorld, application: string): AnswerRequest => ({
  community: world.community,
  application,
  decision: 'refused',
  meeting: '',
  proposal: '',
  reason: '仍在保修期内，由建设单位维修。',
});
export const convening = (world: FundWorld, application: string): AnswerRequest => ({
  ...refusal(world, application),
  decision: 'convened',
  meeting: world.meeting,
  proposal: world.proposal,
  reason: '',
});

export const draftReply = (world: FundWorld, answer: AnswerRequest) =>
  draftAnswer(world.deps, answer, 'test');

/** The committee answers, under its one signature. */
export async function reply(world: FundWorld, answer: AnswerRequest) {
  const { act } = accepted(await draftReply(world, answer));
  await signAs(world, act, world.officers.slice(0, 1));
  return execute(world, act, applyApplicationAnswer);
}

/** A meeting besides the world's, over the same proposals; answers its id. */
export async function secondMeeting(world: FundWorld): Promise<string> {
  const { owner } = world.fresh;
  const meeting = newId(world.deps.random);
  const row = await owner
    .selectFrom('meeting')
    .selectAll()
    .where('meeting_id', '=', world.meeting)
    .executeTakeFirstOrThrow();
  const definition = definitionForm.bytes({ ...world.definition, meeting });
  await owner
    .insertInto('meeting')
    .values({ ...row, meeting_id: meeting, meeting_hash: world.deps.random(32), definition })
    .execute();
  return meeting;
}

/** Committee and street office call a meeting off that was only announced. */
export async function callOff(world: FundWorld, meeting = world.meeting): Promise<void> {
  const { fresh, community, deps, officers } = world;
  await fresh.owner
    .updateTable('meeting')
    .set({ state: 'noticed' })
    .where('meeting_id', '=', meeting)
    .execute();
  const officer = { officer: officers[0]?.officer ?? '', name: '', role: 'committee', community } as const;
  const { act } = accepted(await draftCancellation(deps, officer, meeting, '会场漏水，另行召集'));
  await signAs(world, act, officers);
  accepted(await execute(world, act, applyCancellation, lockCancellation));
}
