// Sessions that meet at one book: another session holds its lock until all of them wait, so that what they do then is decided one after
// the other and counted exactly.
import { sql } from 'kysely';
import { expect } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { waitingSessions } from '../support/waiting-sessions.ts';
import { accepted, type FundWorld } from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { replayStored } from './replaying.ts';

/** Opens as many connections of a pool as workers will use: a new one under way would be waited for at the pool, not at the book. */
async function warm(db: Database, workers: number): Promise<void> {
  for (let open = workers % 5; open <= workers; open += 5)
    await Promise.all(Array.from({ length: open }, () => sql`select pg_sleep(0.1)`.execute(db)));
}

/** A pool of one connection a worker, all of them open. */
export async function wideDatabase(url: string, workers: number): Promise<Database> {
  const wide = connect(url, { maxConnections: workers });
  await warm(wide, workers);
  return wide;
}

/** The same world, whose shells go through another pool. */
export const through = (world: FundWorld, db: Database): FundWorld => ({
  ...world,
  deps: { ...world.deps, db },
});

/** How long until all wait; less than what a shell waits for its book. */
const ALL_WAIT_MS = 4_000;

const untilWaiting = (tx: Tx, count: number): Promise<void> =>
  expect.poll(() => waitingSessions(tx), { timeout: ALL_WAIT_MS }).toBe(count);

/** Starts `count` workers while another session holds the book, and lets them go when all of them wait; in whatever order. */
export async function together<T>(
  world: FundWorld,
  count: number,
  work: (at: number) => Promise<T>,
): Promise<T[]> {
  let workers: Promise<T>[] = [];
  await warm(world.deps.db, count);
  await world.fresh.owner.transaction().execute(async (tx) => {
    await sql`select from fund_book where community_id = ${world.community} for update`.execute(tx);
    workers = Array.from({ length: count }, (_, at) => work(at));
    await untilWaiting(tx, count);
  });
  return Promise.all(workers);
}

/**
 * Starts work while another session holds the book, each when all before it wait: PostgreSQL gives a row to whoever waited longest, so
 * they are decided in this order. `meanwhile` happens when all of them wait, before the book is free.
 */
export async function inTurn<T>(
  world: FundWorld,
  works: readonly (() => Promise<T>)[],
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<T[]> {
  const workers: Promise<T>[] = [];
  await warm(world.deps.db, works.length);
  await world.fresh.owner.transaction().execute(async (tx) => {
    await sql`select from fund_book where community_id = ${world.community} for update`.execute(tx);
    for (const work of works) {
      workers.push(work());
      await untilWaiting(tx, workers.length);
    }
    await meanwhile();
  });
  return Promise.all(workers);
}

/** The kinds of a book's entries, in its order. */
export async function kindsOf({ fresh, community }: FundWorld): Promise<readonly string[]> {
  const rows = await fresh.owner
    .selectFrom('fund_entry')
    .select('kind')
    .where('community_id', '=', community)
    .orderBy('seq')
    .execute();
  return rows.map(({ kind }) => kind);
}

/** The book is what log, records and balances say, for the program, for the verifier and for a bookkeeping program. */
export async function isWhole(world: FundWorld): Promise<void> {
  const { fresh, community } = world;
  expect(accepted(await checkBook(fresh.db, community)).findings).toEqual([]);
  await replayStored(world);
  expect(journalFaults(accepted(await exportJournal(fresh.db, community)))).toEqual([]);
}
