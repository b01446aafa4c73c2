/** The monitor's own channel: sheets to print, and messages to a gateway of the office; at least once, under the same id (SPEC 3.7). */
import { join } from 'node:path';
import { replaceFile } from '../../auditlog/durable-file.ts';
import { toHex, utf8 } from '../../base/bytes.ts';
import { civilDateAt } from '../../base/civil-date.ts';
import type { Clock, Random } from '../../base/clock.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { NoticeFacts } from '../../notice/domain/announcement-text.ts';
import { letterText, shortText } from '../../notice/domain/announcement-text.ts';
import { MESSAGE_RETRYING, pauseAfter } from '../../notice/domain/outgoing.ts';
import type { Gateway } from '../../notice/webhook.ts';
import { sendWebhook } from '../../notice/webhook.ts';
import { escaped } from '../letter-pages.tsx';
import type { MonitorState, QueuedAnnouncement } from './monitor-state.ts';

export type Sending = {
  readonly state: MonitorState;
  readonly save: () => void;
  readonly facts: Omit<NoticeFacts, 'place'>;
  readonly printDir: string;
  readonly gateway: Gateway | undefined;
  readonly clock: Clock;
  readonly random: Random;
};

export type Sent = {
  readonly sent: number;
  readonly printed: number;
  readonly refused: number;
  readonly pages: readonly string[];
};

/** Messages of one round, so that a round ends. */
const MOST_MESSAGES = 1_000;

const factsFor = ({ facts }: Sending, { place }: QueuedAnnouncement): NoticeFacts => ({ ...facts, place });

/** What is left of a message after one try; undefined where it was taken. */
async function tryMessage(
  the: Sending,
  gateway: Gateway,
  row: QueuedAnnouncement,
): Promise<QueuedAnnouncement | undefined> {
  const facts = factsFor(the, row);
  const message = {
    id: row.announcement,
    template: row.event,
    phone: row.phone,
    text: shortText(row.event, facts),
    facts: { ...facts },
  };
  const now = the.clock();
  const answer = await sendWebhook(gateway, message, now);
  if (answer.taken) return undefined;
  const attempts = row.attempts + 1;
  if (answer.isFinal || attempts >= MESSAGE_RETRYING.attempts) return { ...row, attempts, channel: 'print' };
  const share = (the.random(1)[0] ?? 0) / 255;
  return { ...row, attempts, nextAt: the.clock() + pauseAfter(MESSAGE_RETRYING, attempts, share) };
}

/** Sends what is due; the first message that is not taken ends the round, since the next would fare no better. */
async function sendMessages(the: Sending): Promise<{ readonly sent: number; readonly refused: number }> {
  const { state, save, gateway, clock } = the;
  let [sent, refused] = [0, 0];
  const due = state.queue.filter(({ channel, nextAt }) => channel === 'webhook' && nextAt <= clock());
  for (const row of due.slice(0, MOST_MESSAGES)) {
    // The office may have taken its gateway away since.
    const left =
      gateway === undefined ? { ...row, channel: 'print' as const } : await tryMessage(the, gateway, row);
    state.queue = state.queue.flatMap((each) => (each !== row ? [each] : left === undefined ? [] : [left]));
    if (left === undefined) sent += 1;
    else if (left.channel === 'webhook') refused += 1;
    save();
    if (refused > 0) break;
  }
  return { sent, refused };
}

const STYLE = `body{font:12pt/1.7 serif;margin:0}section{page-break-after:always;padding:25mm 20mm}
address{font-style:normal;margin-bottom:18mm}.en{font-size:10pt;color:#333}footer{margin-top:12mm;font-size:9pt}`;

function sheet(the: Sending, row: QueuedAnnouncement): string {
  const { zh, en } = letterText(row.event, factsFor(the, row));
  const to = row.address === '' ? '' : `${escaped(row.address)}<br>`;
  return `<section><address>${to}${escaped(row.place)} 业主 收</address>
<h1>表决事项告知</h1><p>${escaped(zh)}</p><p class="en" lang="en">${escaped(en)}</p>
<footer>日志编号 log entry ${row.index} · ${civilDateAt(the.clock())}</footer></section>`;
}

/** Writes what waits for paper into one page; written again after a crash, it is the same file. */
function print(the: Sending): { readonly printed: number; readonly pages: readonly string[] } {
  const { state, save } = the;
  const rows = state.queue.filter(({ channel }) => channel === 'print');
  const [first] = rows;
  if (first === undefined) return { printed: 0, pages: [] };
  const name = toHex(sha256(utf8(rows.map(({ announcement }) => announcement).join('\n')))).slice(0, 8);
  const path = join(the.printDir, `announcements-${String(first.index).padStart(8, '0')}-${name}.html`);
  const sheets = rows.map((row) => sheet(the, row)).join('\n');
  const title = `${the.facts.community} 告知`;
  replaceFile(
    path,
    utf8(
      `<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>\n${sheets}\n</body></html>\n`,
    ),
  );
  state.queue = state.queue.filter(({ channel }) => channel !== 'print');
  save();
  return { printed: rows.length, pages: [path] };
}

/** Sends and prints what waits. */
export async function sendQueued(the: Sending): Promise<Sent> {
  const messages = await sendMessages(the);
  return { ...messages, ...print(the) };
}
