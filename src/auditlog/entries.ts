/** Numbered entries by meeting, community and kind, in the order of the log, and roots over them (SPEC 6.8). */
import type { Database } from '../db/connect.ts';
import { rootOfHashes } from '../record/merkle.ts';
import { placeOf } from './domain/log-place.ts';
import type { EntryFilter, NumberedEntry } from './store.ts';
import { countWaiting, entryRow, numberedEntries, readHead } from './store.ts';

/** The numbered entries that the filter wants, in index order. */
export const listEntries = (db: Database, filter: EntryFilter): Promise<readonly NumberedEntry[]> =>
  numberedEntries(db, filter);

/** How many of some entries there are, and the RFC 6962 root over their leaf hashes in index order. */
export function commitmentOver(entries: readonly NumberedEntry[]): {
  readonly count: number;
  readonly root: Uint8Array;
} {
  return { count: entries.length, root: rootOfHashes(entries.map((entry) => entry.leafHash)) };
}

/** The index of an entry by its row, undefined until the sequencer ran or where there is no such row. */
export async function indexOfEntry(db: Database, entryId: bigint): Promise<number | undefined> {
  const row = await entryRow(db, entryId);
  return placeOf(row?.idx ?? null);
}

/** How many entries have an index. */
export const logSize = async (db: Database): Promise<number> => Number((await readHead(db)).size);

/** How many committed entries wait for their index. */
export const waitingCount = (db: Database): Promise<number> => countWaiting(db);
