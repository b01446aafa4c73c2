/**
 * The messenger of a process: it announces what the log says and sends what is due, in a round of its own beside the beat, so that
 * neither a dead gateway nor a large batch of letters ever makes a vote, a job or the log wait (SPEC 3.7).
 */
import { remindDue } from '../ballot/reminding.ts';
import { announceAll } from '../notice/announcing.ts';
import { deliverDue, forgetRecipients } from '../notice/delivering.ts';
import { announceAddresses } from '../notice/email-announcing.ts';
import { mailDue } from '../notice/mail-delivering.ts';
import type { MailServer } from '../notice/mailing.ts';
import type { AnnouncingDeps, NoticeSettings } from '../notice/notice-deps.ts';
import type { Gateway } from '../notice/webhook.ts';
import type { BeatLog } from './clockwork.ts';

/** The messenger looks for news this long after its last round. */
export const MESSENGER_PAUSE_MS = 2_000;
/** Messages of one community that may wait for a gateway, before the log itself is the queue. */
const MAX_QUEUED = 20_000;
const GATEWAY_ANSWER_MS = 10_000;
const MAIL_ANSWER_MS = 30_000;
/** As long as RFC 5321 has a sender wait after the last byte: a mail that is given up before is one that arrives twice. */
const MAIL_TAKING_MS = 10 * 60_000;

/** Settings from what was configured; without an address or a secret there is no gateway. */
export function noticeSettings({
  origin,
  notice,
  secrets,
  mailServer,
}: {
  readonly origin: string;
  readonly notice?: { readonly webhookUrl: string; readonly helpLine: string };
  readonly secrets: Gateway['secrets'] | undefined;
  readonly mailServer?: MailServer | undefined;
}): NoticeSettings {
  const { webhookUrl = '', helpLine = '' } = notice ?? {};
  return {
    gateway: webhookUrl === '' || secrets === undefined ? undefined : { url: webhookUrl, secrets },
    helpLine,
    page: new URL(origin).host,
    maxQueued: MAX_QUEUED,
    answerMs: GATEWAY_ANSWER_MS,
    ...(mailServer === undefined
      ? {}
      : { mail: { server: mailServer, answerMs: MAIL_ANSWER_MS, takingMs: MAIL_TAKING_MS } }),
  };
}

/** One round; what fails is reported, and the next round tries again. */
export async function messengerRound(deps: AnnouncingDeps, log: BeatLog): Promise<void> {
  const { troubles } = await announceAll(deps);
  for (const { community, reason } of troubles)
    log('error', 'an entry cannot be announced, its community waits', { community, reason });
  const waits =
    (what: string) =>
    (error: unknown): void =>
      log('error', what, { reason: error instanceof Error ? error.message : String(error) });
  // What cannot be made must hold up no warning that waits.
  await announceAddresses(deps).catch(waits('changed addresses of e-mail wait'));
  await remindDue(deps).catch(waits('reminders wait'));
  const { refused } = await deliverDue(deps);
  if (refused > 0) log('warn', 'the gateway did not take messages', { refused });
  await forgetRecipients(deps);
}

/** One round of e-mail, apart from the other: a mail server that hangs holds up no warning. */
export async function mailRound(deps: AnnouncingDeps, log: BeatLog): Promise<void> {
  const { refused } = await mailDue(deps);
  if (refused > 0) log('warn', 'the mail server did not take mails', { refused });
}

export type Messenger = {
  /** Runs one round now and waits for it. */
  readonly roundNow: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Both kinds of rounds, side by side. */
export function startMessenger(deps: AnnouncingDeps, log: BeatLog, pauseMs: number): Messenger {
  const messages = startRounds(() => messengerRound(deps, log), log, pauseMs);
  const { mail } = deps.notice;
  const stopping = new AbortController();
  // A process that stops waits for no slow mail server.
  const notice =
    mail === undefined ? deps.notice : { ...deps.notice, mail: { ...mail, stopping: stopping.signal } };
  const mails = startRounds(() => mailRound({ ...deps, notice }, log), log, pauseMs);
  return {
    roundNow: async () => {
      await messages.roundNow();
      await mails.roundNow();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([messages.stop(), mails.stop()]);
    },
  };
}

/** Rounds one after the other, `pauseMs` apart, until it is stopped. */
function startRounds(round: () => Promise<void>, log: BeatLog, pauseMs: number): Messenger {
  let isStopped = false;
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();
  const roundNow = (): Promise<void> => {
    const next = running.then(round);
    running = next.catch(() => undefined);
    return next;
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      await roundNow().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log('error', 'announcing failed', { reason });
      });
      if (isStopped) return;
      await new Promise<void>((resolve) => {
        const pause = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(pause);
          resolve();
        };
      });
    }
  };
  const looping = loop();
  return {
    roundNow,
    stop: async () => {
      isStopped = true;
      wake();
      await looping;
      await running;
    },
  };
}
