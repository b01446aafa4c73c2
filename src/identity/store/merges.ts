/** The SQL of what a merge ends: every credential and mandate of the merged person (SPEC 3.8). */
import type { Tx } from '../../db/transaction.ts';

/** Ends all letters and keys of a person that are in force; the caller holds their locks. */
export async function endCredentialsOf(
  tx: Tx,
  community: string,
  person: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('letter')
    .set({ ended_entry_id: entryId })
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .where('ended_entry_id', 'is', null)
    .execute();
  await tx
    .updateTable('credential')
    .set({ ended_entry_id: entryId })
    .where('community_id', '=', community)
    .where('person_id', '=', person)
    .where('ended_entry_id', 'is', null)
    .execute();
}

const mandatesThatName = (tx: Tx, community: string, person: string) =>
  tx
    .selectFrom('mandate')
    .select('mandate_id')
    .where('community_id', '=', community)
    .where('ended_entry_id', 'is', null)
    .where((eb) => eb.or([eb('principal_id', '=', person), eb('agent_id', '=', person)]));

/** Locks the mandates in force that a person gave or holds, in one order. */
export async function lockMandatesOf(tx: Tx, community: string, person: string): Promise<void> {
  await mandatesThatName(tx, community, person).orderBy('mandate_id').forUpdate().execute();
}

/** Ends the mandates in force that a person gave or holds. */
export async function endMandatesOf(
  tx: Tx,
  community: string,
  person: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('mandate')
    .set({ ended_entry_id: entryId })
    .where('community_id', '=', community)
    .where('mandate_id', 'in', mandatesThatName(tx, community, person))
    .where('ended_entry_id', 'is', null)
    .execute();
}
