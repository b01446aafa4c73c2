/** The SQL of bindings and revocations, and of all keys of a person (SPEC 3.4). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { CredentialBindingTable, CredentialRevocationTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';
import type { CredentialRow } from './credentials.ts';

type BindingRow = Selectable<CredentialBindingTable>;
type RevocationRow = Selectable<CredentialRevocationTable>;

/** A credential, locked until the transaction ends. */
export const lockCredential = (
  tx: Tx,
  community: string,
  credential: string,
): Promise<CredentialRow | undefined> =>
  tx
    .selectFrom('credential')
    .selectAll()
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .forUpdate()
    .executeTakeFirst();

/** All credentials of a person with the time of their binding, in log order. */
export const credentialsOfPerson = (db: Database, community: string, person: string) =>
  db
    .selectFrom('credential')
    .leftJoin('credential_binding', (join) =>
      join
        .onRef('credential_binding.community_id', '=', 'credential.community_id')
        .onRef('credential_binding.credential_id', '=', 'credential.credential_id'),
    )
    .selectAll('credential')
    .select('credential_binding.bound_at_ms')
    .where('credential.community_id', '=', community)
    .where('credential.person_id', '=', person)
    .orderBy('credential.entry_id')
    .execute();

export async function insertBinding(
  tx: Tx,
  credential: Omit<CredentialRow, 'ended_entry_id'>,
  binding: BindingRow,
): Promise<void> {
  await tx
    .insertInto('credential')
    .values({ ...credential, ended_entry_id: null })
    .execute();
  await tx.insertInto('credential_binding').values(binding).execute();
}

export async function endCredential(
  tx: Tx,
  community: string,
  credential: string,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('credential')
    .set({ ended_entry_id: entryId })
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .where('ended_entry_id', 'is', null)
    .execute();
}

export async function insertRevocation(tx: Tx, row: RevocationRow): Promise<void> {
  await tx.insertInto('credential_revocation').values(row).execute();
}

/** The binding by which a credential came to be. */
export const bindingOfCredential = (
  db: Database,
  community: string,
  credential: string,
): Promise<BindingRow | undefined> =>
  db
    .selectFrom('credential_binding')
    .selectAll()
    .where('community_id', '=', community)
    .where('credential_id', '=', credential)
    .executeTakeFirst();

/** Bindings of a community whose entries are among the first `size` of the log, in its order. */
export const bindingsOf = (db: Database, community: string, size: number): Promise<BindingRow[]> =>
  db
    .selectFrom('credential_binding')
    .innerJoin('log_entry', 'log_entry.id', 'credential_binding.entry_id')
    .selectAll('credential_binding')
    .where('credential_binding.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();

/** Revocations of a community whose entries are among the first `size` of the log, in its order. */
export const revocationsOf = (db: Database, community: string, size: number): Promise<RevocationRow[]> =>
  db
    .selectFrom('credential_revocation')
    .innerJoin('log_entry', 'log_entry.id', 'credential_revocation.entry_id')
    .selectAll('credential_revocation')
    .where('credential_revocation.community_id', '=', community)
    .where('log_entry.idx', '<', BigInt(size))
    .orderBy('log_entry.idx')
    .execute();
