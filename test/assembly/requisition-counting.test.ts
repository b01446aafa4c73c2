// Goal: what pages show of a requisition and what the log and the verifier have of it are one count (SPEC 5.4). Method: any register, any
// supporters, both ways.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countedHeads, sumsOfHeads, weighedHeads } from '../../src/assembly/domain/requisition-counting.ts';
import { supportSumsOf } from '../../src/record/requisition.ts';
import { UNIT_KINDS } from '../../src/record/roll.ts';
import { UNIT_STATES } from '../../src/registry/domain/head.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';

const PEOPLE = ['a', 'b', 'c', 'd', 'developer'];
const registers: fc.Arbitrary<readonly RegistryUnit[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...UNIT_KINDS),
      state: fc.constantFrom(...UNIT_STATES),
      areaDm2: fc.bigInt({ min: 1n, max: 2_000_000n }),
      owners: fc.uniqueArray(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((units) =>
    units.map((unit, at) => ({
      ...unit,
      owners: unit.state === 'delivered' ? unit.owners : ['developer'],
      unit: `u${at}`,
      building: '1栋',
      stair: '',
      room: `${at}`,
      areaSource: 'register' as const,
    })),
  );

it('the sums that are shown are those of the record', () => {
  fc.assert(
    fc.property(registers, fc.uniqueArray(fc.constantFrom(...PEOPLE)), (units, people) => {
      const joined = new Set(people);
      const counted = countedHeads(units, joined);
      expect(sumsOfHeads(weighedHeads(units), joined)).toEqual(supportSumsOf({ heads: counted }));
      expect(counted.flatMap((head) => head.units)).toHaveLength(units.length);
    }),
  );
});
