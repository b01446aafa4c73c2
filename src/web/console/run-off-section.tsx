/** From an election that ended in a tie to the draft of its run-off (SPEC 8.1). */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import type { ProposalStart } from './meeting-draft.ts';
import { readOutcome } from './meeting-outcome.ts';
import { runOffsOf } from './run-off.ts';
import { t } from './run-off-words.ts';

export type RunOffSectionProps = {
  readonly meeting: string;
  readonly onConvene: (start: ProposalStart) => void;
};

export function RunOffSection({ meeting, onConvene }: RunOffSectionProps) {
  const [starts, setStarts] = useState<readonly ProposalStart[]>([]);
  useEffect(() => {
    void readOutcome(meeting).then((outcome) => outcome !== undefined && setStarts(runOffsOf(outcome)));
  }, [meeting]);
  if (starts.length === 0) return null;
  return (
    <>
      <p>{t('lead')}</p>
      {starts.map((start) => (
        <Button kind="quiet" key={start.title} onClick={() => onConvene(start)}>
          {t('draft', { title: start.title })}
        </Button>
      ))}
    </>
  );
}
