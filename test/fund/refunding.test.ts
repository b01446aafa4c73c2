// Goal: a unit that is no more gets its whole balance back, once, by two officers of whom one is the regulator, and its account is closed
// for ever. Method: the shells with real signatures, then raw SQL as the application and as the owner of the tables.
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { accountOfAct, openedAccountHash } from '../../src/fund/account-opening.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { fundFiles } from '../../src/fund/bundling.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { distributeInterest, receiveInterest } from '../../src/fund/interest.ts';
import { draftIdentification } from '../../src/fund/moving.ts';
import { draftPayment } from '../../src/fund/paying.ts';
import { readStatement } from '../../src/fund/reading.ts';
import { receive } from '../../src/fund/receiving.ts';
import { applyRefund, draftRefund, listExtinguished, listRefunds } from '../../src/fund/refunding.ts';
import { draftReversal, returnPayment } from '../../src/fund/reversing.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
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
  PAYEE_ACCOUNT,
  signAs,
} from './fund-world.ts';
import { refusedBy } from './raw-book.ts';
import { demolish, rebuild } from './refund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

const OWNER_OPENING = { salt: toBase64Url(new Uint8Array(16).fill(1)), number: '6217000012345678901' };
const OWNER_ACCOUNT = openedAccountHash(OWNER_OPENING);
const DOCUMENT = acceptance(202);
const BANK = { name: '建行', lastDigits: '0071' };

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `refunding ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 5000n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n]));
});

const unit = (at = 0): string => present(world.units[at], 'a unit').unit;
const drafted = (at = 0, expected: { readonly expectedFen?: bigint } = {}) =>
  draftRefund(
    world.deps,
    {
      community: world.community,
      unit: unit(at),
      payeeOpening: OWNER_OPENING,
      documentHash: DOCUMENT,
      ...expected,
    },
    'test',
  );
async function refund(): Promise<string> {
  const { act } = accepted(await drafted());
  await signAs(world, act, [...world.officers.slice(1), world.regulator]);
  accepted(await execute(world, act, applyRefund));
  return present((await listRefunds(fresh.db, world.community))[0], 'the refund').authorisation;
}
const signer = (role: string, community = world.community) => ({
  officer: present(world.officers[0], 'an officer').officer,
  role,
  community,
});
const receipt = (of: string, number = '1001') =>
  receive(world.deps, {
    community: world.community,
    bank: BANK,
    receipts: [{ receipt: number, unit: of, amountFen: 100n, valueOn: '2026-11-30' }],
  });
const payout = (authorisation: string, payeeAccount = OWNER_ACCOUNT, key = 'refund payment') =>
  draftPayment(
    world.deps,
    { community: world.community, authorisation, amountFen: 9000n, payeeAccount, reference: '返还', key },
    'test',
  );

describe('the account behind the hash', () => {
  beforeEach(() => demolish(world, 0));

  it('is shown to whoever may sign while the act is open, and written down first', async () => {
    const { act } = accepted(await drafted());
    const asked = { community: world.community, act };
    for (const role of ['committee', 'street', 'regulator'])
      expect(accepted(await accountOfAct(world.deps, signer(role), asked))).toEqual(OWNER_OPENING);
    const accesses = await fresh.db
      .selectFrom('personal_access')
      .select(['kind', 'reason'])
      .where('subject_id', '=', act)
      .execute();
    expect(accesses).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'act.openings', reason: 'refund.authorised' })),
    );
    expect(codeOf(await accountOfAct(world.deps, signer('clerk'), asked))).toBe('NOT_ALLOWED');
    const stranger = signer('street', newId(world.deps.random));
    expect(codeOf(await accountOfAct(world.deps, stranger, asked))).toBe('ACT_UNKNOWN');
    await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    expect(codeOf(await accountOfAct(world.deps, signer('street'), asked))).toBe('ACT_NOT_OPEN');
  });

  it('rests sealed, and stands in no act and no file of a bundle', async () => {
    await refund();
    const { number, salt } = OWNER_OPENING;
    const { rows } = await sql<{ sealed_opening: Uint8Array }>`
      select sealed_opening from fund_account_opening where community_id = ${world.community}`.execute(
      fresh.db,
    );
    const texts = rows.map(({ sealed_opening }) => Buffer.from(sealed_opening).toString('latin1'));
    expect(texts).toHaveLength(1);
    const acts = await fresh.db
      .selectFrom('act')
      .select(['details', 'entry'])
      .where('community_id', '=', world.community)
      .execute();
    const files = await fundFiles(fresh.db, world.community, async () => () => true);
    const open = JSON.stringify([
      texts,
      acts.map(({ details, entry }) => [details, Buffer.from(entry).toString()]),
      files,
    ]);
    expect(open).not.toContain(number);
    expect(open).not.toContain(salt);
  });

  it('is kept from change and removal by the database', async () => {
    accepted(await drafted());
    const changes = [
      [sql`update fund_account_opening set sealed_opening = '\\x00'`, 'fund_account_opening_resealed'],
      [sql`update fund_account_opening set act_id = community_id`, 'fund_account_opening_frozen'],
      [sql`delete from fund_account_opening`, 'fund_account_opening_frozen'],
      [sql`truncate fund_account_opening`, 'fund_account_opening_append_only'],
      [sql`insert into fund_account_opening select * from fund_account_opening`, 'fund_account_opening_pk'],
      [
        sql`insert into fund_account_opening select community_id, ${newId(world.deps.random)}, sealed_opening from fund_account_opening limit 1`,
        'fund_account_opening_act_fk',
      ],
      [
        sql`insert into fund_account_opening select ${newId(world.deps.random)}, act_id, sealed_opening from fund_account_opening limit 1`,
        'fund_account_opening_community_fk',
      ],
    ] as const;
    for (const [change, constraint] of changes)
      expect(await refusedBy(() => change.execute(fresh.owner))).toBe(constraint);
  });
});

describe('a refund', () => {
  it('moves the whole balance to the payable account and is paid by two officers to the account it names', async () => {
    await demolish(world, 0);
    const authorisation = await refund();
    expect(await balancesOf(world, 'unit_available')).toEqual([0n, 9000n]);
    const [listed] = await listRefunds(fresh.db, world.community);
    expect(listed).toMatchObject({
      unit: unit(),
      amountFen: 9000n,
      payableFen: 9000n,
      documentHash: DOCUMENT,
    });
    expect(listed?.account).toBe('负债:分户账:1幢:101:可用');
    expect(codeOf(await payout(authorisation, PAYEE_ACCOUNT))).toBe('FUND_PAYEE_DIFFERS');
    const { act } = accepted(await payout(authorisation));
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    expect((await listRefunds(fresh.db, world.community))[0]?.payableFen).toBe(0n);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
    const statement = accepted(await readStatement(fresh.db, world.community, unit()));
    expect(statement.lines.map(({ kind }) => kind)).toEqual(['deposit', 'refund']);
  });

  it('that the bank sends back is payable again', async () => {
    await demolish(world, 0);
    const authorisation = await refund();
    const { act } = accepted(await payout(authorisation));
    await signAs(world, act, world.officers);
    accepted(await execute(world, act));
    const returned = { community: world.community, seq: 4n, receipt: '退1', valueOn: '2026-11-30' };
    accepted(await returnPayment(world.deps, returned));
    accepted(await payout(authorisation, OWNER_ACCOUNT, 'again'));
  });

  it('stands in the bundle between the authorisations and the entries', async () => {
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    await closeWork(world, at);
    await demolish(world, 0);
    await refund();
    const lines = (await fundFiles(fresh.db, world.community, async () => () => false)).lines;
    const [first, second, ...entries] = lines.map((line) => JSON.parse(new TextDecoder().decode(line)).kind);
    expect([first, second, ...new Set(entries)]).toEqual(['authorisation', 'refund', 'fund-entry']);
  });

  it('is signed by the regulator and one other, never by the committee and the street', async () => {
    await demolish(world, 0);
    const { act } = accepted(await drafted());
    await expect(signAs(world, act, world.officers)).rejects.toThrow('ACTION_ROLE');
  });

  it('closes the account: no receipt, no identification, no opening balance, no second refund', async () => {
    await demolish(world, 0);
    await refund();
    await rebuild(world);
    expect(codeOf(await receipt(unit()))).toBe('FUND_UNIT_REFUNDED');
    expect(codeOf(await deposit(world, [1n], '另一张对账单'))).toBe('FUND_UNIT_REFUNDED');
    accepted(await receipt('', '1002'));
    const identified = await draftIdentification(
      world.deps,
      {
        community: world.community,
        items: [{ unit: unit(), amountFen: 1n }],
        seq: 1n,
        reference: '认领',
        key: 'k',
      },
      'test',
    );
    expect(codeOf(identified)).toBe('FUND_UNIT_REFUNDED');
    expect(codeOf(await drafted())).toBe('FUND_UNIT_REFUNDED');
    const reversal = { community: world.community, seq: 1n, reference: '退票', key: 'r' };
    expect(codeOf(await draftReversal(world.deps, reversal, 'test'))).toBe('FUND_MONEY_MOVED_ON');
    const at = { community: world.community, authorisation: await authorise(world) };
    expect(codeOf(await holdShares(world.deps, at))).toBe('FUND_HOUSEHOLDS_SHORT');
  });

  it('lets a receipt of before be found standing, beside a new one of another unit', async () => {
    accepted(await receipt(unit(), '1001'));
    await demolish(world, 0);
    const { act } = accepted(await drafted());
    await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    accepted(await execute(world, act, applyRefund));
    const of = (number: string, at: number) => ({
      receipt: number,
      unit: unit(at),
      amountFen: 100n,
      valueOn: '2026-11-30',
    });
    const again = (receipts: readonly ReturnType<typeof of>[]) =>
      receive(world.deps, { community: world.community, bank: BANK, receipts });
    expect(accepted(await again([of('1001', 0), of('1002', 1)]))).toMatchObject({ booked: 1, repeated: 1 });
    expect(codeOf(await again([of('1001', 0), of('1003', 0)]))).toBe('FUND_UNIT_REFUNDED');
  });

  it('is offered for units that the register lists no more, while they have money, with what is held of it', async () => {
    const listed = () => listExtinguished(fresh.db, world.community);
    expect(await listed()).toEqual([]);
    await demolish(world, 0);
    const home = { unit: unit(), account: '负债:分户账:1幢:101:可用' };
    expect(await listed()).toEqual([{ ...home, availableFen: 9000n, heldFen: 0n }]);
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    expect(await listed()).toEqual([{ ...home, availableFen: 4000n, heldFen: 5000n }]);
    await closeWork(world, at);
    await refund();
    expect(await listed()).toEqual([]);
  });

  it('is refused while a resolution that is still open has a share of the unit', async () => {
    await authorise(world);
    await demolish(world, 0);
    expect(codeOf(await drafted())).toBe('FUND_UNIT_AUTHORISED');
  });

  it('is refused for a unit in force, one without an account, one with money held, while interest waits', async () => {
    expect(codeOf(await drafted())).toBe('FUND_UNIT_IN_FORCE');
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    await demolish(world, 0);
    expect(codeOf(await drafted())).toBe('FUND_UNIT_HELD');
    await closeWork(world, at);
    const interest = { community: world.community, bank: BANK, receipt: '息1', amountFen: 11n };
    accepted(await receiveInterest(world.deps, { ...interest, valueOn: '2026-11-30' }));
    expect(codeOf(await drafted())).toBe('FUND_INTEREST_WAITS');
    const empty = await fundWorld(fresh, { seed: `empty ${worlds}`, units: world.units, capFen: 1n });
    const asked = { community: empty.community, payeeOpening: OWNER_OPENING, documentHash: DOCUMENT };
    const other = present(empty.units[0], 'a unit').unit;
    const answer = () => draftRefund(empty.deps, { ...asked, unit: other }, 'test');
    expect(codeOf(await answer())).toBe('FUND_BOOK_MISSING');
    accepted(await deposit(empty, [0n, 1n]));
    await demolish(empty, 0);
    expect(codeOf(await answer())).toBe('FUND_UNIT_UNKNOWN');
  });

  it('is drafted for the balance that was seen only', async () => {
    await demolish(world, 0);
    expect(await drafted(0, { expectedFen: 8999n })).toEqual({
      ok: false,
      refusal: { code: 'FUND_BALANCE_DIFFERS', where: 'expectedFen', facts: { balanceFen: '9000' } },
    });
    accepted(await drafted(0, { expectedFen: 9000n }));
  });

  it('falls where the balance changed while the officers signed', async () => {
    await demolish(world, 0);
    const { act } = accepted(await drafted());
    await signAs(world, act, [...world.officers.slice(0, 1), world.regulator]);
    await rebuild(world);
    accepted(await receipt(unit()));
    await demolish(world, 0);
    expect(codeOf(await execute(world, act, applyRefund))).toBe('FUND_BALANCE_DIFFERS');
    expect(await balancesOf(world, 'unit_available')).toEqual([9100n, 9000n]);
  });

  it('that two pairs of officers signed is booked once', async () => {
    await demolish(world, 0);
    const acts = [accepted(await drafted()).act, accepted(await drafted()).act];
    for (const act of acts) await signAs(world, act, [...world.officers.slice(0, 1), world.regulator]);
    const done = await Promise.all(acts.map((act) => execute(world, act, applyRefund)));
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(done.filter(({ ok }) => !ok).map(codeOf)).toEqual(['FUND_UNIT_REFUNDED']);
    expect(await listRefunds(fresh.db, world.community)).toHaveLength(1);
  });

  it('and a deposit at the same time leave no fen behind', async () => {
    await demolish(world, 0);
    const { act } = accepted(await drafted());
    await signAs(world, act, [...world.officers.slice(0, 1), world.regulator]);
    await rebuild(world);
    const deposited = receipt(unit());
    await demolish(world, 0);
    const [refunded, received] = await Promise.all([execute(world, act, applyRefund), deposited]);
    const left = await balancesOf(world, 'unit_available');
    expect(refunded.ok ? 0n : 9100n - (received.ok ? 0n : 100n)).toBe(left[0]);
  });

  it('takes the unit out of later interest, which goes to those who remain', async () => {
    await demolish(world, 0);
    await refund();
    world.time.advance(5 * 86_400_000);
    const interest = { community: world.community, bank: BANK, receipt: '息2', amountFen: 7n };
    accepted(await receiveInterest(world.deps, { ...interest, valueOn: '2026-12-01' }));
    accepted(await distributeInterest(world.deps, { community: world.community, until: '2026-12-02' }));
    expect(await balancesOf(world, 'unit_available')).toEqual([0n, 9007n]);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
  });

  it('waits while an accrual that the unit has a part in is unpaid', async () => {
    const at = { community: world.community, authorisation: await authorise(world) };
    accepted(await holdShares(world.deps, at));
    const stage = { ...at, stage: 'final' as const, acceptanceHash: acceptance(1) };
    accepted(await accrueStage(world.deps, { ...stage, amountFen: 10_000n }));
    await demolish(world, 0);
    expect(codeOf(await drafted())).toBe('FUND_UNIT_AUTHORISED');
  });
});
