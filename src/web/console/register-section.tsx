/** A register file in the console: sent in, checked, corrected, confirmed and drafted for two officers (SPEC 3.1; DESIGN §7 "Register import"). */
import { useEffect, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import type {
  ImportAnswer,
  ImportsAnswer,
  OutcomeAnswer,
  SubmittedAnswer,
} from '../../registry/import-contract.ts';
import { call, sendFile } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field, Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import type { Alike } from './register-outcome.tsx';
import { Buildings, Differences, Findings, Mapping, summaryWords } from './register-outcome.tsx';
import { t } from './register-words.ts';

const POLL_MS = 1_000;
const ROUNDINGS = ['', 'half-up', 'down'] as const;
const ENDED: readonly string[] = ['withdrawn', 'in-force'];

const isUnderWay = (standing: ImportAnswer | undefined): boolean =>
  standing?.state === 'waiting' || standing?.state === 'checking';

type UploadProps = {
  readonly base: string;
  /** Keys of buildings that the operator keeps apart. */
  readonly apart: readonly string[];
  /** Whether the standing check divided the buildings otherwise. */
  readonly isOtherwise: boolean;
  readonly onSent: (importId: string) => void;
};

function Upload({ base, apart, isOtherwise, onSent }: UploadProps) {
  const [file, setFile] = useState<File>();
  const [rounding, setRounding] = useState<string>('');
  const [plan, setPlan] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    if (file === undefined) return;
    setBusy(true);
    const query = new URLSearchParams();
    if (rounding !== '') query.set('rounding', rounding);
    if (apart.length > 0) query.set('apart', apart.join(','));
    if (plan.trim() !== '') query.set('plan', plan.trim());
    const sent = await sendFile<SubmittedAnswer>(`${base}?${query}`, file, toBase64Url(draw(16)));
    setBusy(false);
    setProblem(sent.ok ? undefined : sent.problem.sentence);
    if (sent.ok) onSent(sent.value.import);
  };
  return (
    <>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="field">
        <label for="register-file">{t('file')}</label>
        <input
          id="register-file"
          type="file"
          accept=".xlsx,.csv,.tsv,.txt"
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
        />
      </div>
      <Pick
        label={t('rounding')}
        value={rounding}
        options={ROUNDINGS.map((id) => ({ id, text: t(`rounding_${id}`) }))}
        onValue={setRounding}
      />
      <Field label={t('plan')} hint={t('planHint')} value={plan} maxLength={1000} onValue={setPlan} />
      <div class="actions row">
        <Button busy={isBusy} disabled={file === undefined} onClick={() => void send()}>
          {t(isBusy ? 'uploading' : isOtherwise ? 'apartAgain' : 'upload')}
        </Button>
        <a class="button quiet" href="/v1/registers/template" download>
          {t('template')}
        </a>
      </div>
    </>
  );
}

function Progress({ standing }: { readonly standing: ImportAnswer }) {
  const { state, ahead, rowsRead: rows, rowsTotal: of, percent } = standing;
  const words =
    state === 'waiting'
      ? t('waiting', { ahead })
      : of === 0
        ? t('checkingFile')
        : t('checking', { rows, of, percent });
  return (
    <Status kind="wait" title={words}>
      <progress value={percent} max={100} aria-label={words} />
    </Status>
  );
}

type DraftProps = {
  readonly path: string;
  readonly outcome: OutcomeAnswer;
  readonly onDone: () => void;
};

function Draft({ path, outcome, onDone }: DraftProps) {
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  const draft = async () => {
    const drafted = await call('POST', `${path}/draft`, { confirmed: ticked }, toBase64Url(draw(16)));
    setProblem(drafted.ok ? undefined : drafted.problem.sentence);
    if (drafted.ok) onDone();
  };
  const wanted = outcome.groups.filter(({ code }) => outcome.wantsTick.includes(code));
  return (
    <>
      {wanted.length > 0 && (
        <fieldset>
          <legend>{t('ticks')}</legend>
          {wanted.map(({ code, title, count }) => (
            <p key={code}>
              <label>
                <input
                  type="checkbox"
                  checked={ticked.includes(code)}
                  onChange={({ currentTarget: { checked } }) =>
                    setTicked(checked ? [...ticked, code] : ticked.filter((each) => each !== code))
                  }
                />{' '}
                {t('tick', { title, count })}
              </label>
            </p>
          ))}
        </fieldset>
      )}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        <Button disabled={ticked.length < wanted.length} onClick={() => void draft()}>
          {t('draft')}
        </Button>
      </div>
    </>
  );
}

type OutcomeProps = {
  readonly path: string;
  readonly standing: ImportAnswer;
  readonly isSender: boolean;
  readonly decided: readonly Alike[];
  readonly onDecided: (decided: readonly Alike[]) => void;
  readonly onDone: () => void;
};

function Outcome({ path, standing, isSender, decided, onDecided, onDone }: OutcomeProps) {
  const { state, outcome } = standing;
  const kind = state === 'refused' || state === 'failed' ? 'stop' : 'good';
  const holdsFile = state === 'refused' || state === 'checked';
  const abandon = () => void call('POST', `${path}/withdrawal`, {}).then(onDone);
  return (
    <>
      <Status kind={kind} title={t(state)}>
        {outcome !== null && <p>{summaryWords(outcome.summary)}</p>}
      </Status>
      {outcome !== null && (
        <>
          <Findings groups={outcome.groups} />
          {holdsFile && isSender && outcome.view !== null && outcome.groups.length > 0 && (
            <p>
              <a class="button quiet" href={`${path}/annotated`} download>
                {t('annotated')}
              </a>{' '}
              <small>{t('annotatedHint')}</small>
            </p>
          )}
          {outcome.view !== null && (
            <>
              <Mapping view={outcome.view} />
              <Buildings view={outcome.view} decided={decided} onDecided={onDecided} />
            </>
          )}
          {outcome.differences !== null && <Differences differences={outcome.differences} />}
          {state === 'checked' && <Draft path={path} outcome={outcome} onDone={onDone} />}
        </>
      )}
      {holdsFile && (
        <Button kind="quiet" onClick={abandon}>
          {t('abandon')}
        </Button>
      )}
    </>
  );
}

export type RegisterProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly onChanged: () => void;
};

/** The standing of the import that is looked at: one just sent in, or the officer's latest that has not ended. */
function useStanding(base: string, officer: string) {
  const [importId, setImportId] = useState<string>();
  const [standing, setStanding] = useState<ImportAnswer>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    void call<ImportsAnswer>('GET', base).then((found) => {
      const mine = (found.ok ? found.value.imports : []).find(
        (each) => each.officer === officer && !ENDED.includes(each.state),
      );
      setImportId((now) => now ?? mine?.import);
    });
  }, [base, officer]);
  // `round` is a signal, not a value that is read.
  useEffect(() => {
    if (importId === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const look = async (): Promise<void> => {
      const found = await call<ImportAnswer>('GET', `${base}/${importId}`);
      if (isGone) return;
      if (found.ok) setStanding(found.value);
      if (!found.ok || isUnderWay(found.value)) timer = setTimeout(() => void look(), POLL_MS);
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [base, importId, round]);
  return { standing, follow: setImportId, again: () => setRound((old) => old + 1) };
}

export function RegisterSection({ community, officer, onChanged }: RegisterProps) {
  const base = `/v1/communities/${community}/imports`;
  const { standing, follow, again } = useStanding(base, officer.officer);
  const [decided, setDecided] = useState<readonly Alike[]>([]);
  const apart = decided.flatMap(({ key, isApart }) => (isApart ? [key] : []));
  const checkedApart = standing?.settings.apart ?? [];
  const isOtherwise =
    apart.length !== checkedApart.length || apart.some((key) => !checkedApart.includes(key));
  const changed = () => {
    again();
    onChanged();
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      <Upload
        base={base}
        apart={apart}
        isOtherwise={standing?.outcome != null && isOtherwise}
        onSent={follow}
      />
      {standing !== undefined && isUnderWay(standing) && <Progress standing={standing} />}
      {standing !== undefined && !isUnderWay(standing) && (
        <Outcome
          key={standing.import}
          path={`${base}/${standing.import}`}
          standing={standing}
          isSender={standing.officer === officer.officer}
          decided={decided}
          onDecided={setDecided}
          onDone={changed}
        />
      )}
    </section>
  );
}
