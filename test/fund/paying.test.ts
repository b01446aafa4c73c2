// Goal: a payment goes to the resolution's payee, within what was accepted, signed by two officers, at its place in the book.
// Method: each condition broken once on a real database with real signatures.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { accountOfAct } from '../../src/fund/account-opening.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { openBalances } from '../../src/fund/opening.ts';
import { listOrders } from '../../src/fund/ordering.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import { readBook } from '../../src/fund/reading.ts';
import { releaseRest } from '../../src/fund/releasing.ts';
import { readAct, takeSignedAct } from '../../src/officers/acts.ts';
import { accountHash } from '../../src/record/meeting.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  codeOf,
  deposit,
  draft,
  execute,
  type FundWorld,
  fundWorld,
  PAYEE_ACCOUNT,
  PAYEE_OPENING,
  pay,
  signAs,
} from './fund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let authorisation: string;
let worlds = 0;

const accrue = (amountFen: bigint, document: number) =>
  accrueStage(world.deps, {
    community: world.community,
    authorisation,
    amountFen,
    stage: 'progress',
    acceptanceHash: acceptance(document),
  });
const ref = () => ({ community: world.community, authorisation });

beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `paying ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 7001n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [100_000n, 100_000n]));
  authorisation = await authorise(world);
  accepted(await holdShares(world.deps, ref()));
  accepted(await accrue(4000n, 1));
});

describe('a payment', () => {
  it('to another account than the resolution names is refused', async () => {
    const other = accountHash(new Uint8Array(16), '6222');
    expect(codeOf(await draft(world, authorisation, 4000n, other))).toBe('FUND_PAYEE_DIFFERS');
  });

  it.each([4001n, 0n, -1n])('of %s fen, where 4000 are payable, is refused', async (amountFen) => {
    expect(codeOf(await draft(world, authorisation, amountFen))).toBe('FUND_ABOVE_PAYABLE');
  });

  it('that only one officer signed is not executed', async () => {
    const { act } = accepted(await draft(world, authorisation, 4000n));
    await signAs(world, act, world.officers.slice(0, 1));
    expect(await inTransaction(fresh.db, (tx) => takeSignedAct(tx, act))).toBeUndefined();
    expect(accepted(await readBook(fresh.db, world.community)).totals.payable).toBe(4000n);
  });

  it('whose book moved on is refused, undone, and drafted again', async () => {
    const { act } = accepted(await draft(world, authorisation, 4000n));
    accepted(await accrue(1000n, 2));
    await signAs(world, act, world.officers);
    expect(codeOf(await execute(world, act))).toBe('FUND_BOOK_MOVED_ON');
    expect((await readAct(world.deps, act))?.act).toMatchObject({ state: 'refused', entry_id: null });
    await pay(world, authorisation, 4000n);
    const book = accepted(await readBook(fresh.db, world.community));
    expect(book).toMatchObject({ lastSeq: 6n, totals: { payable: 1000n, bank: 196_000n } });
    const payments = await listOrders(fresh.db, world.community);
    expect(payments.map(({ state, refusal }) => [state, refusal]).sort()).toEqual([
      ['done', ''],
      ['refused', 'FUND_BOOK_MOVED_ON'],
    ]);
  });

  it('drafted twice under one key is one order; other content under the key is refused', async () => {
    const request = { ...ref(), amountFen: 4000n, payeeAccount: PAYEE_ACCOUNT, reference: '一', key: 'once' };
    const first = accepted(await draftPayment(world.deps, request, 'test'));
    expect(accepted(await draftPayment(world.deps, request, 'test'))).toEqual(first);
    const other = await draftPayment(world.deps, { ...request, amountFen: 1n }, 'test');
    expect(codeOf(other)).toBe('FUND_ENTRY_DIFFERS');
  });

  it('shows its account to who may sign, where the drafter gave what opens the hash, and to nobody otherwise', async () => {
    const request = { ...ref(), amountFen: 4000n, payeeAccount: PAYEE_ACCOUNT, reference: '一' };
    const other = { ...PAYEE_OPENING, number: '6222000000000000' };
    const wrong = await draftPayment(world.deps, { ...request, payeeOpening: other, key: 'wrong' }, 'test');
    expect(codeOf(wrong)).toBe('FUND_PAYEE_DIFFERS');
    const opened = { ...request, payeeOpening: PAYEE_OPENING, key: 'opened' };
    const { act } = accepted(await draftPayment(world.deps, opened, 'test'));
    const { payeeOpening: _, ...without } = opened;
    expect(codeOf(await draftPayment(world.deps, without, 'test'))).toBe('FUND_ENTRY_DIFFERS');
    const signer = (role: 'committee' | 'street' | 'clerk') => ({
      officer: present(world.officers[0], 'an officer').officer,
      role,
      community: role === 'street' ? '' : world.community,
    });
    const seenBy = (role: 'committee' | 'street' | 'clerk', asked: string) =>
      accountOfAct(world.deps, signer(role), { community: world.community, act: asked });
    for (const role of ['committee', 'street'] as const)
      expect(accepted(await seenBy(role, act))).toEqual(PAYEE_OPENING);
    expect(codeOf(await seenBy('clerk', act))).toBe('NOT_ALLOWED');
    const closed = accepted(await draftPayment(world.deps, { ...without, key: 'closed' }, 'test'));
    expect(codeOf(await seenBy('committee', closed.act))).toBe('ACT_UNKNOWN');
  });

  it('names its bank where the book has two, and takes no more than that bank holds', async () => {
    const second = await fundWorld(fresh, {
      seed: `second ${worlds}`,
      units: [
        { building: '1幢', room: '101', areaDm2: 5000n },
        { building: '1幢', room: '102', areaDm2: 1n },
      ],
      capFen: 10_000n,
    });
    accepted(await deposit(second, [10_000n]));
    const rest = await openBalances(second.deps, {
      community: second.community,
      statement: { reference: '另一对账单', asOn: '2026-11-30' },
      bank: { name: '工行', lastDigits: '88' },
      balances: [{ unit: second.units[1]?.unit ?? '', amountFen: 100n }],
    });
    accepted(rest);
    const id = await authorise(second);
    accepted(await holdShares(second.deps, { community: second.community, authorisation: id }));
    const stage = { stage: 'final' as const, acceptanceHash: acceptance(1) };
    accepted(
      await accrueStage(second.deps, {
        community: second.community,
        authorisation: id,
        amountFen: 5000n,
        ...stage,
      }),
    );
    expect(codeOf(await draft(second, id, 5000n))).toBe('FUND_BANK_UNCLEAR');
    const { banks } = accepted(await readBook(fresh.db, second.community));
    expect(banks.map(({ name }) => name)).toEqual(['资产:专户存款:工行尾号88', '资产:专户存款:建行尾号0071']);
    const paying = (bank: string, key: string) =>
      draftPayment(
        second.deps,
        {
          community: second.community,
          authorisation: id,
          amountFen: 5000n,
          payeeAccount: PAYEE_ACCOUNT,
          reference: '',
          key,
          bank,
        },
        'test',
      );
    expect(codeOf(await paying(banks[0]?.account ?? '', 'a'))).toBe('FUND_BANK_SHORT');
    const { act } = accepted(await paying(banks[1]?.account ?? '', 'b'));
    await signAs(second, act, second.officers);
    accepted(await execute(second, act));
    const after = accepted(await readBook(fresh.db, second.community));
    expect(after.banks.map(({ balanceFen }) => balanceFen)).toEqual([100n, 5000n]);
  });
});

describe('a booking date', () => {
  it('is today, and the last one of the book where the clock stands before it', async () => {
    const lastOn = async () => accepted(await readBook(fresh.db, world.community)).lastBookedOn;
    world.time.advance(2 * 86_400_000);
    accepted(await accrue(1n, 2));
    expect(await lastOn()).toBe('2026-12-12');
    world.time.advance(-86_400_000);
    accepted(await accrue(1n, 3));
    expect(await lastOn()).toBe('2026-12-12');
  });
});

describe('an authorisation', () => {
  it('that is closed: no accrual, no payment; a second release is the first', async () => {
    await pay(world, authorisation, 4000n);
    expect(codeOf(await releaseRest(world.deps, ref()))).toBe('FUND_CLOSING_NEEDED');
    const released = await closeWork(world, ref());
    expect(codeOf(await accrue(1n, 2))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(codeOf(await draft(world, authorisation, 1n))).toBe('FUND_AUTHORISATION_CLOSED');
    expect(accepted(await releaseRest(world.deps, ref()))).toEqual(released);
  });

  it('that is used up has nothing to release', async () => {
    accepted(await accrue(6000n, 2));
    await pay(world, authorisation, 10_000n);
    expect(await closeWork(world, ref())).toBeUndefined();
    expect(codeOf(await releaseRest(world.deps, ref()))).toBe('FUND_NOTHING_HELD');
  });

  it.each([6001n, 0n])('takes no stage of %s fen where 6000 are held', async (amountFen) => {
    expect(codeOf(await accrue(amountFen, 3))).toBe('FUND_ABOVE_HELD');
  });

  it.each([
    [6001n, 'FUND_ABOVE_HELD'],
    [6999n, 'FUND_ABOVE_HELD'],
    [7000n, 'FUND_OVERRUN_NEEDS_VOTE'],
  ])('takes no stage of %s fen after 4000 of 10000: from 11000 on owners vote again', async (fen, code) => {
    expect(codeOf(await accrue(fen, 3))).toBe(code);
  });

  it('that is unknown, or of another community, opens nothing', async () => {
    const other = await fundWorld(fresh, {
      seed: `other ${worlds}`,
      units: [{ building: '1幢', room: '101', areaDm2: 1n }],
      capFen: 1n,
    });
    expect(codeOf(await holdShares(other.deps, { community: other.community, authorisation }))).toBe(
      'FUND_BOOK_MISSING',
    );
    accepted(await deposit(other, [5n]));
    const foreign = { community: other.community, authorisation };
    expect(codeOf(await holdShares(other.deps, foreign))).toBe('FUND_AUTHORISATION_UNKNOWN');
    expect(codeOf(await releaseRest(other.deps, foreign))).toBe('FUND_AUTHORISATION_UNKNOWN');
  });
});

describe('a hold', () => {
  it('without every household funded is refused with the list, and nothing is held', async () => {
    const poor = await fundWorld(fresh, {
      seed: `poor ${worlds}`,
      units: [
        { building: '1幢', room: '101', areaDm2: 5000n },
        { building: '1幢', room: '102', areaDm2: 5000n },
        { building: '1幢', room: '103', areaDm2: 5000n },
      ],
      capFen: 30_000n,
    });
    accepted(await deposit(poor, [10_000n, 9_999n]));
    const id = await authorise(poor);
    const held = await holdShares(poor.deps, { community: poor.community, authorisation: id });
    const missing = [
      { unit: poor.units[1]?.unit, shareFen: 10_000n, availableFen: 9_999n, missingFen: 1n },
      { unit: poor.units[2]?.unit, shareFen: 10_000n, availableFen: 0n, missingFen: 10_000n },
    ];
    expect(held.ok ? {} : held.refusal).toEqual({
      code: 'FUND_HOUSEHOLDS_SHORT',
      facts: { households: 2, missingFen: '10001' },
      shortfalls: missing,
    });
    const book = accepted(await readBook(fresh.db, poor.community));
    expect(book.totals.unit_held).toBe(0n);
    expect(book.authorisations[0]?.shortfalls).toEqual(missing);
  });
});
