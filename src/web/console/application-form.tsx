/** The form by which an officer enters what a property manager handed in; its files stay on this computer, their hashes go (SPEC 8.3). */
import { useId, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import { parseYuan } from '../../base/fen.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { CREDIT_CODE } from '../../record/application.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field, LongField, Pick } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { t } from './applications-words.ts';

type Hashed = { readonly name: string; readonly sha256: string };
type FilesProps = {
  readonly label: string;
  readonly multiple: boolean;
  readonly onFiles: (files: readonly Hashed[]) => void;
};

/** Files of the officer's own: only names and hashes leave this page. */
function HashedFiles({ label, multiple, onFiles }: FilesProps) {
  const id = useId();
  const read = async (files: FileList | null) => {
    const hashed = [...(files ?? [])].map(async (file) => ({
      name: file.name.normalize('NFC').slice(0, 200),
      sha256: toBase64Url(sha256(new Uint8Array(await file.arrayBuffer()))),
    }));
    onFiles(await Promise.all(hashed));
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        multiple={multiple}
        onChange={({ currentTarget }) => void read(currentTarget.files)}
      />
    </div>
  );
}

const EMPTY = {
  company: '',
  creditCode: '',
  project: '',
  plan: '',
  budget: '',
  payee: '',
  scope: 'community',
  members: '',
  emergencyPlan: '',
};
type Form = typeof EMPTY;
type Body = Readonly<Record<string, unknown>>;
type Missing = {
  readonly field:
    | 'company'
    | 'creditCode'
    | 'project'
    | 'plan'
    | 'budget'
    | 'members'
    | 'emergencyPlan'
    | 'document';
};

const clean = (text: string): string => text.normalize('NFC').trim();

/** The body, or the field that is missing. */
function bodyOf(form: Form, document: readonly Hashed[], attachments: readonly Hashed[]): Body | Missing {
  for (const field of ['company', 'project', 'plan', 'emergencyPlan'] as const)
    if (clean(form[field]) === '') return { field };
  const creditCode = clean(form.creditCode).toUpperCase();
  if (!CREDIT_CODE.test(creditCode)) return { field: 'creditCode' };
  const budget = parseYuan(clean(form.budget));
  if (!budget.ok || budget.value === 0n) return { field: 'budget' };
  const members = form.members
    .split(/[、,，]/)
    .map(clean)
    .filter((member) => member !== '');
  if (form.scope === 'buildings' && members.length === 0) return { field: 'members' };
  const [sealed] = document;
  if (sealed === undefined) return { field: 'document' };
  return {
    company: clean(form.company),
    creditCode,
    project: clean(form.project),
    plan: form.plan.normalize('NFC'),
    budgetFen: String(budget.value),
    payee: clean(form.payee),
    units: { kind: form.scope, members: form.scope === 'buildings' ? members : [] },
    emergencyPlan: form.emergencyPlan.normalize('NFC'),
    documentHash: sealed.sha256,
    attachments,
  };
}

type Filed = { readonly answerBy: string; readonly hash: string };
export type ApplicationFormProps = { readonly path: string; readonly onDone: () => void };

export function ApplicationForm({ path, onDone }: ApplicationFormProps) {
  const [form, setForm] = useState<Form>(EMPTY);
  const [document, setDocument] = useState<readonly Hashed[]>([]);
  const [attachments, setAttachments] = useState<readonly Hashed[]>([]);
  const [problem, setProblem] = useState<string>();
  const [filed, setFiled] = useState<Filed>();
  const [isBusy, setBusy] = useState(false);
  const set = (name: keyof Form) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const send = async () => {
    const body = bodyOf(form, document, attachments);
    if ('field' in body) return setProblem(t('incomplete', { field: t((body as Missing).field) }));
    setBusy(true);
    const answer = await call<Filed>('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (!answer.ok) return;
    setFiled(answer.value);
    onDone();
  };
  if (filed !== undefined) {
    const hash = hexGroups(filed.hash, 16).join(' ');
    return <Status kind="good" title={t('filed', { on: dayWords(filed.answerBy), hash })} />;
  }
  const scopes = [
    { id: 'community', text: t('whole') },
    { id: 'buildings', text: t('buildings') },
  ];
  return (
    <>
      <Field label={t('company')} value={form.company} onValue={set('company')} maxLength={200} />
      <Field
        label={t('creditCode')}
        value={form.creditCode}
        onValue={set('creditCode')}
        maxLength={18}
        code
      />
      <Field label={t('project')} value={form.project} onValue={set('project')} maxLength={200} />
      <LongField label={t('plan')} value={form.plan} onValue={set('plan')} rows={5} />
      <Field label={t('budget')} value={form.budget} onValue={set('budget')} />
      <Field label={t('payee')} value={form.payee} onValue={set('payee')} maxLength={200} />
      <Pick label={t('scope')} value={form.scope} options={scopes} onValue={set('scope')} />
      {form.scope === 'buildings' && (
        <Field label={t('members')} value={form.members} onValue={set('members')} />
      )}
      <LongField
        label={t('emergencyPlan')}
        value={form.emergencyPlan}
        onValue={set('emergencyPlan')}
        rows={3}
      />
      <HashedFiles label={t('document')} multiple={false} onFiles={setDocument} />
      <HashedFiles label={t('attachments')} multiple onFiles={setAttachments} />
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button busy={isBusy} onClick={() => void send()}>
        {t('file')}
      </Button>
    </>
  );
}
