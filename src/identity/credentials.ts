/** Credentials of owners: whether one is in force for a cast, and the lines that auditors read (SPEC 3.3, 9.1). */

import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import { sentTogether } from '../db/sent-together.ts';
import type { Tx } from '../db/transaction.ts';
import type { CredentialLine, LetterLine, ReissueLine } from '../record/bundle-lines.ts';
import { letterItemForm } from '../record/letter.ts';
import type { CredentialRow } from './store/credentials.ts';
import { credentialsById, credentialsOf, shareCredentials } from './store/credentials.ts';
import { frozenAmong } from './store/freezes.ts';
import { issuedItems, reissuesOf, vouchingLetters } from './store/letters.ts';

/** A credential with its person; `publicKey` is raw Ed25519 or COSE bytes, by `alg`. */
export type Credential = {
  readonly credential: string;
  readonly community: string;
  readonly person: string;
  readonly identity: string;
  readonly kind: 'letter' | 'passkey' | 'device';
  readonly alg: 'Ed25519' | 'webauthn';
  readonly publicKey: Uint8Array;
  readonly webauthnId: Uint8Array;
};

const credentialOf = (row: CredentialRow): Credential => ({
  credential: row.credential_id,
  community: row.community_id,
  person: row.person_id,
  identity: toBase64Url(row.identity),
  kind: row.kind as Credential['kind'],
  alg: row.alg as Credential['alg'],
  publicKey: row.public_key,
  webauthnId: row.webauthn_id,
});

/** Whether a credential may be used on this day: not replaced, not revoked, not past its date. */
export const isInForce = (
  row: Pick<CredentialRow, 'ended_entry_id' | 'until_on'>,
  today: CivilDate,
): boolean => row.ended_entry_id === null && (row.until_on === null || today <= row.until_on);

/** A credential by its place; `at` is the instant at which it is used. */
export type CredentialUse = {
  readonly community: string;
  readonly credential: string;
  readonly at: Instant;
};

const placeOf = (community: string, credential: string): string => `${community} ${credential}`;

/**
 * Whether each credential is in force when it is used. Those that are stay so until the caller's transaction ends: whatever
 * ends one waits for the caller's lock, and gets a later log entry (SPEC 6.5, 6.6).
 */
export async function areInForce(tx: Tx, uses: readonly CredentialUse[]): Promise<readonly boolean[]> {
  const rows = await shareCredentials(
    tx,
    uses.map(({ community }) => community),
    uses.map(({ credential }) => credential),
  );
  const byPlace = new Map(rows.map((row) => [placeOf(row.community_id, row.credential_id), row]));
  return uses.map(({ community, credential, at }) => {
    const row = byPlace.get(placeOf(community, credential));
    return row !== undefined && isInForce(row, civilDateAt(at));
  });
}

/** Whether the owner of each credential has frozen his vote; to be asked after `areInForce`, under its locks (SPEC 3.5, 6.5). */
export async function areFrozen(
  tx: Tx,
  uses: readonly Omit<CredentialUse, 'at'>[],
): Promise<readonly boolean[]> {
  const frozen = await frozenAmong(
    tx,
    uses.map(({ community }) => community),
    uses.map(({ credential }) => credential),
  );
  return uses.map(({ community, credential }) => frozen.has(placeOf(community, credential)));
}

/** What a cast is checked against; it never changes. `letterUnits` are the units that the letter names which it is, or which vouched for it. */
export type VotingKey = Credential & { readonly letterUnits: ReadonlySet<string> | undefined };

/** The credentials of some casts, in force or not, in the order asked; undefined where there is none. */
export async function votingKeysOf(
  db: Database,
  wanted: readonly Omit<CredentialUse, 'at'>[],
): Promise<readonly (VotingKey | undefined)[]> {
  const communities = wanted.map(({ community }) => community);
  const ids = wanted.map(({ credential }) => credential);
  const [letters, credentials] = await sentTogether([
    vouchingLetters(db, communities, ids),
    credentialsOf(db, communities, ids),
  ]);
  const units = new Map<string, ReadonlySet<string>>();
  for (const row of letters) {
    units.set(placeOf(row.community_id, row.credential_id), new Set(letterItemForm.own(row.item).units));
  }
  const keys = new Map<string, VotingKey>();
  for (const row of credentials) {
    const place = placeOf(row.community_id, row.credential_id);
    keys.set(place, { ...credentialOf(row), letterUnits: units.get(place) });
  }
  return wanted.map(({ community, credential }) => keys.get(placeOf(community, credential)));
}

/** `letters.jsonl` of a community: every issued batch in log order, each in the order of its root. */
export async function letterLines(db: Database, community: string): Promise<readonly LetterLine[]> {
  return (await issuedItems(db, community)).map((row) => {
    const item = letterItemForm.parse(row.item);
    return { batch: row.batch_id, item: present(item.ok ? item.value : undefined, 'stored by us') };
  });
}

/** `reissues.jsonl`: why letters of a community were reissued, among the first `size` entries of the log, in its order. */
export const reissueLines = async (
  db: Database,
  community: string,
  size: number,
): Promise<readonly ReissueLine[]> =>
  (await reissuesOf(db, community, size)).map(({ reissue }) => ({
    reissue: toBase64Url(present(reissue, 'selected')),
  }));

/** `credentials.jsonl`: the named credentials, in the order given; unknown ones are left out. */
export async function credentialLines(
  db: Database,
  community: string,
  credentials: readonly string[],
): Promise<readonly CredentialLine[]> {
  const rows = await credentialsById(db, community, [...new Set(credentials)]);
  const byId = new Map(rows.map((row) => [row.credential_id, credentialOf(row)]));
  return [...new Set(credentials)].flatMap((id) => {
    const found = byId.get(id);
    if (found === undefined) return [];
    const { credential, person, identity, kind, alg, publicKey, webauthnId } = found;
    return [
      {
        credential,
        person,
        identity,
        kind,
        alg,
        publicKey: toBase64Url(publicKey),
        webauthnId: toBase64Url(webauthnId),
      },
    ];
  });
}
