// Goal: the demo community is a register that our own import accepts, with the same units, persons and
// areas; the order of its rows changes nothing that counts. Method: sizes and seeds, the generator's own
// lists against the import's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DemoCommunity } from '../../src/cli/demo/community.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { groupHeads } from '../../src/registry/domain/head.ts';
import { checkRegister } from '../../src/registry/domain/import-check.ts';
import { bytesOf, SETTINGS } from './register-file.ts';

const headsOf = ({ units }: DemoCommunity) =>
  groupHeads(
    units.map(({ owners, state }, at) => ({ unit: String(at), holders: owners.map(String), state })),
  );

const totalOf = ({ units }: DemoCommunity) => units.reduce((sum, unit) => sum + unit.areaDm2, 0n);

describe('a generated community', () => {
  it.each([1, 2, 7, 12, 40, 150, 700])('of %i units is accepted, with nothing to confirm', (size) => {
    for (const seed of ['a', 'b', 'c']) {
      const community = generateCommunity({ units: size, seed });
      const result = checkRegister(community.csv, SETTINGS);
      expect(result.findings.filter((item) => item.level !== 'info')).toEqual([]);
      expect(result.accepted).toBe(true);
      expect(result.summary).toEqual({
        units: size,
        heads: headsOf(community).length,
        persons: community.persons.length,
        areaDm2: totalOf(community),
      });
      expect(result.register?.persons).toEqual(community.persons);
      expect(result.register?.units.map(({ owners, state, kind }) => ({ owners, state, kind }))).toEqual(
        community.units.map(({ owners, state, kind }) => ({ owners, state, kind })),
      );
    }
  });

  it('has the cases that a real one has', () => {
    const { units, persons } = generateCommunity({ units: 150, seed: 'cases' });
    const owned = new Map<number, number>();
    for (const owner of units.flatMap((unit) => unit.owners)) owned.set(owner, (owned.get(owner) ?? 0) + 1);
    expect(new Set(units.map((unit) => unit.kind))).toEqual(new Set(['dwelling', 'shop', 'parking']));
    expect(new Set(units.map((unit) => unit.state))).toEqual(new Set(['delivered', 'unsold', 'undelivered']));
    expect(new Set(units.map((unit) => unit.building)).size).toBeGreaterThan(4);
    expect(new Set(units.map((unit) => unit.stair))).toEqual(new Set(['1单元', '2单元', '']));
    expect(units.some((unit) => unit.owners.length === 2)).toBe(true);
    const kinds = persons.map((person) => person.docKind);
    expect(kinds.filter((kind) => kind === 'hk-macau-permit')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'credit-code')).toHaveLength(3);
    const several = [...owned].filter(([owner, count]) => count > 1 && kinds[owner] === 'resident-id');
    expect(several.length).toBeGreaterThan(5);
  });

  it('is the same for a seed and another for another', () => {
    const make = (seed: string) => generateCommunity({ units: 60, seed }).csv;
    expect(make('x')).toEqual(make('x'));
    expect(make('x')).not.toEqual(make('y'));
  });

  it('names no phone that a carrier could have', () => {
    const { persons } = generateCommunity({ units: 100, seed: 'phones' });
    for (const person of persons) expect(person.phones).toEqual([expect.stringMatching(/^142\d{8}$/)]);
  });
});

describe('the import of a generated register', () => {
  const rowsOf = ({ csv }: DemoCommunity) => new TextDecoder().decode(csv).trimEnd().split('\r\n');

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.string(),
        fc.infiniteStream(fc.nat()),
        (size, seed, keys) => {
          const community = generateCommunity({ units: size, seed });
          const [header = '', ...rows] = rowsOf(community);
          const shuffled = rows
            .map((row) => ({ row, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) => row);
          const result = checkRegister(bytesOf([header, ...shuffled].join('\n')), SETTINGS);
          expect(result.accepted).toBe(true);
          expect(result.summary).toEqual(checkRegister(community.csv, SETTINGS).summary);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a copied row adds nothing, a total that agrees is silent', () => {
    const community = generateCommunity({ units: 30, seed: 'copy' });
    const rows = rowsOf(community);
    const total = totalOf(community);
    const sum = `,合计,,,,${total / 100n}.${String(total % 100n).padStart(2, '0')}`;
    const result = checkRegister(bytesOf([...rows, rows[5] ?? '', sum].join('\n')), SETTINGS);
    expect(result.findings.map((item) => item.code)).toEqual(['REG-H104', 'REG-X501', 'REG-N701']);
    expect(result.summary).toEqual(checkRegister(community.csv, SETTINGS).summary);
  });
});
