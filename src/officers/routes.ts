/** Routes of officers: sign-in, enrolment, acts and their signatures (SPEC 2). */

import { Router } from 'express';
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerCaller } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { answerOf } from './act-answer.ts';
import { maySign } from './act-for-signers.ts';
import { readAct, signAct, withdrawAct } from './acts.ts';
import {
  actAnswer,
  actionBody,
  actParams,
  actsAnswer,
  actsQuery,
  challengeAnswer,
  enrolmentBody,
  idText,
  invitationBody,
  loginBody,
  officerAnswer,
} from './contract.ts';
import { actsIn } from './domain/session.ts';
import { enrol, invite } from './enrolling.ts';
import type { IdentitySalts, OfficerDeps, SigningRules } from './officer-deps.ts';
import type { ReceiptDeps } from './own-signatures.ts';
import { asNewKey, mountSecurity } from './security-routes.ts';
import { readSignature } from './signature-body.ts';
import { drawChallenge, signIn, signOut } from './signing-in.ts';
import type { ActRow } from './store.ts';
import { actsOf, officersOf, signaturesOf } from './store.ts';

const nothing = z.strictObject({});
const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** Routes under `/v1/officers` and `/v1/acts`. */
export function officerRouter(deps: OfficerDeps & IdentitySalts, rules: SigningRules = {}): Router {
  const router = Router();
  mountLogin(router, deps);
  mountEnrolment(router, deps);
  mountActs(router, deps, rules);
  return router;
}

/** Routes of an officer's own safety and of removals. */
export function officerSecurityRouter(deps: OfficerDeps & ReceiptDeps): Router {
  const router = Router();
  mountSecurity(router, deps);
  return router;
}

function mountLogin(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/challenges',
      summary: '登录随机数',
      as: 'anyone',
      answer: challengeAnswer,
      status: 201,
      perAddress: { perMinute: 600, counted: 'every call' },
    },
    async () => ok({ serverNonce: toBase64Url(await drawChallenge(deps, 'officer')) }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/sessions',
      summary: '登录',
      as: 'anyone',
      body: loginBody,
      answer: officerAnswer,
      status: 201,
      perAddress: { perMinute: 120, counted: ['REQUEST_MALFORMED', 'LOGIN_REFUSED', 'LOGIN_CHALLENGE'] },
    },
    async ({ body, setSession, userAgent }) => {
      const signature = readSignature(body.signature);
      if (signature === undefined) return refuse('LOGIN_REFUSED');
      const login = {
        origin: body.origin,
        serverNonce: bytes(body.serverNonce),
        pageNonce: bytes(body.pageNonce),
        publicKey: bytes(body.publicKey),
        signature,
      };
      const opened = await signIn(deps, login, userAgent);
      if (!opened.ok) return opened;
      setSession('officer', opened.value.token, Math.floor((opened.value.expiresAt - deps.clock()) / 1000));
      return ok(opened.value.session);
    },
  );
  route(
    router,
    { method: 'delete', path: '/v1/officers/sessions', summary: '退出', as: 'officer', answer: nothing },
    async ({ sessionHash, endSession }) => {
      const hash = sessionHash('officer');
      if (hash !== undefined) await signOut(deps, hash);
      endSession('officer');
      return ok({});
    },
  );
  route(
    router,
    { method: 'get', path: '/v1/officers/me', summary: '当前登录人', as: 'officer', answer: officerAnswer },
    async ({ officer: { officer, name, role, community } }) => ok({ officer, name, role, community }),
  );
}

function mountEnrolment(router: Router, deps: OfficerDeps & IdentitySalts): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/invitations',
      summary: '邀请人员',
      as: 'officer',
      body: invitationBody,
      answer: z.strictObject({ enrolment: idText, code: z.string() }),
      status: 201,
    },
    async ({ body, officer }) => {
      const mayInvite = officer.role === 'regulator' || officer.role === 'street';
      return mayInvite && actsIn(officer, body.community) ? invite(deps, body) : refuse('NOT_ALLOWED');
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/enrolment-challenges',
      summary: '登记随机数',
      as: 'anyone',
      answer: challengeAnswer,
      status: 201,
      perAddress: { perMinute: 600, counted: 'every call' },
    },
    async () => ok({ serverNonce: toBase64Url(await drawChallenge(deps, 'enrolment')) }),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/enrolments',
      summary: '登记通行密钥',
      as: 'anyone',
      body: enrolmentBody,
      answer: z.strictObject({ act: idText, officer: idText }),
      status: 201,
      perAddress: { perMinute: 30, counted: ['REQUEST_MALFORMED', 'ENROLMENT_REFUSED'] },
    },
    async ({ body }) =>
      enrol(deps, body.enrolment, body.code, asNewKey(body), body.until, {
        second: body.second === undefined ? undefined : asNewKey({ origin: body.origin, ...body.second }),
        recoveryCode: body.recoveryCode ?? '',
      }),
  );
}

/** Whoever drafted an act, and whoever may sign it. */
const mayWithdraw = (act: ActRow, by: OfficerCaller): boolean =>
  actsIn(by, act.community_id) && (act.drafted_by === by.officer || maySign(act, by.role));

function mountActs(router: Router, deps: OfficerDeps, rules: SigningRules): void {
  const namesIn = async (community: string) =>
    new Map((await officersOf(deps.db, ['', community])).map((row) => [row.officer_id, row.name]));
  route(
    router,
    {
      method: 'get',
      path: '/v1/acts',
      summary: '待签事项',
      as: 'officer',
      query: actsQuery,
      answer: actsAnswer,
    },
    async ({ query, officer }) => {
      if (!actsIn(officer, query.community) && query.community !== '') return refuse('NOT_ALLOWED');
      const names = await namesIn(query.community);
      const acts = await actsOf(deps.db, [query.community], 100);
      return ok({
        acts: await Promise.all(
          acts.map(async (act) => ({
            ...answerOf(act, await signaturesOf(deps.db, act.act_id), names),
            ...(act.state === 'open' && mayWithdraw(act, officer) ? { mayWithdraw: true as const } : {}),
          })),
        ),
      });
    },
  );
  route(
    router,
    {
      method: 'get',
      path: '/v1/acts/:act',
      summary: '一项待签事项',
      as: 'officer',
      params: actParams,
      answer: actAnswer,
    },
    async ({ params, officer }) => {
      const found = await readAct(deps, params.act);
      if (
        found === undefined ||
        (found.act.community_id !== '' && !actsIn(officer, found.act.community_id))
      ) {
        return refuse('ACT_UNKNOWN');
      }
      return ok(answerOf(found.act, found.signatures, await namesIn(found.act.community_id)));
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/acts/:act/actions',
      summary: '签署',
      as: 'anyone',
      params: actParams,
      body: actionBody,
      answer: z.strictObject({ act: idText, state: z.enum(['open', 'signed']) }),
      status: 201,
    },
    async ({ params, body }) => {
      const signature = readSignature(body.signature);
      return signature === undefined
        ? refuse('ACTION_SIGNATURE')
        : signAct(deps, params.act, bytes(body.action), signature, rules);
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/acts/:act/withdrawal',
      summary: '撤回待签事项',
      as: 'officer',
      params: actParams,
      answer: nothing,
    },
    async ({ params, officer }) => {
      const found = await readAct(deps, params.act);
      if (found === undefined || !actsIn(officer, found.act.community_id)) return refuse('ACT_UNKNOWN');
      if (!mayWithdraw(found.act, officer)) return refuse('NOT_ALLOWED');
      const withdrawn = await withdrawAct(deps, params.act);
      return withdrawn.ok ? ok({}) : withdrawn;
    },
  );
}
