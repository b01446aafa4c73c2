/** The SQL that finds the private bytes behind an entry of the log, by its row (SPEC 3.7). */
import type { Database } from '../../db/connect.ts';

/** The items of a batch in the order of its root. */
export const itemsOfBatch = async (
  db: Database,
  community: string,
  batch: string,
): Promise<readonly Uint8Array[]> =>
  (
    await db
      .selectFrom('letter')
      .select('item')
      .where('community_id', '=', community)
      .where('batch_id', '=', batch)
      .orderBy('position')
      .execute()
  ).map(({ item }) => item);

export const bindingOfEntry = async (
  db: Database,
  community: string,
  entryId: bigint,
): Promise<Uint8Array | undefined> =>
  (
    await db
      .selectFrom('credential_binding')
      .select('binding')
      .where('community_id', '=', community)
      .where('entry_id', '=', entryId)
      .executeTakeFirst()
  )?.binding;

/** A revocation, with the binding of the key that it ended. */
export const revocationOfEntry = (
  db: Database,
  community: string,
  entryId: bigint,
): Promise<{ revocation: Uint8Array; binding: Uint8Array } | undefined> =>
  db
    .selectFrom('credential_revocation')
    .innerJoin('credential_binding', (join) =>
      join
        .onRef('credential_binding.community_id', '=', 'credential_revocation.community_id')
        .onRef('credential_binding.credential_id', '=', 'credential_revocation.credential_id'),
    )
    .select(['credential_revocation.revocation', 'credential_binding.binding'])
    .where('credential_revocation.community_id', '=', community)
    .where('credential_revocation.entry_id', '=', entryId)
    .executeTakeFirst();

/** The freeze that an entry began or ended, and the letter's item or the binding of the credential that signed it. */
export async function freezeOfEntry(
  db: Database,
  community: string,
  entryId: bigint,
): Promise<readonly [freeze: Uint8Array, signer: Uint8Array] | undefined> {
  const row = await db
    .selectFrom('voting_freeze as f')
    .leftJoin('letter as l', (join) =>
      join.onRef('l.community_id', '=', 'f.community_id').onRef('l.letter_id', '=', 'f.by_credential_id'),
    )
    .leftJoin('credential_binding as b', (join) =>
      join.onRef('b.community_id', '=', 'f.community_id').onRef('b.credential_id', '=', 'f.by_credential_id'),
    )
    .select(['f.record', 'l.item', 'b.binding'])
    .where('f.community_id', '=', community)
    .where((eb) => eb.or([eb('f.entry_id', '=', entryId), eb('f.lifted_entry_id', '=', entryId)]))
    .executeTakeFirst();
  const signer = row?.item ?? row?.binding;
  return row === undefined || signer == null ? undefined : [row.record, signer];
}

/** The designation that an entry records. */
export const designationOfEntry = async (
  db: Database,
  community: string,
  entryId: bigint,
): Promise<Uint8Array | undefined> =>
  (
    await db
      .selectFrom('designation')
      .select('designation')
      .where('community_id', '=', community)
      .where('entry_id', '=', entryId)
      .executeTakeFirst()
  )?.designation;

/** The mandate that an entry granted or ended. */
export const mandateOfEntry = async (
  db: Database,
  community: string,
  entryId: bigint,
): Promise<Uint8Array | undefined> =>
  (
    await db
      .selectFrom('mandate')
      .select('mandate')
      .where('community_id', '=', community)
      .where((eb) => eb.or([eb('entry_id', '=', entryId), eb('ended_entry_id', '=', entryId)]))
      .executeTakeFirst()
  )?.mandate;
