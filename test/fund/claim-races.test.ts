// Goal: claims and releases that meet at one book are booked once, and leave what the same would leave one after the other (SPEC 8.3).
// Method: workers wait at a book that a third session holds; in turn, where the order decides, and all at once; the counts are exact.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { Database } from '../../src/db/connect.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { applyAnnulment, draftAnnulment, lockAnnulment } from '../../src/fund/annulling.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { claimShares } from '../../src/fund/claiming.ts';
import { applyClosing, lockClosing } from '../../src/fund/closing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { openBalances } from '../../src/fund/opening.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual, returnPayment } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { inTurn, isWhole, kindsOf, through, together, wideDatabase } from './book-lock.ts';
import { claimWorld, payIn } from './claim-world.ts';
import { draftEnd } from './closing-world.ts';
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
  pay,
  signAs,
} from './fund-world.ts';

const WORKERS = 20;
const fresh = await freshDatabase();
let wide: Database;
beforeAll(async () => {
  wide = await wideDatabase(fresh.appUrl, WORKERS);
});
afterAll(async () => {
  await wide.destroy();
  await fresh.close();
});

type Ref = { readonly community: string; readonly authorisation: string };
type Answer = Awaited<ReturnType<typeof claimShares>>;

let worlds = 0;
let world: FundWorld;
beforeEach(() => {
  worlds += 1;
});

const outcome = (answer: Awaited<ReturnType<typeof execute>> | Answer): string =>
  answer.ok ? 'accepted' : answer.refusal.code;
/** The one entry that all of them were answered. */
function sameEntry(answers: readonly Answer[]): bigint {
  const entries = answers.map(accepted);
  expect(new Set(entries.map(({ entry, seq }) => `${entry}/${seq}`)).size).toBe(1);
  return present(entries[0], 'an answer').seq;
}
const lastKinds = async (count: number) => (await kindsOf(world)).slice(-count);
const claims = () => balancesOf(world, 'claim');

/** The developer owes 2500 and 2100 fen for his two units. */
async function owing(seed: string): Promise<Ref> {
  world = through(await claimWorld(fresh, `${seed} ${worlds}`), wide);
  accepted(await deposit(world, [9000n, 9000n, 0n, 400n]));
  return { community: world.community, authorisation: await authorise(world) };
}

/** The same, claimed, and then paid in: what is claimed is settled by the next claim or by the hold. */
async function paidIn(seed: string): Promise<Ref> {
  const ref = await owing(seed);
  accepted(await claimShares(world.deps, ref));
  await payIn(world, 2, 2500n);
  await payIn(world, 3, 2100n);
  return ref;
}

async function annul(): Promise<void> {
  const { community, meeting, proposal } = world;
  const asked = { community, meeting, proposal, documentHash: acceptance(7) };
  const { act } = accepted(await draftAnnulment(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyAnnulment, lockAnnulment));
}

describe('claims', () => {
  it('of 20 workers on one authorisation make one entry, which all of them are answered', async () => {
    const ref = await owing('many');
    const seq = sameEntry(await together(world, WORKERS, () => claimShares(world.deps, ref)));
    expect(seq).toBe(4n);
    expect([await claims(), await lastKinds(2)]).toEqual([
      [0n, 0n, 2500n, 2100n],
      ['deposit', 'claim'],
    ]);
    await isWhole(world);
  });

  it.each([
    ['before', ['accepted', 'accepted']],
    ['behind', ['FUND_HELD_ALREADY', 'accepted']],
  ] as const)('%s the hold settle what was paid in, once', async (when, expected) => {
    const ref = await paidIn(when);
    const works = [() => claimShares(world.deps, ref), () => holdShares(world.deps, ref)];
    const answers = await inTurn(world, when === 'before' ? works : works.reverse());
    expect((when === 'before' ? answers : answers.reverse()).map(outcome)).toEqual(expected);
    expect((await kindsOf(world)).slice(3)).toEqual(['claim', 'deposit', 'deposit', 'claim_settled', 'hold']);
    expect([await claims(), await balancesOf(world, 'unit_held')]).toEqual([
      [0n, 0n, 0n, 0n],
      [2500n, 2500n, 2500n, 2500n],
    ]);
    await isWhole(world);
  });

  it('and holds of 10 workers each, in whatever order, make one of both', async () => {
    const ref = await paidIn('mixed');
    const answers = await together(world, WORKERS, (at) =>
      at % 2 === 0 ? claimShares(world.deps, ref) : holdShares(world.deps, ref),
    );
    sameEntry(answers.filter((_, at) => at % 2 === 1));
    const claimed = answers.filter((_, at) => at % 2 === 0).map(outcome);
    expect(claimed.filter((each) => each !== 'accepted' && each !== 'FUND_HELD_ALREADY')).toEqual([]);
    expect(await lastKinds(3)).toEqual(['deposit', 'claim_settled', 'hold']);
    expect(await balancesOf(world, 'unit_held')).toEqual([2500n, 2500n, 2500n, 2500n]);
    await isWhole(world);
  });

  it('and holds of 10 workers each, while he owes, make one claim and no hold', async () => {
    const ref = await owing('short');
    const answers = await together(world, WORKERS, (at) =>
      at % 2 === 0 ? claimShares(world.deps, ref) : holdShares(world.deps, ref),
    );
    sameEntry(answers.filter((_, at) => at % 2 === 0));
    expect(answers.filter((_, at) => at % 2 === 1).map(outcome)).toEqual(
      Array(10).fill('FUND_HOUSEHOLDS_SHORT'),
    );
    expect([await claims(), await lastKinds(1)]).toEqual([[0n, 0n, 2500n, 2100n], ['claim']]);
    await isWhole(world);
  });

  it.each(['before', 'behind'] as const)(
    '%s the hold of another resolution count what is left then',
    async (when) => {
      world = through(await claimWorld(fresh, `two ${worlds}`, 2), wide);
      accepted(await deposit(world, [9000n, 9000n, 2500n, 2500n]));
      const { authorisations } = await authoriseResolutions(world.deps, world);
      const [first, second] = authorisations.map((authorisation) => ({
        community: world.community,
        authorisation,
      }));
      const claim = () => claimShares(world.deps, present(first, 'the first'));
      const works = [claim, () => holdShares(world.deps, present(second, 'the second'))];
      const answers = await inTurn(world, when === 'before' ? works : works.reverse());
      const told = (when === 'before' ? answers : answers.reverse()).map(outcome);
      expect(told).toEqual([when === 'before' ? 'FUND_NOTHING_CLAIMED' : 'accepted', 'accepted']);
      accepted(await claim());
      expect([await claims(), await lastKinds(2)]).toEqual([
        [0n, 0n, 2500n, 2500n],
        ['hold', 'claim'],
      ]);
      await isWhole(world);
    },
  );
});

describe('releases after an annulment', () => {
  it('by 20 workers book the unpaid rest once and release once', async () => {
    const [ref] = await partlyPaid('rest');
    await annul();
    const seq = sameEntry(await together(world, WORKERS, () => releaseRest(world.deps, ref)));
    expect((await kindsOf(world)).slice(2)).toEqual(['hold', 'accrue', 'pay', 'unpaid_cancelled', 'release']);
    expect(seq).toBe(7n);
    // 3000 fen were paid, by shares of 4166 and 5834.
    expect(await balancesOf(world, 'unit_available')).toEqual([98_750n, 98_250n]);
    await isWhole(world);
  });

  it('by 20 workers cancel what was claimed once, and answer that entry to all', async () => {
    const ref = await owing('cancelled');
    accepted(await claimShares(world.deps, ref));
    await annul();
    sameEntry(await together(world, WORKERS, () => releaseRest(world.deps, ref)));
    expect([await claims(), await lastKinds(2)]).toEqual([
      [0n, 0n, 0n, 0n],
      ['claim', 'claim_cancelled'],
    ]);
    await isWhole(world);
  });

  it('before a payment that comes back: what came back goes with the next release', async () => {
    const [ref, back] = await partlyPaid('back');
    await annul();
    const works = [() => releaseRest(world.deps, ref), () => returnPayment(world.deps, back)];
    expect((await inTurn(world, works)).map(outcome)).toEqual(['accepted', 'accepted']);
    expect(await balancesOf(world, 'unit_available')).toEqual([98_750n, 98_250n]);
    accepted(await releaseRest(world.deps, ref));
    expect((await kindsOf(world)).slice(5)).toEqual([
      'unpaid_cancelled',
      'release',
      'pay_returned',
      'unpaid_cancelled',
      'release',
    ]);
    expect(await balancesOf(world, 'unit_available')).toEqual([100_000n, 100_000n]);
    await isWhole(world);
  });

  it('behind one wait for the accrual, which is wholly unpaid by then, and nothing is booked', async () => {
    const [ref, back, accrual] = await partlyPaid('first back');
    await annul();
    const works = [() => returnPayment(world.deps, back), () => releaseRest(world.deps, ref)];
    expect((await inTurn(world, works)).map(outcome)).toEqual(['accepted', 'FUND_UNPAID_ACCRUALS']);
    expect(await lastKinds(2)).toEqual(['pay', 'pay_returned']);
    const { community } = world;
    accepted(await cancelAccrual(world.deps, { community, seq: accrual, reason: '决议撤销' }));
    accepted(await releaseRest(world.deps, ref));
    expect(await balancesOf(world, 'unit_available')).toEqual([100_000n, 100_000n]);
    await isWhole(world);
  });

  it('beside a claim of the same authorisation leave nothing claimed', async () => {
    const ref = await owing('closed beside');
    accepted(await claimShares(world.deps, ref));
    await payIn(world, 2, 1n);
    await annul();
    const works = [() => releaseRest(world.deps, ref), () => claimShares(world.deps, ref)];
    expect((await inTurn(world, works)).map(outcome)).toEqual(['accepted', 'FUND_AUTHORISATION_CLOSED']);
    expect([await claims(), await lastKinds(1)]).toEqual([[0n, 0n, 0n, 0n], ['claim_cancelled']]);
    await isWhole(world);
  });

  /** A stage of 5000 fen of which 3000 are paid; answers how the payment comes back, and the accrual's number. */
  async function partlyPaid(seed: string) {
    const units = [5000n, 7001n].map((areaDm2, at) => ({ building: '1幢', room: `${101 + at}`, areaDm2 }));
    world = through(await fundWorld(fresh, { seed: `${seed} ${worlds}`, units, capFen: 10_000n }), wide);
    accepted(await deposit(world, [100_000n, 100_000n]));
    const { community } = world;
    const ref = { community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, ref));
    const stage = { ...ref, amountFen: 5000n, stage: 'advance' as const, acceptanceHash: acceptance(1) };
    const { seq } = accepted(await accrueStage(world.deps, stage));
    await pay(world, ref.authorisation, 3000n);
    const back = { community, seq: seq + 1n, receipt: '退1', valueOn: '2026-12-10' };
    return [ref, back, seq] as const;
  }
});

describe('opening balances', () => {
  it('of one list by 20 workers are booked once, and another statement of the same homes is refused to all', async () => {
    world = through(await claimWorld(fresh, `opening ${worlds}`), wide);
    accepted(await deposit(world, [1n, 0n, 0n, 0n]));
    const answers = await together(world, WORKERS, () => deposit(world, [1n, 2n, 3n, 4n]));
    const told = answers.map(accepted).map(({ booked, repeated }) => `${booked}/${repeated}`);
    expect(told.sort()).toEqual([...Array(19).fill('0/4'), '3/1']);
    const other = await together(world, WORKERS, () => deposit(world, [1n, 2n, 3n, 4n], '另一张对账单'));
    expect(other.map(codeOf)).toEqual(Array(20).fill('FUND_ENTRY_DIFFERS'));
    expect(await balancesOf(world, 'unit_available')).toEqual([1n, 2n, 3n, 4n]);
    await isWhole(world);
  });
});

it('a book that stays locked makes claim, release and opening wait and then say busy; afterwards each is done once', async () => {
  const ref = await owing('busy');
  accepted(await claimShares(world.deps, ref));
  await annul();
  const { community } = world;
  const statement = { reference: '原系统对账单 2026-11', asOn: '2026-11-30' };
  const bank = { name: '建行', lastDigits: '0071' };
  const balances = [{ unit: world.units[2]?.unit ?? '', amountFen: 5n }];
  // One after the other: whoever waits behind another waits longer, up to the patience with a statement.
  const ask = async () =>
    [
      await claimShares(world.deps, ref),
      await releaseRest(world.deps, ref),
      await openBalances(world.deps, { community, statement, bank, balances }),
    ] as const;
  const before = await kindsOf(world);
  const told = await fresh.owner.transaction().execute(async (tx) => {
    await sql`select from fund_book where community_id = ${community} for update`.execute(tx);
    return ask();
  });
  expect(told.map(codeOf)).toEqual(Array(3).fill('FUND_BOOK_BUSY'));
  expect(await kindsOf(world)).toEqual(before);
  const [claimed, released, opened] = await ask();
  expect([codeOf(claimed), accepted(opened).booked]).toEqual(['FUND_AUTHORISATION_CLOSED', 1]);
  expect(accepted(await releaseRest(world.deps, ref))).toEqual(accepted(released));
  expect([...(await kindsOf(world))].sort()).toEqual([...before, 'claim_cancelled', 'deposit'].sort());
  await isWhole(world);
}, 40_000);

it.each([
  ['before', 'accepted', ['claim', 'deposit', 'claim_settled', 'claim_cancelled']],
  ['behind', 'FUND_AUTHORISATION_CLOSED', ['claim', 'deposit', 'claim_cancelled']],
] as const)('a claim %s the closing leaves nothing claimed', async (when, told, kinds) => {
  const ref = await owing(`closing ${when}`);
  accepted(await claimShares(world.deps, ref));
  await payIn(world, 2, 1n);
  const { act } = accepted(await draftEnd(world, ref));
  await signAs(world, act, world.officers);
  const close = () => execute(world, act, applyClosing, lockClosing);
  const works: (() => Promise<Answer | Awaited<ReturnType<typeof close>>>)[] = [
    () => claimShares(world.deps, ref),
    close,
  ];
  const answers = await inTurn(world, when === 'before' ? works : works.reverse());
  expect((when === 'before' ? answers : answers.reverse()).map(outcome)).toEqual([told, 'accepted']);
  expect([await claims(), (await kindsOf(world)).slice(3)]).toEqual([[0n, 0n, 0n, 0n], kinds]);
  await isWhole(world);
});
