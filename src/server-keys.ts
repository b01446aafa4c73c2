/** The server's own keys in `keys/`: made at the first start, read at every other; each file serves one purpose (SPEC 2.1). */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SigningKey } from './ballot/tokens.ts';
import type { Random } from './base/clock.ts';
import type { Refusal, Result } from './base/result.ts';
import { ok, refuse } from './base/result.ts';
import type { Config } from './config.ts';
import type { AtRestKeys } from './crypto/at-rest.ts';
import { atRestKeys } from './crypto/at-rest.ts';
import { publicKeyOf } from './crypto/ed25519.ts';
import type { KeyFileRefusal, KeyPurpose } from './crypto/key-file.ts';
import { readKeyFile, readPrivateFile, writeKeyFile } from './crypto/key-file.ts';
import type { ProviderClient } from './identity/provider-client.ts';
import type { MailServer } from './notice/mailing.ts';

export type ServerKeys = {
  readonly log: SigningKey;
  readonly ballot: SigningKey;
  readonly ack: SigningKey;
  readonly certificate: SigningKey;
  readonly atRest: AtRestKeys;
  /** Of the salts under officers' commitments; apart from the index, so that no change of that gives an officer a second identity. */
  readonly identity: Uint8Array;
  /** Secrets that messages to the gateway are signed with: the current one, then the one before while it is being changed. */
  readonly webhook?: readonly [Uint8Array, ...Uint8Array[]];
  /** What this service is at identity providers (SPEC 3.4). */
  readonly providerClients?: readonly ProviderClient[];
};

export type ServerKeysRefusal = KeyFileRefusal | Refusal<'KEY_FILE_UNWRITABLE'>;

/** The secret of a purpose; a missing file is made. */
export function readOrMakeKey(
  keysDir: string,
  name: string,
  purpose: KeyPurpose,
  random: Random,
): Result<Uint8Array, ServerKeysRefusal> {
  const path = join(keysDir, `${name}.key`);
  const read = readKeyFile(path, purpose);
  if (read.ok || read.refusal.code !== 'KEY_FILE_MISSING') return read;
  const secret = random(32);
  try {
    mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  } catch {
    return refuse('KEY_FILE_UNWRITABLE', keysDir);
  }
  const written = writeKeyFile(path, purpose, secret);
  return written.ok ? ok(secret) : refuse('KEY_FILE_UNWRITABLE', path);
}

/** The gateway's secrets, where the operator made any: `webhook.key`, and `webhook-former.key` while it is being changed. */
function readWebhookSecrets(keysDir: string): Result<ServerKeys['webhook'], KeyFileRefusal> {
  const current = readKeyFile(join(keysDir, 'webhook.key'), 'webhook');
  if (!current.ok) return current.refusal.code === 'KEY_FILE_MISSING' ? ok(undefined) : current;
  const former = readKeyFile(join(keysDir, 'webhook-former.key'), 'webhook');
  if (former.ok) return ok([current.value, former.value]);
  return former.refusal.code === 'KEY_FILE_MISSING' ? ok([current.value]) : former;
}

/** The mail server with what its files hold; undefined where there is none. Without an authority of its own, this computer's needs no encryption. */
export function readMailServer(
  mail: Config['mail'],
): Result<MailServer | undefined, Refusal<'MAIL_FILE_UNREADABLE'>> {
  if (mail === undefined) return ok(undefined);
  const { host, port, user, from, isTls, isLoopback, passwordFile, authorityFile } = mail;
  const password = passwordFile === '' ? ok('') : readPrivateFile(passwordFile);
  if (!password.ok) return refuse('MAIL_FILE_UNREADABLE', passwordFile);
  let authority: string | undefined;
  try {
    authority = authorityFile === '' ? undefined : readFileSync(authorityFile, 'utf8');
  } catch {
    return refuse('MAIL_FILE_UNREADABLE', authorityFile);
  }
  const isPlain = isLoopback && authority === undefined;
  const encryption = isTls ? 'tls' : isPlain ? 'none' : 'starttls';
  return ok({ host, port, user, from, encryption, password: password.value.trimEnd(), authority });
}

const CLIENT_MEMBERS = ['iss', 'clientId', 'clientSecret', 'scope'] as const;

/** The clients of `providers.json`, where the operator wrote one: `{"kind":"owners-vote-providers","clients":[…]}`. */
function readProviderClients(keysDir: string): Result<readonly ProviderClient[], KeyFileRefusal> {
  const path = join(keysDir, 'providers.json');
  const text = readPrivateFile(path);
  if (!text.ok) return text.refusal.code === 'KEY_FILE_MISSING' ? ok([]) : text;
  try {
    const { kind, clients } = JSON.parse(text.value) as Record<string, unknown>;
    const isList = kind === 'owners-vote-providers' && Array.isArray(clients);
    if (isList && clients.every(isProviderClient)) return ok(clients);
  } catch {
    // As malformed as any other content.
  }
  return refuse('KEY_FILE_MALFORMED', path);
}

const isProviderClient = (found: unknown): found is ProviderClient =>
  typeof found === 'object' &&
  found !== null &&
  CLIENT_MEMBERS.every((name) => typeof (found as Record<string, unknown>)[name] === 'string') &&
  Object.keys(found).length === CLIENT_MEMBERS.length;

/**
 * The secrets of `seal-*.key`, which open and do not seal, or of `index-*.key`, which find and do not index: former ones until everything
 * was done anew, and one to come, which every process must know before any of them works by it.
 */
function readOthers(
  keysDir: string,
  purpose: 'seal' | 'index',
): Result<readonly Uint8Array[], KeyFileRefusal> {
  const names = readdirSync(keysDir).filter(
    (name) => name.startsWith(`${purpose}-`) && /-.+\.key$/.test(name),
  );
  const secrets: Uint8Array[] = [];
  for (const name of names.sort()) {
    const secret = readKeyFile(join(keysDir, name), purpose);
    if (!secret.ok) return secret;
    secrets.push(secret.value);
  }
  return ok(secrets);
}

/** All keys that the service needs. */
export function readServerKeys(keysDir: string, random: Random): Result<ServerKeys, ServerKeysRefusal> {
  const secrets: Uint8Array[] = [];
  for (const purpose of ['log', 'ballot', 'ack', 'certificate', 'seal', 'index', 'identity'] as const) {
    const secret = readOrMakeKey(keysDir, purpose, purpose, random);
    if (!secret.ok) return secret;
    secrets.push(secret.value);
  }
  const [log, ballot, ack, certificate, seal, index, identity] = secrets as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const otherSeals = readOthers(keysDir, 'seal');
  if (!otherSeals.ok) return otherSeals;
  const otherIndexes = readOthers(keysDir, 'index');
  if (!otherIndexes.ok) return otherIndexes;
  const webhook = readWebhookSecrets(keysDir);
  if (!webhook.ok) return webhook;
  const clients = readProviderClients(keysDir);
  if (!clients.ok) return clients;
  const signing = (seed: Uint8Array): SigningKey => ({ seed, publicKey: publicKeyOf(seed) });
  return ok({
    log: signing(log),
    ballot: signing(ballot),
    ack: signing(ack),
    certificate: signing(certificate),
    atRest: atRestKeys([seal, ...otherSeals.value], [index, ...otherIndexes.value]),
    identity,
    providerClients: clients.value,
    ...(webhook.value === undefined ? {} : { webhook: webhook.value }),
  });
}

/** What an operator is told of a key file that stops the start. */
export function keyFileSentence(refusal: ServerKeysRefusal): string {
  const where = refusal.where ?? '';
  switch (refusal.code) {
    case 'KEY_FILE_MODE':
      return `密钥文件权限过宽,请执行 chmod 600 Key file can be read by others: ${where}`;
    case 'KEY_FILE_PURPOSE':
      return `密钥文件用途不符(应为 ${refusal.facts?.['wanted'] ?? ''}) Key file serves another purpose: ${where}`;
    case 'KEY_FILE_MALFORMED':
      return `密钥文件内容有误 Key file is malformed: ${where}`;
    case 'KEY_FILE_UNWRITABLE':
      return `无法写入密钥文件 Key file cannot be written: ${where}`;
    default:
      return `无法读取密钥文件 Key file cannot be read: ${where}`;
  }
}
