/** The counter in the console: find an owner by his document, name the phone that is his, take his keys back (SPEC 3.4). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { FoundAnswer, RequestsAnswer } from '../../identity/counter-contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { bindHash } from '../../record/binding.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, Pick } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { CounterKeys } from './counter-keys.tsx';
import { t } from './counter-words.ts';

/** Roles that see the document, and roles that sign besides. */
const RECEIVERS: readonly string[] = ['clerk', 'registrar'];
const SIGNERS: readonly string[] = [...RECEIVERS, 'street', 'regulator'];

const EMPTY = { building: '', stair: '', room: '', name: '', numberTail: '' };
const PARTS = ['building', 'stair', 'room', 'name', 'numberTail'] as const;

type PartProps = { readonly community: string; readonly onChanged: () => void };

/** The phone of the person who was found. */
function Claim({ community, person, onChanged }: PartProps & { readonly person: string }) {
  const [code, setCode] = useState('');
  const [how, setHow] = useState('counter');
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const claim = async () => {
    setBusy(true);
    const body = { code: code.replace(/\D/g, ''), person, vouchedBy: how };
    const answer = await call('POST', `/v1/communities/${community}/counter/requests`, body);
    setBusy(false);
    setDone(answer.ok);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) onChanged();
  };
  if (done) return <Status kind="good" title={t('claimed')} />;
  const ways = (['counter', 'video'] as const).map((id) => ({ id, text: t(`how_${id}`) }));
  return (
    <>
      <Field label={t('code')} value={code} onValue={setCode} maxLength={12} code />
      <Pick label={t('how')} value={how} options={ways} onValue={setHow} />
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button busy={busy} onClick={() => void claim()}>
        {t('claim')}
      </Button>
    </>
  );
}

function Reception({ community, onChanged }: PartProps) {
  const [shown, setShown] = useState(EMPTY);
  const [found, setFound] = useState<FoundAnswer>();
  const [problem, setProblem] = useState<string>();
  const find = async () => {
    const answer = await call<FoundAnswer>('POST', `/v1/communities/${community}/counter/persons`, shown);
    setFound(answer.ok ? answer.value : undefined);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  return (
    <>
      {PARTS.map((part) => (
        <Field
          key={part}
          label={t(part)}
          value={shown[part]}
          onValue={(value) => setShown({ ...shown, [part]: value })}
        />
      ))}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button onClick={() => void find()}>{t('find')}</Button>
      {found !== undefined && (
        <div class="sheet" key={found.person}>
          <p>{t('found', { name: found.name, places: found.units.join('、') })}</p>
          <Claim community={community} person={found.person} onChanged={onChanged} />
          <CounterKeys community={community} keys={found.keys} onChanged={onChanged} />
        </div>
      )}
    </>
  );
}

function Waiting({ requests }: WaitingProps) {
  if (requests.length === 0) return <p class="soft">{t('none')}</p>;
  return (
    <ul class="plain-list">
      {requests.map(({ request, name, units, state, binding }) => (
        <li key={request} class="sheet">
          <p>{t('found', { name, places: units.join('、') })}</p>
          <p>
            <span class="tag">{t(`state_${state}`)}</span>
          </p>
          <p class="mono">
            {hexGroups(toBase64Url(bindHash(fromBase64Url(binding) ?? new Uint8Array()))).join(' ')}
          </p>
        </li>
      ))}
    </ul>
  );
}
type WaitingProps = { readonly requests: RequestsAnswer['requests'] };

export type CounterSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  /** Changes when something was signed elsewhere on the page. */
  readonly round: number;
  readonly onChanged: () => void;
};

export function CounterSection({ community, officer, round, onChanged }: CounterSectionProps) {
  const [requests, setRequests] = useState<RequestsAnswer['requests']>([]);
  const maySee = SIGNERS.includes(officer.role);
  const load = async () => {
    const answer = await call<RequestsAnswer>('GET', `/v1/communities/${community}/counter/requests`);
    if (answer.ok) setRequests(answer.value.requests);
  };
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (maySee) void load();
  }, [community, maySee, round]);
  if (!maySee) return null;
  return (
    <section>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {RECEIVERS.includes(officer.role) && <Reception community={community} onChanged={onChanged} />}
      <h3>{t('waiting')}</h3>
      <Waiting requests={requests} />
      <Button kind="quiet" onClick={onChanged}>
        {t('refresh')}
      </Button>
    </section>
  );
}
