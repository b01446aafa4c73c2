/** The SQL of authorisations, and of the orders that two officers sign. */
import type { Insertable, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { FundAuthorisationTable, FundOrderTable } from '../../db/tables/fund.ts';
import type { Tx } from '../../db/transaction.ts';

export type AuthorisationRow = Selectable<FundAuthorisationTable>;
export type OrderRow = Selectable<FundOrderTable>;

export async function insertAuthorisation(
  tx: Tx,
  row: Omit<Insertable<FundAuthorisationTable>, 'state'>,
): Promise<void> {
  await tx.insertInto('fund_authorisation').values(row).execute();
}

export const authorisationById = (
  db: Database,
  community: string,
  authorisation: string,
): Promise<AuthorisationRow | undefined> =>
  db
    .selectFrom('fund_authorisation')
    .selectAll()
    .where('community_id', '=', community)
    .where('authorisation_id', '=', authorisation)
    .executeTakeFirst();

const authorisationsOfKind = (
  db: Database,
  community: string,
  ...kinds: readonly ('resolution' | 'emergency' | 'unit_refund')[]
): Promise<AuthorisationRow[]> =>
  db
    .selectFrom('fund_authorisation')
    .selectAll()
    .where('community_id', '=', community)
    .where('kind', 'in', kinds)
    .orderBy('entry_id')
    .execute();

/** All authorisations of a community's resolutions, in the order of the log. */
export const authorisationsOf = (db: Database, community: string): Promise<AuthorisationRow[]> =>
  authorisationsOfKind(db, community, 'resolution');

/** All authorisations of work, of resolutions and emergencies, in the order of the log. */
export const chargesOf = (db: Database, community: string): Promise<AuthorisationRow[]> =>
  authorisationsOfKind(db, community, 'resolution', 'emergency');

/** All refunds of a community's units, in the order of the log. */
export const refundsOf = (db: Database, community: string): Promise<AuthorisationRow[]> =>
  authorisationsOfKind(db, community, 'unit_refund');

/** Which of these units were refunded, and so have a closed account. */
export async function refundedAmong(
  db: Database,
  community: string,
  units: readonly string[],
): Promise<readonly string[]> {
  if (units.length === 0) return [];
  const found = await sql<{ unit: string }>`
    ${PLANNED_ONCE} select w.unit
      from unnest(${[...units]}::text[]) as w (unit)
     cross join lateral (select from fund_authorisation f
                          where f.community_id = ${community} and f.unit_id = w.unit limit 1) as f`.execute(
    db,
  );
  return found.rows.map(({ unit }) => unit);
}

export async function insertOrder(tx: Tx, row: Insertable<FundOrderTable>): Promise<void> {
  await tx.insertInto('fund_order').values(row).execute();
}

const orders = (db: Database, community: string) =>
  db.selectFrom('fund_order').selectAll().where('community_id', '=', community);

export const orderByKey = (db: Database, community: string, key: string): Promise<OrderRow | undefined> =>
  orders(db, community).where('idempotency_key', '=', key).executeTakeFirst();

export const orderByAct = (db: Database, community: string, act: string): Promise<OrderRow | undefined> =>
  orders(db, community).where('act_id', '=', act).executeTakeFirst();

/** Orders with the state of their act, the newest first. */
export const ordersWithActs = (db: Database, community: string) =>
  db
    .selectFrom('fund_order')
    .innerJoin('act', 'act.act_id', 'fund_order.act_id')
    .selectAll('fund_order')
    .select(['act.state', 'act.refusal_code'])
    .where('fund_order.community_id', '=', community)
    .orderBy('act.drafted_at_ms', 'desc')
    .orderBy('fund_order.order_id')
    .execute();
