/** From an election that ended in a tie to the draft of its run-off (SPEC 8.1). */
import { Button } from '../kit/button.tsx';
import type { ProposalStart } from './meeting-draft.ts';
import type { MeetingOutcome } from './meeting-outcome.ts';
import { runOffsOf } from './run-off.ts';
import { t } from './run-off-words.ts';

export type RunOffSectionProps = {
  readonly outcome: MeetingOutcome;
  readonly onConvene: (start: ProposalStart) => void;
};

export function RunOffSection({ outcome, onConvene }: RunOffSectionProps) {
  const starts = runOffsOf(outcome);
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
