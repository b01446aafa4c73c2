/** Objections to the preliminary result and the drafting of decisions (SPEC 8.2). */
import { useEffect, useState } from 'preact/hooks';
import type { ResultAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './words.ts';

type DecisionFormProps = {
  readonly meeting: string;
  readonly objection: string;
  readonly onChanged: (sentence: string) => void;
};

function DecisionForm({ meeting, objection, onChanged }: DecisionFormProps) {
  const [decision, setDecision] = useState('rejected');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const path = `/v1/meetings/${meeting}/objections/${objection}/decision`;
    const answer = await call('POST', path, { decision, reason });
    if (answer.ok) onChanged(t('stepDrafted'));
    else setProblem(answer.problem.sentence);
  };
  const options = [
    { id: 'rejected', text: t('rejected') },
    { id: 'upheld', text: t('upheld') },
  ];
  return (
    <>
      <Pick label={t('decision')} value={decision} options={options} onValue={setDecision} />
      <LongField label={t('reason')} value={reason} onValue={setReason} rows={3} error={problem} />
      <Button disabled={reason.trim() === ''} onClick={() => void send()}>
        {t('decide')}
      </Button>
    </>
  );
}

export type ObjectionsSectionProps = {
  readonly meeting: string;
  readonly onChanged: (sentence: string) => void;
};

export function ObjectionsSection({ meeting, onChanged }: ObjectionsSectionProps) {
  const [objections, setObjections] = useState<ResultAnswer['objections']>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<ResultAnswer>('GET', `/v1/meetings/${meeting}/result`).then((answer) =>
      answer.ok ? setObjections(answer.value.objections) : setProblem(answer.problem.sentence),
    );
  }, [meeting]);
  if (problem !== undefined) return <Status kind="warn" title={problem} />;
  if (objections.length === 0) return null;
  return (
    <section class="sheet">
      <h3>{t('objections')}</h3>
      {objections.map(({ objection, decided }) => (
        <div key={objection}>
          <p class="mono">{t('objectionAt', { objection })}</p>
          {decided ? (
            <p>{t('objectionDecided')}</p>
          ) : (
            <DecisionForm meeting={meeting} objection={objection} onChanged={onChanged} />
          )}
        </div>
      ))}
    </section>
  );
}
