/** The SQL of the rules that communities adopted; the newest are in force (SPEC 5.2). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { CommunityRulesTable } from '../../db/tables/tally.ts';
import type { Tx } from '../../db/transaction.ts';

export type RulesRow = Selectable<CommunityRulesTable>;
type Reader = Database | Tx;

export async function insertRules(tx: Tx, row: RulesRow): Promise<void> {
  await tx.insertInto('community_rules').values(row).execute();
}

/** The rules in force, or undefined where there are none; those over a resolution that was annulled are out of it. */
export const newestRules = (db: Reader, community: string): Promise<RulesRow | undefined> =>
  db
    .selectFrom('community_rules as r')
    .leftJoin('resolution_annulment as a', (join) =>
      join
        .onRef('a.community_id', '=', 'r.community_id')
        .onRef('a.meeting_id', '=', 'r.meeting_id')
        .onRef('a.proposal_id', '=', 'r.proposal_id'),
    )
    .selectAll('r')
    .where('r.community_id', '=', community)
    .where('a.entry_id', 'is', null)
    .orderBy('r.entry_id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** All rules that stand in the log below `size`, in its order. */
export const rulesBelow = (
  db: Database,
  community: string,
  size: number,
): Promise<readonly Pick<RulesRow, 'record'>[]> =>
  db
    .selectFrom('community_rules as r')
    .innerJoin('log_entry as e', 'e.id', 'r.entry_id')
    .select('r.record')
    .where('r.community_id', '=', community)
    .where('e.idx', '<', BigInt(size))
    .orderBy('e.idx')
    .execute();
