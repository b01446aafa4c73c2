// Goal: candidates pass the dual majority one by one, and seats go by rank with no drawing of lots. Method: cases
// E1, E3 and E5 counted by hand, tables around ties, vacancies and unsound ballots, and each candidate counted alone beside the one pass.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { countElection, type ElectionEntry } from '../../src/tally/domain/election.ts';
import { decide } from '../../src/tally/domain/outcome.ts';
import { count, entitlementEntry } from '../../src/tally/domain/participation.ts';
import { CN } from './entries.ts';

const ballots = (times: number, areaDm2: number, marks: ElectionEntry['marks']): readonly ElectionEntry[] =>
  Array.from({ length: times }, () => ({ weight: { heads: 1, areaDm2: BigInt(areaDm2) }, marks }));

const letters = (text: string): readonly string[] => [...text];

const contest = (seats: number, names: string, maxMarks = seats) => ({
  seats,
  maxMarks,
  candidates: letters(names),
  rank: 'HEADS_AREA' as const,
});

const passes = (result: ReturnType<typeof countElection>): readonly string[] =>
  result.candidates.filter((entry) => entry.decision.outcome === 'ADOPTED').map((entry) => entry.candidate);

describe('E1: seven candidates for five seats', () => {
  const entries = [
    ...ballots(30, 10000, letters('ABCDE')),
    ...ballots(10, 12000, letters('ABCDF')),
    ...ballots(20, 9000, letters('ABFG')),
    ...ballots(10, 8000, letters('EFG')),
    ...ballots(30, 10000, 'absent'),
  ];
  const result = countElection(entries, contest(5, 'ABCDEFG'), CN);

  it('counts the common base and each candidate', () => {
    expect(result.outcome).toBe('COUNTED');
    expect(result.total).toEqual({ areaDm2: 980000n, heads: 100n });
    expect(result.participating).toEqual({ areaDm2: 680000n, heads: 70n });
    expect(
      result.candidates.map(({ candidate, consent }) => [candidate, consent.heads, consent.areaDm2]),
    ).toEqual([
      ['A', 60n, 600000n],
      ['B', 60n, 600000n],
      ['C', 40n, 420000n],
      ['D', 40n, 420000n],
      ['E', 40n, 380000n],
      ['F', 40n, 380000n],
      ['G', 30n, 260000n],
    ]);
  });

  it('seats A to D and sends E and F to a run-off for the fifth seat; G fails', () => {
    expect(passes(result)).toEqual(letters('ABCDEF'));
    expect(result.elected).toEqual(letters('ABCD'));
    expect(result.runOff).toEqual({ seats: 1, candidates: ['E', 'F'] });
    expect(result.reserve).toEqual([]);
    expect(result.vacant).toBe(0);
  });

  it('does not depend on the order of the ballots', () => {
    expect(countElection([...entries].reverse(), contest(5, 'ABCDEFG'), CN)).toEqual(result);
  });
});

describe('E3: over-marked ballots', () => {
  const entries = [
    ...ballots(65, 100, letters('ABC')),
    ...ballots(2, 100, letters('ABCD')),
    ...ballots(33, 100, 'absent'),
  ];

  it('are invalid and do not take part', () => {
    const result = countElection(entries, contest(3, 'ABCD'), CN);
    expect(result.participating.heads).toBe(65n);
    expect(result).toMatchObject({ outcome: 'NOT_QUORATE', elected: [], vacant: 3 });
  });

  it('take part without consenting where the rules say so', () => {
    const result = countElection(entries, contest(3, 'ABCD'), { ...CN, invalidParticipates: true });
    expect(result.participating.heads).toBe(67n);
    expect(result).toMatchObject({ outcome: 'COUNTED', elected: letters('ABC') });
    expect(result.candidates[0]?.consent.heads).toBe(65n);
  });

  it('follow the limit of the definition where it differs from the seats', () => {
    expect(countElection(entries, contest(3, 'ABCD', 4), CN).participating.heads).toBe(67n);
    expect(countElection(entries, contest(3, 'ABCD', 2), CN).participating.heads).toBe(0n);
  });
});

describe('E5: fewer marks than seats', () => {
  it('are valid, take part, and consent to nobody else', () => {
    const result = countElection(ballots(10, 100, ['A']), contest(3, 'AB'), CN);
    expect(result.participating.heads).toBe(10n);
    expect(passes(result)).toEqual(['A']);
    expect(result).toMatchObject({ elected: ['A'], vacant: 2, runOff: { seats: 0, candidates: [] } });
  });
});

describe('ballots', () => {
  const rows = [
    ['a repeated mark is invalid', ['A', 'A'], 0n],
    ['an unknown mark is invalid', ['Z'], 0n],
    ['no mark abstains and takes part', [], 1n],
    ['an unreadable choice takes part', 'malformed', 1n],
    ['no answer does not take part', 'absent', 0n],
  ] as const;
  it.each(rows)('%s', (_name, marks, part) => {
    const result = countElection(ballots(1, 100, marks), contest(2, 'AB'), CN);
    expect(result.participating.heads).toBe(part);
    expect(result.candidates.every(({ consent }) => consent.heads === 0n)).toBe(true);
  });
});

describe('ranks', () => {
  it('go by heads before area, then by area', () => {
    const entries = [
      ...ballots(6, 100, letters('ABC')),
      ...ballots(1, 100, letters('AB')),
      ...ballots(1, 300, letters('AC')),
    ];
    const result = countElection(entries, contest(3, 'CBA'), CN);
    expect(result.elected).toEqual(letters('ACB'));
    const other = countElection(entries, contest(3, 'ABC'), CN);
    expect(other.elected).toEqual(letters('ACB'));
  });

  it('more heads win against more area', () => {
    const entries = [
      ...ballots(5, 100, letters('AB')),
      ...ballots(2, 100, letters('A')),
      ...ballots(1, 400, letters('B')),
    ];
    const result = countElection(entries, contest(2, 'BA'), CN);
    expect(result.candidates.map(({ consent }) => consent.areaDm2)).toEqual([900n, 700n]);
    expect(result.elected).toEqual(letters('AB'));
  });

  it('those who pass behind the last seat are the reserve', () => {
    const entries = [...ballots(9, 100, letters('ABC')), ...ballots(1, 100, ['A'])];
    const more = [...entries, ...ballots(1, 100, letters('AB'))];
    expect(countElection(more, { ...contest(2, 'ABC'), maxMarks: 3 }, CN)).toMatchObject({
      elected: letters('AB'),
      runOff: { seats: 0, candidates: [] },
      reserve: ['C'],
      vacant: 0,
    });
  });

  it('three who tie for two seats go to a run-off, those behind them to the reserve', () => {
    const entries = [...ballots(9, 100, letters('ABCD')), ...ballots(1, 100, letters('ABC'))];
    expect(countElection(entries, { ...contest(2, 'ABCD'), maxMarks: 4 }, CN)).toMatchObject({
      elected: [],
      runOff: { seats: 2, candidates: letters('ABC') },
      reserve: ['D'],
      vacant: 0,
    });
  });

  it('a plurality without the majority elects nobody', () => {
    const entries = [...ballots(4, 100, ['A']), ...ballots(3, 100, ['B']), ...ballots(3, 100, ['C'])];
    expect(countElection(entries, contest(1, 'ABC'), CN)).toMatchObject({
      outcome: 'COUNTED',
      elected: [],
      vacant: 1,
    });
  });
});

describe('what ranks those who pass', () => {
  // A: 7 heads with 430, B: 5 heads with 750; 8 take part with 780.
  const entries = [...ballots(4, 100, ['A', 'B']), ...ballots(3, 10, ['A']), ...ballots(1, 350, ['B'])];
  it.each([
    ['HEADS_AREA', 'A'],
    ['AREA_HEADS', 'B'],
    ['SUM_FRACTIONS', 'B'],
  ] as const)('%s puts %s first', (rank, first) => {
    expect(countElection(entries, { ...contest(1, 'AB', 2), rank }, CN).elected).toEqual([first]);
  });

  it('a sum of fractions is of those who take part', () => {
    const even = [...ballots(5, 100, ['A', 'B']), ...ballots(2, 100, ['A']), ...ballots(1, 300, ['B'])];
    const [a, b] = countElection(even, contest(1, 'AB', 2), CN).candidates.map(({ consent }) => consent);
    expect([a, b]).toEqual([
      { heads: 7n, areaDm2: 700n },
      { heads: 6n, areaDm2: 800n },
    ]);
    // 7/8 + 700/1000 against 6/8 + 800/1000.
    expect(countElection(even, { ...contest(1, 'AB', 2), rank: 'SUM_FRACTIONS' }, CN).elected).toEqual(['A']);
  });
});

describe('what an election needs', () => {
  it('without voters has no scope', () => {
    expect(countElection([], contest(1, 'A'), CN)).toMatchObject({ outcome: 'NO_SCOPE', elected: [] });
  });

  it('no seat, no candidate or the same candidate twice are broken promises', () => {
    for (const broken of [contest(0, 'A'), contest(1, ''), contest(1, 'AA'), contest(1.5, 'A')])
      expect(() => countElection([], broken, CN)).toThrow(InvariantError);
  });
});

describe('one pass over the ballots', () => {
  const marks = fc.oneof(
    fc.array(fc.constantFrom(...'ABCZ'), { maxLength: 4 }),
    fc.constantFrom('malformed' as const, 'invalid' as const, 'absent' as const),
  );
  const weight = fc
    .integer({ min: 0, max: 9 })
    .map((area) => ({ heads: area > 0 ? (1 as const) : (0 as const), areaDm2: BigInt(area) }));

  it('gives what each candidate has alone, as a motion whose yes is his mark', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ weight, marks }), { maxLength: 12 }),
        fc.boolean(),
        (entries, invalidParticipates) => {
          const rule = { ...CN, invalidParticipates };
          const result = countElection(entries, contest(2, 'ABC'), rule);
          const sound = (given: ElectionEntry['marks']): boolean =>
            typeof given !== 'string' &&
            given.length <= 2 &&
            new Set(given).size === given.length &&
            !given.includes('Z');
          for (const { candidate, consent, decision } of result.candidates) {
            const alone = count(
              entries.map(({ weight: own, marks: given }) => {
                if (typeof given === 'string') return entitlementEntry(own, given);
                if (!sound(given)) return entitlementEntry(own, 'invalid');
                const other = given.length === 0 ? 'abstain' : 'against';
                return entitlementEntry(own, given.includes(candidate) ? 'for' : other);
              }),
              rule,
            );
            expect(consent).toEqual(alone.Y);
            expect(decision).toEqual(decide(alone, 'M3', rule));
            expect([result.total, result.participating]).toEqual([alone.T, alone.P]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
