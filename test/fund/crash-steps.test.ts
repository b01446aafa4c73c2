// Goal: whatever step of a work on the book a crash cuts, nothing of it stands before its COMMIT and all of it behind; the same request
// again gives the same entry, and nothing is doubled (SPEC 8.3). Method: the line to the real server is cut before each message that the
// work sends, one after the other, then after the COMMIT was carried out and before its answer; rows of every table are counted.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BallotDeps } from '../../src/ballot/ballot-deps.ts';
import { assert, present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { type ClaimedJob, claimJob } from '../../src/db/jobs.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { draftAnnulment } from '../../src/fund/annulling.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { listCalls } from '../../src/fund/calls.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import type { FundDeps } from '../../src/fund/fund-deps.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { openBalances } from '../../src/fund/opening.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import { draftRefund, listRefunds } from '../../src/fund/refunding.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { executeAct } from '../../src/jobs/act-executors.ts';
import { EXECUTE_ACT } from '../../src/officers/acts.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { isWhole, kindsOf } from './book-lock.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { draftEnd } from './closing-world.ts';
import { type CutLine, cutLine } from './cut-line.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  draft,
  type FundWorld,
  fundWorld,
  PAYEE_ACCOUNT,
  pay,
  signAs,
} from './fund-world.ts';
import { demolish } from './refund-world.ts';
import { callTopUp, draftEnd as draftCallEnd, draftTopUp, poorWorld } from './top-up-world.ts';

let fresh: FreshDatabase;
let line: CutLine;
/** Counts the rows of each table that belong to a community. */
let counting: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  line = await cutLine(fresh.appUrl);
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
     where c.column_name = 'community_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE'
     order by 1`.execute(fresh.owner);
  counting = rows
    .map(({ name }) => `select '${name}' as name, count(*) as rows from "${name}" where community_id = $1`)
    .join(' union all ');
});
afterAll(async () => {
  await line.close();
  await fresh.close();
});

let world: FundWorld;
let worlds = 0;
beforeEach(() => {
  worlds += 1;
});

/** How many rows the community has in each table, and the states of its acts. */
async function traces(): Promise<readonly string[]> {
  const query = sql.raw<{ name: string; rows: bigint }>(counting.replaceAll('$1', `'${world.community}'`));
  const counted = (await query.execute(fresh.owner)).rows.map(({ name, rows }) => `${name} ${rows}`);
  const acts = await fresh.owner
    .selectFrom('act')
    .select(['act_id', 'state'])
    .where('community_id', '=', world.community)
    .orderBy('act_id')
    .execute();
  return [...counted, ...acts.map(({ act_id, state }) => `${act_id} ${state}`)];
}

const cutDeps = () => ({ ...world.deps, db: line.db });

/**
 * Cuts `work` before its first message, its second, and so on to its COMMIT: each time it fails and leaves nothing. Then behind the COMMIT:
 * it fails and all of it stands. Answers how many steps were cut.
 */
async function cutEverywhere(work: (deps: FundWorld['deps']) => Promise<unknown>): Promise<number> {
  const before = await traces();
  let steps = 0;
  for (let place = 1; line.wasCut() !== 'before commit' || place === 1; place += 1) {
    assert(place < 60, 'a work ends');
    line.cutAt(place);
    await expect(work(cutDeps()), `cut at ${place}`).rejects.toThrow();
    expect(line.wasCut()).not.toBe('nowhere');
    expect(await traces(), `cut at ${place}`).toEqual(before);
    steps = place;
  }
  line.cutAt('before the answer');
  await expect(work(cutDeps())).rejects.toThrow(CommitUnknownError);
  expect(line.wasCut()).toBe('before the answer');
  expect(await traces()).not.toEqual(before);
  return steps;
}

/** A request that is cut everywhere: afterwards it answers one entry, however often it is asked, and no row is added. */
async function cutRequest<T>(work: (deps: FundWorld['deps']) => Promise<T>): Promise<T> {
  expect(await cutEverywhere(work)).toBeGreaterThan(3);
  const stands = await traces();
  const answer = await work(world.deps);
  expect(await work(world.deps)).toEqual(answer);
  expect(await traces()).toEqual(stands);
  return answer;
}

/** The lease of a process that is gone runs out. */
const LEASE_MS = 61_000;

/** What of the fund an executor is given is all that it uses: a ballot box has no part in these acts. */
const execute = (deps: FundWorld['deps'], job: ClaimedJob): Promise<void> =>
  executeAct(deps as unknown as BallotDeps, job);

/** The job of a signed act; the jobs of what was executed before are ended. */
async function jobOf(act: string): Promise<ClaimedJob | undefined> {
  for (;;) {
    const job = await claimJob(fresh.db, [EXECUTE_ACT], world.deps.clock());
    if (job === undefined || job.payload['act'] === act) return job;
    await execute(world.deps, job);
  }
}

/** An act whose execution is cut everywhere, also for a process that takes over; behind the COMMIT it is done, and nobody does it again. */
async function cutAct(act: string): Promise<void> {
  const first = present(await jobOf(act), 'the job of the act');
  line.cutAt('before commit');
  await expect(execute(cutDeps(), first)).rejects.toThrow(CommitUnknownError);
  expect(await jobOf(act)).toBeUndefined();
  world.time.advance(LEASE_MS);
  const second = present(await jobOf(act), 'the job of the act');
  expect(second.attempt).toBe(first.attempt + 1);
  await expect(execute(world.deps, first)).rejects.toThrow('taken over');
  expect(await cutEverywhere((deps) => execute(deps, second))).toBeGreaterThan(5);
  const stands = await traces();
  expect(stands).toContain(`${act} done`);
  await expect(execute(world.deps, second)).rejects.toThrow('taken over');
  world.time.advance(LEASE_MS);
  expect(await jobOf(act)).toBeUndefined();
  expect(await traces()).toEqual(stands);
}

/** The developer owes 4600 fen. */
async function owing() {
  world = await claimWorld(fresh, `steps ${worlds}`);
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  return { community: world.community, authorisation: await authorise(world) };
}

async function signedAnnulment(): Promise<string> {
  const { community, meeting, proposal } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  return act;
}
async function annul(): Promise<void> {
  const act = await signedAnnulment();
  await execute(world.deps, present(await jobOf(act), 'the job of the act'));
}

describe('a request that is cut at every step', () => {
  it('to claim makes one claim', async () => {
    const ref = await owing();
    const { seq } = accepted(await cutRequest((deps) => claimShares(deps, ref)));
    expect([seq, await balancesOf(world, 'claim')]).toEqual([4n, [0n, 0n, 2500n, 2100n]]);
    await isWhole(world);
  });

  it('to claim what rises for one home and falls for another makes both entries or none', async () => {
    world = await claimWorld(fresh, `steps ${worlds}`, 2);
    accepted(await deposit(world, [9000n, 9000n, 0n, 2500n]));
    const { authorisations } = await authoriseResolutions(world.deps, world);
    const [ref, other] = authorisations.map((authorisation) => ({
      community: world.community,
      authorisation,
    }));
    const claim = (deps: FundDeps) => claimShares(deps, present(ref, 'the first'));
    accepted(await claim(world.deps));
    expect(await balancesOf(world, 'claim')).toEqual([0n, 0n, 2500n, 0n]);
    await payIn(world, 2, 2500n);
    accepted(await holdShares(world.deps, present(other, 'the second')));
    await payIn(world, 2, 2500n);
    accepted(await cutRequest(claim));
    expect(await balancesOf(world, 'claim')).toEqual([0n, 0n, 0n, 2500n]);
    expect((await kindsOf(world)).slice(-4)).toEqual(['hold', 'deposit', 'claim', 'claim_settled']);
    await isWhole(world);
  });

  it('to hold settles what is claimed and holds, or does neither', async () => {
    const ref = await owing();
    accepted(await claimShares(world.deps, ref));
    await payIn(world, 2, 2500n);
    await payIn(world, 3, 2100n);
    accepted(await cutRequest((deps) => holdShares(deps, ref)));
    expect((await kindsOf(world)).slice(-2)).toEqual(['claim_settled', 'hold']);
    expect(await balancesOf(world, 'unit_held')).toEqual([2500n, 2500n, 2500n, 2500n]);
    await isWhole(world);
  });

  it('to release after an annulment cancels what is claimed once', async () => {
    const ref = await owing();
    accepted(await claimShares(world.deps, ref));
    await annul();
    const { seq } = accepted(await cutRequest((deps) => releaseRest(deps, ref)));
    expect([seq, (await kindsOf(world)).slice(3)]).toEqual([5n, ['claim', 'claim_cancelled']]);
    await isWhole(world);
  });

  it('to release after an annulment books the unpaid rest and the release, or neither', async () => {
    const units = [5000n, 7001n].map((areaDm2, at) => ({ building: '1幢', room: `${101 + at}`, areaDm2 }));
    world = await fundWorld(fresh, { seed: `steps ${worlds}`, units, capFen: 10_000n });
    accepted(await deposit(world, [100_000n, 100_000n]));
    const ref = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, ref));
    const stage = { ...ref, amountFen: 5000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    accepted(await accrueStage(world.deps, stage));
    await pay(world, ref.authorisation, 3000n);
    await annul();
    const { seq } = accepted(await cutRequest((deps) => releaseRest(deps, ref)));
    expect([seq, (await kindsOf(world)).slice(5)]).toEqual([7n, ['unpaid_cancelled', 'release']]);
    expect(await balancesOf(world, 'unit_available')).toEqual([98_750n, 98_250n]);
    await isWhole(world);
  });

  it.each([
    ['a list', (units: readonly string[]) => units.map((unit, at) => ({ unit, amountFen: BigInt(at + 1) }))],
    ['a file', () => '幢,单元,室,金额\n1幢,,101,0.01\n1幢,,102,0.02\n1幢,,103,0.03\n1幢,,104,0.04\n'],
  ])('to open the book from %s opens it whole or not at all', async (_what, balancesOfUnits) => {
    world = await claimWorld(fresh, `steps ${worlds}`);
    const request = {
      community: world.community,
      statement: { reference: '原系统对账单', asOn: '2026-11-30' },
      bank: { name: '建行', lastDigits: '0071' },
      balances: balancesOfUnits(world.units.map(({ unit }) => unit)),
    };
    const opened = accepted(await cutRequest((deps) => openBalances(deps, request)));
    expect([opened.booked, opened.repeated, opened.totalFen]).toEqual([0, 4, 10n]);
    expect(await balancesOf(world, 'unit_available')).toEqual([1n, 2n, 3n, 4n]);
    const other = { ...request, statement: { ...request.statement, reference: '另一张对账单' } };
    expect(codeOf(await openBalances(world.deps, other))).toBe('FUND_ENTRY_DIFFERS');
    await isWhole(world);
  });
});

it('a draft of a payment that is cut at every step is drafted once under its key', async () => {
  const ref = await owing();
  await payIn(world, 2, 2500n);
  await payIn(world, 3, 2100n);
  accepted(await holdShares(world.deps, ref));
  const stage = { ...ref, amountFen: 5000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
  accepted(await accrueStage(world.deps, stage));
  const asked = {
    ...ref,
    amountFen: 3000n,
    payeeAccount: PAYEE_ACCOUNT,
    reference: '拨付单',
    key: 'cut',
  };
  const { act } = accepted(await cutRequest((deps) => draftPayment(deps, asked, 'test')));
  const acts = await fresh.owner
    .selectFrom('act')
    .select('act_id')
    .where('community_id', '=', ref.community)
    .execute();
  expect(acts).toEqual([{ act_id: act }]);
});

describe('a signed act whose execution is cut at every step', () => {
  const OWNER = { salt: toBase64Url(new Uint8Array(16).fill(1)), number: '6217000012345678901' };

  it('refunds a unit once', async () => {
    const units = ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n }));
    world = await fundWorld(fresh, { seed: `steps ${worlds}`, units, capFen: 10_000n });
    accepted(await deposit(world, [9000n, 9000n]));
    await demolish(world, 0);
    const { community } = world;
    const asked = {
      community,
      unit: present(world.units[0], 'a unit').unit,
      payeeOpening: OWNER,
      documentHash: acceptance(202),
    };
    const { act } = accepted(await draftRefund(world.deps, asked, 'test'));
    await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    await cutAct(act);
    const listed = await listRefunds(fresh.db, community);
    expect(listed.map(({ payableFen }) => payableFen)).toEqual([9000n]);
    expect([await kindsOf(world), await balancesOf(world, 'unit_available')]).toEqual([
      ['deposit', 'deposit', 'refund'],
      [0n, 9000n],
    ]);
    expect(codeOf(await draftRefund(world.deps, asked, 'test'))).toBe('FUND_UNIT_REFUNDED');
    await isWhole(world);
  });

  it('calls to top up once, and takes the call back once', async () => {
    world = await poorWorld(fresh, `steps ${worlds}`);
    const { act } = accepted(await draftTopUp(world));
    await signAs(world, act, world.officers);
    await cutAct(act);
    const states = async () => (await listCalls(fresh.db, world.community)).map(({ state }) => state);
    expect(await states()).toEqual(['open']);
    const [called] = await listCalls(fresh.db, world.community);
    const ending = accepted(await draftCallEnd(world, present(called, 'the call').head.call)).act;
    await signAs(world, ending, world.officers);
    await cutAct(ending);
    expect(await states()).toEqual(['withdrawn']);
    await callTopUp(world);
    expect(await states()).toEqual(['open', 'withdrawn']);
  });

  it('closes a work and releases what it held, or does neither', async () => {
    const ref = await owing();
    await payIn(world, 2, 2500n);
    await payIn(world, 3, 2100n);
    accepted(await holdShares(world.deps, ref));
    const { act } = accepted(await draftEnd(world, ref));
    await signAs(world, act, world.officers);
    await cutAct(act);
    expect((await kindsOf(world)).slice(-2)).toEqual(['hold', 'release']);
    expect(await balancesOf(world, 'unit_available')).toEqual([9000n, 9000n, 2500n, 2500n]);
    await isWhole(world);
  });

  it('pays once', async () => {
    const ref = await owing();
    await payIn(world, 2, 2500n);
    await payIn(world, 3, 2100n);
    accepted(await holdShares(world.deps, ref));
    const stage = { ...ref, amountFen: 5000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    accepted(await accrueStage(world.deps, stage));
    const { act } = accepted(await draft(world, ref.authorisation, 3000n));
    await signAs(world, act, world.officers);
    await cutAct(act);
    expect((await kindsOf(world)).slice(-3)).toEqual(['hold', 'accrue', 'pay']);
    await isWhole(world);
  });

  it('annuls a resolution once', async () => {
    const ref = await owing();
    accepted(await claimShares(world.deps, ref));
    await cutAct(await signedAnnulment());
    accepted(await releaseRest(world.deps, ref));
    expect((await kindsOf(world)).slice(-2)).toEqual(['claim', 'claim_cancelled']);
    await isWhole(world);
  });
});
