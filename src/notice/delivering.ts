/** Messages go to the gateway outside every transaction: at least once, always under the same id; one that is never taken becomes paper (SPEC 3.7). */
import { assert, present } from '../base/assert.ts';
import { fromUtf8 } from '../base/bytes.ts';
import type { AtRestKeys } from '../crypto/at-rest.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import type { NoticeEvent } from '../record/told.ts';
import { EVENTS } from '../record/told.ts';
import type { NoticeFacts } from './domain/announcement-text.ts';
import { shortText } from './domain/announcement-text.ts';
import { isPrintable, MESSAGE_RETRYING, pauseAfter, REMINDER } from './domain/outgoing.ts';
import type { AnnouncingDeps } from './notice-deps.ts';
import type { Recipient } from './recipients.ts';
import { recipientPlace } from './recipients.ts';
import { deleteChanges } from './store/email-changes.ts';
import type { OutboxRow } from './store/outbox.ts';
import { claimMessages, countStates, eraseRecipients, settleMessage } from './store/outbox.ts';
import { timelyFacts } from './timely-facts.ts';
import type { Gateway, WebhookAnswer } from './webhook.ts';
import { sendWebhook } from './webhook.ts';

/** Longer than the slowest answer of a gateway, so that a message under way is not sent by two. */
const LEASE_MS = 60_000;
const AT_ONCE = 8;
/** How long it stays readable where an announcement went: as long as objections and their answers take. */
const KEPT_MS = 180 * 86_400_000;

/** An announcement's receiver and the facts of its text; the recipient is gone once it was erased. */
export function openOutboxRow(
  atRest: AtRestKeys,
  row: Pick<OutboxRow, 'community_id' | 'outbox_id' | 'event' | 'facts' | 'sealed_recipient'>,
): { readonly event: NoticeEvent; readonly facts: NoticeFacts; readonly recipient: Recipient } | undefined {
  if (row.sealed_recipient === null) return undefined;
  const place = recipientPlace(row.community_id, row.outbox_id);
  const text = present(fromUtf8(openAtRest(atRest, place, row.sealed_recipient)), 'sealed by us');
  const recipient = JSON.parse(text) as Recipient;
  const event = row.event as NoticeEvent;
  assert(EVENTS.includes(event), `${row.event} is an event`);
  const facts = JSON.parse(row.facts) as Omit<NoticeFacts, 'place'>;
  return { event, recipient, facts: { ...facts, place: recipient.place } };
}

/** A random share in 0..1, from a byte: enough to spread tries. */
export const shareOf = (random: AnnouncingDeps['random']): number => (random(1)[0] ?? 0) / 255;

async function settle(
  { db, clock, random }: AnnouncingDeps,
  row: OutboxRow,
  recipient: Recipient,
  answer: WebhookAnswer,
): Promise<void> {
  const now = BigInt(clock());
  if (answer.taken) {
    const state = answer.delivered ? 'delivered' : 'sent';
    return settleMessage(db, row, { state, error_code: null, ended_at_ms: now });
  }
  const { code } = answer;
  if (answer.isFinal || row.attempts >= MESSAGE_RETRYING.attempts)
    return isPrintable(recipient) && row.event !== REMINDER
      ? settleMessage(db, row, { channel: 'print', error_code: code })
      : settleMessage(db, row, { state: 'failed', error_code: code, ended_at_ms: now });
  const rest = BigInt(pauseAfter(MESSAGE_RETRYING, row.attempts, shareOf(random)));
  return settleMessage(db, row, { error_code: code, next_at_ms: now + rest });
}

/** What became of a message: the gateway took it or did not, or it came too late and says nothing of the gateway. */
type Course = 'taken' | 'refused' | 'late';

async function deliver(deps: AnnouncingDeps, gateway: Gateway, row: OutboxRow): Promise<Course> {
  const opened = present(openOutboxRow(deps.atRest, row), 'a queued announcement has its recipient');
  const { event, facts: queued, recipient } = opened;
  const { person } = recipient;
  // Only a reminder names its person: a warning is never late.
  const facts =
    person === undefined ? queued : await timelyFacts(deps, row, { event, person, facts: queued });
  if (facts === undefined) {
    const ended = { state: 'failed', error_code: 'MESSAGE_LATE', ended_at_ms: BigInt(deps.clock()) };
    await settleMessage(deps.db, row, ended);
    return 'late';
  }
  const message = {
    id: row.outbox_id,
    template: event,
    phone: recipient.phone,
    text: shortText(event, facts),
    facts: { ...facts },
  };
  const answer = await sendWebhook(gateway, message, deps.clock(), deps.notice.answerMs);
  await settle(deps, row, recipient, answer);
  return answer.taken ? 'taken' : 'refused';
}

export type Delivered = { readonly taken: number; readonly refused: number };

/** Sends what is due, a few at once; stops after a round in which the gateway took nothing, so that a dead one costs one round. */
export async function deliverDue(deps: AnnouncingDeps, rounds = 50): Promise<Delivered> {
  const { gateway } = deps.notice;
  let [taken, refused] = [0, 0];
  for (let round = 0; round < rounds && gateway !== undefined; round += 1) {
    const rows = await claimMessages(deps.db, 'webhook', deps.clock(), LEASE_MS, AT_ONCE);
    const courses = await Promise.all(rows.map((row) => deliver(deps, gateway, row)));
    const turnedAway = courses.filter((course) => course === 'refused').length;
    taken += courses.filter((course) => course === 'taken').length;
    refused += turnedAway;
    if (turnedAway === courses.length) break;
  }
  return { taken, refused };
}

/** Erases who got announcements whose time is over, and whose address of e-mail changed. */
export async function forgetRecipients(deps: AnnouncingDeps): Promise<number> {
  const before = deps.clock() - KEPT_MS;
  const erased = await eraseRecipients(deps.db, before);
  await deleteChanges(deps.db, before);
  return erased;
}

/** Counts for the operator: announcements by state, and those that the gateway gave back. */
export async function outboxGauges(db: Database): Promise<Readonly<Record<string, number>>> {
  const gauges: Record<string, number> = {
    announcements_queued_webhook: 0,
    announcements_queued_email: 0,
    announcements_queued_print: 0,
    announcements_sent: 0,
    announcements_delivered: 0,
    announcements_failed: 0,
  };
  for (const { state, channel, count } of await countStates(db)) {
    const name = state === 'queued' ? `announcements_queued_${channel}` : `announcements_${state}`;
    gauges[name] = (gauges[name] ?? 0) + Number(count);
  }
  return gauges;
}
