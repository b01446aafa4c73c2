/** Why letters are reissued, shown to the two officers only where it is what their act names by its hash (SPEC 2.3, 3.2). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url } from '../../base/bytes.ts';
import type { LettersOverview } from '../../identity/contract.ts';
import type { Entry } from '../../record/entry.ts';
import { reissueForm, reissueHash } from '../../record/reissue.ts';
import { call } from '../kit/api.ts';
import { t } from './letters-words.ts';

/** The reason whose record has this hash, or undefined where there is none. */
async function matchingReason(community: string, wanted: string): Promise<string | undefined> {
  const answer = await call<LettersOverview>('GET', `/v1/communities/${community}/letters`);
  if (!answer.ok) return undefined;
  for (const { reissue } of answer.value.batches) {
    const bytes = fromBase64Url(reissue) ?? new Uint8Array();
    if (reissue === '' || reissueHash(bytes) !== wanted) continue;
    const parsed = reissueForm.parse(bytes);
    if (parsed.ok) return parsed.value.reason;
  }
  return undefined;
}

export function ReissueCheck({ entry }: { readonly entry: Entry }) {
  const [reason, setReason] = useState<string>();
  const [wanted, community] =
    entry.kind === 'letters.reissued' ? [entry.reissueHash, entry.community] : ['', ''];
  useEffect(() => {
    setReason(undefined);
    if (wanted !== '') void matchingReason(community, wanted).then(setReason);
  }, [community, wanted]);
  if (wanted === '') return null;
  return <p>{reason === undefined ? t('reissueHidden') : `✓ ${t('reissueReason', { reason })}`}</p>;
}
