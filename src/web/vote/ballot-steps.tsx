/** The questions of one entitlement, then the overview; what is marked survives leaving the page (SPEC 6.3). */
import { useEffect, useState } from 'preact/hooks';
import type { CastAnswer } from '../../ballot/contract.ts';
import type { VotingKey } from '../owner/voting-key.ts';
import type { MadeCast } from './casting.ts';
import type { CheckedPaper, CheckedPapers } from './checks.ts';
import type { Choices } from './choices.ts';
import { keepChoices, readChoices } from './choices.ts';
import { OverviewStep } from './overview-step.tsx';
import { QuestionStep } from './question-step.tsx';

export type BallotStepsProps = {
  readonly votingKey: VotingKey;
  readonly papers: CheckedPapers;
  readonly paper: CheckedPaper;
  readonly onLeave: () => void;
  readonly onAccepted: (cast: MadeCast, answer: CastAnswer) => void;
};

/** The first question that was not visited, or the overview behind the last. */
const resumeAt = (paper: CheckedPaper, choices: Choices): number => {
  const open = paper.questions.findIndex(({ proposal }) => choices[proposal.proposal] === undefined);
  return open < 0 ? paper.questions.length : open;
};

/** Marks that this definition still offers; anything else in storage is dropped. */
function validChoices(paper: CheckedPaper, kept: Choices): Choices {
  const pairs = paper.questions.flatMap(({ proposal }) => {
    const marked = kept[proposal.proposal];
    if (marked === undefined) return [];
    const offered = proposal.options.map(({ id }) => id).filter((id) => marked.includes(id));
    return [[proposal.proposal, offered.slice(0, proposal.max)] as const];
  });
  return Object.fromEntries(pairs);
}

export function BallotSteps({ votingKey, papers, paper, onLeave, onAccepted }: BallotStepsProps) {
  const { meeting } = papers.definition;
  const [choices, setChoices] = useState(() => validChoices(paper, readChoices(meeting, paper.entitlement)));
  const [at, setAt] = useState(() => resumeAt(paper, choices));
  const [marks, setMarks] = useState<readonly string[]>([]);
  const question = paper.questions[at];
  const proposal = question?.proposal.proposal ?? '';
  // A new question starts at its top with its own marks.
  useEffect(() => {
    setMarks(choices[proposal] ?? []);
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [at]);
  const keep = (chosen: readonly string[]) => {
    const next = { ...choices, [proposal]: chosen };
    setChoices(next);
    keepChoices(meeting, paper.entitlement, next);
  };
  if (question === undefined) {
    return (
      <OverviewStep
        votingKey={votingKey}
        papers={papers}
        paper={paper}
        choices={choices}
        onChange={setAt}
        onAccepted={onAccepted}
      />
    );
  }
  return (
    <QuestionStep
      key={proposal}
      question={question}
      at={at}
      of={paper.questions.length}
      chosen={marks}
      onChosen={(chosen) => {
        setMarks(chosen);
        keep(chosen);
      }}
      onNext={(chosen) => {
        keep(chosen);
        // From a change on the overview back to the overview, unless questions are still open.
        setAt(resumeAt(paper, { ...choices, [proposal]: chosen }));
      }}
      onBack={() => (at === 0 ? onLeave() : setAt(at - 1))}
    />
  );
}
