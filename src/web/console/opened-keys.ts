/** Keys of owners that two officers bind, take back or let vote again, opened on the page (SPEC 3.4, 3.5). */
import { toBase64Url } from '../../base/bytes.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../record/binding.ts';
import { freezeForm, freezeHash } from '../../record/freeze.ts';
import type { Opener } from './opened-act.ts';
import { allOf, bytesOf, partyOf } from './opened-act.ts';
import { t } from './opened-words.ts';

/** The binding names its person's identity. */
export const openBinding: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'credential.bound' || toBase64Url(bindHash(bytes)) !== entry.bindHash) return undefined;
  const read = bindingForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community) return undefined;
  const { vouchedBy, credentialKind, person, identity } = read.value;
  if (vouchedBy !== 'counter' && vouchedBy !== 'video') return undefined;
  const parties = allOf(given, [partyOf(given, { person, identity }, t('owner'))]);
  if (parties === undefined) return undefined;
  const facts = [t('bind', { key: t(`key_${credentialKind}`), how: t(`how_${vouchedBy}`) })];
  return { facts, parties, needs: 'all', groups: entry.bindHash };
};

/** The revocation names a key; whose it is, stands in the binding by which it came to be. */
export const openRevocation: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'credential.revoked' || toBase64Url(revocationHash(bytes)) !== entry.revocationHash)
    return undefined;
  const [read, bound] = [revocationForm.parse(bytes), bindingForm.parse(bytesOf(given.binding))];
  if (!read.ok || !bound.ok || read.value.community !== entry.community) return undefined;
  const { credential, credentialKind, community, person, identity } = bound.value;
  if (credential !== read.value.credential || community !== entry.community) return undefined;
  const parties = allOf(given, [partyOf(given, { person, identity }, t('owner'))]);
  if (parties === undefined) return undefined;
  const facts = [t('revoke', { key: t(`key_${credentialKind}`), reason: read.value.reason })];
  return { facts, parties, needs: 'all', hasServicePerson: true };
};

/** A freeze names a person and no identity. */
export const openFreeze: Opener = (entry, given) => {
  const bytes = bytesOf(given.record);
  if (entry.kind !== 'voting.unfrozen' || toBase64Url(freezeHash(bytes)) !== entry.freezeHash)
    return undefined;
  const read = freezeForm.parse(bytes);
  if (!read.ok || read.value.community !== entry.community) return undefined;
  const { person } = read.value;
  const identity = given.persons.find((each) => each.person === person)?.identity ?? '';
  const parties = allOf(given, [partyOf(given, { person, identity }, t('owner'))]);
  if (parties === undefined) return undefined;
  return { facts: [t('freezeEnd')], parties, needs: 'all', hasServicePerson: true };
};
