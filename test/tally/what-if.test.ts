// Goal: what-if cases give the golden results and bad ones are refused by member. Method: every vector of
// test/vectors/tally-cases.jsonl with its alternatives, and a table of defects.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCase } from '../../src/tally/domain/what-if.ts';

type Expected = Readonly<Record<string, unknown>>;
type Vector = {
  readonly id: string;
  readonly exp: Expected;
  readonly alt?: readonly (readonly [unknown, Expected])[];
};

const lines = readFileSync(new URL('../vectors/tally-cases.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** The results of one line as parsed JSON. */
function run(line: string): readonly Expected[] {
  const read = parseCase(line);
  if (!read.ok) throw new Error(`${read.refusal.code} ${read.refusal.where}`);
  return read.value().map((result) => JSON.parse(result) as Expected);
}

const caseOf = (change: object): string =>
  JSON.stringify({ id: 'C', m: 5, g: [[1, 100, '*', 'Y']], ...change });

describe('golden cases', () => {
  it('are all there', () => {
    expect(lines).toHaveLength(20);
  });

  it.each(lines.map((line) => [(JSON.parse(line) as Vector).id, line]))('%s', (_id, line) => {
    const { id, exp, alt = [] } = JSON.parse(line) as Vector;
    const [first, ...others] = run(line);
    expect(first).toMatchObject({ id, ...exp });
    expect(others).toHaveLength(alt.length);
    for (const [index, [, expected]] of alt.entries())
      expect(others[index]).toMatchObject({ id: `${id}/${index + 1}`, ...expected });
  });
});

describe('what a case may say', () => {
  it('prints the members in their order', () => {
    const read = parseCase(caseOf({}));
    const line = read.ok ? read.value() : [];
    expect(line).toEqual([
      '{"id":"C","T":[100,1],"P":[100,1],"Y":[100,1],"q":[true,true],"p":[true,true],"result":"ADOPTED"}',
    ]);
  });

  it('numbers above 2^53 come and go as strings', () => {
    const [found] = run(
      caseOf({
        g: [
          ['3', '9007199254740993', '*', 'Y'],
          [1, 1, 'S', 'N'],
        ],
      }),
    );
    expect(found).toMatchObject({ T: ['27021597764222980', 4], Y: ['27021597764222979', 3] });
    expect(run(caseOf({ g: [[1, '9007199254740991', '*', 'Y']] }))[0]).toMatchObject({
      T: [9007199254740991, 1],
    });
    expect(run(caseOf({ g: [[1, '9007199254740992', '*', 'Y']] }))[0]).toMatchObject({
      T: ['9007199254740992', 1],
    });
  });

  it('a billion units are counted without being listed', () => {
    expect(run(caseOf({ g: [[1000000000, 100, '*', 'Y']] }))[0]).toMatchObject({
      T: [100000000000, 1000000000],
    });
  });

  it('several matters need every one of them', () => {
    const g = [
      [70, 100, '*', 'Y'],
      [30, 100, '*', 'N'],
    ];
    expect(run(caseOf({ m: [7, 5], g }))[0]).toMatchObject({ p: [false, false], result: 'REJECTED' });
    expect(run(caseOf({ m: [4, 5], g }))[0]).toMatchObject({ p: [true, true], result: 'ADOPTED' });
  });

  it('a split owner is one head that consents only as a whole', () => {
    const g = [
      [1, 100, 'O', 'Y'],
      [2, 50, 'O', 'N'],
      [0, 100, 'O', 'A'],
    ];
    expect(run(caseOf({ g }))[0]).toMatchObject({ T: [200, 1], P: [200, 1], Y: [100, 0] });
  });

  it('an owner of parking spaces alone has a vote only where special spaces count', () => {
    const g = [[2, 1250, 'O', 'Y', 'P']];
    expect(run(caseOf({ g }))[0]).toMatchObject({ T: [0, 0], result: 'NO_SCOPE' });
    expect(run(caseOf({ g, opt: { countSpecialSpaces: true } }))[0]).toMatchObject({
      T: [2500, 1],
      result: 'ADOPTED',
    });
  });

  it('the representative of an owner set merges his heads', () => {
    const g = [
      [1, 100, '{H}', 'Y'],
      [1, 100, '{H,W}', 'Y'],
      [1, 100, 'H', 'Y'],
      [1, 100, '*', 'N'],
    ];
    const alt = [[{ headKey: 'representative' }, { result: 'REJECTED' }], [{ headKey: 'ownerset' }]];
    const heads = run(caseOf({ g, alt })).map((found) => found['T']);
    expect(heads).toEqual([
      [400, 4],
      [400, 2],
      [400, 4],
    ]);
  });

  it('an alternative starts from the changed parameters of its case', () => {
    const g = [
      [2, 100, '*', 'Y'],
      [1, 100, '*', 'D'],
    ];
    const found = run(caseOf({ g, opt: { silent: 'follow' }, alt: [[{ m: 6 }], [{ silenceRule: 'NONE' }]] }));
    expect(found.map((result) => result['P'])).toEqual([
      [300, 3],
      [300, 3],
      [200, 2],
    ]);
  });

  it('names its profile, and what it expects is not read', () => {
    expect(run(caseOf({ profile: 'CN-2021', exp: 'anything', note: 'a remark' }))).toHaveLength(1);
  });

  it('follow votes and all spellings of votes are known', () => {
    const g = ['Y', 'Y', 'N', 'A', 'F', 'X', 'D', '-'].map((vote) => [1, 100, '*', vote]);
    expect(run(caseOf({ g }))[0]).toMatchObject({ T: [800, 8], P: [500, 5], Y: [300, 3] });
  });
});

describe('an owner', () => {
  const heads = (...owners: readonly string[]) => {
    const [found] = run(caseOf({ g: owners.map((owner) => [1, 100, owner, 'Y']) }));
    const [, count] = (found?.['T'] ?? []) as readonly number[];
    return count;
  };

  it('is the same owner set in whatever order and with whatever spaces its members stand', () => {
    expect(heads('{H,W}', '{W,H}', '{ H , W }', '{W, H,W}')).toBe(1);
    expect(heads('{H}', '{ H }')).toBe(1);
  });

  it('is another one under another name, exactly as it is written', () => {
    expect(heads('{H}', 'H', '{H,W}', '{H,W,K}')).toBe(4);
    expect(heads('Ann', 'Ann ', 'ann', '* ', '{H', '{}')).toBe(6);
  });

  it('of a set is represented by the first that the text names', () => {
    const g = ['{H, W}', '{ H }', '{W,H}', '{}'].map((owner) => [1, 100, owner, 'Y']);
    expect(run(caseOf({ g, opt: { headKey: 'representative' } }))[0]).toMatchObject({ T: [400, 3] });
  });
});

describe('numbers and texts', () => {
  it('that are integers in another spelling are taken', () => {
    const line =
      '{"id":"\\u0043","m":5.0,"g":[[1e2,1.0E+2,"*","Y"],[0e9,100,"*","N"],[-0,100,"*","N"]],"exp":[0.5]}';
    expect(run(line)[0]).toMatchObject({ id: 'C', T: [10000, 100] });
  });

  it('broken are named with their place', () => {
    const column = (line: string) => {
      const read = parseCase(line);
      return read.ok ? undefined : read.refusal.facts?.['column'];
    };
    expect(column('nonsense')).toBe(1);
    expect(column('{"id":"C" "m":5}')).toBe(11);
    expect(column('{"id":"C","m":5')).toBe(16);
    expect(column('{"id":"C\t"}')).toBe(9);
  });
});

describe('what is refused', () => {
  const group = (at: number, value: unknown) => ({ g: [[1, 100, '*', 'Y', 'S'].with(at, value as string)] });
  const rows: readonly (readonly [string, string, string])[] = [
    ['LINE_NOT_JSON', '', '{"id":'],
    ['LINE_NOT_JSON', '', 'nonsense'],
    ['LINE_NOT_JSON', '', '{"id":"C","m":5,"g":[],}'],
    ['LINE_NOT_JSON', '', '{"id":"C","m":05,"g":[]}'],
    ['LINE_NOT_JSON', '', '{"id":"C\t","m":5,"g":[]}'],
    ['LINE_NOT_JSON', '', '{"id":"C","m":5,"g":[]} {}'],
    ['LINE_NOT_JSON', '', `{"id":"C","m":5,"g":[],"exp":${'['.repeat(99)}${']'.repeat(99)}}`],
    ['LINE_NOT_JSON', '', '['.repeat(200_000)],
    ['MEMBER_REPEATED', 'm', '{"id":"C","m":6,"\\u006d":5,"g":[]}'],
    ['MEMBER_REPEATED', 'alt[1][0].m', '{"id":"C","m":6,"g":[],"alt":[[{"m":5}],[{"m":5,"m":6}]]}'],
    ['NUMBER_ROUNDED', 'g[0][1]', '{"id":"C","m":5,"g":[[1,10000.0000000000001,"*","Y"]]}'],
    ['NUMBER_ROUNDED', 'g[0][1]', '{"id":"C","m":5,"g":[[1,9007199254740990.4,"*","Y"]]}'],
    ['NUMBER_ROUNDED', 'g[0][0]', '{"id":"C","m":5,"g":[[1e-400,100,"*","Y"]]}'],
    ['MEMBER_NOT_TAKEN', 'objecting', caseOf({ objecting: [1, 1] })],
    ['MEMBER_NOT_TAKEN', 'max', caseOf({ max: 2 })],
    ['PROFILE_UNKNOWN', 'profile', caseOf({ profile: 'TW32', objecting: [1, 1] })],
    ['PROFILE_UNKNOWN', 'profile', '{"id":"C","profile":"FR25","g":[]}'],
    ['PROFILE_UNKNOWN', 'profile', '{"id":"C","profile":null,"g":[]}'],
    ['LINE_NOT_AN_OBJECT', '', '[]'],
    ['LINE_NOT_AN_OBJECT', '', 'null'],
    ['LINE_NOT_AN_OBJECT', '', '5'],
    ['MEMBER_UNKNOWN', 'extra', caseOf({ extra: 1 })],
    ['MEMBER_UNKNOWN', '__proto__', '{"id":"C","m":5,"g":[],"__proto__":{}}'],
    ['MEMBER_MISSING', 'g', '{"id":"C","m":5}'],
    ['MEMBER_MISSING', 'm', '{"id":"C","g":[]}'],
    ['MEMBER_MISSING', 'id', '{"m":5,"g":[]}'],
    ['ID_MALFORMED', 'id', caseOf({ id: 7 })],
    ['ID_MALFORMED', 'id', caseOf({ id: '' })],
    ['NOTE_MALFORMED', 'note', caseOf({ note: 7 })],
    ['PROFILE_UNKNOWN', 'profile', caseOf({ profile: 'XX-1' })],
    ['PROFILE_UNKNOWN', 'profile', caseOf({ profile: 7 })],
    ['MATTER_UNKNOWN', 'm', caseOf({ m: 0 })],
    ['MATTER_UNKNOWN', 'm', caseOf({ m: 10 })],
    ['MATTER_UNKNOWN', 'm', caseOf({ m: '5' })],
    ['MATTER_UNKNOWN', 'm', caseOf({ m: [] })],
    ['MATTER_UNKNOWN', 'm', caseOf({ m: [5, 5.5] })],
    ['GROUPS_MALFORMED', 'g', caseOf({ g: {} })],
    ['GROUPS_MALFORMED', 'g[0]', caseOf({ g: ['x'] })],
    ['GROUPS_MALFORMED', 'g[0]', caseOf({ g: [[1, 100, '*']] })],
    [
      'GROUPS_MALFORMED',
      'g[1]',
      caseOf({
        g: [
          [1, 100, '*', 'Y'],
          [1, 100, '*', 'Y', 'S', 1],
        ],
      }),
    ],
    ['COUNT_MALFORMED', 'g[0][0]', caseOf(group(0, -1))],
    ['COUNT_MALFORMED', 'g[0][0]', caseOf(group(0, 1.5))],
    ['COUNT_MALFORMED', 'g[0][0]', caseOf(group(0, '01'))],
    ['COUNT_MALFORMED', 'g[0][0]', caseOf(group(0, null))],
    ['AREA_MALFORMED', 'g[0][1]', caseOf(group(1, 0))],
    ['AREA_MALFORMED', 'g[0][1]', caseOf(group(1, 98.76))],
    ['AREA_MALFORMED', 'g[0][1]', caseOf(group(1, 2 ** 53))],
    ['OWNER_MALFORMED', 'g[0][2]', caseOf(group(2, ''))],
    ['OWNER_MALFORMED', 'g[0][2]', caseOf(group(2, 5))],
    ['VOTE_UNKNOWN', 'g[0][3]', caseOf(group(3, 'y'))],
    ['KIND_MALFORMED', 'g[0][4]', caseOf(group(4, 'parking'))],
    ['KIND_MALFORMED', 'g[0][4]', caseOf(group(4, null))],
    ['PARAMETERS_MALFORMED', 'opt', caseOf({ opt: [] })],
    ['PARAMETER_UNKNOWN', 'opt.quorum', caseOf({ opt: { quorum: 1 } })],
    ['PARAMETER_VALUE', 'opt.special', caseOf({ opt: { special: 'yes' } })],
    ['PARAMETER_VALUE', 'opt.silent', caseOf({ opt: { silent: true } })],
    ['PARAMETER_UNKNOWN', 'opt.m', caseOf({ opt: { m: 6 } })],
    ['PARAMETER_CONTRADICTED', 'opt.silenceRule', caseOf({ opt: { silent: 'none', silenceRule: 'follow' } })],
    ['MATTER_UNKNOWN', 'alt[0][0].m', caseOf({ alt: [[{ m: 12 }]] })],
    ['ALTERNATIVES_MALFORMED', 'alt', caseOf({ alt: {} })],
    ['ALTERNATIVES_MALFORMED', 'alt[0]', caseOf({ alt: [{}] })],
    ['ALTERNATIVES_MALFORMED', 'alt[0]', caseOf({ alt: [[]] })],
    ['PARAMETERS_MALFORMED', 'alt[0][0]', caseOf({ alt: [[null]] })],
    ['PARAMETER_UNKNOWN', 'alt[1][0].x', caseOf({ alt: [[{}], [{ x: 1 }, {}]] })],
  ];
  it.each(rows)('%s at "%s": %s', (code, where, line) => {
    expect(parseCase(line)).toMatchObject({ ok: false, refusal: { code, where } });
  });
});
