/** An owner without letter registers this phone by a provider that regulator and street office declared; no officer has to be there (SPEC 3.4). */
import { useEffect, useState } from 'preact/hooks';
import type { EveryProviderAnswer } from '../../identity/provider-contract.ts';
import type { Answer, Problem } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Pick } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { canUsePasskeys } from '../owner/own-passkey.ts';
import { sweepKeptSignIns } from './kept-sign-ins.ts';
import type { Arrived } from './provider-key.ts';
import { comeBack, goAgain, goFirst, mayTryAgain } from './provider-key.ts';
import type { ProviderReturn } from './provider-return.ts';
import { t } from './provider-words.ts';

type Communities = EveryProviderAnswer['communities'];

type OfferProps = {
  readonly communities: Communities;
  readonly kind: 'passkey' | 'device';
  readonly busy: boolean;
  readonly onGo: (community: string, iss: string) => void;
};

/** The providers of the chosen community, each with the host at which its owner will arrive. */
function Offer({ communities, kind, busy, onGo }: OfferProps) {
  const [picked, setPicked] = useState<string>();
  // The list may come after the section.
  const chosen = picked ?? communities[0]?.community ?? '';
  const options = communities.map(({ community, name }) => ({ id: community, text: name }));
  const providers = communities.find(({ community }) => community === chosen)?.providers ?? [];
  return (
    <>
      <p>{t('lead')}</p>
      {kind === 'device' && <p>{t('device')}</p>}
      {communities.length > 1 && (
        <Pick label={t('community')} value={chosen} options={options} onValue={setPicked} />
      )}
      <ul class="plain-list">
        {providers.map(({ iss, name }) => (
          <li key={iss}>
            <Button kind="quiet" busy={busy} onClick={() => onGo(chosen, iss)}>
              {t('go', { name })}
            </Button>
            <p class="soft">{t('goHost', { host: new URL(iss).host })}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What stands in the section after a return. */
function useReturn(back: ProviderReturn | undefined, onBound: () => void) {
  const [arrived, setArrived] = useState<Arrived>();
  const [problem, setProblem] = useState<Problem>();
  const [isChecking, setChecking] = useState(back !== undefined);
  const take = async (of: ProviderReturn) => {
    setChecking(true);
    setProblem(undefined);
    const answer = await comeBack(of);
    if (answer.ok) setArrived(answer.value);
    else setProblem(answer.problem);
    setChecking(false);
    if (answer.ok && answer.value.at === 'bound') onBound();
  };
  useEffect(() => {
    void (back === undefined ? sweepKeptSignIns(Date.now()) : take(back));
  }, [back]);
  return { arrived, setArrived, problem, setProblem, isChecking, take };
}

function useOffers() {
  const [communities, setCommunities] = useState<Communities>([]);
  const [kind, setKind] = useState<'passkey' | 'device'>();
  useEffect(() => {
    void call<EveryProviderAnswer>('GET', '/v1/identity/providers').then((answer) => {
      if (answer.ok) setCommunities(answer.value.communities);
    });
    void canUsePasskeys().then((can) => setKind(can ? 'passkey' : 'device'));
  }, []);
  return { communities, kind };
}

export type ProviderEnrolmentProps = {
  readonly back: ProviderReturn | undefined;
  /** This browser has one key more. */
  readonly onBound: () => void;
};

export function ProviderEnrolment({ back, onBound }: ProviderEnrolmentProps) {
  const { communities, kind } = useOffers();
  const { arrived, setArrived, problem, setProblem, isChecking, take } = useReturn(back, onBound);
  const [busy, setBusy] = useState(false);
  const go = async (way: Promise<Answer<unknown>>) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await way;
    // Where it went well the page is about to leave.
    if (answer.ok) return;
    setBusy(false);
    setProblem(answer.problem);
  };
  if (communities.length === 0 && back === undefined) return null;
  const isOffered = arrived === undefined && !isChecking && kind !== undefined;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem.sentence} />}
      {isChecking && <p role="status">{t('checking')}</p>}
      {problem !== undefined && mayTryAgain(problem.code) && back !== undefined && arrived === undefined && (
        <Button onClick={() => void take(back)}>{t('retry')}</Button>
      )}
      {arrived?.at === 'confirm' && (
        <>
          <Status kind="good" title={t('found')} />
          <p>{t('foundLead')}</p>
          <div class="actions">
            <Button busy={busy} onClick={() => void go(goAgain(arrived.signIn, arrived.hash))}>
              {t('again')}
            </Button>
            <Button kind="quiet" disabled={busy} onClick={() => setArrived(undefined)}>
              {t('restart')}
            </Button>
          </div>
        </>
      )}
      {arrived?.at === 'bound' && <Status kind="good" title={t(`bound_${arrived.kind}`)} />}
      {isOffered && (
        <Offer
          communities={communities}
          kind={kind}
          busy={busy}
          onGo={(community, iss) => void go(goFirst(kind, community, iss))}
        />
      )}
    </section>
  );
}
