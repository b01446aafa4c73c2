/** The drafting of an extension: folded away, since it is for a vote that lacks its quorum near its close (SPEC 5). */
import { useState } from 'preact/hooks';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { t } from './extension-words.ts';
import { beijingInstant } from './meeting-draft.ts';

export type ExtensionSectionProps = {
  readonly meeting: string;
  readonly onChanged: (sentence: string) => void;
};

export function ExtensionSection({ meeting, onChanged }: ExtensionSectionProps) {
  const [closes, setCloses] = useState('');
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call('POST', `/v1/meetings/${meeting}/extension`, {
      closes: beijingInstant(closes),
    });
    if (!answer.ok) return setProblem(answer.problem.sentence);
    onChanged(t('drafted'));
  };
  return (
    <details>
      <summary>{t('title')}</summary>
      <p>{t('lead')}</p>
      <Field
        label={t('closes')}
        type="datetime-local"
        value={closes}
        onValue={(value) => {
          setCloses(value);
          setProblem(undefined);
        }}
        error={problem}
      />
      <Button kind="quiet" disabled={closes === ''} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </details>
  );
}
