/** Rows of reconciliations: what the book moved at a bank account, differences, and why they stand (DESIGN §7 "Fund"). */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type {
  FundDifferenceExplanationTable,
  FundDifferenceTable,
  FundReconciliationTable,
} from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

const CHUNK = 3_000;

/** What the book moved at a bank account, in order of `seq`; an undone deposit left the bank when that was booked. */
export async function bankMovements(tx: Tx, community: string, account: string) {
  const found = await sql<{
    seq: bigint;
    kind: string;
    on: string;
    record: Uint8Array;
    amountFen: bigint;
  }>`select e.seq, e.kind, case e.kind when 'deposit_reversed' then e.booked_on else e.value_on end as "on",
            e.record, sum(p.amount_fen)::bigint as "amountFen"
       from fund_posting p join fund_entry e on e.community_id = p.community_id and e.entry_id = p.entry_id
      where p.community_id = ${community} and p.account_id = ${account}
      group by e.community_id, e.entry_id order by e.seq`.execute(tx);
  return found.rows;
}

export async function insertReconciliation(
  tx: Tx,
  row: Insertable<FundReconciliationTable>,
  differences: readonly Insertable<FundDifferenceTable>[],
): Promise<void> {
  await tx.insertInto('fund_reconciliation').values(row).execute();
  for (let at = 0; at < differences.length; at += CHUNK)
    await tx
      .insertInto('fund_difference')
      .values(differences.slice(at, at + CHUNK))
      .execute();
}

/** The reconciliations of a community, the newest first, with the name of their account. */
export const reconciliationsOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_reconciliation as r')
    .innerJoin('fund_account as a', (join) =>
      join.onRef('a.community_id', '=', 'r.community_id').onRef('a.account_id', '=', 'r.bank_account_id'),
    )
    .selectAll('r')
    .select('a.name')
    .where('r.community_id', '=', community)
    .orderBy('r.made_at_ms', 'desc')
    .orderBy('r.reconciliation_id')
    .execute();

/** The differences of a community, in order, each with its explanation where it has one. */
export const differencesOf = (db: Database, community: string) =>
  db
    .selectFrom('fund_difference as d')
    .leftJoin('fund_difference_explanation as x', (join) =>
      join
        .onRef('x.community_id', '=', 'd.community_id')
        .onRef('x.reconciliation_id', '=', 'd.reconciliation_id')
        .onRef('x.difference_no', '=', 'd.difference_no'),
    )
    .selectAll('d')
    .select(['x.reason', 'x.officer_id', 'x.explained_at_ms'])
    .where('d.community_id', '=', community)
    .orderBy('d.reconciliation_id')
    .orderBy('d.difference_no')
    .execute();

/** Writes an explanation; whether it is the first. */
export async function insertExplanation(
  db: Database,
  row: Insertable<FundDifferenceExplanationTable>,
): Promise<boolean> {
  const done = await db
    .insertInto('fund_difference_explanation')
    .values(row)
    .onConflict((conflict) => conflict.constraint('fund_difference_explanation_pk').doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}
