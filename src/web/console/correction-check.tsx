/** Why an entitlement changes its holders and by which document, shown only where it is what the act names by its hash (SPEC 2.3, 4.4). */
import { useEffect, useState } from 'preact/hooks';
import type { CorrectionsAnswer } from '../../ballot/roll-contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import { correctionForm, correctionHash, documentHash } from '../../record/correction.ts';
import type { Entry } from '../../record/entry.ts';
import { call } from '../kit/api.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './corrections-words.ts';

type Listed = CorrectionsAnswer['corrections'][number];

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** A correction in one line; undefined where its document is not the one that the record names. */
export function correctionLine({ correction, salt, reference, units, holders }: Listed): string | undefined {
  const parsed = correctionForm.parse(bytesOf(correction));
  if (!parsed.ok || documentHash(bytesOf(salt), reference) !== parsed.value.documentHash) return undefined;
  return t('line', {
    units: units.map(unitWords).join('、'),
    ground: t(`ground_${parsed.value.ground}`),
    reference,
    holders: holders.join('、'),
  });
}

/** The sentence about the correction with this hash. */
function sentenceOf({ corrections }: CorrectionsAnswer, wanted: string): string | undefined {
  const found = corrections.find(({ correction }) => correctionHash(bytesOf(correction)) === wanted);
  return found === undefined ? undefined : correctionLine(found);
}

export function CorrectionCheck({ entry }: { readonly entry: Entry }) {
  const [line, setLine] = useState<string>();
  const [wanted, meeting] =
    entry.kind === 'roll.corrected' ? [entry.correctionHash, entry.meeting] : ['', ''];
  useEffect(() => {
    setLine(undefined);
    if (wanted === '') return;
    void call<CorrectionsAnswer>('GET', `/v1/meetings/${meeting}/roll/corrections`).then((answer) => {
      if (answer.ok) setLine(sentenceOf(answer.value, wanted));
    });
  }, [meeting, wanted]);
  if (wanted === '') return null;
  return <p>{line === undefined ? t('checkHidden') : `✓ ${t('check', { line })}`}</p>;
}
