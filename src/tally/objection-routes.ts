/** Routes of objections, their decisions, and the voids that follow from them (SPEC 6.7, 8.2). */
import { actDrafted, meetingParams } from '../assembly/contract.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import {
  decisionBody,
  objectionAnswer,
  objectionBody,
  objectionParams,
  objectionsAnswer,
  ownObjectionsAnswer,
  voidAnswer,
  voidBody,
} from './contract.ts';
import { draftDecision, fileObjection } from './objecting.ts';
import type { ShownObjection } from './objection-lists.ts';
import { objectionsForOfficer, objectionsOfOwner } from './objection-lists.ts';
import { draftVoid } from './voiding.ts';

const wire = (list: readonly ShownObjection[]) =>
  list.map(({ units, condemned, ...rest }) => ({
    ...rest,
    units: [...units],
    condemned: condemned.map((each) => ({ ...each, units: [...each.units] })),
  }));

/** Mounts what owners use under `/v1/meetings/:meeting`. */
export function mountOwnObjections(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/objections',
      summary: '提出异议',
      as: 'owner',
      params: meetingParams,
      body: objectionBody,
      answer: objectionAnswer,
      status: 201,
      creates: true,
    },
    ({ params, body, owner }) => fileObjection(deps, owner, params.meeting, body),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/objections/own',
      summary: '本人提出的异议及答复',
      as: 'owner',
      params: meetingParams,
      answer: ownObjectionsAnswer,
    },
    async ({ params, owner }) => {
      const found = await objectionsOfOwner(deps, owner, params.meeting);
      if (!found.ok) return found;
      const { until, heads, objections, ...rest } = found.value;
      return ok({
        ...rest,
        until: until === undefined ? '' : showInstant(until),
        heads: heads.map((units) => [...units]),
        objections: wire(objections),
      });
    },
  );
}

/** Mounts what officers use there. */
export function mountAnsweredObjections(router: Router, deps: BallotDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/meetings/:meeting/objections',
      summary: '全部异议及答复',
      as: 'officer',
      params: meetingParams,
      answer: objectionsAnswer,
    },
    async ({ params, officer }) => {
      const found = await objectionsForOfficer(deps, officer as OfficerSession, params.meeting);
      return found.ok ? ok({ objections: wire(found.value) }) : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/objections/:objection/decision',
      summary: '答复异议',
      as: 'officer',
      params: objectionParams,
      body: decisionBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftDecision(deps, officer as OfficerSession, params.meeting, params.objection, body),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/meetings/:meeting/objections/:objection/voids',
      summary: '异议成立后作废一户的表决票,由两名人员签署后生效',
      as: 'officer',
      params: objectionParams,
      body: voidBody,
      answer: voidAnswer,
      status: 201,
    },
    ({ params, body, officer }) =>
      draftVoid(deps, officer as OfficerSession, params.meeting, params.objection, body),
  );
}
