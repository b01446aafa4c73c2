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
import type { ActDetails, SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { Comparison } from './comparing.ts';
import { compareWithForce } from './comparing.ts';
import { readBuildingPlan } from './domain/building-plan.ts';
import type { DifferenceCounts } from './domain/differences.ts';
import type { Finding } from './domain/findings.ts';
import type { ImportSettings, RegisterCheck, RegisterSummary } from './domain/import-check.ts';
import { placeKey } from './domain/place-key.ts';
import type { Register, RegisterUnit } from './domain/register-units.ts';
import { indexOf, personRow } from './persons.ts';
import { sealFile } from './raw-files.ts';
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
export type OperatorSettings = Omit<ImportSettings, 'today' | 'plan'>;

export type NewRegister = {
  readonly community: string;
  /** The file as its source delivered it. */
  readonly file: Uint8Array;
  readonly settings?: OperatorSettings;
  /** The rooms that are expected; it only warns, so it is no setting under which the file must be read again. */
  readonly plan?: string;
  /** Whether the operator has ticked what the check only supposes (`WANTS_TICK`). */
  readonly confirmed?: boolean;
};

export type DraftedRegister = {
  readonly register: string;
  readonly act: string;
  readonly summary: RegisterSummary;
  readonly findings: readonly Finding[];
  /** Against the register in force; absent where there is none yet. */
  readonly differences?: DifferenceCounts;
};

/**
 * What an operator confirms: suppositions of the check (one building under two names, rows that are co-owners), a unit that
 * would lose its vote without anybody having written so, and more changes than a correction has. Areas and owners that changed
 * are what a new register is for: the officers who sign see their numbers (docs/spec/03-persons.md 3.1).
 */
const WANTS_TICK: ReadonlySet<string> = new Set(['REG-X505', 'REG-N703', 'REG-D601', 'REG-D604']);

/** Whether an officer's role may bring in registers. */
export const mayImport = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'committee' || officer.role === 'street') && actsIn(officer, community);

export type ComparedCheck = RegisterCheck & { readonly comparison?: Comparison };

/** The check and, where nothing blocks, the differences against the register in force; nothing is stored. */
export async function checkFile(
  deps: RegistryDeps,
  request: Omit<NewRegister, 'confirmed'>,
): Promise<Result<ComparedCheck, Refusal<'SERVICE_BUSY' | 'BUILDING_PLAN_MALFORMED'>>> {
  const { community, file, settings = {}, plan } = request;
  const planned = plan === undefined ? ok(undefined) : readBuildingPlan(plan);
  if (!planned.ok) return planned;
  const checked = await deps.fileChecks.check(file, {
    ...settings,
    ...(plan === undefined ? {} : { plan }),
    today: civilDateAt(deps.clock()),
  });
  if (!checked.ok || checked.value.register === undefined) return checked;
  const check = checked.value;
  const comparison = await compareWithForce(deps, community, checked.value.register, settings);
  if (comparison === undefined) return checked;
  const differing = comparison.findings.map((item) => ({ ...item, sheet: check.sheet }));
  // By row, as the check sorts: the whole file and what is not in it first.
  const findings = [...check.findings, ...differing].sort((a, b) => Number(a.row) - Number(b.row));
  return ok({ ...check, findings, comparison });
}

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
  const checked = await checkFile(deps, request);
  if (!checked.ok) return checked;
  const { register, findings, summary, comparison } = checked.value;
  if (register === undefined) return refuseFindings('REGISTER_REFUSED', findings);
  if (request.confirmed !== true && findings.some(({ code }) => WANTS_TICK.has(code)))
    return refuseFindings('REGISTER_UNCONFIRMED', findings);
  return inTransaction(deps.db, async (tx) => {
    // The officers sign differences; against another register they would be others.
    const against = (await lockCommunity(tx, community))?.register_id ?? '';
    if (against !== (comparison?.against ?? '')) return refuse('REGISTER_SUPERSEDED');
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
      file: sealFile(deps, community, id, file),
      drafted_by: officer.officer,
      drafted_at_ms: BigInt(deps.clock()),
    });
    const details = {
      register: id,
      settings: JSON.stringify(settings),
      against,
      ...detailsOf(comparison?.counts),
    };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
    const drafted = { register: id, act, summary, findings };
    return ok(comparison === undefined ? drafted : { ...drafted, differences: comparison.counts });
  });
}

/** Numbers of differences as an act's details show them to whoever signs. */
const detailsOf = (counts: DifferenceCounts | undefined): ActDetails =>
  Object.fromEntries(Object.entries(counts ?? {}).map(([name, count]) => [name, String(count)]));

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
  const against = (await lockCommunity(tx, community))?.register_id ?? '';
  const row = await registerById(tx, community, id);
  if (row?.draft === null || row === undefined || act.details['against'] !== against)
    return refuse('REGISTER_SUPERSEDED');
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
