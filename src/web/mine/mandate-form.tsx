/** The form by which an owner gives a mandate: the page makes the record, shows what it says, and signs its hash (SPEC 1.7, 3.6). */
import { useState } from 'preact/hooks';
import { toBase32, toBase64Url } from '../../base/bytes.ts';
import type { AgentAnswer } from '../../identity/mandate-contract.ts';
import type { Mandate } from '../../record/mandate.ts';
import { mandateForm, mandateHash } from '../../record/mandate.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Choice } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { draw } from '../kit/draw.ts';
import { Field, Pick } from '../kit/field.tsx';
import { dayWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './mandate-words.ts';
import { useMeetings } from './own-meetings.ts';
import type { SectionProps } from './section-props.ts';

const agentPath = (code: string): string => `/v1/identity/agents/${code}`;
/** As people copy it: in groups, in capitals. */
const codeTyped = (text: string): string => text.replace(/[\s-]/g, '').toLowerCase();
const DAY = /^\d{4}-\d{2}-\d{2}$/;

type Wish = { readonly agent: AgentAnswer; readonly meeting: string; readonly until: string };

async function give({ owner, votingKey, me }: SectionProps, wish: Wish): Promise<Answer<unknown>> {
  const own = await call<AgentAnswer>('GET', agentPath(owner.person));
  if (!own.ok) return own;
  const record: Mandate = {
    v: 1,
    kind: 'mandate',
    community: owner.community,
    meeting: wish.meeting,
    mandate: toBase32(draw(16)),
    basis: 'mandate',
    by: { person: own.value.person, identity: own.value.identity },
    to: { person: wish.agent.person, identity: wish.agent.identity },
    units: me.units.map(({ unit }) => unit),
    proposals: [],
    until: wish.until,
    declares: 'agent-is-no-property-staff',
    scanHash: '',
    nonce: toBase64Url(draw(16)),
  };
  const bytes = mandateForm.bytes(record);
  const signature = await votingKey.sign(mandateHash(bytes));
  if (!signature.ok) return signature;
  return call('POST', '/v1/identity/mandates', {
    mandate: toBase64Url(bytes),
    signature: signature.value,
  });
}

const OPEN_STATES: readonly string[] = ['noticed', 'armed', 'open', 'paused'];

/** Whom the typed code names; asked for by a button, since it is compared by its name. */
function AgentField({ onAgent }: { readonly onAgent: (agent: AgentAnswer | undefined) => void }) {
  const [code, setCode] = useState('');
  const [name, setName] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const find = async () => {
    const answer = await call<AgentAnswer>('GET', agentPath(codeTyped(code)));
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    setName(answer.ok ? answer.value.name : undefined);
    onAgent(answer.ok ? answer.value : undefined);
  };
  const change = (value: string) => {
    setCode(value);
    setName(undefined);
    onAgent(undefined);
  };
  return (
    <>
      <Field label={t('code')} hint={t('codeHint')} code value={code} error={problem} onValue={change} />
      <Button kind="quiet" disabled={codeTyped(code).length !== 26} onClick={() => void find()}>
        {t('find')}
      </Button>
      {name !== undefined && <p class="answer">✓ {t('found', { name })}</p>}
    </>
  );
}

export function MandateForm(props: SectionProps & { readonly onGiven: () => void }) {
  const meetings = useMeetings(props.owner.community, OPEN_STATES);
  const [agent, setAgent] = useState<AgentAnswer>();
  const [meeting, setMeeting] = useState('');
  const [until, setUntil] = useState('');
  const [declared, setDeclared] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const confirm = async () => {
    if (agent === undefined) return;
    setBusy(true);
    const answer = await give(props, { agent, meeting, until });
    setBusy(false);
    setAsked(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) props.onGiven();
  };
  const isReady = agent !== undefined && DAY.test(until) && declared.length === 1;
  const options = [
    { id: '', text: t('everyMeeting') },
    ...meetings.map((each) => ({ id: each.meeting, text: each.title })),
  ];
  return (
    <>
      <AgentField onAgent={setAgent} />
      <Pick label={t('meeting')} value={meeting} options={options} onValue={setMeeting} />
      <Field type="date" label={t('until')} value={until} error={problem} onValue={setUntil} />
      <p>{t('units', { units: props.me.units.map(unitWords).join('、') })}</p>
      <Choice
        legend={t('declare')}
        options={[{ id: 'declared', text: t('declare') }]}
        chosen={declared}
        max={2}
        onChosen={setDeclared}
      />
      <Button disabled={!isReady} onClick={() => setAsked(true)}>
        {t('give')}
      </Button>
      <Dialog title={t('confirmTitle')} open={asked} onClose={() => setAsked(false)}>
        <p>{t('confirmLead', { name: agent?.name ?? '', until: DAY.test(until) ? dayWords(until) : '' })}</p>
        <div class="actions">
          <Button busy={busy} onClick={() => void confirm()}>
            {t('yes')}
          </Button>
          <Button kind="quiet" disabled={busy} onClick={() => setAsked(false)}>
            {t('no')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
