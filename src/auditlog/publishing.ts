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
import { cosignersOf, logKey, signCheckpoint } from '../record/checkpoint.ts';
import { printVkey } from '../record/note.ts';
import { checkpointAt } from './checkpoints.ts';
import type { WitnessAlarm } from './cosigning.ts';
import { gatherCosignatures } from './cosigning.ts';
import type { LogGuardRefusal } from './domain/guard.ts';
import { moveGuard, standingOf } from './guarding.ts';
import type { LogDeps } from './log-deps.ts';
import { insertCheckpoint, tryPublisherLock } from './store.ts';

/** The newest checkpoint after a run. `alarms` are the witnesses that did not cosign, and why. */
export type Published = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly cosigners: readonly Cosigner[];
  readonly hasQuorum: boolean;
  readonly alarms: readonly WitnessAlarm[];
};

/** LOG_PUBLISHER_BUSY: another process publishes at this moment. */
export type PublishRefusal = LogGuardRefusal | Refusal<'LOG_PUBLISHER_BUSY'>;

/** The log's verifier key as text. */
export const logVkey = (deps: Pick<LogDeps, 'origin' | 'logSeed'>): string =>
  printVkey(logKey(deps.origin, deps.logSeed));

/** Signs the head where it is new; the same size is never signed with another root. */
async function signHead(tx: Tx, deps: LogDeps): Promise<Result<number, PublishRefusal>> {
  if (!(await tryPublisherLock(tx))) return refuse('LOG_PUBLISHER_BUSY');
  const standing = await standingOf(tx, deps);
  if (!standing.ok) return standing;
  const { kept, size, root, signedSize } = standing.value;
  const checkpoint: Checkpoint = { origin: deps.origin, size, root };
  // The guard goes first: a crash in between leaves it ahead of what was ever served, and the head still fits it. It is written again
  // also where it holds this size already: the attempt that wrote it may have failed before the disk promised to keep it.
  if (kept === undefined || kept.size < size || signedSize < size) {
    // The lock is lost with the session, while this process may live on: then another one has moved the guard.
    if (!moveGuard(deps, kept, checkpoint)) return refuse('LOG_PUBLISHER_BUSY');
  }
  if (signedSize < size) {
    const note = signCheckpoint(checkpoint, deps.logSeed);
    await insertCheckpoint(tx, { size, root, note }, deps.clock());
  }
  return ok(size);
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
