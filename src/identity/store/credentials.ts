/** The SQL that reads credentials. */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { CredentialTable } from '../../db/schema-types.ts';
import type { Tx } from '../../db/transaction.ts';
import { chunksOf } from '../../registry/store/bulk-insert.ts';

export type CredentialRow = Selectable<CredentialTable>;

export const credentialByKey = (db: Database, publicKey: Uint8Array): Promise<CredentialRow | undefined> =>
  db.selectFrom('credential').selectAll().where('public_key', '=', publicKey).executeTakeFirst();

/** A credential, locked against its end until the caller's transaction ends. */
export const shareCredential = (
  tx: Tx,
  community: string,
  credential: string,
): Promise<CredentialRow | undefined> =>
  tx
    .selectFrom('credential')
    .selectAll()
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .forShare()
    .executeTakeFirst();

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
