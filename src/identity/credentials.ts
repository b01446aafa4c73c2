/** Credentials of owners: whether one is in force for a cast, and the lines that auditors read (SPEC 3.3, 9.1). */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { CredentialLine, LetterLine } from '../record/bundle-lines.ts';
import { letterItemForm } from '../record/letter.ts';
import type { CredentialRow } from './store/credentials.ts';
import { credentialsById, shareCredential } from './store/credentials.ts';
import { issuedItems, letterById } from './store/letters.ts';

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

/**
 * The credential for a cast, or undefined where it is not in force at `now`. It stays in force until the caller's transaction
 * ends: whatever ends it waits for the caller's lock, and gets a later log entry (SPEC 6.5, 6.6).
 */
export async function credentialInForce(
  tx: Tx,
  community: string,
  credential: string,
  now: Instant,
): Promise<Credential | undefined> {
  const row = await shareCredential(tx, community, credential);
  return row !== undefined && isInForce(row, civilDateAt(now)) ? credentialOf(row) : undefined;
}

/** A credential of the community, in force or not, or undefined; for checks that come before any lock. */
export async function readCredential(
  db: Database,
  community: string,
  credential: string,
): Promise<Credential | undefined> {
  const [row] = await credentialsById(db, community, [credential]);
  return row === undefined ? undefined : credentialOf(row);
}

/** The units that a letter names, or undefined where the credential is no letter. */
export async function unitsOfLetter(
  db: Database,
  community: string,
  letter: string,
): Promise<ReadonlySet<string> | undefined> {
  const row = await letterById(db, community, letter);
  const item = row === undefined ? undefined : letterItemForm.parse(row.item);
  return item?.ok === true ? new Set(item.value.units) : undefined;
}

/** `letters.jsonl` of a community: every issued batch in log order, each in the order of its root. */
export async function letterLines(db: Database, community: string): Promise<readonly LetterLine[]> {
  return (await issuedItems(db, community)).map((row) => {
    const item = letterItemForm.parse(row.item);
    return { batch: row.batch_id, item: present(item.ok ? item.value : undefined, 'stored by us') };
  });
}

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
