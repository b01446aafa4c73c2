/** The SQL of the files that registers were read from, and of who was given one (SPEC 3.1). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { PersonalAccessTable } from '../../db/tables/registry.ts';
import type { Tx } from '../../db/transaction.ts';

/** The sealed file of a register, null where it was erased; undefined where there is no such register. */
export const fileOfRegister = (db: Database, community: string, register: string) =>
  db
    .selectFrom('register')
    .select('file')
    .where('community_id', '=', community)
    .where('register_id', '=', register)
    .executeTakeFirst();

/** The salt under which a register's file stands in its entry, of drafts too. */
export const fileSaltOf = (db: Database, community: string, register: string) =>
  db
    .selectFrom('register')
    .select('file_salt')
    .where('community_id', '=', community)
    .where('register_id', '=', register)
    .executeTakeFirst();

export async function insertAccess(tx: Tx, row: Insertable<PersonalAccessTable>): Promise<void> {
  await tx.insertInto('personal_access').values(row).execute();
}

/** Accesses of a community, the latest first. */
export const accessesIn = (db: Database, community: string) =>
  db
    .selectFrom('personal_access')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('accessed_at_ms', 'desc')
    .orderBy('access_id')
    .limit(1000)
    .execute();

/** Imports that wait for officers since before `before`. */
export const importsWaitingSince = async (db: Database, before: Instant): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('act')
    .select('act_id')
    .where('kind', '=', 'register.imported')
    .where('state', '=', 'open')
    .where('drafted_at_ms', '<=', BigInt(before))
    .orderBy('act_id')
    .execute();
  return rows.map((row) => row.act_id);
};

/**
 * Erases the files whose time is over, and returns how many: those of registers of which the last roll was frozen before
 * `before`, and those of registers out of force that no roll was ever frozen of and that were imported before.
 */
export async function eraseFiles(tx: Tx, before: Instant): Promise<number> {
  const erased = await sql`
    update register r set file = null
     where r.file is not null and r.entry_id is not null
       and case when exists (select 1 from roll where roll.community_id = r.community_id
                                and roll.register_id = r.register_id and roll.entry_id is not null)
           then not exists (select 1 from roll join act on act.entry_id = roll.entry_id
                             where roll.community_id = r.community_id and roll.register_id = r.register_id
                               and act.done_at_ms > ${BigInt(before)})
           else not exists (select 1 from community c
                             where c.community_id = r.community_id and c.register_id = r.register_id)
                and exists (select 1 from act where act.entry_id = r.entry_id and act.done_at_ms <= ${BigInt(before)})
           end`.execute(tx);
  return Number(erased.numAffectedRows ?? 0n);
}
