// Goal: the default head rule (SPEC 4.1, Judicial Interpretation art. 9 and 17). Method: the cases of
// law.md §8.3 and laws: the order of rows changes nothing, and every unit belongs to exactly one head.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeadUnit } from '../../src/registry/domain/head.ts';
import { developersOf, groupHeads, UNIT_STATES } from '../../src/registry/domain/head.ts';

const unit = (id: string, holders: string, state: HeadUnit['state'] = 'delivered'): HeadUnit => ({
  unit: id,
  holders: holders === '' ? [] : holders.split('+'),
  state,
});

describe('heads', () => {
  it('an owner set is one head, another set with one of the same owners is another', () => {
    expect(groupHeads([unit('1', 'h'), unit('2', 'h+w'), unit('3', 'w+h'), unit('4', 'h')])).toEqual([
      { basis: 'owner-set', holders: ['h'], units: ['1', '4'] },
      { basis: 'owner-set', holders: ['h', 'w'], units: ['2', '3'] },
    ]);
  });

  it('a company and its subsidiary are two heads (R8)', () => {
    expect(groupHeads([unit('1', 'parent'), unit('2', 'subsidiary')])).toHaveLength(2);
  });

  it('unsold and undelivered units are one head under every number of the developer (R6)', () => {
    const units = [
      unit('1', 'd1', 'unsold'),
      unit('2', 'buyer', 'undelivered'),
      unit('3', 'd2', 'unsold'),
      unit('4', 'd1'),
      unit('5', 'd2+d1'),
      unit('6', 'buyer'),
      unit('7', 'buyer+d1'),
    ];
    expect(groupHeads(units)).toEqual([
      { basis: 'developer-stock', holders: ['d1', 'd2'], units: ['1', '2', '3', '4', '5'] },
      { basis: 'owner-set', holders: ['buyer'], units: ['6'] },
      { basis: 'owner-set', holders: ['buyer', 'd1'], units: ['7'] },
    ]);
    expect([...developersOf(units)]).toEqual(['d1', 'd2']);
  });

  it('undelivered units without a known developer have a head without holders', () => {
    expect(groupHeads([unit('1', 'buyer', 'undelivered')])).toEqual([
      { basis: 'developer-stock', holders: [], units: ['1'] },
    ]);
  });

  it('units without an owner are never merged', () => {
    expect(groupHeads([unit('1', ''), unit('2', '')]).map((head) => head.units)).toEqual([['1'], ['2']]);
  });

  it('ids that contain a separator do not collide', () => {
    const both: HeadUnit = { unit: '1', holders: ['a', 'b'], state: 'delivered' };
    const joint: HeadUnit = { unit: '2', holders: ['a,b'], state: 'delivered' };
    expect(groupHeads([both, joint])).toHaveLength(2);
  });

  const units = fc.uniqueArray(
    fc.record({
      unit: fc.string({ minLength: 1, maxLength: 4 }),
      holders: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
      state: fc.constantFrom(...UNIT_STATES),
    }),
    { selector: (item) => item.unit, maxLength: 30 },
  );
  const asSet = (list: readonly HeadUnit[]) =>
    new Set(
      groupHeads(list).map((head) => JSON.stringify([head.basis, head.holders, [...head.units].sort()])),
    );

  it('the order of the units changes no head, and every unit is in exactly one', () => {
    fc.assert(
      fc.property(units, fc.infiniteStream(fc.nat()), (list, keys) => {
        const shuffled = list
          .map((item) => ({ item, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item);
        expect(asSet(shuffled)).toEqual(asSet(list));
        const inHeads = groupHeads(list).flatMap((head) => head.units);
        expect(inHeads.sort()).toEqual(list.map((item) => item.unit).sort());
      }),
    );
  });

  it('a set of holders occurs once, as a roll demands', () => {
    fc.assert(
      fc.property(units, (list) => {
        const sets = groupHeads(list)
          .filter((head) => head.holders.length > 0)
          .map((head) => JSON.stringify(head.holders));
        expect(new Set(sets).size).toBe(sets.length);
      }),
    );
  });
});
