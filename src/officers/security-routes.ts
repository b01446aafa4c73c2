/** Routes of an officer's own safety – sessions, keys, recovery, signatures – and of removals (SPEC 2.2, 2.5). */

import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerCaller, Router } from '../http/mount.ts';
import { route } from '../http/mount.ts';
import { draftKeyChange, openRecovery } from './changing-keys.ts';
import { idText, loginBody } from './contract.ts';
import type { OfficerSession } from './domain/session.ts';
import { actsIn, sessionHolds } from './domain/session.ts';
import type { NewKey } from './enrolling.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { ReceiptDeps } from './own-signatures.ts';
import { ownSignatures } from './own-signatures.ts';
import { drawRecoveryCode, hasRecoveryCode } from './recovery-code.ts';
import { draftRemoval } from './removing.ts';
import {
  draftedAnswer,
  keyChangeBody,
  keysAnswer,
  type newPasskey,
  officerParams,
  officersAnswer,
  officersQuery,
  sessionParams,
  sessionsAnswer,
  signaturesAnswer,
  signaturesQuery,
} from './security-contract.ts';
import { readSignature } from './signature-body.ts';
import { isInForce } from './signers.ts';
import { proveAgain } from './signing-in.ts';
import { deleteOwnSession, deleteSessionsOf, sessionsOf } from './store/sessions.ts';
import { keysOfOfficer, officerById, officersOf } from './store.ts';

const nothing = z.strictObject({});
const bytes = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();
const sessionOf = (caller: OfficerCaller): OfficerSession => caller as OfficerSession;

/** A passkey as a request brings it. */
export const asNewKey = (body: z.output<typeof newPasskey>): NewKey => ({
  kind: 'passkey',
  origin: body.origin,
  serverNonce: bytes(body.serverNonce),
  pageNonce: bytes(body.pageNonce),
  response: body.response as unknown as RegistrationResponseJSON,
});

/** Routes under `/v1/officers` beside sign-in and enrolment. */
export function mountSecurity(router: Router, deps: OfficerDeps & ReceiptDeps): void {
  mountProof(router, deps);
  mountSessions(router, deps);
  mountOwnKeys(router, deps);
  mountSignatures(router, deps);
  mountOffices(router, deps);
}

function mountProof(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/me/proofs',
      summary: '再次用密钥确认',
      as: 'officer',
      body: loginBody,
      answer: nothing,
      status: 201,
    },
    async ({ body, officer, sessionHash }) => {
      const signature = readSignature(body.signature);
      const hash = sessionHash('officer');
      if (signature === undefined || hash === undefined) return refuse('LOGIN_REFUSED');
      const { origin } = body;
      const [serverNonce, pageNonce, publicKey] = [body.serverNonce, body.pageNonce, body.publicKey].map(
        bytes,
      ) as [Uint8Array, Uint8Array, Uint8Array];
      const login = { origin, serverNonce, pageNonce, publicKey, signature };
      const proved = await proveAgain(deps, hash, officer.officer, login);
      return proved.ok ? ok({}) : proved;
    },
  );
}

function mountSessions(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/officers/me/sessions',
      summary: '本人的登录',
      as: 'officer',
      answer: sessionsAnswer,
    },
    async ({ officer, sessionHash }) => {
      const own = sessionHash('officer') ?? new Uint8Array();
      const now = deps.clock();
      const rows = (await sessionsOf(deps.db, officer.officer)).filter((row) =>
        sessionHolds(now, Number(row.seen_at_ms), Number(row.expires_at_ms)),
      );
      return ok({
        sessions: rows.map((row) => ({
          session: row.session_id,
          begunAt: showInstant(Number(row.created_at_ms)),
          usedAt: showInstant(Number(row.seen_at_ms)),
          agent: row.agent,
          isThis: sameBytes(row.token_hash, own),
        })),
      });
    },
  );
  route(
    router,
    {
      method: 'delete',
      path: '/v1/officers/me/sessions',
      summary: '在所有设备退出',
      as: 'officer',
      answer: nothing,
    },
    async ({ officer, endSession }) => {
      await deleteSessionsOf(deps.db, officer.officer);
      endSession('officer');
      return ok({});
    },
  );
  route(
    router,
    {
      method: 'delete',
      path: '/v1/officers/me/sessions/:session',
      summary: '结束一次登录',
      as: 'officer',
      params: sessionParams,
      answer: nothing,
    },
    async ({ params, officer }) =>
      (await deleteOwnSession(deps.db, officer.officer, params.session)) ? ok({}) : refuse('SESSION_UNKNOWN'),
  );
}

function mountOwnKeys(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/officers/me/keys',
      summary: '本人的密钥',
      as: 'officer',
      answer: keysAnswer,
    },
    async ({ officer }) => {
      const rows = await keysOfOfficer(deps.db, officer.officer);
      const row = await officerById(deps.db, officer.officer);
      return ok({
        keys: rows.map((key) => ({
          credential: key.credential_id,
          alg: key.alg as 'Ed25519' | 'webauthn',
          publicKey: toBase64Url(key.public_key),
        })),
        until: row?.until_on ?? '',
        hasRecoveryCode: await hasRecoveryCode(deps, officer.officer),
      });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/me/keys',
      summary: '增加或停用本人的密钥',
      as: 'officer',
      proved: true,
      body: keyChangeBody,
      answer: draftedAnswer,
      status: 201,
    },
    async ({ body, officer }) =>
      draftKeyChange(deps, sessionOf(officer), body.kept, body.added.map(asNewKey)),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/me/recovery-code',
      summary: '领取恢复码',
      as: 'officer',
      proved: true,
      answer: z.strictObject({ code: z.string() }),
      status: 201,
    },
    ({ officer }) => drawRecoveryCode(deps, officer.officer),
  );
}

function mountSignatures(router: Router, deps: OfficerDeps & ReceiptDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/officers/me/signatures',
      summary: '本人密钥的全部签署',
      as: 'officer',
      query: signaturesQuery,
      answer: signaturesAnswer,
    },
    async ({ query, officer }) => ok(await ownSignatures(deps, officer.officer, Number(query.after))),
  );
}

function mountOffices(router: Router, deps: OfficerDeps): void {
  route(
    router,
    {
      method: 'get',
      path: '/v1/officers',
      summary: '在任人员',
      as: 'officer',
      query: officersQuery,
      answer: officersAnswer,
    },
    async ({ query, officer }) => {
      if (!actsIn(officer, query.community)) return refuse('NOT_ALLOWED');
      const rows = await officersOf(deps.db, [query.community]);
      const officers = rows
        .filter((row) => isInForce(row, deps.clock()))
        .map(async (row) => ({
          officer: row.officer_id,
          name: row.name,
          role: row.role,
          community: row.community_id,
          until: row.until_on,
          keys: (await keysOfOfficer(deps.db, row.officer_id)).length,
        }));
      return ok({ officers: await Promise.all(officers) });
    },
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/:officer/removal',
      summary: '起草免职',
      as: 'officer',
      params: officerParams,
      answer: draftedAnswer,
      status: 201,
    },
    async ({ params, officer }) => draftRemoval(deps, sessionOf(officer), params.officer),
  );
  route(
    router,
    {
      method: 'post',
      path: '/v1/officers/:officer/recoveries',
      summary: '为遗失密钥的人员发起恢复',
      as: 'officer',
      proved: true,
      params: officerParams,
      answer: z.strictObject({ enrolment: idText, code: z.string() }),
      status: 201,
    },
    async ({ params, officer }) => openRecovery(deps, sessionOf(officer), params.officer),
  );
}
