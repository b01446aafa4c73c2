/** Routes of a roll from its drawing up to its freeze: the step itself, what owners and officers see of it, requests and answers (SPEC 4.4). */
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { actDrafted, done, meetingParams } from './contract.ts';
import { draftMeetingRoll } from './convening.ts';
import {
  answerBody,
  requestAnswer,
  requestBody,
  requestParams,
  requestsAnswer,
  rollBody,
  rollSheetAnswer,
} from './roll-contract.ts';
import {
  answerRequestOf,
  askForCorrection,
  ownRequests,
  requestsForOfficer,
  rollForOfficer,
  rollForOwner,
} from './roll-publicity.ts';

const ROLL = '/v1/meetings/:meeting/roll';

/** Mounts them under `/v1/meetings/:meeting/roll`. */
export function mountRolls(router: Router, deps: AssemblyDeps): void {
  mountForOfficers(router, deps);
  mountForOwners(router, deps);
}

function mountForOfficers(router: Router, deps: AssemblyDeps): void {
  const common = { as: 'officer', params: meetingParams } as const;
  route(
    router,
    {
      ...common,
      method: 'post',
      path: ROLL,
      summary: '拟定名册;有未答复的更正申请时须写明理由',
      body: rollBody,
      answer: actDrafted,
      status: 201,
    },
    async ({ params, body, officer }) => {
      const drafted = await draftMeetingRoll(
        deps,
        officer as OfficerSession,
        params.meeting,
        body.unanswered,
      );
      if (drafted.ok || !('faults' in drafted.refusal)) return drafted;
      // Every unit at fault, so that one correction of the register suffices.
      const { faults, ...refusal } = drafted.refusal;
      return { ok: false, refusal, extras: { faults } };
    },
  );
  route(
    router,
    { ...common, method: 'get', path: ROLL, summary: '拟定的名册,可打印', answer: rollSheetAnswer },
    ({ params, officer }) => rollForOfficer(deps, officer as OfficerSession, params.meeting),
  );
  route(
    router,
    {
      ...common,
      method: 'get',
      path: `${ROLL}/requests`,
      summary: '业主对名册的更正申请',
      answer: requestsAnswer,
    },
    async ({ params, officer }) => {
      const found = await requestsForOfficer(deps, officer as OfficerSession, params.meeting);
      return found.ok ? ok({ requests: found.value }) : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: `${ROLL}/requests/:request/answer`,
      summary: '答复一项更正申请',
      as: 'officer',
      params: requestParams,
      body: answerBody,
      answer: done,
      status: 201,
    },
    ({ params, body, officer }) => answerRequestOf(deps, officer as OfficerSession, params, body),
  );
}

function mountForOwners(router: Router, deps: AssemblyDeps): void {
  const common = { as: 'owner', params: meetingParams } as const;
  route(
    router,
    {
      ...common,
      method: 'get',
      path: `${ROLL}/drawn`,
      summary: '固定以前的名册,按楼栋,没有姓名',
      answer: rollSheetAnswer,
    },
    ({ params, owner }) => rollForOwner(deps, owner, params.meeting),
  );
  route(
    router,
    {
      ...common,
      method: 'get',
      path: `${ROLL}/own-requests`,
      summary: '本人的更正申请及答复',
      answer: requestsAnswer,
    },
    async ({ params, owner }) => {
      const found = await ownRequests(deps, owner, params.meeting);
      return found.ok ? ok({ requests: found.value }) : found;
    },
  );
  route(
    router,
    {
      ...common,
      method: 'post',
      path: `${ROLL}/own-requests`,
      summary: '申请更正名册:面积、产权人或漏了的房屋',
      body: requestBody,
      answer: requestAnswer,
      status: 201,
      creates: true,
    },
    ({ params, body, owner }) => askForCorrection(deps, owner, params.meeting, body),
  );
}
