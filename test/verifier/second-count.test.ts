// Goal: the count of the service and the count of the verifier are two programs that agree on every input (SPEC 9.4).
// Method: random proposals, voters and answers; the two records must be equal member by member.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterList } from '../../src/assembly/domain/drafting.ts';
import { CN_2021, defaultParameters } from '../../src/assembly/domain/profile.ts';
import type { RuleParameters } from '../../src/assembly/domain/rule-parameters.ts';
import { compareText } from '../../src/base/bytes.ts';
import { allocate } from '../../src/fund/domain/allocation.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { MATTER_CLASSES, MOTION_OPTIONS } from '../../src/record/meeting.ts';
import type { OpenedAnswer } from '../../src/tally/domain/record-tally.ts';
import { tallyProposal } from '../../src/tally/domain/record-tally.ts';
import { allocate as allocateAgain } from '../../src/verifier/allocation.ts';
import { readRules } from '../../src/verifier/profile-form.ts';
import type { Vote } from '../../src/verifier/recount.ts';
import { recount } from '../../src/verifier/recount.ts';

const id = 'a'.repeat(26);
const hash = 'A'.repeat(43);

const base: Omit<Proposal, 'classes' | 'form' | 'options' | 'seats' | 'max'> = {
  proposal: id,
  title: '议题',
  textHash: hash,
  basis: '',
  scope: { kind: 'community', members: [] },
  mode: 'open',
  min: 1,
  sealLength: 512,
  fund: [],
};

const motion = fc
  .uniqueArray(fc.constantFrom(...MATTER_CLASSES), { minLength: 1, maxLength: 3 })
  .map(
    (classes): Proposal => ({ ...base, classes, form: 'motion', options: MOTION_OPTIONS, seats: 0, max: 1 }),
  );

const election = fc
  .record({ candidates: fc.integer({ min: 2, max: 6 }), seats: fc.integer({ min: 1, max: 4 }) })
  .map(({ candidates, seats }): Proposal => {
    const options = Array.from({ length: candidates }, (_, at) => ({ id: `c${at}`, text: `候选人${at}` }));
    return { ...base, classes: ['M3'], form: 'election', options, seats, max: Math.min(seats, candidates) };
  });

const answersTo = (proposal: Proposal): fc.Arbitrary<OpenedAnswer> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.subarray(
        proposal.options.map((option) => option.id),
        { minLength: 1, maxLength: proposal.max },
      ),
    },
    { weight: 1, arbitrary: fc.constant('malformed' as const) },
    { weight: 1, arbitrary: fc.constant('invalid' as const) },
    { weight: 2, arbitrary: fc.constant('absent' as const) },
    { weight: 2, arbitrary: fc.constant('delivered-silent' as const) },
  );

/** What the second program calls the answers that the first one calls otherwise. */
const secondAnswer = (answer: OpenedAnswer): Vote['answer'] =>
  answer === 'absent' ? 'silent' : answer === 'delivered-silent' ? 'served' : answer;

const ballotsOn = (proposal: Proposal) =>
  fc.record({
    proposal: fc.constant(proposal),
    votes: fc.array(
      fc.record({ areaDm2: fc.bigInt({ min: 1n, max: 40_000n }), answer: answersTo(proposal) }),
      { maxLength: 30 },
    ),
  });

function rulesOfVerifier(parameters: RuleParameters) {
  const rules = readRules(parameterList(parameters));
  if (typeof rules === 'string') throw new Error(rules);
  return rules;
}

describe('two counts', () => {
  it('agree on every motion and election', () => {
    const silence = fc.constantFrom('NONE' as const, 'FOLLOW_MAJORITY' as const);
    const ballots = fc.oneof(motion, election).chain(ballotsOn);
    fc.assert(
      fc.property(ballots, silence, ({ proposal, votes }, silenceRule) => {
        const parameters = { ...defaultParameters(CN_2021), silenceRule };
        const first = tallyProposal(
          proposal,
          votes.map(({ areaDm2, answer }) => ({ weight: { areaDm2, heads: 1 }, answer })),
          parameters,
        );
        const second = recount(
          proposal,
          votes.map(({ areaDm2, answer }) => ({ areaDm2, answer: secondAnswer(answer) })),
          rulesOfVerifier(parameters),
        );
        expect(second).toEqual(first);
      }),
      { numRuns: 1200 },
    );
  });
});

describe('two allocations', () => {
  it('agree to the fen and to the remainder', () => {
    const units = fc.uniqueArray(
      fc.record({ unit: fc.stringMatching(/^[a-z2-7]{6}$/), weight: fc.bigInt({ min: 1n, max: 90_000n }) }),
      {
        minLength: 1,
        maxLength: 40,
        selector: ({ unit }) => unit,
      },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), units, (totalFen, weights) => {
        const first = allocate(totalFen, weights);
        const second = allocateAgain(
          totalFen,
          weights.map(({ unit, weight }) => ({ unit, areaDm2: weight })),
        );
        const amounts = (shares: readonly { unit: string; amountFen: bigint }[]) =>
          [...shares]
            .sort((a, b) => compareText(a.unit, b.unit))
            .map(({ unit, amountFen }) => [unit, amountFen]);
        expect(amounts([...second.values()])).toEqual(amounts(first));
      }),
      { numRuns: 400 },
    );
  });
});
