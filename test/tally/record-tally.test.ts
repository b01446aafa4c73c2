// Goal: the record of a tally says what was counted: options, participation, both sides of each inequality, outcome. Method: small
// meetings counted by hand, and the same record read back in its canonical bytes.
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { OpenedAnswer, Voter } from '../../src/tally/domain/record-tally.ts';
import { tallyProposal } from '../../src/tally/domain/record-tally.ts';
import { aHash, anId, definitionOf, election, motion } from '../assembly/drafts.ts';
import { CN } from './entries.ts';

const proposalOf = (draft: ReturnType<typeof motion>): Proposal =>
  present(definitionOf([draft]).proposals[0], 'a proposal');

const voter = (areaDm2: number, answer: OpenedAnswer): Voter => ({
  weight: { areaDm2: BigInt(areaDm2), heads: 1 },
  answer,
});

const MOTION = proposalOf(motion());

/** The record must be writable as it stands. */
function readBack(tally: ReturnType<typeof tallyProposal>): void {
  const record = {
    v: 1,
    kind: 'tally',
    meeting: anId(),
    meetingHash: aHash(),
    proposals: [tally],
    channels: [],
    malformed: [],
    voids: 0,
    restored: 0,
    corrections: [],
    lateLetters: 0,
    counterBindings: 0,
    lettersFrom: 'command',
    refusals: [],
  } as const;
  expect(tallyRecordForm.check(record)).toMatchObject({ ok: true });
}

describe('a motion', () => {
  it('is recorded with options, participation and four inequalities', () => {
    const tally = tallyProposal(
      MOTION,
      [
        voter(9000, ['for']),
        voter(8000, ['for']),
        voter(7000, ['against']),
        voter(6000, ['abstain']),
        voter(5000, 'absent'),
      ],
      CN,
    );
    readBack(tally);
    expect(tally).toEqual({
      proposal: MOTION.proposal,
      total: { areaDm2: '35000', heads: 5 },
      participating: { areaDm2: '30000', heads: 4 },
      consenting: { areaDm2: '17000', heads: 2 },
      options: [
        { option: 'for', areaDm2: '17000', heads: 2 },
        { option: 'against', areaDm2: '7000', heads: 1 },
        { option: 'abstain', areaDm2: '6000', heads: 1 },
      ],
      classes: [
        {
          class: 'M4',
          outcome: 'REJECTED',
          inequalities: [
            { measure: 'area', test: 'quorum', left: '90000', relation: '>=', right: '70000', holds: true },
            { measure: 'heads', test: 'quorum', left: '12', relation: '>=', right: '10', holds: true },
            { measure: 'area', test: 'pass', left: '34000', relation: '>', right: '30000', holds: true },
            { measure: 'heads', test: 'pass', left: '4', relation: '>', right: '4', holds: false },
          ],
        },
      ],
      outcome: 'REJECTED',
      silence: [],
      elected: [],
      runOff: [],
    });
  });

  it('of several classes needs all of them, and says which one failed', () => {
    const both = proposalOf(motion({ classes: ['M4', 'M7'] }));
    const seven = Array.from({ length: 7 }, () => voter(1000, ['for']));
    const tally = tallyProposal(both, [...seven, ...[1, 2, 3].map(() => voter(1000, ['against']))], CN);
    readBack(tally);
    expect(tally.classes.map((each) => [each.class, each.outcome])).toEqual([
      ['M4', 'ADOPTED'],
      ['M7', 'REJECTED'],
    ]);
    expect(tally.outcome).toBe('REJECTED');
    const relations = tally.classes.map(({ inequalities }) => inequalities.map(({ relation }) => relation));
    expect(relations).toEqual([
      ['>=', '>=', '>', '>'],
      ['>=', '>=', '>=', '>='],
    ]);
  });

  it.each<readonly [string, readonly OpenedAnswer[], string, number]>([
    ['nobody', [], 'NO_SCOPE', 0],
    ['nobody who took part', ['absent', 'absent', 'absent'], 'NOT_QUORATE', 0],
    ['too few', [['for'], 'absent', 'absent'], 'NOT_QUORATE', 1],
    ['two of three for it', [['for'], ['for'], 'absent'], 'ADOPTED', 2],
    ['an answer that does not open', [['for'], ['for'], 'malformed'], 'ADOPTED', 3],
    ['an option that nobody knows', [['for'], ['yes'], ['for']], 'ADOPTED', 3],
    ['an empty answer', [['for'], [], ['for']], 'ADOPTED', 3],
    ['only answers that do not open', ['malformed', 'malformed', 'malformed'], 'REJECTED', 3],
  ])('with %s ends as it must', (_, answers, outcome, participants) => {
    const tally = tallyProposal(
      MOTION,
      answers.map((answer) => voter(1000, answer)),
      CN,
    );
    readBack(tally);
    expect(tally).toMatchObject({ outcome, participating: { heads: participants } });
  });

  it('counts nobody for another option that its definition should not have', () => {
    const options = [...MOTION.options, { id: 'perhaps', text: '也许' }];
    const tally = tallyProposal({ ...MOTION, options }, [voter(1000, ['perhaps'])], CN);
    expect(tally.options.at(-1)).toEqual({ option: 'perhaps', areaDm2: '0', heads: 0 });
  });

  it('takes answers that do not open for no participation where the notice says so', () => {
    const parameters = { ...CN, malformedParticipates: false };
    const voters = [voter(1000, ['for']), voter(1000, ['for']), voter(1000, 'malformed')];
    expect(tallyProposal(MOTION, voters, parameters).participating).toEqual({ areaDm2: '2000', heads: 2 });
  });
});

describe('an election', () => {
  const ELECTION = proposalOf(election({ seats: 2 }));

  it('is recorded with each candidate’s consent, the elected in their order, and the common quorum', () => {
    const tally = tallyProposal(
      ELECTION,
      [
        voter(1000, ['ada', 'bao']),
        voter(1000, ['ada', 'bao']),
        voter(1000, ['bao', 'chen']),
        voter(1000, 'absent'),
      ],
      CN,
    );
    readBack(tally);
    expect(tally).toMatchObject({
      outcome: 'ADOPTED',
      elected: ['bao', 'ada'],
      runOff: [],
      total: { areaDm2: '4000', heads: 4 },
      participating: { areaDm2: '3000', heads: 3 },
      consenting: { areaDm2: '0', heads: 0 },
      classes: [{ class: 'M3', outcome: 'ADOPTED' }],
    });
    const consent = Object.fromEntries(tally.options.map(({ option, heads }) => [option, heads]));
    expect(consent).toEqual({ ada: 2, bao: 3, chen: 1 });
    const [quorum] = tally.classes;
    expect(quorum?.inequalities.map(({ test, left, right }) => [test, left, right])).toEqual([
      ['quorum', '9000', '8000'],
      ['quorum', '9', '8'],
    ]);
  });

  it('without a candidate whom most want fills no seat', () => {
    const tally = tallyProposal(
      ELECTION,
      [voter(1000, ['ada']), voter(1000, ['bao']), voter(1000, ['chen'])],
      CN,
    );
    readBack(tally);
    expect(tally).toMatchObject({ outcome: 'REJECTED', elected: [], classes: [{ outcome: 'REJECTED' }] });
  });

  it('in which too few take part elects nobody', () => {
    const tally = tallyProposal(
      ELECTION,
      [voter(1000, ['ada', 'bao']), voter(1000, 'absent'), voter(1000, 'absent')],
      CN,
    );
    expect(tally).toMatchObject({ outcome: 'NOT_QUORATE', elected: [] });
  });

  it('of nobody has no scope', () => {
    expect(tallyProposal(ELECTION, [], CN)).toMatchObject({ outcome: 'NO_SCOPE', elected: [], runOff: [] });
  });

  it('names those who tie for the last seat, and elects none of them', () => {
    const tally = tallyProposal(
      proposalOf(election({ seats: 1 })),
      [voter(1000, ['ada']), voter(1000, ['ada']), voter(1000, ['bao']), voter(1000, ['bao'])],
      { ...CN, ordinaryTest: 'GE' },
    );
    readBack(tally);
    expect(tally).toMatchObject({ elected: [], runOff: ['ada', 'bao'], outcome: 'REJECTED' });
  });
});

describe('a clause of silence', () => {
  const FOLLOW = { ...CN, silenceRule: 'FOLLOW_MAJORITY' } as const;
  // Two of six vote, both for; three were served and said nothing, one was not.
  const voters = [
    voter(9000, ['for']),
    voter(8000, ['for']),
    ...[7000, 6000, 5000].map((areaDm2) => voter(areaDm2, 'delivered-silent')),
    voter(4000, 'absent'),
  ];

  it('counts those who were served for the side that leads, and keeps the count without them', () => {
    const tally = tallyProposal(MOTION, voters, FOLLOW);
    readBack(tally);
    expect(tally).toMatchObject({
      total: { areaDm2: '39000', heads: 6 },
      participating: { areaDm2: '35000', heads: 5 },
      consenting: { areaDm2: '35000', heads: 5 },
      options: [{ areaDm2: '17000', heads: 2 }, { heads: 0 }, { heads: 0 }],
      outcome: 'ADOPTED',
    });
    expect(tally.silence).toMatchObject([
      {
        areaDm2: '18000',
        heads: 3,
        side: 'for',
        participating: { areaDm2: '17000', heads: 2 },
        consenting: { areaDm2: '17000', heads: 2 },
        outcome: 'NOT_QUORATE',
      },
    ]);
  });

  it('counts nobody where no rule says so', () => {
    const tally = tallyProposal(MOTION, voters, CN);
    expect(tally).toMatchObject({ participating: { heads: 2 }, outcome: 'NOT_QUORATE', silence: [] });
  });

  it('makes an abstention of silence where area and heads have different leaders', () => {
    const split = [
      voter(9000, ['for']),
      voter(1000, ['against']),
      voter(1000, ['against']),
      voter(2000, 'delivered-silent'),
    ];
    const tally = tallyProposal(MOTION, split, FOLLOW);
    expect(tally.silence).toMatchObject([{ side: 'abstain', heads: 1 }]);
    expect(tally).toMatchObject({ participating: { heads: 4 }, consenting: { heads: 1 } });
  });

  it('never counts for what needs three quarters, nor for one class beside such a one, nor in an election', () => {
    for (const classes of [['M6'], ['M7'], ['M8'], ['M4', 'M8']] as const) {
      const tally = tallyProposal(proposalOf(motion({ classes: [...classes] })), voters, FOLLOW);
      expect(tally).toMatchObject({ participating: { heads: 2 }, outcome: 'NOT_QUORATE', silence: [] });
    }
    const silent = tallyProposal(proposalOf(election()), [voter(100, 'delivered-silent')], FOLLOW);
    expect(silent).toMatchObject({ participating: { heads: 0 }, silence: [] });
    readBack(silent);
  });
});
