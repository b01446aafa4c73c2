// Goal: what stops a start is one sentence and exit 78 or 69, never a stack trace; what is missing is set up. Method: the real
// command in a process of its own, with its own folders, against a database of the test server.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEntry } from '../../src/auditlog/entry-writing.ts';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { freePort } from '../../src/cli/free-port.ts';
import { writeKeyFile } from '../../src/crypto/key-file.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { packageRoot } from '../../src/package-root.ts';
import { declare, officersWorld } from '../officers/officers-world.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';

const TSX = join(packageRoot(), 'node_modules', 'tsx', 'dist', 'loader.mjs');
const RUN = `const { run } = await import(${JSON.stringify(join(packageRoot(), 'src/cli/main.ts'))}); process.exitCode = await run(process.argv.slice(1));`;

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

function command(args: readonly string[], env: Record<string, string>, until?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', TSX, '--input-type=module', '-e', RUN, '--', ...args], {
    cwd: packageRoot(),
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
    if (until?.test(out) === true) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const isOneSentence = ({ err, out }: Ended): boolean =>
  err.trim().split('\n').length === 1 && !/\n\s+at /.test(err + out);

let fresh: FreshDatabase;
let folder: string;
let urls: Record<string, string>;
/** Of the service whose keys and database are started again and again. */
let firstPort: string;
beforeAll(async () => {
  firstPort = String(await freePort());
  fresh = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-start-'));
  urls = { DATABASE_URL: fresh.appUrl, DATABASE_OWNER_URL: fresh.ownerUrl };
});
afterAll(async () => {
  await fresh.close();
  rmSync(folder, { recursive: true, force: true });
});

const keysIn = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o700 });
  return path;
};

describe('a start that cannot succeed', { timeout: 60_000 }, () => {
  it('names every wrong variable and ends with 78', async () => {
    const ended = await command(['serve'], { PORT: 'eighty', ORIGIN: 'nowhere' });
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
    expect(ended.err).toContain('PORT, ORIGIN');
  });

  it('refuses a key file that others can read with 78', async () => {
    const keys = keysIn('readable');
    expect(writeKeyFile(join(keys, 'log.key'), 'log', new Uint8Array(32).fill(7)).ok).toBe(true);
    chmodSync(join(keys, 'log.key'), 0o644);
    const ended = await command(['serve'], { ...urls, KEYS_DIR: keys });
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
    expect(ended.err).toContain('log.key');
  });

  it('refuses a key file of another purpose, and a malformed one, with 78', async () => {
    const keys = keysIn('wrong');
    expect(writeKeyFile(join(keys, 'log.key'), 'box', new Uint8Array(32).fill(7)).ok).toBe(true);
    expect((await command(['serve'], { ...urls, KEYS_DIR: keys })).code).toBe(78);
    writeFileSync(join(keys, 'log.key'), 'not a key', { mode: 0o600 });
    const ended = await command(['serve'], { ...urls, KEYS_DIR: keys });
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
  });

  it('refuses a database in which something is sealed by a key that it has not, with 78', async () => {
    const own = await freshDatabase();
    const place = ['a'.repeat(26), 'e'.repeat(26)] as const;
    const sealed = Buffer.from(`01deadbeef${'00'.repeat(40)}`, 'hex');
    await sql`insert into community values (${place[0]}, '测试花园', null, 0)`.execute(own.owner);
    await sql`insert into person values (${place[0]}, ${place[1]}, 'passport', ${Buffer.alloc(37, 1)}, ${sealed}, ${sealed},
      ${sealed}, ${sealed}, ${Buffer.alloc(32)})`.execute(own.owner);
    const env = { DATABASE_URL: own.appUrl, DATABASE_OWNER_URL: own.ownerUrl, KEYS_DIR: keysIn('foreign') };
    const ended = await command(['serve'], env);
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
    expect(ended.err).toContain('person: 4');
    await own.close();
  });

  it('says that the database does not answer with 69', async () => {
    const gone = { DATABASE_URL: 'postgresql://app:secret@127.0.0.1:9/nothing' };
    const ended = await command(['serve'], { ...gone, KEYS_DIR: keysIn('unreachable') });
    expect([ended.code, isOneSentence(ended)]).toEqual([69, true]);
    expect(ended.err).not.toContain('secret');
  });

  it('says which port is taken with 69, that of the metrics too, and the next start is a first one', async () => {
    const own = await freshDatabase();
    const port = String(await freePort());
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const taken = String((holder.address() as AddressInfo).port);
    const env = {
      DATABASE_URL: own.appUrl,
      DATABASE_OWNER_URL: own.ownerUrl,
      KEYS_DIR: keysIn('taken'),
      ORIGIN: `http://localhost:${port}`,
    };
    for (const wrong of [{ PORT: taken }, { METRICS_PORT: taken }]) {
      const ended = await command(['serve'], { ...env, ...wrong });
      expect([ended.code, isOneSentence(ended), ended.err.includes(taken)]).toEqual([69, true, true]);
    }
    holder.close();
    const first = await command(['serve'], { ...env, PORT: port }, /console\/enrol#.*\n.*console\/enrol#/);
    expect([first.code, first.err]).toEqual([0, '']);
    await own.close();
  }, 90_000);

  it('refuses a database of another schema with 78', async () => {
    const other = await freshDatabase();
    await sql`update deployment set schema_hash = sha256('another')`.execute(other.owner);
    for (const env of [
      { DATABASE_URL: other.appUrl },
      { DATABASE_URL: other.appUrl, DATABASE_OWNER_URL: other.ownerUrl },
    ]) {
      const ended = await command(['serve'], { ...env, KEYS_DIR: join(folder, 'wrong-schema') });
      expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
    }
    await other.close();
  });

  it('refuses a configuration that the declared roots do not name with 78', async () => {
    const founded = await freshDatabase();
    await declare(officersWorld(founded, 'founded'), [new Uint8Array(32).fill(9)], 1);
    const ended = await command(['serve'], {
      DATABASE_URL: founded.appUrl,
      DATABASE_OWNER_URL: founded.ownerUrl,
      KEYS_DIR: keysIn('founded'),
      ORIGIN: 'https://other.example',
    });
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
    expect(ended.err).toContain('vote.example');
    await founded.close();
  });

  it('asks for the root declaration in production', async () => {
    const ended = await command(['serve'], {
      ...urls,
      KEYS_DIR: keysIn('production'),
      NODE_ENV: 'production',
    });
    expect([ended.code, isOneSentence(ended)]).toEqual([78, true]);
  });
});

describe('a first start', () => {
  it('prints the addresses and demo letters, stops on a signal with 0, and starts again on what it made', async () => {
    const env = { ...urls, KEYS_DIR: keysIn('first'), PORT: firstPort };
    const first = await command(['serve'], env, /console\/enrol#.*\n.*console\/enrol#/);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(new RegExp(`http://localhost:${firstPort}/e#[0-9A-Z]{27} {2}末六位`));
    const again = await command(['serve'], env, /serving/);
    expect([again.code, again.err]).toEqual([0, '']);
  }, 90_000);
});

/** The same server's database of another name. */
const renamed = (url: string, name: string): string =>
  url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, (_, before: string) => `${before}${name}`);

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: renamed(fresh.adminUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('a restored database', () => {
  it('that is a day old makes the service refuse to sign, say why and what to do, and end with 1; the right one starts again', async () => {
    const name = present(/^\w+:\/\/[^/]*\/([^?]*)/.exec(fresh.appUrl)?.[1], 'a database in the address');
    const yesterday = `${name}_yesterday`;
    const keys = join(folder, 'first');
    const guard = (): { size: number } =>
      JSON.parse(readFileSync(join(keys, 'log-guard.json'), 'utf8')) as { size: number };
    const env = { ...urls, KEYS_DIR: keys, PORT: firstPort };
    const old = { ...env, DATABASE_URL: renamed(fresh.appUrl, yesterday) };
    await asAdmin(`create database ${yesterday} template ${name}`);
    try {
      const before = guard().size;
      const officer = newId((size) => new Uint8Array(randomBytes(size)));
      await inTransaction(fresh.db, (tx) =>
        writeEntry(tx, { v: 1, kind: 'officer.removed', officer, community: '' }, []),
      );
      expect((await command(['serve'], env, /serving/)).code).toBe(0);
      expect(guard().size).toBe(before + 1);

      const ended = await command(['serve'], {
        ...old,
        DATABASE_OWNER_URL: renamed(fresh.ownerUrl, yesterday),
      });
      expect([ended.code, isOneSentence({ ...ended, out: '' })]).toEqual([1, true]);
      expect(ended.err).toContain('LOG_GUARD_ROLLED_BACK');
      expect(ended.err).toContain(`数据库只有 ${before} 个条目,而已签到 ${before + 1}`);
      expect(ended.err).toContain(`Recover it to at least ${before + 1} entries; do not edit the guard.`);
      expect(guard().size).toBe(before + 1);
      expect((await command(['serve'], env, /serving/)).code).toBe(0);
    } finally {
      await asAdmin(`drop database ${yesterday} with (force)`);
    }
  }, 120_000);

  it('that is empty makes the service refuse to sign, say why and end with 1', async () => {
    const rolled = await freshDatabase();
    const keys = join(folder, 'first');
    const ended = await command(['serve'], {
      DATABASE_URL: rolled.appUrl,
      DATABASE_OWNER_URL: rolled.ownerUrl,
      KEYS_DIR: keys,
      PORT: firstPort,
    });
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('LOG_GUARD');
    await rolled.close();
  }, 60_000);
});
