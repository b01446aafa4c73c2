// Goal: what follows from a resolution is checked from the bundle: only adopted ones, after the final result, a plan first and one end,
// with its text and an officer's own signature (SPEC 8.2: TALLY-02, LOG-01, ACT-01). Method: the meeting of bundle-builder.ts with lines after
// its result; one lie each, exact failures, and an honest course passes.
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import type { StepState } from '../../src/record/entry.ts';
import { textHash } from '../../src/record/meeting.ts';
import type { Forge } from './bundle-builder.ts';
import { buildBundle } from './bundle-builder.ts';
import { failing } from './failing-checks.ts';
import type { World } from './forge.ts';

const TEXT = '委员会与施工单位签约';
const STEP = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';
const OTHER = 'eaaaaaaaaaaaaaaaaaaaaaaaaa';
// The story is drawn from one seed.
const [, roof] = buildBundle().definition.proposals.map(({ proposal }) => proposal);

type Lies = {
  readonly proposal?: string | undefined;
  readonly states?: readonly StepState[];
  readonly by?: readonly string[];
  readonly body?: string;
  /** Before which step of the story: `authorise` comes after the final result. */
  readonly before?: 'authorise' | 'final';
  readonly steps?: readonly string[];
};

function followed(lies: Lies = {}): Forge {
  const { states = ['planned', 'planned', 'done'], by = ['committee'], steps = [] } = lies;
  const enter = ({ append, community, meeting }: World): void => {
    for (const [at, state] of states.entries())
      append(
        'authorise',
        {
          v: 1,
          kind: 'followup.recorded',
          community,
          meeting,
          proposal: lies.proposal ?? roof ?? '',
          step: steps[at] ?? STEP,
          state,
          dueOn: `2027-0${at + 1}-01`,
          textHash: textHash(TEXT),
        },
        by,
        lies.before === 'final' ? '2026-12-07T02:00:00Z' : '2026-12-10T02:00:00Z',
      );
  };
  return {
    before: (world, step) => {
      if (step === (lies.before ?? 'authorise')) enter(world);
    },
    files: (files) => {
      if (lies.body !== '') files.set(`notice/${textHash(TEXT)}.txt`, utf8(lies.body ?? TEXT));
    },
  };
}

describe('what follows from a resolution', () => {
  it('passes: a plan, another day, done; and two steps beside each other', async () => {
    expect(await failing(followed())).toEqual([]);
    const two = followed({
      states: ['planned', 'planned', 'done', 'dropped'],
      steps: [STEP, OTHER, STEP, OTHER],
    });
    expect(await failing(two)).toEqual([]);
  });

  it('TALLY-02: begins as a plan and ends once', async () => {
    expect(await failing(followed({ states: ['done'] }))).toEqual(['TALLY-02']);
    expect(await failing(followed({ states: ['planned', 'dropped', 'done'] }))).toEqual(['TALLY-02']);
    expect(await failing(followed({ states: ['planned', 'done', 'planned'] }))).toEqual(['TALLY-02']);
  });

  it('TALLY-02: follows an adopted proposal of the meeting, after its final result', async () => {
    expect(await failing(followed({ proposal: OTHER }))).toEqual(['TALLY-02']);
    expect(await failing(followed({ before: 'final' }))).toContain('TALLY-02');
  });

  it('LOG-01: can be read', async () => {
    expect(await failing(followed({ body: '' }))).toEqual(['LOG-01']);
    expect(await failing(followed({ body: '别的' }))).toEqual(['LOG-01']);
  });

  it('ACT-01: is signed by the committee or the street', async () => {
    expect(await failing(followed({ by: ['street'] }))).toEqual([]);
    expect(await failing(followed({ by: ['registrar'] }))).toEqual(['ACT-01']);
    expect(await failing(followed({ by: [] }))).toEqual(['ACT-01']);
  });
});
