// Goal: rules in the general form decide as their articles say, at their very edges, and count like CN-2021 where they say the same. Method:
// the printed cases of other places, a table of edges, and CN-2021 written in the general form beside the core that counts meetings.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleTest } from '../../src/assembly/domain/general-rule.ts';
import { generalRuleById, generalRuleIds } from '../../src/assembly/domain/general-rules.ts';
import { decideGenerally } from '../../src/tally/domain/general-tally.ts';
import { decideMotion } from '../../src/tally/domain/outcome.ts';
import type { Answer } from '../../src/tally/domain/participation.ts';
import { count } from '../../src/tally/domain/participation.ts';
import { parseCase } from '../../src/tally/domain/what-if.ts';
import { CN, owner } from './entries.ts';

type Result = Readonly<Record<string, unknown>>;

const run = (profile: string, g: unknown, more: object = {}): Result => {
  const read = parseCase(JSON.stringify({ id: 'C', profile, g, ...more }));
  return read.ok ? (JSON.parse(read.value()[0] ?? '') as Result) : { refused: read.refusal };
};
const result = (...of: Parameters<typeof run>): unknown => run(...of)['result'];

describe('the printed cases', () => {
  it('F1: Taiwan 31, 30 equal units, 20 attend', () => {
    const attend = (yes: number) => [
      [yes, 1, '*', 'Y'],
      [20 - yes, 1, '*', 'N'],
      [10, 1, '*', '-'],
    ];
    expect([15, 14].map((yes) => result('TW-31', attend(yes)))).toEqual(['ADOPTED', 'REJECTED']);
  });

  it('F4: New South Wales, against at most a quarter of what was cast', () => {
    const g = (no: number) => [
      [1, 150, '*', 'Y'],
      [1, no, '*', 'N'],
      [1, 100, '*', 'A'],
    ];
    expect([50, 51].map((no) => result('NSW-SPECIAL', g(no)))).toEqual(['ADOPTED', 'REJECTED']);
  });

  it('F6: France 25 fails, its second vote under 24 adopts', () => {
    const g = [
      [1, 400, '*', 'Y'],
      [1, 180, '*', 'N'],
      [1, 20, '*', 'A'],
      [1, 400, '*', '-'],
    ];
    expect(run('FR-25', g)).toMatchObject({ rules: ['FR-25', 'FR-24'], result: 'ADOPTED' });
    const fewer = [
      [1, 332, '*', 'Y'],
      [4, 167, '*', '-'],
    ];
    expect(run('FR-25', fewer)).toMatchObject({ rules: ['FR-25'], result: 'REJECTED' });
  });

  it('F8: Italy, second call, a third of the value', () => {
    const away = [20, 333, '*', '-'];
    const third = [[6, 556, '*', 'Y'], [4, 1, '*', 'A'], away];
    const less = [[6, 555, '*', 'Y'], [2, 2, '*', 'A'], [2, 3, '*', 'A'], away];
    expect([third, less].map((g) => result('IT-1136-2', g))).toEqual(['ADOPTED', 'REJECTED']);
  });
});

describe('edges', () => {
  const votes = (yes: number, no: number, away: number) => [
    [yes, 10, '*', 'Y'],
    [no, 10, '*', 'N'],
    [away, 10, '*', '-'],
  ];
  it.each([
    ['CN-2007', votes(20, 0, 10), { m: 5 }, 'ADOPTED'],
    ['CN-2007', votes(19, 0, 11), { m: 5 }, 'REJECTED'],
    ['CN-2007', votes(16, 0, 14), { m: [4, 8] }, 'ADOPTED'],
    ['CN-2007', votes(15, 0, 15), { m: 4 }, 'REJECTED'],
    ['CN-2007', votes(19, 0, 11), { m: [4, 6] }, 'REJECTED'],
    ['TW-31', votes(19, 0, 11), {}, 'NOT_QUORATE'],
    ['TW-32', votes(2, 0, 8), {}, 'NOT_QUORATE'],
    ['TW-32', votes(3, 0, 12), {}, 'PROVISIONAL'],
    ['TW-32', votes(3, 0, 12), { objecting: [75, 7] }, 'ADOPTED'],
    ['TW-32', votes(3, 0, 12), { objecting: [76, 7] }, 'REJECTED'],
    ['NSW-SPECIAL', votes(0, 0, 10), {}, 'NOT_QUORATE'],
    ['NSW-SPECIAL', [[3, 10, '*', 'A']], {}, 'REJECTED'],
    ['QLD-SPECIAL', votes(20, 10, 10), {}, 'ADOPTED'],
    ['QLD-SPECIAL', votes(19, 10, 10), {}, 'REJECTED'],
    ['QLD-SPECIAL', votes(30, 11, 0), {}, 'REJECTED'],
    ['FR-25', votes(50, 0, 50), {}, 'ADOPTED'],
    ['FR-25', votes(33, 0, 67), {}, 'REJECTED'],
    ['JP-2026-31', votes(12, 4, 16), {}, 'NOT_QUORATE'],
    ['JP-2026-31', votes(12, 4, 15), {}, 'ADOPTED'],
    ['KR-38', votes(50, 0, 50), {}, 'REJECTED'],
    ['HK-3', votes(29, 0, 71), {}, 'REJECTED'],
    ['HK-3', votes(30, 30, 40), {}, 'REJECTED'],
    ['MO-ORD', votes(15, 14, 71), {}, 'ADOPTED'],
    ['DE-21-2', votes(4, 2, 2), {}, 'REJECTED'],
    ['DE-21-2', votes(5, 2, 4), {}, 'REJECTED'],
    ['IT-1136-1', votes(10, 4, 6), {}, 'ADOPTED'],
    ['IT-1136-1', votes(9, 4, 6), {}, 'REJECTED'],
  ] as const)('%s %j %j: %s', (profile, g, more, expected) => {
    expect(result(profile, g, more)).toBe(expected);
  });

  it('Hong Kong’s works want owners in person: five in a hundred, or a hundred', () => {
    const g = (inPerson: number, away: number) => [
      [inPerson, 1, '*', 'Y', 'I'],
      [300, 1, '*', 'Y'],
      [away, 1, '*', '-'],
    ];
    expect(result('HK-WORKS', g(100, 2600))).toBe('ADOPTED');
    expect(result('HK-WORKS', g(99, 2600))).toBe('NOT_QUORATE');
    expect(result('HK-WORKS', g(20, 80))).toBe('ADOPTED');
    expect(result('HK-WORKS', g(19, 81))).toBe('NOT_QUORATE');
  });

  it('nobody in the roll is no scope, under every rule', () => {
    for (const profile of generalRuleIds()) expect(result(profile, [], { m: 5 })).toBe('NO_SCOPE');
  });
});

describe('a vote that follows the majority', () => {
  const g = (yes: number, no: number) => [
    [yes, 10, '*', 'Y'],
    [no, 10, '*', 'N'],
    [20, 10, '*', 'F'],
    [10, 10, '*', '-'],
  ];

  it('joins the side that leads in weight and in heads', () => {
    expect(run('KR-38', g(40, 10))).toMatchObject({ Y: [600, 60], N: [100, 10], result: 'ADOPTED' });
    expect(run('KR-38', g(10, 40))).toMatchObject({ Y: [100, 10], N: [600, 60], result: 'REJECTED' });
  });

  it('abstains, but is present, where nobody leads in both', () => {
    expect(run('KR-38', g(25, 25))).toMatchObject({ P: [700, 70], Y: [250, 25], N: [250, 25] });
    const apart = [
      [1, 100, 'big', 'Y'],
      [3, 10, '*', 'N'],
      [1, 10, '*', 'F'],
    ];
    expect(run('IT-1136-2', apart)).toMatchObject({ P: [140, 5], Y: [100, 1], N: [30, 3] });
  });

  it('follows what the caps leave, and counts in the second vote of France, too', () => {
    const france = [
      [1, 500, 'big', 'Y'],
      [2, 100, '*', 'N'],
      [1, 100, '*', 'F'],
    ];
    expect(run('FR-25', france)).toMatchObject({ T: [600, 4], P: [600, 4], Y: [300, 1], N: [200, 2] });
    const led = [
      [4, 100, '*', 'Y'],
      [1, 50, '*', 'N'],
      [1, 100, '*', 'F'],
      [7, 100, '*', '-'],
    ];
    expect(run('FR-25', led)).toMatchObject({ rules: ['FR-25', 'FR-24'], Y: [500, 5], result: 'ADOPTED' });
  });
});

describe('one vote of one owner', () => {
  const rows = (first: string, second: string) => [
    [1, 100, 'o', first],
    [1, 100, 'o', second],
    [3, 100, '*', 'Y'],
    [1, 100, '*', 'N'],
  ];

  it('is asked for where heads are measured against the votes cast, and the owner is named', () => {
    for (const second of ['N', 'A', 'F', '-'])
      expect(run('DE-21-2', rows('Y', second))).toMatchObject({
        refused: { code: 'OWNER_DIVIDED', where: 'g[1][3]', facts: { owner: 'o' } },
      });
    expect(run('DE-21-2', rows('Y', 'Y'))).toMatchObject({ Y: [500, 4], N: [100, 1], result: 'ADOPTED' });
  });

  it('is not asked for elsewhere, where an owner may divide his units', () => {
    // So many others that no cap is reached.
    const g = [...rows('Y', 'N'), [10, 100, '*', '-']];
    for (const profile of generalRuleIds())
      if (profile !== 'DE-21-2') expect(run(profile, g, { m: 4 })).not.toHaveProperty('refused');
  });

  it('is of one owner set, however its members are ordered', () => {
    const g = [
      [1, 100, '{H,W}', 'Y'],
      [1, 100, '{ W, H }', 'Y'],
    ];
    expect(run('KR-38', g)).toMatchObject({ T: [200, 1] });
  });
});

describe('what only some rules read', () => {
  it('who cannot be found has no vote', () => {
    const g = (vote: string) => [
      [2, 10, '*', 'Y'],
      [1, 10, '*', vote, 'U'],
    ];
    for (const vote of ['Y', 'N', 'A', 'F', 'X', 'D'])
      expect(run('JP-2026-31', g(vote))).toMatchObject({
        refused: { code: 'UNLOCATED_VOTES', where: 'g[1][3]' },
      });
    expect(run('JP-2026-31', g('-'))).toMatchObject({ T: [20, 2], result: 'ADOPTED' });
  });

  it('objections up to the whole roll are taken, and no more', () => {
    const g = [[10, 100, '*', 'Y']];
    expect(result('TW-32', g, { objecting: [1000, 10] })).toBe('REJECTED');
    expect(run('TW-32', g, { objecting: [1001, 10] })).toMatchObject({
      refused: { code: 'OBJECTIONS_TOO_MANY', where: 'objecting', facts: { most: '1000, 10' } },
    });
  });

  it('objections are held against the roll before the caps', () => {
    const g = [
      [6, 100, 'big', 'Y'],
      [4, 100, '*', 'N'],
    ];
    expect(run('TW-32', g, { objecting: [1000, 10] })).toMatchObject({ T: [600, 6], result: 'REJECTED' });
    expect(run('TW-32', g, { objecting: [1000, 11] })).toHaveProperty('refused');
  });

  it('a matter is passed over where a rule does not tell matters apart', () => {
    for (const m of [5, 12, '25']) expect(result('FR-25', [[3, 100, '*', 'Y']], { m })).toBe('ADOPTED');
  });
});

describe('kinds of unit', () => {
  const g = [
    [4, 10000, '*', 'Y'],
    [2, 10000, '*', 'N'],
    [3, 1250, '*', 'N', 'P'],
  ];

  it('China 2007 leaves parking spaces out unless special spaces count, and takes every other kind', () => {
    expect(run('CN-2007', g, { m: 4 })).toMatchObject({ T: [60000, 6], Y: [40000, 4], result: 'ADOPTED' });
    const counted = { m: 4, opt: { special: true } };
    expect(run('CN-2007', g, counted)).toMatchObject({ T: [63750, 9], N: [23750, 5], result: 'REJECTED' });
    expect(run('CN-2007', [[3, 1250, '*', 'Y', 'S']], { m: 4 })).toMatchObject({ T: [3750, 3] });
  });

  it('that a rule does not know are refused by name, with those that it knows', () => {
    const kind = (profile: string, letter: string) => run(profile, [[1, 10, '*', '-', letter]])['refused'];
    for (const profile of generalRuleIds())
      if (profile !== 'CN-2007')
        expect(kind(profile, 'P')).toMatchObject({ code: 'KIND_UNKNOWN', where: 'g[0][4]' });
    expect(kind('KR-38', 'U')).toMatchObject({ facts: { kind: 'U', known: '' } });
    expect(kind('HK-WORKS', 'U')).toMatchObject({ facts: { kind: 'U', known: 'I' } });
    expect(kind('JP-2026-31', 'I')).toMatchObject({ facts: { kind: 'I', known: 'U' } });
    expect([kind('HK-WORKS', 'I'), kind('JP-2026-31', 'U')]).toEqual([undefined, undefined]);
    // Every other letter is a unit that counts.
    for (const profile of generalRuleIds())
      if (profile !== 'CN-2007') expect(kind(profile, 'S')).toBeUndefined();
  });
});

describe('caps', () => {
  it('count no more than a fifth of the weight and of the units of one owner, in the base neither', () => {
    const g = [
      [6, 100, 'big', 'Y'],
      [14, 50, '*', 'N'],
    ];
    expect(run('TW-31', g)).toMatchObject({ T: [960, 18], Y: [260, 4], N: [700, 14] });
    expect(
      run('TW-31', [
        [1, 3, 'big', 'Y'],
        [5, 1, '*', 'Y'],
      ]),
    ).toMatchObject({ T: ['33/5', 6] });
  });

  it('reduce whoever has more than half to what the others have', () => {
    const g = (big: number) => [
      [1, big, 'big', 'Y'],
      [4, 25, '*', 'N'],
    ];
    expect(run('FR-24', g(101))).toMatchObject({ T: [200, 5], Y: [100, 1], result: 'REJECTED' });
    expect(run('FR-24', g(100))).toMatchObject({ T: [200, 5], Y: [100, 1] });
  });

  it('refuse an owner above one who answered in several ways', () => {
    const g = [
      [1, 100, 'big', 'Y'],
      [1, 100, 'big', 'N'],
      [1, 50, '*', 'N'],
    ];
    expect(run('FR-24', g)).toMatchObject({
      refused: { code: 'CAPPED_OWNER_DIVIDED', where: 'g[1][3]', facts: { owner: 'big' } },
    });
  });
});

describe('what is refused', () => {
  it.each([
    ['MEMBER_MISSING', 'CN-2007', {}],
    ['MATTER_UNKNOWN', 'CN-2007', { m: 10 }],
    ['MEMBER_UNKNOWN', 'KR-38', { objections: [1, 1] }],
    ['MEMBER_NOT_TAKEN', 'KR-38', { objecting: [1, 1] }],
    ['MEMBER_NOT_TAKEN', 'KR-38', { opt: {} }],
    ['MEMBER_NOT_TAKEN', 'KR-38', { alt: [] }],
    ['MEMBER_NOT_TAKEN', 'CN-2007', { seats: 1, candidates: ['A'] }],
    ['OBJECTIONS_TOO_MANY', 'TW-32', { objecting: [2, 0] }],
    ['OBJECTIONS_TOO_MANY', 'TW-32', { objecting: [0, 2] }],
    ['PARAMETER_UNKNOWN', 'CN-2007', { m: 4, opt: { silent: 'follow' } }],
    ['OBJECTIONS_MALFORMED', 'TW-32', { objecting: [1] }],
    ['OBJECTIONS_MALFORMED', 'TW-32', { objecting: [1, -1] }],
  ])('%s under %s', (code, profile, more) => {
    expect(run(profile, [[1, 1, '*', 'Y']], more)).toMatchObject({ refused: { code } });
  });
});

describe('CN-2021 in the general form', () => {
  const both = (of: RuleTest['of'], base: RuleTest['base'], op: RuleTest['op'], num: number, den: number) =>
    (['WEIGHT', 'HEADS'] as const).map((measure) => ({ of, measure, base, op, num, den }));
  const quorum = both('PARTICIPATING', 'ALL', 'GE', 2, 3);
  const answers = fc.constantFrom<Answer>('for', 'against', 'abstain', 'absent');
  const units = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), answers), { minLength: 1, maxLength: 3 });

  it.each([
    ['M5', both('FOR', 'PARTICIPATING', 'GT', 1, 2)],
    ['M6', both('FOR', 'PARTICIPATING', 'GE', 3, 4)],
  ] as const)('decides %s as the core that counts meetings', (matter, pass) => {
    fc.assert(
      fc.property(fc.array(units, { maxLength: 8 }), (owners) => {
        const core = decideMotion(
          count(
            owners.map((each) => owner(...each)),
            CN,
          ),
          [matter],
          CN,
        );
        const voters = owners.map((each) => ({
          owner: undefined,
          times: 1n,
          heads: 1n,
          shares: each.map(([weight, answer]) => ({ weight: BigInt(weight), answer, inPerson: false })),
        }));
        const capped = { voters, scale: 1n };
        const rule = { ...generalRuleById('KR-38'), quorum, pass } as NonNullable<
          ReturnType<typeof generalRuleById>
        >;
        const general = decideGenerally(rule, pass, capped, undefined);
        expect(general.outcome).toBe(core.outcome);
        expect(general.consenting).toEqual({ weight: core.counts.Y.areaDm2, heads: core.counts.Y.heads });
      }),
      { numRuns: 1_000 },
    );
  });
});
