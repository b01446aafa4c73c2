/** The SQL of the accesses that monitors ask with (SPEC 3.7). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { MonitorAccessTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';

export type AccessRow = Selectable<MonitorAccessTable>;

export async function insertAccess(
  tx: Tx,
  row: Pick<AccessRow, 'community_id' | 'access_id' | 'officer_id' | 'token_hash'> & {
    readonly drawn_at_ms: Instant;
    readonly expires_at_ms: Instant;
  },
): Promise<void> {
  await tx.insertInto('monitor_access').values(row).execute();
}

/** Accesses of a community, the latest first. */
export const accessesOf = (db: Database, community: string, limit: number): Promise<AccessRow[]> =>
  db
    .selectFrom('monitor_access')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('drawn_at_ms', 'desc')
    .limit(limit)
    .execute();

export const accessByToken = (db: Database, tokenHash: Uint8Array): Promise<AccessRow | undefined> =>
  db.selectFrom('monitor_access').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();

/** Ends an access that holds; false where there is none. */
export async function endAccess(
  db: Database,
  {
    community,
    access,
    officer,
  }: { readonly community: string; readonly access: string; readonly officer: string },
  now: Instant,
): Promise<boolean> {
  const ended = await db
    .updateTable('monitor_access')
    .set({ ended_by: officer, ended_at_ms: now })
    .where('community_id', '=', community)
    .where('access_id', '=', access)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** Counts one explanation that an access was given. */
export async function countExplained(db: Database, row: AccessRow, now: Instant): Promise<void> {
  await db
    .updateTable('monitor_access')
    .set({ explained: sql<bigint>`explained + 1`, used_at_ms: now })
    .where('community_id', '=', row.community_id)
    .where('access_id', '=', row.access_id)
    .execute();
}
