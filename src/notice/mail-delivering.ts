/**
 * E-mails go to the mail server outside every transaction: at least once, always under the same Message-ID. The address is looked up at that
 * moment; what is refused for good, or not taken in all its tries, ends there, since another channel carries the same (SPEC 3.7).
 */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { deliveryEmailHash, deliveryMessageHash } from '../record/delivery.ts';
import { communityName } from '../registry/explaining.ts';
import { openOutboxRow, shareOf } from './delivering.ts';
import { codeMail, noticeMail } from './domain/email.ts';
import { CODE_RETRYING, MAIL_RETRYING, pauseAfter, TO_FORMER } from './domain/outgoing.ts';
import { confirmedAddress, openCode } from './email-address.ts';
import type { MailAnswer } from './mailing.ts';
import { sendMail } from './mailing.ts';
import type { AnnouncingDeps, NoticeSettings } from './notice-deps.ts';
import { deleteAsks } from './store/email-asks.ts';
import type { EmailCodeRow } from './store/emails.ts';
import { claimCodes, deleteCodes, settleCode } from './store/emails.ts';
import type { OutboxRow } from './store/outbox.ts';
import { claimMessages, endMails, settleMessage } from './store/outbox.ts';
import { timelyFacts } from './timely-facts.ts';

/** Longer than the slowest mail, so that one under way is not sent by two. */
const LEASE_MS = 15 * 60_000;
const AT_ONCE = 8;
const DAY_MS = 86_400_000;

type MailSettings = NonNullable<NoticeSettings['mail']>;

/** What an answer says of the server: it works, it did not take this one now, or it wants its settings put right and takes none. */
type Course = 'done' | 'waits' | 'stops';

/** An address that is gone, or that is refused for good, says nothing against the server. */
const courseOf = (answer: MailAnswer): Course =>
  answer.taken || answer.isFinal ? 'done' : answer.code === 'MAIL_SETTINGS' ? 'stops' : 'waits';

/** What becomes of a mail after a try; `text` is what was sent, empty where nothing was. */
async function settleNotice(
  { db, clock, random }: AnnouncingDeps,
  row: OutboxRow,
  answer: MailAnswer,
  text = '',
): Promise<void> {
  const now = BigInt(clock());
  // No use is left for an address that no longer holds, nor for what was answered of it.
  const isForgotten = TO_FORMER.includes(row.event);
  const end = { ended_at_ms: now, ...(isForgotten ? { sealed_recipient: null } : {}) };
  if (answer.taken) {
    const { receipt } = answer;
    const hash = present(fromBase64Url(deliveryMessageHash(row.outbox_id, text)), 'own hash');
    const proof = present(fromBase64Url(deliveryEmailHash(hash, receipt)), 'own hash');
    const kept = { receipt: isForgotten ? null : receipt, receipt_proof: proof };
    return settleMessage(db, row, { state: 'sent', error_code: null, ...kept, ...end });
  }
  const { code } = answer;
  // It may have arrived each time: once more, and no third time. What else comes between must not hide that.
  const wasUnanswered = row.error_code === 'MAIL_UNANSWERED';
  const isSpent = row.attempts >= MAIL_RETRYING.attempts || (wasUnanswered && code === 'MAIL_UNANSWERED');
  if (answer.isFinal || isSpent) return settleMessage(db, row, { state: 'failed', error_code: code, ...end });
  const rest = BigInt(pauseAfter(MAIL_RETRYING, row.attempts, shareOf(random)));
  return settleMessage(db, row, {
    error_code: wasUnanswered ? row.error_code : code,
    next_at_ms: now + rest,
  });
}

/** Ends a mail that is handed to no server, which says nothing against the server. */
async function endWith(
  deps: AnnouncingDeps,
  row: OutboxRow,
  code: 'MAIL_ADDRESS_NONE' | 'MAIL_LATE',
): Promise<Course> {
  await settleNotice(deps, row, { taken: false, code, isFinal: true });
  return 'done';
}

async function mailNotice(deps: AnnouncingDeps, mail: MailSettings, row: OutboxRow): Promise<Course> {
  const opened = present(openOutboxRow(deps.atRest, row), 'a queued announcement has its recipient');
  const { event, facts, recipient } = opened;
  const person = present(recipient.person, 'an e-mail goes to a person');
  const told = await timelyFacts(deps, row, { event, person, facts });
  if (told === undefined) return endWith(deps, row, 'MAIL_LATE');
  const to = recipient.former ?? (await confirmedAddress(deps, { community: row.community_id, person }));
  if (to === undefined) return endWith(deps, row, 'MAIL_ADDRESS_NONE');
  const letter = { id: row.outbox_id, to, ...noticeMail(event, told) };
  const answer = await sendMail(mail.server, letter, mail, mail.stopping);
  await settleNotice(deps, row, answer, letter.text);
  return courseOf(answer);
}

async function settleCodeMail(
  { db, clock, random }: AnnouncingDeps,
  row: EmailCodeRow,
  answer: MailAnswer,
): Promise<void> {
  // It may have arrived: whoever waits in vain asks for another.
  if (answer.taken || answer.code === 'MAIL_UNANSWERED') return settleCode(db, row, { state: 'sent' });
  if (answer.isFinal || row.attempts >= CODE_RETRYING.attempts)
    return settleCode(db, row, { state: 'failed' });
  const rest = pauseAfter(CODE_RETRYING, row.attempts, shareOf(random));
  return settleCode(db, row, { next_at_ms: BigInt(clock() + rest) });
}

async function mailCode(deps: AnnouncingDeps, mail: MailSettings, row: EmailCodeRow): Promise<Course> {
  const { address, code } = present(openCode(deps, row), 'a queued code is sealed');
  const text = codeMail(await communityName(deps.db, row.community_id), code);
  const answer = await sendMail(mail.server, { id: row.code_id, to: address, ...text }, mail, mail.stopping);
  await settleCodeMail(deps, row, answer);
  return courseOf(answer);
}

/** Takes what is due and mails it, a few at once, until nothing is left, a round in which the server took nothing, or a fault of the settings. */
async function mailAll<Row>(
  take: () => Promise<readonly Row[]>,
  mail: (row: Row) => Promise<Course>,
  rounds: number,
): Promise<{ readonly waiting: number; readonly isStopped: boolean }> {
  let waiting = 0;
  for (let round = 0; round < rounds; round += 1) {
    const courses = await Promise.all((await take()).map(mail));
    waiting += courses.filter((course) => course !== 'done').length;
    if (courses.includes('stops')) return { waiting, isStopped: true };
    if (!courses.includes('done')) break;
  }
  return { waiting, isStopped: false };
}

/** Mails the codes and then the notices and reminders that are due; gives how many the server did not take. */
export async function mailDue(deps: AnnouncingDeps, rounds = 50): Promise<{ readonly refused: number }> {
  const { mail } = deps.notice;
  await deleteCodes(deps.db, deps.clock() - DAY_MS);
  await deleteAsks(deps.db, deps.clock() - DAY_MS);
  if (mail === undefined) {
    await endMails(deps.db, 'MAIL_OFF', deps.clock());
    return { refused: 0 };
  }
  const codes = await mailAll(
    () => claimCodes(deps.db, deps.clock(), LEASE_MS, AT_ONCE),
    (row) => mailCode(deps, mail, row),
    rounds,
  );
  // What wants its settings put right takes nothing else either: each try would only be lost.
  if (codes.isStopped) return { refused: codes.waiting };
  const notices = await mailAll(
    () => claimMessages(deps.db, 'email', deps.clock(), LEASE_MS, AT_ONCE),
    (row) => mailNotice(deps, mail, row),
    rounds,
  );
  return { refused: codes.waiting + notices.waiting };
}
