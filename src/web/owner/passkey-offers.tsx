/** Where a passkey is offered: after the first vote, never before it, and beside the letter's code at the next one (DESIGN §4). */
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { DeviceKeyOffer } from './device-key-offers.tsx';
import { HandOver } from './hand-over.tsx';
import type { SignedInOwner } from './letter-login.ts';
import { addPasskey, canUsePasskeys, signInByPasskey } from './own-passkey.ts';
import type { VotingKey } from './voting-key.ts';
import { t } from './words.ts';

/** Undefined until the browser has said. */
function useCanUse(): boolean | undefined {
  const [can, setCan] = useState<boolean>();
  useEffect(() => void canUsePasskeys().then(setCan), []);
  return can;
}

/** Offers to vote without the letter next time, by the device's lock where it can, by a device key else; declining costs nothing. */
export function OwnKeyOffer({ letterSeed }: { readonly letterSeed: Uint8Array }) {
  const can = useCanUse();
  if (can === undefined) return null;
  if (can) return <PasskeyOffer letterSeed={letterSeed} />;
  return (
    <>
      <HandOver />
      <DeviceKeyOffer letterSeed={letterSeed} />
    </>
  );
}

function PasskeyOffer({ letterSeed }: { readonly letterSeed: Uint8Array }) {
  const [state, setState] = useState<'offered' | 'busy' | 'added'>('offered');
  const [error, setError] = useState<string>();
  if (state === 'added') return <Status kind="good" title={t('passkeyAdded')} />;
  const add = async () => {
    setState('busy');
    setError(undefined);
    const answer = await addPasskey(letterSeed);
    setState(answer.ok ? 'added' : 'offered');
    if (!answer.ok) setError(answer.problem.sentence);
  };
  return (
    <section class="sheet">
      <h2>{t('passkeyTitle')}</h2>
      <p>{t('passkeyLead')}</p>
      {error !== undefined && <Status kind="warn" title={error} />}
      <Button kind="quiet" busy={state === 'busy'} onClick={() => void add()}>
        {t('passkeyAdd')}
      </Button>
      {error !== undefined && <DeviceKeyOffer letterSeed={letterSeed} />}
    </section>
  );
}

/** Signs in with a passkey that was added before. */
export function PasskeySignIn({
  onOwner,
}: {
  readonly onOwner: (key: VotingKey, owner: SignedInOwner) => void;
}) {
  const can = useCanUse();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  if (can !== true) return null;
  const signIn = async () => {
    setBusy(true);
    setError(undefined);
    const answer = await signInByPasskey();
    setBusy(false);
    if (answer.ok) onOwner(answer.value.key, answer.value.owner);
    else setError(answer.problem.sentence);
  };
  return (
    <>
      {error !== undefined && <Status kind="warn" title={error} />}
      <Button kind="quiet" busy={busy} onClick={() => void signIn()}>
        {t('passkeySignIn')}
      </Button>
    </>
  );
}
