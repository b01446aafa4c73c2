// A property manager that asks for a new roof, and the answers to it, as the routes and the job carry them out.
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { AnswerRequest } from '../../src/fund/answering.ts';
import { applyApplicationAnswer, draftAnswer } from '../../src/fund/answering.ts';
import type { ApplicationRequest } from '../../src/fund/applying.ts';
import { fileApplication } from '../../src/fund/applying.ts';
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

/** The world's meeting is announced: the log has its notice. */
export const announce = (world: FundWorld) =>
  inTransaction(world.deps.db, (tx) =>
    writeEntry(
      tx,
      {
        v: 1,
        kind: 'meeting.noticed',
        community: world.community,
        meeting: world.meeting,
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
