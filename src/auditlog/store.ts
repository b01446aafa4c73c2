/** The SQL of the log: entries, head, tiles, checkpoints, cosignatures (SPEC 7). */
import type { RawBuilder, Selectable } from 'kysely';
import { sql } from 'kysely';
import { assert } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { LogCheckpointTable, LogCosignatureTable } from '../db/tables/auditlog.ts';
import type { Tx } from '../db/transaction.ts';
import type { TilePlace } from '../record/merkle.ts';
import type { GrownTile } from '../record/tile.ts';

export type CosignatureRow = Selectable<LogCosignatureTable>;
export type CheckpointRow = Selectable<LogCheckpointTable>;

/** One process publishes at a time; the key has no meaning beyond this file. */
const PUBLISHER_LOCK = 7_401;

/** Appends an entry; its id is drawn here, thus after whatever locks the caller holds (SPEC 6.6). */
export const insertEntry = (
  tx: Tx,
  row: {
    readonly data: Uint8Array;
    readonly kind: string;
    readonly community_id: string | null;
    readonly meeting_id: string | null;
  },
): Promise<{ id: bigint; leaf_hash: Uint8Array }> =>
  tx.insertInto('log_entry').values(row).returning(['id', 'leaf_hash']).executeTakeFirstOrThrow();

/** A row of the log before it has an id. */
type EntryRow = Parameters<typeof insertEntry>[1];

export type EntriesInsertion = RawBuilder<{ id: bigint; leaf_hash: Uint8Array }>;

/**
 * The insertion of entries whose ids ascend in the order given, as `returning id, leaf_hash`: a statement, or a part of one whose other
 * rows name these.
 */
export const entriesInsertion = (rows: readonly EntryRow[]): EntriesInsertion => sql`
    insert into log_entry (data, kind, community_id, meeting_id)
    select v.data, v.kind, v.community_id, v.meeting_id
      from unnest(${rows.map(({ data }) => data)}::bytea[], ${rows.map(({ kind }) => kind)}::text[],
                  ${rows.map((row) => row.community_id)}::text[], ${rows.map((row) => row.meeting_id)}::text[])
           with ordinality as v (data, kind, community_id, meeting_id, place)
     order by v.place
    returning id, leaf_hash`;

export const readHead = (db: Database): Promise<{ size: bigint; root: Uint8Array }> =>
  db.selectFrom('log_head').select(['size', 'root']).executeTakeFirstOrThrow();

/** The head, locked against other sequencers until the transaction ends. */
export const lockHead = (tx: Tx): Promise<{ size: bigint; root: Uint8Array }> =>
  tx.selectFrom('log_head').select(['size', 'root']).forUpdate().executeTakeFirstOrThrow();

export async function moveHead(tx: Tx, size: number, root: Uint8Array): Promise<void> {
  await tx
    .updateTable('log_head')
    .set({ size: BigInt(size), root })
    .execute();
}

/** Committed entries without an index, in the order of their ids. */
export const waitingEntries = (tx: Tx, limit: number): Promise<{ id: bigint; leaf_hash: Uint8Array }[]> =>
  tx
    .selectFrom('log_entry')
    .select(['id', 'leaf_hash'])
    .where('idx', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();

/** How many committed entries wait for an index. */
export async function countWaiting(db: Database): Promise<number> {
  const row = await db
    .selectFrom('log_entry')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('idx', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Gives entries the indexes from `first` on, in the order given. */
export async function numberEntries(tx: Tx, ids: readonly bigint[], first: number): Promise<void> {
  const done = await sql`
    update log_entry e set idx = ${first}::bigint + v.place - 1
      from unnest(${[...ids]}::bigint[]) with ordinality as v (id, place)
     where e.id = v.id`.execute(tx);
  assert(done.numAffectedRows === BigInt(ids.length), 'every waiting entry gets an index');
}

/** The tiles at some places, as far as they exist. */
export async function tilesAt(db: Database, places: readonly TilePlace[]): Promise<GrownTile[]> {
  if (places.length === 0) return [];
  const rows = await sql<{ level: number; n: bigint; hashes: Uint8Array }>`
    select t.level, t.n, t.hashes
      from unnest(${places.map((place) => place.level)}::smallint[], ${places.map((place) => place.n)}::bigint[])
           as wanted (level, n)
      join log_tile t on t.level = wanted.level and t.n = wanted.n`.execute(db);
  return rows.rows.map(({ level, n, hashes }) => ({ level, n: Number(n), hashes }));
}

export async function writeTiles(tx: Tx, tiles: readonly GrownTile[]): Promise<void> {
  await tx
    .insertInto('log_tile')
    .values(tiles.map(({ level, n, hashes }) => ({ level, n: BigInt(n), hashes })))
    .onConflict((conflict) =>
      conflict.columns(['level', 'n']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
    )
    .execute();
}

/** How many strays are named; there is no need to see more of them. */
const MOST_STRAYS = 20;

/** Tiles that no entry below the head fills, or that hold more hashes than the entries give. One statement sees one head. */
export async function strayTiles(db: Database): Promise<TilePlace[]> {
  const rows = await sql<{ level: number; n: bigint }>`
    select t.level, t.n
      from log_tile t, log_head h
     where octet_length(t.hashes) > 32 * least(256, div(h.size::numeric, 256::numeric ^ t.level::numeric) - t.n * 256)
     order by t.level, t.n
     limit ${MOST_STRAYS}`.execute(db);
  return rows.rows.map(({ level, n }) => ({ level, n: Number(n) }));
}

/** Indexes that are not below the head. */
export async function strayEntries(db: Database): Promise<number[]> {
  const rows = await sql<{ idx: bigint }>`
    select e.idx from log_entry e, log_head h where e.idx >= h.size order by e.idx limit ${MOST_STRAYS}`.execute(
    db,
  );
  return rows.rows.map(({ idx }) => Number(idx));
}

/** An entry that has its place in the log. */
export type NumberedEntry = {
  readonly entryId: bigint;
  readonly index: number;
  readonly kind: string;
  readonly community: string | undefined;
  readonly meeting: string | undefined;
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
};

/** Which entries are wanted: members that are left out do not narrow. `community: ''` asks for entries of none. */
export type EntryFilter = {
  readonly meeting?: string;
  readonly community?: string;
  readonly kinds?: readonly string[];
  /** First index wanted, and the index behind the last one. */
  readonly from?: number;
  readonly below?: number;
};

/** Numbered entries in the order of the log. */
export async function numberedEntries(db: Database, filter: EntryFilter): Promise<NumberedEntry[]> {
  let query = db
    .selectFrom('log_entry')
    .select(['id', 'idx', 'kind', 'community_id', 'meeting_id', 'data', 'leaf_hash'])
    .where('idx', '>=', BigInt(filter.from ?? 0))
    .orderBy('idx');
  if (filter.below !== undefined) query = query.where('idx', '<', BigInt(filter.below));
  if (filter.meeting !== undefined) query = query.where('meeting_id', '=', filter.meeting);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', [...filter.kinds]);
  if (filter.community === '') query = query.where('community_id', 'is', null);
  else if (filter.community !== undefined) query = query.where('community_id', '=', filter.community);
  return (await query.execute()).map((row) => ({
    entryId: row.id,
    index: Number(row.idx),
    kind: row.kind,
    community: row.community_id ?? undefined,
    meeting: row.meeting_id ?? undefined,
    bytes: row.data,
    leafHash: row.leaf_hash,
  }));
}

/** An entry by its row id, numbered or not. */
export const entryRow = (
  db: Database,
  entryId: bigint,
): Promise<{ idx: bigint | null; data: Uint8Array } | undefined> =>
  db.selectFrom('log_entry').select(['idx', 'data']).where('id', '=', entryId).executeTakeFirst();

/** Whether this transaction is now the one that publishes. */
export async function tryPublisherLock(tx: Tx): Promise<boolean> {
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${PUBLISHER_LOCK}, 0) as mine`.execute(tx);
  return found.rows[0]?.mine === true;
}

/** Stores a signed checkpoint; the primary key refuses a second root for a size. */
export async function insertCheckpoint(
  tx: Tx,
  checkpoint: { readonly size: number; readonly root: Uint8Array; readonly note: string },
  now: Instant,
): Promise<void> {
  const { size, root, note } = checkpoint;
  await tx
    .insertInto('log_checkpoint')
    .values({ size: BigInt(size), root, note, signed_at_ms: now })
    .execute();
}

export const newestCheckpointRow = (db: Database): Promise<CheckpointRow | undefined> =>
  db.selectFrom('log_checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();

export const checkpointRow = (db: Database, size: number): Promise<CheckpointRow | undefined> =>
  db.selectFrom('log_checkpoint').selectAll().where('size', '=', BigInt(size)).executeTakeFirst();

/** The smallest checkpoint above a size: the first that covers the entry with that index. */
export const firstCheckpointAbove = (db: Database, size: number): Promise<CheckpointRow | undefined> =>
  db
    .selectFrom('log_checkpoint')
    .selectAll()
    .where('size', '>', BigInt(size))
    .orderBy('size')
    .limit(1)
    .executeTakeFirst();

/** All checkpoints, the smallest first. */
export const checkpointRows = (db: Database): Promise<CheckpointRow[]> =>
  db.selectFrom('log_checkpoint').selectAll().orderBy('size').execute();

/** The size of the newest checkpoint above `size` that at least `quorum` of these witness keys cosigned. */
export async function newestCosignedSize(
  db: Database,
  above: number,
  vkeys: readonly string[],
  quorum: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('log_cosignature')
    .select('size')
    .where('size', '>', BigInt(above))
    .where('vkey', 'in', [...vkeys])
    .groupBy('size')
    .having((eb) => eb(eb.fn.count<bigint>('vkey').distinct(), '>=', BigInt(quorum)))
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : Number(row.size);
}

/** The cosignatures of a checkpoint, by witness, the earliest first. */
export const cosignaturesOf = (db: Database, size: bigint): Promise<CosignatureRow[]> =>
  db
    .selectFrom('log_cosignature')
    .selectAll()
    .where('size', '=', size)
    .orderBy('vkey')
    .orderBy('at_s')
    .execute();

/** All cosignatures, by size and witness, the earliest first. */
export const allCosignatures = (db: Database): Promise<CosignatureRow[]> =>
  db.selectFrom('log_cosignature').selectAll().orderBy('size').orderBy('vkey').orderBy('at_s').execute();

/** The largest size that a witness cosigned, 0 where none. */
export async function largestCosignedSize(db: Database, vkey: string): Promise<number> {
  const row = await db
    .selectFrom('log_cosignature')
    .select((eb) => eb.fn.max('size').as('size'))
    .where('vkey', '=', vkey)
    .executeTakeFirstOrThrow();
  return Number(row.size ?? 0n);
}

/** Keeps cosignatures, at least one; those that are there already stay as they are. */
export async function insertCosignatures(db: Database, rows: readonly CosignatureRow[]): Promise<void> {
  await db
    .insertInto('log_cosignature')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['size', 'vkey', 'at_s']).doNothing())
    .execute();
}

/** The bytes of the newest entry of a kind, numbered or not. */
export async function newestEntryBytes(db: Database, kind: string): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('log_entry')
    .select('data')
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.data;
}
