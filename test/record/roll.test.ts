// Goal: weight on a proposal is the area of the units in its scope, and one head exactly where that is positive (SPEC 4.3). Method: leaves of random
// units against a sum that is written here once more.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/record/meeting.ts';
import {
  byEntitlement,
  isInScope,
  type RollUnit,
  SPECIAL_KINDS,
  UNIT_KINDS,
  weightOf,
} from '../../src/record/roll.ts';
import { idOf } from './example-values.ts';
import { rollLeaf } from './record-examples.ts';

const [dwelling] = rollLeaf.units;
if (dwelling === undefined) throw new Error('the example has a unit');
const unitArb: fc.Arbitrary<RollUnit> = fc.record({
  unit: fc.integer({ min: 0, max: 5 }).map(idOf),
  building: fc.constantFrom('1号楼', '2号楼'),
  stair: fc.constant(''),
  room: fc.constant('101'),
  kind: fc.constantFrom(...UNIT_KINDS),
  areaDm2: fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String),
  areaSource: fc.constant('register' as const),
});
const scopeArb: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: 'community', members: [] }),
  fc.subarray(['1号楼', '2号楼', '3号楼']).map((members): Scope => ({ kind: 'buildings', members })),
  fc.subarray([0, 1, 2].map(idOf)).map((members): Scope => ({ kind: 'units', members })),
);

describe('the weight of an entitlement', () => {
  it('is the exact area of its units in scope, and one head where that is positive', () => {
    fc.assert(
      fc.property(
        fc.array(unitArb, { minLength: 1, maxLength: 8 }),
        scopeArb,
        fc.boolean(),
        (units, scope, special) => {
          const counted = units.filter((unit) => {
            if (!special && (unit.kind === 'parking' || unit.kind === 'storage')) return false;
            if (scope.kind === 'buildings') return scope.members.some((name) => name === unit.building);
            return scope.kind === 'community' || scope.members.some((name) => name === unit.unit);
          });
          const areaDm2 = counted.map((unit) => BigInt(unit.areaDm2)).reduce((a, b) => a + b, 0n);
          expect(weightOf({ ...rollLeaf, units }, scope, special)).toEqual({
            areaDm2,
            heads: areaDm2 === 0n ? 0 : 1,
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of many units is one head', () => {
    const units = Array.from({ length: 300 }, (_, at) => ({
      ...dwelling,
      unit: idOf(at % 256),
      areaDm2: '100',
    }));
    expect(weightOf({ ...rollLeaf, units }, { kind: 'community', members: [] }, false)).toEqual({
      areaDm2: 30_000n,
      heads: 1,
    });
  });

  it('of a parking space counts only where the profile counts special spaces', () => {
    expect([...SPECIAL_KINDS]).toEqual(['parking', 'storage']);
    const parking: RollUnit = { ...dwelling, kind: 'parking' };
    const everywhere: Scope = { kind: 'community', members: [] };
    expect(isInScope(parking, everywhere, false)).toBe(false);
    expect(isInScope(parking, everywhere, true)).toBe(true);
  });

  it('is not looked for by the other kind of name', () => {
    expect(isInScope(dwelling, { kind: 'buildings', members: [dwelling.unit] }, false)).toBe(false);
    expect(isInScope(dwelling, { kind: 'units', members: [dwelling.building] }, false)).toBe(false);
  });
});

describe('the leaves of a roll', () => {
  it('are sorted by entitlement', () => {
    const sorted = [3, 1, 2].map((byte) => ({ entitlement: idOf(byte) })).sort(byEntitlement);
    expect(sorted.map(({ entitlement }) => entitlement)).toEqual([idOf(1), idOf(2), idOf(3)]);
  });
});
