/** Routes of requisitions: owners file, join and leave, officers answer (SPEC 5.4). */
import { fromBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { readSignature } from '../officers/signature-body.ts';
import type { AssemblyDeps } from './assembly-deps.ts';
import { actDrafted, communityParams } from './contract.ts';
import { draftAnswer } from './requisition-answers.ts';
import {
  answerBody,
  answerParams,
  ownRequisitionsAnswer,
  requisitionBody,
  requisitionCreated,
  requisitionParams,
  requisitionsAnswer,
  supportAnswer,
  supportBody,
} from './requisition-contract.ts';
import { requisitionsForOfficer, requisitionsOfOwner } from './requisition-views.ts';
import { fileRequisition, supportRequisition } from './requisitions.ts';

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Mounts them under `/v1/requisitions` and `/v1/communities/:community/requisitions`. */
export function mountRequisitions(router: Router, deps: AssemblyDeps): void {
  mountForOwners(router, deps);
  mountForOfficers(router, deps);
}

function mountForOwners(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/requisitions',
      summary: '本小区业主提议召开临时会议的情况',
      as: 'owner',
      answer: ownRequisitionsAnswer,
    },
    async ({ owner }) => ok(await requisitionsOfOwner(deps, owner)),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/requisitions',
      summary: '提议召开业主大会临时会议',
      as: 'owner',
      body: requisitionBody,
      answer: requisitionCreated,
      status: 201,
    },
    async ({ body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('REQUISITION_MALFORMED', 'signature');
      const [requisition, support] = [bytesOf(body.requisition), bytesOf(body.support)];
      return fileRequisition(deps, owner, { requisition, support, signature });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/requisitions/:requisition/supports',
      summary: '加入或退出一项提议',
      as: 'owner',
      params: requisitionParams,
      body: supportBody,
      answer: supportAnswer,
      status: 201,
    },
    async ({ params, body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('REQUISITION_MALFORMED', 'signature');
      const support = bytesOf(body.support);
      return supportRequisition(deps, owner, params.requisition, { support, signature });
    },
  );
}

function mountForOfficers(router: Router, deps: AssemblyDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/requisitions',
      summary: '达到五分之一的业主提议',
      as: 'officer',
      params: communityParams,
      answer: requisitionsAnswer,
    },
    async ({ params, officer }) => {
      const found = await requisitionsForOfficer(deps, officer as OfficerSession, params.community);
      return found.ok ? ok({ requisitions: [...found.value] }) : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/requisitions/:requisition/answer',
      summary: '公开答复业主提议,由答复人签署后生效',
      as: 'officer',
      params: answerParams,
      body: answerBody,
      answer: actDrafted,
      status: 201,
    },
    ({ params, body, officer }) => draftAnswer(deps, officer as OfficerSession, params, body),
  );
}
