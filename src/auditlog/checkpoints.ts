/** The checkpoints that the log published, with the cosignatures that it has for them (SPEC 7.4). */
import { fromBase64Url, sameBytes } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { addSignatures } from '../record/checkpoint.ts';
import { EMPTY_ROOT } from '../record/merkle.ts';
import type { CheckpointRow, CosignatureRow } from './store.ts';
import {
  allCosignatures,
  checkpointRow,
  checkpointRows,
  cosignaturesOf,
  newestCheckpointRow,
} from './store.ts';

/** A checkpoint as it is served: `note` is the signed checkpoint with its cosignatures. */
export type PublishedCheckpoint = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
};

/** Of each witness the earliest line, which proves most, and the newest, which shows that it still watches. */
function worthServing(rows: readonly CosignatureRow[]): string[] {
  const byWitness = new Map<string, string[]>();
  for (const row of rows) byWitness.set(row.vkey, [...(byWitness.get(row.vkey) ?? []), row.line]);
  return [...byWitness.values()].flatMap((lines) => [...lines.slice(0, 1), ...lines.slice(1).slice(-1)]);
}

const withLines = (row: CheckpointRow, lines: readonly CosignatureRow[]): PublishedCheckpoint => ({
  size: Number(row.size),
  root: row.root,
  note: addSignatures(row.note, worthServing(lines)),
});

const published = async (
  db: Database,
  row: CheckpointRow | undefined,
): Promise<PublishedCheckpoint | undefined> =>
  row === undefined ? undefined : withLines(row, await cosignaturesOf(db, row.size));

/** The newest checkpoint, undefined before the first was signed. */
export const latestCheckpoint = async (db: Database): Promise<PublishedCheckpoint | undefined> =>
  published(db, await newestCheckpointRow(db));

/** The checkpoint of a size, undefined where none was signed at it. */
export const checkpointAt = async (db: Database, size: number): Promise<PublishedCheckpoint | undefined> =>
  published(db, await checkpointRow(db, size));

/** Every checkpoint, the smallest first. */
export async function allCheckpoints(db: Database): Promise<readonly PublishedCheckpoint[]> {
  const rows = await checkpointRows(db);
  const bySize = new Map<bigint, CosignatureRow[]>();
  for (const line of await allCosignatures(db)) {
    const lines = bySize.get(line.size);
    if (lines === undefined) bySize.set(line.size, [line]);
    else lines.push(line);
  }
  return rows.map((row) => withLines(row, bySize.get(row.size) ?? []));
}

/** Whether the log signed this size and root (base64url); the empty log needs no signature (SPEC 2.3). */
export async function hasCheckpoint(db: Database, size: number, root: string): Promise<boolean> {
  const wanted = fromBase64Url(root);
  if (wanted === undefined) return false;
  if (size === 0) return sameBytes(wanted, EMPTY_ROOT);
  const row = await checkpointRow(db, size);
  return row !== undefined && sameBytes(row.root, wanted);
}
