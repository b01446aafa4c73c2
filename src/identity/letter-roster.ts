/** The roster for the registrar's computer, with the letter that each person has: a new one replaces it (SPEC 3.2, 3.6). */

import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actsIn } from '../officers/domain/session.ts';
import { openSalt, readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import type { Roster, RosterPerson } from '../registry/roster.ts';
import { rosterOf } from '../registry/roster.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { lettersInForce } from './store/letters.ts';
import { agentsInForce } from './store/mandates.ts';

/** What `owners-vote letters --roster` reads; `letter` is empty where a person has none. */
export type LetterRoster = Omit<Roster, 'persons' | 'merges'> & {
  readonly persons: readonly (RosterPerson & { readonly letter: string })[];
  /** Agents of mandates in force who own nothing: no register file names them. */
  readonly agents: readonly (RosterPerson & { readonly letter: string })[];
  /** Who is one under two documents; `letter` is that of `keeps`. */
  readonly merges: readonly (Roster['merges'][number] & { readonly letter: string })[];
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
  const withLetter = (row: RosterPerson) => ({ ...row, letter: letters.get(row.person) ?? '' });
  const agents = await agentsWithoutUnits(
    deps,
    community,
    new Set([
      ...roster.value.persons.map(({ person }) => person),
      ...roster.value.merges.map(({ keeps }) => keeps),
    ]),
  );
  return ok({
    ...roster.value,
    persons: roster.value.persons.map(withLetter),
    agents: agents.map(withLetter),
    merges: roster.value.merges.map((each) => ({ ...each, letter: letters.get(each.keeps) ?? '' })),
  });
}

async function agentsWithoutUnits(
  deps: IdentityDeps,
  community: string,
  owners: ReadonlySet<string>,
): Promise<readonly RosterPerson[]> {
  const agents: RosterPerson[] = [];
  for (const person of await agentsInForce(deps.db, community, civilDateAt(deps.clock()))) {
    if (owners.has(person)) continue;
    const row = present(await readPerson(deps, community, person), 'an agent is a person');
    agents.push({ person, salt: openSalt(deps, row), identity: toBase64Url(row.identity) });
  }
  return agents;
}
