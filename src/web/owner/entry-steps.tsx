/** The first two steps: the letter's code and the end of the document number. */
import { useState } from 'preact/hooks';
import { letterSeed, parseLetterCode } from '../../record/letter.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { DeviceKeySignIn } from './device-key-offers.tsx';
import { HandOver } from './hand-over.tsx';
import type { SignedInOwner } from './letter-login.ts';
import { signInByLetter } from './letter-login.ts';
import { PasskeySignIn } from './passkey-offers.tsx';
import type { VotingKey } from './voting-key.ts';
import { t } from './words.ts';

/** The seed of a code, or the sentence that says what is wrong with it. */
export function readCode(typed: string): { readonly seed: Uint8Array } | { readonly sentence: string } {
  const parsed = parseLetterCode(typed);
  if (parsed.ok) return { seed: letterSeed(parsed.value) };
  const count = typed.normalize('NFKC').replace(/[\s\u002d\u2010-\u2015]/g, '').length;
  return { sentence: t(parsed.refusal.code, { count, ...parsed.refusal.facts }) };
}

export type CodeStepProps = {
  readonly scanFailed: boolean;
  readonly onSeed: (seed: Uint8Array) => void;
  /** The seed of a key that this browser keeps. */
  readonly onOwnSeed: (seed: Uint8Array) => void;
  readonly onOwner: (key: VotingKey, owner: SignedInOwner) => void;
};

/** Asks for the code where none was scanned. */
export function CodeStep({ scanFailed, onSeed, onOwnSeed, onOwner }: CodeStepProps) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const submit = (event: Event) => {
    event.preventDefault();
    const read = readCode(typed);
    if ('seed' in read) onSeed(read.seed);
    else setError(read.sentence);
  };
  return (
    <form onSubmit={submit} noValidate>
      <h1>{t('codeTitle')}</h1>
      {scanFailed && <Status kind="warn" title={t('scanWrong')} />}
      <p>{t('codeLead')}</p>
      <Field
        code
        label={t('codeLabel')}
        hint={t('codeHint')}
        value={typed}
        error={error}
        maxLength={80}
        onValue={setTyped}
      />
      <div class="actions">
        <Button type="submit">{t('next')}</Button>
        <PasskeySignIn onOwner={onOwner} />
        <DeviceKeySignIn onSeed={onOwnSeed} />
      </div>
      <HandOver />
    </form>
  );
}

export type IdentityStepProps = {
  readonly seed: Uint8Array;
  readonly onOwner: (owner: SignedInOwner) => void;
  readonly onBack: () => void;
};

/** Asks for the last six characters of the document number. */
export function IdentityStep({ seed, onOwner, onBack }: IdentityStepProps) {
  const [tail, setTail] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if ([...tail.normalize('NFKC').trim()].length !== 6) return setError(t('tailShort'));
    setBusy(true);
    const answer = await signInByLetter(seed, tail);
    setBusy(false);
    if (answer.ok) onOwner(answer.value);
    else setError(answer.problem.sentence);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h1>{t('identityTitle')}</h1>
      <p>{t('identityLead')}</p>
      <Field
        code
        label={t('tailLabel')}
        hint={t('tailHint')}
        value={tail}
        error={error}
        maxLength={12}
        onValue={setTail}
      />
      <div class="actions">
        <Button type="submit" busy={busy}>
          {busy ? t('checking') : t('next')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </form>
  );
}
