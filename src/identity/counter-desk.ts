/** What officers see and do at the counter: find a person by his document, and see whose keys wait (SPEC 3.4). */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actsIn } from '../officers/domain/session.ts';
import { ACTION_RULES } from '../record/two-officers.ts';
import { openName, openNumber, readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { maskedPerson, registryUnits, unitsOfPerson } from '../registry/units.ts';
import type { OwnKey } from './binding.ts';
import { keysOf } from './binding.ts';
import type { CounterState } from './domain/counter-request.ts';
import { counterState, sameText } from './domain/counter-request.ts';
import { numberTail, typedTail } from './domain/number-tail.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import type { CounterRow } from './store/counter.ts';
import { actStates, claimedRequests, requestById } from './store/counter.ts';

/** Whether an officer receives owners at the counter: he sees the document. */
export const mayReceive = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'clerk' || officer.role === 'registrar') && actsIn(officer, community);

/** Whether an officer may sign for what is done at the counter. */
export const maySign = (officer: ActingOfficer, community: string): boolean =>
  (ACTION_RULES['credential.bound'] ?? []).flat().some((role) => role === officer.role) &&
  actsIn(officer, community);

/** What an officer reads from the door and from the document. */
export type ShownDocument = {
  readonly community: string;
  readonly building: string;
  readonly stair: string;
  readonly room: string;
  readonly name: string;
  /** The last six characters of the number. */
  readonly numberTail: string;
};

/** A person whom a document showed, his name masked. */
export type FoundPerson = {
  readonly person: string;
  readonly name: string;
  readonly units: readonly string[];
  readonly keys: readonly OwnKey[];
};

/** Finds the owner of a unit whom the document names; who is wrong in one part is told no more than that. */
export async function findPerson(
  deps: IdentityDeps,
  officer: ActingOfficer,
  shown: ShownDocument,
): Promise<Result<FoundPerson, IdentityRefusal>> {
  const { community } = shown;
  if (!mayReceive(officer, community)) return refuse('NOT_ALLOWED');
  const unit = (await registryUnits(deps.db, community)).find(
    (each) =>
      sameText(each.building, shown.building) &&
      sameText(each.stair, shown.stair) &&
      sameText(each.room, shown.room),
  );
  for (const person of unit?.owners ?? []) {
    const row = present(await readPerson(deps, community, person), 'an owner is a person');
    const isHe =
      sameText(openName(deps, row), shown.name) &&
      numberTail(openNumber(deps, row)) === typedTail(shown.numberTail);
    if (!isHe) continue;
    const keys = await keysOf(deps, community, person);
    return ok({ person, ...(await maskedOwner(deps, community, person)), keys });
  }
  return refuse('COUNTER_PERSON');
}

/** A person as officers see him at the counter. */
export async function maskedOwner(
  deps: IdentityDeps,
  community: string,
  person: string,
): Promise<{ readonly name: string; readonly units: readonly string[] }> {
  const units = await unitsOfPerson(deps.db, community, person);
  return {
    name: (await maskedPerson(deps, community, person))?.name ?? '',
    units: units.map(({ building, stair, room }) => [building, stair, room].filter(Boolean).join(' ')),
  };
}

/** A key at the counter as its phone and its officers see it. */
export type CounterKey = {
  readonly request: string;
  readonly state: CounterState;
  /** Canonical bytes, base64url; empty before an officer has named the person. */
  readonly binding: string;
  readonly name: string;
  readonly units: readonly string[];
  readonly act: string;
  /** Why it ended, where officers or the register ended it. */
  readonly refusal: string;
  readonly expiresAt: Instant;
};

async function counterKeys(deps: IdentityDeps, rows: readonly CounterRow[]): Promise<readonly CounterKey[]> {
  const acts = await actStates(
    deps.db,
    rows.flatMap((row) => row.act_id ?? []),
  );
  const now = deps.clock();
  return Promise.all(
    rows.map(async (row) => {
      const act = row.act_id === null ? undefined : acts.get(row.act_id);
      const expiresAt = Number(row.expires_at_ms);
      const { community_id: community, person_id: person, binding } = row;
      const shown =
        community === null || person === null
          ? { name: '', units: [] }
          : await maskedOwner(deps, community, person);
      return {
        request: row.request_id,
        state: counterState({ isClaimed: binding !== null, actState: act?.state, expiresAt }, now),
        binding: binding === null ? '' : toBase64Url(binding),
        ...shown,
        act: row.act_id ?? '',
        refusal: act?.refusal ?? '',
        expiresAt,
      };
    }),
  );
}

/** How a phone's own request stands; who knows its id is that phone. */
export async function ownRequest(
  deps: IdentityDeps,
  request: string,
): Promise<Result<CounterKey, IdentityRefusal>> {
  const row = await requestById(deps.db, request);
  const [found] = row === undefined ? [] : await counterKeys(deps, [row]);
  return found === undefined ? refuse('COUNTER_UNKNOWN') : ok(found);
}

/** The keys that wait at the counter of a community, for those who may sign for them. */
export async function listRequests(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly CounterKey[], IdentityRefusal>> {
  if (!maySign(officer, community)) return refuse('NOT_ALLOWED');
  return ok(await counterKeys(deps, await claimedRequests(deps.db, community, deps.clock())));
}
