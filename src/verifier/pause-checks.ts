/** EXT-01, TIME-01, LOG-01 of pauses: nothing is voted meanwhile, and the close moves by as long as the pause took (SPEC 5). */
import { parseInstant, showInstant } from '../base/instant.ts';
import { textHash } from '../record/meeting.ts';
import type { Placed } from './entry-scope.ts';
import { isVote, meetingOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import { closeBefore } from './moved-close.ts';
import { decidedFrom } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** What signing may add to the length of all pauses: ten minutes, and the rounding to a full one (SPEC 5). */
const ALLOWANCE_MS = 660_000;

/** Over the pauses until now, in ms: how far the close moved, and their length as the witnesses bound it. */
type Sums = { movedMs: number; leastMs: number; mostMs: number };

/** Makes the checks; without a pause they pass. */
export function checkPauses(the: Verification, course: Course): void {
  const { log, definition, notebook } = the;
  const sums: Sums = { movedMs: 0, leastMs: 0, mostMs: 0 };
  let running: Placed<'meeting.paused'> | undefined;
  for (const { index, entry, leaf } of log.entries) {
    if (entry === undefined || meetingOf(entry) !== definition.meeting) continue;
    const where = `log ${index} ${entry.kind}`;
    if (entry.kind === 'meeting.paused') {
      notebook.holds('EXT-01', where, running === undefined, 'no pause that lasts', 'a second one');
      checkPause(the, course, { index, entry, leaf });
      running = { index, entry, leaf };
    } else if (entry.kind === 'meeting.resumed') {
      const named = running?.entry.pause ?? 'no pause';
      notebook.same('EXT-01', `${where} pause`, named, entry.pause);
      if (running !== undefined) checkResumption(the, sums, running, { index, entry, leaf });
      running = undefined;
    } else if (running !== undefined && isStopped(entry.kind, isVote(entry))) {
      const found = `log ${running.index} meeting.paused is not resumed`;
      notebook.finding('EXT-01', where, 'none while the vote is paused', found);
    }
  }
}

const isStopped = (kind: string, isVoted: boolean): boolean =>
  isVoted || kind === 'meeting.extended' || kind === 'meeting.closed';

/** A pause of the open vote, before its close, whose reason everybody can read. */
function checkPause(the: Verification, course: Course, { index, entry }: Placed<'meeting.paused'>): void {
  const { notebook, brackets, contents } = the;
  const where = `log ${index} meeting.paused`;
  const isOpen =
    course.opened !== undefined &&
    index > course.opened &&
    (course.closed === undefined || index < course.closed);
  notebook.holds('EXT-01', where, isOpen, 'between opening and close', `log ${index}`);
  const [from, close] = [decidedFrom(brackets, index), closeBefore(the, index)];
  if (from !== undefined)
    notebook.holds(
      'TIME-01',
      where,
      from < close,
      `before ${showInstant(close)}`,
      `not before ${showInstant(from)}`,
    );
  const body = contents.notices.get(entry.reasonHash);
  const found = body === undefined ? 'no such text' : textHash(body);
  notebook.same('LOG-01', `notice/${entry.reasonHash}.txt (${where})`, entry.reasonHash, found);
}

/** The close moves by the length of the pauses: no less than the witnesses let it have been, no more but for one signing. */
function checkResumption(
  the: Verification,
  sums: Sums,
  paused: Placed<'meeting.paused'>,
  { index, entry }: Placed<'meeting.resumed'>,
): void {
  const { notebook, brackets } = the;
  const where = `log ${index} meeting.resumed`;
  const [before, closes] = [closeBefore(the, index), parseInstant(entry.closes) ?? 0];
  notebook.holds(
    'EXT-01',
    `${where} closes`,
    closes >= before,
    `${showInstant(before)} or later`,
    entry.closes,
  );
  const [pausedFrom, pausedTo] = [decidedFrom(brackets, paused.index), brackets.coveredAt(paused.index)];
  const [resumedFrom, resumedTo] = [decidedFrom(brackets, index), brackets.coveredAt(index)];
  const movedBefore = sums.movedMs;
  sums.movedMs += closes - before;
  if (resumedFrom !== undefined && pausedTo !== undefined)
    sums.leastMs += Math.max(0, resumedFrom - pausedTo);
  const isBounded = resumedTo !== undefined && pausedFrom !== undefined;
  sums.mostMs += isBounded ? resumedTo - pausedFrom : Number.POSITIVE_INFINITY;
  const least = before + sums.leastMs - movedBefore;
  const isEnough = sums.movedMs >= sums.leastMs;
  notebook.holds('TIME-01', `${where} closes`, isEnough, `${showInstant(least)} or later`, entry.closes);
  const most = before + sums.mostMs + ALLOWANCE_MS - movedBefore;
  if (Number.isFinite(most))
    notebook.holds(
      'TIME-01',
      `${where} closes`,
      closes <= most,
      `${showInstant(most)} or earlier`,
      entry.closes,
    );
}
