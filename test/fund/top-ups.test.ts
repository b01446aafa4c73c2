// Goal: exactly the households with strictly less than 30 % of their first deposit are listed, with what brings them back to it, and
// a file with a fault lists nobody. Method: the printed law case, a property, and the command on real files and a real book.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fundCommand } from '../../src/cli/fund.ts';
import { connect } from '../../src/db/connect.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { topUpList } from '../../src/fund/domain/top-ups.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { needsTopUp } from '../../src/record/top-up.ts';
import { freshDatabase } from '../support/database.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { accepted, authorise, deposit, fundWorld } from './fund-world.ts';

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-top-ups-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

const unitOf = (unit: string) => ({ unit, building: '1幢', stair: '', room: unit });

describe('the list', () => {
  it('has 299,999 of 1,000,000 fen and not 300,000, and says whose first deposit is unknown', () => {
    const list = topUpList(
      ['a', 'b', 'c', 'd'].map(unitOf),
      ['a', 'b', 'd'].map((unit) => ({ unit, amountFen: 1_000_000n })),
      (unit) => ({ a: 300_000n, b: 299_999n })[unit] ?? 0n,
      30,
    );
    expect(list.known.map(({ unit }) => unit)).toEqual(['a', 'b', 'd']);
    expect({ below: list.below, unknown: list.unknown }).toEqual({
      below: [
        { ...unitOf('b'), firstDepositFen: 1_000_000n, balanceFen: 299_999n, missingFen: 1n },
        { ...unitOf('d'), firstDepositFen: 1_000_000n, balanceFen: 0n, missingFen: 300_000n },
      ],
      unknown: [unitOf('c')],
    });
  });

  it('asks for no fen more than what leads out of it', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(0n, 10n ** 12n), (first, balance) => {
        const [one] = topUpList([unitOf('a')], [{ unit: 'a', amountFen: first }], () => balance, 30).below;
        expect(one !== undefined).toBe(needsTopUp(balance, first));
        if (one === undefined) return;
        expect(needsTopUp(balance + one.missingFen, first)).toBe(false);
        expect(needsTopUp(balance + one.missingFen - 1n, first)).toBe(true);
      }),
    );
  });
});

describe('owners-vote fund top-ups', () => {
  async function run(csv: string, community: string, ...more: readonly string[]) {
    const said = { out: '', err: '' };
    const output = {
      stdout: (text: string) => {
        said.out += text;
      },
      stderr: (text: string) => {
        said.err += text;
      },
    };
    const path = join(folder, 'first.csv');
    writeFileSync(path, csv);
    const code = await fundCommand(['top-ups', path, '--community', community, ...more], output, async () => {
      const db = connect(fresh.appUrl, { maxConnections: 1 });
      return { db, close: () => db.destroy() };
    });
    return { code, ...said };
  }

  const open = (seed: string) =>
    fundWorld(fresh, {
      seed: `top-ups ${seed}`,
      units: [101, 102, 103].map((room) => ({ building: '1幢', room: String(room), areaDm2: 5000n })),
      capFen: 30_000n,
    });

  it('counts what is held as the household’s own, and lists who is below', async () => {
    const world = await open('list');
    accepted(await deposit(world, [30_000n, 29_999n, 50_000n]));
    const authorisation = await authorise(world);
    accepted(await holdShares(world.deps, { community: world.community, authorisation }));
    const csv = '幢,单元,室,金额\n1幢,,101,1000\n1号楼,,102,1000.00\n';
    const listed = await run(csv, world.community);
    expect(listed).toEqual({
      code: 0,
      err: '',
      out:
        '1幢 102：首期 1000.00 元，余额 299.99 元，距三成差 0.01 元\n' +
        '应续交 to top up: 1 户 households，距三成共差 0.01 元\n' +
        '首期不详，未判断 first deposit unknown: 1幢 103\n',
    });
    const json = await run(csv, world.community, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ below: [{ balanceFen: '29999', missingFen: '1' }] });
  });

  it('does not take what the developer owes for money that his unit has', async () => {
    const world = await claimWorld(fresh, 'top-ups');
    accepted(await deposit(world, [5000n, 5000n]));
    await payIn(world, 3, 29n);
    accepted(
      await claimShares(world.deps, { community: world.community, authorisation: await authorise(world) }),
    );
    const listed = await run('幢,单元,室,金额\n1幢,,104,1.00\n', world.community);
    expect(listed.out.split('\n')[0]).toBe('1幢 104：首期 1.00 元，余额 0.29 元，距三成差 0.01 元');
  });

  it('lists nobody from a file with a fault, and names the line', async () => {
    const world = await open('fault');
    accepted(await deposit(world, [1n, 1n, 1n]));
    const faulty = await run(
      '幢,单元,室,金额\n1幢,,101,1000\n9幢,,1\u001b[2J,1000\n1幢,,102,-1\n',
      world.community,
    );
    expect([faulty.code, faulty.out]).toEqual([1, '']);
    expect(faulty.err.match(/^OPENING_\w+ 第 \d 行/gm)).toEqual([
      'OPENING_UNIT_UNKNOWN 第 3 行',
      'OPENING_AMOUNT 第 4 行',
    ]);
    expect(faulty.err).not.toContain('\u001b');
    expect(await run('幢,单元,室,金额\n', 'a'.repeat(26))).toMatchObject({ code: 1, out: '' });
    expect(await run('幢,单元,室,金额\n', 'short')).toMatchObject({ code: 2, out: '' });
  });
});
