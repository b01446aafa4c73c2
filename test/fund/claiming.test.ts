// Goal: what the developer owes for his units is claimed, falls as he pays in, is gone at the hold and at every end, and is never taken
// from anybody else's money (SPEC 8.3; 管理办法 §21). Method: the shells on a real database, amounts worked out by hand.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { applyAnnulment, draftAnnulment } from '../../src/fund/annulling.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { inspectBook } from '../../src/fund/inspecting.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { readBook, readStatement } from '../../src/fund/reading.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { Charge } from '../../src/web/public/fund-charges.tsx';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { closeWork, type Ref } from './closing-world.ts';
import { authoriseLift, declare } from './emergency-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  signAs,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'claims-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await fresh.close();
});

let world: FundWorld;
let ref: Ref;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await claimWorld(fresh, String(worlds));
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  ref = { community: world.community, authorisation: await authorise(world) };
});

const claim = () => claimShares(world.deps, ref);
const claims = () => balancesOf(world, 'claim');
const kinds = async (): Promise<readonly string[]> =>
  (
    await fresh.db
      .selectFrom('fund_entry')
      .select('kind')
      .where('community_id', '=', world.community)
      .orderBy('seq')
      .execute()
  ).map(({ kind }) => kind);
const lastKinds = async (count: number) => (await kinds()).slice(-count);
const isWhole = async (): Promise<void> =>
  expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);

async function annul(): Promise<void> {
  const { community, meeting, proposal } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment));
}

describe('what the developer owes', () => {
  it('is what each of his units lacks for its share, and nothing of anybody else', async () => {
    accepted(await claim());
    expect(await claims()).toEqual([0n, 0n, 2500n, 2100n]);
    expect(await balancesOf(world, 'unit_available')).toEqual([9000n, 9000n, 0n, 400n]);
    const [charge] = accepted(await readPublicBook(fresh.db, world.community)).charges;
    expect([charge?.claimFen, charge?.developerUnits]).toEqual([4600n, 2]);
    await isWhole();
  });

  it('stands on the public page in yuan, until it is settled', async () => {
    const page = async (): Promise<string> => {
      const [charge] = accepted(await readPublicBook(fresh.db, world.community)).charges;
      return render(h(Charge, { charge: present(charge, 'the resolution') }));
    };
    const owed = '开发商应补 46.00 元：它未售或未交付的 2 套房屋';
    expect(await page()).toContain(owed);
    accepted(await claim());
    expect(await page()).toContain(owed);
    await payIn(world, 2, 2500n);
    expect(await page()).toContain('开发商应补 21.00 元：它未售或未交付的 1 套房屋');
    await payIn(world, 3, 2100n);
    expect(await page()).not.toContain('开发商应补');
  });

  it.each([
    ['an annulment', annul],
    ['a closing', () => closeWork(world, ref)],
  ])('is asked for no more after %s, of the page, of the book or of the regulator', async (_what, end) => {
    accepted(await claim());
    await end();
    world.time.advance(61 * 86_400_000);
    const [summary] = accepted(await readBook(fresh.db, world.community)).authorisations;
    expect([summary?.claimFen, summary?.developerUnits]).toEqual([0n, 0]);
    const found = accepted(await inspectBook(world.deps, world.community));
    expect(found.map(({ kind }) => kind)).not.toContain('claim_waiting');
  });

  it('is no money: the bank still holds what the money accounts add up to', async () => {
    accepted(await claim());
    const { totals } = accepted(await readBook(fresh.db, world.community));
    const { bank, ...owed } = totals;
    expect(bank).toBe(18_400n);
    expect(Object.values(owed).reduce((sum, fen) => sum + fen, 0n)).toBe(bank);
  });

  it('falls as he pays in, and rises again where a deposit is spent otherwise', async () => {
    const [first = '', second = ''] = (await authoriseTwo()).authorisations;
    ref = { community: world.community, authorisation: first };
    accepted(await claim());
    await payIn(world, 2, 1000n);
    await payIn(world, 3, 2100n);
    accepted(await claim());
    expect(await claims()).toEqual([0n, 0n, 1500n, 0n]);
    expect(await lastKinds(1)).toEqual(['claim_settled']);
    await payIn(world, 2, 1500n);
    accepted(await holdShares(world.deps, { ...ref, authorisation: second }));
    accepted(await claim());
    expect(await claims()).toEqual([0n, 0n, 2500n, 2500n]);
    await payIn(world, 2, 2500n);
    accepted(await claim());
    expect([await claims(), await lastKinds(1)]).toEqual([[0n, 0n, 0n, 2500n], ['claim_settled']]);
    await isWhole();
  });

  it('moves up and down in one step where one unit gained and another lost', async () => {
    const [first = '', second = ''] = (await authoriseTwo()).authorisations;
    ref = { community: world.community, authorisation: first };
    await payIn(world, 3, 2100n);
    accepted(await claim());
    expect(await claims()).toEqual([0n, 0n, 2500n, 0n]);
    await payIn(world, 2, 2500n);
    accepted(await holdShares(world.deps, { ...ref, authorisation: second }));
    await payIn(world, 2, 2500n);
    accepted(await claim());
    expect([await claims(), await lastKinds(2)]).toEqual([
      [0n, 0n, 0n, 2500n],
      ['claim', 'claim_settled'],
    ]);
    await isWhole();
  });

  it('is asked again: nothing has changed, and the last entry is the answer', async () => {
    const first = accepted(await claim());
    expect(accepted(await claim())).toEqual(first);
    await payIn(world, 2, 2500n);
    const settled = accepted(await claim());
    expect(accepted(await claim())).toEqual(settled);
    expect(settled.seq).toBe(first.seq + 2n);
  });

  it('is nothing where his units have what they need, or where he has none', async () => {
    await payIn(world, 2, 2500n);
    await payIn(world, 3, 2100n);
    expect(codeOf(await claim())).toBe('FUND_NOTHING_CLAIMED');
    const units = [{ building: '1幢', room: '101', areaDm2: 5000n }];
    const sold = await fundWorld(fresh, { seed: `all sold ${worlds}`, units, capFen: 100n });
    const asked = { community: sold.community, authorisation: await authorise(sold) };
    accepted(await deposit(sold, [1n]));
    expect(codeOf(await claimShares(sold.deps, asked))).toBe('FUND_NOTHING_CLAIMED');
  });

  it('bears no interest and stands on no statement', async () => {
    accepted(await claim());
    const bank = { name: '建行', lastDigits: '0071' };
    const interest = { community: world.community, bank, receipt: '息1', amountFen: 184n };
    accepted(await receiveInterest(world.deps, { ...interest, valueOn: '2026-12-01' }));
    accepted(await distributeInterest(world.deps, { community: world.community, until: '2026-12-01' }));
    expect(await balancesOf(world, 'unit_available')).toEqual([9090n, 9090n, 0n, 404n]);
    const { unit } = present(world.units[3], 'a unit');
    const statement = accepted(await readStatement(fresh.db, world.community, unit));
    expect(statement.lines.map(({ kind }) => kind)).toEqual(['deposit', 'interest_distributed']);
  });

  it('of an emergency is owed for the units that the register says he has not sold', async () => {
    await declare(world);
    ref = { ...ref, authorisation: await authoriseLift(world) };
    accepted(await claim());
    // The 400 fen of the last unit cover the resolution, which was decided before.
    expect(await claims()).toEqual([0n, 0n, 2500n, 2500n]);
  });

  it('is shown to the regulator when it waits longer than 60 days, also where nobody claimed it', async () => {
    const found = async () =>
      accepted(await inspectBook(world.deps, world.community)).filter(({ kind }) => kind === 'claim_waiting');
    expect(await found()).toEqual([]);
    world.time.advance(61 * 86_400_000);
    const [one] = await found();
    expect([one?.authorisation, one?.zh]).toEqual([
      ref.authorisation,
      '建设单位房屋应补46.00元，从2026-12-10授权起超过60天没有补足',
    ]);
    accepted(await claim());
    await payIn(world, 2, 2500n);
    expect((await found()).map(({ zh }) => zh)).toEqual([
      '建设单位房屋应补21.00元，从2026-12-10授权起超过60天没有补足',
    ]);
    await payIn(world, 3, 2100n);
    expect(await found()).toEqual([]);
  });

  const authoriseTwo = async () => {
    world = await claimWorld(fresh, `two ${worlds}`, 2);
    accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
    return authoriseResolutions(world.deps, world);
  };
});

describe('the hold', () => {
  it('is refused while he owes, whatever the others have, and books nothing', async () => {
    accepted(await claim());
    const before = await kinds();
    expect(codeOf(await holdShares(world.deps, ref))).toBe('FUND_HOUSEHOLDS_SHORT');
    expect([await kinds(), await balancesOf(world, 'unit_held')]).toEqual([before, [0n, 0n, 0n, 0n]]);
  });

  it('settles all that is left just before it; each unit gave its own share, and nothing is claimed afterwards', async () => {
    accepted(await claim());
    await payIn(world, 2, 2600n);
    await payIn(world, 3, 2100n);
    const held = accepted(await holdShares(world.deps, ref));
    expect(await lastKinds(2)).toEqual(['claim_settled', 'hold']);
    expect(accepted(await holdShares(world.deps, ref))).toEqual(held);
    expect(await claims()).toEqual([0n, 0n, 0n, 0n]);
    expect(await balancesOf(world, 'unit_available')).toEqual([6500n, 6500n, 100n, 0n]);
    expect(codeOf(await claim())).toBe('FUND_HELD_ALREADY');
    await isWhole();
  });
});

describe('an end without a hold', () => {
  it('by a closing cancels what is owed in the same step', async () => {
    accepted(await claim());
    await closeWork(world, ref);
    expect([await claims(), await lastKinds(1)]).toEqual([[0n, 0n, 0n, 0n], ['claim_cancelled']]);
    expect(codeOf(await claim())).toBe('FUND_AUTHORISATION_CLOSED');
    await isWhole();
  });

  it('by an annulment cancels it with the release, once', async () => {
    accepted(await claim());
    await annul();
    expect(codeOf(await claim())).toBe('FUND_AUTHORISATION_CLOSED');
    const cancelled = accepted(await releaseRest(world.deps, ref));
    expect([await claims(), await lastKinds(1)]).toEqual([[0n, 0n, 0n, 0n], ['claim_cancelled']]);
    expect(accepted(await releaseRest(world.deps, ref))).toEqual(cancelled);
    expect(await lastKinds(2)).toEqual(['claim', 'claim_cancelled']);
    await isWhole();
  });
});

const tools = [
  ['hledger', ['check', '-s', 'ordereddates', 'accounts', 'commodities']],
  ['ledger', ['--strict', '--pedantic', 'balance']],
] as const;

describe('the journal', () => {
  it('has his units as accounts that the community is owed on, with the asserted balance', async () => {
    accepted(await claim());
    const journal = accepted(await exportJournal(fresh.db, world.community));
    expect(journalFaults(journal)).toEqual([]);
    expect(journal).toMatch(/^account 资产:应收建设单位:决议[a-z2-7]{8}:1幢:103\n {4}; type:A$/mu);
    expect(journal).toMatch(/^ {4}资产:应收建设单位:决议[a-z2-7]{8}:1幢:103 {2}0\.00 CNY = 25\.00 CNY$/mu);
    expect(journal).toMatch(/^ {4}负债:待收建设单位:决议[a-z2-7]{8} {2}0\.00 CNY = -46\.00 CNY$/mu);
  });

  for (const [tool, args] of tools)
    it.runIf(spawnSync(tool, ['--version']).status === 0)(`is accepted by ${tool}`, async () => {
      accepted(await claim());
      await payIn(world, 2, 1000n);
      accepted(await claim());
      const path = join(folder, `${tool}.journal`);
      const journal = accepted(await exportJournal(fresh.db, world.community));
      const run = (text: string): string => {
        writeFileSync(path, text);
        const env = { ...process.env, LC_ALL: 'C.UTF-8' };
        return execFileSync(tool, ['-f', path, ...args], { env, encoding: 'utf8', stdio: 'pipe' });
      };
      run(journal);
      expect(() => run(journal.replace(' = 15.00 CNY', ' = 15.01 CNY'))).toThrow();
    });
});
