/** Key files: one purpose and one 32-byte secret in a file of mode 0600; the only file access below the shell (DESIGN §4). */
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { canonicalText } from '../base/canonical.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';

/** What a secret may be used for; a key file of another purpose is refused. */
export type KeyPurpose =
  | 'log'
  | 'ballot'
  | 'ack'
  | 'certificate'
  | 'identity'
  | 'index'
  | 'seal'
  | 'root'
  | 'officer'
  | 'box'
  | 'witness'
  | 'webhook';

export type KeyFileRefusal = Refusal<
  'KEY_FILE_MISSING' | 'KEY_FILE_MODE' | 'KEY_FILE_MALFORMED' | 'KEY_FILE_PURPOSE' | 'KEY_FILE_UNREADABLE'
>;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** Reads a secret; refuses a file that others can read, that is malformed, or that serves another purpose. */
export function readKeyFile(path: string, purpose: KeyPurpose): Result<Uint8Array, KeyFileRefusal> {
  const text = readPrivateFile(path);
  return text.ok ? parseKeyFile(path, text.value, purpose) : text;
}

/** The text of a file that holds secrets; refuses one that others can read. */
export function readPrivateFile(path: string): Result<string, KeyFileRefusal> {
  try {
    const file = openSync(path, 'r');
    try {
      const mode = fstatSync(file).mode & 0o077;
      if (process.platform !== 'win32' && mode !== 0) return refuse('KEY_FILE_MODE', path);
      return ok(readFileSync(file, 'utf8'));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return refuse(codeOf(error) === 'ENOENT' ? 'KEY_FILE_MISSING' : 'KEY_FILE_UNREADABLE', path);
  }
}

function parseKeyFile(path: string, text: string, purpose: KeyPurpose): Result<Uint8Array, KeyFileRefusal> {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return refuse('KEY_FILE_MALFORMED', path);
  }
  const { kind, purpose: foundPurpose, secret } = (found ?? {}) as Record<string, unknown>;
  const bytes = typeof secret === 'string' ? fromBase64Url(secret) : undefined;
  if (kind !== 'owners-vote-key' || bytes?.length !== 32) return refuse('KEY_FILE_MALFORMED', path);
  if (foundPurpose !== purpose) return refuse('KEY_FILE_PURPOSE', path, { wanted: purpose });
  return ok(bytes);
}

/** Writes a new secret; an existing file is never overwritten. */
export function writeKeyFile(
  path: string,
  purpose: KeyPurpose,
  secret: Uint8Array,
): Result<undefined, Refusal<'KEY_FILE_EXISTS' | 'KEY_FILE_UNWRITABLE'>> {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(
        file,
        `${canonicalText({ kind: 'owners-vote-key', purpose, secret: toBase64Url(secret), v: 1 })}\n`,
      );
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return ok(undefined);
  } catch (error) {
    return refuse(codeOf(error) === 'EEXIST' ? 'KEY_FILE_EXISTS' : 'KEY_FILE_UNWRITABLE', path);
  }
}
