// Goal: the roll has the right heads, areas, totals, commitments and proofs, and is frozen once. Method: registers through the
// real import, rolls through real acts; the named cases of the law are in law-cases.test.ts.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { holdersHash, voterHash } from '../../src/record/identity.ts';
import type { Scope } from '../../src/record/meeting.ts';
import { leafHash, rootOfHashes, verifyInclusion } from '../../src/record/merkle.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';
import { draftEntitlements, proveAll, unitFaults } from '../../src/registry/domain/roll-leaves.ts';
import {
  entitlementsOfPerson,
  frozenLeaves,
  leafOfEntitlement,
  openingOf,
  openingsOf,
  rollInclusion,
  rollRootOf,
} from '../../src/registry/frozen-roll.ts';
import { applyRoll } from '../../src/registry/rolling.ts';
import { registryUnits } from '../../src/registry/units.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';
import { ALL, draft, freeze, valueIn } from './roll-world.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const random = seededRandom('rolling');

const mixed = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,102,90.00,陈大文,${NUMBERS.chen},已交付,,`,
  `1栋,103,100.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,`,
  `1栋,104,100.00,李小明、陈大文,${NUMBERS.li}、${NUMBERS.chen},已交付,,`,
  `2栋,201,70.00,某某置业有限公司,${NUMBERS.company},未售,,`,
  `2栋,202,71.00,王五,${NUMBERS.wang},已售未交付,,`,
  `2栋,203,72.00,某某置业有限公司,${NUMBERS.company},已交付,,`,
  `地下车库,A1,12.00,李小明,${NUMBERS.li},已交付,,`,
]);

describe('heads', () => {
  it('are owner sets with their areas added, and one for all of the developer’s stock', async () => {
    const the = await newCommunity(fresh, 'heads');
    await bringIntoForce(the, mixed);
    const roll = await freeze(the);
    const leaves = await frozenLeaves(fresh.db, the.community, roll.meeting);
    const rooms = leaves.map(({ leaf }) => [leaf.basis, leaf.units.map(({ room }) => room).join()]);
    expect(rooms.sort()).toEqual([
      ['developer-stock', '201,202,203'],
      ['owner-set', '101,102'],
      ['owner-set', '103,104'],
      ['owner-set', 'A1'],
    ]);
    // The parking space is on the roll and weighs nothing.
    expect(roll.size).toBe(4);
    expect(roll.totals.map(({ areaDm2, heads }) => [areaDm2, heads])).toEqual([['58300', 3]]);
  });

  it('of the developer belong to the company, not to who bought and has no key yet', async () => {
    const the = await newCommunity(fresh, 'developer');
    await bringIntoForce(the, mixed);
    const { meeting } = await freeze(the);
    const units = await registryUnits(fresh.db, the.community);
    const ownerOf = (room: string) => present(units.find((unit) => unit.room === room)?.owners[0], room);
    const [company, buyer] = [ownerOf('201'), ownerOf('202')];
    const [stock, ...rest] = await entitlementsOfPerson(fresh.db, the.community, meeting, company);
    expect(rest).toEqual([]);
    expect(stock?.leaf.basis).toBe('developer-stock');
    expect(await entitlementsOfPerson(fresh.db, the.community, meeting, buyer)).toEqual([]);
    const opening = await openingOf(fresh.db, the.community, meeting, present(stock, 'stock').entitlement);
    expect(opening?.holders.map(({ person }) => person)).toEqual([company]);
  });

  it('of one person are all that he holds, alone and with others', async () => {
    const the = await newCommunity(fresh, 'holders');
    await bringIntoForce(the, mixed);
    const { meeting } = await freeze(the);
    const units = await registryUnits(fresh.db, the.community);
    const chen = present(units.find(({ room }) => room === '101')?.owners[0], 'owner');
    const held = await entitlementsOfPerson(fresh.db, the.community, meeting, chen);
    expect(held.map(({ leaf }) => leaf.units.map(({ room }) => room).join()).sort()).toEqual([
      '101,102',
      '103,104',
    ]);
  });
});

describe('totals', () => {
  it('are those of each proposal’s scope, with parking only where it counts', async () => {
    const the = await newCommunity(fresh, 'totals');
    await bringIntoForce(the, mixed);
    const units = await registryUnits(fresh.db, the.community);
    const unit = present(
      units.find(({ room }) => room === 'A1'),
      'parking',
    ).unit;
    const building: Scope = { kind: 'buildings', members: ['2栋'] };
    const weigh = async (scopes: readonly Scope[], special: boolean) =>
      valueIn((await draft(the, { scopes, special })).drafted).totals.map((total) => [
        total.areaDm2,
        total.heads,
      ]);
    expect(await weigh([ALL, building], false)).toEqual([
      ['58300', 3],
      ['21300', 1],
    ]);
    expect(await weigh([ALL, { kind: 'units', members: [unit] }], true)).toEqual([
      ['59500', 4],
      ['1200', 1],
    ]);
    const empty = (await draft(the, { scopes: [ALL, { kind: 'units', members: [unit] }] })).drafted;
    expect(empty.ok ? '' : empty.refusal.code).toBe('ROLL_SCOPE_EMPTY');
  });

  it('of a generated community are those of its register', async () => {
    const the = await newCommunity(fresh, 'generated');
    const demo = generateCommunity({ units: 240, seed: 'rolling' });
    await bringIntoForce(the, demo.csv);
    const roll = await freeze(the, { special: true });
    const sum = demo.units.reduce((total, unit) => total + unit.areaDm2, 0n);
    expect(roll.totals[0]?.areaDm2).toBe(sum.toString());
    expect(roll.totals[0]?.heads).toBe(roll.size);
    const leaves = await frozenLeaves(fresh.db, the.community, roll.meeting);
    const units = leaves.flatMap(({ leaf }) => leaf.units.map(({ unit }) => unit));
    expect(new Set(units).size).toBe(240);
    expect(units).toHaveLength(240);
    const openings = await openingsOf(fresh.db, the.community, roll.meeting);
    const sets = openings.map(({ holders }) => holders.map(({ person }) => person).join());
    expect(new Set(sets).size).toBe(sets.length);
    for (const [at, { leaf }] of leaves.entries()) {
      const opening = present(openings[at], 'one for each leaf');
      expect(opening.entitlement).toBe(leaf.entitlement);
      expect(holdersHash(opening.holdersSalt, opening.holders)).toBe(leaf.holders);
      expect(voterHash(opening.voterSalt, opening.voter)).toBe(leaf.voter);
    }
  });
});

describe('proofs', () => {
  it('show every leaf under the frozen root', async () => {
    const the = await newCommunity(fresh, 'proofs');
    await bringIntoForce(the, generateCommunity({ units: 100, seed: 'proofs' }).csv);
    const { meeting } = await freeze(the);
    const root = present(await rollRootOf(fresh.db, the.community, meeting), 'frozen');
    const leaves = await frozenLeaves(fresh.db, the.community, meeting);
    expect(toBase64Url(rootOfHashes(leaves.map(({ bytes }) => leafHash(bytes))))).toBe(root.root);
    expect(leaves.map(({ entitlement }) => entitlement)).toEqual(
      leaves.map(({ entitlement }) => entitlement).sort(),
    );
    for (const { entitlement, bytes } of leaves) {
      const found = present(
        await rollInclusion(fresh.db, the.community, meeting, entitlement),
        'on the roll',
      );
      const proof = found.proof.map((text) => present(fromBase64Url(text), 'hash'));
      const verify = (leaf: Uint8Array) =>
        verifyInclusion(
          leafHash(leaf),
          found.index,
          found.size,
          present(fromBase64Url(root.root), 'root'),
          proof,
        );
      expect(verify(bytes)).toBe(true);
      expect(verify(Uint8Array.of(...bytes, 32))).toBe(false);
      const one = await leafOfEntitlement(fresh.db, the.community, meeting, entitlement);
      expect(one?.bytes).toEqual(bytes);
    }
  });

  it('verify in trees of every size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (size) => {
        const leaves = Array.from({ length: size }, (_, at) => Uint8Array.of(at));
        const { root, proofs } = proveAll(leaves);
        expect(root).toEqual(rootOfHashes(leaves.map(leafHash)));
        for (const [at, leaf] of leaves.entries())
          expect(verifyInclusion(leafHash(leaf), at, size, root, proofs[at] ?? [])).toBe(true);
      }),
    );
  });
});

describe('a roll', () => {
  it('is refused with every unit at fault where the developer is unknown', async () => {
    const the = await newCommunity(fresh, 'no developer');
    await bringIntoForce(
      the,
      registerFile([
        `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
        `1栋,102,90.00,王五,${NUMBERS.wang},已售未交付,,`,
        `1栋,103,90.00,李小明,${NUMBERS.li},已售未交付,,`,
      ]),
    );
    const { drafted } = await draft(the);
    if (drafted.ok) throw new Error('not refused');
    expect(drafted.refusal.code).toBe('ROLL_UNIT_AT_FAULT');
    expect(drafted.refusal.where).toBe('1栋 102');
    expect(drafted.refusal.faults?.map(({ room, fault }) => [room, fault])).toEqual([
      ['102', 'NO_DEVELOPER'],
      ['103', 'NO_DEVELOPER'],
    ]);
    const rolls = await fresh.db
      .selectFrom('roll')
      .select('roll_id')
      .where('community_id', '=', the.community)
      .execute();
    expect(rolls).toEqual([]);
  });

  it('is refused before the first register, and for an unknown community', async () => {
    const the = await newCommunity(fresh, 'no register');
    const none = (await draft(the)).drafted;
    expect(none.ok ? '' : none.refusal.code).toBe('REGISTER_MISSING');
    const nowhere = (await draft({ ...the, community: newId(random) })).drafted;
    expect(nowhere.ok ? '' : nowhere.refusal.code).toBe('COMMUNITY_UNKNOWN');
  });

  it('can be read only when it is frozen, and is frozen once', async () => {
    const the = await newCommunity(fresh, 'once');
    await bringIntoForce(the, mixed);
    const meeting = newId(random);
    const first = valueIn((await draft(the, { meeting })).drafted);
    const second = valueIn((await draft(the, { meeting })).drafted);
    expect(first.root).not.toBe(second.root);
    expect(await rollRootOf(fresh.db, the.community, meeting)).toBeUndefined();
    expect(await frozenLeaves(fresh.db, the.community, meeting)).toEqual([]);
    for (const { act } of [first, second]) await signBy(the.deps, act, [the.committee, the.street]);
    expect((await executeAct(the.deps, second.act, applyRoll)).ok).toBe(true);
    const late = await executeAct(the.deps, first.act, applyRoll);
    expect(late.ok ? '' : late.refusal.code).toBe('ROLL_FROZEN_ALREADY');
    expect((await rollRootOf(fresh.db, the.community, meeting))?.root).toBe(second.root);
    expect(await frozenLeaves(fresh.db, the.community, meeting)).toHaveLength(second.size);
    const third = (await draft(the, { meeting })).drafted;
    expect(third.ok ? '' : third.refusal.code).toBe('ROLL_FROZEN_ALREADY');
  });

  it('stays as it was when another register comes into force', async () => {
    const the = await newCommunity(fresh, 'snapshot');
    await bringIntoForce(the, mixed);
    const { meeting, root } = await freeze(the);
    await bringIntoForce(the, registerFile([`1栋,101,81.00,王五,${NUMBERS.wang},已交付,,`]));
    const leaves = await frozenLeaves(fresh.db, the.community, meeting);
    expect(toBase64Url(rootOfHashes(leaves.map(({ bytes }) => leafHash(bytes))))).toBe(root);
    const openings = await openingsOf(fresh.db, the.community, meeting);
    for (const [at, { leaf }] of leaves.entries()) {
      const opening = present(openings[at], 'one for each leaf');
      expect(holdersHash(opening.holdersSalt, opening.holders)).toBe(leaf.holders);
    }
  });

  it('has fresh entitlements in each meeting', async () => {
    const the = await newCommunity(fresh, 'fresh');
    await bringIntoForce(the, mixed);
    const [a, b] = [await freeze(the), await freeze(the)];
    const ids = async (meeting: string) =>
      (await frozenLeaves(fresh.db, the.community, meeting)).map(({ entitlement }) => entitlement);
    const both = [...(await ids(a.meeting)), ...(await ids(b.meeting))];
    expect(new Set(both).size).toBe(both.length);
    expect(await leafOfEntitlement(fresh.db, the.community, b.meeting, both[0] ?? '')).toBeUndefined();
    expect(await rollInclusion(fresh.db, the.community, b.meeting, both[0] ?? '')).toBeUndefined();
    expect(await openingOf(fresh.db, the.community, b.meeting, both[0] ?? '')).toBeUndefined();
  });
});

describe('the rule of units at fault', () => {
  const unit = (room: string, change: Partial<RegistryUnit> = {}): RegistryUnit => ({
    unit: room.padEnd(26, 'a'),
    building: '1栋',
    stair: '',
    room,
    kind: 'dwelling',
    state: 'delivered',
    areaDm2: 8000n,
    areaSource: 'register',
    owners: ['p'],
    ...change,
  });

  it('names a unit without area, without owner, or without developer, once each', () => {
    const units = [
      unit('a'),
      unit('b', { areaDm2: 0n, owners: [] }),
      unit('c', { owners: [] }),
      unit('d', { state: 'undelivered' }),
      unit('e', { state: 'unsold', owners: [] }),
    ];
    expect(unitFaults(units).map(({ room, fault }) => [room, fault])).toEqual([
      ['b', 'NO_AREA'],
      ['c', 'NO_OWNER'],
      ['d', 'NO_DEVELOPER'],
      ['e', 'NO_DEVELOPER'],
    ]);
    expect(
      unitFaults([unit('a'), unit('d', { state: 'undelivered' }), unit('f', { state: 'unsold' })]),
    ).toEqual([]);
  });

  it('stops the making of leaves: an owner who is no person of the register breaks a promise', () => {
    const draw = () => ({ entitlement: newId(random), holdersSalt: 'AAAAAAAAAAAAAAAAAAAAAA', voterSalt: '' });
    expect(() => draftEntitlements(newId(random), [unit('a')], new Map(), draw)).toThrow(
      'person of the register',
    );
  });
});
