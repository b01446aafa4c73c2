/** The owner's objections to a vote and its result: he files them for one of his heads and reads what became of each (SPEC 8.2). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import type { OwnObjectionsAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './objections-words.ts';
import type { OwnMeeting } from './own-meetings.ts';
import { useMeetings } from './own-meetings.ts';
import type { SectionProps } from './section-props.ts';

const STATES = ['open', 'paused', 'closing', 'closed', 'counting', 'preliminary', 'final'];

type Head = OwnObjectionsAnswer['heads'][number];
type FormProps = { readonly path: string; readonly heads: readonly Head[]; readonly onSent: () => void };

function ObjectionForm({ path, heads, onSent }: FormProps) {
  const [unit, setUnit] = useState(heads[0]?.[0]?.unit ?? '');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    const answer = await call('POST', path, { unit, text: text.trim() }, toBase64Url(draw(16)));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setText('');
    onSent();
  };
  return (
    <>
      {heads.length > 1 && (
        <Pick
          label={t('unit')}
          value={unit}
          options={heads.map((units) => ({
            id: units[0]?.unit ?? '',
            text: units.map(unitWords).join('、'),
          }))}
          onValue={setUnit}
        />
      )}
      <LongField
        label={t('text')}
        hint={t('textHint')}
        value={text}
        onValue={setText}
        rows={4}
        error={problem}
      />
      <Button busy={busy} disabled={text.trim() === ''} onClick={() => void send()}>
        {t('send')}
      </Button>
    </>
  );
}

function OwnList({ objections }: Pick<OwnObjectionsAnswer, 'objections'>) {
  return (
    <>
      <h3>{t('own')}</h3>
      <ul class="plain-list">
        {objections.map(({ objection, text, decision, reason, condemned }) => (
          <li key={objection}>
            <p class="wrap">{text}</p>
            <p>
              <strong>{decision === '' ? t('waiting') : t(decision, { reason })}</strong>
            </p>
            {condemned.length > 0 && condemned.every(({ isSettled }) => isSettled) && <p>✓ {t('mended')}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function MeetingObjections({ meeting }: { readonly meeting: OwnMeeting }) {
  const [own, setOwn] = useState<OwnObjectionsAnswer>();
  const [problem, setProblem] = useState<string>();
  const [isSent, setSent] = useState(false);
  const path = `/v1/meetings/${meeting.meeting}/objections`;
  const load = async () => {
    const answer = await call<OwnObjectionsAnswer>('GET', `${path}/own`);
    if (answer.ok) setOwn(answer.value);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), [path]);
  if (own === undefined && problem === undefined) return null;
  if (own !== undefined && !own.mayObject && own.objections.length === 0) return null;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      <p>{t('lead', { meeting: meeting.title })}</p>
      {isSent && <Status kind="good" title={t('sent')} />}
      {own?.mayObject === true ? (
        <>
          {own.until !== '' && <p>{t('until', { until: timeWords(own.until) })}</p>}
          <ObjectionForm
            path={path}
            heads={own.heads}
            onSent={() => {
              setSent(true);
              void load();
            }}
          />
        </>
      ) : (
        <p>{t('over')}</p>
      )}
      {own !== undefined && own.objections.length > 0 && <OwnList objections={own.objections} />}
    </section>
  );
}

export function ObjectionsSection({ owner }: Pick<SectionProps, 'owner'>) {
  const meetings = useMeetings(owner.community, STATES);
  return (
    <>
      {meetings.slice(0, 3).map((meeting) => (
        <MeetingObjections key={meeting.meeting} meeting={meeting} />
      ))}
    </>
  );
}
