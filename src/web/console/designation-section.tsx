/** The form by which an officer drafts a designation over a paper that the other holders signed (SPEC 3.6). */
import { useEffect, useState } from 'preact/hooks';
import type { HoldersAnswer } from '../../identity/mandate-contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './designation-words.ts';
import { ScanField } from './scan-field.tsx';

/** Roles one of which drafts over a paper. */
const DRAFTERS: readonly string[] = ['committee', 'street', 'regulator'];
const none = { id: '', text: t('choose') };

type FormProps = { readonly community: string; readonly onDrafted: () => void };

function PaperForm({ community, onDrafted }: FormProps) {
  const base = `/v1/communities/${community}`;
  const [units, setUnits] = useState<UnitsAnswer['units']>([]);
  const [unit, setUnit] = useState('');
  const [holders, setHolders] = useState<HoldersAnswer['holders']>([]);
  const [to, setTo] = useState('');
  const [until, setUntil] = useState('');
  const [file, setFile] = useState('');
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<UnitsAnswer>('GET', `${base}/units`).then(
      (answer) => answer.ok && setUnits(answer.value.units),
    );
  }, [base]);
  const choose = async (chosen: string) => {
    setUnit(chosen);
    setTo('');
    setHolders([]);
    if (chosen === '') return;
    const answer = await call<HoldersAnswer>('GET', `${base}/units/${chosen}/holders`);
    if (answer.ok) setHolders(answer.value.holders);
  };
  const draft = async () => {
    const body = { meeting: '', unit, to, until, file };
    const answer = await call('POST', `${base}/designations`, body);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) onDrafted();
  };
  const isReady = to !== '' && until !== '' && file !== '';
  return (
    <>
      <Pick
        label={t('unit')}
        value={unit}
        options={[none, ...units.map((each) => ({ id: each.unit, text: unitWords(each) }))]}
        onValue={(chosen) => void choose(chosen)}
      />
      {holders.length === 1 && <p class="soft">{t('alone')}</p>}
      {holders.length > 1 && (
        <>
          <p>{t('count', { count: holders.length })}</p>
          <Pick
            label={t('to')}
            value={to}
            options={[none, ...holders.map(({ person, name }) => ({ id: person, text: name }))]}
            onValue={setTo}
          />
        </>
      )}
      <Field type="date" label={t('until')} value={until} onValue={setUntil} />
      <ScanField
        label={t('file')}
        onFile={(scan, isTooLarge) => {
          setFile(scan);
          setProblem(isTooLarge ? t('tooLarge') : undefined);
        }}
      />
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button disabled={!isReady} onClick={() => void draft()}>
        {t('draft')}
      </Button>
    </>
  );
}

export type DesignationSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly onChanged: () => void;
};

export function DesignationSection({ community, officer, onChanged }: DesignationSectionProps) {
  const [drafted, setDrafted] = useState(0);
  if (!DRAFTERS.includes(officer.role)) return null;
  const done = () => {
    setDrafted(drafted + 1);
    onChanged();
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {drafted > 0 && <Status kind="good" title={t('drafted')} />}
      <PaperForm key={drafted} community={community} onDrafted={done} />
    </section>
  );
}
