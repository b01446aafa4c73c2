/** The rules that the community follows, and the form by which own rules come into force (SPEC 5.2). */
import { useEffect, useId, useState } from 'preact/hooks';
import type { MeetingAnswer } from '../../assembly/contract.ts';
import type { RulesAnswer } from '../../assembly/rules-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { definitionForm } from '../../record/meeting.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import { bytesOf } from './opened-act.ts';
import { t } from './rules-words.ts';

type Setting = RulesAnswer['settings'][number];

export type RulesSectionProps = {
  readonly community: string;
  readonly meetings: readonly ListedMeeting[];
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

/** What may be chosen for a setting, as the form offers it; empty stands for nothing that the rules say. */
function SettingField({
  setting,
  value,
  onValue,
}: {
  readonly setting: Setting;
  readonly value: string;
  readonly onValue: (value: string) => void;
}) {
  const { name, zh, kind, choices } = setting;
  if (kind === 'int') {
    const [least = '', greatest = ''] = choices;
    const label = t('value', { zh, name, least, greatest });
    return <Field label={label} type="number" value={value} onValue={onValue} />;
  }
  const words = (choice: string): string => (kind === 'bool' ? t(choice === 'true' ? 'yes' : 'no') : choice);
  const options = [
    { id: '', text: t('unfixed') },
    ...choices.map((choice) => ({ id: choice, text: words(choice) })),
  ];
  return <Pick label={t('choice', { zh, name })} value={value} options={options} onValue={onValue} />;
}

/** A proposal that may have carried rules, with its text. */
type CarryingProposal = { readonly id: string; readonly text: string; readonly body: string };

/** Proposals of class M1 of a meeting whose result is final. */
function useProposals(meeting: string) {
  const [found, setFound] = useState<readonly CarryingProposal[]>([]);
  useEffect(() => {
    setFound([]);
    if (meeting === '') return;
    void call<MeetingAnswer>('GET', `/v1/meetings/${meeting}`).then((answer) => {
      if (!answer.ok) return;
      const read = definitionForm.parse(bytesOf(answer.value.definition));
      const proposals = read.ok ? read.value.proposals : [];
      const ofRules = proposals.filter(({ classes }) => classes.includes('M1'));
      const bodies = new Map(answer.value.texts.map(({ hash, body }) => [hash, body]));
      setFound(
        ofRules.map(({ proposal, title, textHash }) => ({
          id: proposal,
          text: title,
          body: bodies.get(textHash) ?? '',
        })),
      );
    });
  }, [meeting]);
  return found;
}

type AdoptionProps = {
  readonly meetings: readonly ListedMeeting[];
  readonly meeting: string;
  readonly proposal: string;
  readonly onMeeting: (meeting: string) => void;
  /** With the text that was voted. */
  readonly onProposal: (proposal: string, body: string) => void;
};

function ResolutionFields({ meetings, meeting, proposal, onMeeting, onProposal }: AdoptionProps) {
  const proposals = useProposals(meeting);
  const none = { id: '', text: t('choose') };
  const finals = meetings
    .filter(({ state }) => state === 'final')
    .map((each) => ({ id: each.meeting, text: each.title }));
  return (
    <>
      <Pick label={t('meeting')} value={meeting} options={[none, ...finals]} onValue={onMeeting} />
      {meeting !== '' && proposals.length === 0 && <p class="soft">{t('noProposal')}</p>}
      {proposals.length > 0 && (
        <Pick
          label={t('proposal')}
          value={proposal}
          options={[none, ...proposals]}
          onValue={(id) => onProposal(id, proposals.find((each) => each.id === id)?.body ?? '')}
        />
      )}
    </>
  );
}

const typed = ({ kind }: Setting, value: string): string | number | boolean =>
  kind === 'int' ? Number(value) : kind === 'bool' ? value === 'true' : value;

type FormProps = Omit<RulesSectionProps, 'officer' | 'round' | 'onChanged'> & {
  readonly rules: RulesAnswer;
  readonly onDone: () => void;
};

function RulesForm({ community, meetings, rules, onDone }: FormProps) {
  const fileId = useId();
  const [by, setBy] = useState('resolution');
  const [meeting, setMeeting] = useState('');
  const [proposal, setProposal] = useState('');
  const [document, setDocument] = useState('');
  const [adoptedOn, setAdoptedOn] = useState('');
  const [text, setText] = useState('');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const free = rules.settings.filter(({ choices }) => new Set(choices).size > 1);
  const read = async (file: File | undefined) =>
    setDocument(file === undefined ? '' : toBase64Url(sha256(new Uint8Array(await file.arrayBuffer()))));
  const send = async () => {
    setBusy(true);
    const chosen = free.filter(({ name }) => (values[name] ?? '') !== '');
    const body = {
      base: rules.profile,
      parameters: Object.fromEntries(chosen.map((each) => [each.name, typed(each, values[each.name] ?? '')])),
      text,
      adoptedOn,
      ...(by === 'resolution'
        ? { meeting, proposal, document: '' }
        : { meeting: '', proposal: '', document }),
    };
    const answer = await call('POST', `/v1/communities/${community}/rules`, body);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    onDone();
  };
  const ways = [
    { id: 'resolution', text: t('byResolution') },
    { id: 'document', text: t('byDocument') },
  ];
  return (
    <details>
      <summary>{t('begin')}</summary>
      <Field label={t('adoptedOn')} type="date" value={adoptedOn} onValue={setAdoptedOn} />
      <LongField label={t('text')} value={text} onValue={setText} rows={6} />
      <Pick label={t('by')} value={by} options={ways} onValue={setBy} />
      {by === 'resolution' ? (
        <ResolutionFields
          meetings={meetings}
          meeting={meeting}
          proposal={proposal}
          onMeeting={setMeeting}
          onProposal={(id, body) => {
            setProposal(id);
            setText(body);
          }}
        />
      ) : (
        <div class="field">
          <label for={fileId}>{t('document')}</label>
          <input id={fileId} type="file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
        </div>
      )}
      <details>
        <summary>{t('settings')}</summary>
        <p>{t('settingsLead')}</p>
        {free.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            value={values[setting.name] ?? ''}
            onValue={(value) => setValues((old) => ({ ...old, [setting.name]: value }))}
          />
        ))}
      </details>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button busy={busy} disabled={adoptedOn === '' || text.trim() === ''} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </details>
  );
}

export function RulesSection({ community, meetings, officer, round, onChanged }: RulesSectionProps) {
  const [rules, setRules] = useState<RulesAnswer>();
  const [isDrafted, setDrafted] = useState(false);
  useEffect(() => {
    void call<RulesAnswer>('GET', `/v1/communities/${community}/rules`).then((answer) => {
      if (answer.ok) setRules(answer.value);
    });
  }, [community, round]);
  if (rules === undefined) return null;
  const [adopted] = rules.adopted;
  const mayDraft = officer.role === 'committee' || officer.role === 'street';
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <p>
        {adopted === undefined ? t('none') : t('inForce', { adoptedOn: dayWords(adopted.adoptedOn) })}{' '}
        <a href={`/communities/${community}/rules`}>{t('read')}</a>
      </p>
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      {mayDraft && (
        <RulesForm
          key={`${round}`}
          community={community}
          meetings={meetings}
          rules={rules}
          onDone={() => {
            setDrafted(true);
            onChanged();
          }}
        />
      )}
    </section>
  );
}
