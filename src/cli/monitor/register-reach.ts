/** How the monitor reaches a person: by the register file that the office itself holds, found by his commitment, not by what the service says (SPEC 3.7, 3.1). */
import { present } from '../../base/assert.ts';
import type { LetterRoster } from '../../identity/letter-roster.ts';
import { identityHash } from '../../record/identity.ts';
import { identityOpeningOf } from '../../registry/domain/identity-opening.ts';
import type { Register, RegisterPerson, RegisterUnit } from '../../registry/domain/register-units.ts';

export type RegisterReach = {
  readonly phones: readonly string[];
  readonly mailingAddress: string;
  readonly units: readonly RegisterUnit[];
};

const placeOf = (unit: Pick<RegisterUnit, 'building' | 'stair' | 'room'>): string =>
  JSON.stringify([unit.building, unit.stair, unit.room]);

/** Owners of the file, and the listed agents who own nothing, by their commitments. Salts come from the service's roster; a wrong one opens nothing, and its owner is then missed by an alarm. */
export function reachByIdentity(
  register: Register,
  roster: LetterRoster,
  agents: readonly RegisterPerson[] = [],
): ReadonlyMap<string, RegisterReach> {
  const persons = new Map(roster.persons.map((person) => [person.person, person]));
  const owners = new Map(roster.units.map((unit) => [placeOf(unit), unit.owners]));
  const unitsOf = new Map<number, RegisterUnit[]>();
  const identityOf = new Map<number, string>();
  for (const unit of register.units) {
    const candidates = (owners.get(placeOf(unit)) ?? []).flatMap((person) => persons.get(person) ?? []);
    for (const position of unit.owners) {
      unitsOf.set(position, [...(unitsOf.get(position) ?? []), unit]);
      if (identityOf.has(position)) continue;
      const opening = identityOpeningOf(present(register.persons[position], 'owners are persons'));
      const found = candidates.find(({ salt, identity }) => identityHash(salt, opening) === identity);
      if (found !== undefined) identityOf.set(position, found.identity);
    }
  }
  const reach = new Map<string, RegisterReach>();
  for (const { phones, mailingAddress, ...agent } of agents) {
    const opening = identityOpeningOf(agent);
    const found = roster.agents.find(({ salt, identity }) => identityHash(salt, opening) === identity);
    if (found !== undefined) reach.set(found.identity, { phones, mailingAddress, units: [] });
  }
  for (const [position, identity] of identityOf) {
    const { phones, mailingAddress } = present(register.persons[position], 'a person of the register');
    reach.set(identity, { phones, mailingAddress, units: unitsOf.get(position) ?? [] });
  }
  return reach;
}
