/** WIT-01 and TIME-01: what witnesses of other operators attest about the meeting's course (SPEC 5, 6.8, 7.4). */
import { addDays, civilDateAt, startOfCivilDate } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import type { NoteKey } from '../record/note.ts';
import { isLineOf, parseNote, parseVkey, verifyNote } from '../record/note.ts';
import { entriesOf, isVote, meetingOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import { decidedFrom } from './time-brackets.ts';
import type { Verification } from './verification.ts';

const DAY_MS = 86_400_000;

/** A quorum dates the close at most this long after it (SPEC 6.8). */
const CLOSE_WITHIN_MS = 600_000;

/** The clock of a witness may be this far behind that of the service. */
const SKEW_MS = 60_000;

const NO_WITNESS = { zh: '本会议未设见证人', en: 'the meeting names no witnesses' } as const;

/** Makes both checks. */
export function checkEvidence(the: Verification, course: Course): void {
  checkWitnesses(the, course);
  checkTimes(the, course);
}

/** WIT-01: opening, close and final result are each covered by a quorum, and no cosignature of a witness is wrong. */
function checkWitnesses(the: Verification, course: Course): void {
  const { notebook, brackets, log, witnesses, quorum } = the;
  if (quorum === 0 || witnesses.length === 0) {
    notebook.cannot('WIT-01', NO_WITNESS);
    return;
  }
  notebook.made('WIT-01');
  const names = new Set(witnesses);
  notebook.same('WIT-01', 'witnesses', `${witnesses.length} different keys`, `${names.size} different keys`);
  notebook.holds('WIT-01', 'quorum', quorum <= names.size, `at most ${names.size}`, String(quorum));
  for (const [kind, index] of [
    ['meeting.opened', course.opened],
    ['meeting.closed', course.closed],
    ['tally.final', course.final],
  ] as const) {
    if (index === undefined) continue;
    const isCovered = brackets.coveredAt(index) !== undefined;
    notebook.holds('WIT-01', `log ${index} ${kind}`, isCovered, `${quorum} cosignatures`, 'fewer');
  }
  const keys = witnesses.flatMap((vkey): readonly NoteKey[] => {
    const key = parseVkey(vkey);
    const isWitness = key.ok && key.value.type === 4;
    notebook.holds('WIT-01', 'witnesses', isWitness, 'a key of type 0x04', vkey);
    return isWitness ? [key.value] : [];
  });
  for (const { path, note } of log.checkpoints) {
    const parsed = parseNote(note);
    for (const line of parsed.ok ? parsed.value.signatures : []) {
      const key = keys.find((candidate) => isLineOf(line, candidate));
      if (key === undefined || !parsed.ok) continue;
      const isRight = verifyNote({ text: parsed.value.text, signatures: [line] }, [key]).ok;
      notebook.holds('WIT-01', path, isRight, `a valid cosignature of ${key.name}`, 'it does not verify');
    }
  }
}

/** The first instant at which a meeting noticed on a date may open: `noticeDays` full days lie between (Civil Code §201). */
const earliestOpening = (publishedOn: string, noticeDays: number): Instant =>
  startOfCivilDate(addDays(publishedOn, noticeDays === 0 ? 0 : noticeDays + 1));

/** TIME-01: the days of the notice, and the window of the casts, by the definition and by witnessed times. */
function checkTimes(the: Verification, course: Course): void {
  const { notebook, brackets, definition, rules } = the;
  notebook.made('TIME-01');
  const opens = parseInstant(definition.window.opens) ?? 0;
  if (rules === undefined)
    notebook.cannot('TIME-01', { zh: '规则参数不全', en: 'the parameters are not complete' });
  else {
    const earliest = earliestOpening(definition.notice.publishedOn, rules.noticeDays);
    const expected = `${showInstant(earliest)} or later, ${rules.noticeDays} full days after the notice`;
    notebook.holds(
      'TIME-01',
      'meeting.json window.opens',
      opens >= earliest,
      expected,
      definition.window.opens,
    );
  }
  if (brackets.quorum === 0) {
    notebook.cannot('TIME-01', NO_WITNESS);
    return;
  }
  const noticedAt = course.noticed === undefined ? undefined : brackets.coveredAt(course.noticed);
  if (course.noticed !== undefined && rules !== undefined) {
    const latest = opens - rules.noticeDays * DAY_MS;
    const isEarly = noticedAt !== undefined && noticedAt <= latest;
    const found = noticedAt === undefined ? 'not witnessed' : showInstant(noticedAt);
    notebook.holds('TIME-01', `log ${course.noticed}`, isEarly, `witnessed by ${showInstant(latest)}`, found);
  }
  checkWindow(the, course, opens);
  checkObjectionDays(the, course);
}

/**
 * No quorum dated the final result before the days of objection were over: full days after that of the last count, which was decided
 * no earlier than a quorum saw the log without it (SPEC 8.2).
 */
function checkObjectionDays(
  { notebook, brackets, log, definition, rules }: Verification,
  course: Course,
): void {
  const { final } = course;
  if (final === undefined || rules === undefined || rules.objectionDays === 0) return;
  const counts = entriesOf(log, 'tally.preliminary', { meeting: definition.meeting });
  const last = counts.findLast(({ index }) => index < final);
  const countedFrom = last === undefined ? undefined : decidedFrom(brackets, last.index);
  const at = brackets.coveredAt(final);
  if (countedFrom === undefined || at === undefined) return;
  const until = startOfCivilDate(addDays(civilDateAt(countedFrom), rules.objectionDays + 1));
  const expected = `not witnessed before ${showInstant(until)}, ${rules.objectionDays} full days after the last count`;
  notebook.holds('TIME-01', `log ${final} tally.final`, at >= until - SKEW_MS, expected, showInstant(at));
}

/** No quorum dated before the opening covers a cast; none dated before the close covers it; one soon after does. */
function checkWindow(
  { notebook, brackets, log, definition }: Verification,
  course: Course,
  opens: Instant,
): void {
  const first = log.entries.find(
    ({ entry }) => entry !== undefined && isVote(entry) && meetingOf(entry) === definition.meeting,
  );
  const openings = entriesOf(log, 'meeting.opened', { meeting: definition.meeting });
  for (const index of [first?.index, openings[0]?.index]) {
    const at = index === undefined ? undefined : brackets.coveredAt(index);
    if (index === undefined || at === undefined) continue;
    const expected = `not witnessed before ${definition.window.opens}`;
    notebook.holds('TIME-01', `log ${index}`, at >= opens, expected, showInstant(at));
  }
  if (course.closed === undefined) return;
  const at = brackets.coveredAt(course.closed);
  const where = `log ${course.closed} meeting.closed`;
  const [from, to] = [course.closesAt, course.closesAt + CLOSE_WITHIN_MS];
  const isBracketed = at !== undefined && at >= from && at <= to;
  const found = at === undefined ? 'not witnessed' : showInstant(at);
  notebook.holds(
    'TIME-01',
    where,
    isBracketed,
    `witnessed from ${showInstant(from)} to ${showInstant(to)}`,
    found,
  );
}
