/** The SQL that ends keys, appointments and the acts which leaned on them (SPEC 2.2). */
import { sql } from 'kysely';
import type { Tx } from '../../db/transaction.ts';

/** Held by whoever changes an appointment: before the entry's place in the log is drawn. */
export const lockOfficer = (tx: Tx, officer: string) =>
  tx.selectFrom('officer').selectAll().where('officer_id', '=', officer).forUpdate().executeTakeFirst();

/** Held by whoever executes what an officer signed, so that his removal comes before or after it in the log, never between. */
export const holdOfficer = (tx: Tx, officer: string) =>
  tx.selectFrom('officer').selectAll().where('officer_id', '=', officer).forShare().executeTakeFirst();

export async function markRemoved(tx: Tx, officer: string, entryId: bigint): Promise<void> {
  await tx
    .updateTable('officer')
    .set({ removed_entry_id: entryId })
    .where('officer_id', '=', officer)
    .execute();
}

export async function setUntil(tx: Tx, officer: string, untilOn: string): Promise<void> {
  await tx.updateTable('officer').set({ until_on: untilOn }).where('officer_id', '=', officer).execute();
}

/** Ends the keys of an officer that are not among `kept`; how many there were. */
export async function endKeys(
  tx: Tx,
  officer: string,
  kept: readonly string[],
  entryId: bigint,
): Promise<number> {
  const ended = await tx
    .updateTable('officer_key')
    .set({ ended_entry_id: entryId })
    .where('officer_id', '=', officer)
    .where('ended_entry_id', 'is', null)
    .$if(kept.length > 0, (query) => query.where('credential_id', 'not in', [...kept]))
    .returning('credential_id')
    .execute();
  return ended.length;
}

/** Acts that wait, in which one of an officer's ended keys signed. */
export const actsSignedByEndedKeys = (tx: Tx, officer: string) =>
  tx
    .selectFrom('act_signature')
    .innerJoin('act', 'act.act_id', 'act_signature.act_id')
    .leftJoin('officer_key', (join) =>
      join
        .onRef('officer_key.public_key', '=', 'act_signature.public_key')
        .onRef('officer_key.officer_id', '=', 'act_signature.officer_id')
        .on('officer_key.ended_entry_id', 'is', null),
    )
    .select(['act.act_id', 'act.state'])
    .where('act_signature.officer_id', '=', officer)
    .where('act.state', 'in', ['open', 'signed'])
    .where('officer_key.credential_id', 'is', null)
    .orderBy('act.act_id')
    .execute();

/** Drafted appointments and removals of an officer that nobody completed, but for the one under way. */
export const draftsAbout = (tx: Tx, officer: string) =>
  tx
    .selectFrom('act')
    .select(['act_id', 'state'])
    .where('kind', 'in', ['officer.appointed', 'officer.removed'])
    .where('state', '=', 'open')
    .where(sql<boolean>`details::jsonb ->> 'officer' = ${officer}`)
    .orderBy('act_id')
    .execute();
