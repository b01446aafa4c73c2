/**
 * DEL-01: the delivery register is put down at the opening and at the close, its lines fit the roll, their channels, their officers and
 * their times, and the close keeps every line of the opening. What nothing reached is counted and said, for the law to judge (SPEC 5.1).
 */
import { parseInstant, showInstant } from '../base/instant.ts';
import type { DeliveryMoment, RecordedDelivery } from '../record/delivery.ts';
import { byDelivery, DELIVERY_MOMENTS, DELIVERY_STATES, hasReached } from '../record/delivery.ts';
import { noticeHash } from '../record/meeting.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { Put } from './delivery-records.ts';
import { putDown } from './delivery-records.ts';
import { entriesOf, isVote, meetingOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { Officers } from './officers.ts';
import type { Roll } from './roll-checks.ts';
import { decidedFrom } from './time-brackets.ts';
import type { Verification } from './verification.ts';

/** Clocks of the service and of witnesses may differ by so much. */
const SKEW_MS = 60_000;

/** Roles that record what was handed over or posted. */
const RECORDERS: readonly string[] = ['clerk', 'committee', 'street'];

type Facts = {
  readonly the: Verification;
  readonly course: Course;
  readonly officers: Officers | undefined;
  readonly roll: Roll | undefined;
};

/** Makes the check; in a public bundle only of what the log says. */
export function checkDeliveries(
  the: Verification,
  course: Course,
  officers: Officers | undefined,
  roll: Roll | undefined,
): void {
  const { contents, notebook } = the;
  notebook.made('DEL-01');
  checkPlaces(the, course);
  if (contents.deliveries === undefined || roll === undefined || officers === undefined) {
    notebook.cannot('DEL-01', contents.whyNot('deliveries.jsonl', 'roll.jsonl', 'actions.jsonl'));
    if (contents.deliveries === undefined) return;
  }
  const facts = { the, course, officers, roll };
  const puts = putDown(the, (where, refusal) => noteRefusal(notebook, where, refusal));
  for (const put of puts) checkPut(facts, put);
  const [opening, close] = DELIVERY_MOMENTS.map((moment) => only(the, course, puts, moment));
  if (opening !== undefined && close !== undefined) checkKept(the, opening, close);
  if (opening !== undefined && roll !== undefined) sayWhoWasTold(the, roll, opening);
}

/** One entry between the opening and the first vote, and where the meeting closed one more before the close. */
function checkPlaces({ definition, log, notebook }: Verification, { opened, closed }: Course): void {
  const entries = entriesOf(log, 'delivery.recorded', { meeting: definition.meeting });
  const wanted = (opened === undefined ? 0 : 1) + (closed === undefined ? 0 : 1);
  notebook.same('DEL-01', 'log', `${wanted} delivery.recorded`, `${entries.length} delivery.recorded`);
  const vote = log.entries.find(
    ({ index, entry }) =>
      entry !== undefined &&
      isVote(entry) &&
      meetingOf(entry) === definition.meeting &&
      // CAST-03 says what came before the opening.
      index > (opened ?? 0),
  );
  const [first, last] = [entries[0], entries[1]];
  const end = vote?.index ?? closed ?? Number.POSITIVE_INFINITY;
  if (first !== undefined && opened !== undefined) {
    const isThere = first.index > opened && first.index < end;
    notebook.holds(
      'DEL-01',
      `log ${first.index}`,
      isThere,
      'after the opening, before any vote',
      'elsewhere',
    );
  }
  if (last !== undefined && closed !== undefined)
    notebook.holds('DEL-01', `log ${last.index}`, last.index < closed, `before log ${closed}`, 'after it');
}

/** The only record of a moment, which the course of the meeting asks for. */
function only(
  { notebook }: Verification,
  { opened, closed }: Course,
  puts: readonly Put[],
  moment: DeliveryMoment,
): Put | undefined {
  const found = puts.filter(({ record }) => record.moment === moment);
  const isDue = (moment === 'opening' ? opened : closed) !== undefined;
  notebook.same(
    'DEL-01',
    'deliveries.jsonl',
    `${isDue ? 1 : 0} of the ${moment}`,
    `${found.length} of the ${moment}`,
  );
  const place = moment === 'opening' ? 0 : 1;
  const at = found[0] === undefined ? place : puts.indexOf(found[0]);
  notebook.same('DEL-01', 'deliveries.jsonl', `${moment} at ${place}`, `${moment} at ${at}`);
  return found[0];
}

function checkPut(facts: Facts, { where, index, record }: Put): void {
  const { definition, notebook } = facts.the;
  notebook.same('DEL-01', `${where} community`, definition.community, record.community);
  notebook.same('DEL-01', `${where} meeting`, definition.meeting, record.meeting);
  let before: RecordedDelivery | undefined;
  for (const [at, each] of record.deliveries.entries()) {
    const place = `${where} ${at}`;
    const isNext = before === undefined || byDelivery(before, each) < 0;
    notebook.holds('DEL-01', place, isNext, 'in ascending order, each once', 'out of order');
    before = each;
    checkLine(facts, place, index, each);
  }
}

function checkLine(
  { the, course, officers, roll }: Facts,
  where: string,
  index: number,
  each: RecordedDelivery,
): void {
  const { brackets, definition, notebook } = the;
  const { channel, state, at, officer, proof } = each;
  if (roll !== undefined)
    notebook.holds('DEL-01', where, roll.leaves.has(each.entitlement), 'an entitlement of the roll', 'none');
  const states: readonly string[] = DELIVERY_STATES[channel];
  notebook.holds('DEL-01', where, states.includes(state), states.join(' | '), state);
  const isByHand = channel === 'hand' || channel === 'posting';
  notebook.holds(
    'DEL-01',
    where,
    isByHand === (officer !== ''),
    isByHand ? 'an officer' : 'no officer',
    officer,
  );
  if (isByHand && officers !== undefined) {
    const isAppointed = officers.appointments.some(
      (each) =>
        each.entry.officer === officer &&
        each.index < index &&
        RECORDERS.includes(each.entry.role) &&
        ['', definition.community].includes(each.entry.community),
    );
    notebook.holds('DEL-01', where, isAppointed, `an officer who records deliveries`, officer);
  }
  if (isByHand) notebook.holds('DEL-01', where, proof !== '', 'the hash of a document', 'none');
  if (channel === 'message' || channel === 'email' || channel === 'paper')
    notebook.same(
      'DEL-01',
      where,
      state === 'undeliverable' ? 'no proof' : 'a proof',
      proof === '' ? 'no proof' : 'a proof',
    );
  if (channel === 'page') notebook.same('DEL-01', where, noticeHash(definition), proof);
  const time = parseInstant(at) ?? 0;
  const covered = brackets.coveredAt(index);
  if (covered !== undefined)
    notebook.holds('DEL-01', where, time <= covered + SKEW_MS, `by ${showInstant(covered)}`, at);
  const from = course.noticed === undefined ? undefined : decidedFrom(brackets, course.noticed);
  if (from !== undefined)
    notebook.holds('DEL-01', where, time >= from - SKEW_MS, `from ${showInstant(from)} on`, at);
}

/** What stood at the opening stands at the close, and officers add nothing for the time before it: nobody mends it afterwards. */
function checkKept({ notebook, brackets }: Verification, opening: Put, close: Put): void {
  const key = (each: RecordedDelivery): string => JSON.stringify(each);
  const kept = new Set(close.record.deliveries.map(key));
  for (const [at, each] of opening.record.deliveries.entries())
    notebook.holds('DEL-01', `${opening.where} ${at}`, kept.has(key(each)), `in ${close.where} too`, 'gone');
  const from = decidedFrom(brackets, opening.index);
  if (from === undefined) return;
  const before = new Set(opening.record.deliveries.map(key));
  for (const [at, each] of close.record.deliveries.entries()) {
    if (each.officer === '' || before.has(key(each))) continue;
    const isLater = (parseInstant(each.at) ?? 0) >= from - SKEW_MS;
    const expected = `in ${opening.where} too, or after ${showInstant(from)}`;
    notebook.holds('DEL-01', `${close.where} ${at}`, isLater, expected, each.at);
  }
}

/** How many entitlements had heard of the meeting when it opened: a fact for whoever judges the notice, and no fault of the record. */
function sayWhoWasTold({ notebook }: Verification, roll: Roll, { record }: Put): void {
  const [reached, posted] = [new Set<string>(), new Set<string>()];
  for (const each of record.deliveries) {
    if (hasReached(each)) reached.add(each.entitlement);
    else if (each.state === 'posted') posted.add(each.entitlement);
  }
  const size = roll.leaves.size;
  const onlyPosted = [...posted].filter((entitlement) => !reached.has(entitlement)).length;
  const none = size - reached.size - onlyPosted;
  notebook.remark('DEL-01', {
    zh: `开票时，${size} 户中已送达 ${reached.size} 户，仅张贴 ${onlyPosted} 户，没有送达记录 ${none} 户`,
    en: `at the opening, of ${size} entitlements ${reached.size} had been told, ${onlyPosted} only by a posting, and of ${none} nothing is recorded`,
  });
}
