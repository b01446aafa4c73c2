// A log on a real database, with its guard in a folder of its own and entries that are easy to tell apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { appendEntry } from '../../src/auditlog/logbook.ts';
import type { Database } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { fixedClock } from './clock.ts';
import { freshDatabase } from './database.ts';
import { numberedEntry } from './tlog-vectors.ts';

export const LOG_ORIGIN = 'vote.example/log';
export const LOG_SEED = new Uint8Array(32).fill(7);

/** A fresh database with the dependencies of its log; `close` removes both. */
export async function freshLog() {
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'owners-vote-log-'));
  const time = fixedClock();
  const deps: LogDeps = {
    db: fresh.db,
    clock: time.clock,
    origin: LOG_ORIGIN,
    logSeed: LOG_SEED,
    guardPath: join(folder, 'log-guard.json'),
    witnesses: [],
    quorum: 0,
  };
  return {
    fresh,
    folder,
    time,
    deps,
    close: async () => {
      await fresh.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type FreshLog = Awaited<ReturnType<typeof freshLog>>;

export const newEntry = (bytes: Uint8Array) => ({
  bytes,
  kind: 'fund.entry',
  community: undefined,
  meeting: undefined,
});

/** Appends `entry <i>` for each i of a range, in one transaction; returns the row ids. */
export const appendNumbered = (db: Database, from: number, below: number): Promise<bigint[]> =>
  inTransaction(db, async (tx) => {
    const ids: bigint[] = [];
    for (let i = from; i < below; i += 1) {
      ids.push((await appendEntry(tx, newEntry(numberedEntry(i)))).entryId);
    }
    return ids;
  });
