/** Meetings that a fifth of the owners demand, and the form of the public answer (SPEC 5.4). */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RequisitionsAnswer } from '../../assembly/requisition-contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import { parseInstant, showInstant } from '../../base/instant.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { REQUISITION_DAYS, requisitionForm } from '../../record/requisition.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { LongField, Pick } from '../kit/field.tsx';
import { PlainText } from '../kit/plain-text.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { areaWords } from '../kit/unit-words.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import { t } from './requisition-words.ts';

type Shown = RequisitionsAnswer['requisitions'][number];
const READERS: readonly string[] = ['committee', 'street', 'regulator'];
/** No other meeting answers one (SPEC 5.4). */
const BEFORE_OPENING: readonly string[] = ['draft', 'noticed', 'armed'];
const TERM_MS = REQUISITION_DAYS * 86_400_000;

export type RequisitionsSectionProps = {
  readonly community: string;
  readonly meetings: readonly ListedMeeting[];
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

type FormProps = {
  readonly path: string;
  readonly meetings: readonly ListedMeeting[];
  readonly onDrafted: () => void;
};

function AnswerForm({ path, meetings, onDrafted }: FormProps) {
  const [answer, setAnswer] = useState('convened');
  const [meeting, setMeeting] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const isConvened = answer === 'convened';
  const send = async () => {
    const body = { answer, meeting: isConvened ? meeting : '', reason };
    const sent = await call('POST', `${path}/answer`, body);
    if (sent.ok) onDrafted();
    else setProblem(sent.problem.sentence);
  };
  const options = meetings
    .filter(({ state }) => BEFORE_OPENING.includes(state))
    .map((each) => ({ id: each.meeting, text: each.title }));
  return (
    <>
      <Pick
        label={t('answer')}
        value={answer}
        options={[
          { id: 'convened', text: t('wantConvened') },
          { id: 'refused', text: t('wantRefused') },
        ]}
        onValue={setAnswer}
      />
      {isConvened && (
        <Pick
          label={t('meeting')}
          value={meeting}
          options={[{ id: '', text: t('choose') }, ...options]}
          onValue={setMeeting}
        />
      )}
      <LongField label={t('reason')} value={reason} onValue={setReason} rows={3} error={problem} />
      <Button disabled={reason.trim() === '' || (isConvened && meeting === '')} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </>
  );
}

function Course({ one }: { readonly one: Shown }) {
  const { answer, answeredAt, answeredBy, reason, street, waitsFor } = one;
  return (
    <>
      {answer !== '' && answeredBy !== '' && (
        <p>{t(answer, { by: t(answeredBy), at: timeWords(answeredAt), reason })}</p>
      )}
      {street.answer !== '' && (
        <p>{t(`second_${street.answer}`, { at: timeWords(street.answeredAt), reason: street.reason })}</p>
      )}
      {waitsFor !== '' && <Waiting one={one} isForStreet={waitsFor === 'street'} />}
    </>
  );
}

function Waiting({ one, isForStreet }: { readonly one: Shown; readonly isForStreet: boolean }) {
  if (one.isOverdue) return <Status kind="warn" title={t(isForStreet ? 'overdueStreet' : 'overdue')} />;
  const since = isForStreet ? one.answeredAt : one.reachedAt;
  const until = timeWords(showInstant((parseInstant(since) ?? 0) + TERM_MS));
  return <p>{t(isForStreet ? 'waitsStreet' : 'waits', { until })}</p>;
}

function Demand({ one, children }: { readonly one: Shown; readonly children: ComponentChildren }) {
  const read = requisitionForm.parse(fromBase64Url(one.record) ?? new Uint8Array());
  const { heads, totalHeads, areaDm2, totalAreaDm2, reachedAt } = one;
  return (
    <li class="sheet">
      <h3>{read.ok ? read.value.title : one.requisition}</h3>
      {read.ok && <PlainText body={read.value.text} />}
      <p>
        {t('sums', {
          at: timeWords(reachedAt),
          heads,
          totalHeads,
          area: areaWords(areaDm2),
          totalArea: areaWords(totalAreaDm2),
        })}
      </p>
      <Course one={one} />
      {children}
    </li>
  );
}

export function RequisitionsSection(props: RequisitionsSectionProps) {
  const { community, meetings, officer, round, onChanged } = props;
  const [requisitions, setRequisitions] = useState<readonly Shown[]>([]);
  const [problem, setProblem] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  const path = `/v1/communities/${community}/requisitions`;
  const isReader = READERS.includes(officer.role);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!isReader) return;
    void call<RequisitionsAnswer>('GET', path).then((answer) =>
      answer.ok ? setRequisitions(answer.value.requisitions) : setProblem(answer.problem.sentence),
    );
  }, [path, isReader, round]);
  const mayAnswer = ({ waitsFor }: Shown): boolean =>
    officer.role === 'street' ? waitsFor !== '' : officer.role === 'committee' && waitsFor === 'answer';
  if (requisitions.length === 0 && problem === undefined) return null;
  return (
    <section>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      <ul class="plain-list">
        {requisitions.map((one) => (
          <Demand key={one.requisition} one={one}>
            {mayAnswer(one) && (
              <AnswerForm
                path={`${path}/${one.requisition}`}
                meetings={meetings}
                onDrafted={() => {
                  setDrafted(true);
                  onChanged();
                }}
              />
            )}
          </Demand>
        ))}
      </ul>
    </section>
  );
}
