/** The SQL of freezes: whose electronic vote stands still, since when, and until when (SPEC 3.5, 6.5). */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../../db/connect.ts';
import { PLANNED_ONCE } from '../../db/planned-once.ts';
import type { VotingFreezeTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';
import type { CredentialRow } from './credentials.ts';

export type FreezeRow = Selectable<VotingFreezeTable>;

const lockCredentials = (tx: Tx, community: string, person: string): Promise<CredentialRow[]> =>
  tx
    .selectFrom('credential')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .orderBy('credential_id')
    .forUpdate()
    .execute();

/**
 * Locks all credentials of a person, and keeps others from becoming his until the transaction ends: casts under them are before or
 * after, never beside. The person's row comes second, since whoever enters a credential locks a letter first and that row then.
 */
export async function lockAllOf(
  tx: Tx,
  community: string,
  person: string,
): Promise<readonly CredentialRow[]> {
  await lockCredentials(tx, community, person);
  await tx
    .selectFrom('person')
    .select('person_id')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .forUpdate()
    .execute();
  return lockCredentials(tx, community, person);
}

/** The freeze in force of a person. */
export const freezeInForce = (
  db: Database,
  community: string,
  person: string,
): Promise<FreezeRow | undefined> =>
  db
    .selectFrom('voting_freeze')
    .selectAll()
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .where('lifted_entry_id', 'is', null)
    .executeTakeFirst();

/** The same for who is about to enter a credential of the person: a freeze waits until his transaction has ended. */
export async function freezeBeforeEntering(
  tx: Tx,
  community: string,
  person: string,
): Promise<FreezeRow | undefined> {
  await tx
    .selectFrom('person')
    .select('person_id')
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .forKeyShare()
    .execute();
  return freezeInForce(tx, community, person);
}

/** Those of some credentials whose persons are frozen, as `community credential`; to be asked under the locks of `shareCredentials`. */
export async function frozenAmong(
  tx: Tx,
  communities: readonly string[],
  credentials: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly community: string; readonly id: string }>`
    ${PLANNED_ONCE} select w.community, w.id
      from (select distinct * from unnest(${[...communities]}::text[], ${[...credentials]}::text[])) as w (community, id)
     cross join lateral (select person_id from credential i
                          where i.community_id = w.community and i.credential_id = w.id limit 1) as c
     where exists (select from voting_freeze f
                    where f.community_id = w.community and f.person_id = c.person_id and f.lifted_entry_id is null)`.execute(
    tx,
  );
  return new Set(rows.map(({ community, id }) => `${community} ${id}`));
}

export async function insertFreeze(tx: Tx, row: Omit<FreezeRow, 'lifted_entry_id'>): Promise<void> {
  await tx
    .insertInto('voting_freeze')
    .values({ ...row, lifted_entry_id: null })
    .execute();
}

export const freezeByHash = (
  db: Database,
  community: string,
  hash: Uint8Array,
): Promise<FreezeRow | undefined> =>
  db
    .selectFrom('voting_freeze')
    .selectAll()
    .where('community_id', '=', community)
    .where('freeze_hash', '=', hash)
    .executeTakeFirst();

/** Ends a freeze; false where it had ended before. */
export async function liftFreeze(
  tx: Tx,
  community: string,
  hash: Uint8Array,
  entryId: bigint,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('voting_freeze')
    .set({ lifted_entry_id: entryId })
    .where('community_id', '=', community)
    .where('freeze_hash', '=', hash)
    .where('lifted_entry_id', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The freezes in force of a community, the newest first. */
export const freezesInForce = (db: Database, community: string): Promise<FreezeRow[]> =>
  db
    .selectFrom('voting_freeze')
    .selectAll()
    .where('community_id', '=', community)
    .where('lifted_entry_id', 'is', null)
    .orderBy('entry_id', 'desc')
    .execute();

/** Freezes of a community whose entries are among the first `size` of the log, in its order. */
export const freezesOf = (db: Database, community: string, size: number): Promise<FreezeRow[]> =>
  db
    .selectFrom('voting_freeze')
    .innerJoin('log_entry', 'log_entry.id', 'voting_freeze.entry_id')
    .selectAll('voting_freeze')
    .where('voting_freeze.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();
