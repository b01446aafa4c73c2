/** Mandates and designations that officers enter from a paper, and merges of persons, opened on the page (SPEC 3.6, 3.8). */
import { toBase64Url } from '../../base/bytes.ts';
import { designationForm, designationHash, isDesignationSound } from '../../record/designation.ts';
import { isMandateSound, mandateForm, mandateHash } from '../../record/mandate.ts';
import { mergeForm, mergeHash } from '../../record/merge.ts';
import { basisWords } from '../kit/mandate-words.ts';
import { dayWords } from '../kit/times.ts';
import type { Opener } from './opened-act.ts';
import { allOf, bytesOf, partyOf, unitsFact } from './opened-act.ts';
import { t } from './opened-words.ts';

const meetingFact = (meeting: string): string =>
  meeting === '' ? t('everyMeeting') : t('oneMeeting', { meeting });

/** For the end of a mandate one document is enough: whoever brings a paper, or turns out to be staff, is one of the two. */
export const openMandate: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'mandate.granted' && entry.kind !== 'mandate.revoked') return undefined;
  if (toBase64Url(mandateHash(bytes)) !== entry.mandateHash) return undefined;
  const read = mandateForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community || !isMandateSound(read.value)) return undefined;
  const { by, to, basis, meeting, proposals, units, until } = read.value;
  const parties = allOf(given, [partyOf(given, by, t('principal')), partyOf(given, to, t('agent'))]);
  if (parties === undefined) return undefined;
  const isEnd = entry.kind === 'mandate.revoked';
  const facts = [
    t(isEnd ? 'mandateEnd' : 'mandate', { basis: basisWords(basis) }),
    unitsFact(given, units),
    meetingFact(meeting),
    proposals.length === 0 ? t('allProposals') : t('someProposals', { count: proposals.length }),
    t('until', { until: dayWords(until) }),
  ];
  return { facts, parties, needs: isEnd ? 'one' : 'all', hasServiceUnits: true, isWithheld: given.withheld };
};

/** Every holder stands in the record: who votes, and all the others who let him. */
export const openDesignation: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'designation.recorded' || toBase64Url(designationHash(bytes)) !== entry.designationHash)
    return undefined;
  const read = designationForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community || !isDesignationSound(read.value))
    return undefined;
  const { by, to, units, meeting, until } = read.value;
  const parties = allOf(given, [
    partyOf(given, to, t('designee')),
    ...by.map((each, at) => partyOf(given, each, t('otherHolder', { at: at + 1 }))),
  ]);
  if (parties === undefined) return undefined;
  const facts = [
    t('designation', { count: by.length }),
    unitsFact(given, units),
    meetingFact(meeting),
    t('until', { until: dayWords(until) }),
  ];
  return { facts, parties, needs: 'all', hasServiceUnits: true, isWithheld: given.withheld };
};

/** A merge takes one head away, and its end gives it back: both documents lie on the table. */
export const openMerge: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'persons.merged' && entry.kind !== 'persons.separated') return undefined;
  if (mergeHash(bytes) !== entry.mergeHash) return undefined;
  const read = mergeForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community) return undefined;
  const { keeps, merged, reason } = read.value;
  const parties = allOf(given, [partyOf(given, keeps, t('kept')), partyOf(given, merged, t('mergedAway'))]);
  if (parties === undefined) return undefined;
  const facts = [t(entry.kind === 'persons.merged' ? 'merge' : 'separate'), t('mergeReason', { reason })];
  return { facts, parties, needs: 'all', isWithheld: given.withheld };
};
