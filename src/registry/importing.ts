/**
 * A register file becomes the register of a community: checked as a whole, drafted sealed, and stored when two officers
 * have signed `register.imported` (SPEC 2.4, 3.1; DESIGN §7 "Register import").
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, fromUtf8, toHex, utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { mapInTurns } from '../base/turns.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import { h256Text } from '../crypto/frame.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import { buildingKey, roomKey, stairKey } from './domain/building-name.ts';
import type { Finding } from './domain/findings.ts';
import type { ImportSettings, RegisterCheck, RegisterSummary } from './domain/import-check.ts';
import type { Register, RegisterUnit } from './domain/register-units.ts';
import { checkRegisterFile } from './file-check.ts';
import { indexOf, personRow } from './persons.ts';
import type { FindingsRefusal, RegistryRefusal } from './refusals.ts';
import type { ActingOfficer, RegistryDeps } from './registry-deps.ts';
import {
  communityById,
  enforceRegister,
  insertCommunity,
  insertRegister,
  lockCommunity,
  registerById,
} from './store/communities.ts';
import { insertOwnership, personsOf, unitKeysOf, upsertPersons, upsertUnits } from './store/units.ts';

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
export type OperatorSettings = Omit<ImportSettings, 'today'>;

export type NewRegister = {
  readonly community: string;
  /** The file as its source delivered it. */
  readonly file: Uint8Array;
  readonly settings?: OperatorSettings;
  /** Whether the operator has ticked what the check only supposes (`WANTS_TICK`). */
  readonly confirmed?: boolean;
};

export type DraftedRegister = {
  readonly register: string;
  readonly act: string;
  readonly summary: RegisterSummary;
  readonly findings: readonly Finding[];
};

/** Suppositions of the check that an operator confirms: one building under two names, rows that are co-owners. */
const WANTS_TICK: ReadonlySet<string> = new Set(['REG-X505', 'REG-N703']);

/** Whether an officer's role may bring in registers. */
export const mayImport = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'committee' || officer.role === 'street') && actsIn(officer, community);

/** The check alone. */
export const checkFile = (
  deps: RegistryDeps,
  file: Uint8Array,
  settings: OperatorSettings = {},
): Promise<RegisterCheck> => checkRegisterFile(file, { ...settings, today: civilDateAt(deps.clock()) });

const draftPlace = (community: string, register: string): string => `register.draft/${community}/${register}`;

/** The salted hash under which a register file stands in the log. */
export const registerFileHash = (salt: Uint8Array, file: Uint8Array): string =>
  h256Text('register-file', salt, sha256(file));

/** Checks a register and drafts its act; nothing of it is stored in the clear, and nothing at all where it is refused. */
export async function importRegister(
  deps: RegistryDeps,
  officer: ActingOfficer,
  request: NewRegister,
): Promise<Result<DraftedRegister, RegistryRefusal | FindingsRefusal>> {
  const { community, file, settings = {} } = request;
  if (!mayImport(officer, community)) return refuse('NOT_ALLOWED');
  if ((await communityById(deps.db, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
  const { register, findings, summary } = await checkFile(deps, file, settings);
  if (register === undefined) return refuseFindings('REGISTER_REFUSED', findings);
  if (request.confirmed !== true && findings.some(({ code }) => WANTS_TICK.has(code)))
    return refuseFindings('REGISTER_UNCONFIRMED', findings);
  return inTransaction(deps.db, async (tx) => {
    const id = newId(deps.random);
    const salt = deps.random(16);
    const fileHash = registerFileHash(salt, file);
    const entry = {
      v: 1,
      kind: 'register.imported',
      community,
      register: id,
      fileHash,
      units: summary.units,
      heads: summary.heads,
      persons: summary.persons,
      areaDm2: summary.areaDm2.toString(),
    } as const;
    await insertRegister(tx, {
      community_id: community,
      register_id: id,
      file_hash: present(fromBase64Url(fileHash), 'own hash'),
      file_salt: salt,
      settings: JSON.stringify(settings),
      draft: sealAtRest(deps.atRest, draftPlace(community, id), draftBytes(register), deps.random),
      drafted_by: officer.officer,
      drafted_at_ms: BigInt(deps.clock()),
    });
    const details = { register: id, settings: JSON.stringify(settings) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
    return ok({ register: id, act, summary, findings });
  });
}

function refuseFindings(
  code: FindingsRefusal['code'],
  findings: readonly Finding[],
): { readonly ok: false; readonly refusal: FindingsRefusal } {
  const errors = findings.filter(({ level }) => level === 'error').length;
  return { ok: false, refusal: { code, facts: { errors, findings: findings.length }, findings } };
}

const draftBytes = (register: Register): Uint8Array =>
  utf8(JSON.stringify(register, (_, value) => (typeof value === 'bigint' ? value.toString() : value)));

function readDraft(bytes: Uint8Array): Register {
  const { persons, units } = JSON.parse(present(fromUtf8(bytes), 'sealed by us')) as Register;
  return { persons, units: units.map((unit) => ({ ...unit, areaDm2: BigInt(unit.areaDm2) })) };
}

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
  await lockCommunity(tx, community);
  const row = await registerById(tx, community, id);
  if (row?.draft === null || row === undefined) return refuse('REGISTER_SUPERSEDED');
  const register = readDraft(openAtRest(deps.atRest, draftPlace(community, id), row.draft));
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
  const known = new Map((await personsOf(tx, community)).map((row) => [toHex(row.number_index), row]));
  const rows = await mapInTurns(register.persons, (person) =>
    personRow(deps, community, person, known.get(toHex(indexOf(deps, person)))),
  );
  await upsertPersons(tx, rows);
  return rows.map((row) => row.person_id);
}

/** The key of a unit's place, as the check compares places. */
function placeKey(unit: RegisterUnit, settings: OperatorSettings): string {
  const proposed = buildingKey(unit.building);
  const building = settings.buildingsApart?.includes(proposed) === true ? unit.building : proposed;
  return JSON.stringify([building, stairKey(unit.stair), roomKey(unit.room)]);
}

/** Ids of the register's units, by position. */
async function mergeUnits(
  tx: Tx,
  deps: RegistryDeps,
  at: { readonly community: string; readonly register: string; readonly settings: OperatorSettings },
  units: readonly RegisterUnit[],
): Promise<readonly string[]> {
  const known = new Map((await unitKeysOf(tx, at.community)).map((row) => [row.unit_key, row.unit_id]));
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
