/** Corrections of a roll and letters made again, opened on the page: for whom, why, and that nothing else changes (SPEC 3.2, 4.4). */
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { ActOpeningsAnswer } from '../../identity/act-openings-contract.ts';
import { correctionForm, correctionHash, documentHash, onlyHoldersDiffer } from '../../record/correction.ts';
import type { EntryOf } from '../../record/entry.ts';
import type { Holder } from '../../record/identity.ts';
import { holdersHash, rollOpeningForm, voterHash } from '../../record/identity.ts';
import { letterItemForm } from '../../record/letter.ts';
import { leafHash, rootOfHashes } from '../../record/merkle.ts';
import { reissueForm, reissueHash } from '../../record/reissue.ts';
import type { RollLeaf } from '../../record/roll.ts';
import { rollLeafForm } from '../../record/roll.ts';
import { areaWords, unitWords } from '../kit/unit-words.ts';
import type { Opener } from './opened-act.ts';
import { bytesOf, servedDocument } from './opened-act.ts';
import { t } from './opened-words.ts';

/** The new leaf, where both leaves are the act's, belong to its entitlement and differ in nothing but who holds and votes. */
function leafOf(entry: EntryOf<'roll.corrected'>, given: ActOpeningsAnswer): RollLeaf | undefined {
  const [before, after] = [bytesOf(given.before), bytesOf(given.leaf)];
  if (toBase64Url(leafHash(before)) !== entry.oldLeaf || toBase64Url(leafHash(after)) !== entry.newLeaf)
    return undefined;
  const [old, leaf] = [rollLeafForm.parse(before), rollLeafForm.parse(after)];
  if (!old.ok || !leaf.ok || !onlyHoldersDiffer(old.value, leaf.value)) return undefined;
  const { meeting, entitlement } = leaf.value;
  return meeting === entry.meeting && entitlement === entry.entitlement ? leaf.value : undefined;
}

/** The holders whom the leaf commits to. */
function holdersOf(leaf: RollLeaf, text: string): readonly Holder[] | undefined {
  const read = rollOpeningForm.parse(bytesOf(text));
  if (!read.ok || read.value.entitlement !== leaf.entitlement) return undefined;
  const { holdersSalt, holders, voterSalt, voter } = read.value;
  const fits =
    holdersHash(holdersSalt, holders) === leaf.holders && voterHash(voterSalt, voter) === leaf.voter;
  return fits && voter === '' ? holders : undefined;
}

function documentsOf(given: ActOpeningsAnswer, holders: readonly Holder[]): string | undefined {
  if (given.withheld) return t('byOther');
  const lines = holders.map((holder) => servedDocument(given, holder));
  return lines.every((line) => line !== undefined) ? lines.join('、') : undefined;
}

export const openCorrection: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'roll.corrected' || correctionHash(bytes) !== entry.correctionHash) return undefined;
  const read = correctionForm.parse(bytes);
  const leaf = leafOf(entry, given);
  if (!read.ok || leaf === undefined) return undefined;
  const { community, meeting, entitlement, ground } = read.value;
  const isOurs =
    community === entry.community && meeting === entry.meeting && entitlement === entry.entitlement;
  const isSeen = documentHash(bytesOf(given.salt), given.reference) === read.value.documentHash;
  const holders = holdersOf(leaf, given.opening);
  if (!isOurs || !isSeen || holders === undefined) return undefined;
  const documents = documentsOf(given, holders);
  if (documents === undefined) return undefined;
  const units = leaf.units.map((unit) => t('unit', { unit: unitWords(unit), area: areaWords(unit.areaDm2) }));
  const facts = [
    t('correction', { units: units.join('、') }),
    t('ground', { ground: t(`ground_${ground}`), reference: given.reference }),
    t('holders', { count: holders.length, holders: documents }),
    t('sameWeight'),
  ];
  return { facts, parties: [], needs: 'all', isWithheld: given.withheld };
};

export const openReissue: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'letters.reissued' || reissueHash(bytes) !== entry.reissueHash) return undefined;
  const read = reissueForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community || read.value.batch !== entry.batch)
    return undefined;
  const lines = given.items.map((text) => fromBase64Url(text) ?? new Uint8Array());
  const isWhole =
    lines.length === entry.count && toBase64Url(rootOfHashes(lines.map(leafHash))) === entry.root;
  const items = lines.map((line) => letterItemForm.parse(line));
  if (!isWhole || !items.every((item) => item.ok)) return undefined;
  const documents = documentsOf(
    given,
    items.map(({ value }) => value),
  );
  if (documents === undefined) return undefined;
  const facts = [t('reissueReason', { reason: read.value.reason }), t('reissueTo', { holders: documents })];
  return { facts, parties: [], needs: 'all', isWithheld: given.withheld };
};
