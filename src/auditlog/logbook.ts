/** How a feature writes into the log: a row in the feature's own transaction, no more and no less (SPEC 6.5, 7.1). */
import { assert } from '../base/assert.ts';
import type { Tx } from '../db/transaction.ts';
import { MAX_RECORD_BYTES } from '../record/schema.ts';
import type { EntriesInsertion } from './store.ts';
import { entriesInsertion, insertEntry } from './store.ts';

/** An entry as a feature hands it in: `bytes` are what the log keeps, the rest serves look-ups only. */
export type NewEntry = {
  readonly bytes: Uint8Array;
  readonly kind: string;
  readonly community: string | undefined;
  readonly meeting: string | undefined;
};

/**
 * Appends an entry in the caller's transaction, which must already hold every lock that the entry's order relies
 * on. The entry's index follows when the sequencer runs.
 */
export async function appendEntry(
  tx: Tx,
  entry: NewEntry,
): Promise<{ readonly entryId: bigint; readonly leafHash: Uint8Array }> {
  assert(entry.bytes.length <= MAX_RECORD_BYTES, 'an entry has at most 65,535 bytes');
  const row = await insertEntry(tx, {
    data: entry.bytes,
    kind: entry.kind,
    community_id: entry.community ?? null,
    meeting_id: entry.meeting ?? null,
  });
  return { entryId: row.id, leafHash: row.leaf_hash };
}

/**
 * What appends many entries, as a part of the one statement that also inserts the rows which name them: it returns `id` and `leaf_hash`,
 * and the ids ascend in the order given.
 */
export function appending(entries: readonly NewEntry[]): EntriesInsertion {
  assert(
    entries.every(({ bytes }) => bytes.length <= MAX_RECORD_BYTES),
    'an entry has at most 65,535 bytes',
  );
  return entriesInsertion(
    entries.map(({ bytes, kind, community, meeting }) => ({
      data: bytes,
      kind,
      community_id: community ?? null,
      meeting_id: meeting ?? null,
    })),
  );
}
