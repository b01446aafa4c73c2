/** The SQL of addresses of e-mail and of the codes that confirm them (SPEC 3.7). */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { EmailAddressTable, EmailCodeTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';

export type EmailCodeRow = Selectable<EmailCodeTable>;
type Owner = { readonly community: string; readonly person: string };

/** The confirmed address of a person, or undefined. */
export const addressOf = (db: Database, { community, person }: Owner) =>
  db
    .selectFrom('email_address')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst();

/** The persons of a community who have one. */
export const personsWithAddress = async (tx: Tx, community: string): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await tx.selectFrom('email_address').select('person_id').where('community_id', '=', community).execute()
    ).map((row) => row.person_id),
  );

/** Puts an address in the place of the one before. */
export async function putAddress(tx: Tx, row: Insertable<EmailAddressTable>): Promise<void> {
  const { sealed_address, code_id, confirmed_at_ms } = row;
  await tx
    .insertInto('email_address')
    .values(row)
    .onConflict((conflict) =>
      conflict.constraint('email_address_pk').doUpdateSet({ sealed_address, code_id, confirmed_at_ms }),
    )
    .execute();
}

/** Deletes the address of a person; gives its row, or undefined where he had none. */
export const deleteAddress = (
  tx: Tx,
  { community, person }: Owner,
): Promise<Selectable<EmailAddressTable> | undefined> =>
  tx
    .deleteFrom('email_address')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .returningAll()
    .executeTakeFirst();

/** The last code of a person, or undefined. */
export const codeOf = (db: Database, { community, person }: Owner): Promise<EmailCodeRow | undefined> =>
  db
    .selectFrom('email_code')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .executeTakeFirst();

/** Puts a code, which is to be mailed, in the place of the one before. */
export async function putCode(
  tx: Tx,
  row: Omit<EmailCodeRow, 'tries' | 'attempts' | 'state'>,
): Promise<void> {
  const { community_id: _, person_id: __, ...code } = row;
  const fresh = { ...code, tries: 0, attempts: 0, state: 'queued' };
  await tx
    .insertInto('email_code')
    .values({ ...row, state: 'queued' })
    .onConflict((conflict) => conflict.constraint('email_code_pk').doUpdateSet(fresh))
    .execute();
}

/** Counts a wrong number. */
export async function countTry(tx: Tx, { community, person }: Owner): Promise<void> {
  await tx
    .updateTable('email_code')
    .set({ tries: sql<number>`tries + 1` })
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .execute();
}

/** Forgets the code and the address that it is for; how many were asked for stays until the day is over. */
export async function endCode(tx: Tx, { community, person }: Owner): Promise<void> {
  await tx
    .updateTable('email_code')
    .set({ state: 'ended', sealed_code: null })
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .execute();
}

/** Takes codes that are due to be mailed, for `leaseMs`; several processes may. */
export const claimCodes = async (
  db: Database,
  now: Instant,
  leaseMs: number,
  limit: number,
): Promise<readonly EmailCodeRow[]> =>
  (
    await sql<EmailCodeRow>`
      update email_code c set attempts = c.attempts + 1, next_at_ms = ${now + leaseMs}::bigint
        from (select community_id, person_id from email_code
               where state = 'queued' and next_at_ms <= ${now}::bigint and expires_at_ms > ${now}::bigint
               order by next_at_ms limit ${limit} for update skip locked) as due
       where c.community_id = due.community_id and c.person_id = due.person_id
      returning c.*`.execute(db)
  ).rows;

/** Records what became of the mail with a code, while this attempt holds it. */
export async function settleCode(
  db: Database,
  row: EmailCodeRow,
  change: { readonly state?: 'sent' | 'failed'; readonly next_at_ms?: bigint },
): Promise<void> {
  await db
    .updateTable('email_code')
    .set(change)
    .where('community_id', '=', row.community_id)
    .where('person_id', '=', row.person_id)
    .where('code_id', '=', row.code_id)
    .where('state', '=', 'queued')
    .where('attempts', '=', row.attempts)
    .execute();
}

/** Deletes the codes that ended before `before`. */
export async function deleteCodes(db: Database, before: Instant): Promise<void> {
  await db.deleteFrom('email_code').where('expires_at_ms', '<=', BigInt(before)).execute();
}
