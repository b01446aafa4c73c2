/** What an owner may vote with: his keys, since when and when last used, each taken back here, all at once where a phone is lost (SPEC 3.4). */
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import { showInstant } from '../../base/instant.ts';
import type { keysAnswer } from '../../identity/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { takeBack } from '../owner/binding.ts';
import { dropKey } from '../owner/kept-keys.ts';
import { OwnKeyOffer } from '../owner/passkey-offers.tsx';
import { t } from './keys-words.ts';
import type { SectionProps } from './section-props.ts';

type Keys = z.infer<typeof keysAnswer>;
type Key = Keys['credentials'][number];

const at = (instant: number): string => timeWords(showInstant(instant));

function useKeys() {
  const [keys, setKeys] = useState<readonly Key[]>([]);
  const [problem, setProblem] = useState<string>();
  const load = async () => {
    const answer = await call<Keys>('GET', '/v1/identity/credentials');
    if (answer.ok) setKeys(answer.value.credentials);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), []);
  return { keys, load, problem, setProblem };
}

type KeyLineProps = {
  readonly of: Key;
  readonly isThis: boolean;
  /** Whether who is signed in may take it back. */
  readonly mayEnd: boolean;
  readonly onEnd: () => void;
  /** Undefined where only the letter or the counter may. */
  readonly onUnlock: (() => void) | undefined;
};

function KeyLine({ of, isThis, mayEnd, onEnd, onUnlock }: KeyLineProps) {
  return (
    <li>
      <strong>{t(`kind_${of.kind}`)}</strong>
      {isThis && <p>{t('thisOne')}</p>}
      <p class="soft">
        {of.boundAt > 0 && `${t('since', { on: at(of.boundAt) })} · `}
        {of.lastUsedAt > 0 ? t('lastUsed', { at: at(of.lastUsedAt) }) : t('neverUsed')}
      </p>
      {of.pin === 'locked' && <Status kind="warn" title={t('pinLocked')} />}
      {of.pin === 'locked' && onUnlock !== undefined && (
        <Button kind="quiet" onClick={onUnlock}>
          {t('unlock')}
        </Button>
      )}
      {of.kind !== 'letter' &&
        (mayEnd ? (
          <Button kind="quiet" onClick={onEnd}>
            {t('takeBack')}
            <span class="visually-hidden">:{t(`kind_${of.kind}`)}</span>
          </Button>
        ) : (
          <p class="soft">{t('notMine')}</p>
        ))}
    </li>
  );
}

export function KeysSection({ owner, votingKey }: Pick<SectionProps, 'owner' | 'votingKey'>) {
  const { keys, load, problem, setProblem } = useKeys();
  const [asked, setAsked] = useState<{ readonly ends: readonly Key[]; readonly isLost: boolean }>();
  const [busy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const byLetter = votingKey.letterSeed !== undefined;
  const inForce = keys.filter((each) => each.inForce);
  const bound = inForce.filter((each) => each.kind !== 'letter');

  const end = async () => {
    setBusy(true);
    setProblem(undefined);
    for (const { credential } of asked?.ends ?? []) {
      const answer = await takeBack(votingKey, owner.community, credential);
      if (answer.ok) await dropKey(credential);
      else setProblem(answer.problem.sentence);
    }
    await load();
    setBusy(false);
    setDone(asked?.isLost === true);
    setAsked(undefined);
  };
  const unlock = async ({ credential }: Key) => {
    const answer = await call('POST', `/v1/identity/key-shares/${credential}/unlocking`);
    if (!answer.ok) setProblem(answer.problem.sentence);
    await load();
  };

  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      <ul class="plain-list">
        {inForce.map((each) => (
          <KeyLine
            key={each.credential}
            of={each}
            isThis={each.credential === owner.credential}
            mayEnd={byLetter || each.credential === owner.credential}
            onEnd={() => setAsked({ ends: [each], isLost: false })}
            onUnlock={byLetter ? () => void unlock(each) : undefined}
          />
        ))}
      </ul>
      {isDone && problem === undefined && <Status kind="good" title={t('lostDone')} />}
      {byLetter && bound.length > 0 && (
        <Button kind="quiet" onClick={() => setAsked({ ends: bound, isLost: true })}>
          {t('lost')}
        </Button>
      )}
      {!byLetter && <p>{t('lostNeedsLetter')}</p>}
      {votingKey.letterSeed !== undefined && <OwnKeyOffer letterSeed={votingKey.letterSeed} />}
      <Dialog
        title={t(asked?.isLost === true ? 'lostTitle' : 'takeBackTitle')}
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
      >
        <p>{asked?.isLost === true ? t('lostLead', { count: bound.length }) : t('takeBackLead')}</p>
        <div class="actions">
          <Button kind="danger" busy={busy} onClick={() => void end()}>
            {t(asked?.isLost === true ? 'lostYes' : 'yes')}
          </Button>
          <Button kind="quiet" disabled={busy} onClick={() => setAsked(undefined)}>
            {t('no')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
