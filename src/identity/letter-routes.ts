/** Routes of the registrar's letters: what he sees, makes, takes back and opens again (SPEC 3.2, 3.5). */
import { z } from 'zod';
import { ok } from '../base/result.ts';
import type { Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import {
  actAnswer,
  communityParams,
  foundLetters,
  LETTERS_LIMIT,
  letterParams,
  lettersAnswer,
  lettersBody,
  lettersOverview,
  lockedAnswer,
  placeQuery,
  reissueBody,
  rosterFile,
} from './contract.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { issueLetters, revokeLetter } from './issuing.ts';
import { letterOverview, lettersAt } from './letter-overview.ts';
import { letterRoster } from './letter-roster.ts';
import { listLocked, unlockLetter } from './unlocking.ts';

const nothing = z.strictObject({});

/** Routes under `/v1/communities/:community/letters`, and the roster. */
export function mountLetters(router: Router, deps: IdentityDeps): void {
  mountReading(router, deps);
  mountMaking(router, deps);
  mountLocks(router, deps);
}

function mountReading(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/roster',
      summary: '制作信函用的名册(不含姓名和证件号码)',
      as: 'officer',
      proved: true,
      params: communityParams,
      answer: rosterFile,
    },
    async ({ params, officer }) => letterRoster(deps, officer, params.community),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/letters',
      summary: '信函的批次、各栋的进度和还没有信函的业主',
      as: 'officer',
      params: communityParams,
      answer: lettersOverview,
    },
    async ({ params, officer }) => letterOverview(deps, officer, params.community),
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/letters/at',
      summary: '一处房屋的业主的有效信函',
      as: 'officer',
      params: communityParams,
      query: placeQuery,
      answer: foundLetters,
    },
    async ({ params, query, officer }) => {
      const found = await lettersAt(deps, officer, params.community, query.place);
      return found.ok ? ok({ letters: found.value }) : found;
    },
  );
}

function mountMaking(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/letters',
      summary: '登记一批信函,由登记员签署后生效',
      as: 'officer',
      params: communityParams,
      body: lettersBody,
      answer: lettersAnswer,
      status: 201,
      limit: LETTERS_LIMIT,
      timeMs: 60_000,
      creates: true,
    },
    async ({ params, body, officer }) =>
      issueLetters(deps, officer, { community: params.community, ...body }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/letters/reissues',
      summary: '会议期间补发少量信函,由两名经办人签署后生效',
      as: 'officer',
      params: communityParams,
      body: reissueBody,
      answer: lettersAnswer,
      status: 201,
      creates: true,
    },
    async ({ params, body, officer }) =>
      issueLetters(deps, officer, { community: params.community, ...body }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/letters/:letter/revocation',
      summary: '作废一封信函,由登记员签署后生效',
      as: 'officer',
      params: letterParams,
      answer: actAnswer,
      status: 201,
    },
    async ({ params, officer }) => revokeLetter(deps, officer, params),
  );
}

function mountLocks(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/communities/:community/letters/locked',
      summary: '已锁定的信函',
      as: 'officer',
      params: communityParams,
      answer: lockedAnswer,
    },
    async ({ params, officer }) => {
      const locked = await listLocked(deps, officer, params.community);
      return locked.ok ? ok({ letters: locked.value }) : locked;
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/communities/:community/letters/:letter/unlocking',
      summary: '解除一封信函的锁定',
      as: 'officer',
      proved: true,
      params: letterParams,
      answer: nothing,
    },
    async ({ params, officer }) => {
      const unlocked = await unlockLetter(deps, officer, params);
      return unlocked.ok ? ok({}) : unlocked;
    },
  );
}
