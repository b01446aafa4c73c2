/** Where a device key is offered: after a vote where no passkey is possible, and beside the letter's code at the next one (SPEC 3.3). */
import { useEffect, useState } from 'preact/hooks';
import { isPin } from '../../record/pin.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { addDeviceKey, openKept } from './device-key.ts';
import { isInApp } from './in-app.ts';
import type { KeptKey } from './kept-keys.ts';
import { keptKeys } from './kept-keys.ts';
import { t } from './words.ts';

function useKept(): readonly KeptKey[] {
  const [kept, setKept] = useState<readonly KeptKey[]>([]);
  useEffect(() => void keptKeys().then(setKept), []);
  return kept;
}

/** Offers to keep a key in this browser; what can happen to it is said before. */
export function DeviceKeyOffer({ letterSeed }: { readonly letterSeed: Uint8Array }) {
  const [pin, setPin] = useState('');
  const [state, setState] = useState<'offered' | 'busy' | 'added'>('offered');
  const [error, setError] = useState<string>();
  if (state === 'added') return <Status kind="good" title={t('deviceAdded')} />;
  const add = async () => {
    if (pin !== '' && !isPin(pin)) return setError(t('pinForm'));
    setState('busy');
    setError(undefined);
    const answer = await addDeviceKey(letterSeed, pin);
    setState(answer.ok ? 'added' : 'offered');
    if (!answer.ok) setError(answer.problem.sentence);
  };
  return (
    <section class="sheet">
      <h2>{t('passkeyTitle')}</h2>
      <p>{t('deviceLead')}</p>
      <p>{t(isInApp() ? 'deviceWarnInApp' : 'deviceWarn')}</p>
      <Field
        code
        label={t('pinNew')}
        hint={t('pinHint')}
        value={pin}
        error={error}
        maxLength={6}
        onValue={setPin}
      />
      <Button kind="quiet" busy={state === 'busy'} onClick={() => void add()}>
        {t('deviceAdd')}
      </Button>
    </section>
  );
}

export type DeviceSignInProps = { readonly onSeed: (seed: Uint8Array) => void };

/** Opens a key that this browser keeps; the end of the document number is asked for next, as with a letter. */
export function DeviceKeySignIn({ onSeed }: DeviceSignInProps) {
  const kept = useKept();
  const [asked, setAsked] = useState<KeptKey>();
  const [pin, setPin] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  if (kept.length === 0) return null;
  const open = async (key: KeptKey) => {
    setBusy(true);
    const answer = await openKept(key, pin);
    setBusy(false);
    if (answer.ok) onSeed(answer.value);
    else setError(answer.problem.sentence);
  };
  const choose = (key: KeptKey) => (key.pin === undefined ? void open(key) : setAsked(key));
  if (asked === undefined)
    return (
      <>
        {error !== undefined && <Status kind="warn" title={error} />}
        {kept.map((key, at) => (
          <Button key={key.credential} kind="quiet" busy={busy} onClick={() => choose(key)}>
            {t('deviceSignIn')}
            {kept.length > 1 && ` ${at + 1}`}
          </Button>
        ))}
      </>
    );
  return (
    <>
      <Field code label={t('pinLabel')} value={pin} error={error} maxLength={6} onValue={setPin} />
      <Button kind="quiet" busy={busy} disabled={!isPin(pin)} onClick={() => void open(asked)}>
        {t('next')}
      </Button>
    </>
  );
}
