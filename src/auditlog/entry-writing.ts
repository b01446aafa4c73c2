/** Typed entries into the log: the schema of `record/entry.ts` decides what may be written, the logbook keeps it (SPEC 7.1). */

import type { Tx } from '../db/transaction.ts';
import type { EntryKind, UnsignedEntry } from '../record/entry.ts';
import { entryForm, withEvidence } from '../record/entry.ts';
import type { NewEntry } from './logbook.ts';
import { appendEntry, appending } from './logbook.ts';

/** Where an entry went: its row, and the leaf hash that a receipt will prove. */
export type WrittenEntry = { readonly entryId: bigint; readonly leafHash: Uint8Array };

/** The bytes of an entry that the log would keep, for a promise that is signed before it is kept. */
export const entryBytes = (entry: UnsignedEntry, evidence: readonly string[]): Uint8Array =>
  entryForm.bytes(withEvidence(entry, evidence));

function newEntry(entry: UnsignedEntry, evidence: readonly string[], community?: string): NewEntry {
  const ids = entry as { readonly kind: EntryKind; readonly community?: string; readonly meeting?: string };
  return {
    bytes: entryBytes(entry, evidence),
    kind: ids.kind,
    community: community ?? (ids.community === '' ? undefined : ids.community),
    meeting: ids.meeting,
  };
}

/** Appends an entry in the caller's transaction; throws where it does not fit its schema. */
export const writeEntry = (
  tx: Tx,
  entry: UnsignedEntry,
  evidence: readonly string[],
  community?: string,
): Promise<WrittenEntry> => appendEntry(tx, newEntry(entry, evidence, community));

/** What appends entries that no officer signs, as a part of the statement whose rows name them; throws where one does not fit its schema. */
export const writingEntries = (entries: readonly UnsignedEntry[]): ReturnType<typeof appending> =>
  appending(entries.map((entry) => newEntry(entry, [])));
