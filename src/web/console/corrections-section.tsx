/** Corrections of a frozen roll: one drafts them here by unit, ground and document, and sees what became of each (SPEC 4.4). */
import { useEffect, useState } from 'preact/hooks';
import type { MeetingListAnswer } from '../../assembly/contract.ts';
import type { CorrectionsAnswer } from '../../ballot/roll-contract.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { CORRECTION_GROUNDS } from '../../record/correction.ts';
import type { UnitsAnswer } from '../../registry/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { unitWords } from '../kit/unit-words.ts';
import { correctionLine } from './correction-line.ts';
import { t } from './corrections-words.ts';

/** Roles one of which drafts a correction. */
const DRAFTERS: readonly string[] = ['committee', 'street', 'regulator'];
const STATES: readonly string[] = ['noticed', 'armed', 'open', 'paused'];

type FormProps = {
  readonly path: string;
  readonly units: UnitsAnswer['units'];
  readonly onDrafted: () => void;
};

function CorrectionForm({ path, units, onDrafted }: FormProps) {
  const [chosen, setUnit] = useState('');
  const [ground, setGround] = useState('sale');
  const [reference, setReference] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const unit = chosen === '' ? (units[0]?.unit ?? '') : chosen;
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    const body = { unit, ground, reference: reference.trim().replace(/\s+/g, ' ') };
    const answer = await call('POST', path, body, toBase64Url(draw(16)));
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setReference('');
    onDrafted();
  };
  return (
    <>
      <Pick
        label={t('unit')}
        value={unit}
        options={units.map((each) => ({ id: each.unit, text: unitWords(each) }))}
        onValue={setUnit}
      />
      <Pick
        label={t('ground')}
        value={ground}
        options={CORRECTION_GROUNDS.map((id) => ({ id, text: t(`ground_${id}`) }))}
        onValue={setGround}
      />
      <Field
        label={t('reference')}
        hint={t('referenceHint')}
        value={reference}
        onValue={setReference}
        maxLength={200}
        error={problem}
      />
      <Button busy={busy} disabled={unit === '' || reference.trim().length < 4} onClick={() => void send()}>
        {t('draft')}
      </Button>
    </>
  );
}

export type CorrectionsSectionProps = {
  readonly community: string;
  readonly meetings: readonly MeetingListAnswer['meetings'][number][];
  readonly officer: OfficerAnswer;
  readonly round: number;
  readonly onChanged: () => void;
};

export function CorrectionsSection({
  community,
  meetings,
  officer,
  round,
  onChanged,
}: CorrectionsSectionProps) {
  const current = meetings.filter(({ state }) => STATES.includes(state));
  const [chosen, setMeeting] = useState('');
  const [corrections, setCorrections] = useState<CorrectionsAnswer['corrections']>([]);
  const [units, setUnits] = useState<UnitsAnswer['units']>([]);
  const [problem, setProblem] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  const mayDraft = DRAFTERS.includes(officer.role);
  const meeting = chosen === '' ? (current[0]?.meeting ?? '') : chosen;
  const path = `/v1/meetings/${meeting}/roll/corrections`;
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (!mayDraft || meeting === '') return;
    void call<CorrectionsAnswer>('GET', path).then((answer) =>
      answer.ok ? setCorrections(answer.value.corrections) : setProblem(answer.problem.sentence),
    );
    void call<UnitsAnswer>('GET', `/v1/communities/${community}/units`).then(
      (answer) => answer.ok && setUnits(answer.value.units),
    );
  }, [community, meeting, path, mayDraft, round]);
  if (!mayDraft) return null;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t(meeting === '' ? 'noMeeting' : 'lead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isDrafted && <Status kind="good" title={t('drafted')} />}
      {current.length > 1 && (
        <Pick
          label={t('meeting')}
          value={meeting}
          options={current.map((each) => ({ id: each.meeting, text: each.title }))}
          onValue={setMeeting}
        />
      )}
      {meeting !== '' && (
        <>
          {corrections.length === 0 && <p class="soft">{t('none')}</p>}
          <ul class="plain-list">
            {corrections.map((each) => (
              <li key={each.correction}>
                <span class="tag">{t(`state_${each.state}`)}</span> {correctionLine(each) ?? t('lineHidden')}
              </li>
            ))}
          </ul>
          <CorrectionForm
            key={meeting}
            path={path}
            units={units}
            onDrafted={() => {
              setDrafted(true);
              onChanged();
            }}
          />
        </>
      )}
    </section>
  );
}
