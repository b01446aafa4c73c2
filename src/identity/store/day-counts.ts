/** The SQL of what is limited for a day. */
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';

export type DayCount = {
  readonly community: string;
  readonly deed: 'agent' | 'unlock' | 'unlock-letter';
  /** An officer or a letter. */
  readonly subject: string;
  /** Days since 1970, of Beijing. */
  readonly day: number;
};

/** Adds one and gives the count; one statement, so that requests at the same time count each. */
export async function countDay(db: Database, { community, deed, subject, day }: DayCount): Promise<number> {
  const { counted } = await db
    .insertInto('day_count')
    .values({ community_id: community, deed, subject_id: subject, day: BigInt(day), counted: 1 })
    .onConflict((conflict) =>
      conflict.constraint('day_count_pk').doUpdateSet({ counted: sql<number>`day_count.counted + 1` }),
    )
    .returning('counted')
    .executeTakeFirstOrThrow();
  if (counted === 1)
    await db
      .deleteFrom('day_count')
      .where('community_id', '=', community)
      .where('day', '<', BigInt(day))
      .execute();
  return counted;
}
