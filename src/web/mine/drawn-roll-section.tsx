/** The roll before its freeze: the owner checks it by building, asks about his own units, and reads the answers (SPEC 4.4). */
import { useEffect, useState } from 'preact/hooks';
import type { RequestsAnswer, RollSheetAnswer } from '../../assembly/roll-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { LongField, Pick } from '../kit/field.tsx';
import type { ShownRequest } from '../kit/request-words.ts';
import { requestLine, requestWord, SUBJECTS } from '../kit/request-words.ts';
import { RollSheet } from '../kit/roll-sheet.tsx';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './drawn-roll-words.ts';
import type { OwnMeeting } from './own-meetings.ts';
import { useMeetings } from './own-meetings.ts';
import type { SectionProps } from './section-props.ts';

const NOTICED = ['noticed'];

type FormProps = OfOwner & { readonly path: string; readonly onSent: () => void };
type OfOwner = { readonly me: SectionProps['me'] };

function RequestForm({ me, path, onSent }: FormProps) {
  const [about, setAbout] = useState('area');
  const [unit, setUnit] = useState(me.units[0]?.unit ?? '');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const isMissing = about === 'missing';
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    const body = { about, unit: isMissing ? '' : unit, text: text.trim() };
    const answer = await call('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setText('');
    onSent();
  };
  return (
    <>
      <h3>{t('ask')}</h3>
      <Pick
        label={t('about')}
        value={about}
        options={SUBJECTS.map((id) => ({ id, text: requestWord(`about_${id}`) }))}
        onValue={setAbout}
      />
      {!isMissing && (
        <Pick
          label={t('unit')}
          value={unit}
          options={me.units.map((each) => ({ id: each.unit, text: unitWords(each) }))}
          onValue={setUnit}
        />
      )}
      <LongField
        label={t('text')}
        hint={t('textHint')}
        value={text}
        onValue={setText}
        rows={3}
        error={problem}
      />
      <Button
        busy={busy}
        disabled={text.trim() === '' || text.trim().length > 500}
        onClick={() => void send()}
      >
        {t('send')}
      </Button>
    </>
  );
}

function RequestList({ requests }: { readonly requests: readonly ShownRequest[] }) {
  if (requests.length === 0) return null;
  return (
    <>
      <h3>{t('own')}</h3>
      <ul class="plain-list">
        {requests.map((each) => (
          <li key={each.request}>
            <p>
              <span class="tag">{requestWord(`state_${each.state}`)}</span> {requestLine(each)}
            </p>
            {each.answer !== '' && <p>{t('answer', { answer: each.answer })}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function DrawnRoll({ meeting, me }: OfOwner & { readonly meeting: OwnMeeting }) {
  const [sheet, setSheet] = useState<RollSheetAnswer>();
  const [requests, setRequests] = useState<readonly ShownRequest[]>([]);
  const [problem, setProblem] = useState<string>();
  const [isSent, setSent] = useState(false);
  const roll = `/v1/meetings/${meeting.meeting}/roll`;
  const loadRequests = async () => {
    const answer = await call<RequestsAnswer>('GET', `${roll}/own-requests`);
    if (answer.ok) setRequests(answer.value.requests);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => {
    void loadRequests();
    void call<RollSheetAnswer>('GET', `${roll}/drawn`).then((answer) => {
      if (answer.ok) setSheet(answer.value);
      else setProblem(answer.problem.code === 'ROLL_UNKNOWN' ? t('notDrawn') : answer.problem.sentence);
    });
  }, [roll]);
  const sent = () => {
    setSent(true);
    void loadRequests();
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead', { meeting: meeting.title })}</p>
      {problem !== undefined && <Status kind="wait" title={problem} />}
      {sheet !== undefined && <RollSheet sheet={sheet} />}
      {isSent && <Status kind="good" title={t('sent')} />}
      <RequestList requests={requests} />
      {sheet?.isFrozen === true ? (
        <p>{t('frozen')}</p>
      ) : (
        <RequestForm me={me} path={`${roll}/own-requests`} onSent={sent} />
      )}
    </section>
  );
}

export function DrawnRollSection({ owner, me }: OfOwner & { readonly owner: SectionProps['owner'] }) {
  const meetings = useMeetings(owner.community, NOTICED);
  return (
    <>
      {meetings.map((each) => (
        <DrawnRoll key={each.meeting} meeting={each} me={me} />
      ))}
    </>
  );
}
