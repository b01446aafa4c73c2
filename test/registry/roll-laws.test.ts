// Goal: laws of the roll that hold for every register (SPEC 4.1–4.3): areas and heads of any scope equal a plain recount, equal draws
// make an equal roll, the order of rows makes no difference, nothing is rounded. Method: properties with fast-check, the recount written
// differently on purpose (pairs instead of groups, digits instead of integers); two of them on the real database.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { Scope } from '../../src/record/meeting.ts';
import { UNIT_KINDS } from '../../src/record/roll.ts';
import { groupHeads, UNIT_STATES } from '../../src/registry/domain/head.ts';
import { headUnitsOf } from '../../src/registry/domain/register-units.ts';
import type { RegistryUnit } from '../../src/registry/domain/roll-leaves.ts';
import { draftEntitlements, proveAll, totalsOf, unitFaults } from '../../src/registry/domain/roll-leaves.ts';
import { draftRoll } from '../../src/registry/rolling.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';
import { bringIntoForce, newCommunity } from '../support/registry.ts';
import type { Row } from './register-file.ts';
import { check, IDS } from './register-file.ts';
import { ALL, freeze, toldRoll, weightsOf } from './roll-world.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const random = seededRandom('roll laws');
const MEETING = newId(random);
const PEOPLE = ['a', 'b', 'c', 'dev1', 'dev2'];
const IDENTITIES = new Map(PEOPLE.map((person) => [person, toBase64Url(random(32))]));

const drawFrom = (seed: string) => {
  const own = seededRandom(seed);
  return () => ({
    entitlement: newId(own),
    holdersSalt: toBase64Url(own(16)),
    voterSalt: toBase64Url(own(16)),
  });
};

const unitIds = Array.from({ length: 40 }, () => newId(random));

const bareUnit = fc.record({
  building: fc.constantFrom('1栋', '2栋', '10栋'),
  stair: fc.constantFrom('', '1', '2'),
  kind: fc.constantFrom(...UNIT_KINDS),
  areaSource: fc.constantFrom('register' as const, 'survey' as const, 'contract' as const),
  state: fc.constantFrom(...UNIT_STATES),
  areaDm2: fc.bigInt({ min: 1n, max: 2_000_000n }),
  owners: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'dev1'), { minLength: 1, maxLength: 3 }),
});

/** Registers without fault: at least one unsold unit names the developer. Unsold units are companies'. */
const registers: fc.Arbitrary<readonly RegistryUnit[]> = fc
  .array(bareUnit, { minLength: 1, maxLength: 30 })
  .map((units) => [
    ...units.map((unit) => (unit.state === 'unsold' ? { ...unit, owners: ['dev2'] } : unit)),
    {
      building: '2栋',
      stair: '',
      kind: 'dwelling' as const,
      areaSource: 'register' as const,
      state: 'unsold' as const,
      areaDm2: 7001n,
      owners: ['dev1'],
    },
  ])
  .map((units) => units.map((unit, at) => ({ ...unit, unit: unitIds[at] ?? '', room: String(100 + at) })));

const scopes: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(ALL),
  fc
    .uniqueArray(fc.constantFrom('1栋', '2栋', '10栋'), { minLength: 1 })
    .map((members) => ({ kind: 'buildings' as const, members })),
  fc
    .uniqueArray(fc.constantFrom(...unitIds), { minLength: 1 })
    .map((members) => ({ kind: 'units' as const, members })),
);

/** Whose one head a unit is, by the words of art. 9 alone; `*` is the developer. */
function headWord(unit: RegistryUnit, all: readonly RegistryUnit[]): string {
  const isDeveloper = (person: string): boolean =>
    all.some(({ state, owners }) => state === 'unsold' && owners.includes(person));
  if (unit.state !== 'delivered' || unit.owners.every(isDeveloper)) return '*';
  return PEOPLE.filter((person) => unit.owners.includes(person)).join('+');
}

/** Adds two numbers written in digits, as on paper. */
function addOnPaper(a: string, b: string): string {
  const width = Math.max(a.length, b.length) + 1;
  let [sum, carry] = ['', 0];
  for (let at = 1; at <= width; at += 1) {
    const digits = Number(a.at(-at) ?? '0') + Number(b.at(-at) ?? '0') + carry;
    [sum, carry] = [String(digits % 10) + sum, digits >= 10 ? 1 : 0];
  }
  return sum.replace(/^0+(?=\d)/, '');
}

/** Area and heads of a scope, counted unit by unit. */
function recount(all: readonly RegistryUnit[], scope: Scope, special: boolean): readonly [string, number] {
  const counted = all.filter(({ unit, building, kind }) => {
    if (!special && (kind === 'parking' || kind === 'storage')) return false;
    if (scope.kind === 'buildings') return scope.members.includes(building);
    return scope.kind === 'community' || scope.members.includes(unit);
  });
  // A unit makes a head where none before it has the same.
  const first = counted.filter(
    (unit, at) => !counted.slice(0, at).some((before) => headWord(before, all) === headWord(unit, all)),
  );
  const area = counted.map(({ areaDm2 }) => areaDm2.toString()).reduce(addOnPaper, '0');
  return [area, first.length];
}

const keyed = <T>(items: readonly T[], keys: Iterator<number>): T[] =>
  items
    .map((item) => ({ item, key: Number(keys.next().value) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

describe('areas and heads', () => {
  it('of any scope are those of a plain recount', () => {
    fc.assert(
      fc.property(registers, scopes, fc.boolean(), (units, scope, special) => {
        expect(unitFaults(units)).toEqual([]);
        const leaves = draftEntitlements(MEETING, units, IDENTITIES, drawFrom('recount')).map(
          ({ leaf }) => leaf,
        );
        const [total] = totalsOf(leaves, [{ proposal: 'p', scope }], special);
        expect([total?.areaDm2, total?.heads]).toEqual(recount(units, scope, special));
      }),
    );
  });

  it('of single buildings add up to the community’s area, and their heads to no fewer', () => {
    fc.assert(
      fc.property(registers, fc.boolean(), (units, special) => {
        const leaves = draftEntitlements(MEETING, units, IDENTITIES, drawFrom('sum')).map(({ leaf }) => leaf);
        const of = (scope: Scope) => totalsOf(leaves, [{ proposal: 'p', scope }], special)[0];
        const parts = ['1栋', '2栋', '10栋'].map((name) => of({ kind: 'buildings', members: [name] }));
        const whole = of(ALL);
        expect(parts.reduce((sum, part) => sum + BigInt(part?.areaDm2 ?? 0), 0n).toString()).toBe(
          whole?.areaDm2,
        );
        const heads = parts.reduce((sum, part) => sum + (part?.heads ?? 0), 0);
        expect(heads).toBeGreaterThanOrEqual(whole?.heads ?? 0);
      }),
    );
  });
});

describe('a roll', () => {
  it('of equal draws is equal to the byte, whatever the order of its units and owners', () => {
    fc.assert(
      fc.property(registers, fc.infiniteStream(fc.nat()), (units, keys) => {
        const shuffled = keyed(units, keys).map((unit) => ({ ...unit, owners: keyed(unit.owners, keys) }));
        const rootOf = (list: readonly RegistryUnit[]) =>
          proveAll(draftEntitlements(MEETING, list, IDENTITIES, drawFrom('root')).map(({ bytes }) => bytes))
            .root;
        expect(rootOf(shuffled)).toEqual(rootOf(units));
      }),
    );
  });

  it('drawn up twice from one register under the same randomness has one root', async () => {
    const the = await newCommunity(fresh, 'twice');
    await bringIntoForce(the, generateCommunity({ units: 60, seed: 'twice' }).csv);
    class Undo extends Error {}
    const roots: string[] = [];
    const drawUp = () =>
      inTransaction(fresh.db, async (tx) => {
        const drafted = await draftRoll(
          tx,
          { ...the.deps, random: seededRandom('the same draws') },
          {
            community: the.community,
            meeting: MEETING,
            proposals: [{ proposal: MEETING, scope: ALL }],
            countSpecialSpaces: false,
            draftedBy: the.committee.officer,
          },
        );
        if (!drafted.ok) throw new Error(drafted.refusal.code);
        roots.push(drafted.value.root);
        throw new Undo();
      });
    await expect(drawUp()).rejects.toThrow(Undo);
    await expect(drawUp()).rejects.toThrow(Undo);
    expect(roots).toHaveLength(2);
    expect(roots[1]).toBe(roots[0]);
  });

  it('does not depend on the order of the file’s rows', async () => {
    const { csv } = generateCommunity({ units: 80, seed: 'rows' });
    const [header = '', ...rows] = new TextDecoder().decode(csv).trimEnd().split(/\r?\n/);
    const reversed = new TextEncoder().encode(`${[header, ...rows.reverse()].join('\n')}\n`);
    const rollOf = async (name: string, file: Uint8Array) => {
      const the = await newCommunity(fresh, name);
      await bringIntoForce(the, file);
      const roll = await freeze(the, { special: true });
      return { told: await toldRoll(the, roll.meeting), weights: weightsOf(roll) };
    };
    expect(await rollOf('rows backwards', reversed)).toEqual(await rollOf('rows as they are', csv));
  });
});

describe('a register file', () => {
  const metres = fc
    .tuple(fc.integer({ min: 1, max: 19_999 }), fc.constantFrom('', '.', '.0', '.10'), fc.nat(99))
    .map(([whole, tail, cents]) =>
      tail === '.' ? `${whole}.${String(cents).padStart(2, '0')}` : `${whole}${tail}`,
    );
  const rows: fc.Arbitrary<readonly Row[]> = fc.array(
    fc.tuple(metres, fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 2 })).map(([建筑面积, owners]) => ({
      建筑面积,
      业主姓名: owners.map((at) => `业主${'甲乙丙丁戊己'.charAt(at)}`).join('、'),
      身份证号: owners.map((at) => IDS[at]).join('、'),
      联系电话: '',
    })),
    { minLength: 1, maxLength: 20 },
  );
  const placed = rows.map((list) => list.map((row, at): Row => ({ ...row, 房号: String(101 + at) })));

  /** Hundredths of a written area, by moving its point. */
  const hundredths = (text: string): string => {
    const [whole = '', cents = ''] = text.split('.');
    return `${whole}${cents.padEnd(2, '0')}`;
  };

  it('has exactly the sum of the areas that are written in it', () => {
    fc.assert(
      fc.property(placed, (list) => {
        const { accepted, summary } = check(list);
        expect(accepted).toBe(true);
        const sum = list.map((row) => hundredths(row['建筑面积'] ?? '')).reduce(addOnPaper, '0');
        expect(summary.areaDm2.toString()).toBe(sum);
      }),
    );
  });

  it('has the same heads in any order of its rows', () => {
    fc.assert(
      fc.property(placed, fc.infiniteStream(fc.nat()), (list, keys) => {
        const told = (file: readonly Row[]) => {
          const { register } = check(file);
          if (register === undefined) throw new Error('refused');
          const numbers = register.persons.map(({ number }) => number);
          const rooms = register.units.map(({ room }) => room);
          return groupHeads(headUnitsOf(register))
            .map(({ holders, units }) => [
              holders.map((at) => numbers[Number(at)]).sort(),
              units.map((at) => rooms[Number(at)]).sort(),
            ])
            .map((head) => JSON.stringify(head))
            .sort();
        };
        expect(told(keyed(list, keys))).toEqual(told(list));
      }),
    );
  });
});
