/** An officer's keys and recovery code: every change of keys is an appointment that others sign (SPEC 2.2, 2.5). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import type { KeysAnswer } from '../../officers/security-contract.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { hexGroups } from '../kit/fingerprint.ts';
import { Status } from '../kit/status.tsx';
import { dayWords } from '../kit/times.ts';
import { readDeployment } from './deployment.ts';
import { makePasskey } from './passkey.ts';
import { callProved } from './proof.ts';
import { t } from './security-words.ts';

const KEYS = '/v1/officers/me/keys';

/** Four groups of the key's SHA-256: enough to tell eight keys apart. */
const fingerprintOf = (publicKey: string): string =>
  hexGroups(toBase64Url(sha256(fromBase64Url(publicKey) ?? new Uint8Array())), 4).join(' ');

/** Makes a passkey and drafts the appointment that adds it. */
async function addKey(name: string, kept: readonly string[]): Promise<Answer<{ readonly act: string }>> {
  const deployment = await readDeployment();
  if (!deployment.ok) return deployment;
  const made = await makePasskey(deployment.value.rpId, name);
  if (!made.ok) return made;
  return callProved('POST', KEYS, { kept, added: [made.value] });
}

type KeyListProps = { readonly known: KeysAnswer; readonly onRemove: (credential: string) => void };

function KeyList({ known, onRemove }: KeyListProps) {
  return (
    <>
      <p>{t('keysLead', { until: dayWords(known.until) })}</p>
      {known.keys.length < 2 && <Status kind="warn" title={t('oneKey')} />}
      <ul class="plain-list">
        {known.keys.map(({ credential, alg, publicKey }) => (
          <li key={credential} class="sheet">
            <p>
              {t(alg === 'webauthn' ? 'passkey' : 'keyFile')} · {t('thisKey')}{' '}
              <span class="mono">{fingerprintOf(publicKey)}</span>
            </p>
            {known.keys.length > 1 && (
              <Button kind="quiet" onClick={() => onRemove(credential)}>
                {t('remove')}
                <span class="visually-hidden">:{fingerprintOf(publicKey)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

type RecoveryProps = { readonly hasCode: boolean; readonly onDrawn: () => void };

function Recovery({ hasCode, onDrawn }: RecoveryProps) {
  const [code, setCode] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const drawCode = async () => {
    const answer = await callProved<{ readonly code: string }>('POST', '/v1/officers/me/recovery-code');
    setProblem(answer.ok ? undefined : answer.problem.sentence);
    if (!answer.ok) return;
    setCode(answer.value.code);
    onDrawn();
  };
  return (
    <>
      <h3>{t('recovery')}</h3>
      <p>{t('recoveryLead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {code !== undefined ? (
        <Status kind="good" title={t('recoveryShown')}>
          <p class="mono">{code.replace(/.{4}(?=.)/g, '$&-')}</p>
          <Button kind="quiet" onClick={() => setCode(undefined)}>
            {t('noted')}
          </Button>
        </Status>
      ) : (
        <Status kind={hasCode ? 'good' : 'warn'} title={t(hasCode ? 'hasRecovery' : 'noRecovery')} />
      )}
      <div class="actions row">
        <Button kind="quiet" onClick={() => void drawCode()}>
          {t('drawRecovery')}
        </Button>
      </div>
    </>
  );
}

export function OwnKeys({ officer }: { readonly officer: OfficerAnswer }) {
  const [known, setKnown] = useState<KeysAnswer>();
  const [problem, setProblem] = useState<string>();
  const [removed, setRemoved] = useState<string>();
  const [isDrafted, setDrafted] = useState(false);
  const [busy, setBusy] = useState(false);
  const load = async () => {
    const answer = await call<KeysAnswer>('GET', KEYS);
    if (answer.ok) setKnown(answer.value);
    else setProblem(answer.problem.sentence);
  };
  useEffect(() => void load(), []);
  const change = async (ask: () => Promise<Answer<unknown>>) => {
    setBusy(true);
    const answer = await ask();
    setBusy(false);
    setRemoved(undefined);
    setDrafted(answer.ok);
    setProblem(answer.ok ? undefined : answer.problem.sentence);
  };
  const all = known?.keys.map(({ credential }) => credential) ?? [];
  return (
    <section>
      <h2>{t('keys')}</h2>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {isDrafted && <Status kind="good" title={t('changed')} />}
      {known !== undefined && (
        <>
          <KeyList known={known} onRemove={setRemoved} />
          <p class="soft">{t('addNote')}</p>
          <Button kind="quiet" busy={busy} onClick={() => void change(() => addKey(officer.name, all))}>
            {t('add')}
          </Button>
          <Recovery hasCode={known.hasRecoveryCode} onDrawn={() => void load()} />
        </>
      )}
      <Dialog title={t('removeTitle')} open={removed !== undefined} onClose={() => setRemoved(undefined)}>
        <p>{t('removeLead')}</p>
        <div class="actions">
          <Button
            kind="danger"
            busy={busy}
            onClick={() =>
              void change(() =>
                callProved('POST', KEYS, { kept: all.filter((each) => each !== removed), added: [] }),
              )
            }
          >
            {t('remove')}
          </Button>
          <Button kind="quiet" onClick={() => setRemoved(undefined)}>
            {t('keep')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
