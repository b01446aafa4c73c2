/** Routes of merges of persons, for the officers who see documents (SPEC 3.8). */
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { actAnswer, communityParams } from './contract.ts';
import type { IdentityDeps } from './identity-deps.ts';
import {
  candidatesAnswer,
  draftedMergeAnswer,
  mergeBody,
  mergeParams,
  mergesAnswer,
} from './merge-contract.ts';
import { draftMerge, draftSeparation, listCandidates, listMerges } from './merging.ts';

/** Mounts them under `/v1/communities/:community/merges`. */
export function mountMerges(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/merges',
      summary: '已登记的人员合并',
      as: 'officer',
      params: communityParams,
      answer: mergesAnswer,
    },
    async ({ params, officer }) => {
      const found = await listMerges(deps, officer, params.community);
      return found.ok ? ok({ merges: [...found.value] }) : found;
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/merges/candidates',
      summary: '可能是同一人的业主',
      as: 'officer',
      params: communityParams,
      answer: candidatesAnswer,
    },
    async ({ params, officer }) => {
      const found = await listCandidates(deps, officer, params.community);
      return found.ok ? ok({ candidates: [...found.value] }) : found;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/merges',
      summary: '起草人员合并,由两人签署后生效',
      as: 'officer',
      params: communityParams,
      body: mergeBody,
      answer: draftedMergeAnswer,
      status: 201,
    },
    async ({ params, body, officer }) => draftMerge(deps, officer, { ...params, ...body }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/merges/:merge/separation',
      summary: '起草撤销人员合并,由两人签署后生效',
      as: 'officer',
      params: mergeParams,
      answer: actAnswer,
      status: 201,
    },
    async ({ params, officer }) => draftSeparation(deps, officer, params),
  );
}
