/** Printing ballots on paper, and what an officer needs before he keys one: its place in the chain and who may have signed it (SPEC 6.4). */
import { readMeeting } from '../assembly/meetings.ts';
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import { inTransaction } from '../db/transaction.ts';
import { mandatesOf } from '../identity/store/mandates.ts';
import type { OfficerSession } from '../officers/domain/session.ts';
import { actsIn } from '../officers/domain/session.ts';
import { CHAIN_START } from '../record/cast.ts';
import type { Mandate } from '../record/mandate.ts';
import { mandateForm } from '../record/mandate.ts';
import type { RollUnit } from '../record/roll.ts';
import { weightOf } from '../record/roll.ts';
import { frozenLeaves, standingsOf } from '../registry/frozen-roll.ts';
import { maskedPerson } from '../registry/units.ts';
import type { BallotDeps } from './ballot-deps.ts';
import type { ArmedMeeting } from './domain/cast-checking.ts';
import { meetingForKeying, versionsOf } from './keying.ts';
import type { BallotRefusalCode } from './refusals.ts';
import { chainOf } from './store/casts.ts';
import { insertPaperBallots, isSerialSpent, lastPrints, paperBallot, paperLocks } from './store/papers.ts';

type PrintRefusal = Refusal<BallotRefusalCode>;

/** Who prints: those who convene or count. The committee prints and keys nothing. */
const PRINTERS: readonly string[] = ['committee', 'street', 'clerk'];

/** States from the freeze of the roll to the close. */
const PRINTABLE: readonly string[] = ['noticed', 'armed', 'open', 'paused'];

/** One ballot as it is printed; areas in dm². */
export type PrintedBallot = {
  readonly serial: string;
  readonly entitlement: string;
  readonly units: readonly RollUnit[];
  readonly areaDm2: bigint;
  /** Masked names of the holders as the roll has them now. */
  readonly holders: readonly string[];
  /** Proposals in whose scope the entitlement has area, in the definition's order. */
  readonly proposals: readonly string[];
};

/** Draws serials for ballots of some units, or of the whole roll where none is named; those of former prints stay good. */
export async function printBallots(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  units: readonly string[],
): Promise<Result<readonly PrintedBallot[], PrintRefusal>> {
  const meeting = await readMeeting(deps.db, meetingId);
  if (meeting === undefined || !actsIn(officer, meeting.community)) return refuse('MEETING_UNKNOWN');
  if (!PRINTERS.includes(officer.role)) return refuse('NOT_ALLOWED');
  const { state, community, definition } = meeting;
  const leaves = await frozenLeaves(deps.db, community, meetingId);
  if (!PRINTABLE.includes(state) || leaves.length === 0) return refuse('MEETING_STATE', undefined, { state });
  const special = definition.profile.parameters.some(
    ({ name, value }) => name === 'countSpecialSpaces' && value === 'true',
  );
  const wanted = new Set(units);
  const chosen = leaves.flatMap(({ leaf, entitlement }) => {
    const isWanted = wanted.size === 0 || leaf.units.some(({ unit }) => wanted.has(unit));
    const proposals = definition.proposals.flatMap(({ proposal, scope }) =>
      weightOf(leaf, scope, special).heads === 0 ? [] : [proposal],
    );
    const { areaDm2 } = weightOf(leaf, { kind: 'community', members: [] }, special);
    return isWanted && proposals.length > 0 ? [{ entitlement, units: leaf.units, areaDm2, proposals }] : [];
  });
  if (chosen.length === 0) return refuse('PAPER_UNITS');
  const serials = await inTransaction(deps.db, async (tx) => {
    await takeLocks(tx, [paperLocks(meetingId)]);
    const last = await lastPrints(tx, community, meetingId);
    const rows = chosen.map(({ entitlement }) => ({
      community_id: community,
      meeting_id: meetingId,
      serial: newId(deps.random),
      entitlement_id: entitlement,
      print_no: (last.get(entitlement) ?? 0) + 1,
      printed_by: officer.officer,
      printed_at_ms: BigInt(deps.clock()),
    }));
    await insertPaperBallots(tx, rows);
    return new Map(rows.map((row) => [row.entitlement_id, row.serial]));
  });
  const printed: PrintedBallot[] = [];
  for (const one of chosen) {
    const { entitlement } = one;
    const [standing] = await standingsOf(deps.db, [{ community, meeting: meetingId, entitlement }]);
    const holders: string[] = [];
    for (const person of standing?.holders.keys() ?? [])
      holders.push((await maskedPerson(deps, community, person))?.name ?? '');
    printed.push({ ...one, holders, serial: serials.get(entitlement) ?? '' });
  }
  return ok(printed);
}

/** Somebody who may have signed a paper. */
export type PossibleSigner = {
  readonly person: string;
  /** Masked. */
  readonly name: string;
  /** The mandate of an agent, empty for a holder, and its principal's masked name. */
  readonly mandate: string;
  readonly principalName: string;
};

/** What an officer is given to key a paper by; nothing in it depends on what another officer keyed but the place and the pictures. */
export type PaperSheet = {
  readonly serial: string;
  readonly entitlement: string;
  readonly meetingHash: string;
  readonly units: readonly RollUnit[];
  readonly proposals: readonly string[];
  readonly signers: readonly PossibleSigner[];
  readonly seq: number;
  readonly prev: string;
  /** Of the open versions, each picture once; none where nobody has keyed the paper. */
  readonly scanHashes: readonly string[];
  readonly versions: number;
};

/** The sheet of a printed ballot that is in force and unused. */
export async function paperSheet(
  deps: BallotDeps,
  officer: OfficerSession,
  meetingId: string,
  serial: string,
): Promise<Result<PaperSheet, PrintRefusal>> {
  const found = await meetingForKeying(deps, officer, meetingId);
  if (!found.ok) return found;
  const armed = found.value;
  const { community, definition, countSpecialSpaces } = armed;
  const row = await paperBallot(deps.db, community, meetingId, serial);
  if (row === undefined) return refuse('PAPER_SERIAL');
  if (await isSerialSpent(deps.db, community, meetingId, serial)) return refuse('PAPER_SERIAL_SPENT');
  const { entitlement_id: entitlement } = row;
  const [standing] = await standingsOf(deps.db, [{ community, meeting: meetingId, entitlement }]);
  if (standing === undefined) return refuse('PAPER_SERIAL');
  const { leaf, holders } = standing;
  const end = (await chainOf(deps.db, community, meetingId, entitlement)).at(-1);
  const place = {
    serial,
    seq: (end?.seq ?? 0) + 1,
    prev: end === undefined ? CHAIN_START : toBase64Url(end.cast_hash),
  };
  const versions = await versionsOf(deps.db, armed, place);
  const units = leaf.units.map(({ unit }) => unit);
  return ok({
    ...place,
    entitlement,
    meetingHash: armed.meetingHash,
    units: leaf.units,
    proposals: definition.proposals.flatMap(({ proposal, scope }) =>
      weightOf(leaf, scope, countSpecialSpaces).heads === 0 ? [] : [proposal],
    ),
    signers: await possibleSigners(deps, armed, [...holders.keys()], units),
    scanHashes: [...new Set(versions.map(({ paper }) => paper.scanHash))],
    versions: versions.length,
  });
}

/** The holders, then the agents of mandates of theirs that reach these units today. */
async function possibleSigners(
  deps: BallotDeps,
  { community, meeting }: ArmedMeeting,
  holders: readonly string[],
  units: readonly string[],
): Promise<readonly PossibleSigner[]> {
  const nameOf = async (person: string): Promise<string> =>
    (await maskedPerson(deps, community, person))?.name ?? '';
  const signers: PossibleSigner[] = [];
  const today = civilDateAt(deps.clock());
  const reaches = (given: Mandate): boolean =>
    (given.meeting === '' || given.meeting === meeting) && units.every((unit) => given.units.includes(unit));
  for (const person of holders)
    signers.push({ person, name: await nameOf(person), mandate: '', principalName: '' });
  for (const person of holders) {
    for (const row of await mandatesOf(deps.db, community, person)) {
      if (row.principal_id !== person || row.ended_entry_id !== null || row.until_on < today) continue;
      if (!reaches(mandateForm.own(row.mandate))) continue;
      const [name, principalName] = [await nameOf(row.agent_id), await nameOf(person)];
      signers.push({ person: row.agent_id, name, mandate: row.mandate_id, principalName });
    }
  }
  return signers;
}
