/** Applications of property managers: entering them, convening a meeting for one, and answering in time (SPEC 8.3; 165 §22–23). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { ApplicationsAnswer } from '../../fund/application-routes.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { definitionForm } from '../../record/meeting.ts';
import { yuanWords } from '../kit/amount-words.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { ApplicationForm } from './application-form.tsx';
import { t } from './applications-words.ts';
import type { ProposalStart } from './meeting-draft.ts';
import { EMPTY_PROPOSAL } from './meeting-draft.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import { bytesOf } from './opened-act.ts';

type Shown = ApplicationsAnswer['applications'][number];

const FILING: readonly string[] = ['clerk', 'committee', 'street'];
const ANSWERING: readonly string[] = ['committee', 'street'];
/** A meeting that nobody was told of answers nobody. */
const UNANNOUNCED: readonly string[] = ['draft', 'cancelled'];
/** So many meetings are looked through for the proposal that answers. */
const NEWEST = 10;

/** The proposal with which a meeting for this application begins; its account number is typed by whoever convenes. */
const startOf = (one: Shown): ProposalStart => ({
  ...EMPTY_PROPOSAL,
  kind: 'fund',
  title: one.project,
  text: `${one.plan}\n\n${t('emergencyPlan')}：${one.emergencyPlan}`,
  cap: yuanWords(one.budgetFen).replaceAll(',', ''),
  payee: one.payee,
  purpose: one.project,
  // A scope that was too long to list is named anew by whoever convenes.
  units: { kind: one.units.kind, members: one.units.members },
});

type Choice = { readonly id: string; readonly text: string };

/** Proposals of announced meetings that use the fund, as `meeting proposal`. */
async function choicesIn(meetings: readonly ListedMeeting[]): Promise<readonly Choice[]> {
  const announced = meetings.filter(({ state }) => !UNANNOUNCED.includes(state)).slice(0, NEWEST);
  const found = announced.map(async ({ meeting, title }) => {
    const answer = await call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`);
    const read = answer.ok ? definitionForm.parse(bytesOf(answer.value.definition)) : undefined;
    if (read?.ok !== true) return [];
    return read.value.proposals
      .filter(({ fund }) => fund.length > 0)
      .map((one) => ({ id: `${meeting} ${one.proposal}`, text: `${title}：${one.title}` }));
  });
  return (await Promise.all(found)).flat();
}

type AnswerProps = {
  readonly path: string;
  readonly one: Shown;
  readonly meetings: readonly ListedMeeting[];
  readonly onConvene: (start: ProposalStart) => void;
  readonly onChanged: () => void;
};

function AnswerPart({ path, one, meetings, onConvene, onChanged }: AnswerProps) {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [chosen, setChosen] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  useEffect(() => {
    void choicesIn(meetings).then(setChoices);
  }, [meetings]);
  const send = async (body: Readonly<Record<string, string>>) => {
    const answer = await call('POST', `${path}/${one.application}/answers`, body, toBase64Url(draw(16)));
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    setDrafted(answer.ok);
    if (answer.ok) onChanged();
  };
  const convened = () => {
    const [meeting = '', proposal = ''] = chosen.split(' ');
    void send({ decision: 'convened', meeting, proposal });
  };
  if (isDrafted) return <Status kind="good" title={t('drafted')} />;
  return (
    <>
      <div class="actions row">
        <Button kind="quiet" onClick={() => onConvene(startOf(one))}>
          {t('convene')}
        </Button>
      </div>
      {choices.length > 0 && (
        <>
          <Pick
            label={t('chosen')}
            value={chosen}
            options={[{ id: '', text: t('none') }, ...choices]}
            onValue={setChosen}
          />
          <Button kind="quiet" disabled={chosen === ''} onClick={convened}>
            {t('answerConvened')}
          </Button>
        </>
      )}
      <LongField label={t('reason')} value={reason} onValue={setReason} rows={3} />
      <Button
        kind="quiet"
        disabled={reason.trim() === ''}
        onClick={() => void send({ decision: 'refused', reason })}
      >
        {t('answerRefused')}
      </Button>
      {problem !== undefined && <Status kind="stop" title={problem} />}
    </>
  );
}

function Facts({ one }: { readonly one: Shown }) {
  return (
    <>
      <h3>{one.project}</h3>
      <p>
        <span class={one.state === 'late' ? 'tag stop' : 'tag'}>{t(`state_${one.state}`)}</span>
      </p>
      <p>{t('by', { company: one.company, code: one.creditCode })}</p>
      <p>
        {t('filedOn', { filed: dayWords(one.filedOn), by: dayWords(one.answerBy) })}
        <br />
        {t('budgetText', { yuan: yuanWords(one.budgetFen) })}
      </p>
      <blockquote class="wrap">{one.plan}</blockquote>
      {one.calledOff.map(({ meeting, on }) => (
        <p key={meeting}>{t('calledOff', { on: dayWords(on), meeting })}</p>
      ))}
      {one.reason !== '' && <p>{t('why', { reason: one.reason })}</p>}
    </>
  );
}

export type ApplicationsSectionProps = {
  readonly community: string;
  readonly meetings: readonly ListedMeeting[];
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
  readonly onConvene: (start: ProposalStart) => void;
};

export function ApplicationsSection(props: ApplicationsSectionProps) {
  const { community, meetings, officer, round, onChanged, onConvene } = props;
  const [applications, setApplications] = useState<readonly Shown[]>([]);
  const [problem, setProblem] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const [own, setOwn] = useState(0);
  const path = `/v1/communities/${community}/fund/applications`;
  // `round` and `own` are signals, not values that are read.
  useEffect(() => {
    void call<ApplicationsAnswer>('GET', path).then((answer) =>
      answer.ok ? setApplications(answer.value.applications) : setProblem(answer.problem.sentence),
    );
  }, [path, round, own]);
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {applications.length === 0 && <p>{t('empty')}</p>}
      <ul class="plain-list">
        {applications.map((one) => (
          <li key={one.application} class="sheet">
            <Facts one={one} />
            {(one.state === 'waiting' || one.state === 'late') && ANSWERING.includes(officer.role) && (
              <AnswerPart
                path={path}
                one={one}
                meetings={meetings}
                onConvene={onConvene}
                onChanged={onChanged}
              />
            )}
          </li>
        ))}
      </ul>
      {FILING.includes(officer.role) && (
        <Button kind="quiet" onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'close' : 'add')}
        </Button>
      )}
      {isOpen && <ApplicationForm path={path} onDone={() => setOwn((old) => old + 1)} />}
    </section>
  );
}
