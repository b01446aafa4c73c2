// Goal: the supervisor keeps one real PostgreSQL per data folder through crashes, loses nothing that was acknowledged, and answers what can be
// expected to go wrong with a refusal. Method: real starts with the safe settings, killed processes, and folders damaged on purpose.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import { refuseFileError } from '../../src/db/embedded/engine-user.ts';
import { dropLock, takeLock } from '../../src/db/embedded/folder-lock.ts';
import { findEngine, restoreLinks } from '../../src/db/embedded/platform-package.ts';
import {
  ask,
  box,
  cleanUpBoxes,
  endChild,
  isRoot,
  killAndWait,
  pidOf,
  refusalOf,
  start,
  startChild,
  until,
} from '../support/embedded-boxes.ts';

cleanUpBoxes();
afterEach(() => {
  delete process.env['PGSSLMODE'];
});

describe('the embedded database', () => {
  it('is a real PostgreSQL with safe settings, two separate logins, and no network port', async () => {
    const embedded = await start(join(box(), 'data'));
    const settings = await ask(
      embedded.ownerUrl,
      `select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listen,
        current_setting('full_page_writes') as pages, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual([
      {
        fsync: 'on',
        checksums: 'on',
        listen: process.platform === 'win32' ? '127.0.0.1' : '',
        pages: 'on',
        encoding: 'UTF8',
      },
    ]);
    await ask(embedded.ownerUrl, 'create table t (id integer)');
    await expect(ask(embedded.appUrl, 'select * from t')).rejects.toThrow(/permission denied/);
    await expect(ask(embedded.appUrl, 'create table u (id integer)')).rejects.toThrow(/permission denied/);
    await expect(ask(embedded.ownerUrl, 'create role r')).rejects.toThrow(/permission denied/);
    await expect(ask(embedded.ownerUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      /password/,
    );
    expect(embedded.version).toMatch(/^18\./);
  });

  it('keeps its files from other users', async () => {
    const { folder } = await start(join(box(), 'data'));
    expect(statSync(join(folder, 'pg')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'pg-passwords.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'pg.log')).mode & 0o777).toBe(0o600);
  });

  it('logs no value of a refused row', async () => {
    const embedded = await start(join(box(), 'data'));
    await ask(embedded.ownerUrl, 'create table person (number text primary key)');
    await ask(embedded.ownerUrl, `insert into person values ('secret-number')`);
    const client = new pg.Client({ connectionString: embedded.ownerUrl });
    await client.connect();
    await client.query('insert into person values ($1)', ['secret-number']).catch(() => undefined);
    await client.end();
    expect(readFileSync(join(embedded.folder, 'pg.log'), 'utf8')).toMatch(/duplicate key/);
    expect(
      readFileSync(join(embedded.folder, 'pg.log'), 'utf8')
        .split('\n')
        .filter((line) => /DETAIL|secret-number/.test(line)),
    ).toEqual([]);
  });

  it('stops, starts again with the same passwords, and has its rows', async () => {
    const dataDir = join(box(), 'data');
    const lines: string[] = [];
    const first = await start(dataDir, lines);
    await ask(first.ownerUrl, 'create table t as select 7 as n');
    await first.stop();
    expect(existsSync(join(first.folder, 'pg/postmaster.pid'))).toBe(false);
    const second = await start(dataDir, lines);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await ask(second.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
    expect(lines).toHaveLength(1);
  });

  it('uses a short socket folder where the data folder has a long path', async () => {
    const dataDir = join(
      box(),
      'a-folder-with-a-rather-long-name',
      'and-another-one-inside-that-is-longer-still',
      'data',
    );
    const embedded = await start(dataDir);
    expect(await ask(embedded.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    const socket = decodeURIComponent(/host=([^&]+)/.exec(embedded.appUrl)?.[1] ?? '');
    expect(socket).toMatch(/ov-[0-9a-f]{16}$/);
    expect(socket.length).toBeLessThan(60);
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    await embedded.stop();
    rmSync(socket, { recursive: true });
  });
});

describe('what surrounds the database', () => {
  it('changes nothing: an edited postgresql.conf and variables of other servers', async () => {
    const dataDir = join(box(), 'data');
    const { folder, stop } = await start(dataDir);
    await stop();
    const file = join(folder, 'pg/postgresql.conf');
    writeFileSync(
      file,
      `${readFileSync(file, 'utf8')}\nfsync = off\nsynchronous_commit = off\nlisten_addresses = '*'\n`,
    );
    process.env['PGSSLMODE'] = 'require';
    const again = await start(dataDir);
    expect(
      await ask(
        again.appUrl,
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
          current_setting('listen_addresses') as listen`,
      ),
    ).toEqual([{ fsync: 'on', commit: 'on', listen: '' }]);
  });
});

describe('a killed process', () => {
  it('leaves a server that the next start takes over and stops', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const { first, child } = await startChild(dataDir);
    const pid = pidOf(first['folder'] ?? '');
    await killAndWait(child);
    const lines: string[] = [];
    const next = await start(dataDir, lines);
    expect(pidOf(next.folder)).toBe(pid);
    expect(next.shared).toBe(false);
    expect(lines).toEqual([expect.stringContaining('Took over')]);
    await next.stop();
    expect(existsSync(join(next.folder, 'pg/postmaster.pid'))).toBe(false);
  });

  it('and a killed server lose no acknowledged row', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const { first, child, numbers } = await startChild(dataDir);
    child.stdin?.write('write\n');
    await until(() => numbers.length > 50);
    process.kill(pidOf(first['folder'] ?? ''), 'SIGKILL');
    await killAndWait(child);
    const next = await start(dataDir);
    const rows = await ask(next.ownerUrl, 'select n from acknowledged order by n');
    const kept = new Set(rows.map((row) => row['n']));
    expect(numbers.filter((n) => !kept.has(n))).toEqual([]);
  });
});

describe('two processes on one data folder', () => {
  it('share the server; only the one that started it stops it', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const owner = await start(dataDir);
    const sharer = await startChild(dataDir);
    expect(sharer.first).toMatchObject({ shared: true, appUrl: owner.appUrl });
    expect(sharer.lines).toEqual([expect.stringContaining(`Process ${process.pid} runs the database`)]);
    await endChild(sharer);
    expect(await ask(owner.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that start at the same time beside a dead lock: one wins, the others say who holds it', {
    timeout: 90_000,
  }, async () => {
    const dataDir = join(box(), 'data');
    mkdirSync(dataDir, { mode: 0o711 });
    writeFileSync(join(dataDir, 'supervisor.lock'), '99999999 1 another-boot');
    const all = await Promise.all([1, 2, 3, 4].map(() => startChild(dataDir)));
    const winners = all.filter(({ first }) => String(first['shared']) === 'false');
    expect(winners).toHaveLength(1);
    const pids = readFileSync(join(dataDir, 'supervisor.lock'), 'utf8').split(' ');
    expect(Number(pids[0])).toBe(winners[0]?.child.pid);
    for (const sharer of all.filter(({ first }) => String(first['shared']) === 'true')) {
      expect(sharer.first['appUrl']).toBe(winners[0]?.first['appUrl']);
      expect(sharer.lines).toEqual([expect.stringContaining(`Process ${pids[0]} runs the database`)]);
      await endChild(sharer);
    }
  });
});

describe('a refusal', () => {
  it('names a platform without a package', () => {
    expect(findEngine('sunos-x64')).toEqual({
      ok: false,
      refusal: { code: 'NO_ENGINE_FOR_PLATFORM', where: 'sunos-x64' },
    });
    const other = process.platform === 'darwin' ? 'linux-ppc64' : 'darwin-x64';
    expect(findEngine(other)).toMatchObject({ ok: false, refusal: { code: 'NO_ENGINE_FOR_PLATFORM' } });
  });

  it('meets a cluster of another major version', async () => {
    const dataDir = join(box(), 'data');
    const { folder, stop } = await start(dataDir);
    await stop();
    writeFileSync(join(folder, 'pg/PG_VERSION'), '17\n');
    expect(await refusalOf(dataDir)).toMatchObject({ code: 'WRONG_DATA_VERSION' });
  });

  it('meets a cluster whose password file is gone', async () => {
    const dataDir = join(box(), 'data');
    const { folder, stop } = await start(dataDir);
    await stop();
    rmSync(join(folder, 'pg-passwords.json'));
    expect(await refusalOf(dataDir)).toMatchObject({ code: 'LOGIN_FILE_MISSING' });
  });

  it('meets a running server that does not take our password, and leaves it alone', {
    timeout: 60_000,
  }, async () => {
    const dataDir = join(box(), 'data');
    const { first, child } = await startChild(dataDir);
    const pid = pidOf(first['folder'] ?? '');
    await killAndWait(child);
    const file = join(first['folder'] ?? '', 'pg-passwords.json');
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ superuser: 'x', owner: 'x', app: 'x' }));
    expect(await refusalOf(dataDir)).toMatchObject({ code: 'FOREIGN_POSTMASTER' });
    expect(pidOf(first['folder'] ?? '')).toBe(pid);
    writeFileSync(file, right);
    await (await start(dataDir)).stop();
  });

  it('is not needed where root may move to its own state folder, which one line says; others are refused', async () => {
    const lines: string[] = [];
    const dataDir = join(box(isRoot ? 0o700 : 0o500), 'data');
    if (!isRoot) {
      expect(await refusalOf(dataDir)).toMatchObject({ code: 'NO_RIGHTS' });
      return;
    }
    const embedded = await start(dataDir, lines);
    expect(embedded.folder).toMatch(/^\/var\/lib\/owners-vote\/[0-9a-f]{16}$/);
    expect(lines.filter((line) => line.includes(embedded.folder) && line.includes('root'))).toHaveLength(1);
    expect(await ask(embedded.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('tells a full disk and missing rights from other errors', () => {
    const error = (code: string): Error => Object.assign(new Error(code), { code });
    expect(refuseFileError(error('ENOSPC'), 'x').refusal.code).toBe('DISK_FULL');
    expect(refuseFileError(error('EACCES'), 'x').refusal.code).toBe('NO_RIGHTS');
    expect(() => refuseFileError(error('EIO'), 'x')).toThrow('EIO');
  });

  it('has one sentence for each code', () => {
    const codes = [
      'NO_ENGINE_FOR_PLATFORM',
      'NO_GLIBC',
      'NO_RIGHTS',
      'NOT_A_FOLDER',
      'READ_ONLY',
      'DISK_FULL',
      'FOLDER_HELD',
      'FOREIGN_POSTMASTER',
      'WRONG_DATA_VERSION',
      'DATA_DAMAGED',
      'LOGIN_FILE_MISSING',
      'ENGINE_FAILED',
      'CRASH_LOOP',
    ] as const;
    for (const code of codes) expect(embeddedSentence({ code, where: 'here' })).toMatch(/^[^\n]*here[^\n]*$/);
  });

  it('meets a data folder that is a file, and a cluster without its files', async () => {
    const folder = box();
    writeFileSync(join(folder, 'data'), 'a file');
    expect(await refusalOf(join(folder, 'data'))).toMatchObject({ code: 'NOT_A_FOLDER' });
    expect(await refusalOf(join(folder, 'data', 'deeper'))).toMatchObject({ code: 'NOT_A_FOLDER' });
    rmSync(join(folder, 'data'));
    mkdirSync(join(folder, 'data/pg'), { recursive: true });
    writeFileSync(
      join(folder, 'data/pg-passwords.json'),
      JSON.stringify({ superuser: 'x', owner: 'x', app: 'x' }),
    );
    expect(await refusalOf(join(folder, 'data'))).toMatchObject({ code: 'DATA_DAMAGED' });
  });

  it('meets a folder that a living process holds whose database does not answer, and names that process', async () => {
    const folder = box();
    const dataDir = join(folder, 'data');
    const { stop } = await start(dataDir);
    await stop();
    expect(takeLock(join(dataDir, 'supervisor.lock'))).toBe(true);
    const refusal = await refusalOf(dataDir, { sharedWaitMs: 500 });
    expect(refusal?.code).toBe('FOLDER_HELD');
    expect(refusal?.where).toContain(`Process ${process.pid}`);
    // The refused start gives back nothing that it did not hold.
    expect(existsSync(join(dataDir, 'supervisor.lock'))).toBe(true);
    dropLock(join(dataDir, 'supervisor.lock'));
  });
});

describe('a system without the right C library', () => {
  const header = { nodejsVersion: 'v20.20.2', arch: 'x64', platform: 'linux', componentVersions: {} };
  const refusalOn = (report: unknown) => {
    const found = findEngine('linux-x64', () => report);
    return found.ok ? undefined : found.refusal;
  };

  it('is told by the report of a Node for musl, which names no glibc', () => {
    const refusal = refusalOn({ header, sharedObjects: ['/lib/ld-musl-x86_64.so.1'] });
    expect(refusal).toEqual({ code: 'NO_GLIBC', where: 'musl' });
    expect(refusal === undefined ? '' : embeddedSentence(refusal)).toMatch(/musl.*Debian.*DATABASE_URL/);
  });

  it('is one whose glibc is older than the binaries', () => {
    const withGlibc = (version: string) => refusalOn({ header: { ...header, glibcVersionRuntime: version } });
    expect([withGlibc('2.17'), withGlibc('2.26')].map((refusal) => refusal?.where)).toEqual([
      'glibc 2.17',
      'glibc 2.26',
    ]);
    for (const version of ['2.27', '2.36', '3.0'])
      expect(['NO_ENGINE_FOR_PLATFORM', undefined]).toContain(withGlibc(version)?.code);
  });

  it('has a report that says nothing', () => {
    for (const report of [undefined, null, 'text', {}, { header: null }])
      expect(refusalOn(report)?.code).toBe('NO_GLIBC');
  });
});

describe('links that an install without scripts left out', () => {
  it('are made again from pg-symlinks.json, and those that exist stay', () => {
    const folder = box();
    mkdirSync(join(folder, 'native/lib'), { recursive: true });
    for (const name of ['libpq.so.5.18', 'libicuuc.so.60.2'])
      writeFileSync(join(folder, 'native/lib', name), name);
    symlinkSync('libpq.so.5.18', join(folder, 'native/lib/libpq.so.5'));
    const links = [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
      { source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' },
    ];
    writeFileSync(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
    expect(restoreLinks(folder)).toBe(2);
    expect(restoreLinks(folder)).toBe(0);
    expect(readFileSync(join(folder, 'native/lib/libicuuc.so.60'), 'utf8')).toBe('libicuuc.so.60.2');
    expect(readdirSync(join(folder, 'native/lib'))).toHaveLength(5);
  });
});

describe('the lock of a data folder', () => {
  it('is taken once, given back, and taken from a dead process only', () => {
    const file = join(box(), 'lock');
    expect([takeLock(file), takeLock(file)]).toEqual([true, false]);
    dropLock(file);
    // No process has this number; Linux ends at 2^22.
    writeFileSync(file, '99999999 1');
    expect(takeLock(file)).toBe(true);
    dropLock(file);
    // Our own number, but another start: the number was used again.
    writeFileSync(file, `${process.pid} 1`);
    expect(takeLock(file)).toBe(process.platform === 'linux');
    dropLock(file);
  });
});
