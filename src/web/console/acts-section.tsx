/** Open acts with what they say and a button to sign; done ones below (SPEC 2.3, 2.4). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url, fromUtf8 } from '../../base/bytes.ts';
import type { ActAnswer, OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { entryFacts, entryWords, roleWords } from './act-words.ts';
import { newestCheckpoint, readActEntry, signAct } from './action.ts';
import { t as paperWord } from './paper-words.ts';
import { t as rollWord } from './roll-words.ts';
import { SignCheckView } from './sign-checks.tsx';
import { WithdrawDialog } from './withdraw-dialog.tsx';
import { t as withdrawWord } from './withdraw-words.ts';
import { t } from './words.ts';

const stateWords = (act: ActAnswer): string =>
  act.state === 'refused' ? t('actState_refused', { code: act.refusal }) : t(`actState_${act.state}`);

const missingWords = (act: ActAnswer): string =>
  act.missing.map((roles) => roles.map(roleWords).join('、')).join(t('or'));

/** Whether this officer can still sign. */
const canSign = (act: ActAnswer, officer: OfficerAnswer): boolean =>
  act.state === 'open' &&
  // Who did not key the paper himself could not bring the act into force (SPEC 6.4).
  act.kind !== 'paper.accepted' &&
  act.missing.some((roles) => roles.includes(officer.role)) &&
  !act.signatures.some((each) => each.officer === officer.officer);

type ActProps = {
  readonly act: ActAnswer;
  readonly officer: OfficerAnswer;
  readonly onSign: (act: ActAnswer) => void;
  readonly onWithdraw: (act: ActAnswer) => void;
};

function ActSheet({ act, officer, onSign, onWithdraw }: ActProps) {
  const entry = readActEntry(act);
  return (
    <li class="sheet">
      <h3>{entry.ok ? entryWords(entry.value) : t('actUnreadable')}</h3>
      <p>
        <span class="tag">{stateWords(act)}</span>
      </p>
      {act.signatures.length > 0 && (
        <p>
          {t('signedBy', {
            names: act.signatures.map(({ name, role }) => `${name}(${roleWords(role)})`).join('、'),
          })}
        </p>
      )}
      {act.missing.length > 0 && <p>{t('missing', { roles: missingWords(act) })}</p>}
      {act.kind === 'paper.accepted' && act.state === 'open' && <p>{paperWord('actHint')}</p>}
      {entry.ok && canSign(act, officer) && (
        <Button onClick={() => onSign(act)}>
          {t('sign')}
          <span class="visually-hidden">:{entryWords(entry.value)}</span>
        </Button>
      )}
      {act.mayWithdraw === true && (
        <Button kind="quiet" onClick={() => onWithdraw(act)}>
          {withdrawWord('withdraw')}
          <span class="visually-hidden">:{entry.ok ? entryWords(entry.value) : act.act}</span>
        </Button>
      )}
    </li>
  );
}

type SignDialogProps = {
  readonly act: ActAnswer | undefined;
  readonly officer: OfficerAnswer;
  readonly logVkey: string;
  readonly onClose: () => void;
  readonly onSigned: () => void;
};

function SignDialog({ act, officer, logVkey, onClose, onSigned }: SignDialogProps) {
  const [size, setSize] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** The act whose bytes were compared. */
  const [checked, setChecked] = useState<string>();
  useEffect(() => {
    setProblem(undefined);
    setSize(undefined);
    if (act === undefined) return;
    void newestCheckpoint(logVkey).then((found) =>
      found.ok ? setSize(found.value.size) : setProblem(found.problem.sentence),
    );
  }, [act, logVkey]);
  const sign = async (asked: ActAnswer) => {
    setBusy(true);
    const answer = await signAct(asked, officer, logVkey);
    setBusy(false);
    if (answer.ok) onSigned();
    else setProblem(answer.problem.sentence);
  };
  const entry = act === undefined ? undefined : readActEntry(act);
  return (
    <Dialog
      title={entry?.ok === true ? entryWords(entry.value) : t('sign')}
      open={act !== undefined}
      onClose={onClose}
    >
      {act !== undefined && entry?.ok === true && (
        <>
          {entryFacts(entry.value).map((line) => (
            <p key={line}>{line}</p>
          ))}
          <SignCheckView
            key={act.act}
            act={act}
            entry={entry.value}
            onChecked={(isChecked) => setChecked(isChecked ? act.act : undefined)}
          />
          {act.details['unanswered'] !== undefined && (
            <Status kind="warn" title={rollWord('unanswered', { reason: act.details['unanswered'] })} />
          )}
          {size !== undefined && <p>{t('signLead', { size })}</p>}
          <p class="soft">
            {t('subject')}:<span class="mono">{hexGroups(act.subject).join(' ')}</span>
          </p>
          <details>
            <summary>{t('bytesTitle')}</summary>
            <p class="mono">{fromUtf8(fromBase64Url(act.entry) ?? new Uint8Array())}</p>
          </details>
        </>
      )}
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions">
        <Button
          busy={busy}
          disabled={size === undefined || entry?.ok !== true || checked !== act?.act}
          onClick={() => act !== undefined && void sign(act)}
        >
          {busy ? t('signing') : t('sign')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
    </Dialog>
  );
}

export type ActsSectionProps = {
  readonly community: string;
  readonly officer: OfficerAnswer;
  readonly logVkey: string;
  /** Changes when something was drafted elsewhere on the page. */
  readonly round: number;
  readonly onChanged: () => void;
};

export function ActsSection({ community, officer, logVkey, round, onChanged }: ActsSectionProps) {
  const [acts, setActs] = useState<readonly ActAnswer[]>([]);
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState<ActAnswer>();
  const [withdrawn, setWithdrawn] = useState<ActAnswer>();
  const load = async () => {
    const answer = await call<{ readonly acts: readonly ActAnswer[] }>(
      'GET',
      `/v1/acts?community=${community}`,
    );
    if (answer.ok) setActs(answer.value.acts);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  // `round` is a signal, not a value that is read.
  useEffect(() => void load(), [community, round]);
  const open = acts.filter(({ state }) => state === 'open' || state === 'signed');
  const past = acts.filter(({ state }) => state !== 'open' && state !== 'signed');
  const list = (some: readonly ActAnswer[]) => (
    <ul class="plain-list">
      {some.map((act) => (
        <ActSheet key={act.act} act={act} officer={officer} onSign={setAsked} onWithdraw={setWithdrawn} />
      ))}
    </ul>
  );
  return (
    <section>
      <h2>{t(community === '' ? 'actsGeneral' : 'acts')}</h2>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {open.length === 0 ? <p class="soft">{t('noActs')}</p> : list(open)}
      {past.length > 0 && (
        <details>
          <summary>{t('pastActs')}</summary>
          {list(past)}
        </details>
      )}
      <SignDialog
        act={asked}
        officer={officer}
        logVkey={logVkey}
        onClose={() => setAsked(undefined)}
        onSigned={() => {
          setAsked(undefined);
          void load();
          onChanged();
        }}
      />
      <WithdrawDialog
        act={withdrawn}
        onClose={() => setWithdrawn(undefined)}
        onWithdrawn={() => {
          setWithdrawn(undefined);
          void load();
          onChanged();
        }}
      />
    </section>
  );
}
