// A real SMTP server on loopback for tests: it speaks STARTTLS, keeps what it took, and can be made
// to answer in every way that a mail server answers.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Config } from '../../src/config.ts';
import type { MailServer } from '../../src/notice/mailing.ts';

export type MailMood =
  | 'takes'
  | 'greylists'
  | 'refuses the receiver'
  | 'refuses the mail'
  | 'refuses the sender'
  | 'refuses to relay'
  | 'wants a login'
  | 'refuses without a code'
  | 'calls it spam'
  | 'refuses the sender late'
  | 'hangs up'
  | 'hangs up at the end'
  | 'hangs at the end'
  | 'is slow at the end'
  | 'hangs';

export type TakenMail = {
  readonly to: readonly string[];
  readonly from: string;
  readonly isEncrypted: boolean;
  readonly user: string;
  /** As it went over the wire. */
  readonly raw: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly text: string;
};

export type TestMailServer = {
  readonly server: MailServer;
  /** As the settings of a service on this computer name it: without encryption. */
  readonly config: NonNullable<Config['mail']>;
  mood: MailMood;
  /** Addresses that it refuses for good, whatever its mood. */
  readonly unknown: string[];
  readonly taken: TakenMail[];
  /** Connections so far. */
  readonly calls: () => number;
  /** Settles when it has a whole mail, whatever it answers. */
  readonly whole: Promise<void>;
  readonly close: () => Promise<void>;
};

/** A key and a certificate for `localhost` that signs itself, good until 2126; they guard nothing but these tests. */
const PEM = readFileSync(new URL('mail-server.pem', import.meta.url), 'utf8');

const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** Words of a header that are encoded as RFC 2047 has it, decoded. */
const decodedHeader = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : Buffer.from(
            text
              .replace(/_/g, ' ')
              .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString('utf8'),
    );

function read(raw: string): Pick<TakenMail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), decodedHeader(line.slice(at + 1).trim())];
    }),
  );
  const body = raw.slice(end + 4);
  const isBase64 = headers['content-transfer-encoding'] === 'base64';
  return { headers, text: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body };
}

export type MailServerOptions = {
  /** Offers no STARTTLS. */
  readonly isPlain?: boolean;
  /** Answers so where it takes a mail. */
  readonly says?: string;
  /** Wants this password of the user `vote`. */
  readonly password?: string;
};

export async function startMailServer(options: MailServerOptions = {}): Promise<TestMailServer> {
  const taken: TakenMail[] = [];
  let calls = 0;
  let tellWhole: () => void = () => undefined;
  const whole = new Promise<void>((resolve) => {
    tellWhole = resolve;
  });
  const smtp = new SMTPServer({
    key: PEM,
    cert: PEM,
    disabledCommands: [
      ...(options.isPlain === true ? ['STARTTLS'] : []),
      ...(options.password === undefined ? ['AUTH'] : []),
    ],
    authOptional: options.password === undefined,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_, done) {
      calls += 1;
      if (started.mood !== 'hangs') done();
    },
    onAuth(auth, _, done) {
      const isGood = auth.username === 'vote' && auth.password === options.password;
      if (isGood) done(null, { user: 'vote' });
      else done(refusal(535, '5.7.8 Authentication failed'));
    },
    onMailFrom(_, __, done) {
      done(started.mood === 'refuses the sender' ? refusal(550, '5.7.1 Sender not allowed') : null);
    },
    onRcptTo({ address }, _, done) {
      if (started.mood === 'greylists') done(refusal(451, '4.7.1 Greylisted, come back later'));
      else if (started.mood === 'hangs up') for (const each of smtp.connections) each.close();
      else if (started.mood === 'refuses the receiver' || started.unknown.includes(address))
        done(refusal(550, `5.1.1 <${address}> unknown`));
      else if (started.mood === 'refuses to relay') done(refusal(554, '5.7.1 Relay access denied'));
      else if (started.mood === 'wants a login') done(refusal(530, 'Authentication required'));
      else if (started.mood === 'refuses without a code') done(refusal(550, `No such user ${address}`));
      else if (started.mood === 'refuses the sender late') done(refusal(550, '5.1.8 Sender domain unknown'));
      else done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => {
        parts.push(part);
      });
      stream.on('end', () => {
        tellWhole();
        if (started.mood === 'hangs up at the end') for (const each of smtp.connections) each.close();
        if (started.mood === 'hangs at the end' || started.mood === 'hangs up at the end') return undefined;
        if (started.mood === 'refuses the mail') return done(refusal(554, '5.6.0 Broken'));
        if (started.mood === 'calls it spam') return done(refusal(554, '5.7.1 Looks like spam'));
        const raw = Buffer.concat(parts).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          isEncrypted: session.secure,
          user: typeof session.user === 'string' ? session.user : '',
          raw,
          ...read(raw),
        });
        const receiver = rcptTo[0]?.address ?? '';
        const said = options.says ?? `Ok: queued as 4XyZ${taken.length} for <${receiver}>`;
        const answer = () => done(null, `2.0.0 ${said}`);
        if (started.mood === 'is slow at the end') return setTimeout(answer, 1_500);
        return answer();
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = smtp.server.address() as AddressInfo;
  const started: TestMailServer = {
    server: {
      host: 'localhost',
      port,
      encryption: options.isPlain === true ? 'none' : 'starttls',
      user: options.password === undefined ? '' : 'vote',
      password: options.password ?? '',
      from: 'notice@vote.example',
      authority: PEM,
    },
    config: {
      host: '127.0.0.1',
      port,
      user: '',
      isTls: false,
      isLoopback: true,
      from: 'notice@vote.example',
      passwordFile: '',
      authorityFile: '',
    },
    mood: 'takes',
    unknown: [],
    taken,
    calls: () => calls,
    whole,
    close: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  };
  return started;
}
