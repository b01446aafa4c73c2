/**
 * Key files that a passphrase locks, for keys that people carry about: argon2id makes a key of the passphrase, AES-256-GCM seals
 * the secret under it, and the purpose is bound in (SPEC 2.1). The plain form is crypto/key-file.ts.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import argon2 from 'argon2';
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../base/bytes.ts';
import { canonicalText } from '../base/canonical.ts';
import type { Random } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { KeyFileRefusal, KeyPurpose } from '../crypto/key-file.ts';
import { readKeyFile } from '../crypto/key-file.ts';

const KIND = 'owners-vote-locked-key';
/** Far above what a server could afford for each login: here it runs once, on the holder's own computer. */
const ARGON2 = { type: argon2.argon2id, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES, SECRET_BYTES] = [16, 12, 16, 32] as const;
export const MIN_PASSPHRASE = 10;

const bytesOf = (size: number) =>
  z
    .string()
    .refine((text) => fromBase64Url(text)?.length === size)
    .transform((text) => fromBase64Url(text) ?? new Uint8Array());

const lockedFile = z.strictObject({
  kind: z.literal(KIND),
  purpose: z.string(),
  salt: bytesOf(SALT_BYTES),
  nonce: bytesOf(NONCE_BYTES),
  sealed: bytesOf(SECRET_BYTES + TAG_BYTES),
  v: z.literal(1),
});

/** Asks for a line that is not shown. */
export type AskSecret = (question: string) => Promise<string>;

const keyOf = (passphrase: string, salt: Uint8Array): Promise<Uint8Array> =>
  argon2.hash(passphrase.normalize('NFC'), {
    ...ARGON2,
    salt: Buffer.from(salt),
    raw: true,
    hashLength: 32,
  });

const boundTo = (purpose: string): Uint8Array => utf8(`${KIND} ${purpose}`);

/** Writes a locked key file of mode 0600; an existing file is never overwritten. */
export async function writeLockedKey(
  path: string,
  purpose: KeyPurpose,
  secret: Uint8Array,
  passphrase: string,
  random: Random,
): Promise<Result<undefined, Refusal<'KEY_FILE_EXISTS' | 'KEY_FILE_UNWRITABLE'>>> {
  const [salt, nonce] = [random(SALT_BYTES), random(NONCE_BYTES)];
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce);
  cipher.setAAD(boundTo(purpose));
  const sealed = concat(cipher.update(secret), cipher.final(), cipher.getAuthTag());
  const [saltText, nonceText, sealedText] = [salt, nonce, sealed].map(toBase64Url);
  const file = { kind: KIND, purpose, salt: saltText, nonce: nonceText, sealed: sealedText, v: 1 };
  try {
    writeFileSync(path, `${canonicalText(file as Record<string, string | number>)}\n`, {
      flag: 'wx',
      mode: 0o600,
      flush: true,
    });
    return ok(undefined);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return refuse(isThere ? 'KEY_FILE_EXISTS' : 'KEY_FILE_UNWRITABLE', path);
  }
}

type OpenRefusal = KeyFileRefusal | Refusal<'KEY_FILE_PASSPHRASE'>;

/** The secret of a plain or a locked key file; the passphrase is asked for only where there is one. */
export async function openKeyFile(
  path: string,
  purpose: KeyPurpose,
  ask: AskSecret,
): Promise<Result<Uint8Array, OpenRefusal>> {
  const plain = readKeyFile(path, purpose);
  // Existence and mode were looked at before the content was.
  if (plain.ok || plain.refusal.code !== 'KEY_FILE_MALFORMED') return plain;
  const file = lockedFile.safeParse(parsed(readFileSync(path, 'utf8')));
  if (!file.success) return plain;
  if (file.data.purpose !== purpose) return refuse('KEY_FILE_PURPOSE', path, { wanted: purpose });
  const { salt, nonce, sealed } = file.data;
  const passphrase = await ask('口令 Passphrase: ');
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce);
  decipher.setAAD(boundTo(purpose));
  decipher.setAuthTag(sealed.subarray(SECRET_BYTES));
  try {
    return ok(concat(decipher.update(sealed.subarray(0, SECRET_BYTES)), decipher.final()));
  } catch {
    return refuse('KEY_FILE_PASSPHRASE', path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of a standard input that is no terminal; the rest of them wait for the next question. */
let piped: AsyncIterator<string> | undefined;

/** From the terminal without an echo, or the next line of a standard input that is none. */
export const askSecret: AskSecret = async (question) => {
  if (process.stdin.isTTY !== true) {
    piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const next = await piped.next();
    return next.done === true ? '' : next.value;
  }
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const line = await new Promise<string>((resolve) => lines.question('', resolve));
  lines.close();
  process.stderr.write('\n');
  return line;
};
