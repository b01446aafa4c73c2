/**
 * How an officer comes by his key: an invitation with a typed code, a passkey made in his own browser or the public key of a
 * key file, and an appointment that the roots or two officers sign (SPEC 2.2).
 */

import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import argon2 from 'argon2';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Role } from '../record/action.ts';
import { parseCoseKey } from '../record/cose-key.ts';
import type { EntryOf, UnsignedEntry } from '../record/entry.ts';
import { identityHash } from '../record/identity.ts';
import { loginHash } from '../record/login.ts';
import type { PublicKey } from '../record/signature.ts';
import type { SignedAct } from './acts.ts';
import { draftAct } from './acts.ts';
import { limitedArgon2 } from './argon2-queue.ts';
import type { IdentitySalts, OfficerDeps } from './officer-deps.ts';
import type { OfficerRefusalCode } from './refusals.ts';
import { spendChallenge } from './signing-in.ts';
import { countEnrolmentTry, insertEnrolment, insertOfficer, lockEnrolment, useEnrolment } from './store.ts';

/** OWASP's minimum for argon2id, the house's setting (DESIGN §3). */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const INVITATION_LIFE_MS = 7 * 86_400_000;
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;
const MAX_TRIES = 5;

export type Invitation = {
  /** Empty for the whole deployment. */
  readonly community: string;
  readonly role: Exclude<Role, 'root'>;
  readonly name: string;
  readonly docKind: string;
  readonly number: string;
};

/** Invites a person to become an officer; the code is shown once and kept only as an argon2id hash. */
export async function invite(
  deps: OfficerDeps & IdentitySalts,
  invitation: Invitation,
): Promise<{ readonly enrolment: string; readonly code: string }> {
  const enrolment = newId(deps.random);
  const code = [...deps.random(CODE_LENGTH)]
    .map((byte) => CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length))
    .join('');
  const { docKind, number, name } = invitation;
  const identity = identityHash(toBase64Url(deps.identitySalt(docKind, number)), { docKind, number, name });
  await insertEnrolment(deps.db, {
    enrolment_id: enrolment,
    community_id: invitation.community,
    role: invitation.role,
    name,
    identity: present(fromBase64Url(identity), 'own hash'),
    code_hash: await limitedArgon2(() => argon2.hash(code, ARGON2)),
    expires_at_ms: BigInt(deps.clock() + INVITATION_LIFE_MS),
  });
  return { enrolment, code };
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

/** Redeems an invitation: the key is checked and the appointment drafted for its signers. */
export async function enrol(
  deps: OfficerDeps,
  enrolment: string,
  code: string,
  newKey: NewKey,
  untilOn: CivilDate,
): Promise<Result<{ readonly act: string; readonly officer: string }, EnrolRefusal>> {
  const key = await checkedKey(deps, newKey);
  if (!key.ok) return key;
  return inTransaction(deps.db, async (tx) => {
    const row = await lockEnrolment(tx, enrolment);
    const open =
      row !== undefined &&
      row.used_at_ms === null &&
      row.tries < MAX_TRIES &&
      row.expires_at_ms > BigInt(deps.clock());
    if (!open) return refuse('ENROLMENT_REFUSED');
    const typed = code.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');
    if (!(await limitedArgon2(() => argon2.verify(row.code_hash, typed)))) {
      await countEnrolmentTry(tx, enrolment, row.tries + 1);
      return refuse('ENROLMENT_REFUSED');
    }
    const officer = newId(deps.random);
    const entry: UnsignedEntry<'officer.appointed'> = {
      v: 1,
      kind: 'officer.appointed',
      officer,
      identity: toBase64Url(row.identity),
      role: row.role as Role,
      community: row.community_id,
      keys: [{ credential: newId(deps.random), key: key.value }],
      until: untilOn,
    };
    const act = await draftAct(tx, deps, { entry, details: { name: row.name }, draftedBy: 'enrolment' });
    await useEnrolment(tx, enrolment, act, deps.clock());
    return ok({ act, officer });
  });
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

const APPOINTMENT_CONSTRAINTS = {
  officer_identity_key: 'OFFICER_EXISTS',
  officer_key_public_key_key: 'OFFICER_EXISTS',
} as const;
/** For the executor of acts: which violated constraints are refusals. */
export const appointmentConstraints = APPOINTMENT_CONSTRAINTS;

/** Executes a signed appointment. */
export async function applyAppointment(
  tx: Tx,
  _deps: OfficerDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, EnrolRefusal>> {
  const entry = act.entry as UnsignedEntry<'officer.appointed'>;
  const keys = entry.keys.map(({ credential, key }) => keyRow(entry, credential, key));
  await insertOfficer(
    tx,
    {
      officer_id: entry.officer,
      community_id: entry.community,
      role: entry.role,
      name: act.details['name'] ?? '',
      identity: present(fromBase64Url(entry.identity), 'checked hash'),
      until_on: entry.until,
      appointed_entry_id: entryId,
    },
    keys,
  );
  return ok(undefined);
}

const keyRow = (
  entry: Pick<EntryOf<'officer.appointed'>, 'officer'>,
  credential: string,
  key: PublicKey,
) => ({
  credential_id: credential,
  officer_id: entry.officer,
  alg: key.alg,
  public_key: present(fromBase64Url(key.publicKey), 'checked bytes'),
  webauthn_id: present(fromBase64Url(key.webauthnId), 'checked bytes'),
});
