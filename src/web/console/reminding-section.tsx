/** Reminders to those who have not voted, and the way to the list for whoever goes from door to door (SPEC 6.11). */
import { useState } from 'preact/hooks';
import type { AbsentAnswer, ReminderAnswer } from '../../ballot/reminding-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { t } from './reminding-words.ts';

const REMINDERS: readonly string[] = ['committee', 'street'];
const WALKERS: readonly string[] = ['clerk', 'committee'];

export const hasReminding = (role: string, state: string): boolean =>
  state === 'open' && (REMINDERS.includes(role) || WALKERS.includes(role));

export type AbsentUnits = AbsentAnswer['units'];

type Props = {
  readonly meeting: string;
  readonly role: string;
  readonly onUnits: (units: AbsentUnits) => void;
};

function Remind({ path }: { readonly path: string }) {
  const [said, setSaid] = useState<{ readonly kind: 'good' | 'stop'; readonly sentence: string }>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const key = toBase64Url(draw(16));
    const answer = await call<ReminderAnswer>('POST', `${path}/reminders`, undefined, key);
    setBusy(false);
    setSaid(
      answer.ok
        ? { kind: 'good', sentence: t('reminded', { round: answer.value.round }) }
        : { kind: 'stop', sentence: answer.problem.sentence },
    );
  };
  return (
    <>
      <p>{t('remindLead')}</p>
      {said !== undefined && <Status kind={said.kind} title={said.sentence} />}
      <Button kind="quiet" busy={busy} onClick={() => void send()}>
        {t('remind')}
      </Button>
    </>
  );
}

function Doors({ path, onUnits }: Pick<Props, 'onUnits'> & { readonly path: string }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const open = async () => {
    const answer = await call<AbsentAnswer>('POST', `${path}/absent-units`, { reason: reason.trim() });
    if (answer.ok) onUnits(answer.value.units);
    else setProblem(answer.problem.sentence);
  };
  return (
    <>
      <p>{t('doorsLead')}</p>
      <Field label={t('reason')} value={reason} maxLength={200} onValue={setReason} error={problem} />
      <Button kind="quiet" disabled={reason.trim().length < 4} onClick={() => void open()}>
        {t('open')}
      </Button>
    </>
  );
}

export function RemindingSection({ meeting, role, onUnits }: Props) {
  const path = `/v1/meetings/${meeting}`;
  return (
    <details>
      <summary>{t('title')}</summary>
      <p class="soft">{t('lead')}</p>
      {REMINDERS.includes(role) && <Remind path={path} />}
      {WALKERS.includes(role) && <Doors path={path} onUnits={onUnits} />}
    </details>
  );
}
