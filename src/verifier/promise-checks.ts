/** CAST-06: a restored cast was promised while the vote was open, by the service's own key, and the log had not kept it (SPEC 6.12). */
import { toBase64Url } from '../base/bytes.ts';
import { parseInstant } from '../base/instant.ts';
import type { Acknowledgement } from '../record/acknowledgement.ts';
import { leafHash } from '../record/merkle.ts';
import { acceptedEntry, cameInAt } from '../record/promise.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { Promises } from './promises.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

type Restored = Placed<'cast.restored'>;

/** Makes the check; the promise is public, which signature it was given for only an auditor's bundle shows. */
export function checkPromises(
  the: Verification,
  course: Course,
  promises: Promises,
  statements: readonly Statement[] | undefined,
): void {
  const { contents, definition, log, notebook } = the;
  notebook.made('CAST-06');
  const restored = entriesOf(log, 'cast.restored', { meeting: definition.meeting });
  if (restored.length === 0) return;
  if (contents.promises === undefined) notebook.cannot('CAST-06', contents.whyNot('promises.jsonl'));
  else if (statements === undefined) notebook.cannot('CAST-06', contents.whyNot('casts.jsonl'));
  const leaves = new Set(log.entries.map(({ leaf }) => toBase64Url(leaf)));
  for (const placed of restored) {
    checkPlace(the, course, placed);
    const promise = promiseOf(the, placed, promises);
    if (promise === undefined) continue;
    const where = `log ${placed.index} promise`;
    checkTime(the, course, where, promise);
    notebook.holds(
      'CAST-06',
      where,
      !leaves.has(promise.entry),
      'an entry that the log has not',
      promise.entry,
    );
    const statement = statements?.find(({ index }) => index === placed.index);
    if (statement === undefined) continue;
    const { cast, hash, signature } = statement;
    const leaf = leafHash(acceptedEntry(definition.meeting, cast, hash, signature));
    notebook.same('CAST-06', `${where} entry`, toBase64Url(leaf), promise.entry);
    const isSeen = course.closed === undefined || cast.size <= course.closed;
    notebook.holds('CAST-06', `${where} size`, isSeen, 'a checkpoint of before the close', String(cast.size));
  }
}

/** From the close to the final result: before, the owner sends his cast again. */
function checkPlace({ notebook }: Verification, { closed, final }: Course, { index }: Restored): void {
  const isAfter = closed !== undefined && index > closed && (final === undefined || index < final);
  const where = `log ${index} cast.restored`;
  notebook.holds('CAST-06', where, isAfter, 'between meeting.closed and tally.final', `log ${index}`);
}

/** The promise, where the key of the meeting signed it for this very cast. */
function promiseOf(
  { definition, meetingHash, notebook }: Verification,
  { index, entry }: Restored,
  promises: Promises,
): Acknowledgement | undefined {
  const where = `log ${index} promise`;
  const verified = promises.get(entry.promiseHash);
  // LOG-01 says which line is missing.
  if (verified === undefined) return undefined;
  if (!verified.ok) {
    notebook.finding('CAST-06', where, 'an acknowledgement signed by keys.ack', verified.refusal.code);
    return undefined;
  }
  const promise = verified.value;
  notebook.same('CAST-06', `${where} iss`, definition.origin, promise.iss);
  notebook.same('CAST-06', `${where} meeting`, meetingHash, promise.meeting);
  notebook.same('CAST-06', `${where} castHash`, entry.castHash, promise.castHash);
  notebook.same('CAST-06', `${where} seq`, String(entry.seq), String(promise.seq));
  return promise;
}

/** By the server's clock while the vote was open; nothing else says when it was given. */
function checkTime(
  { definition, notebook }: Verification,
  { closesAt }: Course,
  where: string,
  promise: Acknowledgement,
): void {
  const opensAt = parseInstant(definition.window.opens) ?? 0;
  const isTimely = cameInAt(promise, { opensAt, closesAt }) !== undefined;
  notebook.holds('CAST-06', `${where} iat`, isTimely, 'while the vote was open', String(promise.iat));
}
