/** A checked register beside the one in force: places by their key, persons by the keyed index of their number (SPEC 3.1; REG-D6xx). */
import { present } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { mapInTurns } from '../base/turns.ts';
import type { ComparedRegister, Differences } from './domain/differences.ts';
import { differenceSteps } from './domain/differences.ts';
import { identityOpeningOf } from './domain/identity-opening.ts';
import type { ImportSettings } from './domain/import-check.ts';
import { knownPlaceKey, placeKey } from './domain/place-key.ts';
import type { Register } from './domain/register-units.ts';
import { indexOf, openName, personFinder } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { communityById } from './store/communities.ts';
import type { PersonRow } from './store/units.ts';
import { ownersAsImported, ownershipAsImported, unitsInForce } from './store/units.ts';

/** The differences, and the register that they were taken against. */
export type Comparison = Differences & { readonly against: string };

/** The differences against the register in force; undefined where the community has none yet, or is unknown. */
export async function compareWithForce(
  deps: RegistryDeps,
  community: string,
  register: Register,
  settings: Pick<ImportSettings, 'buildingsApart'>,
): Promise<Comparison | undefined> {
  const against = (await communityById(deps.db, community))?.register_id ?? undefined;
  if (against === undefined) return undefined;
  const rows = await ownersAsImported(deps.db, community);
  const before = await registerOfForce(deps, community, rows, settings);
  const knownAs = personFinder(deps, rows);
  // Of one who is known the index that he stands under, which may be of a former key.
  const keys = await mapInTurns(register.persons, (person) =>
    toHex(knownAs(person)?.number_index ?? indexOf(deps, person)),
  );
  const keyOf = (position: number): string => keys[position] ?? '';
  const after: ComparedRegister = {
    units: await mapInTurns(register.units, (unit) => ({
      ...unit,
      key: placeKey(unit, settings),
      owners: unit.owners.map(keyOf),
    })),
    names: new Map(register.persons.map((person, at) => [keyOf(at), identityOpeningOf(person).name])),
  };
  return { ...(await differencesInTurns(before, after)), against };
}

async function differencesInTurns(before: ComparedRegister, after: ComparedRegister): Promise<Differences> {
  let found: Differences | undefined;
  function* steps(): Generator<undefined> {
    found = yield* differenceSteps(before, after);
  }
  await mapInTurns(steps(), () => undefined);
  return present(found, 'the steps end with it');
}

const keyOfOwner = (row: PersonRow): string =>
  toHex(present(row.number_index, 'nobody who owns a unit was erased'));

/** What is in force. Every name is opened for the comparison and forgotten with it: a changed name costs its owner his letter. */
async function registerOfForce(
  deps: RegistryDeps,
  community: string,
  rows: readonly PersonRow[],
  settings: Pick<ImportSettings, 'buildingsApart'>,
): Promise<ComparedRegister> {
  const names = new Map(await mapInTurns(rows, (row) => [keyOfOwner(row), openName(deps, row)]));
  const keys = new Map(rows.map((row) => [row.person_id, keyOfOwner(row)]));
  const owners = new Map<string, string[]>();
  for (const { unit_id: unit, person_id: person } of await ownershipAsImported(deps.db, community)) {
    const list = owners.get(unit) ?? [];
    owners.set(unit, list);
    list.push(keys.get(person) ?? '');
  }
  const units = await unitsInForce(deps.db, community);
  return {
    names,
    units: units.map((row) => ({
      key: knownPlaceKey({ ...row, key: row.unit_key }, settings),
      building: row.building,
      stair: row.stair,
      room: row.room,
      areaDm2: row.area_dm2,
      owners: owners.get(row.unit_id) ?? [],
    })),
  };
}
