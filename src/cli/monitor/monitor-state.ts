/** What a monitor keeps between its rounds, in one file: how far it saw the log, what earlier entries told, what it has still to send (SPEC 3.7). */
import { readIfPresent, replaceFile } from '../../auditlog/durable-file.ts';
import { present } from '../../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Of } from '../../record/schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from '../../record/schema.ts';
import { hash, id, someBytes } from '../../record/shapes.ts';
import type { Memory } from '../../record/told.ts';
import { EVENTS } from '../../record/told.ts';
import type { Frontier } from '../../verifier/log-follower.ts';

const MANY = 2_000_000;
const whole = integer(0, Number.MAX_SAFE_INTEGER);

const queued = closed({
  announcement: id,
  index: whole,
  event: oneOf(...EVENTS),
  channel: oneOf('print', 'webhook'),
  phone: text(40),
  address: text(400),
  place: text(400),
  attempts: whole,
  /** Milliseconds since 1970. */
  nextAt: whole,
});
export type QueuedAnnouncement = Of<typeof queued>;

export const ALARMS = [
  'ENTRY_UNKNOWN',
  'ENTRY_UNEXPLAINED',
  'EXPLANATION_ALTERED',
  'PERSON_NOT_IN_REGISTER',
] as const;

const alarm = closed({
  index: whole,
  code: oneOf(...ALARMS),
  /** The entry, so that it is asked about again. */
  entry: someBytes(65_535),
});
export type Alarm = Of<typeof alarm>;

const state = closed({
  v: exactly(1),
  kind: oneOf('monitor-state'),
  logVkey: text(300),
  community: id,
  size: whole,
  frontier: list(hash, 64),
  letters: list(closed({ letter: id, identity: hash }), MANY),
  bound: list(closed({ bindHash: hash, identity: hash }), MANY),
  persons: list(closed({ identity: hash, person: id }), MANY),
  rolls: list(closed({ meeting: id, root: hash, size: whole }), MANY),
  corrected: list(closed({ entitlement: id, leaf: hash }), MANY),
  queue: list(queued, MANY),
  alarms: list(alarm, MANY),
});

const stateForm = recordForm(state, 'monitor-state', 512 * 1024 * 1024);

/** The state at work. */
export type MonitorState = {
  readonly logVkey: string;
  readonly community: string;
  frontier: Frontier;
  readonly memory: Memory;
  queue: readonly QueuedAnnouncement[];
  alarms: readonly Alarm[];
};

/** Keeps the state, whole, before anything that follows from it is done. */
export function saveState(path: string, the: MonitorState): void {
  const { memory, frontier } = the;
  const bytes = stateForm.bytes({
    v: 1,
    kind: 'monitor-state',
    logVkey: the.logVkey,
    community: the.community,
    size: frontier.size,
    frontier: frontier.hashes.map(toBase64Url),
    letters: [...memory.letters].map(([letter, identity]) => ({ letter, identity })),
    bound: [...memory.bound].map(([bindHash, identity]) => ({ bindHash, identity })),
    persons: [...memory.persons].map(([identity, person]) => ({ identity, person })),
    rolls: [...memory.rolls].map(([meeting, { root, size }]) => ({ meeting, root, size })),
    corrected: [...memory.corrected].map(([entitlement, leaf]) => ({ entitlement, leaf })),
    queue: [...the.queue],
    alarms: [...the.alarms],
  });
  replaceFile(path, bytes);
}

/** The state of a file, a new one where there is none; one that is damaged or of another log is refused, never begun anew. */
export function loadState(
  path: string,
  logVkey: string,
  community: string,
): Result<{ readonly state: MonitorState; readonly isNew: boolean }> {
  const bytes = readIfPresent(path);
  const memory: Memory = {
    letters: new Map(),
    bound: new Map(),
    persons: new Map(),
    rolls: new Map(),
    corrected: new Map(),
  };
  if (bytes === undefined) {
    const frontier = { size: 0, hashes: [] };
    return ok({ isNew: true, state: { logVkey, community, frontier, memory, queue: [], alarms: [] } });
  }
  const parsed = stateForm.parse(bytes);
  if (!parsed.ok) return refuse('STATE_UNREADABLE', path);
  const kept = parsed.value;
  if (kept.logVkey !== logVkey || kept.community !== community) return refuse('STATE_OF_ANOTHER_LOG', path);
  for (const { letter, identity } of kept.letters) memory.letters.set(letter, identity);
  for (const { bindHash, identity } of kept.bound) memory.bound.set(bindHash, identity);
  for (const { identity, person } of kept.persons) memory.persons.set(identity, person);
  for (const { meeting, root, size } of kept.rolls) memory.rolls.set(meeting, { root, size });
  for (const { entitlement, leaf } of kept.corrected) memory.corrected.set(entitlement, leaf);
  const hashes = kept.frontier.map((each) => present(fromBase64Url(each), 'checked bytes'));
  const frontier = { size: kept.size, hashes };
  return ok({
    isNew: false,
    state: { logVkey, community, frontier, memory, queue: kept.queue, alarms: kept.alarms },
  });
}
