/** Whose key an act binds or takes back, shown only where it is what the act names by its hash (SPEC 2.3, 3.4). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { RequestsAnswer } from '../../identity/counter-contract.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../record/binding.ts';
import type { Entry } from '../../record/entry.ts';
import { call } from '../kit/api.ts';
import { hexGroups } from '../kit/fingerprint.ts';
import { t } from './counter-words.ts';

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The sentence about the binding with this hash. */
function ofBinding({ requests }: RequestsAnswer, wanted: string): string | undefined {
  for (const { binding, name, units } of requests) {
    const bytes = bytesOf(binding);
    if (binding === '' || toBase64Url(bindHash(bytes)) !== wanted) continue;
    const parsed = bindingForm.parse(bytes);
    const how = parsed.ok ? parsed.value.vouchedBy : 'letter';
    if (how === 'letter' || how === 'provider') continue;
    return t('check', { name, places: units.join('、'), how: t(`how_${how}`) });
  }
  return undefined;
}

/** The sentence about the revocation with this hash. */
function ofRevocation({ revocations }: RequestsAnswer, wanted: string): string | undefined {
  for (const { revocation, name, units, kind } of revocations) {
    const bytes = bytesOf(revocation);
    if (toBase64Url(revocationHash(bytes)) !== wanted) continue;
    const parsed = revocationForm.parse(bytes);
    if (!parsed.ok) continue;
    const { reason } = parsed.value;
    return t('checkRevocation', { name, places: units.join('、'), kind: t(`key_${kind}`), reason });
  }
  return undefined;
}

export function CounterCheck({ entry }: { readonly entry: Entry }) {
  const [sentence, setSentence] = useState<string>();
  const [bound, revoked] = [
    entry.kind === 'credential.bound' ? entry.bindHash : '',
    entry.kind === 'credential.revoked' ? entry.revocationHash : '',
  ];
  const wanted = bound || revoked;
  const community = 'community' in entry ? entry.community : '';
  useEffect(() => {
    setSentence(undefined);
    if (wanted === '') return;
    void call<RequestsAnswer>('GET', `/v1/communities/${community}/counter/requests`).then((answer) => {
      if (!answer.ok) return;
      setSentence(bound === '' ? ofRevocation(answer.value, revoked) : ofBinding(answer.value, bound));
    });
  }, [community, bound, revoked, wanted]);
  if (wanted === '') return null;
  return (
    <>
      <p>{sentence ?? t('checkHidden')}</p>
      {bound !== '' && sentence !== undefined && (
        <>
          <p>{t('checkGroups')}</p>
          <ol class="groups">
            {hexGroups(bound).map((group, at) => (
              // Fixed places: two groups may be equal.
              <li key={at}>{group}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}
