// Goal: three years of a large community stay exact to the fen, and outside tools accept the journal. Method: 2,000 households on a
// real database with receipts, interest and a repair each year; our acceptance rules, the verifier's reader, and hledger where it is.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { readBook, readStatement } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { readJournal } from '../../src/verifier/journal.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import { acceptance, accepted, balancesOf, deposit, fundWorld, pay } from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const HOUSEHOLDS = 2000;
const YEARS = 3;
const TOP_UPS = 300;
const DAY_MS = 86_400_000;
const CAP_FEN = 30_000_007n;
const HLEDGER = 'hledger';
const hasHledger = spawnSync(HLEDGER, ['--version']).status === 0;

const fresh = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-years-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

const world = await fundWorld(fresh, {
  seed: 'three years',
  units: Array.from({ length: HOUSEHOLDS }, (_, at) => ({
    building: `${(at % 20) + 1}幢`,
    room: String(101 + Math.floor(at / 20)),
    areaDm2: 7000n + BigInt((at * 37) % 6000),
  })),
  capFen: CAP_FEN,
  proposals: YEARS,
});
const { community, deps } = world;
const BANK = { name: '建行', lastDigits: '0071' };
const today = () => civilDateAt(deps.clock());

/** Top-ups, a repair in two stages with a rest that is released, and the year's interest; answers what came in, less what was paid. */
async function year(number: number, authorisation: string): Promise<bigint> {
  const receipts = Array.from({ length: TOP_UPS }, (_, at) => ({
    receipt: `甲${number}-${at}`,
    unit: present(world.units[(at * 7 + number) % HOUSEHOLDS], 'a unit').unit,
    amountFen: BigInt(10_000 + at),
    valueOn: today(),
  }));
  accepted(await receive(deps, { community, bank: BANK, receipts }));
  const ref = { community, authorisation };
  accepted(await holdShares(deps, ref));
  let paidFen = 0n;
  for (const [at, amountFen] of [9_000_002n, 17_777_777n].entries()) {
    world.time.advance(60 * DAY_MS);
    const acceptanceHash = acceptance(number * 10 + at);
    accepted(await accrueStage(deps, { ...ref, amountFen, stage: 'progress', acceptanceHash }));
    await pay(world, authorisation, amountFen);
    paidFen += amountFen;
  }
  await closeWork(world, ref, number);
  world.time.advance(245 * DAY_MS);
  const interest = { receipt: `息${number}`, amountFen: 1_234_567n + BigInt(number), valueOn: today() };
  accepted(await receiveInterest(deps, { community, bank: BANK, ...interest }));
  accepted(await distributeInterest(deps, { community, until: today() }));
  const receivedFen = receipts.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return receivedFen + interest.amountFen - paidFen;
}

it(`${YEARS} years of ${HOUSEHOLDS} households are exact, and their journal is accepted${hasHledger ? ', by hledger too' : ' (hledger is not installed here)'}`, async () => {
  const opening = world.units.map((_, at) => 500_000n + BigInt(at));
  accepted(await deposit(world, opening));
  let expectedFen = opening.reduce((sum, fen) => sum + fen, 0n);
  const { authorisations } = await authoriseResolutions(deps, world);
  for (let number = 1; number <= YEARS; number += 1)
    expectedFen += await year(number, present(authorisations[number - 1], 'one a year'));

  const { totals, lastSeq } = accepted(await readBook(fresh.db, community));
  expect(lastSeq).toBe(BigInt(HOUSEHOLDS + YEARS * (TOP_UPS + 8)));
  expect(totals).toMatchObject({
    bank: expectedFen,
    unit_available: expectedFen,
    unit_held: 0n,
    payable: 0n,
  });
  const available = await balancesOf(world, 'unit_available');
  expect(available.reduce((sum, fen) => sum + fen, 0n)).toBe(expectedFen);
  for (const at of [0, 777, HOUSEHOLDS - 1]) {
    const { unit } = present(world.units[at], 'a unit');
    const statement = accepted(await readStatement(fresh.db, community, unit));
    expect(statement.totalFen).toBe(available[at]);
  }

  const journal = accepted(await exportJournal(fresh.db, community));
  expect(journalFaults(journal)).toEqual([]);
  const read = readJournal(journal);
  if ('line' in read) throw new Error(`line ${read.line}: ${read.wanted}`);
  expect(read.closing.size).toBe(1 + HOUSEHOLDS * (1 + YEARS) + YEARS + 1);
  if (!hasHledger) return;
  const path = join(folder, 'years.journal');
  writeFileSync(path, journal);
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  execFileSync(HLEDGER, ['-f', path, 'check', '-s', 'ordereddates', 'accounts', 'commodities'], {
    env,
    stdio: 'pipe',
    timeout: 240_000,
  });
}, 300_000);
