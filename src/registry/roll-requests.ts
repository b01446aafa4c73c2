/**
 * What owners ask of a roll while it is not frozen: about a unit of their own, or one that is missing. An officer answers with a reason;
 * the roll itself changes only by a new register (SPEC 4.4). Both texts are personal data and rest sealed (SPEC 3.1).
 */
import { present } from '../base/assert.ts';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { RollUnit } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import { maskName } from './domain/masking.ts';
import type { RequestSubject } from './domain/request-subjects.ts';
import type { RollSheet } from './domain/roll-sheet.ts';
import { rollSheetOf } from './domain/roll-sheet.ts';
import { openName, readPersonOfRecord } from './persons.ts';
import type { RegistryRefusal } from './refusals.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { lockCommunity } from './store/communities.ts';
import type { RollRequestRow } from './store/roll-requests.ts';
import { answerRequest, insertRequest, leavesOfRoll, requestsOf, shownRoll } from './store/roll-requests.ts';
import { frozenRoll } from './store/rolls.ts';
import { registryUnits, unitsOfPerson } from './units.ts';

/** Each wants an officer's answer before the freeze, so one owner may not hold it up without end. */
const MAX_REQUESTS = 5;

/** A request as it is shown; the texts are empty once they were erased. Places and names only where an officer reads. */
export type ShownRequest = {
  readonly request: string;
  readonly about: RequestSubject;
  /** None for a unit that is missing, or that the register no longer has. */
  readonly places: readonly Pick<RollUnit, 'building' | 'stair' | 'room'>[];
  readonly text: string;
  readonly askedAt: Instant;
  readonly state: 'open' | 'accepted' | 'refused';
  readonly answer: string;
  /** Masked. */
  readonly name: string;
};

export const textPlace = (community: string, request: string) =>
  `roll_request.sealed_text/${community}/${request}`;
export const answerPlace = (community: string, request: string) =>
  `roll_request.sealed_answer/${community}/${request}`;

/** A drawn-up or frozen roll for its readers; undefined before any was drawn up. */
export async function readRollSheet(
  db: Database,
  community: string,
  meeting: string,
): Promise<(RollSheet & { readonly isFrozen: boolean; readonly drawnAt: Instant }) | undefined> {
  const roll = await shownRoll(db, community, meeting);
  if (roll === undefined) return undefined;
  const leaves = (await leavesOfRoll(db, community, roll.roll_id)).map((leaf) => rollLeafForm.own(leaf));
  return {
    ...rollSheetOf(leaves, roll.count_special_spaces),
    isFrozen: roll.entry_id !== null,
    drawnAt: Number(roll.drafted_at_ms),
  };
}

/** Takes an owner's request; the community is locked, so that none comes in beside the freeze. */
export async function askOfRoll(
  tx: Tx,
  deps: RegistryDeps,
  owner: { readonly community: string; readonly person: string },
  asked: {
    readonly meeting: string;
    readonly about: RequestSubject;
    readonly unit: string;
    readonly text: string;
  },
): Promise<Result<{ readonly request: string }, RegistryRefusal>> {
  const { community, person } = owner;
  const { meeting, about, unit, text } = asked;
  await lockCommunity(tx, community);
  if ((await frozenRoll(tx, community, meeting)) !== undefined) return refuse('ROLL_FROZEN_ALREADY');
  const own = await unitsOfPerson(tx, community, person);
  const isOwn = about === 'missing' ? unit === '' : own.some((each) => each.unit === unit);
  if (!isOwn) return refuse('ROLL_REQUEST_UNIT', 'unit');
  if ((await requestsOf(tx, community, meeting, person)).length >= MAX_REQUESTS)
    return refuse('ROLL_REQUESTS_TOO_MANY');
  const request = newId(deps.random);
  await insertRequest(tx, {
    community_id: community,
    request_id: request,
    meeting_id: meeting,
    person_id: person,
    unit_id: unit === '' ? null : unit,
    about,
    sealed_text: sealAtRest(
      deps.atRest,
      textPlace(community, request),
      utf8(text.normalize('NFC')),
      deps.random,
    ),
    asked_at_ms: BigInt(deps.clock()),
  });
  return ok({ request });
}

/** Answers a request, once. */
export async function answerOfRoll(
  tx: Tx,
  deps: RegistryDeps,
  asked: { readonly community: string; readonly meeting: string; readonly request: string },
  answer: { readonly outcome: 'accepted' | 'refused'; readonly reason: string; readonly officer: string },
): Promise<Result<Record<string, never>, RegistryRefusal>> {
  const { community, meeting, request } = asked;
  await lockCommunity(tx, community);
  const found = (await requestsOf(tx, community, meeting)).some((row) => row.request_id === request);
  if (!found) return refuse('ROLL_REQUEST_UNKNOWN');
  const isNew = await answerRequest(tx, asked, {
    outcome: answer.outcome,
    sealed_answer: sealAtRest(
      deps.atRest,
      answerPlace(community, request),
      utf8(answer.reason.normalize('NFC')),
      deps.random,
    ),
    answered_by: answer.officer,
    answered_at_ms: BigInt(deps.clock()),
  });
  return isNew ? ok({}) : refuse('ROLL_REQUEST_ANSWERED');
}

const opened = (deps: RegistryDeps, place: string, sealed: Uint8Array | null): string =>
  sealed === null ? '' : present(fromUtf8(openAtRest(deps.atRest, place, sealed)), 'own text');

/** The requests of a meeting for its officers, or those of one owner. */
export async function readRequests(
  deps: RegistryDeps,
  { community, meeting, person }: { community: string; meeting: string; person?: string },
): Promise<readonly ShownRequest[]> {
  const rows = await requestsOf(deps.db, community, meeting, person);
  const ids = rows.flatMap(({ unit_id: unit }) => (unit === null ? [] : [unit]));
  const units = new Map(
    ids.length === 0 ? [] : (await registryUnits(deps.db, community, ids)).map((each) => [each.unit, each]),
  );
  const names = new Map<string, string>();
  for (const id of new Set(rows.map((row) => row.person_id))) {
    const row = present(await readPersonOfRecord(deps, community, id), 'who asked is a person');
    names.set(id, maskName(openName(deps, row)));
  }
  return rows.map((row) => shownOf(deps, row, units.get(row.unit_id ?? ''), names.get(row.person_id) ?? ''));
}

function shownOf(
  deps: RegistryDeps,
  row: RollRequestRow,
  unit: Pick<RollUnit, 'building' | 'stair' | 'room'> | undefined,
  name: string,
): ShownRequest {
  const { community_id: community, request_id: request } = row;
  return {
    request,
    about: row.about as RequestSubject,
    places: unit === undefined ? [] : [{ building: unit.building, stair: unit.stair, room: unit.room }],
    text: opened(deps, textPlace(community, request), row.sealed_text),
    askedAt: Number(row.asked_at_ms),
    state: (row.outcome ?? 'open') as ShownRequest['state'],
    answer: opened(deps, answerPlace(community, request), row.sealed_answer),
    name,
  };
}
