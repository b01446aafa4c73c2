/** The environment as one frozen Config; a wrong value stops the start, all of them named at once (exit 78). */
import { join, resolve } from 'node:path';
import type { Refusal, Result } from './base/result.ts';
import { ok, refuse } from './base/result.ts';
import { readAddress } from './notice/domain/email.ts';
import type { MailUrl } from './notice/mailing.ts';
import { readMailUrl } from './notice/mailing.ts';
import { isGatewayUrl } from './notice/webhook.ts';
import { packageRoot } from './package-root.ts';
import { parseVkey } from './record/note.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  /** 0: no metrics. */
  readonly metricsPort: number;
  /** The pages' origin; the relying party of passkeys is its host unless set. */
  readonly origin: string;
  readonly rpId: string;
  /** Origin line of the log: the prefix of its address without scheme. */
  readonly logOrigin: string;
  /** Undefined: the embedded PostgreSQL in `dataDir`. */
  readonly database: { readonly appUrl: string; readonly ownerUrl: string | undefined } | undefined;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly production: boolean;
  /** Files of holidays and maintenance windows; the shipped one where the setting is absent. */
  readonly calendars?: readonly string[];
  readonly witnesses: readonly { readonly name: string; readonly vkey: string; readonly url: string }[];
  readonly quorum: number;
  /** Announcements: the gateway's address, and the telephone that every text names; empty where there is none (SPEC 3.7). */
  readonly notice?: { readonly webhookUrl: string; readonly helpLine: string };
  /** E-mail; absent where none is sent. The files hold a password and the authority of the server's certificate, and are empty for none. */
  readonly mail?: MailUrl & {
    readonly from: string;
    readonly passwordFile: string;
    readonly authorityFile: string;
  };
};

const whole = (text: string, min: number, max: number): number | undefined =>
  /^(0|[1-9]\d{0,5})$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;

const splitPaths = (text: string): readonly string[] =>
  text
    .split(';')
    .map((path) => path.trim())
    .filter((path) => path !== '');

const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;

/** Gateways take landlines and short numbers of offices only. */
const HELP_LINE = /^[0-9-]{0,20}$/;

/** `name vkey url` for each line of WITNESSES, separated by `;`. */
function readWitnesses(text: string): Config['witnesses'] | undefined {
  const lines = text.split(';').map((line) => line.trim());
  const witnesses = lines.filter((line) => line !== '').map((line) => line.split(/\s+/));
  const known = witnesses.every(
    ([, vkey, url, more]) => parseVkey(vkey ?? '').ok && URL.canParse(url ?? '') && more === undefined,
  );
  return known ? witnesses.map(([name = '', vkey = '', url = '']) => ({ name, vkey, url })) : undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The mail server; undefined where `SMTP_URL` is not set. Names of variables at fault are added to `faults`. */
function readMail(env: Environment, cwd: string, faults: string[]): Config['mail'] {
  const [url, from, password, authority] = [
    'SMTP_URL',
    'SMTP_FROM',
    'SMTP_PASSWORD_FILE',
    'SMTP_CA_FILE',
  ].map((name) => env[name] ?? '') as [string, string, string, string];
  if (url === '') return undefined;
  const [read, sender] = [readMailUrl(url), readAddress(from)];
  if (read === undefined) faults.push('SMTP_URL');
  if (sender === undefined) faults.push('SMTP_FROM');
  // A user without password, or the other way round, cannot sign in.
  if (read !== undefined && (read.user === '') !== (password === '')) faults.push('SMTP_PASSWORD_FILE');
  if (read === undefined || sender === undefined) return undefined;
  const fileOf = (path: string): string => (path === '' ? '' : resolve(cwd, path));
  return { ...read, from: sender, passwordFile: fileOf(password), authorityFile: fileOf(authority) };
}

/** Reads the environment; the refusal's `where` lists every variable at fault. */
export function readConfig(env: Environment, cwd: string): Result<Config, Refusal<'CONFIG_INVALID'>> {
  const faults: string[] = [];
  const need = <T>(name: string, value: T | undefined, fallback: T): T => {
    if (value === undefined) faults.push(name);
    return value ?? fallback;
  };
  const port = need('PORT', whole(env['PORT'] ?? '8080', 0, 65_535), 8080);
  const metricsPort = need('METRICS_PORT', whole(env['METRICS_PORT'] ?? '0', 0, 65_535), 0);
  const origin = env['ORIGIN'] ?? `http://localhost:${port}`;
  if (!ORIGIN.test(origin)) faults.push('ORIGIN');
  const host = ORIGIN.test(origin) ? new URL(origin).host : 'localhost';
  const witnesses = need('WITNESSES', readWitnesses(env['WITNESSES'] ?? ''), []);
  const quorum = need('WITNESS_QUORUM', whole(env['WITNESS_QUORUM'] ?? '0', 0, witnesses.length), 0);
  const [webhookUrl, helpLine] = [env['NOTICE_WEBHOOK_URL'] ?? '', env['NOTICE_HELP_LINE'] ?? ''];
  if (webhookUrl !== '' && !isGatewayUrl(webhookUrl)) faults.push('NOTICE_WEBHOOK_URL');
  if (!HELP_LINE.test(helpLine)) faults.push('NOTICE_HELP_LINE');
  const mail = readMail(env, cwd, faults);
  const appUrl = env['DATABASE_URL'];
  if (appUrl !== undefined && !/^postgres(ql)?:\/\//.test(appUrl)) faults.push('DATABASE_URL');
  if (faults.length > 0) return refuse('CONFIG_INVALID', faults.join(', '));
  return ok(
    Object.freeze({
      host: env['HOST'] ?? '127.0.0.1',
      port,
      metricsPort,
      origin,
      rpId: env['RP_ID'] ?? host.replace(/:\d+$/, ''),
      logOrigin: env['LOG_ORIGIN'] ?? `${host}/log`,
      database: appUrl === undefined ? undefined : { appUrl, ownerUrl: env['DATABASE_OWNER_URL'] },
      dataDir: resolve(cwd, env['DATA_DIR'] ?? 'data'),
      keysDir: resolve(cwd, env['KEYS_DIR'] ?? 'keys'),
      production: env['NODE_ENV'] === 'production',
      calendars:
        env['CALENDARS'] === undefined
          ? [join(packageRoot(), 'calendars', 'cn-2026.json')]
          : splitPaths(env['CALENDARS']).map((path) => resolve(cwd, path)),
      witnesses,
      quorum,
      notice: { webhookUrl, helpLine },
      ...(mail === undefined ? {} : { mail }),
    }),
  );
}
