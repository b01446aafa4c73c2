/**
 * The publisher: compares the database with the guard outside it, signs the head, keeps the guard, and asks the
 * witnesses. Nothing is signed where the two disagree, and nothing is served before the guard holds it (SPEC 7.1, 7.4).
 */
import { present } from '../base/assert.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Checkpoint, Cosigner } from '../record/checkpoint.ts';
import { cosignersOf, logKey, signCheckpoint, verifyCheckpoint } from '../record/checkpoint.ts';
import { printVkey } from '../record/note.ts';
import { checkpointAt } from './checkpoints.ts';
import type { Guard, LogGuardRefusal } from './domain/guard.ts';
import { guardForm, guardOf, mayContinue } from './domain/guard.ts';
import { readIfPresent, replaceFile } from './durable-file.ts';
import type { LogDeps, Witness } from './log-deps.ts';
import type { CosignatureRow } from './store.ts';
import {
  cosignaturesOf,
  insertCheckpoint,
  insertCosignatures,
  largestCosignedSize,
  newestCheckpointRow,
  readHead,
  tryPublisherLock,
} from './store.ts';
import { storedConsistency, storedRoot } from './tree.ts';
import type { WitnessRefusal } from './witness-client.ts';
import { askWitness } from './witness-client.ts';

/** The newest checkpoint after a run. `alarms` are the witnesses that did not cosign, and why. */
export type Published = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly cosigners: readonly Cosigner[];
  readonly hasQuorum: boolean;
  readonly alarms: readonly WitnessRefusal[];
};

/** LOG_PUBLISHER_BUSY: another process publishes at this moment. */
export type PublishRefusal = LogGuardRefusal | Refusal<'LOG_PUBLISHER_BUSY'>;

/** A witness that cosigned is asked again for a fresh time after this long. */
const REFRESH_S = 600;

/** The log's verifier key as text. */
export const logVkey = (deps: Pick<LogDeps, 'origin' | 'logSeed'>): string =>
  printVkey(logKey(deps.origin, deps.logSeed));

/** The guard as it is kept, undefined where there is none. */
export function readGuard(path: string): Result<Guard | undefined, LogGuardRefusal> {
  const bytes = readIfPresent(path);
  if (bytes === undefined) return ok(undefined);
  const parsed = guardForm.parse(bytes);
  return parsed.ok ? parsed : refuse('LOG_GUARD_UNREADABLE', path);
}

/** Signs the head where it is new; the same size is never signed with another root. */
async function signHead(tx: Tx, deps: LogDeps): Promise<Result<number, PublishRefusal>> {
  if (!(await tryPublisherLock(tx))) return refuse('LOG_PUBLISHER_BUSY');
  const kept = readGuard(deps.guardPath);
  if (!kept.ok) return kept;
  const head = await readHead(tx);
  const row = await newestCheckpointRow(tx);
  const newest = row === undefined ? undefined : { size: Number(row.size), root: row.root };
  const size = Number(head.size);
  // Tiles beyond the head do not exist, so a larger size has no root to compare.
  const rootUpTo = async (at: number): Promise<Uint8Array | undefined> =>
    at <= size ? storedRoot(tx, at) : undefined;
  if (row !== undefined && !verifyCheckpoint(row.note, logVkey(deps)).ok) {
    return refuse('LOG_GUARD_FOREIGN', undefined, { vkey: logVkey(deps) });
  }
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
  const checkpoint: Checkpoint = { origin: deps.origin, size, root: head.root };
  // The guard goes first: a crash in between leaves it ahead of what was ever served, and the head still fits it.
  if (kept.value === undefined || kept.value.size < size) {
    replaceFile(deps.guardPath, guardForm.bytes(guardOf(checkpoint)));
  }
  if (newest === undefined || newest.size < size) {
    const note = signCheckpoint(checkpoint, deps.logSeed);
    await insertCheckpoint(tx, { size, root: head.root, note }, deps.clock());
  }
  return ok(size);
}

/** Whether a witness has nothing to add: it cosigned this size, and not long ago. */
function isFresh(rows: readonly CosignatureRow[], witness: Witness, nowSeconds: number): boolean {
  const times = rows.filter((row) => row.vkey === witness.vkey).map((row) => Number(row.at_s));
  return times.some((at) => at > nowSeconds - REFRESH_S);
}

/** Asks the witnesses that have something to add, all at once, and keeps what they answer. */
async function gatherCosignatures(
  deps: LogDeps,
  size: number,
  note: string,
): Promise<readonly WitnessRefusal[]> {
  const rows = await cosignaturesOf(deps.db, BigInt(size));
  const now = Math.floor(deps.clock() / 1000);
  const asked = deps.witnesses.filter((witness) => !isFresh(rows, witness, now));
  const proofFrom = async (oldSize: number): Promise<readonly Uint8Array[]> =>
    present(await storedConsistency(deps.db, oldSize, size), 'the tiles of a signed size are there');
  const answers = await Promise.all(
    asked.map(async (witness) => {
      const lastSize = await largestCosignedSize(deps.db, witness.vkey);
      return { witness, answer: await askWitness(witness, { note, size, proofFrom }, lastSize) };
    }),
  );
  const alarms: WitnessRefusal[] = [];
  for (const { witness, answer } of answers) {
    if (!answer.ok) {
      alarms.push(answer.refusal);
      continue;
    }
    const lines = answer.value.map(({ line, atSeconds }) => ({
      size: BigInt(size),
      vkey: witness.vkey,
      at_s: BigInt(atSeconds),
      line,
    }));
    await insertCosignatures(deps.db, lines);
  }
  return alarms;
}

/**
 * Publishes the head once. A refusal means that nothing was signed, and an operator must find out why. Missing
 * witnesses do not hold the checkpoint back; what must wait for the quorum asks `hasQuorum`.
 */
export async function publishOnce(deps: LogDeps): Promise<Result<Published, PublishRefusal>> {
  const signed = await inTransaction(deps.db, (tx) => signHead(tx, deps));
  if (!signed.ok) return signed;
  const own = present(await checkpointAt(deps.db, signed.value), 'the checkpoint was just stored');
  // Nobody needs the empty log witnessed, and a witness must not be led to believe that it has seen it.
  const alarms = own.size === 0 ? [] : await gatherCosignatures(deps, own.size, own.note);
  const { size, root, note } = present(await checkpointAt(deps.db, own.size), 'checkpoints stay');
  const cosigners = cosignersOf(note, deps.witnesses);
  return ok({ size, root, note, cosigners, hasQuorum: cosigners.length >= deps.quorum, alarms });
}
