/** What follows from the resolutions of a meeting: the lines, and the form for the next one (SPEC 8.2). */
import { useEffect, useState } from 'preact/hooks';
import type { FollowUpAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, LongField, Pick } from '../kit/field.tsx';
import { dayWords } from '../kit/times.ts';
import { t } from './follow-up-words.ts';
import type { MeetingOutcome } from './meeting-outcome.ts';

type Line = FollowUpAnswer['lines'][number];
type Option = { readonly id: string; readonly text: string };
const STATES = ['planned', 'done', 'dropped'] as const;

const optionsOf = ({ definition }: MeetingOutcome, proposals: ReadonlySet<string>): readonly Option[] =>
  definition.proposals
    .filter(({ proposal }) => proposals.has(proposal))
    .map(({ proposal, title }) => ({ id: proposal, text: title }));

/** What can be followed up: adopted, and not annulled since. */
function standingOf(outcome: MeetingOutcome): readonly Option[] {
  const adopted = outcome.record.proposals.filter((each) => each.outcome === 'ADOPTED');
  const standing = adopted.filter(({ proposal }) => !outcome.annulled.includes(proposal));
  return optionsOf(outcome, new Set(standing.map(({ proposal }) => proposal)));
}

/** Steps that are still planned, by their last line. */
function plannedOf(lines: readonly Line[], proposal: string): readonly Option[] {
  const last = new Map(lines.filter((each) => each.proposal === proposal).map((each) => [each.step, each]));
  return [...last.values()]
    .filter(({ state }) => state === 'planned')
    .map(({ step, text }) => ({ id: step, text }));
}

type FormProps = {
  readonly path: string;
  readonly proposals: readonly Option[];
  readonly lines: readonly Line[];
  readonly onDrafted: () => void;
};

function Form({ path, proposals, lines, onDrafted }: FormProps) {
  const [proposal, setProposal] = useState(proposals[0]?.id ?? '');
  const [step, setStep] = useState('');
  const [state, setState] = useState<string>('planned');
  const [dueOn, setDueOn] = useState('');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const steps = [{ id: '', text: t('newStep') }, ...plannedOf(lines, proposal)];
  const states = STATES.map((id) => ({ id, text: t(id) }));
  const pickStep = (id: string) => {
    setStep(id);
    // What is done or dropped keeps the day that was promised.
    setDueOn(lines.filter((each) => each.step === id).at(-1)?.dueOn ?? '');
    setState(id === '' ? 'planned' : 'done');
  };
  const send = async () => {
    const answer = await call('POST', path, { proposal, step, state, dueOn, text });
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setProblem(undefined);
    setText('');
    onDrafted();
  };
  return (
    <>
      <Pick
        label={t('proposal')}
        value={proposal}
        options={proposals}
        onValue={(id) => {
          setProposal(id);
          pickStep('');
        }}
      />
      <Pick label={t('step')} value={step} options={steps} onValue={pickStep} />
      {step !== '' && <Pick label={t('state')} value={state} options={states} onValue={setState} />}
      <Field label={t('dueOn')} type="date" value={dueOn} onValue={setDueOn} />
      <LongField label={t('text')} value={text} onValue={setText} rows={3} error={problem} />
      <Button kind="quiet" disabled={text.trim() === '' || dueOn === ''} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </>
  );
}

export type FollowUpSectionProps = {
  readonly meeting: string;
  readonly outcome: MeetingOutcome;
  readonly mayDraft: boolean;
  readonly round: number;
  readonly onChanged: (sentence: string) => void;
};

export function FollowUpSection(props: FollowUpSectionProps) {
  const { meeting, outcome, mayDraft, round, onChanged } = props;
  const proposals = standingOf(outcome);
  const annulled = optionsOf(outcome, new Set(outcome.annulled));
  const [lines, setLines] = useState<readonly Line[]>([]);
  const path = `/v1/meetings/${meeting}`;
  useEffect(() => {
    void call<FollowUpAnswer>('GET', `${path}/follow-ups`).then(
      (followed) => followed.ok && setLines(followed.value.lines),
    );
  }, [meeting, round]);
  if (proposals.length === 0 && annulled.length === 0) return null;
  return (
    <details>
      <summary>{t('title')}</summary>
      <p>{t('lead')}</p>
      {annulled.map(({ id, text }) => (
        <p key={id}>
          <strong>{t('annulled', { title: text })}</strong>
        </p>
      ))}
      <ul class="plain-list">
        {lines.map(({ step, state, dueOn, text }, at) => (
          <li key={`${step} ${at}`}>{t('line', { state: t(state), dueOn: dayWords(dueOn), text })}</li>
        ))}
      </ul>
      {mayDraft && proposals.length > 0 && (
        <Form
          key={`${round}`}
          path={`${path}/follow-ups`}
          proposals={proposals}
          lines={lines}
          onDrafted={() => onChanged(t('drafted'))}
        />
      )}
    </details>
  );
}
