/** The SQL of how many codes were asked for one address of e-mail, by whomever (SPEC 3.7). */
import type { Insertable } from 'kysely';
import { toHex } from '../../base/bytes.ts';
import type { Instant } from '../../base/instant.ts';
import { takeLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import type { EmailAskTable } from '../../db/tables/notice.ts';
import type { Tx } from '../../db/transaction.ts';

/** What is asked for one address, also in two communities at once. */
const ADDRESS_LOCK = 7_409;

/** How many codes an address was asked since `after`; who counts holds the address until his transaction ends, and no lock after it. */
export async function countAsks(tx: Tx, address: Uint8Array, after: Instant): Promise<number> {
  await takeLocks(tx, [{ space: ADDRESS_LOCK, shared: false, names: [toHex(address)] }]);
  const { count } = await tx
    .selectFrom('email_ask')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('address', '=', address)
    .where('asked_at_ms', '>', BigInt(after))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertAsk(tx: Tx, row: Insertable<EmailAskTable>): Promise<void> {
  await tx.insertInto('email_ask').values(row).execute();
}

/** Deletes what was asked before `before`, which no limit looks at any more. */
export async function deleteAsks(db: Database, before: Instant): Promise<void> {
  await db.deleteFrom('email_ask').where('asked_at_ms', '<=', BigInt(before)).execute();
}
