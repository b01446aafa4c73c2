/** Applications of property managers over HTTP: an officer enters them, an officer of the committee or the street office answers (SPEC 8.3). */
import { z } from 'zod';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerCaller, Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { freeText, lineText } from '../officers/contract.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { CREDIT_CODE } from '../record/application.ts';
import { draftAnswer } from './answering.ts';
import type { ListedApplication } from './applications.ts';
import { listApplications } from './applications.ts';
import { fileApplication } from './applying.ts';
import { communityParams, dateText, fenText, hashText, idText } from './contract.ts';
import { listedScope } from './domain/application.ts';
import { BASE, handled, mayPrepare } from './route-answers.ts';
import { scopeBody } from './scope-contract.ts';

const emptyOr = <T extends z.ZodType>(shape: T) => z.union([shape, z.literal('')]);

/** `documentHash` is SHA-256 of the application that the manager sealed; attachments are named by their hashes, too. */
const applicationBody = z.strictObject({
  company: lineText(200),
  creditCode: z.string().regex(CREDIT_CODE),
  project: lineText(200),
  plan: freeText(4000),
  budgetFen: fenText,
  payee: emptyOr(lineText(200)),
  units: scopeBody,
  emergencyPlan: freeText(2000),
  documentHash: hashText,
  attachments: z.array(z.strictObject({ name: lineText(200), sha256: hashText })).max(20),
});
const filedAnswer = z.strictObject({ application: idText, answerBy: dateText, hash: hashText });

const applicationParams = z.strictObject({ community: idText, application: idText });
const answerBody = z.union([
  z.strictObject({ decision: z.literal('convened'), meeting: idText, proposal: idText }),
  z.strictObject({ decision: z.literal('refused'), reason: freeText(4000) }),
]);
const actAnswer = z.strictObject({ act: idText });

/** `count` members, and none of them where there are more than 50. */
const shownScope = scopeBody.extend({ count: z.number().int() });

const place = z.number().int().nullable();
const applicationsAnswer = z.strictObject({
  applications: z.array(
    z.strictObject({
      application: idText,
      hash: hashText,
      company: z.string(),
      creditCode: z.string(),
      filedOn: dateText,
      answerBy: dateText,
      state: z.enum(['waiting', 'late', 'convened', 'refused']),
      project: z.string(),
      plan: z.string(),
      budgetFen: fenText,
      payee: z.string(),
      units: shownScope,
      emergencyPlan: z.string(),
      documentHash: hashText,
      attachments: z.array(z.strictObject({ name: z.string(), sha256: hashText })),
      logIndex: place,
      meeting: emptyOr(idText),
      proposal: emptyOr(idText),
      reason: z.string(),
      answerLogIndex: place,
      /** Earlier answers, whose meetings were called off. */
      calledOff: z.array(
        z.strictObject({
          meeting: idText,
          proposal: idText,
          answerLogIndex: place,
          on: dateText,
          logIndex: place,
        }),
      ),
    }),
  ),
});
export type ApplicationsAnswer = z.infer<typeof applicationsAnswer>;

const LIMIT = 128 * 1024;

const shown = ({ record, hash, answerBy, answer, fallen, state, ...places }: ListedApplication) => ({
  application: record.application,
  hash,
  company: record.company,
  creditCode: record.creditCode,
  filedOn: record.filedOn,
  answerBy,
  state,
  project: record.project,
  plan: record.plan,
  budgetFen: record.budgetFen,
  payee: record.payee,
  units: listedScope(record.units),
  emergencyPlan: record.emergencyPlan,
  documentHash: record.documentHash,
  attachments: [...record.attachments],
  logIndex: places.logIndex ?? null,
  meeting: answer?.meeting ?? '',
  proposal: answer?.proposal ?? '',
  reason: answer?.reason ?? '',
  answerLogIndex: places.answerLogIndex ?? null,
  calledOff: fallen.map((one) => ({
    meeting: one.answer.meeting,
    proposal: one.answer.proposal,
    answerLogIndex: one.logIndex ?? null,
    on: one.calledOffOn,
    logIndex: one.calledOffLogIndex ?? null,
  })),
});

/** Whoever sits where the manager hands in its papers: clerk, committee or street office. */
function mayFile(officer: OfficerCaller, community: string): Result<undefined, { code: 'NOT_ALLOWED' }> {
  const fits = ['clerk', 'committee', 'street'].includes(officer.role);
  return fits && actsIn(officer, community) ? ok(undefined) : refuse('NOT_ALLOWED');
}

/** Mounts the routes. */
export function mountApplications(router: Router, deps: OfficerDeps): void {
  const path = `${BASE}/applications`;
  route(
    router,
    {
      method: 'post',
      path,
      summary: '登记物业服务人的维修申请',
      as: 'officer',
      params: communityParams,
      body: applicationBody,
      answer: filedAnswer,
      status: 201,
      creates: true,
      limit: LIMIT,
    },
    async ({ params: { community }, body, officer }) => {
      const allowed = mayFile(officer, community);
      if (!allowed.ok) return allowed;
      const request = { ...body, community, budgetFen: BigInt(body.budgetFen) };
      return handled(await fileApplication(deps, request, officer.officer), (filed) => filed);
    },
  );
  route(
    router,
    {
      method: 'get',
      path,
      summary: '物业服务人的维修申请和答复',
      as: 'anyone',
      params: communityParams,
      answer: applicationsAnswer,
    },
    async ({ params: { community } }) =>
      ok({ applications: (await listApplications(deps, community)).map(shown) }),
  );
  route(
    router,
    {
      method: 'post',
      path: `${path}/:application/answers`,
      summary: '拟写对维修申请的答复，待签署',
      as: 'officer',
      params: applicationParams,
      body: answerBody,
      answer: actAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const allowed = mayPrepare(officer, params.community);
      if (!allowed.ok) return allowed;
      const none = { meeting: '', proposal: '', reason: '' };
      return draftAnswer(deps, { ...params, ...none, ...body }, officer.officer);
    },
  );
}
