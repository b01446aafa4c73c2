/** The SQL of the tally floor. */
import type { Insertable, Selectable } from 'kysely';
import type { Database } from '../db/connect.ts';
import type {
  ArchiveTable,
  CertificateTable,
  ObjectionTable,
  ResolutionTable,
  TallyTable,
} from '../db/tables/tally.ts';
import type { Tx } from '../db/transaction.ts';

export type TallyRow = Selectable<TallyTable>;
export type ObjectionRow = Selectable<ObjectionTable>;
export type ResolutionRow = Selectable<ResolutionTable>;
type Reader = Database | Tx;

export async function insertTally(tx: Tx, row: TallyRow): Promise<void> {
  await tx.insertInto('tally').values(row).execute();
}

/** Every version of a meeting's count, the first one first. */
export const talliesOf = (db: Reader, meeting: string): Promise<TallyRow[]> =>
  db.selectFrom('tally').selectAll().where('meeting_id', '=', meeting).orderBy('version').execute();

/** The version in force. */
export const tallyOf = (db: Reader, meeting: string): Promise<TallyRow | undefined> =>
  db
    .selectFrom('tally')
    .selectAll()
    .where('meeting_id', '=', meeting)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();

export async function insertObjection(
  tx: Tx,
  row: Omit<ObjectionRow, 'decision' | 'decision_entry_id'>,
): Promise<void> {
  await tx
    .insertInto('objection')
    .values({ ...row, decision: null, decision_entry_id: null })
    .execute();
}

/** Objections in the order of the log. */
export const objectionsOf = (db: Reader, meeting: string): Promise<ObjectionRow[]> =>
  db
    .selectFrom('objection')
    .innerJoin('log_entry', 'log_entry.id', 'objection.entry_id')
    .selectAll('objection')
    .where('objection.meeting_id', '=', meeting)
    .orderBy('log_entry.idx')
    .execute();

export async function decideObjection(
  tx: Tx,
  objection: string,
  decision: Uint8Array,
  entryId: bigint,
): Promise<void> {
  await tx
    .updateTable('objection')
    .set({ decision, decision_entry_id: entryId })
    .where('objection_id', '=', objection)
    .execute();
}

export async function insertResolutions(tx: Tx, rows: readonly ResolutionRow[]): Promise<void> {
  await tx
    .insertInto('resolution')
    .values([...rows])
    .execute();
}

/** A final outcome with its meeting's definition, and whether it was annulled since. */
export async function resolutionOf(
  tx: Tx,
  { community, meeting, proposal }: { community: string; meeting: string; proposal: string },
): Promise<{ outcome: string; definition: Uint8Array; isAnnulled: boolean } | undefined> {
  const row = await tx
    .selectFrom('resolution as r')
    .innerJoin('meeting as m', (join) =>
      join.onRef('m.community_id', '=', 'r.community_id').onRef('m.meeting_id', '=', 'r.meeting_id'),
    )
    .leftJoin('resolution_annulment as a', (join) =>
      join
        .onRef('a.community_id', '=', 'r.community_id')
        .onRef('a.meeting_id', '=', 'r.meeting_id')
        .onRef('a.proposal_id', '=', 'r.proposal_id'),
    )
    .select(['r.outcome', 'm.definition', 'a.entry_id'])
    .where('r.community_id', '=', community)
    .where('r.meeting_id', '=', meeting)
    .where('r.proposal_id', '=', proposal)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { outcome: row.outcome, definition: row.definition, isAnnulled: row.entry_id !== null };
}

export async function insertCertificate(tx: Tx, row: Selectable<CertificateTable>): Promise<void> {
  await tx.insertInto('certificate').values(row).execute();
}

export const certificateOf = (
  db: Reader,
  meeting: string,
): Promise<Selectable<CertificateTable> | undefined> =>
  db.selectFrom('certificate').selectAll().where('meeting_id', '=', meeting).executeTakeFirst();

export const archiveRow = (db: Reader, meeting: string) =>
  db.selectFrom('archive').select(['manifest', 'pack']).where('meeting_id', '=', meeting).executeTakeFirst();

/** What a page says of a kept pack, without reading it. */
export const archiveFactsRow = (db: Reader, meeting: string) =>
  db
    .selectFrom('archive')
    .select(['manifest', 'pack_hash', 'pack_length'])
    .where('meeting_id', '=', meeting)
    .executeTakeFirst();

/** Keeps a pack where none is kept: who comes second loses, and reads the first one. */
export async function insertArchive(db: Database, row: Insertable<ArchiveTable>): Promise<void> {
  await db
    .insertInto('archive')
    .values(row)
    .onConflict((conflict) => conflict.columns(['community_id', 'meeting_id']).doNothing())
    .execute();
}
