/** How often an address was refused within a minute, counted for all processes together (SPEC 3.5, 6.5). */
import { sql } from 'kysely';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';

const MINUTE_MS = 60_000;
/** Rows are of no use after their minute; a few are kept for whoever looks into an attack. */
const KEPT_MINUTES = 60;

/** The minute that counts for an instant. */
export const minuteOf = (now: Instant): number => Math.floor(now / MINUTE_MS);

/** When the minute of an instant is over. */
export const minuteEnd = (now: Instant): Instant => (minuteOf(now) + 1) * MINUTE_MS;

/** Adds one to the address's count of this minute, and gives the count. `address` is 32 bytes that only we can compute. */
export async function countAddress(db: Database, address: Uint8Array, now: Instant): Promise<number> {
  const row = await db
    .insertInto('address_count')
    .values({ address, minute: BigInt(minuteOf(now)), counted: 1 })
    .onConflict((conflict) =>
      conflict
        .constraint('address_count_pk')
        .doUpdateSet({ counted: sql<number>`address_count.counted + 1` }),
    )
    .returning('counted')
    .executeTakeFirstOrThrow();
  return row.counted;
}

/** Removes the counts of past minutes. */
export async function sweepAddressCounts(db: Database, now: Instant): Promise<void> {
  await db
    .deleteFrom('address_count')
    .where('minute', '<', BigInt(minuteOf(now) - KEPT_MINUTES))
    .execute();
}
