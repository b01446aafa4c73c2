/** Counting after the box is released, and what is published of it (SPEC 8.1, 8.2). */

import { parameterOf } from '../assembly/domain/drafting.ts';
import { profileById, readParameters } from '../assembly/domain/profile.ts';
import type { RuleParameters } from '../assembly/domain/rule-parameters.ts';
import { objectionsUntil } from '../assembly/domain/timetable.ts';
import type { Meeting } from '../assembly/meetings.ts';
import { readMeeting } from '../assembly/meetings.ts';
import { boxOf, changeMeeting, lockMeeting } from '../assembly/store.ts';
import { writeEntry } from '../auditlog/entry-writing.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { COUNT_MEETING } from '../ballot/closing.ts';
import type { CastRow } from '../ballot/store/casts.ts';
import { countItems, refusalsOf, restoredCasts } from '../ballot/store/casts.ts';
import { assert, present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { mapInTurns } from '../base/turns.ts';
import type { Database } from '../db/connect.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { servedBeforeOpening } from '../notice/delivery-files.ts';
import { isInvalidCode, openChoice } from '../record/choice.ts';
import type { Definition } from '../record/meeting.ts';
import { weightOf } from '../record/roll.ts';
import type { ParticipationList, TallyRecord } from '../record/tally-record.ts';
import { participationForm, participationHash, tallyHash, tallyRecordForm } from '../record/tally-record.ts';
import type { FrozenLeaf } from '../registry/frozen-roll.ts';
import { frozenLeaves } from '../registry/frozen-roll.ts';
import { correctedEntitlements } from '../registry/roll-corrections.ts';
import type { OpenedAnswer } from './domain/record-tally.ts';
import { tallyProposal } from './domain/record-tally.ts';
import { countLateChanges } from './late-changes.ts';
import { standingStatements, votersOf } from './statements.ts';
import { insertTally, tallyOf } from './store.ts';

/** The parameters of a definition, typed; its profile was checked when it was drafted. */
export function parametersOf(definition: Definition): RuleParameters {
  const profile = present(profileById(definition.profile.id), 'a published profile');
  const values = Object.fromEntries(
    Object.entries(profile.settings).map(([name, setting]) => {
      const text = parameterOf(definition, name as keyof RuleParameters);
      return [name, setting.kind === 'int' ? Number(text) : setting.kind === 'bool' ? text === 'true' : text];
    }),
  );
  const read = readParameters(profile, values);
  assert(read.ok, `the definition's parameters are those of ${definition.profile.id}`);
  return read.value;
}

type Opened = {
  /** entitlement → proposal → what was said. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, OpenedAnswer>>;
  readonly counted: readonly CastRow[];
  readonly malformed: TallyRecord['malformed'];
  /** Whoever ever voted. */
  readonly spoke: ReadonlySet<string>;
  readonly voids: number;
  /** How many items the chains had when they were read. */
  readonly items: number;
};

/** Opens the last statement of each chain, in turns: thousands of owners with a dozen answers each take a minute. */
async function openCasts(db: Database, meeting: Meeting, secret: Uint8Array): Promise<Opened> {
  const { meetingHash } = meeting;
  const { statements, spoke, voids, items } = await standingStatements(db, meeting);
  const sealedAnswers = [...statements].flatMap(([entitlement, { row, answers }]) =>
    answers.map((answer) => ({ ...answer, entitlement, row })),
  );
  const choices = await mapInTurns(sealedAnswers, ({ entitlement, ballot, sealed, proposal }) =>
    openChoice(sealed, secret, { meeting: meetingHash, entitlement, ballot, proposal }),
  );
  const answers = new Map<string, Map<string, OpenedAnswer>>(
    [...statements.keys()].map((entitlement) => [entitlement, new Map()]),
  );
  const malformed: TallyRecord['malformed'][number][] = [];
  for (const [at, { entitlement, proposal, row }] of sealedAnswers.entries()) {
    const choice = present(choices[at], 'one for each');
    const isInvalid = !choice.ok && isInvalidCode(choice.refusal.code);
    const said = choice.ok ? choice.value : isInvalid ? 'invalid' : 'malformed';
    answers.get(entitlement)?.set(proposal.proposal, said);
    if (choice.ok) continue;
    const castHash = toBase64Url(row.cast_hash);
    malformed.push({ entitlement, proposal: proposal.proposal, castHash, code: choice.refusal.code });
  }
  const counted = [...statements.values()].map(({ row }) => row);
  return { answers, counted, malformed, spoke, voids, items };
}

/** Participation by channel over the whole roll: units that carry weight anywhere count once. */
function channelsOf(leaves: readonly FrozenLeaf[], counted: readonly CastRow[], special: boolean) {
  const byEntitlement = new Map(leaves.map((leaf) => [leaf.entitlement, leaf.leaf]));
  return (['letter', 'passkey', 'device', 'paper'] as const).map((channel) => {
    let [heads, areaDm2] = [0, 0n];
    for (const row of counted.filter((each) => each.channel === channel)) {
      const leaf = present(byEntitlement.get(row.entitlement_id), 'on the roll');
      const weight = weightOf(leaf, { kind: 'community', members: [] }, special);
      heads += weight.heads;
      areaDm2 += weight.areaDm2;
    }
    return { channel, heads, areaDm2: String(areaDm2) };
  });
}

/** Whom a clause of silence counts: served when the vote began, and never a voter (SPEC 8.1). */
async function silentOf(
  db: Database,
  { community, meeting }: Meeting,
  spoke: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const served = await servedBeforeOpening(db, community, meeting);
  return new Set([...served].filter((entitlement) => !spoke.has(entitlement)));
}

/** The record and the participation list of a meeting, as its statements are now and the box secret opens them. */
export async function countRecords(db: Database, meeting: Meeting, secret: Uint8Array) {
  const { community, meeting: id, definition, meetingHash } = meeting;
  const parameters = parametersOf(definition);
  const leaves = await frozenLeaves(db, community, id);
  const { answers, counted, malformed, spoke, voids, items } = await openCasts(db, meeting, secret);
  const silent = parameters.silenceRule === 'NONE' ? undefined : await silentOf(db, meeting, spoke);
  const proposals = definition.proposals.map((proposal) =>
    tallyProposal(proposal, votersOf(leaves, proposal, parameters, answers, silent), parameters),
  );
  const record: TallyRecord = {
    v: 1,
    kind: 'tally',
    meeting: id,
    meetingHash,
    proposals,
    channels: channelsOf(leaves, counted, parameters.countSpecialSpaces),
    malformed,
    voids,
    restored: (await restoredCasts(db, community, id)).length,
    corrections: await correctedEntitlements(db, community, id),
    ...(await countLateChanges(db, community, id)),
    refusals: (await refusalsOf(db, community, id)).map((row) => ({
      code: row.code,
      count: Number(row.refused),
    })),
  };
  const took: ParticipationList['took'] = counted
    .map((row) => ({
      entitlement: row.entitlement_id,
      channel: row.channel as ParticipationList['took'][number]['channel'],
      castHash: toBase64Url(row.cast_hash),
    }))
    .sort((a, b) => (a.entitlement < b.entitlement ? -1 : 1));
  const list: ParticipationList = { v: 1, kind: 'participation', meeting: id, took };
  return { record: tallyRecordForm.bytes(record), participation: participationForm.bytes(list), items };
}

/** Counts a meeting, or counts it again after a void, and publishes the preliminary result; a second call finds it done. */
export async function countMeeting(deps: BallotDeps, id: string): Promise<void> {
  const meeting = present(await readMeeting(deps.db, id), 'the job names a meeting');
  const { community } = meeting;
  if (meeting.state !== 'counting') return;
  const box = present(await boxOf(deps.db, community, id), 'an opened meeting has a box');
  // Without a transaction: it would stand idle for as long as the answers take to open, and be ended for that.
  const counted = await countRecords(deps.db, meeting, present(box.secret, 'released'));
  await inTransaction(deps.db, async (tx) => {
    const row = await lockMeeting(tx, id);
    if (row?.state !== 'counting') return;
    // A void or a restored cast came meanwhile, and with it another job: that one counts the chains as they are now.
    if ((await countItems(tx, community, id)) !== counted.items) return;
    await publishCount(tx, deps, meeting, counted);
  });
}

/** Takes a count back and has the chains counted as they are now; `entryId` is of what changed them (SPEC 8.2). */
export async function countAnew(tx: Tx, now: Instant, meeting: string, entryId: bigint): Promise<void> {
  await changeMeeting(tx, meeting, { state: 'counting' });
  const job = { kind: COUNT_MEETING, payload: { meeting }, runAt: now, onceKey: `${meeting}/${entryId}` };
  await enqueue(tx, job, now);
}

/** Enters a count and begins the time for objections to it. */
async function publishCount(
  tx: Tx,
  deps: BallotDeps,
  { community, meeting: id, definition }: Meeting,
  { record, participation }: { readonly record: Uint8Array; readonly participation: Uint8Array },
): Promise<void> {
  const { entryId } = await writeEntry(
    tx,
    {
      v: 1,
      kind: 'tally.preliminary',
      community,
      meeting: id,
      recordHash: tallyHash(record),
      participationHash: participationHash(participation),
    },
    [],
  );
  await insertTally(tx, {
    community_id: community,
    meeting_id: id,
    record,
    participation,
    preliminary_entry_id: entryId,
    version: ((await tallyOf(tx, id))?.version ?? 0) + 1,
  });
  const days = Number(parameterOf(definition, 'objectionDays'));
  await changeMeeting(tx, id, {
    state: 'preliminary',
    objection_until_ms: objectionsUntil(deps.clock(), days, deps.calendar),
  });
}
