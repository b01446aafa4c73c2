// Goal: a refund meets what else may touch the unit's money, and every fen ends in one place (SPEC 8.3). Method: signed acts and requests
// wait in turn at a book that a third session holds; either order has one exact outcome.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import type { Database } from '../../src/db/connect.ts';
import { authoriseResolutions } from '../../src/fund/authorising.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { draftIdentification } from '../../src/fund/moving.ts';
import { applyOrder } from '../../src/fund/ordering.ts';
import { receive } from '../../src/fund/receiving.ts';
import { applyRefund, draftRefund, listRefunds, lockRefund } from '../../src/fund/refunding.ts';
import { draftReversal } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { inTurn, isWhole, kindsOf, through, together, wideDatabase } from './book-lock.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  deposit,
  execute,
  type FundWorld,
  fundWorld,
  signAs,
} from './fund-world.ts';
import { demolish, rebuild } from './refund-world.ts';

const PAIRS = 6;
const fresh = await freshDatabase();
let wide: Database;
beforeAll(async () => {
  wide = await wideDatabase(fresh.appUrl, PAIRS);
});
afterAll(async () => {
  await wide.destroy();
  await fresh.close();
});

const PAYEE = { salt: toBase64Url(new Uint8Array(16).fill(1)), number: '6217000012345678901' };
const BANK = { name: '建行', lastDigits: '0071' };

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  const units = ['101', '102'].map((room) => ({ building: '1幢', room, areaDm2: 5000n }));
  world = through(await fundWorld(fresh, { seed: `refund races ${worlds}`, units, capFen: 10_000n }), wide);
  accepted(await deposit(world, [9000n, 9000n]));
});

type Outcome = Promise<Result<unknown, Refusal>>;
const outcome = (answer: Result<unknown, Refusal>): string => (answer.ok ? 'accepted' : answer.refusal.code);
const unit = (): string => world.units[0]?.unit ?? '';

/** A refund of the first home's balance, signed; nobody has executed it. */
async function signedRefund(): Promise<string> {
  const asked = {
    community: world.community,
    unit: unit(),
    payeeOpening: PAYEE,
    documentHash: acceptance(202),
  };
  const { act } = accepted(await draftRefund(world.deps, asked, 'test'));
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  return act;
}
const refunds = (act: string) => (): Outcome => execute(world, act, applyRefund, lockRefund);

const receipt = (of: string, number = '1001') =>
  receive(world.deps, {
    community: world.community,
    bank: BANK,
    receipts: [{ receipt: number, unit: of, amountFen: 100n, valueOn: '2026-11-30' }],
  });

/** The outcomes of a refund and of something else, whichever was first. */
async function meet(
  first: 'refund' | 'other',
  refund: () => Outcome,
  other: () => Outcome,
  meanwhile?: () => Promise<unknown>,
): Promise<readonly string[]> {
  const works = first === 'refund' ? [refund, other] : [other, refund];
  const told = (await inTurn(world, works, meanwhile)).map(outcome);
  return first === 'refund' ? told : [...told].reverse();
}

const open = () => balancesOf(world, 'unit_available');
async function refunded(): Promise<readonly bigint[]> {
  return (await listRefunds(fresh.db, world.community)).map(({ payableFen }) => payableFen);
}

describe('two refunds of one unit', () => {
  it('and four more, each signed by its officers, are one', async () => {
    await demolish(world, 0);
    const acts: string[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) acts.push(await signedRefund());
    const answers = await together(world, PAIRS, (at) => refunds(acts[at] ?? '')());
    expect(answers.map(outcome).sort()).toEqual([...Array(5).fill('FUND_UNIT_REFUNDED'), 'accepted']);
    expect([await open(), await refunded()]).toEqual([[0n, 9000n], [9000n]]);
    const states = await fresh.owner
      .selectFrom('act')
      .select(['state', 'refusal_code'])
      .where('act_id', 'in', acts)
      .execute();
    expect(states.map(({ state, refusal_code }) => `${state} ${refusal_code}`).sort()).toEqual([
      'done null',
      ...Array(5).fill('refused FUND_UNIT_REFUNDED'),
    ]);
    const entries = await fresh.owner
      .selectFrom('log_entry')
      .select('kind')
      .where('community_id', '=', world.community)
      .where('kind', '=', 'refund.authorised')
      .execute();
    expect([entries.length, (await kindsOf(world)).slice(2)]).toEqual([1, ['refund']]);
    await isWhole(world);
  });
});

describe.each(['refund', 'other'] as const)('a refund, with the %s first,', (first) => {
  it('and a receipt of the bank: the register decides, as it stands when the book is free', async () => {
    await demolish(world, 0);
    const act = await signedRefund();
    expect(await meet(first, refunds(act), () => receipt(unit()))).toEqual([
      'accepted',
      first === 'refund' ? 'FUND_UNIT_REFUNDED' : 'FUND_UNIT_UNKNOWN',
    ]);
    expect([await open(), await refunded()]).toEqual([[0n, 9000n], [9000n]]);
    await isWhole(world);
  });

  it('and a receipt of a house that is on the register again: it is no more to be refunded, and the money is its own', async () => {
    await demolish(world, 0);
    const act = await signedRefund();
    const told = await meet(
      first,
      refunds(act),
      () => receipt(unit()),
      () => rebuild(world),
    );
    expect(told).toEqual(['FUND_UNIT_IN_FORCE', 'accepted']);
    expect([await open(), await refunded()]).toEqual([[9100n, 9000n], []]);
    await isWhole(world);
  });

  it('and money of nobody known that turned out to be the home’s: the second to come is drafted again', async () => {
    accepted(await receipt('', '1002'));
    const last = await fresh.db
      .selectFrom('fund_entry')
      .select('seq')
      .where('community_id', '=', world.community)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const named = await draftIdentification(
      world.deps,
      {
        community: world.community,
        seq: BigInt(last.seq),
        items: [{ unit: unit(), amountFen: 100n }],
        reference: '认领',
        key: 'k',
      },
      'test',
    );
    const { act: identification } = accepted(named);
    await signAs(world, identification, world.officers);
    await demolish(world, 0);
    const act = await signedRefund();
    const told = await meet(first, refunds(act), () => execute(world, identification, applyOrder));
    expect(told).toEqual(
      first === 'refund' ? ['accepted', 'FUND_BOOK_MOVED_ON'] : ['FUND_BALANCE_DIFFERS', 'accepted'],
    );
    expect([await open(), await refunded()]).toEqual(
      first === 'refund' ? [[0n, 9000n], [9000n]] : [[9100n, 9000n], []],
    );
    await isWhole(world);
  });

  it('and the reversal of the deposit that it would give back: one of them takes the money', async () => {
    const undo = { community: world.community, seq: 1n, reference: '退票', key: 'r' };
    const { act: reversal } = accepted(await draftReversal(world.deps, undo, 'test'));
    await signAs(world, reversal, world.officers);
    await demolish(world, 0);
    const act = await signedRefund();
    const told = await meet(first, refunds(act), () => execute(world, reversal, applyOrder));
    expect(told).toEqual(
      first === 'refund' ? ['accepted', 'FUND_BOOK_MOVED_ON'] : ['FUND_AMOUNT_ZERO', 'accepted'],
    );
    expect([await open(), await refunded()]).toEqual([[0n, 9000n], first === 'refund' ? [9000n] : []]);
    await isWhole(world);
  });

  it('and the hold of a resolution that was authorised while it was signed: the hold has the home’s share', async () => {
    await demolish(world, 0);
    const act = await signedRefund();
    const ref = { community: world.community, authorisation: await authorise(world) };
    expect(await meet(first, refunds(act), () => holdShares(world.deps, ref))).toEqual([
      first === 'refund' ? 'FUND_UNIT_AUTHORISED' : 'FUND_UNIT_HELD',
      'accepted',
    ]);
    expect([await open(), await balancesOf(world, 'unit_held')]).toEqual([
      [4000n, 4000n],
      [5000n, 5000n],
    ]);
    await isWhole(world);
  });

  it('and the authorisation of a resolution: one that came first keeps the home, one behind can no more be held', async () => {
    await demolish(world, 0);
    const act = await signedRefund();
    const authorising = async (): Outcome => ({
      ok: true,
      value: await authoriseResolutions(world.deps, world),
    });
    expect(await meet(first, refunds(act), authorising)).toEqual([
      first === 'refund' ? 'accepted' : 'FUND_UNIT_AUTHORISED',
      'accepted',
    ]);
    const ref = { community: world.community, authorisation: await authorise(world) };
    const held = outcome(await holdShares(world.deps, ref));
    expect([held, await open()]).toEqual(
      first === 'refund' ? ['FUND_HOUSEHOLDS_SHORT', [0n, 9000n]] : ['accepted', [4000n, 4000n]],
    );
    await isWhole(world);
  });
});
