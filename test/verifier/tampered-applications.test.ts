// Goal: an application of a property manager that the log does not name, and an answer that comes twice, too early, from the wrong officer,
// or from a meeting that does not exist, is named by FUND-04 (SPEC 8.3). Method: the story of bundle-builder.ts with one lie at a time.
import { describe, expect, it } from 'vitest';
import type { ApplicationAnswer } from '../../src/record/application.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import type { Forge, World } from './forge.ts';
import { BY_TWO } from './story.ts';

const OTHER = 'a'.repeat(26);
const THIRD = 'e'.repeat(26);

describe('an application', () => {
  it.each([
    ['refused with a reason', {}],
    ['answered by this meeting', { convened: true }],
    ['still unanswered', { unanswered: true }],
    ['refused by the street office', { signers: ['street'] }],
  ] as const)('%s passes every check, also in public', async (_what, application) => {
    const built = buildBundle({ application });
    const checks = await checksOf(built);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(checks.find(({ id }) => id === 'FUND-04')?.outcome).toBe('pass');
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  const FUND_04: readonly (readonly [string, Forge])[] = [
    ['of another community', { application: { record: (one) => ({ ...one, community: OTHER }) } }],
    [
      'with more time for its answer',
      { application: { record: (one) => ({ ...one, answerBy: '2027-01-26' }) } },
    ],
    ['that is answered before it is filed', { application: { early: true } }],
    ['that is answered by a meeting of before', { application: { convened: true, late: true } }],
    ['that is answered twice', { application: { again: true } }],
    [
      'whose answer is of another community',
      { application: { answer: (one) => ({ ...one, community: OTHER }) } },
    ],
    ['whose answer is to another', { application: { answer: (one) => ({ ...one, application: OTHER }) } }],
    ['refused without a reason', { application: { answer: (one) => ({ ...one, reason: ' ' }) } }],
    [
      'refused and convened at once',
      { application: { answer: (one) => ({ ...one, meeting: OTHER, proposal: OTHER }) } },
    ],
    [
      'convened with a reason',
      { application: { convened: true, answer: (one) => ({ ...one, reason: '另有理由' }) } },
    ],
    [
      'answered by a meeting that was never noticed',
      { application: { convened: true, answer: (one) => ({ ...one, meeting: OTHER }) } },
    ],
    [
      'answered by a proposal that this meeting has not',
      { application: { convened: true, answer: (one) => ({ ...one, proposal: OTHER }) } },
    ],
  ];
  it.each(FUND_04)('%s is refused', async (_what, lie) => {
    expect(await failing(lie)).toEqual(['FUND-04']);
  });

  it('answered by a meeting that was called off before is refused', async () => {
    const calledOff = (world: World, step: string): void => {
      if (step !== 'answer') return;
      const { community } = world;
      const shared = { v: 1, community, meeting: OTHER } as const;
      const hash = 'A'.repeat(43);
      const noticed = {
        ...shared,
        kind: 'meeting.noticed',
        noticeHash: hash,
        opens: '2027-02-01T00:00:00Z',
      } as const;
      world.append('application', noticed, BY_TWO, '2026-12-27T01:00:00Z');
      const cancelled = { ...shared, kind: 'meeting.cancelled', reasonHash: hash } as const;
      world.append('application', cancelled, BY_TWO, '2026-12-27T02:00:00Z');
    };
    const answer = (one: ApplicationAnswer): ApplicationAnswer => ({ ...one, meeting: OTHER });
    const lie = { application: { convened: true, answer }, before: calledOff } as const;
    expect(await failing(lie)).toEqual(['FUND-04']);
  });

  type Reopening = {
    /** What the first answer says, before the second refuses with a reason. */
    readonly first?: (one: ApplicationAnswer) => ApplicationAnswer;
    /** Which meeting is called off between the two. */
    readonly calledOff?: string;
  };
  const byOther = (one: ApplicationAnswer): ApplicationAnswer => ({
    ...one,
    decision: 'convened',
    meeting: OTHER,
    proposal: OTHER,
    reason: '',
  });
  /** Two answers, and between them a meeting that is called off. */
  const reopening = ({ first = byOther, calledOff }: Reopening): Forge => {
    let [told, steps] = [0, 0];
    const answer = (one: ApplicationAnswer): ApplicationAnswer => {
      told += 1;
      return told === 1 ? first(one) : one;
    };
    const before = (world: World, step: string): void => {
      if (step !== 'answer') return;
      steps += 1;
      const [v, community, hash] = [1 as const, world.community, 'A'.repeat(43)];
      if (steps === 1) {
        const opens = '2027-02-01T00:00:00Z';
        for (const meeting of [OTHER, THIRD]) {
          const noticed = {
            v,
            kind: 'meeting.noticed',
            community,
            meeting,
            noticeHash: hash,
            opens,
          } as const;
          world.append('application', noticed, BY_TWO, '2026-12-27T01:00:00Z');
        }
      } else if (calledOff !== undefined) {
        const cancelled = {
          v,
          kind: 'meeting.cancelled',
          community,
          meeting: calledOff,
          reasonHash: hash,
        } as const;
        world.append('application', cancelled, BY_TWO, '2026-12-27T06:30:00Z');
      }
    };
    return { application: { again: true, answer }, before };
  };

  it('answered again after its meeting was called off passes every check, also in public', async () => {
    const built = buildBundle(reopening({ calledOff: OTHER }));
    expect(await failuresOf(built)).toEqual([]);
    expect(await failuresOf(publicBundle(built))).toEqual([]);
  });

  it.each<readonly [string, Reopening]>([
    ['while its meeting stands', {}],
    ['after another meeting was called off', { calledOff: THIRD }],
    ['after a refusal, whatever was called off', { first: (one) => one, calledOff: OTHER }],
  ])('answered again %s is refused', async (_what, wish) => {
    expect(await failing(reopening(wish))).toEqual(['FUND-04']);
  });

  it.each([
    ['the regulator', ['regulator'], ['ACT-01']],
    ['nobody', [], ['ACT-01']],
  ] as const)('answered by %s is refused', async (_who, signers, expected) => {
    expect(await failing({ application: { signers } })).toEqual(expected);
  });

  it.each([['"application"'], ['"application-answer"']])(
    'whose line %s was taken out is missed',
    async (kind) => {
      const files: Forge['files'] = (of) =>
        editLines(of, 'fund.jsonl', (lines) => lines.filter((line) => !line.includes(kind)));
      expect(await failing({ application: {}, files })).toEqual(['LOG-01', 'FUND-04']);
    },
  );
});
