/** Routes of mandates: an owner gives and takes back, officers enter a paper, the street office keeps out the manager's staff (SPEC 3.6). */
import { z } from 'zod';
import { toBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { IdentitySalts } from '../officers/officer-deps.ts';
import { readSignature } from '../officers/signature-body.ts';
import { agentByCode, holdersOfUnit, registerAgent } from './agents.ts';
import { communityParams } from './contract.ts';
import type { MandatesAnswer } from './mandate-contract.ts';
import {
  agentAnswer,
  agentBody,
  agentParams,
  holdersAnswer,
  MANDATE_LIMIT,
  mandateAnswer,
  mandateBody,
  mandateEndBody,
  mandateParams,
  mandatesAnswer,
  paperMandateAnswer,
  paperMandateBody,
  SCAN_LIMIT,
  staffBody,
  unitParams,
} from './mandate-contract.ts';
import type { MandateDeps } from './mandate-rules.ts';
import type { ShownMandate } from './mandate-uses.ts';
import { mandatesOfCommunity, mandatesOfPerson } from './mandate-uses.ts';
import { grantMandate, revokeMandate, wireBytes } from './mandates.ts';
import { draftMandate, draftMandateEnd } from './paper-mandates.ts';
import { setPropertyStaff } from './property-staff.ts';

const answerOf = (shown: readonly ShownMandate[]): MandatesAnswer => ({
  mandates: shown.map(({ bytes, units, ...each }) => ({
    ...each,
    units: [...units],
    record: toBase64Url(bytes),
  })),
});

/** Mounts them under `/v1/identity` and `/v1/communities/:community`. */
export function mountMandates(router: Router, deps: MandateDeps & IdentitySalts): void {
  mountOwners(router, deps);
  mountPapers(router, deps);
  mountPersons(router, deps);
}

function mountOwners(router: Router, deps: MandateDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/mandates',
      summary: '我给出的和我持有的委托',
      as: 'owner',
      answer: mandatesAnswer,
    },
    async ({ owner }) => ok(answerOf(await mandatesOfPerson(deps, owner.community, owner.person))),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/mandates',
      summary: '委托他人投票',
      as: 'owner',
      body: mandateBody,
      answer: mandateAnswer,
      status: 201,
      limit: MANDATE_LIMIT,
    },
    async ({ body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('MANDATE_MALFORMED', 'signature');
      return grantMandate(deps, owner, { mandate: wireBytes(body.mandate), signature });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/mandates/revocations',
      summary: '收回委托',
      as: 'owner',
      body: mandateEndBody,
      answer: mandateAnswer,
      status: 201,
    },
    async ({ body, owner }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('MANDATE_MALFORMED', 'signature');
      return revokeMandate(deps, owner, { mandate: body.mandate, signature });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/agents/:code',
      summary: '按代理人编号查找代理人',
      as: 'owner',
      params: agentParams,
      answer: agentAnswer,
    },
    async ({ params, owner }) => agentByCode(deps, owner.community, params.code),
  );
}

function mountPapers(router: Router, deps: MandateDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/mandates',
      summary: '小区的委托',
      as: 'officer',
      params: communityParams,
      answer: mandatesAnswer,
    },
    async ({ params, officer }) =>
      actsIn(officer, params.community)
        ? ok(answerOf(await mandatesOfCommunity(deps, params.community)))
        : refuse('NOT_ALLOWED'),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/mandates',
      summary: '登记纸质委托、监护或法人代表,由两名人员签署后生效',
      as: 'officer',
      params: communityParams,
      body: paperMandateBody,
      answer: paperMandateAnswer,
      status: 201,
      limit: SCAN_LIMIT,
    },
    async ({ params, body, officer }) =>
      draftMandate(deps, officer, { ...body, community: params.community, file: wireBytes(body.file) }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/mandates/:mandate/end',
      summary: '终止委托,由两名人员签署后生效',
      as: 'officer',
      params: mandateParams,
      answer: paperMandateAnswer,
      status: 201,
    },
    async ({ params, officer }) => draftMandateEnd(deps, officer, params),
  );
}

function mountPersons(router: Router, deps: MandateDeps & IdentitySalts): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/agents',
      summary: '登记没有房屋的代理人',
      as: 'officer',
      params: communityParams,
      body: agentBody,
      answer: agentAnswer,
      status: 201,
    },
    async ({ params, body, officer }) => registerAgent(deps, officer, params.community, body),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/units/:unit/holders',
      summary: '一处房屋的权利人',
      as: 'officer',
      params: unitParams,
      answer: holdersAnswer,
    },
    async ({ params, officer }) => {
      const found = await holdersOfUnit(deps, officer, params);
      return found.ok
        ? ok({ holders: found.value.map((each) => ({ ...each, units: [...each.units] })) })
        : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/property-staff',
      summary: '物业服务人的工作人员名单',
      as: 'officer',
      params: communityParams,
      body: staffBody,
      answer: z.strictObject({}),
    },
    async ({ params, body, officer }) => {
      const set = await setPropertyStaff(deps, officer, { community: params.community, ...body });
      return set.ok ? ok({}) : set;
    },
  );
}
