// Goal: a unit that is refunded after an annulment never locks what others paid in: the unpaid rest goes back first, and where the bank
// returns a payment later, only the rest of that stage stays. Method: the shells, on a work of three homes whose first one is demolished.
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { readBook } from '../../src/fund/reading.ts';
import { applyRefund, draftRefund } from '../../src/fund/refunding.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { cancelAccrual, returnPayment } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { annul } from './annul-world.ts';
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
  PAYEE_OPENING,
  pay,
  signAs,
} from './fund-world.ts';
import { demolish } from './refund-world.ts';
import { replayStored } from './replaying.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());
const AREAS = [8912n, 12_045n, 9977n];
const SMALL_LAST = [8912n, 12_045n, 2n];
const CAP_FEN = 100_000n;
let worlds = 0;

/** A work of three homes that all is held for; `accruedFen` of it is accepted, `paidFen` paid, by stages of one payment each. */
async function workOf(accruedFen: bigint, paidFen: bigint, areas = AREAS) {
  worlds += 1;
  const world = await fundWorld(fresh, {
    seed: `refund after annulment ${worlds}`,
    units: areas.map((areaDm2, at) => ({ building: '1幢', room: `${101 + at}`, areaDm2 })),
    capFen: CAP_FEN,
  });
  accepted(await deposit(world, [90_000n, 90_000n, 90_000n]));
  const ref = { community: world.community, authorisation: await authorise(world) };
  accepted(await holdShares(world.deps, ref));
  const stage = { ...ref, amountFen: accruedFen, stage: 'final' as const, acceptanceHash: acceptance(1) };
  const { seq } = accepted(await accrueStage(world.deps, stage));
  if (paidFen > 0n) await pay(world, ref.authorisation, paidFen);
  return { world, ref, seq };
}

function drafted(world: FundWorld, at = 0) {
  const unit = present(world.units[at], 'the home').unit;
  const asked = { community: world.community, unit, payeeOpening: PAYEE_OPENING };
  return draftRefund(world.deps, { ...asked, documentHash: acceptance(2) }, 'test');
}

async function refund(world: FundWorld, at = 0): Promise<void> {
  const { act } = accepted(await drafted(world, at));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
}

async function judge(world: FundWorld): Promise<void> {
  await replayStored(world);
  expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
}

describe('a refund between the annulment and the release', () => {
  it.each([0n, 20_000n])('waits until the unpaid rest is back, %s fen paid', async (paidFen) => {
    const { world, ref, seq } = await workOf(CAP_FEN, paidFen);
    await annul(world);
    await demolish(world, 0);
    expect(codeOf(await drafted(world))).toBe('FUND_UNIT_UNPAID');
    if (paidFen === 0n)
      accepted(await cancelAccrual(world.deps, { community: world.community, seq, reason: '决议撤销' }));
    accepted(await releaseRest(world.deps, ref));
    const [own, ...others] = await balancesOf(world, 'unit_available');
    await refund(world);
    expect(await balancesOf(world, 'unit_available')).toEqual([0n, ...others]);
    const [work] = accepted(await readBook(fresh.db, world.community)).authorisations;
    expect(work).toMatchObject({ heldFen: 0n, payableFen: 0n });
    expect([own, ...others].reduce<bigint>((sum, fen) => sum + (fen ?? 0n), 0n)).toBe(270_000n - paidFen);
    await judge(world);
  });
});

describe('a payment that comes back after the refund', () => {
  /** The last home bears so little that a large stage takes all of it, while others keep something held. */
  async function stuckWork() {
    const work = await workOf(99_900n, 99_900n, SMALL_LAST);
    const { world, seq } = work;
    expect(await balancesOf(world, 'unit_held')).toEqual([expect.any(BigInt), expect.any(BigInt), 0n]);
    await annul(world);
    await demolish(world, 2);
    await refund(world, 2);
    const held = await balancesOf(world, 'unit_held');
    const returned = { community: world.community, seq: seq + 1n, receipt: '退1', valueOn: '2026-11-29' };
    accepted(await returnPayment(world.deps, returned));
    return { ...work, heldFen: held.reduce((sum, fen) => sum + fen, 0n) };
  }

  it('keeps its own stage payable, and nothing of the others', async () => {
    const { world, ref, seq, heldFen } = await stuckWork();
    const before = await balancesOf(world, 'unit_available');
    const work = async () =>
      present(accepted(await readBook(fresh.db, world.community)).authorisations[0], 'work');
    expect(await work()).toMatchObject({ heldFen, payableFen: 99_900n, cancellable: [], restStays: true });
    const cancelled = await cancelAccrual(world.deps, {
      community: world.community,
      seq,
      reason: '决议撤销',
    });
    expect(codeOf(cancelled)).toBe('FUND_UNIT_REFUNDED');
    const released = accepted(await releaseRest(world.deps, ref));
    expect(accepted(await releaseRest(world.deps, ref))).toEqual(released);
    const after = await balancesOf(world, 'unit_available');
    const gained = after.map((fen, at) => fen - (before[at] ?? 0n));
    expect([gained[2], gained.reduce((sum, fen) => sum + fen, 0n)]).toEqual([0n, heldFen]);
    expect(await work()).toMatchObject({ heldFen: 0n, payableFen: 99_900n });
    await judge(world);
  });
});
