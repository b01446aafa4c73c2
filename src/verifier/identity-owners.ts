/**
 * Whose each identity is: a salted commitment stands for one person, wherever the bundle names both. Else what is checked by person – who
 * is frozen, who holds, who is designated – would be evaded under another id of the same human (SPEC 3.1, 3.5).
 */
import type { CheckId } from './check-catalogue.ts';
import type { IssuedLetter } from './letter-checks.ts';
import type { Verification } from './verification.ts';

type Identified = { readonly person: string; readonly identity: string };

/** Says that a line names this person under this identity; a finding where another line names another. */
export type OwnIdentity = (check: CheckId, where: string, named: Identified) => void;

/** Reads persons, roll, corrections and letters, and answers what further lines are held against. */
export function identityOwners(
  { contents, notebook }: Verification,
  letters: ReadonlyMap<string, IssuedLetter> | undefined,
): OwnIdentity {
  const owners = new Map<string, string>();
  const own: OwnIdentity = (check, where, { person, identity }) => {
    const owner = owners.get(identity) ?? person;
    owners.set(identity, owner);
    notebook.same(check, `${where} whose identity`, owner, person);
  };
  for (const { where, value } of contents.persons ?? []) own('ROLL-04', where, value);
  for (const { where, value } of contents.openings ?? [])
    for (const holder of value.holders) own('ROLL-04', where, holder);
  for (const { where, value } of contents.corrections ?? [])
    for (const holder of value.opening.holders) own('ROLL-03', where, holder);
  for (const { item } of letters?.values() ?? []) own('LET-01', `letter ${item.letter}`, item);
  return own;
}
