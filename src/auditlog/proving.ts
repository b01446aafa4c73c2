/** Proofs about entries for those who ask: receipts, inclusion, consistency (SPEC 7.3). */
import { present } from '../base/assert.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Cosigner } from '../record/checkpoint.ts';
import { cosignersOf } from '../record/checkpoint.ts';
import { printLogProof } from '../record/proof.ts';
import type { PublishedCheckpoint } from './checkpoints.ts';
import { checkpointAt, latestCheckpoint } from './checkpoints.ts';
import type { LogDeps } from './log-deps.ts';
import type { NumberedEntry } from './store.ts';
import { entryRow, firstCheckpointAbove, newestCosignedSize } from './store.ts';
import { storedConsistency, storedInclusion } from './tree.ts';

type ProvingDeps = Pick<LogDeps, 'db' | 'witnesses' | 'quorum'>;

/** A receipt: `text` is the `.tlog-proof`, `bytes` the entry that it proves; provisional until `hasQuorum`. */
export type EntryReceipt = {
  readonly index: number;
  readonly size: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly cosigners: readonly Cosigner[];
  readonly hasQuorum: boolean;
};

/** ENTRY_NOT_COVERED passes by itself: the sequencer and the publisher need a beat or two. */
export type ReceiptRefusal = Refusal<'ENTRY_UNKNOWN' | 'ENTRY_NOT_COVERED'>;

/**
 * The newest checkpoint that covers an index; one with a quorum of cosignatures is preferred to a newer one
 * without. Undefined until a checkpoint covers the index.
 */
export async function newestCheckpointCovering(
  deps: ProvingDeps,
  index: number,
): Promise<PublishedCheckpoint | undefined> {
  const latest = await latestCheckpoint(deps.db);
  if (latest === undefined || latest.size <= index) return undefined;
  if (cosignersOf(latest.note, deps.witnesses).length >= deps.quorum) return latest;
  const vkeys = deps.witnesses.map((witness) => witness.vkey);
  const size = await newestCosignedSize(deps.db, index, vkeys, deps.quorum);
  return size === undefined ? latest : checkpointAt(deps.db, size);
}

/** The receipt of an entry, by the row that `appendEntry` returned. */
export async function receiptOf(
  deps: ProvingDeps,
  entryId: bigint,
): Promise<Result<EntryReceipt, ReceiptRefusal>> {
  const entry = await entryRow(deps.db, entryId);
  if (entry === undefined) return refuse('ENTRY_UNKNOWN');
  if (entry.idx === null) return refuse('ENTRY_NOT_COVERED');
  const index = Number(entry.idx);
  const checkpoint = await newestCheckpointCovering(deps, index);
  if (checkpoint === undefined) return refuse('ENTRY_NOT_COVERED');
  const { size, note } = checkpoint;
  const proof = present(await storedInclusion(deps.db, index, size), 'the tiles of a signed size are there');
  const cosigners = cosignersOf(note, deps.witnesses);
  return ok({
    index,
    size,
    text: printLogProof({ index, proof, note }),
    bytes: entry.data,
    cosigners,
    hasQuorum: cosigners.length >= deps.quorum,
  });
}

/** An entry under the first checkpoint that covers it, without cosignatures, which come in later: always the same bytes. */
export type FirstProof = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  /** The `.tlog-proof`. */
  readonly text: string;
};

/** The first proof of an entry; undefined until a checkpoint covers it. */
export async function firstProofOf(
  db: Database,
  { index }: Pick<NumberedEntry, 'index'>,
): Promise<FirstProof | undefined> {
  const checkpoint = await firstCheckpointAbove(db, index);
  if (checkpoint === undefined) return undefined;
  const { root, note } = checkpoint;
  const size = Number(checkpoint.size);
  const proof = present(await storedInclusion(db, index, size), 'the tiles of a signed size are there');
  return { size, root, note, text: printLogProof({ index, proof, note }) };
}

/** The inclusion proof of an index in a published size; refused where the size is not published or too small. */
export async function inclusionOf(
  db: Database,
  index: number,
  size: number,
): Promise<Result<readonly Uint8Array[], Refusal<'LOG_SIZE_UNPUBLISHED'>>> {
  const isPublished = index < size && (await checkpointAt(db, size)) !== undefined;
  const proof = isPublished ? await storedInclusion(db, index, size) : undefined;
  return proof === undefined ? refuse('LOG_SIZE_UNPUBLISHED') : ok(proof);
}

/** The consistency proof between two sizes, the newer one published. */
export async function consistencyOf(
  db: Database,
  oldSize: number,
  newSize: number,
): Promise<Result<readonly Uint8Array[], Refusal<'LOG_SIZE_UNPUBLISHED'>>> {
  const isPublished = oldSize <= newSize && (await checkpointAt(db, newSize)) !== undefined;
  const proof = isPublished ? await storedConsistency(db, oldSize, newSize) : undefined;
  return proof === undefined ? refuse('LOG_SIZE_UNPUBLISHED') : ok(proof);
}
