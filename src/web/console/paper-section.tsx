/** Ballots on paper in the console: an officer finds a paper by its serial, keys it himself, and signs what two keyed alike (SPEC 6.4). */
import { useState } from 'preact/hooks';
import type { PaperSheetAnswer } from '../../ballot/keying-contract.ts';
import type { ActAnswer, OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field, Pick } from '../kit/field.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { readActEntry, signAct } from './action.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import type { KeyedPaper } from './paper-form.tsx';
import { PaperForm } from './paper-form.tsx';
import { definitionIn, readTyped } from './paper-keying.ts';
import { t } from './paper-words.ts';

/** Roles two of which enter a paper. */
const KEYERS: readonly string[] = ['clerk', 'scrutineer', 'street'];

/** Signs the act only where it names the very bytes that this page made. */
function SignPaper({
  keyed,
  officer,
  logVkey,
  onSigned,
}: {
  readonly keyed: KeyedPaper;
  readonly officer: OfficerAnswer;
  readonly logVkey: string;
  readonly onSigned: () => void;
}) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [isSigned, setSigned] = useState(false);
  const sign = async () => {
    setBusy(true);
    const act = await call<ActAnswer>('GET', `/v1/acts/${keyed.act}`);
    const entry = act.ok ? readActEntry(act.value) : undefined;
    const isOwn =
      entry?.ok === true && entry.value.kind === 'paper.accepted' && entry.value.paperHash === keyed.hash;
    const answer = act.ok && isOwn ? await signAct(act.value, officer, logVkey) : undefined;
    setBusy(false);
    if (answer?.ok === true) {
      setSigned(true);
      onSigned();
    } else setProblem(answer?.problem.sentence ?? (act.ok ? t('forged') : act.problem.sentence));
  };
  if (isSigned)
    return (
      <>
        <Status kind="good" title={t('signed')} />
        <p>{t('signedWait')}</p>
      </>
    );
  return (
    <>
      <Status kind="good" title={t(keyed.became === 'equal' ? 'equal' : 'drafted')} />
      <p class="mono">{t('hash', { hash: hexGroups(keyed.hash).join(' ') })}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <Button busy={busy} onClick={() => void sign()}>
        {busy ? t('signing') : t('sign')}
        <span class="visually-hidden">:{t('title')}</span>
      </Button>
    </>
  );
}

export type PaperSectionProps = {
  readonly meetings: readonly ListedMeeting[];
  readonly officer: OfficerAnswer;
  readonly logVkey: string;
  readonly onChanged: () => void;
};

export function PaperSection({ meetings, officer, logVkey, onChanged }: PaperSectionProps) {
  const open = meetings.filter(({ state }) => state === 'open');
  const [picked, setMeeting] = useState('');
  const [serial, setSerial] = useState('');
  const [sheet, setSheet] = useState<PaperSheetAnswer>();
  const [keyed, setKeyed] = useState<KeyedPaper>();
  const [problem, setProblem] = useState<string>();
  if (!KEYERS.includes(officer.role)) return null;
  const meeting = picked === '' ? (open[0]?.meeting ?? '') : picked;
  const definition = sheet === undefined ? undefined : definitionIn(sheet);
  const leave = () => {
    setSheet(undefined);
    setKeyed(undefined);
    setSerial('');
    setProblem(undefined);
  };
  const find = async () => {
    const typed = readTyped(serial);
    if (typed === undefined) return setProblem(t('badSerial'));
    const answer = await call<PaperSheetAnswer>('GET', `/v1/meetings/${meeting}/paper-ballots/${typed}`);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    setKeyed(undefined);
    if (answer.ok) setSheet(answer.value);
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t(meeting === '' ? 'none' : 'lead')}</p>
      {open.length > 1 && sheet === undefined && (
        <Pick
          label={t('meeting')}
          value={meeting}
          options={open.map((each) => ({ id: each.meeting, text: each.title }))}
          onValue={setMeeting}
        />
      )}
      {meeting !== '' && sheet === undefined && (
        <>
          <Field
            code
            label={t('serial')}
            hint={t('serialHint')}
            value={serial}
            error={problem}
            onValue={setSerial}
          />
          <Button onClick={() => void find()}>{t('find')}</Button>
        </>
      )}
      {sheet !== undefined && definition === undefined && <Status kind="stop" title={t('forged')} />}
      {sheet !== undefined && definition !== undefined && keyed === undefined && (
        <PaperForm
          key={sheet.serial}
          meeting={meeting}
          sheet={sheet}
          definition={definition}
          onKeyed={setKeyed}
        />
      )}
      {keyed !== undefined && (
        <SignPaper keyed={keyed} officer={officer} logVkey={logVkey} onSigned={onChanged} />
      )}
      {sheet !== undefined && (
        <Button kind="quiet" onClick={leave}>
          {t('next')}
        </Button>
      )}
    </section>
  );
}
