/** The roster for the registrar's computer, with the letter that each person has: a new one replaces it (SPEC 3.2). */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import type { Roster, RosterPerson } from '../registry/roster.ts';
import { rosterOf } from '../registry/roster.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { lettersInForce } from './store/letters.ts';

/** What `owners-vote letters --roster` reads; `letter` is empty where a person has none. */
export type LetterRoster = Omit<Roster, 'persons'> & {
  readonly persons: readonly (RosterPerson & { readonly letter: string })[];
};

/** The roster of the register in force, for a registrar. */
export async function letterRoster(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<LetterRoster>> {
  if (officer.role !== 'registrar' || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
  const roster = await rosterOf(deps, community);
  if (!roster.ok) return roster;
  const letters = new Map(
    (await lettersInForce(deps.db, community)).map((row) => [row.person_id, row.letter_id]),
  );
  const persons = roster.value.persons.map((row) => ({ ...row, letter: letters.get(row.person) ?? '' }));
  return ok({ ...roster.value, persons });
}
