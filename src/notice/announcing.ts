/**
 * Announcements follow from the log after the fact: the entries behind a community's watermark are read in their order, and what they
 * mean for whom is queued in the transaction that moves the watermark, so that a crash neither loses nor doubles one (SPEC 3.7).
 */

import { logSize } from '../auditlog/entries.ts';
import { assert, present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { deliveryMessageHash } from '../record/delivery.ts';
import type { Entry, EntryOf } from '../record/entry.ts';
import { entryForm } from '../record/entry.ts';
import { ANNOUNCED_KINDS, isAnnounced, toldBy } from '../record/explanation.ts';
import type { NoticeEvent } from '../record/told.ts';
import type { TopUpCall } from '../record/top-up.ts';
import { topUpCallForm } from '../record/top-up.ts';
import type { NoticeFacts } from './domain/announcement-text.ts';
import { letterText, placeName, shortText } from './domain/announcement-text.ts';
import { noticeMail } from './domain/email.ts';
import { mailRow, personsToMail } from './mail-queueing.ts';
import { factsFor, messageRow } from './message-queueing.ts';
import type { AnnouncingDeps, CallEntry } from './notice-deps.ts';
import type { Notified } from './noticing.ts';
import { dayOf, ownersToTell, spokenDay } from './noticing.ts';
import type { NoticeMessageRow } from './store/deliveries.ts';
import { insertMessages } from './store/deliveries.ts';
import type { NewOutboxRow } from './store/outbox.ts';
import {
  communitiesBehind,
  insertOutbox,
  isAnnouncedAt,
  lockWatermark,
  moveWatermark,
  nextEntries,
  waitingMessages,
} from './store/outbox.ts';

/** Entries of one transaction: short, since the announcements of a batch of letters are many. */
const ENTRIES_AT_ONCE = 50;
/** Calls to top up of one community that are looked through: two officers sign each. */
const MOST_CALLS = 10_000;

/** What is told of a call to top up, by the kind of the entry. */
const CALL_EVENTS = {
  'topup.called': 'top-up-called',
  'topup.withdrawn': 'top-up-withdrawn',
  'resolution.annulled': 'top-up-annulled',
} as const satisfies Readonly<Record<CallEntry['kind'], NoticeEvent>>;

const isOfCall = (entry: Entry): entry is CallEntry => entry.kind in CALL_EVENTS;

/** What concerns single persons, the notices of meetings, which go to every owner, and calls to top up, which go to the owners called. */
const KINDS = [...ANNOUNCED_KINDS, 'meeting.noticed', ...Object.keys(CALL_EVENTS)];

type EntryRow = Awaited<ReturnType<typeof nextEntries>>[number];

/** Hashes of the texts of a notice, made while it is known whom it goes to: the register must not need the recipient later (SPEC 5.1). */
function proofsOf(
  { outbox_id: id, channel }: Pick<NewOutboxRow, 'outbox_id' | 'channel'>,
  facts: NoticeFacts,
): Pick<NoticeMessageRow, 'message_proof' | 'paper_proof'> {
  const { zh, en } = letterText('meeting-noticed', facts);
  const proof = (text: string): Uint8Array =>
    present(fromBase64Url(deliveryMessageHash(id, text)), 'own hash');
  return {
    message_proof: proof(
      channel === 'email' ? noticeMail('meeting-noticed', facts).text : shortText('meeting-noticed', facts),
    ),
    paper_proof: proof(`${zh}\n${en}`),
  };
}

/** Queues the notice of a meeting for every owner, by e-mail too where he wants it, and keeps which announcement is whose. */
async function announceNotice(
  tx: Tx,
  deps: AnnouncingDeps,
  row: EntryRow,
  { community, meeting, opens }: EntryOf<'meeting.noticed'>,
): Promise<void> {
  const facts = { ...(await factsFor(tx, deps, community)), day: dayOf(opens) };
  const mailed = await personsToMail(tx, deps, community);
  const rows: NewOutboxRow[] = [];
  const messages: NoticeMessageRow[] = [];
  for (const { person, units } of await ownersToTell(tx, community)) {
    const told = { person, event: 'meeting-noticed', units } as const;
    const queued = present(
      await messageRow(tx, deps, community, facts, row, told),
      'a notice goes on paper too',
    );
    const mails = mailed.has(person) ? [mailRow(deps, community, facts, row, told)] : [];
    for (const each of [queued, ...mails]) {
      rows.push(each);
      messages.push({
        community_id: community,
        outbox_id: each.outbox_id,
        meeting_id: meeting,
        person_id: person,
        ...proofsOf(each, { ...facts, place: placeName(units) }),
      });
    }
  }
  await insertOutbox(tx, rows, deps.clock());
  await insertMessages(tx, messages);
}

/** Whether the owners of a call were told of it. */
async function wasCallTold(tx: Tx, { community, call }: TopUpCall): Promise<boolean> {
  const calls = await nextEntries(tx, community, ['topup.called'], 0n, MOST_CALLS);
  const made = calls.find(({ data }) => {
    const entry = entryForm.own(data);
    return entry.kind === 'topup.called' && entry.call === call;
  });
  return made !== undefined && isAnnouncedAt(tx, community, present(made.idx, 'numbered'));
}

/**
 * Queues a call to top up, or that it is over, for the owners of the homes that it asks, by e-mail too where one wants it; never an amount,
 * never an account. Of a call that ended before it was told nobody hears, neither that it was made nor that it is over.
 */
async function announceCall(tx: Tx, deps: AnnouncingDeps, row: EntryRow, entry: CallEntry): Promise<void> {
  const { community } = entry;
  const [bytes] = await deps.explain(tx, community, entry, { entryId: row.id });
  if (bytes === undefined) return;
  const record = topUpCallForm.own(bytes);
  const { dueOn, units } = record;
  const event = CALL_EVENTS[entry.kind];
  if (event !== 'top-up-called' && !(await wasCallTold(tx, record))) return;
  const facts = { ...(await factsFor(tx, deps, community)), day: spokenDay(dueOn) };
  const mailed = await personsToMail(tx, deps, community);
  const called = units.filter(({ dueFen }) => dueFen !== '0').map(({ unit }) => unit);
  const rows: NewOutboxRow[] = [];
  for (const { person, units: own } of await ownersToTell(tx, community, called)) {
    const told = { person, event, units: own } as const;
    rows.push(present(await messageRow(tx, deps, community, facts, row, told), 'a call goes on paper too'));
    if (mailed.has(person)) rows.push(mailRow(deps, community, facts, row, told));
  }
  await insertOutbox(tx, rows, deps.clock());
}

/** A reminder of a meeting: the entry that opened it, and whom it goes to with his units. */
export type Reminder = {
  readonly community: string;
  readonly round: number;
  readonly closes: string;
  readonly entry: Pick<EntryRow, 'idx' | 'leaf_hash'>;
  readonly owners: readonly Notified[];
};

/** Queues a reminder by message and e-mail alone: paper would come too late, and whom neither reaches is visited. */
export async function queueReminders(tx: Tx, deps: AnnouncingDeps, reminder: Reminder): Promise<void> {
  const { community, round, closes, entry, owners } = reminder;
  const facts = { ...(await factsFor(tx, deps, community)), day: dayOf(closes) };
  const mailed = await personsToMail(tx, deps, community);
  const rows: NewOutboxRow[] = [];
  for (const { person, units } of owners) {
    const told = { person, event: 'vote-reminder', units, round } as const;
    const queued = await messageRow(tx, deps, community, facts, entry, told);
    if (queued?.channel === 'webhook') rows.push(queued);
    if (mailed.has(person)) rows.push(mailRow(deps, community, facts, entry, told));
  }
  await insertOutbox(tx, rows, deps.clock());
}

/** Queues what one entry means; throws where the service cannot explain its own entry, so that nobody goes untold in silence. */
async function announceEntry(tx: Tx, deps: AnnouncingDeps, community: string, row: EntryRow): Promise<void> {
  const entry = entryForm.own(row.data);
  if (entry.kind === 'meeting.noticed') return announceNotice(tx, deps, row, entry);
  if (isOfCall(entry)) return announceCall(tx, deps, row, entry);
  assert(isAnnounced(entry), `${entry.kind} is announced`);
  const lines = await deps.explain(tx, community, entry, { entryId: row.id });
  const told = present(toldBy(entry, lines), `entry ${row.idx} is explained by what the database keeps`);
  const facts = await factsFor(tx, deps, community);
  const rows: NewOutboxRow[] = [];
  for (const each of told) {
    const queued = await messageRow(tx, deps, community, facts, row, each);
    if (queued !== undefined) rows.push(queued);
  }
  await insertOutbox(tx, rows, deps.clock());
}

/** One transaction of a community: the next entries; how many were looked at, and whether there may be more at once. */
async function announceSome(
  tx: Tx,
  deps: AnnouncingDeps,
  community: string,
): Promise<{ readonly entries: number; readonly more: boolean }> {
  const from = await lockWatermark(tx, community);
  // Another process announces, or the gateway has fallen so far behind that the log is the better queue.
  if (from === undefined) return { entries: 0, more: false };
  if ((await waitingMessages(tx, community)) >= deps.notice.maxQueued) return { entries: 0, more: false };
  const size = BigInt(await logSize(tx));
  const rows = await nextEntries(tx, community, KINDS, from, ENTRIES_AT_ONCE);
  const known = rows.filter(({ idx }) => present(idx, 'numbered') < size);
  for (const row of known) await announceEntry(tx, deps, community, row);
  const isFull = rows.length === ENTRIES_AT_ONCE;
  const last = known.at(-1);
  const next = isFull && last !== undefined ? present(last.idx, 'numbered') + 1n : size;
  await moveWatermark(tx, community, next);
  return { entries: known.length, more: isFull };
}

/** How far one round of announcing came; a community whose entry cannot be explained stands still, and the others go on. */
export type Announced = {
  readonly entries: number;
  readonly troubles: readonly { readonly community: string; readonly reason: string }[];
};

/** Announces what the log says of every community, until nothing is left or each has had `transactions` of them. */
export async function announceAll(deps: AnnouncingDeps, transactions = 4): Promise<Announced> {
  let entries = 0;
  const troubles: { readonly community: string; readonly reason: string }[] = [];
  for (const community of await communitiesBehind(deps.db)) {
    try {
      for (let done = 0; done < transactions; done += 1) {
        const some = await inTransaction(deps.db, (tx) => announceSome(tx, deps, community));
        entries += some.entries;
        if (!some.more) break;
      }
    } catch (error) {
      troubles.push({ community, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { entries, troubles };
}
