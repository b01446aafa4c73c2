// Goal: a secret is read only from a private, well-formed file of its own purpose, and never overwritten. Method: real files in a temporary folder.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { ok, refuse } from '../../src/base/result.ts';
import { readKeyFile, writeKeyFile } from '../../src/crypto/key-file.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fresh = (): string => {
  files += 1;
  return join(folder, `${files}.key`);
};

function holding(text: string, mode = 0o600): string {
  const path = fresh();
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

const content = (change: Record<string, unknown> = {}): string =>
  JSON.stringify({ kind: 'owners-vote-key', purpose: 'ack', secret: toBase64Url(secret), v: 1, ...change });

describe('a key file', () => {
  it('gives back the secret that was written, in a file for its owner alone', () => {
    const path = fresh();
    expect(writeKeyFile(path, 'ack', secret)).toEqual(ok(undefined));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readKeyFile(path, 'ack')).toEqual(ok(secret));
    expect(readFileSync(path, 'utf8')).toBe(`${content()}\n`);
  });

  it('is never overwritten', () => {
    const path = fresh();
    writeKeyFile(path, 'ack', secret);
    expect(writeKeyFile(path, 'ack', new Uint8Array(32))).toEqual(refuse('KEY_FILE_EXISTS', path));
    expect(readKeyFile(path, 'ack')).toEqual(ok(secret));
  });

  it('in a folder that does not exist is not written', () => {
    const path = join(folder, 'none', 'x.key');
    expect(writeKeyFile(path, 'ack', secret)).toEqual(refuse('KEY_FILE_UNWRITABLE', path));
  });

  it.each([0o644, 0o640, 0o604, 0o660, 0o601, 0o666])('of mode %o is refused', (mode) => {
    const path = holding(content(), mode);
    expect(readKeyFile(path, 'ack')).toEqual(refuse('KEY_FILE_MODE', path));
  });

  it.each([0o600, 0o400])('of mode %o is read', (mode) => {
    expect(readKeyFile(holding(content(), mode), 'ack')).toEqual(ok(secret));
  });

  it('of another purpose is refused', () => {
    const path = holding(content());
    expect(readKeyFile(path, 'certificate')).toEqual(
      refuse('KEY_FILE_PURPOSE', path, { wanted: 'certificate' }),
    );
  });

  it('that is not there, or is a folder, is refused as such', () => {
    const missing = join(folder, 'missing.key');
    expect(readKeyFile(missing, 'ack')).toEqual(refuse('KEY_FILE_MISSING', missing));
    const isFolder = join(folder, 'folder.key');
    mkdirSync(isFolder, { mode: 0o700 });
    expect(readKeyFile(isFolder, 'ack')).toEqual(refuse('KEY_FILE_UNREADABLE', isFolder));
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '5'],
    ['a list', '[]'],
    ['half of its text', content().slice(0, 40)],
    ['another kind', content({ kind: 'other' })],
    ['no secret', content({ secret: undefined })],
    ['a secret that is a number', content({ secret: 5 })],
    ['31 bytes', content({ secret: toBase64Url(secret.subarray(1)) })],
    ['33 bytes', content({ secret: toBase64Url(new Uint8Array(33)) })],
    ['a padded secret', content({ secret: `${toBase64Url(secret)}=` })],
    ['a secret with left-over bits', content({ secret: toBase64Url(secret).replace(/.$/, 'x') })],
  ])('that holds %s is malformed', (_, text) => {
    const path = holding(text);
    expect(readKeyFile(path, 'ack')).toEqual(refuse('KEY_FILE_MALFORMED', path));
  });
});
