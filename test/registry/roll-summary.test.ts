// Goal: the sums of a roll by building say what stands there and what counts, and who owns in two buildings counts once in all (SPEC 4.4).
// Method: leaves drawn up by the roll's own rule, sums written down by hand; and for any register the total is the recount of its units.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import { SPECIAL_KINDS, UNIT_KINDS } from '../../src/record/roll.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';
import { draftEntitlements } from '../../src/registry/domain/roll-leaves.ts';
import { rollSummaryOf } from '../../src/registry/domain/roll-summary.ts';
import { seededRandom } from '../support/random.ts';

const random = seededRandom('roll summary');
const PEOPLE = ['a', 'b', 'c'];
const IDENTITIES = new Map(PEOPLE.map((person) => [person, toBase64Url(random(32))]));
const UNIT_IDS = Array.from({ length: 20 }, () => newId(random));

type Place = Pick<RegistryUnit, 'building' | 'kind' | 'areaDm2' | 'owners'>;

const leavesOf = (places: readonly Place[]): readonly RollLeaf[] =>
  draftEntitlements(
    newId(random),
    places.map((place, at) => ({
      ...place,
      unit: UNIT_IDS[at] as string,
      stair: '',
      room: `${at + 1}`,
      areaSource: 'register',
      state: 'delivered',
    })),
    IDENTITIES,
    () => ({
      entitlement: newId(random),
      holdersSalt: toBase64Url(random(16)),
      voterSalt: toBase64Url(random(16)),
    }),
  ).map(({ leaf }) => leaf);

const STREET: readonly Place[] = [
  { building: '10栋', kind: 'dwelling', areaDm2: 9_050n, owners: ['a'] },
  { building: '2栋', kind: 'dwelling', areaDm2: 8_000n, owners: ['a'] },
  { building: '2栋', kind: 'shop', areaDm2: 1_001n, owners: ['b'] },
  { building: '2栋', kind: 'parking', areaDm2: 1_250n, owners: ['c'] },
];

describe('the sums of a roll', () => {
  it('name buildings in their order, special spaces apart, and a head of two buildings once in all', () => {
    expect(rollSummaryOf(leavesOf(STREET), false)).toEqual({
      buildings: [
        {
          building: '2栋',
          units: 3,
          areaDm2: '10251',
          specialUnits: 1,
          specialAreaDm2: '1250',
          heads: 2,
          countedAreaDm2: '9001',
        },
        {
          building: '10栋',
          units: 1,
          areaDm2: '9050',
          specialUnits: 0,
          specialAreaDm2: '0',
          heads: 1,
          countedAreaDm2: '9050',
        },
      ],
      total: {
        units: 4,
        areaDm2: '19301',
        specialUnits: 1,
        specialAreaDm2: '1250',
        heads: 2,
        countedAreaDm2: '18051',
      },
    });
  });

  it('count special spaces where the rules of the meeting do', () => {
    const { total } = rollSummaryOf(leavesOf(STREET), true);
    expect(total).toMatchObject({ heads: 3, countedAreaDm2: '19301', specialUnits: 1 });
  });

  it('add up, whatever the register', () => {
    const place = fc.record({
      building: fc.constantFrom('1栋', '2栋', '10栋'),
      kind: fc.constantFrom(...UNIT_KINDS),
      areaDm2: fc.bigInt({ min: 1n, max: 2_000_000n }),
      owners: fc.uniqueArray(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), fc.boolean(), (places, special) => {
        const { buildings, total } = rollSummaryOf(leavesOf(places), special);
        const counted = places.filter(({ kind }) => special || !SPECIAL_KINDS.includes(kind));
        const sum = (list: readonly Place[]) => String(list.reduce((all, each) => all + each.areaDm2, 0n));
        expect(total.areaDm2).toBe(sum(places));
        expect(total.countedAreaDm2).toBe(sum(counted));
        expect(total.heads).toBe(new Set(counted.map(({ owners }) => owners.toSorted().join())).size);
        for (const each of buildings) {
          const here = places.filter(({ building }) => building === each.building);
          expect(each.units).toBe(here.length);
          expect(each.countedAreaDm2).toBe(sum(counted.filter((one) => here.includes(one))));
        }
        expect(buildings.reduce((all, { heads }) => all + heads, 0)).toBeGreaterThanOrEqual(total.heads);
      }),
    );
  });
});
