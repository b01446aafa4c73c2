/** Objections with their texts, the drafting of decisions, and of the voids that follow from them (SPEC 6.7, 8.2). */
import { useEffect, useState } from 'preact/hooks';
import { showInstant } from '../../base/instant.ts';
import { VOID_REASONS } from '../../record/entry.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import type { ObjectionsAnswer, VoidAnswer } from '../../tally/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { LongField, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './objections-words.ts';

type Shown = ObjectionsAnswer['objections'][number];
type FormProps = { readonly path: string; readonly onChanged: (sentence: string) => void };

/** States of a meeting whose objections are looked at. */
const STATES: readonly string[] = ['open', 'paused', 'closing', 'closed', 'counting', 'preliminary'];
const READERS: readonly string[] = ['committee', 'street', 'regulator'];

export const hasObjections = (role: string, state: string): boolean =>
  READERS.includes(role) && STATES.includes(state);

type UnitChoice = { readonly unit: string; readonly place: string };
type DecisionFormProps = FormProps & { readonly choices: readonly UnitChoice[] };

function DecisionForm({ path, choices, onChanged }: DecisionFormProps) {
  const [decision, setDecision] = useState('rejected');
  const [reason, setReason] = useState('');
  const [unit, setUnit] = useState('');
  const [units, setUnits] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const answer = await call('POST', `${path}/decision`, { decision, reason, units });
    if (answer.ok) onChanged(t('drafted'));
    else setProblem(answer.problem.sentence);
  };
  const add = () => {
    if (unit !== '' && !units.includes(unit)) setUnits([...units, unit]);
  };
  const options = [
    { id: 'rejected', text: t('rejected') },
    { id: 'upheld', text: t('upheld') },
  ];
  const placeOf = (id: string) => choices.find((each) => each.unit === id)?.place ?? id;
  return (
    <>
      <Pick label={t('decision')} value={decision} options={options} onValue={setDecision} />
      {decision === 'upheld' && (
        <>
          <Pick
            label={t('condemns')}
            value={unit}
            options={[
              { id: '', text: t('none') },
              ...choices.map((each) => ({ id: each.unit, text: each.place })),
            ]}
            onValue={setUnit}
          />
          <Button kind="quiet" disabled={unit === ''} onClick={add}>
            {t('add')}
          </Button>
          {units.length > 0 && <p>{t('chosen', { place: units.map(placeOf).join('、') })}</p>}
        </>
      )}
      <LongField label={t('reason')} value={reason} onValue={setReason} rows={3} error={problem} />
      <Button disabled={reason.trim() === ''} onClick={() => void send()}>
        {t('decide')}
      </Button>
    </>
  );
}

type VoidFormProps = FormProps & {
  readonly isOpen: boolean;
  readonly condemned: Shown['condemned'];
};

const placeOfUnits = (units: Shown['units']): string => units.map(unitWords).join('、');

function VoidForm({ path, isOpen, condemned, onChanged }: VoidFormProps) {
  const [chosen, setUnit] = useState('');
  const [reason, setReason] = useState('CLAIMED_BY_OWNER');
  const [problem, setProblem] = useState<string>();
  const unit = chosen === '' ? (condemned[0]?.units[0]?.unit ?? '') : chosen;
  const send = async () => {
    const answer = await call<VoidAnswer>('POST', `${path}/voids`, { unit, reason });
    if (!answer.ok) return setProblem(answer.problem.sentence);
    const { acceptedAt, channel } = answer.value;
    const at = timeWords(showInstant(acceptedAt));
    onChanged(t('voidDrafted', { at, channel: t(`channel_${channel as 'paper'}`) }));
  };
  return (
    <>
      <Status kind="warn" title={t('toMend')}>
        <p>{t(isOpen ? 'whileOpen' : 'afterClose')}</p>
      </Status>
      <Pick
        label={t('unit')}
        value={unit}
        options={condemned.map(({ units }) => ({ id: units[0]?.unit ?? '', text: placeOfUnits(units) }))}
        onValue={setUnit}
      />
      <Pick
        label={t('why')}
        value={reason}
        options={VOID_REASONS.map((id) => ({ id, text: t(`reason_${id}`) }))}
        onValue={setReason}
      />
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button kind="danger" disabled={unit === ''} onClick={() => void send()}>
        {t('makeVoid')}
      </Button>
    </>
  );
}

type ObjectionProps = FormProps & {
  readonly one: Shown;
  readonly isOpen: boolean;
  readonly units: UnitsAnswer['units'];
};

function Objection({ one, path, isOpen, units, onChanged }: ObjectionProps) {
  const place = placeOfUnits(one.units);
  const own = one.units.map((each) => ({ unit: each.unit, place: unitWords(each) }));
  const all = units.map((each) => ({ unit: each.unit, place: unitWords(each) }));
  const waiting = one.condemned.filter(({ isSettled }) => !isSettled);
  return (
    <section class="sheet">
      <p>{place === '' ? t('ofNobody') : t('of', { place })}</p>
      <blockquote class="wrap">{one.text}</blockquote>
      {one.decision === '' ? (
        <DecisionForm path={path} choices={isOpen ? own.slice(0, 1) : all} onChanged={onChanged} />
      ) : (
        <p>{t('answer', { decision: t(one.decision), reason: one.reason })}</p>
      )}
      {one.condemned.map(({ hash, units: of, isSettled }) => (
        <p key={hash}>
          {isSettled ? '✓' : '!'} {t(isSettled ? 'settled' : 'waits', { place: placeOfUnits(of) })}
        </p>
      ))}
      {waiting.length > 0 && (
        <VoidForm path={path} isOpen={isOpen} condemned={waiting} onChanged={onChanged} />
      )}
    </section>
  );
}

export type ObjectionsSectionProps = {
  readonly community: string;
  readonly meeting: string;
  readonly state: string;
  readonly round: number;
  readonly onChanged: (sentence: string) => void;
};

export function ObjectionsSection(props: ObjectionsSectionProps) {
  const { community, meeting, state, round, onChanged } = props;
  const [objections, setObjections] = useState<readonly Shown[]>([]);
  const [units, setUnits] = useState<UnitsAnswer['units']>([]);
  const [problem, setProblem] = useState<string>();
  const path = `/v1/meetings/${meeting}/objections`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    void call<ObjectionsAnswer>('GET', path).then((answer) =>
      answer.ok ? setObjections(answer.value.objections) : setProblem(answer.problem.sentence),
    );
  }, [path, state, round]);
  const mustDecide = objections.some(({ decision }) => decision === '');
  useEffect(() => {
    if (!mustDecide) return;
    void call<UnitsAnswer>('GET', `/v1/communities/${community}/units`).then(
      (answer) => answer.ok && setUnits(answer.value.units),
    );
  }, [community, mustDecide]);
  if (problem !== undefined) return <Status kind="warn" title={problem} />;
  return (
    <section>
      <h3>{t('title')}</h3>
      {objections.length === 0 && <p>{t('empty')}</p>}
      {objections.map((one) => (
        <Objection
          key={one.objection}
          one={one}
          path={`${path}/${one.objection}`}
          isOpen={state === 'open'}
          units={units}
          onChanged={onChanged}
        />
      ))}
    </section>
  );
}
