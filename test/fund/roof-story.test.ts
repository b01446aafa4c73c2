// Goal: a roof is repaired, to the fen: vote, hold, three stages, release, and every household ends at its deposit less its cost.
// Method: the golden figures of the ledger design on a real database, with real signatures, read back through every exit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { sumFen } from '../../src/base/fen.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { fundFiles } from '../../src/fund/bundling.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { listOrders } from '../../src/fund/ordering.ts';
import { readBook, readStatement } from '../../src/fund/reading.ts';
import { fundLineForm } from '../../src/record/bundle-lines.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  deposit,
  type FundWorld,
  fundWorld,
  pay,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const DEPOSITS = [650_000n, 650_000n, 900_000n, 720_000n];
const SHARES = [447_322n, 447_322n, 604_578n, 500_778n];
const STAGES = [600_000n, 750_000n, 512_345n];
const CAP = 2_000_000n;

let fresh: FreshDatabase;
let world: FundWorld;
let authorisation: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await fundWorld(fresh, {
    seed: 'roof',
    capFen: CAP,
    units: [
      { building: '1幢', room: '101', areaDm2: 8912n },
      { building: '1幢', room: '102', areaDm2: 8912n },
      { building: '1幢', room: '201', areaDm2: 12_045n },
      { building: '1幢', room: '202', areaDm2: 9977n },
    ],
  });
});
afterAll(async () => fresh.close());

describe('a roof is repaired', () => {
  it('opening balances are one deposit a unit', async () => {
    const opened = accepted(await deposit(world, DEPOSITS));
    expect(opened).toMatchObject({ booked: 4, repeated: 0, totalFen: sumFen(DEPOSITS) });
    expect(await balancesOf(world, 'unit_available')).toEqual(DEPOSITS);
  });

  it('the resolution yields one authorisation, and the same again', async () => {
    authorisation = await authorise(world);
    expect(await authorise(world)).toBe(authorisation);
    const entries = await fresh.db
      .selectFrom('log_entry')
      .select('id')
      .where('kind', '=', 'fund.authorised')
      .execute();
    expect(entries.length).toBe(1);
  });

  it('20,000.00 yuan are held by area', async () => {
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    expect(await balancesOf(world, 'unit_held')).toEqual(SHARES);
    expect(await balancesOf(world, 'unit_available')).toEqual(
      DEPOSITS.map((amount, at) => amount - (SHARES[at] ?? 0n)),
    );
  });

  it('three stages are accepted and paid by two officers', async () => {
    for (const [at, amountFen] of STAGES.entries()) {
      world.time.advance(86_400_000);
      const stage = (['advance', 'progress', 'final'] as const)[at] ?? 'final';
      accepted(
        await accrueStage(world.deps, {
          community: world.community,
          authorisation,
          amountFen,
          stage,
          acceptanceHash: acceptance(at),
        }),
      );
      await pay(world, authorisation, amountFen);
    }
    expect((await listOrders(fresh.db, world.community)).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'done',
    ]);
  });

  it('1,376.55 yuan are released, and each household has its deposit less its cost', async () => {
    expect(sumFen(await balancesOf(world, 'unit_held'))).toBe(137_655n);
    await closeWork(world, { community: world.community, authorisation });
    expect(sumFen(await balancesOf(world, 'unit_held'))).toBe(0n);
    const paid = sumFen(STAGES);
    const left = await balancesOf(world, 'unit_available');
    expect(sumFen(DEPOSITS) - sumFen(left)).toBe(paid);
    const costs = left.map((amount, at) => (DEPOSITS[at] ?? 0n) - amount);
    expect(costs).toEqual([416_534n, 416_534n, 562_966n, 466_311n]);
  });

  it('the book is closed and adds up', async () => {
    const book = accepted(await readBook(fresh.db, world.community));
    expect(book.totals.bank).toBe(sumFen(DEPOSITS) - sumFen(STAGES));
    expect(book.totals.bank).toBe(book.totals.unit_available);
    expect(book.lastSeq).toBe(12n);
    expect(book.authorisations.map((each) => each.authorisation.state)).toEqual(['closed']);
  });

  it('a household sees every line, its share and its place in the log', async () => {
    await sequenceAll(world.deps);
    const unit = world.units[2]?.unit ?? '';
    const statement = accepted(await readStatement(fresh.db, world.community, unit));
    expect(statement.lines.map(({ kind }) => kind)).toEqual([
      'deposit',
      'hold',
      'accrue',
      'accrue',
      'accrue',
      'release',
    ]);
    const hold = statement.lines[1];
    expect(hold).toMatchObject({ availableFen: -604_578n, heldFen: 604_578n, heldAfterFen: 604_578n });
    expect(hold?.share).toMatchObject({ areaDm2: '12045', totalAreaDm2: '39846', totalFen: '2000000' });
    expect(statement.lines.every(({ logIndex }) => logIndex !== undefined)).toBe(true);
    expect(statement.totalFen).toBe(900_000n - 562_966n);
    expect(statement.availableFen).toBe(statement.totalFen);
  });

  it('the bundle holds the authorisation and the whole book in order', async () => {
    const lines = (await fundFiles(fresh.db, world.community, async () => () => false)).lines;
    const kinds = lines.map((line) => {
      const parsed = fundLineForm.parse(line);
      return parsed.ok ? parsed.value.kind : 'malformed';
    });
    expect(kinds).toEqual(['authorisation', ...Array<string>(12).fill('fund-entry')]);
    expect((await fundFiles(fresh.db, world.meeting, async () => () => false)).lines).toEqual([]);
  });

  it('the journal is accepted, and the same bytes each time', async () => {
    const journal = accepted(await exportJournal(fresh.db, world.community));
    expect(journalFaults(journal)).toEqual([]);
    expect(accepted(await exportJournal(fresh.db, world.community))).toBe(journal);
    expect(journal).toContain('    负债:分户账:1幢:201:冻结:决议');
  });

  it('the journal as of the day before the second stage says what it said then', async () => {
    const early = accepted(await exportJournal(fresh.db, world.community, '2026-12-11'));
    expect(journalFaults(early)).toEqual([]);
    expect(early).not.toContain('kind:release');
    expect(early).toContain('2026-12-11 * (closing)');
  });
});
