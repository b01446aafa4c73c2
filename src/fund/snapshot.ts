/** Reading a book in one snapshot, so that its figures belong together (SPEC 8.3). */
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';

/** Runs `read` in a read-only transaction that sees one state of the database. */
export const inSnapshot = <T>(db: Database, read: (tx: Tx) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
