/**
 * How an officer comes by his key: an invitation with a typed code, a passkey made in his own browser or the public key of a
 * key file, and an appointment that the roots or two officers sign (SPEC 2.2).
 */

import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Role } from '../record/action.ts';
import { parseCoseKey } from '../record/cose-key.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { identityHash } from '../record/identity.ts';
import { loginHash } from '../record/login.ts';
import type { PublicKey } from '../record/signature.ts';
import { draftAct } from './acts.ts';
import type { Busy } from './argon2-queue.ts';
import type { IdentitySalts, OfficerDeps } from './officer-deps.ts';
import { provesRecovery } from './recovery-code.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { spendChallenge } from './signing-in.ts';
import { countEnrolmentTry, insertEnrolment, lockEnrolment, useEnrolment } from './store.ts';
import { isCode, MAX_TRIES, newCode } from './typed-codes.ts';

export const INVITATION_LIFE_MS = 7 * 86_400_000;

export type Invitation = {
  /** Empty for the whole deployment. */
  readonly community: string;
  readonly role: Exclude<Role, 'root'>;
  readonly name: string;
  readonly docKind: string;
  readonly number: string;
};

/** What is handed to the invited person. */
export type Invited = { readonly enrolment: string; readonly code: string };

/** Invites a person to become an officer; the code is shown once and kept only as an argon2id hash. */
export async function invite(
  deps: OfficerDeps & IdentitySalts,
  invitation: Invitation,
): Promise<Result<Invited, Busy>> {
  const enrolment = newId(deps.random);
  const drawn = await newCode(deps);
  if (!drawn.ok) return drawn;
  const { code, codeHash } = drawn.value;
  const { docKind, number, name } = invitation;
  const identity = identityHash(toBase64Url(deps.identitySalt(docKind, number)), { docKind, number, name });
  await insertEnrolment(deps.db, {
    enrolment_id: enrolment,
    community_id: invitation.community,
    role: invitation.role,
    name,
    identity: present(fromBase64Url(identity), 'own hash'),
    code_hash: codeHash,
    expires_at_ms: BigInt(deps.clock() + INVITATION_LIFE_MS),
    recovers_officer_id: null,
  });
  return ok({ enrolment, code });
}

/** What the invited person brings: a new passkey, or the public key of a key file with a proof of possession. */
export type NewKey =
  | {
      readonly kind: 'passkey';
      readonly origin: string;
      readonly serverNonce: Uint8Array;
      readonly pageNonce: Uint8Array;
      readonly response: RegistrationResponseJSON;
    }
  | { readonly kind: 'key-file'; readonly publicKey: Uint8Array };

type EnrolRefusal = Refusal<OfficerRefusalCode>;

/** What may come with the first key. */
export type EnrolExtras = {
  /** A second passkey or security key, so that the loss of one locks nobody out. */
  readonly second?: NewKey | undefined;
  /** What an officer who lost his keys kept; empty for everybody else. */
  readonly recoveryCode?: string;
};

/** Redeems an invitation: the keys are checked and the appointment drafted for its signers. */
export async function enrol(
  deps: OfficerDeps,
  enrolment: string,
  code: string,
  newKey: NewKey,
  untilOn: CivilDate,
  { second, recoveryCode = '' }: EnrolExtras = {},
): Promise<Result<{ readonly act: string; readonly officer: string }, EnrolRefusal>> {
  const keys = await checkedKeys(deps, second === undefined ? [newKey] : [newKey, second]);
  if (!keys.ok) return keys;
  return inTransaction(deps.db, async (tx) => {
    const row = await lockEnrolment(tx, enrolment);
    const open =
      row !== undefined &&
      row.used_at_ms === null &&
      row.tries < MAX_TRIES &&
      row.expires_at_ms > BigInt(deps.clock());
    if (!open) return refuse('ENROLMENT_REFUSED');
    const invited = await isCode(row.code_hash, code);
    if (!invited.ok) return invited;
    const isInvited = invited.value;
    const lost = row.recovers_officer_id;
    const proved = lost === null ? ok(true) : await provesRecovery(tx, deps, lost, recoveryCode, isInvited);
    if (!proved.ok) return proved;
    if (!isInvited || !proved.value) {
      await countEnrolmentTry(tx, enrolment, row.tries + 1);
      return refuse('ENROLMENT_REFUSED');
    }
    const officer = lost ?? newId(deps.random);
    const entry: UnsignedEntry<'officer.appointed'> = {
      v: 1,
      kind: 'officer.appointed',
      officer,
      identity: toBase64Url(row.identity),
      role: row.role as Role,
      community: row.community_id,
      keys: keys.value.map((key) => ({ credential: newId(deps.random), key })),
      until: untilOn,
    };
    const details = { name: row.name, officer, ...(lost === null ? {} : { change: 'recovery' }) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: 'enrolment' });
    await useEnrolment(tx, enrolment, act, deps.clock());
    return ok({ act, officer });
  });
}

/** Each key checked; two must differ. */
export async function checkedKeys(
  deps: OfficerDeps,
  newKeys: readonly NewKey[],
): Promise<Result<readonly PublicKey[], EnrolRefusal>> {
  const keys: PublicKey[] = [];
  for (const newKey of newKeys) {
    const key = await checkedKey(deps, newKey);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return new Set(keys.map(({ publicKey }) => publicKey)).size === keys.length
    ? ok(keys)
    : refuse('OFFICER_KEYS');
}

async function checkedKey(deps: OfficerDeps, newKey: NewKey): Promise<Result<PublicKey, EnrolRefusal>> {
  if (newKey.kind === 'key-file') {
    if (!isEnrollableKey(newKey.publicKey)) return refuse('ASSERTION_KEY');
    return ok({ v: 1, alg: 'Ed25519', publicKey: toBase64Url(newKey.publicKey), webauthnId: '' });
  }
  if (!deps.origins.includes(newKey.origin)) return refuse('ENROLMENT_REFUSED');
  if (!(await spendChallenge(deps, newKey.serverNonce, 'enrolment'))) return refuse('LOGIN_CHALLENGE');
  const challenge = loginHash(newKey.origin, newKey.serverNonce, newKey.pageNonce);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: newKey.response,
      expectedChallenge: toBase64Url(challenge),
      expectedOrigin: [...deps.origins],
      expectedRPID: deps.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-7, -8],
    });
    if (!verified) return refuse('ENROLMENT_REFUSED');
    const { id, publicKey } = registrationInfo.credential;
    if (!parseCoseKey(publicKey).ok) return refuse('ASSERTION_KEY');
    return ok({ v: 1, alg: 'webauthn', publicKey: toBase64Url(publicKey), webauthnId: id });
  } catch {
    return refuse('ENROLMENT_REFUSED');
  }
}
