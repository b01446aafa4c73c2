/**
 * A register that was checked and drafted (`imports.ts`) is stored and comes in force when two officers have signed
 * `register.imported` (SPEC 2.4, 3.1; DESIGN §7 "Register import").
 */
import { assert, present } from '../base/assert.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { mapInTurns } from '../base/turns.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import type { ImportSettings } from './domain/import-check.ts';
import { knownPlaceKey, placeKey } from './domain/place-key.ts';
import type { Register, RegisterUnit } from './domain/register-units.ts';
import { personFinder, personRow } from './persons.ts';
import { readRegisterLines } from './register-lines.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { enforceRegister, insertCommunity, lockCommunity, registerById } from './store/communities.ts';
import { insertOwnership, personsOf, placesOf, upsertPersons, upsertUnits } from './store/units.ts';

/** Makes a community without a register; returns its id. */
export async function createCommunity(
  tx: Tx,
  deps: RegistryDeps,
  community: { readonly name: string },
): Promise<string> {
  const id = newId(deps.random);
  await insertCommunity(tx, { community: id, name: community.name, now: deps.clock() });
  return id;
}

/** What the operator decided at the check; the day of the check is the clock's. */
export type OperatorSettings = Omit<ImportSettings, 'today' | 'plan'>;

/** Where a draft rests: an import's and its register's are one place, since they have one id. */
export const draftPlace = (community: string, register: string): string =>
  `register.draft/${community}/${register}`;

/** Stores the register of a signed act and puts it in force; persons and units that are known keep their ids. */
export async function applyImport(
  tx: Tx,
  deps: RegistryDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, Refusal<'REGISTER_SUPERSEDED'>>> {
  const { entry } = act;
  assert(entry.kind === 'register.imported', `${act.kind} is no import`);
  const { community, register: id } = entry;
  const against = (await lockCommunity(tx, community))?.register_id ?? '';
  const row = await registerById(tx, community, id);
  if (row?.draft === null || row === undefined || act.details['against'] !== against)
    return refuse('REGISTER_SUPERSEDED');
  const register = await readRegisterLines(openAtRest(deps.atRest, draftPlace(community, id), row.draft));
  const persons = await mergePersons(tx, deps, community, register);
  const settings = JSON.parse(row.settings) as OperatorSettings;
  const units = await mergeUnits(tx, deps, { community, register: id, settings }, register.units);
  await insertOwnership(
    tx,
    register.units.flatMap((unit, at) =>
      unit.owners.map((owner) => ({
        community_id: community,
        register_id: id,
        unit_id: present(units[at], 'merged above'),
        person_id: present(persons[owner], 'owners are persons of the register'),
      })),
    ),
  );
  await enforceRegister(tx, community, id, entryId);
  return ok(undefined);
}

/** Ids of the register's persons, by position. */
async function mergePersons(
  tx: Tx,
  deps: RegistryDeps,
  community: string,
  register: Register,
): Promise<readonly string[]> {
  const knownAs = personFinder(deps, await personsOf(tx, community));
  const rows = await mapInTurns(register.persons, (person) =>
    personRow(deps, community, person, knownAs(person)),
  );
  await upsertPersons(tx, rows);
  return rows.map((row) => row.person_id);
}

/** Ids of the register's units, by position. */
async function mergeUnits(
  tx: Tx,
  deps: RegistryDeps,
  at: { readonly community: string; readonly register: string; readonly settings: OperatorSettings },
  units: readonly RegisterUnit[],
): Promise<readonly string[]> {
  const places = await placesOf(tx, at.community);
  const known = new Map([
    ...places.map((row) => [knownPlaceKey({ ...row, key: row.unit_key }, at.settings), row.unit_id] as const),
    ...places.map((row) => [row.unit_key, row.unit_id] as const),
  ]);
  const rows = units.map((unit) => {
    const unitKey = placeKey(unit, at.settings);
    return {
      community_id: at.community,
      unit_id: known.get(unitKey) ?? newId(deps.random),
      unit_key: unitKey,
      building: unit.building,
      stair: unit.stair,
      room: unit.room,
      kind: unit.kind,
      state: unit.state,
      area_dm2: unit.areaDm2,
      area_source: unit.areaSource,
      since_on: unit.sinceOn === '' ? null : unit.sinceOn,
      register_id: at.register,
    };
  });
  await upsertUnits(tx, rows);
  return rows.map((row) => row.unit_id);
}
