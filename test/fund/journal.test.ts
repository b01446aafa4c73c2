// Goal: the journal is what outside tools accept, and nobody's text can forge a line of it. Method: hostile texts and names,
// our own acceptance rules, which are shown to refuse each forgery that hledger lets pass, and hledger itself where it is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { fundCommand } from '../../src/cli/fund.ts';
import { connect } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { flatText, journalText } from '../../src/fund/domain/journal-text.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readBook } from '../../src/fund/reading.ts';
import { readJournal } from '../../src/verifier/journal.ts';
import { freshDatabase } from '../support/database.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  type FundWorld,
  fundWorld,
  pay,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-journal-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

const HOSTILE = '对账单)\u0000\n2026-12-01 * (9) forged ; kind:pay\u2028    a  1.00 CNY | = x';

let worlds = 0;
/** Deposits from a hostile statement, a hold, a stage, a payment. */
async function busyBook(): Promise<FundWorld> {
  worlds += 1;
  const world = await fundWorld(fresh, {
    seed: `journal ${worlds}`,
    units: [
      { building: '1幢', stair: '2单元', room: '101', areaDm2: 5000n },
      { building: '(1) 幢;', stair: '2:单元', room: '1/01  室', areaDm2: 7001n },
      { building: '1;幢', stair: '', room: '1|01', areaDm2: 7001n },
      { building: '1|幢', stair: '', room: '1;01', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  // A record has no control characters to begin with only by the contract; the writer must not rely on it.
  accepted(await deposit(world, [100_000n, 100_000n, 100_000n, 100_000n], HOSTILE));
  const authorisation = await authorise(world);
  const ref = { community: world.community, authorisation };
  accepted(await holdShares(world.deps, ref));
  world.time.advance(86_400_000);
  const stage = { amountFen: 7777n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
  accepted(await accrueStage(world.deps, { ...ref, ...stage }));
  await pay(world, authorisation, 7000n);
  return world;
}

/** A Debian package, not ours to install. */
const HLEDGER = 'hledger';
const hasHledger = spawnSync(HLEDGER, ['--version']).status === 0;

describe('the journal', () => {
  it('of hostile texts and names is accepted by our own rules, each household its own account', async () => {
    const world = await busyBook();
    const journal = accepted(await exportJournal(fresh.db, world.community));
    expect(journalFaults(journal)).toEqual([]);
    expect(journal.match(/^account 负债:分户账:.*:可用$/gmu)?.length).toBe(4);
    expect(journal).toContain('负债:分户账:1幢:2单元-101:可用');
    expect(journal).not.toMatch(/^2026-12-01/m);
    // The verifier reads the same text by a grammar of its own, to the last line.
    expect(readJournal(journal)).not.toHaveProperty('line');
  });

  it.runIf(hasHledger)(
    'is accepted by hledger check -s, with ordered dates, and shows the bank as we do',
    async () => {
      const world = await busyBook();
      const path = join(folder, 'book.journal');
      writeFileSync(path, accepted(await exportJournal(fresh.db, world.community)));
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const run = (...args: string[]) =>
        execFileSync(HLEDGER, ['-f', path, ...args], {
          env,
          encoding: 'utf8',
          stdio: 'pipe',
          timeout: 60_000,
        });
      run('check', '-s', 'ordereddates', 'accounts', 'commodities');
      const { totals } = accepted(await readBook(fresh.db, world.community));
      expect(totals.bank).toBe(393_000n);
      expect(run('balance', '资产', '--no-total', '--format', '%(total)').trim()).toBe('3930.00 CNY');
      writeFileSync(
        path,
        accepted(await exportJournal(fresh.db, world.community)).replace(' 70.00 CNY', ' 70.01 CNY'),
      );
      expect(() => run('check', '-s')).toThrow();
    },
  );

  it('of a book without entries is accepted as far as it goes', () => {
    const text = journalText({ community: 'c', asOf: '2026-01-01', entries: [], accounts: [] });
    expect(text).toContain('commodity CNY');
    expect(journalFaults(text)).toEqual(['no transaction']);
  });

  it.each([
    ['a missing amount', (text: string) => text.replace(/ {2}1000\.00 CNY/, '')],
    ['a bare assertion', (text: string) => text.replace(/ {2}1000\.00 CNY/, '  = 1000.00 CNY')],
    ['a third decimal', (text: string) => text.replace('1000.00 CNY', '1000.005 CNY')],
    ['a virtual posting', (text: string) => text.replace(/^ {4}(资产\S+)/mu, '    ($1)')],
    ['a cost', (text: string) => text.replace('1000.00 CNY', '1000.00 CNY @ 1 CNY')],
    ['a date on a leg', (text: string) => text.replace('1000.00 CNY', '1000.00 CNY  ; date:2020-01-01')],
    ['a comment block', (text: string) => text.replace('\n\n', '\n\ncomment\nx\nend comment\n\n')],
    ['a rule', (text: string) => text.replace('\n\n', '\n\n= 资产\n    x  1.00 CNY\n\n')],
    ['a fen too much', (text: string) => text.replace('1000.00 CNY', '1000.01 CNY')],
    ['a code twice', (text: string) => text.replace('(2)', '(1)')],
    ['no closing', (text: string) => text.replace(/\n\n[^\n]*\(closing\)[\s\S]*$/, '\n')],
    ['an overdrawn account', (text: string) => text.replace(/^( {4}负债\S+) {2}-1000\.00/mu, '$1  1000.00')],
    ['an unknown account', (text: string) => text.replace(/account 资产.*\n.*\n\n/u, '')],
  ])('with %s is refused by our rules', async (_name, forge) => {
    const journal = accepted(await exportJournal(fresh.db, (await busyBook()).community));
    const forged = forge(journal);
    expect(forged).not.toBe(journal);
    expect(journalFaults(forged)).not.toEqual([]);
  });

  it('flattens any free text to one line without a comment, a bar or a double space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const flat = flatText(text);
        expect(flat).not.toMatch(/[;|\p{Cc}\p{Zl}\p{Zp}]| {2}|^ | $/u);
        expect([...flat].length).toBeLessThanOrEqual(120);
      }),
    );
  });

  it('is not written from a book whose rows were edited behind its back', async () => {
    const world = await busyBook();
    await fresh.owner.transaction().execute(async (tx) => {
      await sql`alter table fund_posting disable trigger fund_posting_900_append_only`.execute(tx);
      await sql`update fund_posting p set amount_fen = amount_fen + sign(amount_fen) from fund_entry e
        where e.community_id = p.community_id and e.entry_id = p.entry_id and e.seq = 2
          and p.community_id = ${world.community}`.execute(tx);
      await sql`alter table fund_posting enable trigger fund_posting_900_append_only`.execute(tx);
    });
    await expect(exportJournal(fresh.db, world.community)).rejects.toThrow('entry 2 differs from its record');
  });

  it('with a stored balance edited carries an assertion that fails', async () => {
    const world = await busyBook();
    await sql`update fund_account set balance_fen = balance_fen + 1
      where community_id = ${world.community} and kind = 'bank'`.execute(fresh.owner);
    const journal = accepted(await exportJournal(fresh.db, world.community));
    expect(journalFaults(journal)).toEqual(['资产:专户存款:建行尾号0071: 393001 is 393000']);
  });

  it('as of a past date is the same bytes after the book has grown', async () => {
    const world = await busyBook();
    const before = accepted(await exportJournal(fresh.db, world.community, '2026-12-10'));
    expect(journalFaults(before)).toEqual([]);
    expect(before).not.toContain('kind:accrue');
    const { authorisations } = accepted(await readBook(fresh.db, world.community));
    const authorisation = authorisations[0]?.authorisation.authorisation ?? '';
    await pay(world, authorisation, 777n);
    expect(accepted(await exportJournal(fresh.db, world.community, '2026-12-10'))).toBe(before);
  });
});

describe('owners-vote fund journal', () => {
  const run = async (...argv: string[]) => {
    const said = { out: '', err: '' };
    const out = {
      stdout: (text: string) => {
        said.out += text;
      },
      stderr: (text: string) => {
        said.err += text;
      },
    };
    const db = connect(fresh.appUrl, { maxConnections: 1 });
    let opened = false;
    const code = await fundCommand(argv, out, async () => {
      opened = true;
      return { db, close: () => db.destroy() };
    });
    if (!opened) await db.destroy();
    return { code, opened, ...said };
  };

  it('prints the journal as of a date, exit 0', async () => {
    const world = await busyBook();
    const asOf = ['--as-of', '2026-12-10'];
    const { code, out, err } = await run('journal', world.community, '--format', 'hledger', ...asOf);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(accepted(await exportJournal(fresh.db, world.community, '2026-12-10')));
  });

  it('says that a community has no book, exit 1', async () => {
    const { code, out, err } = await run('journal', 'a'.repeat(26), '--format', 'hledger');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('no book');
    expect(codeOf(await exportJournal(fresh.db, 'a'.repeat(26)))).toBe('FUND_BOOK_MISSING');
  });

  it.each([
    [[]],
    [['journal']],
    [['book', 'a'.repeat(26), '--format', 'hledger']],
    [['journal', 'a'.repeat(26)]],
    [['journal', 'a'.repeat(26), '--format', 'ods']],
    [['journal', 'a'.repeat(26), '--format', 'xlsx']],
    [['journal', 'short', '--format', 'hledger']],
    [['journal', 'a'.repeat(26), '--format', 'hledger', '--as-of', '2026-02-30']],
    [['journal', 'a'.repeat(26), '--format', 'hledger', '--as-of']],
    [['journal', 'a'.repeat(26), 'b', '--format', 'hledger']],
  ])('does not understand %j, exit 2, and opens nothing', async (argv) => {
    const { code, opened } = await run(...argv);
    expect([code, opened]).toEqual([2, false]);
  });

  it('explains itself, exit 0', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, opened: false });
  });
});
