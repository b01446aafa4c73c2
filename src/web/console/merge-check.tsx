/** Whom an act merges or separates and why, shown only where the record is what the act names by its hash (SPEC 2.3, 3.8). */
import { useEffect, useState } from 'preact/hooks';
import { fromBase64Url } from '../../base/bytes.ts';
import type { MergesAnswer } from '../../identity/merge-contract.ts';
import type { Entry } from '../../record/entry.ts';
import { mergeForm, mergeHash } from '../../record/merge.ts';
import { call } from '../kit/api.ts';
import { unitWords } from '../kit/unit-words.ts';
import { t } from './merges-words.ts';

type Listed = MergesAnswer['merges'][number];
type Shown = Listed['keeps'];

/** A person under one document in one line: masked name and number, and his units. */
export function documentWords({ name, number, docKind, units }: Shown): string {
  const kind = t(`kind_${docKind}` as 'kind_other');
  const where = units.length === 0 ? t('noUnits') : units.map(unitWords).join('、');
  return `${t('document', { name, kind, number })}（${where}）`;
}

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The sentence about the merge with this hash; none where the documents shown are of others than the record names. */
function sentenceOf({ merges }: MergesAnswer, wanted: string, isMerge: boolean): string | undefined {
  const found = merges.find(({ record }) => mergeHash(bytesOf(record)) === wanted);
  const parsed = found && mergeForm.parse(bytesOf(found.record));
  if (found === undefined || parsed?.ok !== true) return undefined;
  const { keeps, merged, reason } = parsed.value;
  if (found.keeps.person !== keeps.person || found.merged.person !== merged.person) return undefined;
  return t(isMerge ? 'check' : 'checkEnd', {
    keeps: documentWords(found.keeps),
    merged: documentWords(found.merged),
    reason,
  });
}

export function MergeCheck({ entry }: { readonly entry: Entry }) {
  const [line, setLine] = useState<string>();
  const isMerge = entry.kind === 'persons.merged';
  const [wanted, community] =
    isMerge || entry.kind === 'persons.separated' ? [entry.mergeHash, entry.community] : ['', ''];
  useEffect(() => {
    setLine(undefined);
    if (wanted === '') return;
    void call<MergesAnswer>('GET', `/v1/communities/${community}/merges`).then((answer) => {
      if (answer.ok) setLine(sentenceOf(answer.value, wanted, isMerge));
    });
  }, [community, wanted, isMerge]);
  if (wanted === '') return null;
  return <p>{line === undefined ? t('checkHidden') : `✓ ${line}`}</p>;
}
