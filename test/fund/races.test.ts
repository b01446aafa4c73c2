// Goal: however many act at once, money is held once and a key makes one entry. Method: many workers against one book, with its
// lock held by a third session until all of them wait; the counts of success and refusal must be exact.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumFen } from '../../src/base/fen.ts';
import type { Result } from '../../src/base/result.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { receive } from '../../src/fund/receiving.ts';
import { cancelAccrual } from '../../src/fund/reversing.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { through, together, wideDatabase } from './book-lock.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  type FundWorld,
  fundWorld,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const WORKERS = 40;

let fresh: FreshDatabase;
let wide: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  wide = await wideDatabase(fresh.appUrl, WORKERS);
});
afterAll(async () => {
  await wide.destroy();
  await fresh.close();
});

const deps = (world: FundWorld) => ({ ...world.deps, db: wide });
const BANK = { name: '建行', lastDigits: '0071' };
const receiptOf = (world: FundWorld, receipt: string) => ({
  receipt,
  unit: world.units[0]?.unit ?? '',
  amountFen: 700n,
  valueOn: '2026-12-01',
});
const won = (results: readonly Result<unknown>[]): number => results.filter(({ ok }) => ok).length;

describe('races', () => {
  it('of 40 workers who each hold 60 % of one balance, one wins', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race 60',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 60_000n,
      proposals: 40,
    });
    accepted(await deposit(world, [100_000n]));
    const { authorisations } = await authoriseResolutions(deps(world), world);
    expect(new Set(authorisations).size).toBe(40);
    const results = await together(through(world, wide), 40, (at) =>
      holdShares(deps(world), { community: world.community, authorisation: authorisations[at] ?? '' }),
    );
    expect(won(results)).toBe(1);
    expect(results.filter(({ ok }) => !ok).map(codeOf)).toEqual(Array(39).fill('FUND_HOUSEHOLDS_SHORT'));
    expect(await balancesOf(world, 'unit_available')).toEqual([40_000n]);
    expect(await balancesOf(world, 'unit_held')).toEqual([60_000n]);
  });

  it('30 workers with one key make one entry and get 30 equal answers', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race key',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 60_000n,
    });
    accepted(await deposit(world, [100_000n]));
    const authorisation = await authorise(world);
    const ref = { community: world.community, authorisation };
    accepted(await holdShares(deps(world), ref));
    const accrual = { ...ref, amountFen: 1000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    const answers = (await together(through(world, wide), 30, () => accrueStage(deps(world), accrual))).map(
      accepted,
    );
    expect(new Set(answers.map(({ entry, seq }) => `${entry}/${seq}`)).size).toBe(1);
    expect(await balancesOf(world, 'unit_held')).toEqual([59_000n]);
    const other = await accrueStage(deps(world), { ...accrual, amountFen: 999n });
    expect(codeOf(other)).toBe('FUND_ENTRY_DIFFERS');
  });

  it('20 workers with a key each take no more than what is held, and the book has no gap', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race many',
      units: [
        { building: '1幢', room: '101', areaDm2: 5000n },
        { building: '1幢', room: '102', areaDm2: 7001n },
      ],
      capFen: 10_000n,
    });
    accepted(await deposit(world, [100_000n, 100_000n]));
    const ref = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(deps(world), ref));
    const results = await together(through(world, wide), 20, (at) =>
      accrueStage(deps(world), {
        ...ref,
        amountFen: 3000n,
        stage: 'progress',
        acceptanceHash: acceptance(at),
      }),
    );
    expect(won(results)).toBe(3);
    expect(results.filter(({ ok }) => !ok).map(codeOf)).toEqual(Array(17).fill('FUND_OVERRUN_NEEDS_VOTE'));
    expect(sumFen(await balancesOf(world, 'unit_held'))).toBe(1000n);
    expect(journalFaults(accepted(await exportJournal(fresh.db, world.community)))).toEqual([]);
  });

  it('30 workers with one receipt make one deposit, and 20 who undo one accrual cancel it once', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race receipt',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 10_000n,
    });
    accepted(await deposit(world, [100_000n]));
    const { community } = world;
    const received = await together(through(world, wide), 30, () =>
      receive(deps(world), { community, bank: BANK, receipts: [receiptOf(world, '甲1')] }),
    );
    expect(
      received
        .map(accepted)
        .map(({ booked }) => booked)
        .sort(),
    ).toEqual([...Array(29).fill(0), 1]);
    expect(await balancesOf(world, 'unit_available')).toEqual([100_700n]);
    const ref = { community, authorisation: await authorise(world) };
    accepted(await holdShares(deps(world), ref));
    const stage = { amountFen: 900n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    const { seq } = accepted(await accrueStage(deps(world), { ...ref, ...stage }));
    const cancelled = await together(through(world, wide), 20, (at) =>
      cancelAccrual(deps(world), { community, seq, reason: `第${at}人` }),
    );
    expect(won(cancelled)).toBe(1);
    expect(cancelled.filter(({ ok }) => !ok).map(codeOf)).toEqual(Array(19).fill('FUND_ENTRY_DIFFERS'));
    expect(await balancesOf(world, 'unit_held')).toEqual([10_000n]);
  });

  it('20 workers with the first receipts of a community make one book without a gap', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race first',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 10_000n,
    });
    const { community } = world;
    const received = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        receive(deps(world), { community, bank: BANK, receipts: [receiptOf(world, `首${at % 10}`)] }),
      ),
    );
    const seqs = received.map(accepted).flatMap(({ entries }) => entries.map(({ seq }) => Number(seq)));
    expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await balancesOf(world, 'unit_available')).toEqual([7000n]);
    expect(journalFaults(accepted(await exportJournal(fresh.db, community)))).toEqual([]);
  });

  it('25 workers authorise one meeting once', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race authorise',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 10_000n,
    });
    const results = await Promise.all(
      Array.from({ length: 25 }, () => authoriseResolutions(deps(world), world)),
    );
    const ids = results.map(({ authorisations }) => authorisations);
    expect(new Set(ids.flat()).size).toBe(1);
    const entries = await fresh.db
      .selectFrom('log_entry')
      .select('id')
      .where('community_id', '=', world.community)
      .where('kind', '=', 'fund.authorised')
      .execute();
    expect(entries.length).toBe(1);
  });

  it('a book that stays locked is busy, which is no refusal of money', async () => {
    const world = await fundWorld(fresh, {
      seed: 'race busy',
      units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
      capFen: 10_000n,
    });
    accepted(await deposit(world, [100_000n]));
    const ref = { community: world.community, authorisation: await authorise(world) };
    await fresh.owner.transaction().execute(async (tx) => {
      await sql`select from fund_book where community_id = ${world.community} for update`.execute(tx);
      // One after the other: whoever waits behind another waits longer, up to the patience with a statement.
      const held = await holdShares(deps(world), ref);
      const receipts = [receiptOf(world, '甲1')];
      const received = await receive(deps(world), { community: world.community, bank: BANK, receipts });
      expect([codeOf(held), codeOf(received)]).toEqual(['FUND_BOOK_BUSY', 'FUND_BOOK_BUSY']);
    });
    expect(accepted(await holdShares(deps(world), ref)).seq).toBe(2n);
  });
});
