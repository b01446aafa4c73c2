/** The SQL that reads credentials. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { CredentialTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';
import { chunksOf } from '../../registry/store/bulk-insert.ts';

export type CredentialRow = Selectable<CredentialTable>;

/** The keys of one who was erased are a stranger's. */
export const notErased = sql<boolean>`not exists (select from person p where p.community_id = credential.community_id
  and p.person_id = credential.person_id and p.erased_at_ms is not null)`;

export const credentialByKey = (db: Database, publicKey: Uint8Array): Promise<CredentialRow | undefined> =>
  db
    .selectFrom('credential')
    .selectAll()
    .where('public_key', '=', publicKey)
    .where(notErased)
    .executeTakeFirst();

/** The passkey of this authenticator id, of which a deployment has one. */
export const credentialByWebauthnId = (
  db: Database,
  webauthnId: Uint8Array,
): Promise<CredentialRow | undefined> =>
  db
    .selectFrom('credential')
    .selectAll()
    .where('webauthn_id', '=', webauthnId)
    .where('kind', '=', 'passkey')
    .where(notErased)
    .executeTakeFirst();

/** Credentials by community and id, in one query for many communities. */
export const credentialsOf = async (
  db: Database,
  communities: readonly string[],
  credentials: readonly string[],
): Promise<CredentialRow[]> =>
  (
    await sql<CredentialRow>`
      ${PLANNED_ONCE} select c.* from (select distinct * from unnest(${[...communities]}::text[], ${[...credentials]}::text[])) as w (community, id)
       cross join lateral (select * from credential i
                            where i.community_id = w.community and i.credential_id = w.id limit 1) as c`.execute(
      db,
    )
  ).rows;

/** How long credentials last, locked against their end until the caller's transaction ends; in one order. */
export const shareCredentials = async (
  tx: Tx,
  communities: readonly string[],
  credentials: readonly string[],
): Promise<Pick<CredentialRow, 'community_id' | 'credential_id' | 'ended_entry_id' | 'until_on'>[]> =>
  (
    await sql<Pick<CredentialRow, 'community_id' | 'credential_id' | 'ended_entry_id' | 'until_on'>>`
      ${PLANNED_ONCE} select c.community_id, c.credential_id, c.ended_entry_id, c.until_on
        from (select distinct * from unnest(${[...communities]}::text[], ${[...credentials]}::text[]) as u (community, id)
               order by community, id) as w
       cross join lateral (select * from credential i
                            where i.community_id = w.community and i.credential_id = w.id limit 1 for share) as c`.execute(
      tx,
    )
  ).rows;

export async function credentialsById(
  db: Database,
  community: string,
  credentials: readonly string[],
): Promise<CredentialRow[]> {
  const found: CredentialRow[] = [];
  for (const chunk of chunksOf(credentials)) {
    const rows = await db
      .selectFrom('credential')
      .selectAll()
      .where('community_id', '=', community)
      .where('credential_id', 'in', chunk)
      .execute();
    found.push(...rows);
  }
  return found;
}
