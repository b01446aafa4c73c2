/**
 * A lost guard, made again from evidence that was never in the database: a checkpoint that a witness, a monitor or an auditor kept,
 * or the answers that the witnesses give now. What the database alone says proves nothing about itself (SPEC 7.1, 7.4).
 */
import { sameBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Checkpoint, CheckpointRefusal, Cosigner } from '../record/checkpoint.ts';
import { cosignersOf, verifyCheckpoint } from '../record/checkpoint.ts';
import { askEveryWitness } from './cosigning.ts';
import { machineDisk, replaceFile } from './durable-file.ts';
import { makeGuard, readGuard } from './guarding.ts';
import type { LogDeps } from './log-deps.ts';
import { logVkey } from './publishing.ts';
import { newestCheckpointRow, readHead, tryPublisherLock } from './store.ts';
import { storedRoot } from './tree.ts';

/** The guard as it was made again; `damagedCopy` is where the unreadable one was put aside. */
export type RebuiltGuard = {
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
  readonly damagedCopy: string | undefined;
};

/**
 * GUARD_STANDS: there is a guard that can be read. EVIDENCE_QUORUM: too few of the configured witnesses stand under the checkpoint.
 * EVIDENCE_OLD: the database has signed larger sizes than the evidence covers, so it would not show that the database was put back.
 * EVIDENCE_AHEAD: the evidence knows more entries than the database, which was put back. EVIDENCE_FORKED: it knows other ones.
 * EVIDENCE_NO_WITNESS: no quorum of witnesses is configured that could be asked. NOTHING_SIGNED: the database has no checkpoint that
 * they could be asked about.
 */
export type RebuildRefusal =
  | CheckpointRefusal
  | Refusal<
      | 'GUARD_STANDS'
      | 'LOG_PUBLISHER_BUSY'
      | 'EVIDENCE_QUORUM'
      | 'EVIDENCE_OLD'
      | 'EVIDENCE_AHEAD'
      | 'EVIDENCE_FORKED'
      | 'EVIDENCE_NO_WITNESS'
      | 'NOTHING_SIGNED'
    >;

/** Compares the evidence with the database and writes the guard; nothing is signed here. */
async function rebuildFrom(
  tx: Tx,
  deps: LogDeps,
  checkpoint: Checkpoint,
  cosigners: readonly Cosigner[],
): Promise<Result<RebuiltGuard, RebuildRefusal>> {
  if (!(await tryPublisherLock(tx))) return refuse('LOG_PUBLISHER_BUSY');
  const kept = readGuard(deps.guardPath, deps.disk);
  if (kept.ok && kept.value !== undefined)
    return refuse('GUARD_STANDS', deps.guardPath, { size: kept.value.size });
  const newest = await newestCheckpointRow(tx);
  const size = Number((await readHead(tx)).size);
  const evidence = checkpoint.size;
  if (evidence > size) return refuse('EVIDENCE_AHEAD', undefined, { evidence, size });
  const root = await storedRoot(tx, evidence);
  if (root === undefined || !sameBytes(root, checkpoint.root))
    return refuse('EVIDENCE_FORKED', undefined, { evidence });
  const signed = Number(newest?.size ?? 0n);
  if (evidence < signed) return refuse('EVIDENCE_OLD', undefined, { evidence, signed });
  const damagedCopy = kept.ok ? undefined : putAside(deps);
  if (!makeGuard(deps, checkpoint)) return refuse('LOG_PUBLISHER_BUSY');
  return ok({ checkpoint, cosigners, damagedCopy });
}

/** Keeps what the damaged guard held beside the new one: it may still tell an investigator something. */
function putAside(deps: LogDeps): string {
  const copy = `${deps.guardPath}.damaged-${deps.clock()}`;
  const disk = deps.disk ?? machineDisk;
  replaceFile(copy, disk.read(deps.guardPath) ?? new Uint8Array(0), disk);
  return copy;
}

/** The policy's quorum under a checkpoint that our log signed. */
function judge(
  deps: LogDeps,
  note: string,
): Result<readonly [Checkpoint, readonly Cosigner[]], RebuildRefusal> {
  const checkpoint = verifyCheckpoint(note, logVkey(deps));
  if (!checkpoint.ok) return checkpoint;
  const cosigners = cosignersOf(note, deps.witnesses);
  if (cosigners.length >= deps.quorum) return ok([checkpoint.value, cosigners]);
  return refuse('EVIDENCE_QUORUM', undefined, { has: cosigners.length, quorum: deps.quorum });
}

/** Makes the guard from a signed checkpoint that somebody outside kept. */
export async function rebuildGuard(
  deps: LogDeps,
  note: string,
): Promise<Result<RebuiltGuard, RebuildRefusal>> {
  const judged = judge(deps, note);
  if (!judged.ok) return judged;
  return inTransaction(deps.db, (tx) => rebuildFrom(tx, deps, ...judged.value));
}

/**
 * Makes the guard from the newest checkpoint of the database where a quorum of witnesses cosigns it now: a witness that has seen
 * more, or something else, refuses. Cosignatures that the database holds already count for nothing.
 */
export async function rebuildGuardByWitnesses(deps: LogDeps): Promise<Result<RebuiltGuard, RebuildRefusal>> {
  if (deps.quorum === 0) return refuse('EVIDENCE_NO_WITNESS');
  const newest = await newestCheckpointRow(deps.db);
  if (newest === undefined) return refuse('NOTHING_SIGNED');
  const size = Number(newest.size);
  const judged = verifyCheckpoint(newest.note, logVkey(deps));
  if (!judged.ok) return judged;
  const answers = await askEveryWitness(deps, size, newest.note);
  const refusing = answers.find(({ refusal }) => refusal?.code === 'WITNESS_SAW_A_FORK');
  if (refusing !== undefined) {
    const cosigned = Number(refusing.refusal?.facts?.['cosigned'] ?? 0);
    return cosigned > size
      ? refuse('EVIDENCE_AHEAD', refusing.witness.name, { evidence: cosigned, size })
      : refuse('EVIDENCE_FORKED', refusing.witness.name, { evidence: size });
  }
  // A key that the policy lists twice is still one witness.
  const cosigners = new Map(
    answers.filter(({ refusal }) => refusal === undefined).map(({ witness }) => [witness.vkey, witness.name]),
  );
  const at = Math.floor(deps.clock() / 1000);
  const named = [...cosigners.values()].map((name) => ({ name, at }));
  if (named.length < deps.quorum) {
    return refuse('EVIDENCE_QUORUM', undefined, { has: named.length, quorum: deps.quorum });
  }
  return inTransaction(deps.db, (tx) => rebuildFrom(tx, deps, judged.value, named));
}
