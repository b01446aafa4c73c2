/** The keys of an owner at the counter, each of which two officers can take back with a reason (SPEC 3.4). */
import { useState } from 'preact/hooks';
import { showInstant } from '../../base/instant.ts';
import type { FoundAnswer } from '../../identity/counter-contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Field } from '../kit/field.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { t } from './counter-words.ts';

type Key = FoundAnswer['keys'][number];

function OneKey({
  community,
  credential,
  onChanged,
}: {
  readonly community: string;
  readonly credential: string;
  readonly onChanged: () => void;
}) {
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<{ readonly kind: 'good' | 'stop'; readonly title: string }>();
  const revoke = async () => {
    const body = { credential, reason };
    const answer = await call('POST', `/v1/communities/${community}/counter/revocations`, body);
    setSaid(
      answer.ok
        ? { kind: 'good', title: t('revokeDrafted') }
        : { kind: 'stop', title: answer.problem.sentence },
    );
    if (answer.ok) onChanged();
  };
  return (
    <>
      <Field label={t('reason')} hint={t('reasonHint')} value={reason} onValue={setReason} maxLength={200} />
      {said !== undefined && <Status {...said} />}
      <Button kind="quiet" onClick={() => void revoke()}>
        {t('revoke')}
      </Button>
    </>
  );
}

const wordsOfKey = ({ kind, boundAt }: Key): string =>
  boundAt === 0
    ? t(`key_${kind}`)
    : t('bound', { kind: t(`key_${kind}`), at: timeWords(showInstant(boundAt)) });

export function CounterKeys({
  community,
  keys,
  onChanged,
}: {
  readonly community: string;
  readonly keys: readonly Key[];
  readonly onChanged: () => void;
}) {
  return (
    <details>
      <summary>{t('keys')}</summary>
      <ul class="plain-list">
        {keys.map((key) => (
          <li key={key.credential}>
            <p>
              {wordsOfKey(key)} {!key.inForce && <span class="tag">{t('keyEnded')}</span>}
            </p>
            {key.kind !== 'letter' && key.inForce && (
              <OneKey community={community} credential={key.credential} onChanged={onChanged} />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
