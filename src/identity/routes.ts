/** Routes of owners' sign-in (SPEC 3.5); those of keys and of letters stand beside. */
import { Router } from 'express';
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import { route } from '../http/mount.ts';
import type { IdentitySalts } from '../officers/officer-deps.ts';
import { maskedPerson, unitsOfPerson } from '../registry/units.ts';
import { mountActOpenings } from './act-openings-routes.ts';
import type { MeAnswer } from './contract.ts';
import { challengeAnswer, meAnswer, ownerAnswer, ownerLoginBody } from './contract.ts';
import { mountCounter } from './counter-routes.ts';
import { mountDesignations } from './designation-routes.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import { mountFreezes } from './freeze-routes.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { mountKeys } from './key-routes.ts';
import { mountLetters } from './letter-routes.ts';
import { mountMandates } from './mandate-routes.ts';
import type { MandateDeps } from './mandate-rules.ts';
import { mountMerges } from './merge-routes.ts';
import { mountProviders } from './provider-routes.ts';
import { mountShares } from './share-routes.ts';
import { drawOwnerChallenge, signInOwner, signOutOwner } from './signing-in.ts';

const nothing = z.strictObject({});
const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Routes under `/v1/identity` and `/v1/communities/:community/letters`. */
export function identityRouter(deps: MandateDeps & IdentitySalts): Router {
  const router = Router();
  mountSignIn(router, deps);
  mountKeys(router, deps);
  mountFreezes(router, deps);
  mountShares(router, deps);
  mountCounter(router, deps);
  mountProviders(router, deps);
  mountMerges(router, deps);
  mountMandates(router, deps);
  mountDesignations(router, deps);
  mountActOpenings(router, deps);
  mountMe(router, deps);
  mountLetters(router, deps);
  return router;
}

function mountSignIn(router: Router, deps: IdentityDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/challenge',
      summary: '业主登录随机数',
      as: 'anyone',
      answer: challengeAnswer,
      status: 201,
      perAddress: { perMinute: 600, counted: 'every call' },
    },
    async () => ok({ serverNonce: toBase64Url(await drawOwnerChallenge(deps)) }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/identity/sessions',
      summary: '业主凭信函登录',
      as: 'anyone',
      body: ownerLoginBody,
      answer: ownerAnswer,
      status: 201,
      perAddress: { perMinute: 120, counted: ['REQUEST_MALFORMED', 'IDENTITY_REFUSED'] },
    },
    async ({ body, setSession }) => {
      const opened = await signInOwner(deps, {
        publicKey: bytes(body.publicKey),
        serverNonce: bytes(body.serverNonce),
        pageNonce: bytes(body.pageNonce),
        signature: bytes(body.signature),
        numberTail: body.numberTail,
      });
      if (!opened.ok) return opened;
      const { token, session, expiresAt } = opened.value;
      setSession('owner', token, Math.floor((expiresAt - deps.clock()) / 1000));
      return ok(session);
    },
  );
  route(
    router,
    { method: 'delete', path: '/v1/identity/sessions', summary: '业主退出', as: 'owner', answer: nothing },
    async ({ sessionHash, endSession }) => {
      const hash = sessionHash('owner');
      if (hash !== undefined) await signOutOwner(deps, hash);
      endSession('owner');
      return ok({});
    },
  );
}

/** What an owner sees of himself. */
export async function meOf(deps: IdentityDeps, owner: OwnerSession): Promise<MeAnswer | undefined> {
  const { person, community, credential } = owner;
  const shown = await maskedPerson(deps, community, person);
  if (shown === undefined) return undefined;
  const units = await unitsOfPerson(deps.db, community, person);
  return {
    person,
    community,
    communityName: shown.communityName,
    credential,
    name: shown.name,
    units: units.map(({ unit, building, stair, room, kind, areaDm2 }) => ({
      unit,
      building,
      stair,
      room,
      kind,
      areaDm2: areaDm2.toString(),
    })),
  };
}

function mountMe(router: Router, deps: IdentityDeps): void {
  route(
    router,
    { method: 'get', path: '/v1/identity/me', summary: '我的房屋', as: 'owner', answer: meAnswer },
    async ({ owner }) => {
      const me = await meOf(deps, owner);
      return me === undefined ? refuse('NOT_SIGNED_IN') : ok(me);
    },
  );
}
