/** The regulator's pause of a vote and its end; whoever else looks is told that it is paused (SPEC 5). */
import { useState } from 'preact/hooks';
import type { ResumptionDrafted } from '../../assembly/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { LongField } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './pause-words.ts';

export type PauseSectionProps = {
  readonly meeting: string;
  readonly state: string;
  readonly isRegulator: boolean;
  readonly onChanged: (sentence: string) => void;
};

function PauseForm({ meeting, onChanged }: PauseSectionProps) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call('POST', `/v1/meetings/${meeting}/pause`, { reason });
    if (!answer.ok) return setProblem(answer.problem.sentence);
    onChanged(t('drafted'));
  };
  return (
    <details>
      <summary>{t('title')}</summary>
      <p>{t('lead')}</p>
      <LongField
        label={t('reason')}
        value={reason}
        onValue={(value) => {
          setReason(value);
          setProblem(undefined);
        }}
        error={problem}
      />
      <Button kind="quiet" disabled={reason.trim() === ''} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </details>
  );
}

function Paused({ meeting, isRegulator, onChanged }: PauseSectionProps) {
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call<ResumptionDrafted>('POST', `/v1/meetings/${meeting}/resumption`);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    onChanged(t('resumeDrafted', { closes: timeWords(answer.value.closes) }));
  };
  return (
    <Status kind="warn" title={t('paused')}>
      <p>{t('pausedLead')}</p>
      {isRegulator && (
        <>
          <p>{t('resumeLead')}</p>
          {problem !== undefined && <Status kind="stop" title={problem} />}
          <Button kind="quiet" onClick={() => void send()}>
            {t('resume')}
          </Button>
        </>
      )}
    </Status>
  );
}

export function PauseSection(props: PauseSectionProps) {
  if (props.state === 'paused') return <Paused {...props} />;
  return props.state === 'open' && props.isRegulator ? <PauseForm {...props} /> : null;
}
