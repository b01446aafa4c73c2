/**
 * An owner signs in with his letter or a device key: a signature by its key, and the last six characters of his document number; or with a
 * passkey, whose device has checked him (SPEC 1.7, 3.5). A stranger learns nothing, and only a genuine key uses up its five tries.
 */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sameSecret } from '../crypto/at-rest.ts';
import { verify } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { drawChallenge, spendChallenge } from '../officers/signing-in.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import { decoyPasskey } from '../record/decoy-passkey.ts';
import { loginHash } from '../record/login.ts';
import type { Assertion } from '../record/signature.ts';
import { openNumber, readPerson } from '../registry/persons.ts';
import { isInForce } from './credentials.ts';
import { numberTail, typedTail } from './domain/number-tail.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import { ABSOLUTE_LIMIT_MS, MAX_FAILURES, sessionHolds } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { CredentialRow } from './store/credentials.ts';
import { credentialByKey, credentialByWebauthnId } from './store/credentials.ts';
import { noteFirstUse } from './store/letters.ts';
import {
  deleteSession,
  insertSession,
  lockFailures,
  sessionWithCredential,
  setFailures,
  sweepSessions,
  touchSession,
} from './store/sessions.ts';

/** A login as the page sends it; both nonces are 32 bytes. */
export type OwnerLogin = {
  readonly publicKey: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly pageNonce: Uint8Array;
  readonly signature: Uint8Array;
  /** As typed. */
  readonly numberTail: string;
};

export type OpenedOwnerSession = {
  readonly token: Uint8Array;
  readonly session: OwnerSession;
  readonly expiresAt: Instant;
};

type SignInRefusal = Refusal<'IDENTITY_REFUSED' | 'IDENTITY_LOCKED'>;

/** Draws a server nonce that one owner's login may use. */
export const drawOwnerChallenge = (deps: IdentityDeps): Promise<Uint8Array> => drawChallenge(deps, 'owner');

/** Whether the key signed this login, for one of our own pages. */
const isSigned = (deps: IdentityDeps, login: OwnerLogin): boolean =>
  login.pageNonce.length === 32 &&
  deps.origins.some((origin) =>
    verify(login.publicKey, loginHash(origin, login.serverNonce, login.pageNonce), login.signature),
  );

/** Opens a session of four hours, or refuses without saying which part was wrong. */
export async function signInOwner(
  deps: IdentityDeps,
  login: OwnerLogin,
): Promise<Result<OpenedOwnerSession, SignInRefusal>> {
  // The signature comes first and needs no database: whoever holds no key at all learns nothing from the time it takes.
  if (!isSigned(deps, login)) return refuse('IDENTITY_REFUSED');
  if (login.serverNonce.length !== 32 || !(await spendChallenge(deps, login.serverNonce, 'owner')))
    return refuse('IDENTITY_REFUSED');
  const credential = await credentialByKey(deps.db, login.publicKey);
  if (credential === undefined || !isInForce(credential, civilDateAt(deps.clock())))
    return refuse('IDENTITY_REFUSED');
  return checkNumber(deps, credential, login.numberTail);
}

async function checkNumber(
  deps: IdentityDeps,
  row: CredentialRow,
  typed: string,
): Promise<Result<OpenedOwnerSession, SignInRefusal>> {
  const { community_id: community, credential_id: credential, person_id: person } = row;
  const owner = await readPerson(deps, community, person);
  if (owner === undefined) return refuse('IDENTITY_REFUSED');
  const isRight = sameSecret(typedTail(typed), numberTail(openNumber(deps, owner)));
  const now = deps.clock();
  const tried = { community, credential, now };
  return inTransaction(deps.db, async (tx): Promise<Result<OpenedOwnerSession, SignInRefusal>> => {
    // The lock makes tries at the same moment wait for each other, so that no more than five are ever compared.
    const failures = await lockFailures(tx, tried);
    if (failures >= MAX_FAILURES) return refuse('IDENTITY_LOCKED');
    if (!isRight) {
      await setFailures(tx, tried, failures + 1);
      return refuse('IDENTITY_REFUSED');
    }
    await setFailures(tx, tried, 0);
    if (row.kind === 'letter') await noteFirstUse(tx, community, credential, now);
    return ok(await openSession(tx, deps, { person, community, credential }));
  });
}

async function openSession(tx: Tx, deps: IdentityDeps, session: OwnerSession): Promise<OpenedOwnerSession> {
  const { community, credential } = session;
  const now = deps.clock();
  await sweepSessions(tx, now);
  const token = deps.random(32);
  const expiresAt = now + ABSOLUTE_LIMIT_MS;
  await insertSession(tx, { community, credential, tokenHash: sha256(token), now, expiresAt });
  return { token, session, expiresAt };
}

/** A login by a passkey; both nonces are 32 bytes. */
export type PasskeyLogin = {
  readonly serverNonce: Uint8Array;
  readonly pageNonce: Uint8Array;
  readonly signature: Assertion;
};

/** Opens a session of four hours, or refuses without saying which part was wrong. */
export async function signInByPasskey(
  deps: IdentityDeps,
  { serverNonce, pageNonce, signature }: PasskeyLogin,
): Promise<Result<OpenedOwnerSession, SignInRefusal>> {
  if (serverNonce.length !== 32 || pageNonce.length !== 32) return refuse('IDENTITY_REFUSED');
  if (!(await spendChallenge(deps, serverNonce, 'owner'))) return refuse('IDENTITY_REFUSED');
  const webauthnId = present(fromBase64Url(signature.credentialId), 'checked bytes');
  const row = await credentialByWebauthnId(deps.db, webauthnId);
  const isKnown = row !== undefined && isInForce(row, civilDateAt(deps.clock()));
  // Checked for strangers too, so that neither queries nor time tell which credential ids are enrolled.
  const key = isKnown
    ? ({ alg: 'webauthn', publicKey: row.public_key, webauthnId: row.webauthn_id } as const)
    : decoyPasskey(webauthnId);
  const isSigned = deps.origins.some((origin) =>
    isSignedBy(key, loginHash(origin, serverNonce, pageNonce), signature, deps),
  );
  if (!isKnown || !isSigned) return refuse('IDENTITY_REFUSED');
  const session = { person: row.person_id, community: row.community_id, credential: row.credential_id };
  return ok(
    await inTransaction(deps.db, async (tx) => {
      // Only that it was used: a passkey is asked for no number.
      await lockFailures(tx, { ...session, now: deps.clock() });
      return openSession(tx, deps, session);
    }),
  );
}

/** The owner of a session cookie, or undefined; a session in use is touched, at most once a minute. */
export async function ownerSessionOf(
  deps: Pick<IdentityDeps, 'db' | 'clock'>,
  tokenHash: Uint8Array,
): Promise<OwnerSession | undefined> {
  const now = deps.clock();
  const row = await sessionWithCredential(deps.db, tokenHash, civilDateAt(now));
  if (row === undefined || !sessionHolds(now, Number(row.seen_at_ms), Number(row.expires_at_ms)))
    return undefined;
  if (now - Number(row.seen_at_ms) > 60_000) await touchSession(deps.db, tokenHash, now);
  return { person: row.person_id, community: row.community_id, credential: row.credential_id };
}

/** Ends a session. */
export const signOutOwner = (deps: Pick<IdentityDeps, 'db'>, tokenHash: Uint8Array): Promise<void> =>
  deleteSession(deps.db, tokenHash);
