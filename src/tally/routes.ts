/** Routes of results, participation and the final result, and where those of objections stand (SPEC 8.2). */
import { Router } from 'express';
import { actDrafted, communityParams, meetingParams } from '../assembly/contract.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { rulesBody } from '../assembly/rules-contract.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { tallyHash } from '../record/tally-record.ts';
import { draftRules } from './adopting.ts';
import {
  extensionBody,
  followUpAnswer,
  followUpBody,
  participationAnswer,
  resultAnswer,
} from './contract.ts';
import { draftExtension } from './extending.ts';
import { draftFinal } from './finalising.ts';
import { draftFollowUp, listFollowUps } from './following-up.ts';
import { mountAnsweredObjections, mountOwnObjections } from './objection-routes.ts';
import { mountRestoring } from './restoring-routes.ts';
import { readParticipation, readResult } from './results.ts';

/** Routes under `/v1/meetings/:meeting` for what comes after the close. */
export function tallyRouter(deps: BallotDeps): Router {
  const router = Router();
  mountRestoring(router, deps);
  mountResults(router, deps);
  mountOwnObjections(router, deps);
  mountAnsweredObjections(router, deps);
  mountFinal(router, deps);
  mountAdopting(router, deps);
  mountFollowUps(router, deps);
  return router;
}

function mountResults(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/result',
      summary: '表决结果',
      as: 'anyone',
      params: meetingParams,
      answer: resultAnswer,
    },
    async ({ params }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      const result = meeting === undefined ? undefined : await readResult(deps.db, meeting);
      if (meeting === undefined || result === undefined) return refuse('RESULT_NOT_YET');
      return ok({
        stage: result.stage,
        record: toBase64Url(result.record),
        recordHash: tallyHash(result.record),
        former: result.former.map((record) => ({
          record: toBase64Url(record),
          recordHash: tallyHash(record),
        })),
        certificate: result.certificate,
        objectionsUntil: meeting.objectionsUntil === undefined ? '' : showInstant(meeting.objectionsUntil),
        objections: [...result.objections],
        annulments: result.annulments.map(({ proposal, documentHash, logIndex, enteredOn }) => ({
          proposal,
          documentHash,
          logIndex: logIndex ?? null,
          enteredOn: enteredOn ?? '',
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/participation',
      summary: '参与名单(不含选择)',
      as: 'anyone',
      params: meetingParams,
      answer: participationAnswer,
    },
    async ({ params }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      // To the public a draft is not there.
      return meeting === undefined || meeting.state === 'draft'
        ? refuse('MEETING_UNKNOWN')
        : readParticipation(deps, meeting);
    },
  );
}

function mountFinal(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/extension',
      summary: '参与不足时延长投票,由两名人员在截止以前签署',
      as: 'officer',
      params: meetingParams,
      body: extensionBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftExtension(deps, officer as OfficerSession, params.meeting, body.closes),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/final',
      summary: '拟定最终结果',
      as: 'officer',
      params: meetingParams,
      answer: actDrafted,
      status: 201,
    },
    ({ params, officer }) => draftFinal(deps, officer as OfficerSession, params.meeting),
  );
}

function mountAdopting(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/rules',
      summary: '拟使业主大会通过的议事规则生效',
      as: 'officer',
      params: communityParams,
      body: rulesBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftRules(deps, officer as OfficerSession, { ...body, community: params.community }),
  );
}

function mountFollowUps(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/follow-ups',
      summary: '决议的后续事项',
      as: 'anyone',
      params: meetingParams,
      answer: followUpAnswer,
    },
    async ({ params }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      // To the public a draft is not there.
      if (meeting === undefined || meeting.state === 'draft') return refuse('MEETING_UNKNOWN');
      return ok({ lines: [...(await listFollowUps(deps.db, meeting))] });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/follow-ups',
      summary: '拟定一条后续事项,由一名人员签署后公开',
      as: 'officer',
      params: meetingParams,
      body: followUpBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftFollowUp(deps, officer as OfficerSession, { ...body, meeting: params.meeting }),
  );
}
