// Goal: laws that hold for every vote. Method: fast-check draws electorates of whole and split heads and parameters;
// the model compares reduced fractions by continued fractions and counts unit by unit, sharing nothing with the core.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MATTER_CLASSES, type MatterClassId } from '../../src/assembly/domain/matter-class.ts';
import { compare } from '../../src/tally/domain/majority-rule.ts';
import { decide } from '../../src/tally/domain/outcome.ts';
import { type Answer, type CountingRule, count, type Entry } from '../../src/tally/domain/participation.ts';
import { CN } from './entries.ts';

const ANSWERS: readonly Answer[] = [
  'for',
  'against',
  'abstain',
  'follow',
  'malformed',
  'invalid',
  'delivered-silent',
  'absent',
];
const share = fc.record({
  areaDm2: fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, 10n ** 25n)),
  answer: fc.constantFrom(...ANSWERS),
});
const entry: fc.Arbitrary<Entry> = fc.record({
  times: fc.bigInt(1n, 3n),
  shares: fc.array(share, { maxLength: 3 }),
});
const electorate = fc.array(entry, { maxLength: 8 });
const rule: fc.Arbitrary<CountingRule> = fc.record({
  abstainParticipates: fc.boolean(),
  invalidParticipates: fc.boolean(),
  malformedParticipates: fc.boolean(),
  silenceRule: fc.constantFrom('NONE', 'FOLLOW_MAJORITY'),
});
const matter: fc.Arbitrary<MatterClassId> = fc.constantFrom(...MATTER_CLASSES.map(({ id }) => id));

/** Sign of a/b − c/d for positive b and d, by continued fractions: no cross multiplication. */
function compareFractions(a: bigint, b: bigint, c: bigint, d: bigint): number {
  const [left, right] = [a / b, c / d];
  if (left !== right) return left < right ? -1 : 1;
  const [restLeft, restRight] = [a % b, c % d];
  if (restLeft === 0n && restRight === 0n) return 0;
  if (restLeft === 0n) return -1;
  if (restRight === 0n) return 1;
  return compareFractions(d, restRight, b, restLeft);
}

type Unit = { readonly head: string; readonly areaDm2: bigint; readonly answer: Answer };

/** The counts, unit by unit and head by head. */
function model(entries: readonly Entry[], { silenceRule, ...takes }: CountingRule) {
  const units: Unit[] = [];
  for (const [index, { times, shares }] of entries.entries()) {
    for (let copy = 0n; copy < times; copy += 1n)
      for (const part of shares) units.push({ head: `${index}.${copy}`, ...part });
  }
  const part: Partial<Record<Answer, boolean>> = {
    for: true,
    against: true,
    abstain: takes.abstainParticipates,
    invalid: takes.invalidParticipates,
    malformed: takes.malformedParticipates,
  };
  const tally = (list: readonly Unit[], wanted: Answer) => {
    const active = list.filter((unit) => part[unit.answer] === true);
    const dissenting = new Set(active.filter((unit) => unit.answer !== wanted).map((unit) => unit.head));
    const mine = active.filter((unit) => unit.answer === wanted);
    const heads = new Set(mine.map((unit) => unit.head).filter((head) => !dissenting.has(head)));
    return { area: mine.reduce((sum, unit) => sum + unit.areaDm2, 0n), heads: heads.size };
  };
  const [yes, no] = [tally(units, 'for'), tally(units, 'against')];
  let lead: Answer = 'abstain';
  if (yes.area > no.area && yes.heads > no.heads) lead = 'for';
  if (no.area > yes.area && no.heads > yes.heads) lead = 'against';
  const settled = units.map((unit) => {
    const deemed = unit.answer === 'delivered-silent' && silenceRule !== 'NONE';
    return unit.answer === 'follow' || deemed ? { ...unit, answer: lead } : unit;
  });
  const sum = (list: readonly Unit[]) => ({
    areaDm2: list.reduce((total, unit) => total + unit.areaDm2, 0n),
    heads: BigInt(new Set(list.map((unit) => unit.head)).size),
  });
  const consent = tally(settled, 'for');
  return {
    T: sum(settled),
    P: sum(settled.filter((unit) => part[unit.answer] === true)),
    Y: { areaDm2: consent.area, heads: BigInt(consent.heads) },
  };
}

describe('counting', () => {
  it('agrees with the model that counts unit by unit', () => {
    fc.assert(
      fc.property(electorate, rule, (entries, chosen) => {
        expect(count(entries, chosen)).toEqual(model(entries, chosen));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of the entries', () => {
    const shuffled = electorate.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(shuffled, rule, ([entries, other], chosen) => {
        expect(count(other, chosen)).toEqual(count(entries, chosen));
      }),
    );
  });

  it('keeps consent within participation and participation within the base', () => {
    fc.assert(
      fc.property(electorate, rule, (entries, chosen) => {
        const { T, P, Y } = count(entries, chosen);
        expect(Y.areaDm2 <= P.areaDm2 && P.areaDm2 <= T.areaDm2).toBe(true);
        expect(Y.heads <= P.heads && P.heads <= T.heads).toBe(true);
      }),
    );
  });

  it('an adopted motion stays adopted when a refusal turns into consent', () => {
    const turned = (entries: readonly Entry[], pick: number) => {
      const refusals = entries.flatMap(({ shares }, at) =>
        shares.flatMap(({ answer }, unit) => (answer === 'against' ? [{ at, unit }] : [])),
      );
      const chosen = refusals[pick % Math.max(refusals.length, 1)];
      return entries.map(({ times, shares }, at) => ({
        times,
        shares: shares.map((part, unit) =>
          at === chosen?.at && unit === chosen.unit ? { ...part, answer: 'for' as const } : part,
        ),
      }));
    };
    // Mostly consent, so that many of the drawn motions are adopted in the first place.
    const likely = fc.array(
      fc.record({
        times: fc.bigInt(1n, 3n),
        shares: fc.array(
          fc.record({
            areaDm2: fc.bigInt(1n, 5n),
            answer: fc.constantFrom<Answer>('for', 'for', 'for', 'for', 'against', 'follow', 'abstain'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { minLength: 2, maxLength: 8 },
    );
    let adopted = 0;
    fc.assert(
      fc.property(likely, rule, matter, fc.nat(), (entries, chosen, id, pick) => {
        if (decide(count(entries, chosen), id, CN).outcome !== 'ADOPTED') return;
        adopted += 1;
        expect(decide(count(turned(entries, pick), chosen), id, CN).outcome).toBe('ADOPTED');
      }),
      { numRuns: 1000 },
    );
    expect(adopted).toBeGreaterThan(50);
  });

  it('the outcome does not change when every area is multiplied by the same factor', () => {
    fc.assert(
      fc.property(electorate, rule, matter, fc.bigInt(1n, 10n ** 12n), (entries, chosen, id, factor) => {
        const scaled = entries.map(({ times, shares }) => ({
          times,
          shares: shares.map((part) => ({ ...part, areaDm2: part.areaDm2 * factor })),
        }));
        expect(decide(count(scaled, chosen), id, CN).outcome).toBe(
          decide(count(entries, chosen), id, CN).outcome,
        );
      }),
    );
  });

  it('equal owners may be written as one entry or as many', () => {
    fc.assert(
      fc.property(electorate, rule, (entries, chosen) => {
        const single = entries.flatMap(({ times, shares }) =>
          Array.from({ length: Number(times) }, () => ({ times: 1n, shares })),
        );
        expect(count(single, chosen)).toEqual(count(entries, chosen));
      }),
    );
  });
});

describe('comparing', () => {
  it('agrees with exact fractions at every threshold, and never holds on an empty base or part', () => {
    const size = fc.oneof(fc.bigInt(0n, 12n), fc.bigInt(0n, 10n ** 30n));
    const near = fc.tuple(fc.bigInt(1n, 10n ** 20n), fc.bigInt(-2n, 2n), fc.constantFrom(2n, 3n, 4n));
    const exact = near.map(([unit, step, den]) => ({ part: (den - 1n) * unit + step, base: den * unit }));
    const free = fc.record({ part: size, base: size });
    const threshold = fc.record({
      num: fc.bigInt(1n, 4n),
      den: fc.bigInt(1n, 5n),
      test: fc.constantFrom('GE' as const, 'GT' as const),
    });
    fc.assert(
      fc.property(fc.oneof(exact, free), threshold, ({ part, base }, limit) => {
        const { holds } = compare(part, base, limit);
        const empty = base === 0n || part <= 0n;
        if (empty) expect(holds).toBe(false);
        if (empty) return;
        const sign = compareFractions(part, base, limit.num, limit.den);
        expect(holds).toBe(limit.test === 'GE' ? sign >= 0 : sign > 0);
      }),
      { numRuns: 1000 },
    );
  });
});
