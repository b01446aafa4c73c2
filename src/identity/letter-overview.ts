/**
 * What the console shows of letters: batches and buildings in numbers, who has none, and the letters of a place that the registrar
 * looks for (SPEC 3.2, 3.5). No code and no key is here; names are masked.
 */
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actsIn } from '../officers/domain/session.ts';
import { actsOf } from '../officers/store.ts';
import { maskName } from '../registry/domain/masking.ts';
import { openName } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { personsOf } from '../registry/store/units.ts';
import { registryUnits } from '../registry/units.ts';
import type { BuildingCounts, LetterCounts, LetterState } from './domain/letter-counts.ts';
import { countsOfBatches, countsOfBuildings, withoutLetter } from './domain/letter-counts.ts';
import { MAX_FAILURES } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { batchesOf, letterStates } from './store/letters.ts';

/** Persons without a letter, and letters of a place, that one answer names. */
const MAX_LISTED = 100;
/** Acts that are looked through for the state of a batch. */
const MAX_ACTS = 1000;

export type ListedBatch = LetterCounts & {
  readonly batch: string;
  readonly state: 'open' | 'signed' | 'done' | 'refused' | 'withdrawn';
  readonly made: number;
  readonly until: string;
  readonly draftedAt: number;
  /** Canonical bytes of the `reissue` in base64url, so that who signs can compare the hash; empty for a batch of the registrar alone. */
  readonly reissue: string;
};

export type LetterOverview = {
  readonly batches: readonly ListedBatch[];
  readonly buildings: readonly BuildingCounts[];
  readonly without: readonly { readonly name: string; readonly places: readonly string[] }[];
  readonly withoutCount: number;
};

/** Roles that sign for letters, or answer for those who do. */
const READERS: readonly string[] = ['registrar', 'committee', 'street', 'regulator'];

const placeOf = (unit: { readonly building: string; readonly stair: string; readonly room: string }) =>
  [unit.building, unit.stair, unit.room].filter((part) => part !== '').join(' ');

async function statesOf(deps: IdentityDeps, community: string): Promise<readonly LetterState[]> {
  return (await letterStates(deps.db, community)).map((row) => ({
    letter: row.letter_id,
    person: row.person_id,
    batch: row.batch_id,
    isEnded: row.ended_entry_id !== null,
    isUsed: row.first_at_ms !== null,
    isLocked: (row.failures ?? 0) >= MAX_FAILURES,
    until: row.until_on ?? '',
  }));
}

async function unitsOf(deps: IdentityDeps, community: string) {
  return (await registryUnits(deps.db, community)).map(({ unit, building, stair, room, owners }) => ({
    unit,
    building,
    owners,
    place: placeOf({ building, stair, room }),
  }));
}

/** Names of persons, masked. */
async function namesOf(deps: IdentityDeps, community: string): Promise<(person: string) => string> {
  const rows = new Map((await personsOf(deps.db, community)).map((row) => [row.person_id, row]));
  return (person) => {
    const row = rows.get(person);
    return row === undefined ? '' : maskName(openName(deps, row));
  };
}

async function listBatches(
  deps: IdentityDeps,
  community: string,
  letters: readonly LetterState[],
): Promise<readonly ListedBatch[]> {
  const states = new Map<string, ListedBatch['state']>();
  for (const act of await actsOf(deps.db, [community], MAX_ACTS)) {
    const { batch } = JSON.parse(act.details) as { readonly batch?: string };
    if (batch !== undefined) states.set(batch, act.state as ListedBatch['state']);
  }
  const counts = countsOfBatches(letters);
  return (await batchesOf(deps.db, community)).map((row) => ({
    batch: row.batch_id,
    state: row.entry_id === null ? (states.get(row.batch_id) ?? 'open') : 'done',
    made: row.count,
    until: row.until_on ?? '',
    draftedAt: Number(row.drafted_at_ms),
    reissue: row.reissue === null ? '' : toBase64Url(row.reissue),
    ...(counts.get(row.batch_id) ?? { letters: 0, used: 0, ended: 0, locked: 0 }),
  }));
}

/** Batches, buildings and owners without a letter, for those who sign for letters. */
export async function letterOverview(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<LetterOverview>> {
  if (!READERS.includes(officer.role) || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
  const [letters, units] = [await statesOf(deps, community), await unitsOf(deps, community)];
  const today = civilDateAt(deps.clock());
  const nameOf = await namesOf(deps, community);
  const without = withoutLetter(units, letters, today);
  return ok({
    batches: await listBatches(deps, community, letters),
    buildings: countsOfBuildings(units, letters, today),
    without: [...without]
      .slice(0, MAX_LISTED)
      .map(([person, places]) => ({ name: nameOf(person), places: places.slice(0, MAX_LISTED) })),
    withoutCount: without.size,
  });
}

export type FoundLetter = {
  readonly letter: string;
  readonly person: string;
  readonly name: string;
  readonly places: readonly string[];
  readonly isLocked: boolean;
  readonly until: string;
};

/** In the place of a unit: letters of those who own none. */
const AGENTS = '代理人';

/** Letters in force of the owners of one place, written as the register writes it, or of `代理人`; spaces do not matter. For the registrar. */
export async function lettersAt(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
  place: string,
): Promise<Result<readonly FoundLetter[]>> {
  if (officer.role !== 'registrar' || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
  const bare = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');
  const units = await unitsOf(deps, community);
  const all = new Set(units.flatMap((unit) => unit.owners));
  const owners = new Set(
    units.filter((unit) => bare(unit.place) === bare(place)).flatMap((unit) => unit.owners),
  );
  const isFound = (person: string): boolean =>
    owners.has(person) || (bare(place) === AGENTS && !all.has(person));
  const nameOf = await namesOf(deps, community);
  const found = (await statesOf(deps, community)).filter(
    ({ person, isEnded }) => !isEnded && isFound(person),
  );
  return ok(
    found.slice(0, MAX_LISTED).map(({ letter, person, isLocked, until }) => ({
      letter,
      person,
      name: nameOf(person),
      places: units
        .filter((unit) => unit.owners.includes(person))
        .map((unit) => unit.place)
        .slice(0, MAX_LISTED),
      isLocked,
      until,
    })),
  );
}
