/** The form that drafts a meeting. */
import { useState } from 'preact/hooks';
import { canonicalText } from '../../base/canonical.ts';
import { newId } from '../../base/clock.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field, LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { offerFile } from './download.ts';
import type { FormRefusal, MeetingForm, ProposalForm, ProposalStart } from './meeting-draft.ts';
import { EMPTY_PROPOSAL, meetingBodyOf } from './meeting-draft.ts';
import { ProposalFields } from './proposal-fields.tsx';
import { TimetableFaults } from './timetable-faults.tsx';
import { t } from './words.ts';

const FIELDS = {
  title: 'title',
  convener: 'convener',
  publishedOn: 'publishedOn',
  opens: 'opens',
  closes: 'closes',
  noticeText: 'noticeText',
  proposalTitle: 'proposalTitle',
  proposalText: 'proposalText',
  candidates: 'candidates',
  seats: 'seats',
  payee: 'payee',
  accountNumber: 'payeeAccountNumber',
  purpose: 'purpose',
  proposalMotion: 'proposalMotion',
} as const;

const refusalWords = ({ code, where }: FormRefusal): string =>
  code === 'FORM_AMOUNT'
    ? t('amountWrong')
    : t('formIncomplete', { field: t(FIELDS[where as keyof typeof FIELDS] ?? 'title') });

/** What the form starts with; the service's day, not this device's. */
const emptyForm = (today: string, demo: boolean, start: ProposalStart | undefined): MeetingForm => ({
  title: '',
  convener: t('convenerDefault'),
  profile: demo ? 'DEMO-CN-2021' : 'CN-2021',
  publishedOn: today,
  opens: '',
  closes: '',
  noticeText: '',
  boxHolder: 'officer',
  proposals: start === undefined ? [] : [{ ...start, id: 0 }],
});

type HeadProps = {
  readonly form: MeetingForm;
  readonly demo: boolean;
  readonly set: (name: keyof MeetingForm) => (value: string) => void;
};

function HeadFields({ form, demo, set }: HeadProps) {
  const profiles = [
    { id: 'CN-2021', text: t('profileLaw') },
    ...(demo ? [{ id: 'DEMO-CN-2021', text: t('profileDemo') }] : []),
  ];
  const holders = [
    { id: 'officer', text: t('holderOfficer') },
    ...(demo ? [{ id: 'server', text: t('holderServer') }] : []),
  ];
  return (
    <>
      <Field label={t('title')} value={form.title} onValue={set('title')} maxLength={200} />
      <div class="columns">
        <Field label={t('convener')} value={form.convener} onValue={set('convener')} maxLength={200} />
        <Pick label={t('profile')} value={form.profile} options={profiles} onValue={set('profile')} />
        <Field label={t('publishedOn')} type="date" value={form.publishedOn} onValue={set('publishedOn')} />
        <Pick label={t('boxHolder')} value={form.boxHolder} options={holders} onValue={set('boxHolder')} />
        <Field label={t('opens')} type="datetime-local" value={form.opens} onValue={set('opens')} />
        <Field label={t('closes')} type="datetime-local" value={form.closes} onValue={set('closes')} />
      </div>
      <LongField label={t('noticeText')} value={form.noticeText} onValue={set('noticeText')} rows={8} />
    </>
  );
}

export type MeetingFormProps = {
  readonly community: string;
  readonly today: string;
  readonly demo: boolean;
  /** What a property manager applied for, where the meeting is convened for it. */
  readonly start: ProposalStart | undefined;
  readonly onDone: () => void;
};

export function MeetingFormSection({ community, today, demo, start, onDone }: MeetingFormProps) {
  const [form, setForm] = useState(() => emptyForm(today, demo, start));
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [next, setNext] = useState(1);
  const set = (name: keyof MeetingForm) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const add = (kind: ProposalForm['kind']) => {
    setForm((old) => ({ ...old, proposals: [...old.proposals, { ...EMPTY_PROPOSAL, id: next, kind }] }));
    setNext(next + 1);
  };
  const replace = (id: number, by: readonly ProposalForm[]) =>
    setForm((old) => ({
      ...old,
      proposals: old.proposals.flatMap((each) => (each.id === id ? by : [each])),
    }));
  const save = async () => {
    const drafted = meetingBodyOf(form, draw);
    if (!drafted.ok) return setProblem(refusalWords(drafted.refusal));
    setBusy(true);
    const { body, accounts } = drafted.value;
    const answer = await call('POST', `/v1/communities/${community}/meetings`, body, newId(draw));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    if (accounts.length > 0) offerFile('payee-accounts.json', canonicalText(accounts));
    onDone();
  };
  return (
    <section>
      <h1>{t('formTitle')}</h1>
      <HeadFields form={form} demo={demo} set={set} />
      <TimetableFaults community={community} form={form} />
      {form.proposals.map((proposal) => (
        <ProposalFields
          key={proposal.id}
          form={proposal}
          onForm={(changed) => replace(proposal.id, [changed])}
          onRemove={() => replace(proposal.id, [])}
        />
      ))}
      <div class="actions row">
        <Button kind="quiet" onClick={() => add('motion')}>
          {t('addMotion')}
        </Button>
        <Button kind="quiet" onClick={() => add('fund')}>
          {t('addFund')}
        </Button>
        <Button kind="quiet" onClick={() => add('election')}>
          {t('addElection')}
        </Button>
      </div>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        <Button busy={busy} onClick={() => void save()}>
          {t('create')}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t('back')}
        </Button>
      </div>
    </section>
  );
}
