/** The SQL of files that wait to become registers (SPEC 3.1). */
import { sql } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import { takeLocks } from '../../db/advisory-locks.ts';
import type { Database } from '../../db/connect.ts';
import type { Tx } from '../../db/transaction.ts';

/** `drafted` ends here: what becomes of the register then is its act's. */
export type ImportState = 'waiting' | 'checking' | 'refused' | 'checked' | 'failed' | 'drafted' | 'withdrawn';

const IN_QUEUE = ['waiting', 'checking'] as const;
const WITH_FILE = [...IN_QUEUE, 'refused', 'checked'] as const;

/** Uploads come in one after the other, so that their limits are exact; the number is this lock's alone. */
const IMPORT_LOCK = 7_407;

export const lockImports = (tx: Tx): Promise<void> =>
  takeLocks(tx, [{ space: IMPORT_LOCK, shared: false, names: ['all'] }]);

/** Imports in the queue: in all, of a community, of an officer wherever he acts. */
export async function queueCounts(tx: Tx, community: string, officer: string) {
  const row = await tx
    .selectFrom('register_import')
    .select([
      sql<bigint>`count(*)`.as('all'),
      sql<bigint>`count(*) filter (where community_id = ${community})`.as('community'),
      sql<bigint>`count(*) filter (where officer_id = ${officer})`.as('officer'),
    ])
    .where('state', 'in', IN_QUEUE)
    .executeTakeFirstOrThrow();
  return { all: Number(row.all), community: Number(row.community), officer: Number(row.officer) };
}

export async function insertImport(
  tx: Tx,
  row: {
    readonly community: string;
    readonly importId: string;
    readonly officer: string;
    readonly settings: string;
    readonly file: Uint8Array;
    readonly now: Instant;
  },
): Promise<void> {
  await tx
    .insertInto('register_import')
    .values({
      community_id: row.community,
      import_id: row.importId,
      officer_id: row.officer,
      state: 'waiting',
      settings: row.settings,
      file: row.file,
      draft: null,
      outcome: null,
      rows_read: 0,
      rows_total: 0,
      submitted_at_ms: row.now,
      act_id: null,
    })
    .execute();
}

const NOTHING_LEFT = { file: null, draft: null, outcome: null } as const;

/** Ends what an officer sent in earlier for the community and did not draft: a corrected file takes its place. */
export async function endFormerImports(tx: Tx, community: string, officer: string): Promise<void> {
  await tx
    .updateTable('register_import')
    .set({ state: 'withdrawn', ...NOTHING_LEFT })
    .where('community_id', '=', community)
    .where('officer_id', '=', officer)
    .where('state', 'in', ['refused', 'checked', 'failed'])
    .execute();
}

/** An import without its file and draft, with the state of its act. */
export const importById = (db: Database | Tx, community: string, importId: string) =>
  db
    .selectFrom('register_import')
    .leftJoin('act', 'act.act_id', 'register_import.act_id')
    .select([
      'register_import.officer_id',
      'register_import.state',
      'register_import.settings',
      'register_import.outcome',
      'register_import.rows_read',
      'register_import.rows_total',
      'register_import.submitted_at_ms',
      'register_import.act_id',
      'act.state as act_state',
    ])
    .where('register_import.community_id', '=', community)
    .where('register_import.import_id', '=', importId)
    .executeTakeFirst();

export type ImportRow = NonNullable<Awaited<ReturnType<typeof importById>>>;

/** How many imports of the deployment are checked before this one. */
export async function importsAhead(db: Database, importId: string, submittedAt: bigint): Promise<number> {
  const { ahead } = await db
    .selectFrom('register_import')
    .select(sql<bigint>`count(*)`.as('ahead'))
    .where('state', 'in', IN_QUEUE)
    .where(sql<boolean>`(submitted_at_ms, import_id) < (${submittedAt}, ${importId})`)
    .executeTakeFirstOrThrow();
  return Number(ahead);
}

/** Imports of a community, the latest first; 20 at most. */
export const latestImports = (db: Database, community: string) =>
  db
    .selectFrom('register_import')
    .leftJoin('act', 'act.act_id', 'register_import.act_id')
    .select([
      'register_import.import_id',
      'register_import.officer_id',
      'register_import.state',
      'register_import.submitted_at_ms',
      'act.state as act_state',
    ])
    .where('register_import.community_id', '=', community)
    .orderBy('register_import.submitted_at_ms', 'desc')
    .orderBy('register_import.import_id')
    .limit(20)
    .execute();

/** Takes an import out of the queue to be checked, also one that a process died over; undefined where it has ended. */
export const startCheck = (db: Database, community: string, importId: string) =>
  db
    .updateTable('register_import')
    .set({ state: 'checking', rows_read: 0, rows_total: 0 })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .where('state', 'in', IN_QUEUE)
    .returning(['settings', 'file'])
    .executeTakeFirst();

export async function setRowsRead(
  db: Database,
  community: string,
  importId: string,
  rows: { readonly rows: number; readonly of: number },
): Promise<void> {
  await db
    .updateTable('register_import')
    .set({ rows_read: rows.rows, rows_total: rows.of })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .where('state', '=', 'checking')
    .execute();
}

/** What came of a check; nothing where the import was withdrawn meanwhile. */
export async function endCheck(
  db: Database,
  community: string,
  importId: string,
  found: { readonly outcome: Uint8Array; readonly draft: Uint8Array | null },
): Promise<void> {
  await db
    .updateTable('register_import')
    .set({ ...found, state: found.draft === null ? 'refused' : 'checked' })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .where('state', '=', 'checking')
    .execute();
}

/** Ends an import that was not drafted, and erases all that it holds; false where there is none such. */
export async function endImport(
  db: Database,
  community: string,
  importId: string,
  state: 'withdrawn' | 'failed',
): Promise<boolean> {
  const ended = await db
    .updateTable('register_import')
    .set({ state, ...NOTHING_LEFT })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .where('state', 'in', [...WITH_FILE, 'failed'])
    .executeTakeFirst();
  return ended.numUpdatedRows === 1n;
}

/** The sealed file of an import, null where it is erased; undefined where there is no such import. */
export const fileOfImport = (db: Database | Tx, community: string, importId: string) =>
  db
    .selectFrom('register_import')
    .select(['state', 'file'])
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .executeTakeFirst();

/** Locks a checked import and gives what it waits with; undefined where it is none, or none any more. */
export const takeChecked = (tx: Tx, community: string, importId: string) =>
  tx
    .selectFrom('register_import')
    .select(['file', 'draft'])
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .where('state', '=', 'checked')
    .forUpdate()
    .executeTakeFirst();

/** The import became a draft: its bytes stand there now. */
export async function markDrafted(tx: Tx, community: string, importId: string, act: string): Promise<void> {
  await tx
    .updateTable('register_import')
    .set({ state: 'drafted', file: null, draft: null, act_id: act })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .execute();
}

/** Erases what was found in a file when it is long done with. */
export async function eraseOutcome(db: Database, community: string, importId: string): Promise<void> {
  await db
    .updateTable('register_import')
    .set({ outcome: null })
    .where('community_id', '=', community)
    .where('import_id', '=', importId)
    .execute();
}
