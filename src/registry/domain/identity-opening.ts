/** What a person's commitment covers, from his line in a register: the one way in which a name is spelled there (SPEC 3.1). */
import type { IdentityOpening } from '../../record/identity.ts';

/** The name in NFC, since equal names must be equal bytes (SPEC 1.2); the number is normalised already. */
export const identityOpeningOf = (person: IdentityOpening): IdentityOpening => ({
  docKind: person.docKind,
  number: person.number,
  name: person.name.normalize('NFC'),
});
