/**
 * One round of a monitor: the new entries of the log, proved; each that concerns a person is explained by the service, compared with the
 * entry's hashes, and queued for whom the office's own register names. What cannot be explained is an alarm with its index (SPEC 3.7).
 */
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { placeName } from '../../notice/domain/announcement-text.ts';
import { announcementId, channelFor, mobileOf } from '../../notice/domain/outgoing.ts';
import type { Entry } from '../../record/entry.ts';
import { entryForm } from '../../record/entry.ts';
import { isAnnounced, rememberPublic, toldBy } from '../../record/explanation.ts';
import { leafHash } from '../../record/merkle.ts';
import type { Told } from '../../record/told.ts';
import type { LogReader } from '../../verifier/live-log.ts';
import type { FollowRefusal } from '../../verifier/log-follower.ts';
import { extend, followLog } from '../../verifier/log-follower.ts';
import type { AccessFile, ExplanationRefusal } from './explanations.ts';
import { askExplanation } from './explanations.ts';
import type { Alarm, MonitorState, QueuedAnnouncement } from './monitor-state.ts';
import type { RegisterReach } from './register-reach.ts';

export type Monitored = {
  readonly state: MonitorState;
  readonly save: () => void;
  readonly read: LogReader;
  readonly access: AccessFile;
  readonly reach: ReadonlyMap<string, RegisterReach>;
  readonly hasGateway: boolean;
  readonly clock: Clock;
};

export type RoundRefusal = FollowRefusal | ExplanationRefusal;
export type Round = {
  readonly entries: number;
  readonly announced: number;
  readonly newAlarms: readonly Alarm[];
};

/** So many entries are done again after a crash; their announcements keep their ids. */
const ENTRIES_AT_ONCE = 200;

function isOurs(entry: Entry, { community, memory }: MonitorState): boolean {
  if ('community' in entry) return entry.community === community;
  return entry.kind === 'cast.accepted' && memory.rolls.has(entry.meeting);
}

type Explained = { readonly queued: readonly QueuedAnnouncement[]; readonly alarm?: Alarm['code'] };

function queueFor(
  { reach, hasGateway, clock }: Monitored,
  index: number,
  leaf: Uint8Array,
  { person, identity, event, units }: Told,
): QueuedAnnouncement | 'nobody' | undefined {
  const found = reach.get(identity);
  if (found === undefined) return 'nobody';
  const phone = mobileOf(found.phones);
  const channel = channelFor(event, phone, hasGateway);
  if (channel === undefined) return undefined;
  return {
    announcement: announcementId('monitor', leaf, person, event),
    index,
    event,
    channel,
    phone,
    address: found.mailingAddress,
    place: placeName(units.length > 0 ? units : found.units),
    attempts: 0,
    nextAt: clock(),
  };
}

/** What one announced entry leads to; a refusal where the service cannot be asked now. */
async function explain(
  the: Monitored,
  index: number,
  bytes: Uint8Array,
  entry: Entry,
): Promise<Result<Explained, ExplanationRefusal>> {
  if (!isAnnounced(entry)) return ok({ queued: [] });
  const asked = await askExplanation(the.access, index);
  if (!asked.ok)
    return asked.refusal.code === 'UNEXPLAINED' ? ok({ queued: [], alarm: 'ENTRY_UNEXPLAINED' }) : asked;
  const told = toldBy(entry, asked.value, the.state.memory);
  if (told === undefined) return ok({ queued: [], alarm: 'EXPLANATION_ALTERED' });
  const queued = told.map((each) => queueFor(the, index, leafHash(bytes), each));
  const reached = queued.filter((each) => each !== undefined && each !== 'nobody');
  return ok({
    queued: reached,
    ...(queued.includes('nobody') ? { alarm: 'PERSON_NOT_IN_REGISTER' as const } : {}),
  });
}

/** Puts announcements into the queue, each once. */
function enqueue(state: MonitorState, queued: readonly QueuedAnnouncement[]): void {
  const known = new Set(state.queue.map(({ announcement }) => announcement));
  state.queue = [...state.queue, ...queued.filter(({ announcement }) => !known.has(announcement))];
}

/** Asks again about entries that were alarms: a newer register, or a service that was mended, may answer them. */
async function retryAlarms(the: Monitored): Promise<Result<number, ExplanationRefusal>> {
  const { state } = the;
  let announced = 0;
  const left: Alarm[] = [];
  for (const [at, alarm] of state.alarms.entries()) {
    const bytes = present(fromBase64Url(alarm.entry), 'checked bytes');
    const parsed = entryForm.parse(bytes);
    const explained = parsed.ok ? await explain(the, alarm.index, bytes, parsed.value) : undefined;
    if (explained?.ok === false) {
      state.alarms = [...left, ...state.alarms.slice(at)];
      return explained;
    }
    const found = explained?.value ?? { queued: [], alarm: alarm.code };
    // Whoever was reached before may get a second sheet; a gateway knows the id.
    if (found.alarm === undefined) {
      enqueue(state, found.queued);
      announced += found.queued.length;
    }
    if (found.alarm !== undefined) left.push({ ...alarm, code: found.alarm });
  }
  state.alarms = left;
  return ok(announced);
}

/** Follows the log to its newest checkpoint. With `learnOnly` nothing is announced of what is found. */
export async function monitorRound(the: Monitored, learnOnly = false): Promise<Result<Round, RoundRefusal>> {
  const { state, save } = the;
  const followed = await followLog(the.read, state.logVkey, state.frontier);
  if (!followed.ok) return followed;
  const retried = await retryAlarms(the);
  if (!retried.ok) return retried;
  let announced = retried.value;
  const newAlarms: Alarm[] = [];
  for (const { index, bytes, leaf } of followed.value.entries) {
    const parsed = entryForm.parse(bytes);
    const ours = parsed.ok && isOurs(parsed.value, state);
    const explained = ours ? await explain(the, index, bytes, parsed.value) : undefined;
    if (explained?.ok === false) {
      save();
      return explained;
    }
    const code = parsed.ok ? explained?.value.alarm : 'ENTRY_UNKNOWN';
    if (code !== undefined) newAlarms.push({ index, code, entry: toBase64Url(bytes) });
    if (code !== undefined) state.alarms = [...state.alarms, { index, code, entry: toBase64Url(bytes) }];
    if (explained?.ok === true && !learnOnly) {
      enqueue(state, explained.value.queued);
      announced += explained.value.queued.length;
    }
    if (ours) rememberPublic(parsed.value, state.memory);
    state.frontier = extend(state.frontier, leaf);
    if (state.frontier.size % ENTRIES_AT_ONCE === 0) save();
  }
  save();
  return ok({ entries: followed.value.entries.length, announced, newAlarms });
}
