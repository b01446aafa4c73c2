/** The SQL of casts whose promise the log did not keep (SPEC 6.12). */
import type { Selectable } from 'kysely';
import type { Database } from '../../db/connect.ts';
import type { CastRestorationTable } from '../../db/tables/ballot.ts';
import type { Tx } from '../../db/transaction.ts';
import type { CastRows } from './cast-groups.ts';

export type RestorationRow = Selectable<CastRestorationTable>;
type Reader = Database | Tx;

/** Keeps what an owner handed in; a second time it is kept already. */
export async function insertRestoration(tx: Tx, row: RestorationRow): Promise<void> {
  await tx
    .insertInto('cast_restoration')
    .values(row)
    .onConflict((conflict) => conflict.constraint('cast_restoration_pk').doNothing())
    .execute();
}

export const restorationsOf = (db: Reader, community: string, meeting: string): Promise<RestorationRow[]> =>
  db
    .selectFrom('cast_restoration')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .orderBy('asked_at_ms')
    .orderBy('cast_hash')
    .execute();

export const restorationByHash = (
  db: Reader,
  community: string,
  meeting: string,
  hash: Uint8Array,
): Promise<RestorationRow | undefined> =>
  db
    .selectFrom('cast_restoration')
    .selectAll()
    .where('community_id', '=', community)
    .where('meeting_id', '=', meeting)
    .where('cast_hash', '=', hash)
    .executeTakeFirst();

/** Enters a cast under an entry that stands already, with what it spends. */
export async function insertRestored(
  tx: Tx,
  { row, ballots, ephemeralKeys }: Omit<CastRows, 'leafHash'>,
  entryId: bigint,
): Promise<void> {
  const { community_id, meeting_id, cast_hash } = row;
  const of = { community_id, meeting_id, cast_hash };
  await tx
    .insertInto('cast_statement')
    .values({ ...row, entry_id: entryId })
    .execute();
  await tx
    .insertInto('cast_answer')
    .values(ballots.map((ballot_hash) => ({ ...of, ballot_hash })))
    .execute();
  await tx
    .insertInto('sealed_key')
    .values(ephemeralKeys.map((ephemeral_key) => ({ ...of, ephemeral_key })))
    .execute();
}
