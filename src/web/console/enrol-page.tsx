/** Enrolment of an officer's passkey under an invitation (SPEC 2.2). */
import { useState } from 'preact/hooks';
import { addDays, civilDateAt } from '../../base/civil-date.ts';
import { parseInstant } from '../../base/instant.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { ConsoleFrame } from './console-frame.tsx';
import type { Deployment } from './deployment.ts';
import { enrolPasskey } from './passkey.ts';
import { t as securityWord } from './security-words.ts';
import { t } from './words.ts';

const TERM_DAYS = 3 * 365;

export type EnrolPageProps = {
  readonly deployment: Deployment;
  readonly invitation: { readonly enrolment: string; readonly code: string };
};

export function EnrolPage({ deployment, invitation }: EnrolPageProps) {
  const today = civilDateAt(parseInstant(deployment.now) ?? Date.now());
  const [name, setName] = useState('');
  const [until, setUntil] = useState(() => addDays(today, TERM_DAYS));
  const [recoveryCode, setRecoveryCode] = useState('');
  const [act, setAct] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const enrol = async () => {
    setBusy(true);
    const answer = await enrolPasskey(deployment.rpId, { ...invitation, name, until, recoveryCode });
    setBusy(false);
    if (answer.ok) setAct(answer.value.act);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  if (invitation.enrolment === '' || invitation.code === '') {
    return (
      <ConsoleFrame>
        <h1>{t('enrolTitle')}</h1>
        <Status kind="stop" title={t('enrolMissing')} />
      </ConsoleFrame>
    );
  }
  return (
    <ConsoleFrame>
      <h1>{t('enrolTitle')}</h1>
      {act !== undefined ? (
        <Status kind="good" title={t('enrolDone')}>
          <p class="mono">{t('enrolDoneText', { act })}</p>
        </Status>
      ) : (
        <>
          <p>{t('enrolLead')}</p>
          <Field label={t('enrolName')} value={name} onValue={setName} maxLength={60} />
          <Field label={t('enrolUntil')} type="date" value={until} onValue={setUntil} />
          <details>
            <summary>{securityWord('lostKeys')}</summary>
            <Field
              label={securityWord('recoveryCode')}
              hint={securityWord('recoveryCodeHint')}
              code
              value={recoveryCode}
              onValue={setRecoveryCode}
              maxLength={40}
            />
          </details>
          {problem !== undefined && <Status kind="stop" title={problem} />}
          <Button busy={busy} disabled={name.trim() === ''} onClick={() => void enrol()}>
            {t('enrol')}
          </Button>
        </>
      )}
    </ConsoleFrame>
  );
}
