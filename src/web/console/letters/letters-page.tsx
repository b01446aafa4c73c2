/** A registrar makes letters in the page and prints them there; a second officer sits beside him (SPEC 3.2). */
import { useEffect, useState } from 'preact/hooks';
import { civilDateAt } from '../../../base/civil-date.ts';
import { parseInstant } from '../../../base/instant.ts';
import type { OfficerAnswer } from '../../../officers/contract.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { Field, LongField, Pick } from '../../kit/field.tsx';
import { Status } from '../../kit/status.tsx';
import type { Batch, Wish } from './making.ts';
import { forgetCodes, makeBatch, sendBatch } from './making.ts';
import { canPrint } from './print-root.tsx';
import { Printing } from './printing.tsx';
import { t } from './words.ts';

type FormProps = {
  readonly community: string;
  readonly now: string;
  readonly onMade: (batch: Batch) => void;
};

const KINDS = [
  { id: 'issue', text: t('kindIssue') },
  { id: 'reissue', text: t('kindReissue') },
];

function MakingForm({ community, now, onMade }: FormProps) {
  const [file, setFile] = useState<File>();
  const [until, setUntil] = useState('');
  const [helpLine, setHelpLine] = useState('');
  const [kind, setKind] = useState('issue');
  const [persons, setPersons] = useState('');
  const [reason, setReason] = useState('');
  const [told, setTold] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const named = persons.split(/\s+/).filter((person) => person !== '');
  const isReissue = kind === 'reissue';
  const isWhole = file !== undefined && (!isReissue || (named.length > 0 && reason.trim() !== ''));
  const make = async (chosen: File) => {
    if (!canPrint()) return setProblem(t('oldBrowser'));
    setProblem(undefined);
    setTold(t('reading'));
    const wish: Wish = {
      community,
      file: chosen,
      today: civilDateAt(parseInstant(now) ?? Date.now()),
      until,
      helpLine: helpLine.trim(),
      ...(isReissue ? { reissue: { persons: named, reason } } : {}),
    };
    const made = await makeBatch(wish, setTold);
    setTold(undefined);
    if (made.ok) onMade(made.value);
    else setProblem(made.problem.sentence);
  };
  return (
    <section class="sheet">
      <div class="field">
        <label for="register-file">{t('file')}</label>
        <p class="hint" id="register-file-hint">
          {t('fileHint')}
        </p>
        <input
          id="register-file"
          type="file"
          accept=".xlsx,.csv"
          aria-describedby="register-file-hint"
          onChange={(event) => setFile(event.currentTarget.files?.[0])}
        />
      </div>
      <Field type="date" label={t('until')} value={until} onValue={setUntil} />
      <Field label={t('helpLine')} value={helpLine} onValue={setHelpLine} maxLength={40} />
      <Pick label={t('kind')} value={kind} options={KINDS} onValue={setKind} />
      {isReissue && (
        <>
          <LongField
            label={t('persons')}
            hint={t('personsHint')}
            value={persons}
            onValue={setPersons}
            rows={3}
          />
          <LongField label={t('reason')} hint={t('reasonHint')} value={reason} onValue={setReason} rows={2} />
        </>
      )}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {told !== undefined && <Status kind="wait" title={told} />}
      <Button
        busy={told !== undefined}
        disabled={!isWhole}
        onClick={() => file !== undefined && void make(file)}
      >
        {t('make')}
      </Button>
    </section>
  );
}

/** From the making to the clearing: whoever leaves before is asked whether he means it. */
type MadeBatchProps = {
  readonly batch: Batch;
  readonly onDone: () => void;
  readonly onDropped: () => void;
};

function MadeBatch({ batch, onDone, onDropped }: MadeBatchProps) {
  const [isSent, setSent] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(true);
  const send = async () => {
    setBusy(true);
    const answer = await sendBatch(batch);
    setBusy(false);
    setSent(answer.ok);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      // Older browsers ask only so.
      event.returnValue = true;
    };
    addEventListener('beforeunload', ask);
    void send();
    return () => removeEventListener('beforeunload', ask);
  }, [batch]);
  if (isSent) return <Printing batch={batch} onDone={onDone} />;
  return (
    <>
      {busy && <Status kind="wait" title={t('sending')} />}
      {problem !== undefined && (
        <Status kind="stop" title={problem}>
          <p>{t('notSent')}</p>
        </Status>
      )}
      <div class="actions row">
        <Button busy={busy} onClick={() => void send()}>
          {t('sendAgain')}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={onDropped}>
          {t('drop')}
        </Button>
      </div>
    </>
  );
}

const Leading = () => (
  <>
    <p>{t('lead')}</p>
    <p>
      <strong>{t('witness')}</strong>
    </p>
    <p class="soft">{t('trust')}</p>
  </>
);

export function LettersPage({ now }: { readonly now: string }) {
  const [officer, setOfficer] = useState<OfficerAnswer | 'nobody'>();
  const [batch, setBatch] = useState<Batch>();
  const [isCleared, setCleared] = useState(false);
  useEffect(() => {
    void call<OfficerAnswer>('GET', '/v1/officers/me').then((answer) =>
      setOfficer(answer.ok ? answer.value : 'nobody'),
    );
  }, []);
  const toConsole = (
    <p>
      <a href="/console">{t('toConsole')}</a>
    </p>
  );
  const forget = (made: Batch, isPrinted: boolean) => {
    forgetCodes(made);
    setBatch(undefined);
    setCleared(isPrinted);
  };
  if (officer === undefined) return <h1>{t('title')}</h1>;
  const mayMake = officer !== 'nobody' && officer.role === 'registrar' && officer.community !== '';
  return (
    <>
      <h1>{t('title')}</h1>
      {!mayMake && <Status kind="stop" title={t(officer === 'nobody' ? 'signIn' : 'notRegistrar')} />}
      {!mayMake && toConsole}
      {isCleared && (
        <Status kind="good" title={t('cleared')}>
          <p>{t('clearedNote')}</p>
          {toConsole}
        </Status>
      )}
      {mayMake && batch === undefined && !isCleared && <Leading />}
      {mayMake && batch === undefined && !isCleared && (
        <MakingForm community={officer.community} now={now} onMade={setBatch} />
      )}
      {batch !== undefined && (
        <MadeBatch batch={batch} onDone={() => forget(batch, true)} onDropped={() => forget(batch, false)} />
      )}
    </>
  );
}
