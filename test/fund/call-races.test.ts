// Goal: calls to top up, their withdrawals and what comes in meet at one book in one order, that of the log, and one call is in force at
// most (SPEC 8.6). Method: signed acts and requests wait at a book that a third session holds, in turn or all at once; exact counts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { Refusal, Result } from '../../src/base/result.ts';
import type { Database } from '../../src/db/connect.ts';
import {
  applyCall,
  applyWithdrawal,
  draftWithdrawal,
  lockCall,
  lockWithdrawal,
} from '../../src/fund/calling.ts';
import { callInForce, listCalls, summariseCalls } from '../../src/fund/calls.ts';
import { receive } from '../../src/fund/receiving.ts';
import { callRecords } from '../../src/fund/store/top-ups.ts';
import { topUpCallForm } from '../../src/record/top-up.ts';
import { freshDatabase } from '../support/database.ts';
import { inTurn, isWhole, through, together, wideDatabase } from './book-lock.ts';
import { acceptance, accepted, execute, type FundWorld, signAs } from './fund-world.ts';
import { callTopUp, draftTopUp, poorWorld } from './top-up-world.ts';

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

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = through(await poorWorld(fresh, `call races ${worlds}`), wide);
});

type Outcome = Promise<Result<unknown, Refusal>>;
const outcome = (answer: Result<unknown, Refusal>): string => (answer.ok ? 'accepted' : answer.refusal.code);

/** A call, signed; nobody has executed it. Answers its own id with how it is executed. */
async function signedCall(): Promise<readonly [string, () => Outcome]> {
  const { act } = accepted(await draftTopUp(world));
  await signAs(world, act, world.officers);
  const { call } = await entryOfAct(act);
  return [call, () => execute(world, act, applyCall, lockCall)];
}

/** The withdrawal of a call over a document of its own, signed. */
async function signedWithdrawal(call: string, document: number): Promise<() => Outcome> {
  const asked = { community: world.community, call, documentHash: acceptance(document) };
  const { act } = accepted(await draftWithdrawal(world.deps, asked, 'test'));
  await signAs(world, act, world.officers);
  return () => execute(world, act, applyWithdrawal, lockWithdrawal);
}

async function entryOfAct(act: string): Promise<{ readonly call: string }> {
  const row = await fresh.owner
    .selectFrom('act')
    .select('entry')
    .where('act_id', '=', act)
    .executeTakeFirstOrThrow();
  return JSON.parse(Buffer.from(row.entry).toString()) as { readonly call: string };
}

/** What the log has of calls, in its order. */
async function logged(): Promise<readonly string[]> {
  const rows = await fresh.owner
    .selectFrom('log_entry')
    .select('kind')
    .where('community_id', '=', world.community)
    .where('kind', 'in', ['topup.called', 'topup.withdrawn'])
    .orderBy('id')
    .execute();
  return rows.map(({ kind }) => kind);
}
/** The calls, the newest first. */
const standing = async () =>
  (await listCalls(fresh.db, world.community)).map(({ head, state }) => [head.call, state] as const);

describe('calls', () => {
  it('of two pairs of officers that were drafted beside each other are one: the second falls', async () => {
    const [first, second] = [await signedCall(), await signedCall()];
    const told = await inTurn(world, [second[1], first[1]]);
    expect(told.map(outcome)).toEqual(['accepted', 'FUND_TOP_UP_STALE']);
    expect(await standing()).toEqual([[second[0], 'open']]);
    expect(await logged()).toEqual(['topup.called']);
  });

  it('of six pairs at once are one', async () => {
    const calls: (readonly [string, () => Outcome])[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) calls.push(await signedCall());
    const told = await together(world, PAIRS, (at) => present(calls[at], 'a call')[1]());
    expect(told.map(outcome).sort()).toEqual([...Array(5).fill('FUND_TOP_UP_STALE'), 'accepted']);
    const stand = await standing();
    expect(stand.map(([, state]) => state)).toEqual(['open']);
    expect((await callInForce(fresh.db, world.community))?.head.call).toBe(stand[0]?.[0]);
    expect(await logged()).toEqual(['topup.called']);
  });
});

describe('a withdrawal', () => {
  it.each([
    ['before', ['accepted', 'accepted'], ['topup.called', 'topup.withdrawn', 'topup.called'], 'withdrawn'],
    ['behind', ['FUND_TOP_UP_UNKNOWN', 'accepted'], ['topup.called', 'topup.called'], 'replaced'],
  ] as const)('%s the next call never takes that one back', async (when, told, log, former) => {
    const first = await callTopUp(world);
    const withdraw = await signedWithdrawal(first, 240);
    const [next, call] = await signedCall();
    const answers = await inTurn(world, when === 'before' ? [withdraw, call] : [call, withdraw]);
    expect((when === 'before' ? answers : answers.reverse()).map(outcome)).toEqual(told);
    expect(await standing()).toEqual([
      [next, 'open'],
      [first, former],
    ]);
    expect(await logged()).toEqual(log);
  });

  it('over six documents at once is one', async () => {
    const call = await callTopUp(world);
    const works: (() => Outcome)[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) works.push(await signedWithdrawal(call, 230 + pair));
    const told = await together(world, PAIRS, (at) => present(works[at], 'a withdrawal')());
    expect(told.map(outcome).sort()).toEqual([...Array(5).fill('FUND_TOP_UP_UNKNOWN'), 'accepted']);
    expect(await standing()).toEqual([[call, 'withdrawn']]);
    expect(await logged()).toEqual(['topup.called', 'topup.withdrawn']);
  });
});

describe('what is paid in', () => {
  const payIn = (): Outcome =>
    receive(world.deps, {
      community: world.community,
      bank: { name: '建行', lastDigits: '0071' },
      receipts: [
        { receipt: 'R1', unit: world.units[0]?.unit ?? '', amountFen: 1000n, valueOn: '2026-12-05' },
      ],
    });

  it.each(['before', 'behind'] as const)(
    '%s the balances of a draft were read is counted there or by the call, once',
    async (when) => {
      const drafts: string[] = [];
      const draft = async (): Outcome => {
        const drafted = await draftTopUp(world);
        if (drafted.ok) drafts.push(drafted.value.act);
        return drafted;
      };
      const told = await inTurn(world, when === 'before' ? [payIn, draft] : [draft, payIn]);
      expect(told.map(outcome)).toEqual(['accepted', 'accepted']);
      const act = present(drafts[0], 'the draft');
      await signAs(world, act, world.officers);
      accepted(await execute(world, act, applyCall, lockCall));
      const [row] = await callRecords(fresh.db, world.community);
      const { seq, units } = topUpCallForm.own(present(row, 'a call').record);
      // 299,999 of 1,000,000 fen was there; 1000 more reach three tenths, and then only the other poor home is asked.
      const home = units.find(({ unit }) => unit === world.units[0]?.unit);
      expect([seq, home?.balanceFen, home?.dueFen]).toEqual(
        when === 'before' ? [4, '300999', '0'] : [3, '299999', '700001'],
      );
      const [summary] = await summariseCalls(fresh.db, world.community);
      expect(summary?.open).toEqual(
        when === 'before' ? { homes: 1, fen: 999_999n } : { homes: 2, fen: 1_699_000n },
      );
      await isWhole(world);
    },
  );

  it.each(['before', 'behind'] as const)('%s a signed call came into force counts for it', async (when) => {
    const [, call] = await signedCall();
    const told = await inTurn(world, when === 'before' ? [payIn, call] : [call, payIn]);
    expect(told.map(outcome)).toEqual(['accepted', 'accepted']);
    const [summary] = await summariseCalls(fresh.db, world.community);
    expect(summary?.open).toEqual({ homes: 2, fen: 1_699_000n });
    await isWhole(world);
  });
});
