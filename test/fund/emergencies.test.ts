// Goal: an emergency opens the fund only where the regulator and another declared that it may, by the street office and another, and then
// goes the same road as every other work. Method: the shells with real signatures on a real database; shares worked out by hand.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { accrueStage } from '../../src/fund/accruing.ts';
import { fundFiles } from '../../src/fund/bundling.ts';
import { checkBook } from '../../src/fund/checking.ts';
import { applyDeclaration, emergencyRule, lockDeclaration } from '../../src/fund/declaring.ts';
import { applyEmergency, lockEmergency } from '../../src/fund/emergencies.ts';
import { exportJournal } from '../../src/fund/exporting.ts';
import { holdShares } from '../../src/fund/holding.ts';
import { inspectBook } from '../../src/fund/inspecting.ts';
import { listEmergencies } from '../../src/fund/listing-emergencies.ts';
import { readPublicBook } from '../../src/fund/public-book.ts';
import { draftRefund } from '../../src/fund/refunding.ts';
import { resolutionTitles } from '../../src/fund/resolution-titles.ts';
import { freshDatabase } from '../support/database.ts';
import { closeWork } from './closing-world.ts';
import { authoriseLift, declare, draftLift, draftRule } from './emergency-world.ts';
import {
  acceptance,
  accepted,
  authorise,
  balancesOf,
  codeOf,
  deposit,
  draft,
  execute,
  type FundWorld,
  fundWorld,
  PAYEE_OPENING,
  pay,
  signAs,
} from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';
import { demolish } from './refund-world.ts';

const fresh = await freshDatabase();
afterAll(async () => fresh.close());

let world: FundWorld;
let worlds = 0;
beforeEach(async () => {
  worlds += 1;
  world = await fundWorld(fresh, {
    seed: `emergencies ${worlds}`,
    units: [
      { building: '1幢', room: '101', areaDm2: 5000n },
      { building: '1幢', room: '102', areaDm2: 2500n },
      { building: '2幢', room: '201', areaDm2: 2500n },
    ],
    capFen: 10_000n,
  });
  accepted(await deposit(world, [9000n, 9000n, 9000n]));
});

const at = (authorisation: string) => ({ community: world.community, authorisation });
const accrue = (authorisation: string, amountFen: bigint, document: number) =>
  accrueStage(world.deps, {
    ...at(authorisation),
    amountFen,
    stage: 'final',
    acceptanceHash: acceptance(document),
  });

describe('a community', () => {
  it('bars emergencies until the regulator and another declare otherwise, and again after that', async () => {
    expect(codeOf(await draftLift(world))).toBe('FUND_EMERGENCIES_BARRED');
    expect(await emergencyRule(fresh.db, world.community)).toBeUndefined();
    await declare(world);
    expect(await emergencyRule(fresh.db, world.community)).toMatchObject({
      emergencies: 'allowed',
      documentHash: acceptance(210),
    });
    expect(codeOf(await draftRule(world, 'allowed'))).toBe('FUND_EMERGENCIES_SAME');
    accepted(await draftLift(world));
    await declare(world, 'barred');
    expect(codeOf(await draftLift(world))).toBe('FUND_EMERGENCIES_BARRED');
  });

  it('may declare the same again over another document, which counts from then on', async () => {
    await declare(world);
    const lift = await authoriseLift(world);
    await declare(world, 'allowed', 213);
    expect(await emergencyRule(fresh.db, world.community)).toMatchObject({
      emergencies: 'allowed',
      documentHash: acceptance(213),
    });
    expect(codeOf(await draftRule(world, 'allowed', 213))).toBe('FUND_EMERGENCIES_SAME');
    accepted(await draftRule(world, 'allowed', 210));
    accepted(await holdShares(world.deps, at(lift)));
    accepted(await draftLift(world));
  });

  it('may bar emergencies over a document before anything was declared, once', async () => {
    await declare(world, 'barred');
    expect(await emergencyRule(fresh.db, world.community)).toMatchObject({
      emergencies: 'barred',
      documentHash: acceptance(210),
    });
    expect(codeOf(await draftRule(world, 'barred'))).toBe('FUND_EMERGENCIES_SAME');
  });

  it('takes no declaration from committee and street office, and none twice', async () => {
    const refused = accepted(await draftRule(world, 'allowed')).act;
    await expect(signAs(world, refused, world.officers)).rejects.toThrow('ACTION_ROLE');
    const acts = [
      accepted(await draftRule(world, 'allowed')).act,
      accepted(await draftRule(world, 'allowed')).act,
    ];
    for (const act of acts) await signAs(world, act, [...world.officers.slice(1), world.regulator]);
    const [first = '', second = ''] = acts;
    accepted(await execute(world, first, applyDeclaration));
    expect(codeOf(await execute(world, second, applyDeclaration))).toBe('FUND_EMERGENCIES_SAME');
  });

  it('without a book has nothing to open', async () => {
    const bare = await fundWorld(fresh, { seed: `bare ${worlds}`, units: world.units, capFen: 1n });
    expect(codeOf(await draftRule(bare, 'allowed'))).toBe('FUND_BOOK_MISSING');
    expect(codeOf(await draftLift(bare))).toBe('FUND_BOOK_MISSING');
  });
});

describe('an emergency', () => {
  it('is held by area, accepted, paid by two officers and closed like any other work', async () => {
    await declare(world);
    const lift = await authoriseLift(world, { capFen: 10_001n });
    accepted(await holdShares(world.deps, at(lift)));
    // 10,001 fen over 5000, 2500 and 2500 dm²: 5,000, 2,500, 2,500, and the left-over fen to the largest remainder.
    expect(await balancesOf(world, 'unit_held')).toEqual([5001n, 2500n, 2500n]);
    accepted(await accrue(lift, 4000n, 1));
    await pay(world, lift, 4000n);
    expect(codeOf(await accrue(lift, 8000n, 2))).toBe('FUND_OVERRUN_NEEDS_VOTE');
    expect(codeOf(await draft(world, lift, 1n))).toBe('FUND_ABOVE_PAYABLE');
    expect(codeOf(await draft(world, lift, 1n, acceptance(9)))).toBe('FUND_PAYEE_DIFFERS');
    await closeWork(world, at(lift));
    expect((await balancesOf(world, 'unit_held')).every((fen) => fen === 0n)).toBe(true);
    expect((await balancesOf(world, 'unit_available')).reduce((sum, fen) => sum + fen, 0n)).toBe(23_000n);
    expect(accepted(await checkBook(fresh.db, world.community)).findings).toEqual([]);
    const journal = accepted(await exportJournal(fresh.db, world.community));
    expect(journal).toContain(`负债:分户账:1幢:101:冻结:急修${lift.slice(0, 8)}`);
    expect(journalFaults(journal)).toEqual([]);
  });

  it('is public with its text from the moment that it is authorised', async () => {
    await declare(world);
    const lift = await authoriseLift(world);
    const book = accepted(await readPublicBook(fresh.db, world.community));
    const [charge] = book.charges;
    expect(charge?.title).toBe('紧急维修：电梯故障');
    expect(charge?.authorisation.record).toMatchObject({ authorisation: lift, kind: 'emergency' });
    expect(charge?.shortfalls).toEqual([]);
    expect(book.emergencies?.emergencies).toBe('allowed');
    const titles = await resolutionTitles(
      fresh.db,
      book.charges.map(({ authorisation }) => authorisation),
    );
    expect(titles.get(lift)).toBe('紧急维修：电梯故障');
  });

  it('stands in the bundle after the authorisations and before the entries', async () => {
    await declare(world);
    await authorise(world);
    await authoriseLift(world);
    const { lines, journal } = await fundFiles(fresh.db, world.community, async () => () => false);
    const kinds = lines.map((line) => JSON.parse(new TextDecoder().decode(line)).kind);
    expect([...new Set(kinds)]).toEqual(['authorisation', 'emergency', 'fund-entry']);
    expect(journal).toBeDefined();
  });

  it('of one building lays nothing on another', async () => {
    await declare(world);
    const lift = await authoriseLift(world, { units: { kind: 'buildings', members: ['1幢'] } });
    const [one] = await listEmergencies(fresh.db, world.community);
    expect(one?.record.shares.map(({ unit, amountFen }) => [unit, amountFen])).toEqual([
      [world.units[0]?.unit, '6667'],
      [world.units[1]?.unit, '3333'],
    ]);
    accepted(await holdShares(world.deps, at(lift)));
    expect(await balancesOf(world, 'unit_held')).toEqual([6667n, 3333n, 0n]);
  });

  it('of single units lays its shares on them alone, and its record names them in order', async () => {
    await declare(world);
    const members = world.units.slice(1).map(({ unit }) => unit);
    await authoriseLift(world, { units: { kind: 'units', members: members.toReversed() } });
    const [one] = await listEmergencies(fresh.db, world.community);
    expect(one?.record.units.members).toEqual(members);
    expect(one?.record.shares.map(({ unit }) => unit)).toEqual(members);
  });

  it.each([
    ['a building that nobody knows', { units: { kind: 'buildings', members: ['1幢', '9幢'] } }],
    ['a unit that nobody knows', { units: { kind: 'units', members: ['a'.repeat(26)] } }],
    ['a building twice', { units: { kind: 'buildings', members: ['1幢', '1幢'] } }],
    ['units that it does not name', { units: { kind: 'units', members: [] } }],
    ['the whole community and a building', { units: { kind: 'community', members: ['1幢'] } }],
  ] as const)('of %s is refused', async (_what, units) => {
    await declare(world);
    expect(codeOf(await draftLift(world, units))).toBe('FUND_SCOPE_UNKNOWN');
  });

  it.each(['text', 'payee', 'purpose'] as const)('that says nothing as its %s is refused', async (name) => {
    await declare(world);
    expect(codeOf(await draftLift(world, { [name]: '\u3000 ' }))).toBe('FUND_TEXT_BLANK');
  });

  it('of nothing is refused', async () => {
    await declare(world);
    expect(codeOf(await draftLift(world, { capFen: 0n }))).toBe('FUND_AMOUNT_ZERO');
  });

  it('is signed by the street office and another, never by committee and regulator', async () => {
    await declare(world);
    const { act } = accepted(await draftLift(world));
    const [committee] = world.officers;
    await signAs(world, act, [present(committee, 'the committee')]);
    await expect(signAs(world, act, [world.regulator])).rejects.toThrow('ACTION_ROLE');
    const second = accepted(await draftLift(world)).act;
    await signAs(world, second, [...world.officers.slice(1), world.regulator]);
    accepted(await execute(world, second, applyEmergency));
  });

  it('falls where emergencies were barred, or another register came into force, while officers signed', async () => {
    await declare(world);
    const [first, second] = [accepted(await draftLift(world)).act, accepted(await draftLift(world)).act];
    for (const act of [first, second]) await signAs(world, act, world.officers);
    await demolish(world, 2);
    expect(codeOf(await execute(world, first, applyEmergency))).toBe('FUND_REGISTER_CHANGED');
    await declare(world, 'barred');
    expect(codeOf(await execute(world, second, applyEmergency))).toBe('FUND_EMERGENCIES_BARRED');
    expect(await listEmergencies(fresh.db, world.community)).toEqual([]);
  });

  it('stands before the declaration that bars it or not at all, whichever of both comes first', async () => {
    for (let round = 0; round < 6; round += 1) {
      await declare(world);
      const lift = accepted(await draftLift(world)).act;
      await signAs(world, lift, world.officers);
      const rule = accepted(await draftRule(world, 'barred')).act;
      await signAs(world, rule, [...world.officers.slice(1), world.regulator]);
      const before = (await listEmergencies(fresh.db, world.community)).length;
      const [opened, barred] = await Promise.all([
        execute(world, lift, applyEmergency, lockEmergency),
        execute(world, rule, applyDeclaration, lockDeclaration),
      ]);
      accepted(barred);
      if (!opened.ok) expect(opened.refusal.code).toBe('FUND_EMERGENCIES_BARRED');
      expect((await listEmergencies(fresh.db, world.community)).length - before).toBe(opened.ok ? 1 : 0);
      const kinds = await fresh.db
        .selectFrom('log_entry')
        .select('kind')
        .where('community_id', '=', world.community)
        .where('kind', 'in', ['emergencies.declared', 'emergency.authorised'])
        .orderBy('id')
        .execute();
      expect(kinds.at(-1)?.kind).toBe('emergencies.declared');
    }
  });

  it('that a household cannot pay is not held, and its unit is not refunded while it is open', async () => {
    await declare(world);
    const lift = await authoriseLift(world, { capFen: 20_000n });
    expect(codeOf(await holdShares(world.deps, at(lift)))).toBe('FUND_HOUSEHOLDS_SHORT');
    await demolish(world, 0);
    const unit = present(world.units[0], 'a unit').unit;
    const refund = { community: world.community, unit, payeeOpening: PAYEE_OPENING };
    expect(codeOf(await draftRefund(world.deps, { ...refund, documentHash: acceptance(2) }, 'test'))).toBe(
      'FUND_UNIT_AUTHORISED',
    );
  });

  it('to one payee after another is what the regulator looks at', async () => {
    await declare(world);
    for (const document of [1, 2]) {
      const lift = await authoriseLift(world, { capFen: 1000n });
      accepted(await holdShares(world.deps, at(lift)));
      accepted(await accrue(lift, 1000n, document));
    }
    const kinds = accepted(await inspectBook(world.deps, world.community)).map(({ kind }) => kind);
    expect(kinds).toContain('emergency_repeated');
  });
});
