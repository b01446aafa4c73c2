/** The form by which an officer drafts a mandate over a paper that he has seen (SPEC 3.6). */
import { useState } from 'preact/hooks';
import type { AgentAnswer, HoldersAnswer } from '../../identity/mandate-contract.ts';
import { BASES } from '../../record/mandate.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, Pick } from '../kit/field.tsx';
import { basisWords } from '../kit/mandate-words.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './mandate-words.ts';
import { ScanField } from './scan-field.tsx';

type Holder = HoldersAnswer['holders'][number];

type PrincipalProps = {
  readonly community: string;
  readonly units: UnitsAnswer['units'];
  readonly onHolder: (holder: Holder | undefined) => void;
};

/** Unit first, then one of those who hold it. */
function PrincipalFields({ community, units, onHolder }: PrincipalProps) {
  const [unit, setUnit] = useState('');
  const [person, setPerson] = useState('');
  const [holders, setHolders] = useState<readonly Holder[]>([]);
  const choose = async (chosen: string) => {
    setUnit(chosen);
    setPerson('');
    onHolder(undefined);
    const path = `/v1/communities/${community}/units/${chosen}/holders`;
    const answer = chosen === '' ? undefined : await call<HoldersAnswer>('GET', path);
    setHolders(answer?.ok === true ? answer.value.holders : []);
  };
  const pick = (chosen: string) => {
    setPerson(chosen);
    onHolder(holders.find((each) => each.person === chosen));
  };
  const none = { id: '', text: t('choose') };
  const holder = holders.find((each) => each.person === person);
  return (
    <>
      <Pick
        label={t('unit')}
        value={unit}
        options={[none, ...units.map((each) => ({ id: each.unit, text: unitWords(each) }))]}
        onValue={(chosen) => void choose(chosen)}
      />
      <Pick
        label={t('principal')}
        value={person}
        options={[none, ...holders.map((each) => ({ id: each.person, text: each.name }))]}
        onValue={pick}
      />
      {holder !== undefined && <p class="soft">{t('principalUnits', { count: holder.units.length })}</p>}
    </>
  );
}

function AgentFields({
  community,
  onAgent,
}: {
  readonly community: string;
  readonly onAgent: (agent: AgentAnswer | undefined) => void;
}) {
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [found, setFound] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const find = async () => {
    const answer = await call<AgentAnswer>('POST', `/v1/communities/${community}/agents`, { number, name });
    setFound(answer.ok ? answer.value.name : undefined);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    onAgent(answer.ok ? answer.value : undefined);
  };
  return (
    <>
      <Field label={t('agentNumber')} value={number} onValue={setNumber} />
      <Field label={t('agentName')} value={name} error={problem} onValue={setName} />
      <Button kind="quiet" disabled={number === '' || name === ''} onClick={() => void find()}>
        {t('agentFind')}
      </Button>
      {found !== undefined && <p class="answer">✓ {t('agentFound', { name: found })}</p>}
    </>
  );
}

export type MandatePaperProps = {
  readonly community: string;
  readonly units: UnitsAnswer['units'];
  readonly onDrafted: () => void;
};

export function MandatePaper({ community, units, onDrafted }: MandatePaperProps) {
  const [holder, setHolder] = useState<Holder>();
  const [agent, setAgent] = useState<AgentAnswer>();
  const [basis, setBasis] = useState<string>(BASES[0]);
  const [until, setUntil] = useState('');
  const [file, setFile] = useState('');
  const [problem, setProblem] = useState<string>();
  const draft = async () => {
    const body = {
      meeting: '',
      basis,
      principal: holder?.person,
      agent: agent?.person,
      units: holder?.units,
      proposals: [],
      until,
      file,
    };
    const answer = await call('POST', `/v1/communities/${community}/mandates`, body);
    if (answer.ok) onDrafted();
    else setProblem(answer.problem.sentence);
  };
  const isReady = holder !== undefined && agent !== undefined && until !== '' && file !== '';
  return (
    <>
      <h3>{t('add')}</h3>
      <PrincipalFields community={community} units={units} onHolder={setHolder} />
      <Pick
        label={t('basis')}
        value={basis}
        options={BASES.map((id) => ({ id, text: basisWords(id) }))}
        onValue={setBasis}
      />
      <AgentFields community={community} onAgent={setAgent} />
      <Field type="date" label={t('until')} value={until} error={problem} onValue={setUntil} />
      <ScanField
        label={t('file')}
        onFile={(scan, isTooLarge) => {
          setFile(scan);
          setProblem(isTooLarge ? t('tooLarge') : undefined);
        }}
      />
      <Button disabled={!isReady} onClick={() => void draft()}>
        {t('draft')}
      </Button>
    </>
  );
}
