/** Designations: which one of several holders casts for their head, as all the others signed, and which one is in force (SPEC 3.6). */
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm } from './schema.ts';
import { civilDate, hash, hashOrNone, id, idOrNone, nonce } from './shapes.ts';

const party = closed({ person: id, identity: hash });

const designation = closed({
  v: exactly(1),
  kind: oneOf('designation'),
  community: id,
  /** The meeting that it is for, or none for every meeting until its end. */
  meeting: idOrNone,
  designation: id,
  /** All units of the head; ids of entitlements are fresh in each meeting, those of units stay. */
  units: list(id, 20_000, 1),
  /** Every other holder of the head. */
  by: list(party, 199, 1),
  /** The holder who casts. */
  to: party,
  /** The last civil day on which he may. */
  until: civilDate,
  /** The paper that two officers saw, `H256("scan", salt, file)`; none where the holders signed themselves. */
  scanHash: hashOrNone,
  nonce,
});

export type Designation = Of<typeof designation>;
/** 20 000 units and 200 holders fit. */
export const designationForm = recordForm(designation, 'designation', 700_000);

/** `H256("designation", bytes)`: what every other holder signs, and what the log names. */
export const designationHash = (bytes: Uint8Array): Uint8Array => h256('designation', bytes);

/** Whether the record agrees with itself: each person and each unit once. */
export function isDesignationSound({ units, by, to }: Designation): boolean {
  const persons = [...by, to].map(({ person }) => person);
  return new Set(persons).size === persons.length && new Set(units).size === units.length;
}

/** A head as a roll has it: its units, and the identities of its holders by person. */
export type Head = { readonly units: readonly string[]; readonly holders: ReadonlyMap<string, string> };

/** Whether a designation speaks for this head in this meeting: the same holders, and all units of the head. */
export function covers(given: Designation, meeting: string, { units, holders }: Head): boolean {
  const parties = [...given.by, given.to];
  const named = new Set(given.units);
  return (
    (given.meeting === '' || given.meeting === meeting) &&
    parties.length === holders.size &&
    parties.every(({ person, identity }) => holders.get(person) === identity) &&
    units.every((unit) => named.has(unit))
  );
}

/** Where the holders of a head must designate one: whoever they are, one alone needs nobody's word. */
export const needsDesignation = ({ holders }: Pick<Head, 'holders'>): boolean => holders.size > 1;

/**
 * Who may have been designated for the head on one of the days from `first` to `last` (undefined where nobody knows), by designations in
 * log order; empty for nobody. Whose day is over makes room for an earlier one that lasts longer.
 */
export function designatedBetween(
  given: readonly Designation[],
  days: { readonly first: string | undefined; readonly last: string | undefined },
  meeting: string,
  head: Head,
): readonly string[] {
  const { first = '', last } = days;
  const covering = given.filter((one) => covers(one, meeting, head));
  // The holder changes only on the day after an `until`, so these days stand for all.
  const eves = covering
    .map(({ until }) => until)
    .filter((eve) => eve >= first && (last === undefined || eve < last));
  const on = (isInForce: (until: string) => boolean): string =>
    covering.findLast(({ until }) => isInForce(until))?.to.person ?? '';
  return [on((until) => until >= first), ...eves.map((eve) => on((until) => until > eve))];
}

/** The person designated by the last of some designations, in log order, that covers the head; empty where none does. */
export const designatedOf = (inForce: readonly Designation[], meeting: string, head: Head): string =>
  inForce.findLast((given) => covers(given, meeting, head))?.to.person ?? '';
