/** The hashes of the files that the voting page loads, in the log, so that another page cannot be served unseen (SPEC 7.5). */
import { sameBytes } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import type { EntryOf, UnsignedEntry } from '../record/entry.ts';
import { entryForm, withEvidence } from '../record/entry.ts';
import { writeEntry } from './entry-writing.ts';
import { newestEntryBytes } from './store.ts';

const KIND = 'assets.published';

/** Enters the files where the log's newest list is another one; true where it was entered. */
export async function publishAssets(
  deps: { readonly db: Database },
  files: EntryOf<typeof KIND>['files'],
): Promise<boolean> {
  if (files.length === 0) return false;
  const entry: UnsignedEntry<typeof KIND> = { v: 1, kind: KIND, files };
  const bytes = entryForm.bytes(withEvidence(entry, []));
  return inTransaction(deps.db, async (tx) => {
    const newest = await newestEntryBytes(tx, KIND);
    if (newest !== undefined && sameBytes(newest, bytes)) return false;
    await writeEntry(tx, entry, []);
    return true;
  });
}
