/** Routes of freezes: the owner's button, what he sees of it, and how officers lift one (SPEC 3.5). */
import { fromBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { readSignature } from '../officers/signature-body.ts';
import { actAnswer, communityParams } from './contract.ts';
import { freezeBody, freezeParams, freezesAnswer, frozenAnswer, ownFreezeAnswer } from './freeze-contract.ts';
import { draftUnfreezing, freezeVote, ownFreeze, standingFreezes } from './freezing.ts';
import type { IdentityDeps } from './identity-deps.ts';

/** Mounts them under `/v1/identity/freezes` and `/v1/communities/:community/freezes`. */
export function mountFreezes(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/freezes',
      summary: '冻结我的电子投票',
      as: 'anyone',
      body: freezeBody,
      answer: frozenAnswer,
      status: 201,
      perAddress: { perMinute: 120, counted: ['REQUEST_MALFORMED', 'FREEZE_REFUSED'] },
    },
    async ({ body }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('FREEZE_MALFORMED', 'signature');
      const freeze = fromBase64Url(body.freeze) ?? new Uint8Array();
      return freezeVote(deps, { by: body.credential, freeze, signature });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/identity/freezes',
      summary: '我的电子投票是否已冻结',
      as: 'owner',
      answer: ownFreezeAnswer,
    },
    async ({ owner }) => ok({ frozenAt: (await ownFreeze(deps.db, owner))?.frozenAt ?? 0 }),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/freezes',
      summary: '已冻结的电子投票',
      as: 'officer',
      params: communityParams,
      answer: freezesAnswer,
    },
    async ({ params, officer }) => {
      const found = await standingFreezes(deps, officer, params.community);
      return found.ok
        ? ok({ freezes: found.value.map((each) => ({ ...each, units: [...each.units] })) })
        : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/freezes/:freeze/lifting',
      summary: '解除冻结,由登记员和街道办签署后生效',
      as: 'officer',
      params: freezeParams,
      answer: actAnswer,
      status: 201,
    },
    async ({ params, officer }) => draftUnfreezing(deps, officer, params),
  );
}
