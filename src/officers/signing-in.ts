/** Officers sign in with a passkey or a key file over a hash that binds the origin and both nonces (SPEC 1.7, 2.3). */

import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { VerifyingKey } from '../record/binding-evidence.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import { decoyPasskey } from '../record/decoy-passkey.ts';
import { loginHash } from '../record/login.ts';
import type { Signature } from '../record/signature.ts';
import { agentFamily } from './domain/agent.ts';
import type { OfficerSession } from './domain/session.ts';
import { ABSOLUTE_LIMIT_MS, sessionHolds } from './domain/session.ts';
import type { OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { isInForce } from './signers.ts';
import {
  deleteSession,
  insertSession,
  proveSession,
  sessionWithOfficer,
  touchSession,
} from './store/sessions.ts';
import type { OfficerKeyRow, OfficerRow } from './store.ts';
import {
  insertChallenge,
  keyByPublicKey,
  keyByWebauthnId,
  officerById,
  recordSignCount,
  sweepChallenges,
  takeChallenge,
} from './store.ts';

/** A login that is not finished by then starts again. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;

export type ChallengePurpose = 'officer' | 'owner' | 'enrolment';

/** Draws a server nonce that one login may use. */
export async function drawChallenge(deps: OfficerDeps, purpose: ChallengePurpose): Promise<Uint8Array> {
  const now = deps.clock();
  const nonce = deps.random(32);
  await sweepChallenges(deps.db, now);
  await insertChallenge(deps.db, nonce, purpose, now + CHALLENGE_LIFE_MS);
  return nonce;
}

/** Takes a nonce out; true exactly once. */
export const spendChallenge = (
  deps: OfficerDeps,
  nonce: Uint8Array,
  purpose: ChallengePurpose,
): Promise<boolean> => takeChallenge(deps.db, nonce, purpose, deps.clock());

export type OfficerLogin = {
  readonly origin: string;
  readonly serverNonce: Uint8Array;
  readonly pageNonce: Uint8Array;
  /** Raw Ed25519 key of a key file; empty for a passkey. */
  readonly publicKey: Uint8Array;
  readonly signature: Signature;
};

export type OpenedSession = {
  readonly token: Uint8Array;
  readonly session: OfficerSession;
  readonly expiresAt: Instant;
};

type LoginRefusal = Refusal<OfficerRefusalCode>;

/** Opens a session, or refuses without saying which part was wrong. */
export async function signIn(
  deps: OfficerDeps,
  login: OfficerLogin,
  userAgent = '',
): Promise<Result<OpenedSession, LoginRefusal>> {
  const proved = await provenOfficer(deps, login);
  if (!proved.ok) return proved;
  const { officer_id: officer, name, role, community_id: community } = proved.value;
  const now = deps.clock();
  const token = deps.random(32);
  const expiresAt = now + ABSOLUTE_LIMIT_MS;
  const session = newId(deps.random);
  const agent = agentFamily(userAgent);
  await insertSession(deps.db, { tokenHash: sha256(token), session, officer, agent, now, expiresAt });
  return ok({
    token,
    session: { officer, name, role: role as OfficerSession['role'], community },
    expiresAt,
  });
}

/** Notes that the officer of a session used his key again (SPEC 2.5); another officer's key does not count. */
export async function proveAgain(
  deps: OfficerDeps,
  tokenHash: Uint8Array,
  officer: string,
  login: OfficerLogin,
): Promise<Result<undefined, LoginRefusal>> {
  const proved = await provenOfficer(deps, login);
  if (!proved.ok) return proved;
  if (proved.value.officer_id !== officer) return refuse('LOGIN_REFUSED');
  await proveSession(deps.db, tokenHash, deps.clock());
  return ok(undefined);
}

/** The officer whose key signed this login. */
async function provenOfficer(
  deps: OfficerDeps,
  login: OfficerLogin,
): Promise<Result<OfficerRow, LoginRefusal>> {
  if (!deps.origins.includes(login.origin)) return refuse('LOGIN_REFUSED');
  if (!(await spendChallenge(deps, login.serverNonce, 'officer'))) return refuse('LOGIN_CHALLENGE');
  const key = await claimedKey(deps, login);
  // Asked and checked for strangers too, so that neither queries nor time tell whose keys are known.
  const officer = await officerById(deps.db, key?.officer_id ?? '');
  const challenge = loginHash(login.origin, login.serverNonce, login.pageNonce);
  const isSigned = isSignedBy(verifyingKey(key, login), challenge, login.signature, deps);
  if (key === undefined || officer === undefined || !isInForce(officer, deps.clock()) || !isSigned)
    return refuse('LOGIN_REFUSED');
  const passes = await passesLibrary(deps, key, challenge, login.signature);
  return passes ? ok(officer) : refuse('LOGIN_REFUSED');
}

function claimedKey(deps: OfficerDeps, login: OfficerLogin): Promise<OfficerKeyRow | undefined> {
  return login.signature.alg === 'webauthn'
    ? keyByWebauthnId(deps.db, present(fromBase64Url(login.signature.credentialId), 'checked bytes'))
    : keyByPublicKey(deps.db, login.publicKey);
}

/** The key that the signature is checked against: the officer's own, or what a stranger claims. */
function verifyingKey(key: OfficerKeyRow | undefined, { publicKey, signature }: OfficerLogin): VerifyingKey {
  if (key !== undefined) {
    const alg = key.alg === 'webauthn' ? 'webauthn' : 'Ed25519';
    return { alg, publicKey: key.public_key, webauthnId: key.webauthn_id };
  }
  return signature.alg === 'webauthn'
    ? decoyPasskey(present(fromBase64Url(signature.credentialId), 'checked bytes'))
    : { alg: 'Ed25519', publicKey, webauthnId: new Uint8Array() };
}

/** The live path asks the library too: it also watches the authenticator's counter. */
async function passesLibrary(
  deps: OfficerDeps,
  key: OfficerKeyRow,
  challenge: Uint8Array,
  signature: Signature,
): Promise<boolean> {
  if (signature.alg !== 'webauthn') return true;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: signature.credentialId,
        rawId: signature.credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: signature.clientDataJSON,
          authenticatorData: signature.authenticatorData,
          signature: signature.signature,
        },
      },
      expectedChallenge: toBase64Url(challenge),
      expectedOrigin: [...deps.origins],
      expectedRPID: deps.rpId,
      requireUserVerification: true,
      credential: {
        id: signature.credentialId,
        publicKey: new Uint8Array(key.public_key),
        counter: Number(key.sign_count),
      },
    });
    if (verified) await recordSignCount(deps.db, key.credential_id, BigInt(authenticationInfo.newCounter));
    return verified;
  } catch {
    return false;
  }
}

/** The officer of a session cookie, or undefined; a session in use is touched, at most once a minute. */
export async function readOfficerSession(
  deps: OfficerDeps,
  tokenHash: Uint8Array,
): Promise<(OfficerSession & { readonly provedAt: Instant }) | undefined> {
  const row = await sessionWithOfficer(deps.db, tokenHash);
  const now = deps.clock();
  if (row === undefined || !isInForce(row, now)) return undefined;
  if (!sessionHolds(now, Number(row.seen_at_ms), Number(row.expires_at_ms))) return undefined;
  if (now - Number(row.seen_at_ms) > 60_000) await touchSession(deps.db, tokenHash, now);
  return {
    officer: row.officer_id,
    name: row.name,
    role: row.role as OfficerSession['role'],
    community: row.community_id,
    provedAt: Number(row.proved_at_ms),
  };
}

/** Ends a session. */
export const signOut = (deps: OfficerDeps, tokenHash: Uint8Array): Promise<void> =>
  deleteSession(deps.db, tokenHash);
