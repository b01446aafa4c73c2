/** A correction of the roll in one line, its document shown only where it is the one that the record names (SPEC 4.4). */
import type { CorrectionsAnswer } from '../../ballot/roll-contract.ts';
import { fromBase64Url } from '../../base/bytes.ts';
import { correctionForm, documentHash } from '../../record/correction.ts';
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
