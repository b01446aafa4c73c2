/** The units of the register in force, with their owners' ids; no names, no numbers. */
import type { Database } from '../db/connect.ts';
import type { Scope } from '../record/meeting.ts';
import { groupHeads } from './domain/head.ts';
import { maskName } from './domain/masking.ts';
import type { RegistryUnit } from './domain/roll-leaves.ts';
import { byPlace } from './domain/roll-leaves.ts';
import { openName, readPerson } from './persons.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { communityById } from './store/communities.ts';
import type { OwnershipRow, UnitRow } from './store/units.ts';
import {
  ownershipAsImported,
  ownershipInForce,
  placesInForce,
  placesOf,
  unitsInForce,
} from './store/units.ts';

const unitOf = (row: UnitRow, owners: readonly string[]): RegistryUnit => ({
  unit: row.unit_id,
  building: row.building,
  stair: row.stair,
  room: row.room,
  kind: row.kind as RegistryUnit['kind'],
  state: row.state as RegistryUnit['state'],
  areaDm2: row.area_dm2,
  areaSource: row.area_source as RegistryUnit['areaSource'],
  owners,
});

/** Units of a community in the order of their places: all, or the named ones among them. Areas in dm². */
export async function registryUnits(
  db: Database,
  community: string,
  unitIds?: readonly string[],
): Promise<readonly RegistryUnit[]> {
  const rows = await unitsInForce(db, community, unitIds);
  return withOwners(rows, await ownershipInForce(db, community));
}

/** The units that a roll of these would give to the developer. */
export const developerStock = (units: readonly RegistryUnit[]): ReadonlySet<string> =>
  new Set(
    groupHeads(units.map(({ unit, owners, state }) => ({ unit, holders: owners, state })))
      .filter(({ basis }) => basis === 'developer-stock')
      .flatMap((head) => head.units),
  );

/** Where some units of the register in force are. */
export const unitPlaces = async (
  db: Database,
  community: string,
  unitIds: readonly string[],
): Promise<readonly Pick<RegistryUnit, 'unit' | 'building' | 'stair' | 'room'>[]> =>
  (await placesInForce(db, community, unitIds)).map(({ unit_id, ...place }) => ({ unit: unit_id, ...place }));

/** The building of every unit that the community ever had, as the last register that listed it says. */
export const buildingsOfUnits = async (
  db: Database,
  community: string,
): Promise<ReadonlyMap<string, string>> =>
  new Map((await placesOf(db, community)).map(({ unit_id, building }) => [unit_id, building]));

/** All units, with the owners as the register file has them, also where two of them are one person (SPEC 3.8). */
export const registryUnitsAsImported = async (
  db: Database,
  community: string,
): Promise<readonly RegistryUnit[]> =>
  withOwners(await unitsInForce(db, community), await ownershipAsImported(db, community));

function withOwners(rows: readonly UnitRow[], owned: readonly OwnershipRow[]): readonly RegistryUnit[] {
  const owners = new Map<string, string[]>();
  for (const { unit_id: unit, person_id: person } of owned) {
    const list = owners.get(unit);
    if (list === undefined) owners.set(unit, [person]);
    else list.push(person);
  }
  return rows.map((row) => unitOf(row, owners.get(row.unit_id) ?? [])).sort(byPlace);
}

/** Units that a person owns, alone or with others. */
export async function unitsOfPerson(
  db: Database,
  community: string,
  person: string,
): Promise<readonly RegistryUnit[]> {
  const owned = await ownershipInForce(db, community, person);
  if (owned.length === 0) return [];
  const rows = await unitsInForce(
    db,
    community,
    owned.map((row) => row.unit_id),
  );
  return rows.map((row) => unitOf(row, [person])).sort(byPlace);
}

/** A person as his own pages show him: the name masked. */
export async function maskedPerson(
  deps: RegistryDeps,
  community: string,
  person: string,
): Promise<{ readonly name: string; readonly communityName: string } | undefined> {
  const [row, home] = await Promise.all([
    readPerson(deps, community, person),
    communityById(deps.db, community),
  ]);
  return row === undefined || home === undefined
    ? undefined
    : { name: maskName(openName(deps, row)), communityName: home.name };
}

/** What of a scope the register in force does not know; nothing where the community has no register yet. */
export async function unknownInScope(
  db: Database,
  community: string,
  { kind, members }: Scope,
): Promise<readonly string[]> {
  if (kind === 'community') return [];
  const units = await unitsInForce(db, community);
  if (units.length === 0) return [];
  const known = new Set(units.map((unit) => (kind === 'buildings' ? unit.building : unit.unit_id)));
  return members.filter((member) => !known.has(member));
}
