/** Routes of meetings (SPEC 5). */
import { Router } from 'express';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { communityName } from '../registry/communities.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { draftCancellation } from './cancelling.ts';
import { mountConsulting } from './consulting-routes.ts';
import type { MeetingAnswer } from './contract.ts';
import {
  actDrafted,
  boxBody,
  cancellationBody,
  communityParams,
  done,
  meetingAnswer,
  meetingBody,
  meetingCreated,
  meetingListAnswer,
  meetingParams,
  pauseBody,
  resumptionDrafted,
  timetableAnswer,
  timetableBody,
} from './contract.ts';
import { draftNotice, draftOpening, uploadBoxKey } from './convening.ts';
import { mountDeliveries } from './delivery-routes.ts';
import { judgeTimetable } from './judging.ts';
import { draftMeeting } from './meeting-drafts.ts';
import type { Meeting } from './meetings.ts';
import { listMeetings, listPublished, readMeeting, readTexts } from './meetings.ts';
import { draftPause, draftResumption, listPauses } from './pausing.ts';
import { mountRequisitions } from './requisition-routes.ts';
import { mountRolls } from './roll-routes.ts';
import { mountRules } from './rules-routes.ts';

const summaryOf = (meeting: Meeting): Omit<MeetingAnswer, 'definition' | 'texts' | 'pauses'> => ({
  meeting: meeting.meeting,
  community: meeting.community,
  communityName: meeting.definition.communityName,
  title: meeting.title,
  state: meeting.state,
  convenerRole: meeting.definition.convenerRole,
  isConsulted: meeting.isConsulted,
  opens: showInstant(meeting.opensAt),
  closes: showInstant(meeting.closesAt),
  objectionsUntil: meeting.objectionsUntil === undefined ? '' : showInstant(meeting.objectionsUntil),
  meetingHash: meeting.meetingHash,
  demoRoot: meeting.definition.demoRoot,
});

/** The texts of a meeting as pages take them. */
export const textList = async (deps: AssemblyDeps, meeting: Meeting) =>
  [...(await readTexts(deps.db, meeting))].map(([hash, body]) => ({ hash, body }));

/** Routes under `/v1/meetings` and `/v1/communities/:community/meetings`. */
export function assemblyRouter(deps: AssemblyDeps): Router {
  const router = Router();
  mountReading(router, deps);
  mountDrafting(router, deps);
  mountJudging(router, deps);
  mountSteps(router, deps);
  mountRolls(router, deps);
  mountDeliveries(router, deps);
  mountConsulting(router, deps);
  mountRules(router, deps);
  mountRequisitions(router, deps);
  return router;
}

function mountReading(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    { method: 'get', path: '/v1/meetings', summary: '公开的会议', as: 'anyone', answer: meetingListAnswer },
    async () => ok({ meetings: (await listPublished(deps.db)).map(summaryOf) }),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/meetings',
      summary: '本小区的会议',
      as: 'officer',
      params: communityParams,
      answer: meetingListAnswer,
    },
    async ({ params, officer }) =>
      actsIn(officer, params.community)
        ? ok({ meetings: (await listMeetings(deps.db, params.community)).map(summaryOf) })
        : refuse('COMMUNITY_UNKNOWN'),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting',
      summary: '一次会议',
      as: 'anyone',
      params: meetingParams,
      answer: meetingAnswer,
    },
    async ({ params, officer }) => {
      const meeting = await readMeeting(deps.db, params.meeting);
      const mayRead =
        meeting !== undefined &&
        (meeting.state !== 'draft' || (officer.officer !== '' && actsIn(officer, meeting.community)));
      if (!mayRead) return refuse('MEETING_UNKNOWN');
      const definition = toBase64Url(meeting.definitionBytes);
      return ok({
        ...summaryOf(meeting),
        definition,
        texts: await textList(deps, meeting),
        pauses: [...(await listPauses(deps.db, meeting))],
      });
    },
  );
}

function mountDrafting(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/meetings',
      summary: '起草会议',
      as: 'officer',
      params: communityParams,
      body: meetingBody,
      answer: meetingCreated,
      status: 201,
      limit: 1024 * 1024,
      creates: true,
    },
    async ({ params, body, officer }) => {
      const name = await communityName(deps.db, params.community);
      if (name === undefined || !actsIn(officer, params.community)) return refuse('COMMUNITY_UNKNOWN');
      const { opens, closes, ...rest } = body;
      return draftMeeting(deps, officer as OfficerSession, {
        ...rest,
        community: params.community,
        communityName: name,
        opensAt: present(parseInstant(opens), 'checked instant'),
        closesAt: present(parseInstant(closes), 'checked instant'),
      });
    },
  );
}

function mountJudging(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/timetable',
      summary: '核对拟定的日期,不保存',
      as: 'officer',
      params: communityParams,
      body: timetableBody,
      answer: timetableAnswer,
    },
    async ({ params, body, officer }) => {
      const { opens, closes, ...rest } = body;
      const judged = await judgeTimetable(deps, officer as OfficerSession, {
        ...rest,
        community: params.community,
        opensAt: present(parseInstant(opens), 'checked instant'),
        closesAt: present(parseInstant(closes), 'checked instant'),
      });
      if (!judged.ok) return judged;
      const { opensFrom, faults, unknownYears } = judged.value;
      const shown = faults.map(({ code, where }) => ({ code, where: where as 'opens' }));
      return ok({ opensFrom, faults: shown, unknownYears: [...unknownYears] });
    },
  );
}

function mountSteps(router: Router, deps: AssemblyDeps): void {
  const steps = [
    { path: 'notice', summary: '拟发公告', take: draftNotice },
    { path: 'opening', summary: '拟开票', take: draftOpening },
  ] as const;
  for (const { path, summary, take } of steps) {
    route(
      router,
      {
        method: 'post',
        path: `/v1/meetings/:meeting/${path}`,
        summary,
        as: 'officer',
        params: meetingParams,
        answer: actDrafted,
        status: 201,
      },
      ({ params, officer }) => take(deps, officer as OfficerSession, params.meeting),
    );
  }
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/cancellation',
      summary: '拟取消会议',
      as: 'officer',
      params: meetingParams,
      body: cancellationBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftCancellation(deps, officer as OfficerSession, params.meeting, body.reason),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/pause',
      summary: '拟暂停投票(住房主管部门)',
      as: 'officer',
      params: meetingParams,
      body: pauseBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) => draftPause(deps, officer as OfficerSession, params.meeting, body.reason),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/resumption',
      summary: '拟恢复投票(住房主管部门)',
      as: 'officer',
      params: meetingParams,
      answer: resumptionDrafted,
      status: 201,
    },
    ({ params, officer }) => draftResumption(deps, officer as OfficerSession, params.meeting),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/box',
      summary: '登记票箱公钥',
      as: 'officer',
      params: meetingParams,
      body: boxBody,
      answer: done,
      status: 201,
    },
    async ({ params, body, officer }) => {
      const key = fromBase64Url(body.boxKey) ?? new Uint8Array();
      const uploaded = await uploadBoxKey(deps, officer as OfficerSession, params.meeting, key);
      return uploaded.ok ? ok({}) : uploaded;
    },
  );
}
