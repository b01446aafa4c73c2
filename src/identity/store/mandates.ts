/** The SQL of mandates, of their papers, and of those who may not be agents (SPEC 3.6). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CivilDate } from '../../base/civil-date.ts';
import type { NamedLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type {
  MandatePaperTable,
  MandateRevocationTable,
  MandateTable,
  PropertyStaffTable,
} from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';

export type MandateRow = Selectable<MandateTable>;
type Reader = Database | Tx;

/** Namespace of the advisory locks of agents: how many principals one has is decided for one use at a time. */
const AGENT_LOCK = 7_406;

/** Serialises everything that counts the principals of some agents. */
export const agentLocks = (agents: readonly string[]): NamedLocks => ({
  space: AGENT_LOCK,
  shared: false,
  names: agents,
});

export async function insertMandate(tx: Tx, row: Omit<MandateRow, 'ended_entry_id'>): Promise<void> {
  await tx
    .insertInto('mandate')
    .values({ ...row, ended_entry_id: null })
    .execute();
}

export const mandateById = (
  db: Reader,
  community: string,
  mandate: string,
): Promise<MandateRow | undefined> =>
  db
    .selectFrom('mandate')
    .selectAll()
    .where('community_id', '=', community)
    .where('mandate_id', '=', mandate)
    .executeTakeFirst();

/** A mandate, locked until the transaction ends: casts under it are before or after. */
export const lockMandate = (tx: Tx, community: string, mandate: string): Promise<MandateRow | undefined> =>
  tx
    .selectFrom('mandate')
    .selectAll()
    .where('community_id', '=', community)
    .where('mandate_id', '=', mandate)
    .forUpdate()
    .executeTakeFirst();

/** Ends a mandate that is locked, by the entry of its revocation. */
export async function endMandate(tx: Tx, row: Selectable<MandateRevocationTable>): Promise<void> {
  await tx
    .updateTable('mandate')
    .set({ ended_entry_id: row.entry_id })
    .where('community_id', '=', row.community_id)
    .where('mandate_id', '=', row.mandate_id)
    .where('ended_entry_id', 'is', null)
    .execute();
  await tx.insertInto('mandate_revocation').values(row).execute();
}

/** Mandates by community and id, in one query for many communities. */
export const mandatesByIds = async (
  db: Reader,
  communities: readonly string[],
  mandates: readonly string[],
): Promise<MandateRow[]> =>
  (
    await sql<MandateRow>`
      ${PLANNED_ONCE} select m.* from (select distinct * from unnest(${[...communities]}::text[], ${[...mandates]}::text[])) as w (community, id)
       cross join lateral (select * from mandate i
                            where i.community_id = w.community and i.mandate_id = w.id limit 1) as m`.execute(
      db,
    )
  ).rows;

/** How long mandates last, locked against their end until the caller's transaction ends; in one order. */
export const shareMandates = async (
  tx: Tx,
  communities: readonly string[],
  mandates: readonly string[],
): Promise<Pick<MandateRow, 'community_id' | 'mandate_id' | 'ended_entry_id' | 'until_on'>[]> =>
  (
    await sql<Pick<MandateRow, 'community_id' | 'mandate_id' | 'ended_entry_id' | 'until_on'>>`
      ${PLANNED_ONCE} select m.community_id, m.mandate_id, m.ended_entry_id, m.until_on
        from (select distinct * from unnest(${[...communities]}::text[], ${[...mandates]}::text[]) as u (community, id)
               order by community, id) as w
       cross join lateral (select * from mandate i
                            where i.community_id = w.community and i.mandate_id = w.id limit 1 for share) as m`.execute(
      tx,
    )
  ).rows;

/** How many mandates a principal has ever given, and how many of those to this agent are in force. */
export async function countGiven(
  tx: Tx,
  community: string,
  principal: string,
  agent: string,
  today: CivilDate,
): Promise<{ readonly ever: number; readonly toAgent: number }> {
  const rows = await tx
    .selectFrom('mandate')
    .select(['agent_id', 'until_on', 'ended_entry_id'])
    .where('community_id', '=', community)
    .where('principal_id', '=', principal)
    .execute();
  const toAgent = rows.filter(
    (row) => row.agent_id === agent && row.ended_entry_id === null && row.until_on >= today,
  );
  return { ever: rows.length, toAgent: toAgent.length };
}

/** All mandates that a person gave or holds, or all of the community, the newest first. */
export const mandatesOf = (db: Reader, community: string, person?: string): Promise<MandateRow[]> =>
  db
    .selectFrom('mandate')
    .selectAll()
    .where('community_id', '=', community)
    .$if(person !== undefined, (query) =>
      query.where((where) =>
        where.or([where('principal_id', '=', person ?? ''), where('agent_id', '=', person ?? '')]),
      ),
    )
    .orderBy('entry_id', 'desc')
    .execute();

/** Mandates that an agent may use on a day in a meeting. */
export const usableMandates = (
  db: Reader,
  community: string,
  agent: string,
  { meeting, today }: { readonly meeting: string; readonly today: CivilDate },
): Promise<MandateRow[]> =>
  db
    .selectFrom('mandate')
    .selectAll()
    .where('community_id', '=', community)
    .where('agent_id', '=', agent)
    .where('ended_entry_id', 'is', null)
    .where('until_on', '>=', sql<string>`${today}::date`)
    .where((where) => where.or([where('meeting_id', 'is', null), where('meeting_id', '=', meeting)]))
    .orderBy('entry_id')
    .execute();

/** Principals whose own mandates an agent holds on a day, in a meeting or, without one, at all. */
export const cappedPrincipals = async (
  tx: Tx,
  community: string,
  agent: string,
  { meeting, today }: { readonly meeting: string; readonly today: CivilDate },
): Promise<readonly string[]> =>
  (
    await tx
      .selectFrom('mandate')
      .select('principal_id')
      .distinct()
      .where('community_id', '=', community)
      .where('agent_id', '=', agent)
      .where('basis', '=', 'mandate')
      .where('ended_entry_id', 'is', null)
      .where('until_on', '>=', sql<string>`${today}::date`)
      .$if(meeting !== '', (query) =>
        query.where((where) =>
          where.or([where('meeting_id', 'is', null), where('meeting_id', '=', meeting)]),
        ),
      )
      .execute()
  ).map((row) => row.principal_id);

/**
 * Agents of mandates that are in force on a day, each once. Their mandates stay so until the caller's transaction ends: a letter's
 * entry that relies on one is before its end in the log.
 */
export const agentsInForce = async (
  db: Reader,
  community: string,
  today: CivilDate,
): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await db
        .selectFrom('mandate')
        .select('agent_id')
        .where('community_id', '=', community)
        .where('ended_entry_id', 'is', null)
        .where('until_on', '>=', sql<string>`${today}::date`)
        .orderBy('mandate_id')
        .forShare()
        .execute()
    ).map((row) => row.agent_id),
  );

/** What acts that wait for their officers would grant: the details of each, the newest first. */
export const draftedMandates = async (db: Reader, community: string): Promise<readonly string[]> =>
  (
    await db
      .selectFrom('act')
      .select('details')
      .where('community_id', '=', community)
      .where('kind', '=', 'mandate.granted')
      .where('state', 'in', ['open', 'signed'])
      .orderBy('drafted_at_ms', 'desc')
      .execute()
  ).map((row) => row.details);

export async function insertPaper(tx: Tx, row: Selectable<MandatePaperTable>): Promise<void> {
  await tx.insertInto('mandate_paper').values(row).execute();
}

/** Mandates of a community whose entries are among the first `size` of the log, in its order. */
export const loggedMandates = (db: Database, community: string, size: number): Promise<MandateRow[]> =>
  db
    .selectFrom('mandate')
    .innerJoin('log_entry', 'log_entry.id', 'mandate.entry_id')
    .selectAll('mandate')
    .where('mandate.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();

/** Revocations of mandates whose entries are among the first `size` of the log, in its order. */
export const loggedMandateEnds = (
  db: Database,
  community: string,
  size: number,
): Promise<Selectable<MandateRevocationTable>[]> =>
  db
    .selectFrom('mandate_revocation')
    .innerJoin('log_entry', 'log_entry.id', 'mandate_revocation.entry_id')
    .selectAll('mandate_revocation')
    .where('mandate_revocation.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();

export const isListed = async (
  db: Reader,
  community: string,
  indexes: readonly Uint8Array[],
): Promise<boolean> =>
  (await db
    .selectFrom('property_staff')
    .select('staff_id')
    .where('community_id', '=', community)
    .where('number_index', 'in', [...indexes])
    .executeTakeFirst()) !== undefined;

/** The list of a community: a few dozen documents. */
export const staffOf = (db: Reader, community: string): Promise<Selectable<PropertyStaffTable>[]> =>
  db.selectFrom('property_staff').selectAll().where('community_id', '=', community).execute();

export async function listStaff(tx: Tx, row: Selectable<PropertyStaffTable>): Promise<void> {
  await tx.insertInto('property_staff').values(row).execute();
}

/** Takes a document off the list; whether it stood there. */
export const unlistStaff = async (
  tx: Tx,
  community: string,
  indexes: readonly Uint8Array[],
): Promise<boolean> =>
  (
    await tx
      .deleteFrom('property_staff')
      .where('community_id', '=', community)
      .where('number_index', 'in', [...indexes])
      .executeTakeFirst()
  ).numDeletedRows > 0n;
