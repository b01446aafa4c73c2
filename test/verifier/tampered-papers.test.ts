// Goal: PAPER-01, CAST-03 over chains of casts and papers, and the recount fail when a lie about a paper is told (SPEC 6.4, 6.7). Method: the
// story of bundle-builder.ts, in which deng votes on paper; one lie at a time, and the exact checks that fail.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Paper } from '../../src/record/paper.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import type { DuplicateRule } from '../../src/verifier/profile-form.ts';
import { seededRandom } from '../support/random.ts';
import type { Ballots, Forge } from './bundle-builder.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { PaperLies } from './forge.ts';
import { HONEST_CASTS } from './story-casts.ts';

const random = seededRandom('tampered papers');
const ON_PAPER = [
  { channel: 'letter', areaDm2: '38000', heads: 4 },
  { channel: 'paper', areaDm2: '12000', heads: 1 },
] as const;

const counted = (record: TallyRecord): TallyRecord => ({ ...record, channels: [...ON_PAPER] });
const dengOnPaper = (paper: PaperLies = {}): readonly Ballots[] =>
  HONEST_CASTS.map((each) => (each.owner === 'deng' ? { ...each, paper } : each));
const told = (paper: PaperLies, more: Forge = {}): Forge => ({
  casts: dengOnPaper(paper),
  record: counted,
  ...more,
});
const changed = (change: Partial<Paper>): PaperLies => ({ record: (paper) => ({ ...paper, ...change }) });

describe('a meeting with a paper', () => {
  it('passes every check, and says so of PAPER-01', async () => {
    const built = buildBundle(told({}));
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'PAPER-01')?.outcome).toBe('pass');
  });

  it('shows no paper in the public bundle, which does not claim to have checked one', async () => {
    const built = publicBundle(buildBundle(told({})));
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    for (const id of ['PAPER-01', 'TALLY-02'] as const)
      expect(checks.find((each) => each.id === id)?.outcome).toBe('not made');
  });

  it('lists an invalid mark with its code: it takes no part', async () => {
    // Without deng 38,000 of 70,000 dm² take part: below two thirds.
    const lie = await failing({
      ...told({}),
      casts: dengOnPaper().map((each) =>
        each.owner === 'deng' ? { ...each, answers: [[0, 'invalid-both']] as const } : each,
      ),
    });
    expect(lie).toEqual(['TALLY-01', 'TALLY-02', 'BOX-02']);
  });
});

describe('who signed it', () => {
  it.each([
    ['one officer alone', ['clerk']],
    ['the committee among them', ['clerk', 'committee']],
    ['three', ['clerk', 'scrutineer', 'street']],
    ['nobody', []],
  ])('ACT-01: %s', async (_, signers) => {
    expect(await failing(told({ signers }))).toEqual(['ACT-01']);
  });

  it('ACT-01 and ACT-03: one clerk twice', async () => {
    expect(await failing(told({ signers: ['clerk', 'clerk'] }))).toEqual(['ACT-01', 'ACT-03']);
  });
});

describe('PAPER-01', () => {
  it('a serial used twice', async () => {
    const serial = newId(random);
    const casts = dengOnPaper({ serial }).map((each) =>
      each.owner === 'emei' ? { ...each, paper: { serial } } : each,
    );
    const record = (honest: TallyRecord): TallyRecord => ({
      ...honest,
      channels: [
        { channel: 'letter', areaDm2: '27898', heads: 3 },
        { channel: 'paper', areaDm2: '22102', heads: 2 },
      ],
    });
    expect(await failing({ casts, record })).toEqual(['PAPER-01']);
  });

  it('signed by somebody who holds nothing here', async () => {
    expect(await failing(told(changed({ signer: newId(random) })))).toEqual(['PAPER-01']);
  });

  it('under a mandate that nobody gave', async () => {
    expect(await failing(told(changed({ mandate: newId(random) })))).toEqual(['PAPER-01']);
  });

  it('an answer where the house has no area', async () => {
    const casts = dengOnPaper().map((each) =>
      each.owner === 'deng'
        ? ({
            ...each,
            answers: [
              [0, 'for'],
              [1, 'for'],
            ],
          } as const)
        : each,
    );
    expect(await failing({ casts, record: counted })).toEqual(['PAPER-01']);
  });

  it('one proposal answered twice', async () => {
    const twice: PaperLies = {
      record: (paper) => ({ ...paper, answers: [...paper.answers, ...paper.answers] }),
    };
    // The same sealed bytes twice use one nonce twice.
    expect(await failing(told(twice))).toEqual(['PAPER-01', 'BOX-02']);
  });
});

describe('the chain', () => {
  it('CAST-03: another meeting, a gap in seq, another predecessor', async () => {
    const hash = toBase64Url(random(32));
    expect(await failing(told(changed({ prev: hash })))).toEqual(['CAST-03']);
    expect(await failing(told(changed({ seq: 2 })))).toEqual(['CAST-03']);
    const foreign = await failing(told(changed({ meeting: hash })));
    expect(foreign).toContain('CAST-03');
  });

  it('CAST-03: the entry names another place than its paper', async () => {
    const lie = await failing(
      told(
        {},
        {
          entry: (entry, step) =>
            step === 'paper' && entry.kind === 'paper.accepted' ? { ...entry, seq: 3 } : entry,
        },
      ),
    );
    expect(lie).toEqual(['CAST-03']);
  });

  const both = (first: 'cast' | 'paper', rule: DuplicateRule): Forge => {
    const deng: Ballots = { owner: 'deng', answers: [[0, 'for']] };
    const onPaper: Ballots = { ...deng, paper: {} };
    const pair = first === 'cast' ? [deng, onPaper] : [onPaper, deng];
    return {
      casts: HONEST_CASTS.flatMap((each) => (each.owner === 'deng' ? pair : [each])),
      parameters: { duplicateRule: rule },
      ...(first === 'cast' ? { record: counted } : {}),
    };
  };
  it.each([
    ['cast', 'OWN_KEY', ['CAST-03']],
    ['cast', 'FIRST_VALID', ['CAST-03']],
    ['cast', 'ELECTRONIC_PREVAILS', ['CAST-03']],
    ['cast', 'LAST_BEFORE_CLOSE', []],
    ['paper', 'OWN_KEY', []],
    ['paper', 'FIRST_VALID', ['CAST-03']],
    ['paper', 'ELECTRONIC_PREVAILS', []],
    ['paper', 'LAST_BEFORE_CLOSE', []],
  ] as const)('a %s first, under %s', async (first, rule, expected) => {
    const failures = await failing(both(first, rule));
    // The story's trust file knows the profile with its default alone.
    expect(failures.filter((id) => id !== 'MEET-02' && id !== 'TRUST-01')).toEqual(expected);
  });
});

describe('the bytes', () => {
  it('LOG-01: an altered scanHash is not what the officers signed', async () => {
    const altered = await failing({
      ...told({}),
      files: (files) =>
        editLines(files, 'paper.jsonl', (lines) =>
          lines.map((line) => {
            const { paper } = JSON.parse(line) as { readonly paper: string };
            const text = Buffer.from(paper, 'base64url').toString('utf8');
            const other = text.replace(/"scanHash":"[^"]+"/, `"scanHash":"${toBase64Url(random(32))}"`);
            return JSON.stringify({ paper: Buffer.from(other).toString('base64url') });
          }),
        ),
    });
    expect(altered).toEqual(expect.arrayContaining(['LOG-01', 'TALLY-02']));
  });

  it('BND-01: an auditor is not given the file', async () => {
    const failures = await failuresOf(
      buildBundle(told({}, { files: (files) => files.delete('paper.jsonl') })),
    );
    expect(failures).toEqual(expect.arrayContaining(['BND-01', 'LOG-01']));
  });
});
