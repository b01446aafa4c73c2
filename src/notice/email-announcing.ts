/**
 * That an address of e-mail was confirmed, changed or removed is told to its owner by message or paper, and to the address that his own
 * page ended by a last mail. It follows from no entry of the log (SPEC 3.7; docs/decisions/announcements.md).
 */
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { NoticeEvent } from '../record/told.ts';
import { unitsOfPerson } from '../registry/units.ts';
import { changeSource } from './domain/outgoing.ts';
import { openFormer } from './email-address.ts';
import { mailRow } from './mail-queueing.ts';
import { factsFor, messageRow } from './message-queueing.ts';
import type { AnnouncingDeps } from './notice-deps.ts';
import { markChangeQueued, nextChange } from './store/email-changes.ts';
import { insertOutbox } from './store/outbox.ts';

/** Queues what the oldest untold change means, in one transaction; false where there is none. */
async function announceNext(tx: Tx, deps: AnnouncingDeps): Promise<boolean> {
  const row = await nextChange(tx);
  if (row === undefined) return false;
  const { community_id: community, person_id: person } = row;
  const source = { idx: null, leaf_hash: changeSource(row.code_id) };
  const facts = await factsFor(tx, deps, community);
  const units = await unitsOfPerson(tx, community, person);
  const told = { person, event: row.event as NoticeEvent, units };
  const message = await messageRow(tx, deps, community, facts, source, told);
  const former = deps.notice.mail === undefined ? undefined : openFormer(deps, row);
  const mails = former === undefined ? [] : [mailRow(deps, community, facts, source, { ...told, former })];
  const now = deps.clock();
  await insertOutbox(tx, message === undefined ? mails : [message, ...mails], now);
  await markChangeQueued(tx, row, now);
  return true;
}

/** Queues what every change means that nobody was told of; gives how many there were. */
export async function announceAddresses(deps: AnnouncingDeps): Promise<number> {
  for (let done = 0; ; done += 1)
    if (!(await inTransaction(deps.db, (tx) => announceNext(tx, deps)))) return done;
}
