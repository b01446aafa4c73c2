/** What owners ask of a roll before its freeze: each is answered with a reason; freezing over an open one needs one too (SPEC 4.4). */
import { useEffect, useState } from 'preact/hooks';
import type { RequestsAnswer } from '../../assembly/roll-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, LongField, Pick } from '../kit/field.tsx';
import type { ShownRequest } from '../kit/request-words.ts';
import { requestLine, requestWord } from '../kit/request-words.ts';
import { Status } from '../kit/status.tsx';
import { t } from './roll-words.ts';

const OUTCOMES = ['accepted', 'refused'] as const;

type AnswerFormProps = {
  readonly roll: string;
  readonly request: ShownRequest;
  readonly onDone: (sentence: string) => void;
};

function AnswerForm({ roll, request, onDone }: AnswerFormProps) {
  const [outcome, setOutcome] = useState<string>('accepted');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call('POST', `${roll}/requests/${request.request}/answer`, {
      outcome,
      reason: reason.trim(),
    });
    if (answer.ok) onDone(t('sent'));
    else setProblem(answer.problem.sentence);
  };
  return (
    <>
      <Pick
        label={t('outcome')}
        value={outcome}
        options={OUTCOMES.map((id) => ({ id, text: requestWord(`state_${id}`) }))}
        onValue={setOutcome}
      />
      <LongField label={t('reason')} value={reason} onValue={setReason} rows={2} error={problem} />
      <Button kind="quiet" disabled={reason.trim() === ''} onClick={() => void send()}>
        {t('send')}
      </Button>
    </>
  );
}

type OverFormProps = {
  readonly roll: string;
  readonly count: number;
  readonly onDone: (sentence: string) => void;
};

function OverForm({ roll, count, onDone }: OverFormProps) {
  const [unanswered, setUnanswered] = useState('');
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call('POST', roll, { unanswered: unanswered.trim() });
    if (answer.ok) onDone(t('overDrafted'));
    else setProblem(answer.problem.sentence);
  };
  return (
    <details>
      <summary>{t('over')}</summary>
      <p>{t('overLead', { count })}</p>
      <Field
        label={t('overReason')}
        value={unanswered}
        onValue={setUnanswered}
        maxLength={200}
        error={problem}
      />
      <Button kind="danger" disabled={unanswered.trim() === ''} onClick={() => void send()}>
        {t('overSend')}
      </Button>
    </details>
  );
}

export type RollRequestsProps = {
  readonly meeting: string;
  readonly mayFreeze: boolean;
  readonly onChanged: () => void;
};

export function RollRequestsSection({ meeting, mayFreeze, onChanged }: RollRequestsProps) {
  const [requests, setRequests] = useState<readonly ShownRequest[]>([]);
  const [problem, setProblem] = useState<string>();
  const [said, setSaid] = useState<string>();
  const roll = `/v1/meetings/${meeting}/roll`;
  const load = async () => {
    const answer = await call<RequestsAnswer>('GET', `${roll}/requests`);
    if (answer.ok) setRequests(answer.value.requests);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), [roll]);
  const done = (sentence: string) => {
    setSaid(sentence);
    void load();
    onChanged();
  };
  const open = requests.filter(({ state }) => state === 'open').length;
  return (
    <section>
      <h4>{t('title')}</h4>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {said !== undefined && <Status kind="good" title={said} />}
      <p class="soft">{t(requests.length === 0 ? 'none' : 'lead')}</p>
      <ul class="plain-list">
        {requests.map((each) => (
          <li key={each.request}>
            <p>
              <span class="tag">{requestWord(`state_${each.state}`)}</span>{' '}
              {t('from', { name: each.name, line: requestLine(each) })}
            </p>
            {each.state === 'open' ? (
              <AnswerForm roll={roll} request={each} onDone={done} />
            ) : (
              each.answer !== '' && <p>{t('answer', { answer: each.answer })}</p>
            )}
          </li>
        ))}
      </ul>
      {open > 0 && mayFreeze && <OverForm roll={roll} count={open} onDone={done} />}
    </section>
  );
}
