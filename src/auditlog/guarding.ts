/**
 * The guard beside the database: read, compared with what the database says, and moved forward, never back (SPEC 7.1). Only
 * what continues both the guard and the database's own checkpoints may be signed.
 */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Checkpoint } from '../record/checkpoint.ts';
import { logKey, verifyCheckpoint } from '../record/checkpoint.ts';
import { printVkey } from '../record/note.ts';
import type { Guard, LogGuardRefusal } from './domain/guard.ts';
import { guardForm, guardOf, isSameGuard, mayContinue } from './domain/guard.ts';
import type { Disk } from './durable-file.ts';
import { machineDisk, replaceFileIf } from './durable-file.ts';
import type { LogDeps } from './log-deps.ts';
import { newestCheckpointRow, readHead } from './store.ts';
import { storedRoot } from './tree.ts';

/** The guard as it is kept, undefined where there is none. Throws where the file cannot be read at all. */
export function readGuard(
  path: string,
  disk: Disk = machineDisk,
): Result<Guard | undefined, LogGuardRefusal> {
  const bytes = disk.read(path);
  if (bytes === undefined) return ok(undefined);
  const parsed = guardForm.parse(bytes);
  return parsed.ok ? parsed : refuse('LOG_GUARD_UNREADABLE', path);
}

/**
 * Keeps a checkpoint in the guard where the guard still is `from`; false where another process was quicker, and then the guard
 * is what that process made it. Throws where it cannot be written; the former guard stands then.
 */
export function moveGuard(
  deps: Pick<LogDeps, 'guardPath' | 'disk'>,
  from: Guard | undefined,
  to: Checkpoint,
): boolean {
  const isStill = (bytes: Uint8Array | undefined): boolean => {
    const current = bytes === undefined ? ok(undefined) : guardForm.parse(bytes);
    return current.ok && isSameGuard(current.value, from);
  };
  return replaceFileIf(deps.guardPath, guardForm.bytes(guardOf(to)), isStill, deps.disk ?? machineDisk);
}

/** Makes a guard where there is none, or none that can be read; false where one stands by now. Throws as `moveGuard` does. */
export function makeGuard(deps: Pick<LogDeps, 'guardPath' | 'disk'>, to: Checkpoint): boolean {
  const isNone = (bytes: Uint8Array | undefined): boolean =>
    bytes === undefined || !guardForm.parse(bytes).ok;
  return replaceFileIf(deps.guardPath, guardForm.bytes(guardOf(to)), isNone, deps.disk ?? machineDisk);
}

/** What may be signed: the head, and how far guard and checkpoints reach. */
export type LogStanding = {
  readonly kept: Guard | undefined;
  readonly size: number;
  readonly root: Uint8Array;
  /** Size of the newest checkpoint in the database, -1 where there is none. */
  readonly signedSize: number;
};

type StandingDeps = Pick<LogDeps, 'origin' | 'logSeed' | 'guardPath' | 'disk'>;

/**
 * Compares database and guard. It needs no lock: a checkpoint is stored after the guard has it, and the guard has it after the
 * head, so whoever reads checkpoint, guard and head in this order never takes another process's progress for a disagreement.
 */
export async function standingOf(
  db: Database,
  deps: StandingDeps,
): Promise<Result<LogStanding, LogGuardRefusal>> {
  const row = await newestCheckpointRow(db);
  const kept = readGuard(deps.guardPath, deps.disk);
  if (!kept.ok) return kept;
  const head = await readHead(db);
  const vkey = printVkey(logKey(deps.origin, deps.logSeed));
  if (row !== undefined && !verifyCheckpoint(row.note, vkey).ok) {
    return refuse('LOG_GUARD_FOREIGN', 'checkpoint', { vkey });
  }
  const newest = row === undefined ? undefined : { size: Number(row.size), root: row.root };
  const size = Number(head.size);
  const roots = new Map<number, Uint8Array | undefined>();
  // Tiles beyond the head do not exist, so a larger size has no root to compare.
  const rootUpTo = async (at: number): Promise<Uint8Array | undefined> => {
    if (at <= size && !roots.has(at)) roots.set(at, await storedRoot(db, at));
    return roots.get(at);
  };
  const may = mayContinue(kept.value, {
    origin: deps.origin,
    size,
    root: head.root,
    headRoot: await rootUpTo(size),
    rootAtGuard: await rootUpTo(kept.value?.size ?? 0),
    newest,
    rootAtNewest: await rootUpTo(newest?.size ?? 0),
  });
  if (!may.ok) return may;
  return ok({ kept: kept.value, size, root: head.root, signedSize: newest?.size ?? -1 });
}

/** Whether the head is signed and kept, so that the publisher has nothing to add. */
export const isPublished = ({ kept, size, signedSize }: LogStanding): boolean =>
  signedSize === size && kept?.size === size;
