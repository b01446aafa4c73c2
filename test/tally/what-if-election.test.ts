// Goal: elections of a what-if file leave out what a meeting leaves out, and read a ballot as what it marks. Method: small elections
// counted by hand, and a table of defects; beside them the voters that the service itself makes of a roll.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { FrozenLeaf } from '../../src/registry/frozen-roll.ts';
import { parseCase } from '../../src/tally/domain/what-if.ts';
import { votersOf } from '../../src/tally/statements.ts';
import { aHash, anId, definitionOf, election } from '../assembly/drafts.ts';
import { CN } from './entries.ts';

type Result = Readonly<Record<string, unknown>>;

const lineOf = (g: unknown, more: object = {}): string =>
  JSON.stringify({ id: 'E', seats: 1, candidates: ['A', 'B'], g, ...more });

const run = (...of: Parameters<typeof lineOf>): Result => {
  const read = parseCase(lineOf(...of));
  return read.ok ? (JSON.parse(read.value()[0] ?? '') as Result) : { refused: read.refusal };
};

describe('parking spaces', () => {
  const g = [
    [4, 10000, '*', ['A']],
    [5, 10000, '*', 'A'],
    [3, 9000, '*', ['A'], 'P'],
  ];

  it('stay out of the base, as in a motion', () => {
    expect(run(g)).toMatchObject({
      T: [90000, 9],
      P: [90000, 9],
      candidates: [
        { id: 'A', Y: [40000, 4], p: [false, false] },
        { id: 'B', Y: [0, 0] },
      ],
      result: 'VACANT',
    });
  });

  it('count where the case says that special spaces do, by either name', () => {
    for (const opt of [{ special: true }, { countSpecialSpaces: true }])
      expect(run(g, { opt })).toMatchObject({ T: [117000, 12], elected: ['A'], result: 'ELECTED' });
    expect(run(g, { opt: { special: false } })).toMatchObject({ T: [90000, 9] });
  });

  it('of an owner who also has a flat do not add to it; other kinds count', () => {
    const own = [
      [1, 10000, 'O', ['A']],
      [2, 1250, 'O', ['A'], 'P'],
      [1, 10000, '*', ['A'], 'S'],
    ];
    expect(run(own)).toMatchObject({ T: [20000, 2], elected: ['A'] });
  });

  it('alone are no scope', () => {
    expect(run([[3, 1250, '*', ['A'], 'P']])).toMatchObject({ T: [0, 0], result: 'NO_SCOPE' });
  });

  it('make nobody a voter of an election that the service counts', () => {
    const leafOf = (kind: 'dwelling' | 'parking', entitlement: string): FrozenLeaf => ({
      entitlement,
      index: 0,
      bytes: new Uint8Array(),
      leaf: {
        v: 1,
        kind: 'roll',
        meeting: anId(),
        entitlement,
        basis: 'owner-set',
        units: [
          {
            unit: anId(),
            building: '1',
            stair: '',
            room: '101',
            kind,
            areaDm2: '9000',
            areaSource: 'register',
          },
        ],
        holders: aHash(),
        voter: aHash(),
      },
    });
    const proposal = present(definitionOf([election()]).proposals[0], 'a proposal');
    const leaves = [leafOf('dwelling', 'd'), leafOf('parking', 'p')];
    const said = new Map([
      ['d', new Map([[proposal.proposal, ['ada']]])],
      ['p', new Map([[proposal.proposal, ['ada']]])],
    ]);
    const home = { weight: { areaDm2: 9000n, heads: 1 }, answer: ['ada'] };
    expect(votersOf(leaves, proposal, CN, said)).toEqual([home]);
    expect(votersOf(leaves, proposal, { ...CN, countSpecialSpaces: true }, said)).toEqual([home, home]);
  });
});

describe('one ballot of one owner', () => {
  const two = { seats: 2 };

  it('marks the same candidates in whatever order they stand', () => {
    const g = [
      [1, 100, 'O', ['A', 'B']],
      [1, 100, 'O', ['B', 'A']],
      [1, 100, '{H,W}', ['A']],
      [1, 100, '{W, H}', ['A']],
    ];
    expect(run(g, two)).toMatchObject({ T: [400, 2], candidates: [{ Y: [400, 2] }, { Y: [200, 1] }] });
  });

  it.each([
    [['A'], ['B']],
    [['A'], ['A', 'A']],
    [['A'], '-'],
    ['A', 'X'],
  ])('is not both %j and %j', (first, second) => {
    const g = [
      [1, 100, 'O', first],
      [1, 100, 'O', second],
    ];
    expect(run(g, two)).toMatchObject({
      refused: { code: 'OWNER_DIVIDED', where: 'g[1][3]', facts: { owner: 'O' } },
    });
  });

  it('is one of at most 200,000, the rows of one owner together', () => {
    const named = [199_999, 100, '*', ['A']];
    const rows = (owner: string) => [named, [1, 100, 'O', ['A']], [1, 100, owner, ['A']]];
    expect(run(rows('O'))).toMatchObject({ T: [20_000_100, 200_000] });
    expect(run(rows('P'))).toMatchObject({
      refused: { code: 'OWNERS_TOO_MANY', where: 'g[2][0]', facts: { most: 200_000 } },
    });
  });
});

describe('what an election does not take', () => {
  it.each(['Y', 'N', 'D', 'F', 1, ['A', 1], null])('the vote %j', (vote) => {
    expect(run([[1, 100, '*', vote]])).toMatchObject({
      refused: { code: 'MARKS_UNKNOWN', where: 'g[0][3]' },
    });
  });

  it.each([
    ['PARAMETER_UNKNOWN', 'opt.silent', { opt: { silent: 'follow' } }],
    ['PARAMETER_UNKNOWN', 'opt.x', { opt: { x: 1 } }],
    ['PARAMETER_VALUE', 'opt.special', { opt: { special: 'yes' } }],
    ['PARAMETER_VALUE', 'opt.invalidParticipates', { opt: { invalidParticipates: 1 } }],
    [
      'PARAMETER_CONTRADICTED',
      'opt.countSpecialSpaces',
      { opt: { special: true, countSpecialSpaces: false } },
    ],
    ['PARAMETERS_MALFORMED', 'opt', { opt: [] }],
    ['MATTER_NOT_ELECTION', 'm', { m: 5 }],
    ['MATTER_NOT_ELECTION', 'm', { m: [3] }],
    ['MEMBER_NOT_TAKEN', 'alt', { alt: [] }],
    ['PROFILE_UNKNOWN', 'profile', { profile: 'CN-2020' }],
  ])('%s at %s', (code, where, more) => {
    expect(run([], more)).toMatchObject({ refused: { code, where } });
  });
});
