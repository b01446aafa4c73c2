/**
 * One e-mail to the mail server of the operator. The address, the texts and what the server answers come from outside: no file and no
 * address of the network is ever followed, and of an answer little is kept (SPEC 3.7).
 */
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { MailText } from './domain/email.ts';

/** Where mail is handed in; `user` is empty where the server asks for none. */
export type MailServer = {
  readonly host: string;
  readonly port: number;
  /** Encrypted from the first byte, after STARTTLS, or not at all, which only this computer may be. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly user: string;
  readonly password: string;
  /** Plain address of the sender. */
  readonly from: string;
  /** PEM of the authority that the server's certificate comes from; undefined where the usual ones know it. */
  readonly authority: string | undefined;
};

/** `id` becomes the Message-ID, so that a mail that arrives twice is known to be one. */
export type Mail = MailText & { readonly id: string; readonly to: string };

/** Why a mail was not taken; closed codes of `outbox.error_code`. */
export type MailFault =
  | 'MAIL_UNREACHABLE'
  | 'MAIL_TIMEOUT'
  | 'MAIL_UNANSWERED'
  | 'MAIL_BUSY'
  | 'MAIL_SETTINGS'
  | 'MAIL_REFUSED'
  | 'MAIL_ADDRESS_NONE'
  | 'MAIL_LATE';

/** How long all may take until the server has every byte of the mail, and then until it says that it keeps it (RFC 5321 §4.5.3.2.6). */
export type MailLimits = { readonly answerMs: number; readonly takingMs: number };

export type MailAnswer =
  | { readonly taken: true; readonly receipt: string }
  | { readonly taken: false; readonly code: MailFault; readonly isFinal: boolean };

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const MAX_ANSWER_BYTES = 16_384;
/** Of what the server says, before it is looked through. */
const LONGEST_ANSWER = 512;
const LONGEST_RECEIPT = 200;
const LONGEST_SUBJECT = 80;

/** What `SMTP_URL` says: `smtp://` or `smtps://`, with a user at most; undefined where it is none of these. */
export type MailUrl = Pick<MailServer, 'host' | 'port' | 'user'> & {
  readonly isTls: boolean;
  readonly isLoopback: boolean;
};

/** A user with what stands escaped in an address; undefined where that is no text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads `SMTP_URL`; a password in it is refused, since an environment is shown to many. */
export function readMailUrl(text: string): MailUrl | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const isTls = protocol === 'smtps:';
  if (!isTls && protocol !== 'smtp:') return undefined;
  if (hostname === '' || password !== '' || !['', '/'].includes(pathname) || search !== '' || hash !== '')
    return undefined;
  const user = decoded(username);
  if (user === undefined) return undefined;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    user,
    isTls,
    isLoopback: LOOPBACK.includes(hostname),
  };
}

/** A header's value on one line: what could end it is gone. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** What the server said, on one line, without a word that holds an address or the local part or the domain of the receiver's. */
function receiptOf(response: string, to: string): string {
  const domain = domainOf(to).toLowerCase();
  const local = to.slice(0, -domain.length - 1).toLowerCase();
  const tells = ['@', '%40', local, domain];
  return onOneLine(response.slice(0, LONGEST_ANSWER))
    .split(' ')
    .map((word) => (tells.some((each) => word.toLowerCase().includes(each)) ? '…' : word))
    .join(' ')
    .slice(0, LONGEST_RECEIPT);
}

function transportOf(
  { host, port, encryption, user, password, from, authority }: MailServer,
  { answerMs: ms, takingMs }: MailLimits,
  onHandedOver: () => void,
) {
  return createTransport({
    // nodemailer would ask a name server for it, and whoever answers would get mail without encryption.
    host: host === 'localhost' ? '127.0.0.1' : host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    name: domainOf(from),
    tls: {
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(authority === undefined ? {} : { ca: authority }),
    },
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    dnsTimeout: ms,
    connectionTimeout: ms,
    greetingTimeout: ms,
    socketTimeout: ms + takingMs,
    logger: { info: ({ tnx }) => (tnx === 'message' ? onHandedOver() : undefined) },
    maxResponseSize: MAX_ANSWER_BYTES,
    allowInternalNetworkInterfaces: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

type SmtpError = {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
};

const failed = (code: MailFault, isFinal = false): MailAnswer => ({ taken: false, code, isFinal });

/** Answers that ask for a login or refuse it, at whatever command (RFC 4954 §6). */
const LOGIN_STATUSES: readonly number[] = [530, 534, 535, 538];

/**
 * Whether a permanent answer is about the receiver or the mail: of the enhanced codes (RFC 3463) those of the mailbox and of the content, but
 * 5.1.7 and 5.1.8, which are the sender's; a server without enhanced codes is believed by its command alone.
 */
function isAboutReceiver(status: number, command: unknown, response: unknown): boolean {
  if (LOGIN_STATUSES.includes(status) || (command !== 'RCPT TO' && command !== 'DATA')) return false;
  const [, enhanced] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?!\S)/.exec(String(response)) ?? [];
  return enhanced === undefined || (/^5\.[126]\./.test(enhanced) && !/^5\.1\.[78]$/.test(enhanced));
}

/** Only a refusal of this receiver or of this mail is final: what the server says of the sender or of itself, an operator puts right. */
function faultOf({ code, command, responseCode, response }: SmtpError): MailAnswer {
  const status = typeof responseCode === 'number' ? responseCode : 0;
  if (status >= 500 && status !== 503)
    return isAboutReceiver(status, command, response)
      ? failed('MAIL_REFUSED', true)
      : failed('MAIL_SETTINGS');
  if (status >= 400) return failed('MAIL_BUSY');
  if (code === 'ETIMEDOUT') return failed('MAIL_TIMEOUT');
  return failed(
    code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS' ? 'MAIL_SETTINGS' : 'MAIL_UNREACHABLE',
  );
}

/**
 * Sends once; never throws. Where the server had the whole mail and its answer never came (`MAIL_UNANSWERED`), it may have kept the mail.
 * `stopping` ends the wait.
 */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  limits: MailLimits,
  stopping?: AbortSignal,
): Promise<MailAnswer> {
  const { id, to, subject, text } = mail;
  const { from } = server;
  const late = new AbortController();
  const signal = stopping === undefined ? late.signal : AbortSignal.any([late.signal, stopping]);
  let isHandedOver = false;
  let timer = setTimeout(() => late.abort(), limits.answerMs);
  const transport = transportOf(server, limits, () => {
    isHandedOver = true;
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(), limits.takingMs);
  });
  try {
    const { response } = await transport.sendMail({
      from: { name: '业主决策电子表决', address: from },
      to: { name: '', address: to },
      envelope: { from, to },
      subject: onOneLine(subject).slice(0, LONGEST_SUBJECT),
      // RFC 2045 §6.8 wants whole line ends under base64.
      text: text.replace(/\r?\n/g, '\r\n'),
      textEncoding: 'base64',
      messageId: `<${id}@${domainOf(from)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal,
    });
    return { taken: true, receipt: receiptOf(response, to) };
  } catch (error) {
    const fault = error as SmtpError;
    if (isHandedOver && typeof fault.responseCode !== 'number') return failed('MAIL_UNANSWERED');
    return signal.aborted ? failed('MAIL_TIMEOUT') : faultOf(fault);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
