// Goal: the second count agrees with the law's golden cases, elections and laws of counting. Method: the published cases of
// test/vectors/tally-cases.jsonl (those without a silence clause), law-sheet cases E1 and E5, and random votes.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/record/meeting.ts';
import { MOTION_OPTIONS } from '../../src/record/meeting.ts';
import type { Rules } from '../../src/verifier/profile-form.ts';
import type { Vote } from '../../src/verifier/recount.ts';
import { recount } from '../../src/verifier/recount.ts';

const RULES: Rules = {
  quorum: { num: 2n, den: 3n, test: 'GE' },
  ordinary: { num: 1n, den: 2n, test: 'GT' },
  major: { num: 3n, den: 4n, test: 'GE' },
  abstainParticipates: true,
  malformedParticipates: true,
  invalidParticipates: false,
  duplicateRule: 'OWN_KEY',
  blankIsAbstention: false,
  countSpecialSpaces: false,
  silenceFollows: false,
  noticeDays: 15,
  windowDaysMin: 5,
  windowDaysMax: 60,
  extensionCount: 1,
  objectionDays: 7,
  extensionDays: 20,
  revoteLimit: 1,
  letterRevote: false,
  designatedOnly: false,
  proxyCap: 3,
};

const proposalOf = (classes: Proposal['classes'], more: Partial<Proposal> = {}): Proposal => ({
  proposal: 'a'.repeat(26),
  title: '议题',
  textHash: 'A'.repeat(43),
  classes,
  basis: '',
  scope: { kind: 'community', members: [] },
  mode: 'open',
  form: 'motion',
  options: MOTION_OPTIONS.map((option) => ({ ...option })),
  seats: 0,
  min: 1,
  max: 1,
  sealLength: 400,
  fund: [],
  ...more,
});

type Case = {
  readonly id: string;
  readonly m: number;
  readonly g: readonly (readonly [number, number, string, string, string?])[];
  readonly opt?: Readonly<Record<string, unknown>>;
  readonly exp: {
    readonly T?: readonly [number, number];
    readonly P?: readonly [number, number];
    readonly Y?: readonly [number, number];
    readonly q?: readonly [boolean, boolean];
    readonly p?: readonly [boolean, boolean];
    readonly result: string;
  };
};

const WORDS: Readonly<Record<string, Vote['answer']>> = { Y: ['for'], N: ['against'], A: ['abstain'] };

/** One vote for each head: the units of one owner are added up, parking carries no weight. */
function votesOf({ g }: Case): readonly Vote[] {
  const heads = new Map<string, { areaDm2: bigint; answer: Vote['answer'] }>();
  let fresh = 0;
  for (const [count, area, owner, vote, kind] of g) {
    if (kind === 'P') continue;
    for (let i = 0; i < count; i += 1) {
      fresh += 1;
      const name = owner === '*' ? `*${fresh}` : owner;
      const head = heads.get(name) ?? { areaDm2: 0n, answer: WORDS[vote] ?? 'silent' };
      head.areaDm2 += BigInt(area);
      heads.set(name, head);
    }
  }
  return [...heads.values()];
}

const cases = readFileSync(new URL('../vectors/tally-cases.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case)
  .filter(({ opt }) => opt === undefined);

describe('the golden cases', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(18);
  });
  for (const one of cases) {
    it(`${one.id} counts as the law sheet says`, () => {
      const matter = `M${one.m}` as Proposal['classes'][number];
      const found = recount(proposalOf([matter]), votesOf(one), RULES);
      expect(found.outcome).toBe(one.exp.result);
      const pair = ({ areaDm2, heads }: { areaDm2: string; heads: number }) => [Number(areaDm2), heads];
      if (one.exp.T !== undefined) expect(pair(found.total)).toEqual(one.exp.T);
      if (one.exp.P !== undefined) expect(pair(found.participating)).toEqual(one.exp.P);
      if (one.exp.Y !== undefined) expect(pair(found.consenting)).toEqual(one.exp.Y);
      const holds = (found.classes[0]?.inequalities ?? []).map((each) => each.holds);
      if (one.exp.q !== undefined) expect(holds.slice(0, 2)).toEqual(one.exp.q);
      if (one.exp.p !== undefined) expect(holds.slice(2)).toEqual(one.exp.p);
    });
  }
});

describe('answers that are no choice', () => {
  const votes = (answer: Vote['answer']): readonly Vote[] => [
    { areaDm2: 100n, answer: ['for'] },
    { areaDm2: 100n, answer },
    { areaDm2: 100n, answer: 'silent' },
  ];
  it('a malformed answer takes part without consent, or not at all where the profile says so', () => {
    const found = recount(proposalOf(['M5']), votes('malformed'), RULES);
    expect([found.participating.heads, found.consenting.heads, found.outcome]).toEqual([2, 1, 'REJECTED']);
    const without = { ...RULES, malformedParticipates: false };
    expect(recount(proposalOf(['M5']), votes('malformed'), without).outcome).toBe('NOT_QUORATE');
  });
  it('a proposal left blank is not taken part in, or abstained on where the profile says so', () => {
    expect(recount(proposalOf(['M5']), votes('blank'), RULES).participating.heads).toBe(1);
    const found = recount(proposalOf(['M5']), votes('blank'), { ...RULES, blankIsAbstention: true });
    expect(found.participating.heads).toBe(2);
    expect(found.options[2]).toEqual({ option: 'abstain', areaDm2: '100', heads: 1 });
  });
  it('an abstention is outside the base where a profile says so', () => {
    const found = recount(proposalOf(['M5']), votes(['abstain']), { ...RULES, abstainParticipates: false });
    expect(found.participating.heads).toBe(1);
  });
  it('every class of a proposal must pass: 70 % is enough for M5, not for M7', () => {
    const voters = Array.from(
      { length: 10 },
      (_, at): Vote => ({ areaDm2: 100n, answer: at < 7 ? ['for'] : ['against'] }),
    );
    const found = recount(proposalOf(['M7', 'M5']), voters, RULES);
    expect(found.classes.map(({ outcome }) => outcome)).toEqual(['REJECTED', 'ADOPTED']);
    expect(found.outcome).toBe('REJECTED');
  });
});

describe('elections', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const election = proposalOf(['M3'], {
    form: 'election',
    options: ids.map((id) => ({ id, text: id })),
    seats: 5,
    max: 5,
  });
  const group = (count: number, areaDm2: bigint, marks: string): readonly Vote[] =>
    Array.from({ length: count }, () => ({ areaDm2, answer: marks === '-' ? 'silent' : [...marks] }));

  it('E1: candidates pass alone, are ranked by heads and area, and a tie over the last seat runs again', () => {
    const votes = [
      ...group(30, 10_000n, 'abcde'),
      ...group(10, 12_000n, 'abcdf'),
      ...group(20, 9_000n, 'abfg'),
      ...group(10, 8_000n, 'efg'),
      ...group(30, 10_000n, '-'),
    ];
    const found = recount(election, votes, RULES);
    expect(found.total).toEqual({ areaDm2: '980000', heads: 100 });
    expect(found.participating).toEqual({ areaDm2: '680000', heads: 70 });
    expect(found.elected).toEqual(['a', 'b', 'c', 'd']);
    expect(found.runOff).toEqual(['e', 'f']);
  });
  it('E5: fewer marks than seats are valid, and nobody is elected without more than half', () => {
    const votes = [...group(40, 10_000n, 'a'), ...group(40, 10_000n, 'b')];
    const found = recount(election, votes, RULES);
    expect([found.elected, found.runOff, found.outcome]).toEqual([[], [], 'REJECTED']);
  });
  it('without a quorum nobody is elected', () => {
    const found = recount(election, [...group(10, 10_000n, 'a'), ...group(20, 10_000n, '-')], RULES);
    expect([found.elected, found.outcome]).toEqual([[], 'NOT_QUORATE']);
  });
});

describe('laws of counting', () => {
  const vote = fc.record({
    areaDm2: fc.bigInt({ min: 1n, max: 100_000n }),
    answer: fc.constantFrom<Vote['answer']>(
      ['for'],
      ['against'],
      ['abstain'],
      'malformed',
      'blank',
      'silent',
    ),
  });
  it('the count does not depend on the order of votes', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 30 }), (votes) => {
        const proposal = proposalOf(['M6', 'M5']);
        expect(recount(proposal, [...votes].reverse(), RULES)).toEqual(recount(proposal, votes, RULES));
      }),
    );
  });
  it('one more consent never turns an adoption into a rejection', () => {
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 30 }), fc.nat(), (votes, at) => {
        const place = at % votes.length;
        const more = votes.map((one, i): Vote => (i === place ? { ...one, answer: ['for'] } : one));
        if (recount(proposalOf(['M7']), votes, RULES).outcome !== 'ADOPTED') return;
        expect(recount(proposalOf(['M7']), more, RULES).outcome).toBe('ADOPTED');
      }),
    );
  });
});
