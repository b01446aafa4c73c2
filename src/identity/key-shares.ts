/**
 * The service's half of what unlocks a device key with a PIN (SPEC 3.3): a random share, given out only for a proof of the PIN, five
 * tries long. The PIN never comes here: the proof is a hash under a salt that only the phone has.
 */
import argon2 from 'argon2';
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Database } from '../db/connect.ts';
import { refusalOfConstraint } from '../db/constraint-refusals.ts';
import { limitedArgon2 } from '../officers/argon2-queue.ts';
import { isInForce } from './credentials.ts';
import type { OwnerSession } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { credentialsById } from './store/credentials.ts';
import { hasShare, insertShare, keyUses, resetTries, shareByHandle, takeTry } from './store/key-shares.ts';

/** OWASP's minimum for argon2id, the house's setting (DESIGN §3). */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Wrong PINs in a row; then the letter or the counter opens it again. */
export const MAX_TRIES = 5;
const SHARE_BYTES = 32;

/** What a page shows for its share; `handle` and `proof` are 32 bytes that only this phone can make. */
export type PinProof = { readonly handle: Uint8Array; readonly proof: Uint8Array };

/** Where the share of a key is sealed for. */
export const sharePlace = (community: string, credential: string): string =>
  `key_share.share/${community}/${credential}`;

/** Draws the share of a device key of who is signed in; it is answered this once, and afterwards for the proof alone. */
export async function makeShare(
  deps: IdentityDeps,
  { community, person }: OwnerSession,
  { credential, handle, proof }: PinProof & { readonly credential: string },
): Promise<Result<{ readonly share: Uint8Array }, IdentityRefusal>> {
  const [row] = await credentialsById(deps.db, community, [credential]);
  const isOwn = row?.person_id === person && row.kind === 'device';
  if (!isOwn || !isInForce(row, civilDateAt(deps.clock()))) return refuse('SHARE_KEY');
  // Before the costly hash, which whoever has a share already could ask for without end.
  if (await hasShare(deps.db, community, credential)) return refuse('SHARE_EXISTS');
  const share = deps.random(SHARE_BYTES);
  const hashed = await limitedArgon2(() => argon2.hash(toBase64Url(proof), ARGON2));
  if (!hashed.ok) return hashed;
  try {
    await insertShare(deps.db, {
      community_id: community,
      credential_id: credential,
      handle_hash: sha256(handle),
      proof_hash: hashed.value,
      share: sealAtRest(deps.atRest, sharePlace(community, credential), share, deps.random),
      last_at_ms: BigInt(deps.clock()),
    });
  } catch (error) {
    const refusal = refusalOfConstraint(error, {
      key_share_pk: 'SHARE_EXISTS',
      key_share_handle_key: 'SHARE_EXISTS',
    } as const);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
  return ok({ share });
}

/**
 * Gives the share out for the right proof. A wrong PIN, an ended key and an unknown handle are refused alike; a lock is told, since
 * whoever has the handle has the phone.
 */
export async function releaseShare(
  deps: IdentityDeps,
  { handle, proof }: PinProof,
): Promise<Result<{ readonly share: Uint8Array }, IdentityRefusal>> {
  const row = await shareByHandle(deps.db, sha256(handle));
  // A handle is 256 random bits, so nobody learns from the time which ones exist; argon2 is not there for strangers to wear us out.
  if (row === undefined) return refuse('SHARE_REFUSED');
  const place = { community: row.community_id, credential: row.credential_id };
  const now = deps.clock();
  // A try is taken when the turn has come and before the comparison: who is sent away by a full line loses none, and nobody compares free.
  const compared = await limitedArgon2(async () =>
    (await takeTry(deps.db, place, MAX_TRIES, now))
      ? await argon2.verify(row.proof_hash, toBase64Url(proof))
      : ('locked' as const),
  );
  if (!compared.ok) return compared;
  if (compared.value === 'locked') return refuse('SHARE_LOCKED');
  if (!compared.value || !isInForce(row, civilDateAt(now))) return refuse('SHARE_REFUSED');
  await resetTries(deps.db, place);
  return ok({ share: openAtRest(deps.atRest, sharePlace(place.community, place.credential), row.share) });
}

/** An owner who is signed in by his letter gives a key of his own its five tries back. */
export async function unlockShare(
  deps: IdentityDeps,
  owner: OwnerSession,
  credential: string,
): Promise<Result<undefined, IdentityRefusal>> {
  const { community } = owner;
  const rows = await credentialsById(deps.db, community, [...new Set([owner.credential, credential])]);
  const by = rows.find((row) => row.credential_id === owner.credential);
  if (by?.kind !== 'letter') return refuse('SHARE_LETTER');
  const isOwn = rows.some((row) => row.credential_id === credential && row.person_id === owner.person);
  if (!isOwn || !(await resetTries(deps.db, { community, credential }))) return refuse('CREDENTIAL_UNKNOWN');
  return ok(undefined);
}

/** How a key is used: `lastUsedAt` is 0 for never. */
export type KeyUse = { readonly lastUsedAt: Instant; readonly pin: 'none' | 'set' | 'locked' };

/** How the keys of who is signed in are used, by credential. */
export async function ownKeyUses(
  db: Database,
  { community, person }: OwnerSession,
): Promise<ReadonlyMap<string, KeyUse>> {
  const rows = await keyUses(db, community, person);
  return new Map(
    rows.map(({ credential_id, last_at_ms, tries }) => [
      credential_id,
      {
        lastUsedAt: Number(last_at_ms ?? 0),
        pin: tries === null ? 'none' : tries < MAX_TRIES ? 'set' : 'locked',
      },
    ]),
  );
}
