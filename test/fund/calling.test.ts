// Goal: a call asks exactly the homes with less than three tenths, for what the scheme makes of the book, by a decision that stands, and
// what comes in answers it. Method: the shells with real signatures on a real database; the printed law case; races with exact counts.
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import { applyAnnulment, draftAnnulment, lockAnnulment } from '../../src/fund/annulling.ts';
import { topUpLines } from '../../src/fund/bundling.ts';
import { applyCall, applyWithdrawal, lockCall, lockWithdrawal } from '../../src/fund/calling.ts';
import { calledHomes, callInForce, listCalls, readCall, summariseCalls } from '../../src/fund/calls.ts';
import { stillDue } from '../../src/fund/domain/top-ups.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { receive } from '../../src/fund/receiving.ts';
import { draftReversal } from '../../src/fund/reversing.ts';
import { callRecords } from '../../src/fund/store/top-ups.ts';
import { topUpCallForm, topUpDue } from '../../src/record/top-up.ts';
import { freshDatabase } from '../support/database.ts';
import { acceptance, accepted, codeOf, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';
import { demolish } from './refund-world.ts';
import {
  callTopUp,
  draftEnd,
  draftTopUp,
  FIRST_DEPOSITS,
  hashOfText,
  poorWorld,
  withdrawTopUp,
} from './top-up-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await poorWorld(fresh, `calls ${worlds}`);
});

const unitAt = (at: number): string => world.units[at]?.unit ?? '';
let receipts = 0;
/** Money comes in for a home; answers the number of its entry. */
async function payIn(at: number, amountFen: bigint): Promise<bigint> {
  receipts += 1;
  const receipt = { receipt: `R${receipts}`, unit: unitAt(at), amountFen, valueOn: '2026-12-05' };
  const bank = { name: '建行', lastDigits: '0071' };
  const received = accepted(
    await receive(world.deps, { community: world.community, bank, receipts: [receipt] }),
  );
  return received.entries[0]?.seq ?? 0n;
}
const states = async () => (await listCalls(fresh.db, world.community)).map(({ state }) => state);
const summary = async () => (await summariseCalls(fresh.db, world.community))[0];
const executed = async (act: string) => execute(world, act, applyCall, lockCall);
const signedDraft = async (of = world): Promise<string> => {
  const { act } = accepted(await draftTopUp(of));
  await signAs(of, act, of.officers);
  return act;
};

describe('a call', () => {
  it('asks the home at 299,999 fen and the one with a fen, up to the whole first deposit, and not the one at 300,000', async () => {
    const call = await callTopUp(world);
    const { homes } = accepted(await readCall(fresh.db, world.community, call));
    expect(homes.map(({ room, balanceFen, dueFen, openFen }) => [room, balanceFen, dueFen, openFen])).toEqual(
      [
        ['101', 299_999n, 700_001n, 700_001n],
        ['103', 1n, 999_999n, 999_999n],
      ],
    );
    expect(await summary()).toMatchObject({
      state: 'open',
      homes: 2,
      dueFen: 1_700_000n,
      open: { homes: 2, fen: 1_700_000n },
    });
  });

  it('says of what it was made: the last entry, the file, the resolution, and every home of the file', async () => {
    await callTopUp(world, { targetPercent: 30 });
    const [row] = await callRecords(fresh.db, world.community);
    const record = topUpCallForm.own(row?.record ?? new Uint8Array());
    expect(record).toMatchObject({
      meeting: world.meeting,
      proposal: world.proposal,
      documentHash: '',
      depositsHash: hashOfText(FIRST_DEPOSITS),
      seq: 3,
      units: [
        { unit: unitAt(0), firstFen: '1000000', balanceFen: '299999', dueFen: '1' },
        { unit: unitAt(1), firstFen: '1000000', balanceFen: '300000', dueFen: '0' },
        { unit: unitAt(2), firstFen: '1000000', balanceFen: '1', dueFen: '299999' },
      ],
    });
  });

  it('is answered by what comes in, and no more by what is reversed; nobody is asked for more than it said', async () => {
    const call = await callTopUp(world);
    const open = async () =>
      accepted(await readCall(fresh.db, world.community, call)).homes.map(({ openFen }) => openFen);
    await payIn(0, 500_000n);
    const seq = await payIn(0, 300_000n);
    expect(await open()).toEqual([0n, 999_999n]);
    const { act } = accepted(
      await draftReversal(
        world.deps,
        { community: world.community, seq, reference: '退回', key: 'undo' },
        'test',
      ),
    );
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    expect(await open()).toEqual([200_001n, 999_999n]);
    expect((await summary())?.open).toEqual({ homes: 2, fen: 1_200_000n });
  });

  it('is open in sums for what its homes are asked one by one, whatever came in, went back, or is no more', async () => {
    await callTopUp(world);
    const head = (await callInForce(fresh.db, world.community))?.head;
    if (head === undefined) throw new Error('no call');
    const oneByOne = async () => {
      const due = (await calledHomes(fresh.db, head)).map(({ openFen }) => openFen);
      const open = due.filter((fen) => fen > 0n);
      return { homes: open.length, fen: open.reduce((sum, fen) => sum + fen, 0n) };
    };
    const seen: string[] = [];
    const look = async () => {
      const open = (await summary())?.open;
      expect(open).toEqual(await oneByOne());
      seen.push(`${open?.homes} ${open?.fen}`);
    };
    await look();
    // Somebody who is not called pays too, and one pays more than he was asked.
    for (const [at, fen] of [
      [1, 5n],
      [0, 700_000n],
      [2, 2_000_000n],
    ] as const) {
      await payIn(at, fen);
      await look();
    }
    const seq = await payIn(0, 1n);
    await look();
    const undo = { community: world.community, seq, reference: '退回', key: 'one fen' };
    const { act } = accepted(await draftReversal(world.deps, undo, 'test'));
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    await look();
    await demolish(world, 0);
    await look();
    expect(seen).toEqual([
      ...['2 1700000', '2 1700000', '2 1000000', '1 1', '0 0'],
      // A fen came back.
      '1 1',
      // Who is gone is asked for nothing.
      '0 0',
    ]);
  });

  it('counts what came in while the officers signed', async () => {
    const act = await signedDraft();
    await payIn(2, 1_000_000n);
    accepted(await executed(act));
    expect((await summary())?.open).toEqual({ homes: 1, fen: 700_001n });
  });

  it('stands in the bundle of an auditor with the others, in the order of the log', async () => {
    const first = await callTopUp(world);
    const second = await callTopUp(world, { targetPercent: 50 });
    await sequenceOnce({ db: fresh.db });
    const lines = await topUpLines(fresh.db, world.community, 1_000_000);
    const calls = lines.map(({ record }) => topUpCallForm.own(fromBase64Url(record) ?? new Uint8Array()));
    expect(calls.map(({ call, former }) => [call, former])).toEqual([
      [first, ''],
      [second, first],
    ]);
    expect(await topUpLines(fresh.db, world.community, 0)).toEqual([]);
  });

  it('leaves out a home that the book does not know: its old balance may never have been taken over', async () => {
    const other = await poorWorld(fresh, `unknown ${worlds}`, {}, [299_999n, 300_000n, 0n]);
    await callTopUp(other);
    const [row] = await callRecords(fresh.db, other.community);
    expect(topUpCallForm.own(row?.record ?? new Uint8Array()).units.length).toBe(2);
  });

  it('is not opened again by the reversal of a deposit from before it', async () => {
    const seq = await payIn(0, 1n);
    await callTopUp(world, { csv: FIRST_DEPOSITS.replace('101,10000', '101,20000') });
    const due = (await listCalls(fresh.db, world.community))[0]?.dueFen ?? 0n;
    await payIn(0, 1_700_000n);
    const before = await summary();
    expect(before?.open).toEqual({ homes: 1, fen: 999_999n });
    const { act } = accepted(
      await draftReversal(
        world.deps,
        { community: world.community, seq, reference: '退回', key: 'old' },
        'test',
      ),
    );
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    expect(await summary()).toEqual(before);
    expect(due).toBe(2_000_000n - 300_000n + 999_999n);
  });
});

describe('a call needs a decision', () => {
  const rule = { meeting: '', proposal: '', documentHash: acceptance(241) };

  it('and takes the rule of the city where there is no resolution, signed by street office and regulator', async () => {
    const { act } = accepted(await draftTopUp(world, rule));
    await expect(signAs(world, act, world.officers)).rejects.toThrow('ACTION_ROLE');
    await callTopUp(world, rule);
    expect((await callInForce(fresh.db, world.community))?.head).toMatchObject(rule);
  });

  it.each([
    ['neither', { ...rule, documentHash: '' }],
    ['both', { documentHash: acceptance(241) }],
    ['a meeting without a proposal', { ...rule, documentHash: '', meeting: 'a'.repeat(26) }],
    ['what nobody decided', { proposal: 'a'.repeat(26) }],
  ])('%s is refused', async (_what, more) => {
    expect(codeOf(await draftTopUp(world, more))).toBe('FUND_TOP_UP_UNDECIDED');
  });

  it.each([
    ['one that uses the fund', { classes: ['M5'] as const }],
    ['one that was rejected', { outcome: 'REJECTED' }],
  ])('%s is refused', async (what, more) => {
    const other = await poorWorld(fresh, `call by ${what} ${worlds}`, more);
    expect(codeOf(await draftTopUp(other))).toBe('FUND_TOP_UP_UNDECIDED');
  });

  it('that stands: one that a court annulled calls nobody, before and while it is signed, and ends a call', async () => {
    const annul = async () => {
      const { community, meeting, proposal, officers, regulator } = world;
      const request = { community, meeting, proposal, documentHash: acceptance(242) };
      const { act } = accepted(await draftAnnulment(world.deps, request, 'test'));
      await signAs(world, act, [...officers.slice(1), regulator]);
      return act;
    };
    await callTopUp(world);
    const waiting = await signedDraft();
    accepted(await execute(world, await annul(), applyAnnulment, lockAnnulment));
    expect(await states()).toEqual(['annulled']);
    expect((await summary())?.open).toBeUndefined();
    expect(codeOf(await executed(waiting))).toBe('FUND_TOP_UP_UNDECIDED');
    expect(codeOf(await draftTopUp(world))).toBe('FUND_TOP_UP_UNDECIDED');
  });
});

describe('a draft is refused', () => {
  it.each([
    ['where nobody is below the line', { csv: '幢,单元,室,金额\n1幢,,102,10000\n' }, 'FUND_TOP_UP_NONE'],
    ['for today', { dueOn: '2026-12-10' }, 'FUND_TOP_UP_DUE'],
    ['for a day years ahead', { dueOn: '2028-01-01' }, 'FUND_TOP_UP_DUE'],
    ['without a word how to pay', { text: ' \n' }, 'FUND_TEXT_BLANK'],
    [
      'over a file with a home that is not there',
      { csv: '幢,单元,室,金额\n9幢,,999,10000\n' },
      'FUND_FILE_REFUSED',
    ],
  ])('%s', async (_what, more, code) => {
    expect(codeOf(await draftTopUp(world, more))).toBe(code);
  });

  it('in a community without a book', async () => {
    const bare = await fundWorld(fresh, {
      seed: `bare ${worlds}`,
      units: world.units,
      capFen: 1n,
      classes: ['M6'],
    });
    expect(codeOf(await draftTopUp(bare))).toBe('FUND_BOOK_MISSING');
  });

  it('late, where its last day of payment came while the officers signed', async () => {
    const { act } = accepted(await draftTopUp(world, { dueOn: '2026-12-11' }));
    await signAs(world, act, world.officers);
    world.time.advance(86_400_000);
    expect(codeOf(await executed(act))).toBe('FUND_TOP_UP_DUE');
    expect(await states()).toEqual([]);
  });
});

describe('a signed draft falls', () => {
  it('where another call was made meanwhile, so that an old list replaces no new one', async () => {
    const old = await signedDraft();
    const newer = await callTopUp(world);
    expect(codeOf(await executed(old))).toBe('FUND_TOP_UP_STALE');
    expect((await callInForce(fresh.db, world.community))?.head.call).toBe(newer);
  });

  it('where a home has three tenths again by interest, and not where by a deposit', async () => {
    const act = await signedDraft();
    const bank = { name: '建行', lastDigits: '0071' };
    const interest = { bank, receipt: '息1', amountFen: 10n, valueOn: '2026-12-09' };
    accepted(await receiveInterest(world.deps, { community: world.community, ...interest }));
    accepted(await distributeInterest(world.deps, { community: world.community, until: '2026-12-10' }));
    expect(codeOf(await executed(act))).toBe('FUND_TOP_UP_STALE');
  });

  it('where a home that it names stands in the register no more', async () => {
    const act = await signedDraft();
    await demolish(world, 1);
    expect(codeOf(await executed(act))).toBe('FUND_TOP_UP_STALE');
  });

  it('and of a call that stands nothing is open where the home is gone', async () => {
    await callTopUp(world);
    await demolish(world, 2);
    expect((await summary())?.open).toEqual({ homes: 1, fen: 700_001n });
  });
});

it('a resolution of one home asks that home alone', async () => {
  const narrow = await poorWorld(fresh, `narrow ${worlds}`, {
    scope: (units) => ({ kind: 'units', members: units.slice(2) }),
  });
  await callTopUp(narrow);
  const [row] = await callRecords(fresh.db, narrow.community);
  const { units } = topUpCallForm.own(row?.record ?? new Uint8Array());
  expect(units.map(({ unit }) => unit)).toEqual([narrow.units[2]?.unit]);
});

describe('a call in force', () => {
  it('ends with the next one, and with its withdrawal; only the one in force is withdrawn, and once', async () => {
    const first = await callTopUp(world);
    const second = await callTopUp(world);
    expect(await states()).toEqual(['open', 'replaced']);
    expect(codeOf(await draftEnd(world, first))).toBe('FUND_TOP_UP_UNKNOWN');
    const waiting = accepted(await draftEnd(world, second)).act;
    await signAs(world, waiting, world.officers);
    const third = await callTopUp(world);
    expect(codeOf(await execute(world, waiting, applyWithdrawal, lockWithdrawal))).toBe(
      'FUND_TOP_UP_UNKNOWN',
    );
    await withdrawTopUp(world, third);
    expect(await states()).toEqual(['withdrawn', 'replaced', 'replaced']);
    expect(await callInForce(fresh.db, world.community)).toBeUndefined();
    expect((await summary())?.withdrawal?.documentHash).toBe(acceptance(240));
    expect(codeOf(await draftEnd(world, third))).toBe('FUND_TOP_UP_UNKNOWN');
  });

  it('is not signed by the committee alone, nor by committee and regulator', async () => {
    const { act } = accepted(await draftTopUp(world));
    await signAs(world, act, world.officers.slice(0, 1));
    await expect(signAs(world, act, [world.regulator])).rejects.toThrow('ACTION_ROLE');
  });
});

it('a call and the annulment of its resolution stand in one order in the log, and what stands after an annulment is no call', async () => {
  for (let round = 0; round < 4; round += 1) {
    const one = await poorWorld(fresh, `call race ${worlds} ${round}`);
    const call = await signedDraft(one);
    const { community, meeting, proposal, officers, regulator } = one;
    const request = { community, meeting, proposal, documentHash: acceptance(243) };
    const annulment = accepted(await draftAnnulment(one.deps, request, 'test')).act;
    await signAs(one, annulment, [...officers.slice(1), regulator]);
    const [called, annulled] = await Promise.all([
      execute(one, call, applyCall, lockCall),
      execute(one, annulment, applyAnnulment, lockAnnulment),
    ]);
    accepted(annulled);
    const kinds = await fresh.db
      .selectFrom('log_entry')
      .select('kind')
      .where('community_id', '=', community)
      .where('kind', 'in', ['topup.called', 'resolution.annulled'])
      .orderBy('id')
      .execute();
    expect(kinds.map(({ kind }) => kind)).toEqual(
      called.ok ? ['topup.called', 'resolution.annulled'] : ['resolution.annulled'],
    );
    expect((await listCalls(fresh.db, community)).length).toBe(called.ok ? 1 : 0);
  }
});

describe('arithmetic', () => {
  const fen = fc.bigInt(0n, 10n ** 12n);

  it('asks for the least whole fen that reach the target', () => {
    fc.assert(
      fc.property(
        fen,
        fc.bigInt(1n, 10n ** 12n),
        fc.integer({ min: 30, max: 100 }),
        (balance, first, percent) => {
          const due = topUpDue(balance, first, percent);
          if (balance * 100n >= first * 30n) {
            expect(due).toBe(0n);
            return;
          }
          expect((balance + due) * 100n >= first * BigInt(percent)).toBe(true);
          expect((balance + due - 1n) * 100n < first * BigInt(percent)).toBe(true);
        },
      ),
    );
  });

  it('leaves open what was asked less what came in, between nothing and all of it', () => {
    fc.assert(
      fc.property(fen, fc.bigInt(-(10n ** 12n), 10n ** 12n), (due, cameIn) => {
        const open = stillDue(due, cameIn);
        expect(open >= 0n && open <= due).toBe(true);
        if (cameIn >= 0n && cameIn <= due) expect(open + cameIn).toBe(due);
      }),
    );
  });
});
