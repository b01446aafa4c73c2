/** Where an owner gives, confirms, changes and removes his address of e-mail; absent where the service sends none (SPEC 3.7). */
import { useEffect, useState } from 'preact/hooks';
import type { EmailAnswer } from '../../notice/email-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './email-words.ts';

const PATH = '/v1/identity/email';

type Step = 'POST' | 'DELETE';
type FormProps = {
  readonly label: string;
  readonly button: string;
  readonly busy: boolean;
  /** Whether what was typed can be sent. */
  readonly isWhole: (value: string) => boolean;
  readonly onValue: (value: string) => void;
};

/** Without the spaces between groups, and with plain digits for wide ones. */
const plain = (typed: string): string => typed.normalize('NFKC').replace(/\s/g, '');
const isCode = (code: string): boolean => /^\d{8}$/.test(code);
const isAddress = (address: string): boolean => address.includes('@');

function OneField({ label, button, busy, isWhole, onValue }: FormProps) {
  const [typed, setTyped] = useState('');
  const value = plain(typed);
  return (
    <>
      <Field label={label} value={typed} maxLength={254} onValue={setTyped} />
      <Button kind="quiet" busy={busy} disabled={!isWhole(value)} onClick={() => onValue(value)}>
        {button}
      </Button>
    </>
  );
}

type LeftoverProps = {
  readonly address: string;
  readonly isRemoved: boolean;
  readonly busy: boolean;
  readonly problem: string | undefined;
  readonly onRemove: () => void;
};

/** An address that stands where none is offered any more: it can be removed, and nothing else. */
function Leftover({ address, isRemoved, busy, problem, onRemove }: LeftoverProps) {
  if (address === '' && !isRemoved) return null;
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isRemoved ? (
        <Status kind="good" title={t('removed')} />
      ) : (
        <>
          <Status kind="wait" title={t('holds', { address })} />
          <Button kind="quiet" busy={busy} onClick={onRemove}>
            {t('remove')}
          </Button>
        </>
      )}
    </section>
  );
}

export function EmailSection() {
  const [view, setView] = useState<EmailAnswer>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [isRemoved, setRemoved] = useState(false);
  useEffect(() => {
    void call<EmailAnswer>('GET', PATH).then((answer) => {
      if (answer.ok) setView(answer.value);
    });
  }, []);
  const send = async (method: Step, path: string, body?: object) => {
    setBusy(true);
    const answer = await call<EmailAnswer>(method, path, body);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (answer.ok) setView(answer.value);
    setRemoved(answer.ok && method === 'DELETE');
  };
  const ask = (address: string) => void send('POST', PATH, { address });
  const confirm = (code: string) => void send('POST', `${PATH}/confirmation`, { code });
  if (view === undefined) return null;
  const { isOffered, address, waiting, expiresAt, isUndeliverable } = view;
  const remove = () => void send('DELETE', PATH);
  // Consent can be taken back also where no mail is sent any more.
  if (!isOffered)
    return (
      <Leftover address={address} isRemoved={isRemoved} busy={busy} problem={problem} onRemove={remove} />
    );
  return (
    <section class="sheet">
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {isRemoved && <Status kind="good" title={t('removed')} />}
      {address !== '' && <Status kind="good" title={t('holds', { address })} />}
      {isUndeliverable && <Status kind="warn" title={t('lost', { address: waiting })} />}
      {waiting !== '' && !isUndeliverable && (
        <>
          <Status kind="wait" title={t('waiting', { address: waiting, until: timeWords(expiresAt) })} />
          <OneField label={t('code')} button={t('confirm')} busy={busy} isWhole={isCode} onValue={confirm} />
        </>
      )}
      <OneField
        key={`${address} ${waiting}`}
        label={t('address')}
        button={t(address === '' ? 'ask' : 'change')}
        busy={busy}
        isWhole={isAddress}
        onValue={ask}
      />
      {(address !== '' || waiting !== '') && (
        <Button kind="quiet" busy={busy} onClick={remove}>
          {t('remove')}
        </Button>
      )}
    </section>
  );
}
