/** An owner without letter and old phone enrols this phone at the counter: he reads a number out, compares, and confirms (SPEC 3.4). */
import { useEffect, useState } from 'preact/hooks';
import type { CounterKeyAnswer } from '../../identity/counter-contract.ts';
import { Button } from '../kit/button.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import type { WaitingKey } from '../owner/counter-key.ts';
import { drawNumber, lookAt, ownBindingHash, signBinding } from '../owner/counter-key.ts';
import { canUsePasskeys } from '../owner/own-passkey.ts';
import { t } from './counter-words.ts';

const LOOK_EVERY_MS = 2000;

/** Two groups of four digits are read out more easily than eight. */
const halves = (code: string): readonly string[] => [code.slice(0, 4), code.slice(4)];

/** What is read out and compared, in boxes. */
const Groups = ({ of }: { readonly of: readonly string[] }) => (
  <ol class="groups">
    {of.map((group, at) => (
      // Fixed places: two groups may be equal.
      <li key={at}>{group}</li>
    ))}
  </ol>
);

type CompareProps = {
  readonly waiting: WaitingKey;
  readonly seen: CounterKeyAnswer;
  readonly onConfirmed: () => void;
  readonly onDiffers: () => void;
};

/** The person whom the officer named, and the groups that stand on his screen too. */
function Compare({ waiting, seen, onConfirmed, onDiffers }: CompareProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const hash = ownBindingHash(waiting, seen.binding);
  if (hash === undefined) return <Status kind="stop" title={t('strange')} />;
  const confirm = async () => {
    setBusy(true);
    const answer = await signBinding(waiting, hash);
    setBusy(false);
    if (answer.ok) onConfirmed();
    else setProblem(answer.problem.sentence);
  };
  return (
    <>
      <p>
        {t('yours')}
        <strong>
          {seen.name} · {seen.units.join('、')}
        </strong>
      </p>
      <p>{t('compare')}</p>
      <Groups of={hexGroups(hash)} />
      {problem !== undefined && <Status kind="warn" title={problem} />}
      <div class="actions">
        <Button busy={busy} onClick={() => void confirm()}>
          {t('confirm')}
        </Button>
        <Button kind="quiet" onClick={onDiffers}>
          {t('differs')}
        </Button>
      </div>
    </>
  );
}

/** Looks again and again, until there is nothing more to wait for. */
function useProgress(waiting: WaitingKey | undefined) {
  const [seen, setSeen] = useState<CounterKeyAnswer>();
  const look = async (own: WaitingKey) => {
    const answer = await lookAt(own);
    if (answer.ok) setSeen(answer.value);
  };
  const isOver = seen?.state === 'bound' || seen?.state === 'ended';
  useEffect(() => {
    if (waiting === undefined || isOver) return;
    const timer = setInterval(() => void look(waiting), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [waiting, isOver]);
  return { seen, look, forget: () => setSeen(undefined) };
}

function Step({
  waiting,
  seen,
  onLook,
  onAgain,
}: {
  readonly waiting: WaitingKey;
  readonly seen: CounterKeyAnswer | undefined;
  readonly onLook: () => void;
  readonly onAgain: () => void;
}) {
  switch (seen?.state) {
    case 'claimed':
      return <Compare waiting={waiting} seen={seen} onConfirmed={onLook} onDiffers={onAgain} />;
    case 'shown':
      return <Status kind="good" title={t('waiting')} />;
    case 'bound':
      return <Status kind="good" title={t('bound')} />;
    case 'ended':
      return (
        <>
          <Status kind="warn" title={t('ended')} />
          <Button onClick={onAgain}>{t('again')}</Button>
        </>
      );
    default:
      return (
        <>
          <h3>{t('number')}</h3>
          <Groups of={halves(waiting.code)} />
          <p>{t('readOut')}</p>
        </>
      );
  }
}

export function CounterEnrolment() {
  const [can, setCan] = useState<boolean>();
  const [waiting, setWaiting] = useState<WaitingKey>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { seen, look, forget } = useProgress(waiting);
  useEffect(() => void canUsePasskeys().then(setCan), []);
  const draw = async () => {
    setBusy(true);
    setProblem(undefined);
    forget();
    const answer = await drawNumber();
    setBusy(false);
    setWaiting(answer.ok ? answer.value : undefined);
    if (!answer.ok) setProblem(answer.problem.sentence);
  };
  const again = () => {
    setWaiting(undefined);
    forget();
  };
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {waiting === undefined && <p>{t('lead')}</p>}
      {can === false && <p>{t('noPasskey')}</p>}
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {waiting !== undefined && (
        <Step waiting={waiting} seen={seen} onLook={() => void look(waiting)} onAgain={again} />
      )}
      {waiting === undefined && can === true && (
        <Button kind="quiet" busy={busy} onClick={() => void draw()}>
          {t('draw')}
        </Button>
      )}
    </section>
  );
}
