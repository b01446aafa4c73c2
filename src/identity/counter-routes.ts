/** Routes of the counter: a phone offers its key and signs; officers find the person, and take keys back (SPEC 3.4). */
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { readSignature } from '../officers/signature-body.ts';
import { actAnswer, communityParams } from './contract.ts';
import { claimKey, offerKey, showKey } from './counter.ts';
import {
  claimBody,
  claimedAnswer,
  counterKeyAnswer,
  counterRevocationBody,
  documentBody,
  foundAnswer,
  offeredAnswer,
  offeredBody,
  requestParams,
  requestsAnswer,
  shownBody,
} from './counter-contract.ts';
import { findPerson, listRequests, ownRequest } from './counter-desk.ts';
import { listRevocations, revokeForOwner } from './counter-revoking.ts';
import type { BindingDeps } from './identity-deps.ts';

/** Mounts them under `/v1/identity/counter-requests` and `/v1/communities/:community/counter`. */
export function mountCounter(router: Router, deps: BindingDeps): void {
  mountPhone(router, deps);
  mountDesk(router, deps);
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/counter/revocations',
      summary: '替业主停用一把密钥,由两名经办人签署后生效',
      as: 'officer',
      params: communityParams,
      body: counterRevocationBody,
      answer: actAnswer,
      status: 201,
    },
    async ({ params, body, officer }) =>
      revokeForOwner(deps, officer, { community: params.community, ...body }),
  );
}

function mountPhone(router: Router, deps: BindingDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/counter-requests',
      summary: '取窗口办理号码:登记一把还不属于任何人的密钥',
      as: 'anyone',
      body: offeredBody,
      answer: offeredAnswer,
      status: 201,
      perAddress: { perMinute: 6, counted: 'every call' },
    },
    async ({ body }) => offerKey(deps, body),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/counter-requests/:request',
      summary: '窗口办理的进展',
      as: 'anyone',
      params: requestParams,
      answer: counterKeyAnswer,
      perAddress: { perMinute: 60, counted: ['COUNTER_UNKNOWN'] },
    },
    async ({ params }) => ownRequest(deps, params.request),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/counter-requests/:request/signature',
      summary: '用新密钥签署登记内容',
      as: 'anyone',
      params: requestParams,
      body: shownBody,
      answer: actAnswer,
      status: 201,
      perAddress: { perMinute: 60, counted: ['COUNTER_UNKNOWN', 'BINDING_EVIDENCE'] },
    },
    async ({ params, body }) => {
      const signature = readSignature(body.signature);
      return signature === undefined
        ? refuse('BINDING_MALFORMED', 'signature')
        : showKey(deps, params.request, signature);
    },
  );
}

function mountDesk(router: Router, deps: BindingDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/counter/persons',
      summary: '按房屋、姓名和证件号码后六位找业主',
      as: 'officer',
      params: communityParams,
      body: documentBody,
      answer: foundAnswer,
      perAddress: { perMinute: 30, counted: ['COUNTER_PERSON'] },
    },
    async ({ params, body, officer }) => {
      const found = await findPerson(deps, officer, { community: params.community, ...body });
      if (!found.ok) return found;
      const { person, name, units, keys } = found.value;
      return ok({
        person,
        name,
        units,
        keys: keys.map(({ credential, kind, boundAt = 0, isInForce }) => ({
          credential,
          kind,
          boundAt,
          inForce: isInForce,
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/counter/requests',
      summary: '窗口正在办理的登记和停用',
      as: 'officer',
      params: communityParams,
      answer: requestsAnswer,
    },
    async ({ params, officer }) => {
      const requests = await listRequests(deps, officer, params.community);
      if (!requests.ok) return requests;
      const revocations = await listRevocations(deps, officer, params.community);
      return revocations.ok ? ok({ requests: requests.value, revocations: revocations.value }) : revocations;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/counter/requests',
      summary: '认定一部手机上的密钥属于哪位业主',
      as: 'officer',
      params: communityParams,
      body: claimBody,
      answer: claimedAnswer,
      status: 201,
      perAddress: { perMinute: 30, counted: ['COUNTER_UNKNOWN'] },
    },
    async ({ params, body, officer }) => claimKey(deps, officer, { community: params.community, ...body }),
  );
}
