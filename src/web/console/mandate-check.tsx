/** Which mandate an act grants or ends, shown only where its record is what the act names by its hash (SPEC 2.3, 3.6). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { MandatesAnswer } from '../../identity/mandate-contract.ts';
import type { Entry } from '../../record/entry.ts';
import { mandateHash } from '../../record/mandate.ts';
import { call } from '../kit/api.ts';
import { mandateWords } from '../kit/mandate-words.ts';
import { t } from './mandate-words.ts';

const hashOf = (record: string): string =>
  toBase64Url(mandateHash(fromBase64Url(record) ?? new Uint8Array()));

export function MandateCheck({ entry }: { readonly entry: Entry }) {
  const [line, setLine] = useState<string>();
  const isOurs = entry.kind === 'mandate.granted' || entry.kind === 'mandate.revoked';
  const [wanted, community] = isOurs ? [entry.mandateHash, entry.community] : ['', ''];
  useEffect(() => {
    setLine(undefined);
    if (wanted === '') return;
    void call<MandatesAnswer>('GET', `/v1/communities/${community}/mandates`).then((answer) => {
      const found = answer.ok && answer.value.mandates.find(({ record }) => hashOf(record) === wanted);
      if (found) setLine(mandateWords(found));
    });
  }, [community, wanted]);
  if (wanted === '') return null;
  if (line === undefined) return <p>{t('checkHidden')}</p>;
  return <p>✓ {t(entry.kind === 'mandate.granted' ? 'check' : 'checkEnd', { line })}</p>;
}
