// Goal: a crash never loses an entry and never makes a second one. Method: a proxy between the program and the real server cuts
// the line before the commit, or after it and before its answer; then the same request is made again.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { receive } from '../../src/fund/receiving.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { closeWork, draftEnd } from './closing-world.ts';
import { type CutLine, cutLine } from './cut-line.ts';
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

let fresh: FreshDatabase;
let line: CutLine;
let through: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  line = await cutLine(fresh.appUrl);
  through = line.db;
});
afterAll(async () => {
  await line.close();
  await fresh.close();
});

const worldOf = async (seed: string): Promise<[FundWorld, { community: string; authorisation: string }]> => {
  const world = await fundWorld(fresh, {
    seed,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [100_000n, 100_000n]));
  return [world, { community: world.community, authorisation: await authorise(world) }];
};

const entriesOf = async (world: FundWorld): Promise<number> =>
  (
    await fresh.db
      .selectFrom('fund_entry')
      .select('seq')
      .where('community_id', '=', world.community)
      .execute()
  ).length;

describe('a crash', () => {
  it.each([
    ['before commit', 2],
    ['before the answer', 3],
  ] as const)(
    '%s: the outcome is unknown, and the same request again makes one entry',
    async (when, stands) => {
      const [world, ref] = await worldOf(`crash ${when}`);
      const deps = { ...world.deps, db: through };
      line.cutAt(when);
      await expect(holdShares(deps, ref)).rejects.toThrow(CommitUnknownError);
      line.cutAt('never');
      expect(await entriesOf(world)).toBe(stands);
      const entry = accepted(await holdShares(deps, ref));
      expect(entry.seq).toBe(3n);
      expect(accepted(await holdShares(deps, ref))).toEqual(entry);
      expect(await entriesOf(world)).toBe(3);
      expect(await balancesOf(world, 'unit_held')).toEqual([4166n, 5834n]);
    },
  );

  it.each(['before commit', 'before the answer'] as const)(
    '%s of a receipt, whose rows go with the COMMIT: the same receipt again makes one entry',
    async (when) => {
      const [world] = await worldOf(`receipt ${when}`);
      const deps = { ...world.deps, db: through };
      const request = {
        community: world.community,
        bank: { name: '建行', lastDigits: '0071' },
        receipts: [
          { receipt: '甲1', unit: world.units[0]?.unit ?? '', amountFen: 700n, valueOn: '2026-12-01' },
        ],
      };
      line.cutAt(when);
      await expect(receive(deps, request)).rejects.toThrow(CommitUnknownError);
      line.cutAt('never');
      expect(await entriesOf(world)).toBe(when === 'before commit' ? 2 : 3);
      const [entry] = accepted(await receive(deps, request)).entries;
      expect(entry?.seq).toBe(3n);
      expect(accepted(await receive(deps, request))).toEqual({ booked: 0, repeated: 1, entries: [entry] });
      expect(await entriesOf(world)).toBe(3);
      expect(await balancesOf(world, 'unit_available')).toEqual([100_700n, 100_000n]);
    },
  );

  it('between accrual and payment: what is accrued stands, is paid later, and only then the rest is released', async () => {
    const [world, ref] = await worldOf('crash between');
    accepted(await holdShares(world.deps, ref));
    const stage = { ...ref, amountFen: 4000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    line.cutAt('before the answer');
    await expect(accrueStage({ ...world.deps, db: through }, stage)).rejects.toThrow(CommitUnknownError);
    line.cutAt('never');
    expect(await entriesOf(world)).toBe(4);
    expect(accepted(await accrueStage(world.deps, stage)).seq).toBe(4n);
    const early = await draftEnd(world, ref);
    expect(early.ok ? '' : early.refusal.code).toBe('FUND_UNPAID_ACCRUALS');
    await pay(world, ref.authorisation, 4000n);
    expect((await closeWork(world, ref))?.seq).toBe(6n);
    expect(accepted(await releaseRest(world.deps, ref)).seq).toBe(6n);
  });
});
