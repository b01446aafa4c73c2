/** The SQL of declared identity providers, and of owners who are on their way to one and back (SPEC 3.4). */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { ProviderDeclarationTable, ProviderSignInTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';
import type { PersonRow } from '../../registry/store/units.ts';

export type SignInRow = Selectable<ProviderSignInTable>;
export type Leg = Pick<SignInRow, 'state' | 'code_verifier' | 'expected_nonce'>;

export async function insertDeclaration(tx: Tx, row: Selectable<ProviderDeclarationTable>): Promise<void> {
  await tx.insertInto('provider_declaration').values(row).execute();
}

/** The declaration in force of a community. */
export const lastDeclaration = (db: Database, community: string) =>
  db
    .selectFrom('provider_declaration')
    .selectAll()
    .where('community_id', '=', community)
    .orderBy('entry_id', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The declaration in force of each community that has one, with the community's name. */
export const lastDeclarations = (db: Database) =>
  db
    .selectFrom('provider_declaration')
    .innerJoin('community', 'community.community_id', 'provider_declaration.community_id')
    .distinctOn('provider_declaration.community_id')
    .select(['community.community_id', 'community.name', 'provider_declaration.declaration'])
    .orderBy('provider_declaration.community_id')
    .orderBy('provider_declaration.entry_id', 'desc')
    .execute();

/** Forgets sign-ins that ended before this instant. */
export async function sweepSignIns(tx: Tx, before: Instant): Promise<void> {
  await tx.deleteFrom('provider_sign_in').where('expires_at_ms', '<', BigInt(before)).execute();
}

export async function countSignIns(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('provider_sign_in')
    .select((expression) => expression.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertSignIn(tx: Tx, row: Omit<SignInRow, 'binding' | 'key_signature'>): Promise<void> {
  await tx
    .insertInto('provider_sign_in')
    .values({ ...row, binding: null, key_signature: null })
    .execute();
}

export const lockSignIn = (tx: Tx, request: string): Promise<SignInRow | undefined> =>
  tx
    .selectFrom('provider_sign_in')
    .selectAll()
    .where('request_id', '=', request)
    .forUpdate()
    .executeTakeFirst();

export async function changeSignIn(
  db: Database | Tx,
  request: string,
  change: Partial<Leg & Pick<SignInRow, 'binding' | 'key_signature'>>,
): Promise<void> {
  await db.updateTable('provider_sign_in').set(change).where('request_id', '=', request).execute();
}

export async function deleteSignIn(tx: Tx, request: string): Promise<void> {
  await tx.deleteFrom('provider_sign_in').where('request_id', '=', request).execute();
}

/** The person of a number, by every index under which it may stand. */
export const personByIndexes = (
  db: Database,
  community: string,
  indexes: readonly Uint8Array[],
): Promise<PersonRow | undefined> =>
  db
    .selectFrom('person')
    .selectAll()
    .where('community_id', '=', community)
    .where('number_index', 'in', [...indexes])
    .executeTakeFirst();
