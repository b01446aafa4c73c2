/** Everything that an officer's keys signed, read from the signed bytes, with the log's receipts (SPEC 2.5). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url } from '../../base/bytes.ts';
import type { OwnSignature, SignaturesAnswer } from '../../officers/security-contract.ts';
import { actionForm, subjectHash } from '../../record/action.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import { entryWords } from './act-words.ts';
import { readActEntry } from './action.ts';
import { offerFile } from './download.ts';
import { t } from './security-words.ts';

/** What was signed, in words; undefined where action and entry do not belong together. */
export function signedWords({ entry, action, kind, community, meeting }: OwnSignature): string | undefined {
  const subject = subjectHash(fromBase64Url(entry) ?? new Uint8Array());
  const read = readActEntry({ entry, subject, kind, community, meeting });
  const signed = actionForm.parse(fromBase64Url(action) ?? new Uint8Array());
  if (!read.ok || !signed.ok || signed.value.subject !== subject) return undefined;
  return entryWords(read.value);
}

function SignatureSheet({ signature }: { readonly signature: OwnSignature }) {
  const { act, kind, signedAt, state, leaf, receipt } = signature;
  const words = signedWords(signature);
  return (
    <li class="sheet">
      <p>
        <strong>{words ?? kind}</strong> · {t('signedAt')} {timeWords(signedAt)}{' '}
        <span class="tag">{t(`state_${state}`)}</span>
      </p>
      {words === undefined && <Status kind="stop" title={t('mismatch')} />}
      {receipt === '' ? (
        <p class="soft">{t('noReceipt')}</p>
      ) : (
        <Button
          kind="quiet"
          onClick={() => offerFile(`receipt-${act}.json`, `${JSON.stringify({ leaf, receipt })}\n`)}
        >
          {t('saveReceipt')}
          <span class="visually-hidden">:{words ?? kind}</span>
        </Button>
      )}
    </li>
  );
}

export function OwnSignatures() {
  const [signatures, setSignatures] = useState<readonly OwnSignature[]>([]);
  const [hasMore, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const load = async (after: number) => {
    const answer = await call<SignaturesAnswer>('GET', `/v1/officers/me/signatures?after=${after}`);
    if (!answer.ok) return setProblem(answer.problem.sentence);
    setSignatures((old) => [...old.slice(0, after), ...answer.value.signatures]);
    setMore(answer.value.more);
  };
  useEffect(() => void load(0), []);
  return (
    <section>
      <h2>{t('signatures')}</h2>
      <p class="soft">{t('signaturesLead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {signatures.length === 0 && <p class="soft">{t('noSignatures')}</p>}
      <ul class="plain-list">
        {signatures.map((signature) => (
          <SignatureSheet key={`${signature.act} ${signature.action}`} signature={signature} />
        ))}
      </ul>
      {hasMore && (
        <Button kind="quiet" onClick={() => void load(signatures.length)}>
          {t('more')}
        </Button>
      )}
    </section>
  );
}
