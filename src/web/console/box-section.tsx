/** The key of the ballot box: made in this page for the demo, its secret only ever a file of the holder's (SPEC 5, 6.8). */
import { useState } from 'preact/hooks';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import { canonicalText } from '../../base/canonical.ts';
import { boxPublicKey } from '../../crypto/sealed-box.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { draw } from '../kit/draw.ts';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { offerFile } from './download.ts';
import { t } from './words.ts';

export type BoxProps = { readonly meeting: string; readonly onChanged: (sentence: string) => void };

/** Makes the key pair and hands in the public half. */
export function BoxKeySection({ meeting, onChanged }: BoxProps) {
  const [boxKey, setBoxKey] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const make = () => {
    const secret = draw(32);
    // The form of a key file, so that the command line reads it too.
    const keyFile = { v: 1, kind: 'owners-vote-key', purpose: 'box', secret: toBase64Url(secret) } as const;
    offerFile(`box-${meeting}.json`, `${canonicalText(keyFile)}\n`);
    setBoxKey(toBase64Url(boxPublicKey(secret)));
    secret.fill(0);
  };
  const upload = async () => {
    const answer = await call('POST', `/v1/meetings/${meeting}/box`, { boxKey });
    if (answer.ok) onChanged(t('boxDone'));
    else setProblem(answer.problem.sentence);
  };
  return (
    <section class="sheet">
      <h3>{t('boxTitle')}</h3>
      <p>{t('boxLead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        <Button kind="quiet" onClick={make}>
          {t('boxMake')}
        </Button>
        <Button disabled={boxKey === undefined} onClick={() => void upload()}>
          {t('boxUpload')}
        </Button>
      </div>
    </section>
  );
}

/** The secret of a key file or of its bare text, or undefined. */
export function readBoxSecret(text: string): string | undefined {
  const bare = text.trim();
  const isSecret = (value: unknown): value is string =>
    typeof value === 'string' && fromBase64Url(value)?.length === 32;
  if (isSecret(bare)) return bare;
  try {
    const secret = (JSON.parse(bare) as Readonly<Record<string, unknown>> | null)?.['secret'];
    return isSecret(secret) ? secret : undefined;
  } catch {
    return undefined;
  }
}

/** Hands in the secret after the close. */
export function BoxReleaseSection({ meeting, onChanged }: BoxProps) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const release = async () => {
    const secret = readBoxSecret(typed);
    if (secret === undefined) return setProblem(t('secretMalformed'));
    const answer = await call('POST', `/v1/meetings/${meeting}/box/release`, { secret });
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setTyped('');
    setProblem(undefined);
    onChanged(t('stepDrafted'));
  };
  return (
    <section class="sheet">
      <h3>{t('releaseTitle')}</h3>
      <p>{t('releaseLead')}</p>
      <div class="field">
        <label for="box-file">{t('releaseFile')}</label>
        <input
          id="box-file"
          type="file"
          accept=".json,application/json"
          onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setTyped)}
        />
      </div>
      <Field label={t('releaseSecret')} value={typed} error={problem} onValue={setTyped} />
      <Button onClick={() => void release()}>{t('release')}</Button>
    </section>
  );
}
