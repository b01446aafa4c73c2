/** Mandates of a community: those that stand, a paper to enter, and the street office's list of who may be no agent (SPEC 3.6). */
import { useEffect, useState } from 'preact/hooks';
import type { MandatesAnswer } from '../../identity/mandate-contract.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import type { ShownMandate } from '../kit/mandate-words.ts';
import { mandateWords } from '../kit/mandate-words.ts';
import { Status } from '../kit/status.tsx';
import { MandatePaper } from './mandate-paper.tsx';
import { t } from './mandate-words.ts';

/** Roles one of which drafts a mandate over a paper. */
const DRAFTERS: readonly string[] = ['committee', 'street', 'regulator'];

function StaffList({ community }: { readonly community: string }) {
  const [number, setNumber] = useState('');
  const [told, setTold] = useState<string>();
  const set = async (isStaff: boolean) => {
    const answer = await call('POST', `/v1/communities/${community}/property-staff`, { number, isStaff });
    setTold(answer.ok ? t('staffDone') : answer.problem.sentence);
    if (answer.ok) setNumber('');
  };
  return (
    <>
      <h3>{t('staff')}</h3>
      <p>{t('staffLead')}</p>
      {told !== undefined && <Status kind="wait" title={told} />}
      <Field label={t('staffNumber')} value={number} onValue={setNumber} />
      <div class="actions row">
        <Button kind="quiet" disabled={number === ''} onClick={() => void set(true)}>
          {t('staffList')}
        </Button>
        <Button kind="quiet" disabled={number === ''} onClick={() => void set(false)}>
          {t('staffUnlist')}
        </Button>
      </div>
    </>
  );
}

export type MandateSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

export function MandateSection({ community, officer, round, onChanged }: MandateSectionProps) {
  const [mandates, setMandates] = useState<readonly ShownMandate[]>([]);
  const [units, setUnits] = useState<UnitsAnswer['units']>([]);
  const [told, setTold] = useState<string>();
  const mayDraft = DRAFTERS.includes(officer.role);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!mayDraft) return;
    const base = `/v1/communities/${community}`;
    void call<MandatesAnswer>('GET', `${base}/mandates`).then((answer) =>
      answer.ok ? setMandates(answer.value.mandates) : setTold(answer.problem.sentence),
    );
    void call<UnitsAnswer>('GET', `${base}/units`).then(
      (answer) => answer.ok && setUnits(answer.value.units),
    );
  }, [community, mayDraft, round]);
  if (!mayDraft) return null;
  const tell = (sentence: string) => {
    setTold(sentence);
    onChanged();
  };
  const end = async ({ mandate }: ShownMandate) => {
    const answer = await call('POST', `/v1/communities/${community}/mandates/${mandate}/end`);
    tell(answer.ok ? t('endDrafted') : answer.problem.sentence);
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {told !== undefined && <Status kind="wait" title={told} />}
      {mandates.length === 0 && <p class="soft">{t('none')}</p>}
      <ul class="plain-list">
        {mandates.map((shown) => (
          <li key={shown.mandate}>
            {mandateWords(shown)}
            {shown.state === 'in-force' && (
              <Button kind="quiet" onClick={() => void end(shown)}>
                {t('end')}
                <span class="visually-hidden">:{shown.principalName}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <MandatePaper
        key={mandates.length}
        community={community}
        units={units}
        onDrafted={() => tell(t('drafted'))}
      />
      {officer.role === 'street' && <StaffList community={community} />}
    </section>
  );
}
