// Goal: a call asks exactly the homes with less than three tenths, for what the scheme makes of the book, by a decision that stands, and
// what comes in answers it. Method: the shells with real signatures on a real database; the printed law case; races with exact counts.
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBase64Url } from '../../src/base/bytes.ts';
import { applyAnnulment, draftAnnulment, lockAnnulment } from '../../src/fund/annulling.ts';
import { fundFiles } from '../../src/fund/bundling.ts';
import { applyCall, applyWithdrawal, lockCall, lockWithdrawal } from '../../src/fund/calling.ts';
import { callInForce, listCalls, readCall, summariseCalls } from '../../src/fund/calls.ts';
import { stillDue } from '../../src/fund/domain/top-ups.ts';
import { receive } from '../../src/fund/receiving.ts';
import { draftReversal } from '../../src/fund/reversing.ts';
import { callRecords } from '../../src/fund/store/top-ups.ts';
import { fundLineForm } from '../../src/record/bundle-lines.ts';
import { topUpCallForm, topUpDue } from '../../src/record/top-up.ts';
import { freshDatabase } from '../support/database.ts';
import { acceptance, accepted, codeOf, execute, type FundWorld, fundWorld, signAs } from './fund-world.ts';
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
  it('asks the home at 299,999 fen and the empty one, up to the whole first deposit, and not the one at 300,000', async () => {
    const call = await callTopUp(world);
    const { homes } = accepted(await readCall(fresh.db, world.community, call));
    expect(homes.map(({ room, balanceFen, dueFen, openFen }) => [room, balanceFen, dueFen, openFen])).toEqual(
      [
        ['101', 299_999n, 700_001n, 700_001n],
        ['103', 0n, 1_000_000n, 1_000_000n],
      ],
    );
    expect(await summary()).toMatchObject({
      state: 'open',
      homes: 2,
      dueFen: 1_700_001n,
      open: { homes: 2, fen: 1_700_001n },
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
      seq: 2,
      units: [
        { unit: unitAt(0), firstFen: '1000000', balanceFen: '299999', dueFen: '1' },
        { unit: unitAt(1), firstFen: '1000000', balanceFen: '300000', dueFen: '0' },
        { unit: unitAt(2), firstFen: '1000000', balanceFen: '0', dueFen: '300000' },
      ],
    });
  });

  it('is answered by what comes in, and no more by what is reversed; nobody is asked for more than it said', async () => {
    const call = await callTopUp(world);
    const open = async () =>
      accepted(await readCall(fresh.db, world.community, call)).homes.map(({ openFen }) => openFen);
    await payIn(0, 500_000n);
    const seq = await payIn(0, 300_000n);
    expect(await open()).toEqual([0n, 1_000_000n]);
    const { act } = accepted(
      await draftReversal(
        world.deps,
        { community: world.community, seq, reference: '退回', key: 'undo' },
        'test',
      ),
    );
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    expect(await open()).toEqual([200_001n, 1_000_000n]);
    expect((await summary())?.open).toEqual({ homes: 2, fen: 1_200_001n });
  });

  it('counts what came in while the officers signed', async () => {
    const act = await signedDraft();
    await payIn(2, 1_000_000n);
    accepted(await executed(act));
    expect((await summary())?.open).toEqual({ homes: 1, fen: 700_001n });
  });

  it('stands in the bundle with the others of its kind, in the order of the log', async () => {
    const first = await callTopUp(world);
    const second = await callTopUp(world, { targetPercent: 50 });
    const { lines } = await fundFiles(fresh.db, world.community, async () => () => false);
    const calls = lines
      .map((bytes) => fundLineForm.own(bytes))
      .filter(({ kind }) => kind === 'top-up-call')
      .map(({ record }) => topUpCallForm.own(fromBase64Url(record) ?? new Uint8Array()).call);
    expect(calls).toEqual([first, second]);
  });
});

describe('a call needs a decision', () => {
  const rule = { meeting: '', proposal: '', documentHash: acceptance(241) };

  it('and takes the rule of the city where there is no resolution', async () => {
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
