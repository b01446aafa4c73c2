// Goal: the database starts wherever it can, as root and as an ordinary user, and says what is wrong where it cannot. Method: real starts under
// other users and umasks, on small file systems mounted for the test, and with packages that lack what npm did not make. An ordinary user can
// neither become another one nor mount: there the same tests show what holds for that user, and of a disk only how PostgreSQL's words are read.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { refusalSaid } from '../../src/db/embedded/cluster.ts';
import { embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import { choosePlace, engineUser, type Place } from '../../src/db/embedded/engine-user.ts';
import { findEngine } from '../../src/db/embedded/platform-package.ts';
import { socketFolder } from '../../src/db/embedded/socket-folder.ts';
import {
  ask,
  box,
  cleanUpBoxes,
  endChild,
  HASTY,
  isRoot,
  pidOf,
  processesOf,
  refusalOf,
  start,
  startChild,
  until,
} from '../support/embedded-boxes.ts';

const mounted: string[] = [];
cleanUpBoxes();
afterEach(() => {
  for (const folder of mounted.splice(0)) spawnSync('umount', ['-l', folder]);
  delete process.env['TMPDIR'];
});

/** Mounts an empty file system of this size; false where this process may not. */
function mountSmall(folder: string, megabytes: number): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'none', folder]);
  if (done.status !== 0) return false;
  mounted.push(folder);
  return true;
}

const NOBODY = { uid: 65_534, gid: 65_534 };
const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
/** An ordinary user: nobody where this is root, else this one. */
const ordinary = isRoot ? NOBODY : own;
const engine = () => {
  const found = findEngine();
  if (!found.ok) throw new Error(embeddedSentence(found.refusal));
  return found.value;
};

describe('as an ordinary user', () => {
  it('the database runs under that user, in folders that are closed to others', {
    timeout: 60_000,
  }, async () => {
    const folder = box();
    chownSync(folder, ordinary.uid, ordinary.gid);
    const child = await startChild(join(folder, 'data'), ordinary);
    expect(child.first['folder']).toBe(join(folder, 'data'));
    expect(await ask(child.first['appUrl'] ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    const status = readFileSync(`/proc/${pidOf(join(folder, 'data'))}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:(\\t${ordinary.uid}){4}$`, 'm'));
    for (const [name, mode] of [
      ['', 0o700],
      ['pg', 0o700],
      ['run', 0o700],
      ['pg-passwords.json', 0o600],
      ['pg.log', 0o600],
    ] as const)
      expect([name, statSync(join(folder, 'data', name)).mode & 0o777]).toEqual([name, mode]);
    await endChild(child);
    // Root later takes the cluster's owner, whatever other accounts there are.
    const byRoot = await start(join(folder, 'data'));
    expect(readFileSync(`/proc/${pidOf(byRoot.folder)}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\t${ordinary.uid}\\t`, 'm'),
    );
    await byRoot.stop();
    const again = await startChild(join(folder, 'data'), ordinary);
    await endChild(again);
  });

  it('a folder of somebody else is a refusal that names it', { timeout: 60_000 }, async () => {
    // The root of the file system is nobody's but root's.
    const folder = isRoot ? box(0o711) : '/';
    const refused = await startChild(join(folder, 'data'), ordinary);
    expect(refused.first).toEqual({ code: 'NO_RIGHTS', where: join(folder, 'data') });
    if (isRoot) mkdirSync(join(folder, 'data'), { mode: 0o755 });
    const again = await startChild(join(folder, 'data'), ordinary);
    expect(again.first['code']).toBe('NO_RIGHTS');
    expect(again.first['where']).toContain(join(folder, 'data'));
  });
});

describe('as whoever runs this', () => {
  const account = () => {
    const found = engineUser('/nonexistent');
    return found.ok ? found.value : undefined;
  };

  it('PostgreSQL never runs as root, nor with any group of root', async () => {
    const { folder } = await start(join(box(), 'data'));
    const status = readFileSync(`/proc/${pidOf(folder)}/status`, 'utf8');
    const uid = account()?.uid ?? own.uid;
    expect(uid).toBeGreaterThan(0);
    expect(status).toMatch(new RegExp(`^Uid:\\t${uid}\\t`, 'm'));
    if (isRoot) expect(status).toMatch(/^Groups:\t\s*$/m);
  });

  it('umask 077 shuts nobody out: the data stays where it was wished', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const child = await startChild(dataDir, { umask: '077' });
    expect(child.first['folder']).toBe(dataDir);
    expect(child.lines.filter((line) => line.includes('Running as root'))).toEqual([]);
    await endChild(child);
  });

  it('a database that was moved stays there, also when its folder has been opened since', async () => {
    const folder = box(isRoot ? 0o700 : 0o500);
    if (!isRoot) {
      expect(await refusalOf(join(folder, 'data'))).toMatchObject({ code: 'NO_RIGHTS' });
      chmodSync(folder, 0o700);
      expect((await start(join(folder, 'data'))).folder).toBe(join(folder, 'data'));
      return;
    }
    const first = await start(join(folder, 'data'));
    await ask(first.ownerUrl, 'create table t as select 7 as n');
    await first.stop();
    expect(first.folder).toMatch(/^\/var\/lib\/owners-vote\/[0-9a-f]{16}$/);
    chmodSync(folder, 0o711);
    const lines: string[] = [];
    const second = await start(join(folder, 'data'), lines);
    expect(second.folder).toBe(first.folder);
    expect(await ask(second.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
    expect(lines).toEqual([expect.stringContaining(first.folder)]);
  });
});

describe('a package as an install without scripts leaves it', () => {
  /** The package without its links, in a folder of our own. */
  function bare(): { readonly native: string; readonly version: string } {
    const { native, version } = engine();
    const folder = join(box(), 'package');
    cpSync(dirname(native), folder, { recursive: true, verbatimSymlinks: true });
    const lib = join(folder, 'native/lib');
    for (const name of readdirSync(lib))
      if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name));
    return { native: join(folder, 'native'), version };
  }
  const runs = (native: string): boolean =>
    spawnSync(join(native, 'bin/initdb'), ['--version'], { env: { LC_ALL: 'C' } }).status === 0;

  it('and that we may not change runs from a copy with the links', { timeout: 60_000 }, () => {
    const { native, version } = bare();
    expect(runs(native)).toBe(false);
    // As an install by root under umask 077.
    for (const path of [native, join(native, 'bin'), join(native, 'bin/postgres')]) chmodSync(path, 0o700);
    const dataDir = join(box(), 'data');
    const chosen = choosePlace(dataDir, { native, version, major: 18, isWhole: false }, () => undefined);
    const place = chosen.ok ? chosen.value : undefined;
    expect(place?.native).toBe(join(place?.folder ?? '', `postgresql-${version}`, 'native'));
    expect(runs(place?.native ?? '')).toBe(true);
    expect(statSync(join(place?.native ?? '', 'bin/postgres')).mode & 0o777).toBe(0o755);
    const again = choosePlace(dataDir, { native, version, major: 18, isWhole: false }, () => undefined);
    expect(again).toEqual(chosen);
  });

  it('and that the engine user cannot run moves everything to the state folder', {
    timeout: 60_000,
  }, () => {
    const { native, version } = bare();
    chmodSync(join(native, 'bin/postgres'), 0o700);
    const lines: string[] = [];
    const chosen = choosePlace(join(box(), 'data'), { native, version, major: 18, isWhole: true }, (line) =>
      lines.push(line),
    );
    const place = chosen.ok ? chosen.value : undefined;
    if (!isRoot) {
      // Its owner can run it, so nothing is copied.
      expect([place?.native, lines]).toEqual([native, []]);
      return;
    }
    expect(place?.folder).toMatch(/^\/var\/lib\/owners-vote\/[0-9a-f]{16}$/);
    expect(lines).toEqual([expect.stringContaining('the package')]);
    expect(runs(place?.native ?? '')).toBe(true);
  });
});

describe('the folder of the socket', () => {
  const placeIn = (folder: string): Place => {
    const found = engineUser('/nonexistent');
    return { folder, native: '', user: found.ok ? found.value : undefined };
  };
  /** A place whose socket's path has this many bytes. */
  const placeOfLength = (bytes: number): Place => {
    const folder = box();
    const rest = bytes - Buffer.byteLength(join(folder, 'x', 'run', '.s.PGSQL.5432')) + 1;
    const deep = join(folder, 'd'.repeat(rest));
    mkdirSync(deep, { mode: 0o711 });
    return placeIn(deep);
  };

  it('is beside the data up to 103 bytes, and a short one from 104 on', () => {
    const fitting = placeOfLength(103);
    const inside = socketFolder(fitting);
    expect(inside).toEqual({ ok: true, value: join(fitting.folder, 'run') });
    const long = placeOfLength(104);
    const short = socketFolder(long);
    const path = short.ok ? short.value : '';
    expect(Buffer.byteLength(path)).toBeLessThan(60);
    expect([statSync(path).mode & 0o777, statSync(path).uid]).toEqual([
      0o700,
      long.user?.uid ?? process.getuid?.(),
    ]);
    expect(socketFolder(long)).toEqual(short);
    rmSync(path, { recursive: true });
  });

  it('is not one that somebody else made first, nor one that cannot be reached', () => {
    const place = placeOfLength(120);
    const first = socketFolder(place);
    const path = first.ok ? first.value : '';
    // Somebody else's: only root can give it away, so otherwise a file stands for it.
    rmSync(path, { recursive: true });
    if (isRoot) mkdirSync(path);
    else writeFileSync(path, 'in the way');
    if (isRoot) chownSync(path, 12_345, 12_345);
    const second = socketFolder(place);
    const other = second.ok ? second.value : '';
    expect(dirname(other)).toBe('/var/tmp');
    expect(statSync(path).uid).toBe(isRoot ? 12_345 : own.uid);
    rmSync(path, { recursive: true });
    rmSync(other, { recursive: true });
    process.env['TMPDIR'] = box(isRoot ? 0o700 : 0o500);
    const third = socketFolder(place);
    expect(third.ok ? dirname(third.value) : '').toBe('/tmp');
    if (third.ok) rmSync(third.value, { recursive: true });
  });

  it('of a server holds one socket, and the server listens on no port', async () => {
    const { folder } = await start(join(box(), 'data'));
    expect(readdirSync(join(folder, 'run')).sort()).toEqual(['.s.PGSQL.5432', '.s.PGSQL.5432.lock']);
    expect(statSync(join(folder, 'run/.s.PGSQL.5432')).mode & 0o777).toBe(0o700);
    if (process.platform !== 'linux') return;
    const inodes = readdirSync(`/proc/${pidOf(folder)}/fd`)
      .map((fd) => spawnSync('readlink', [`/proc/${pidOf(folder)}/fd/${fd}`], { encoding: 'utf8' }).stdout)
      .map((target) => /^socket:\[(\d+)\]/.exec(target)?.[1] ?? '')
      .filter((inode) => inode !== '');
    expect(inodes.length).toBeGreaterThan(0);
    const tcp = ['tcp', 'tcp6', 'udp', 'udp6']
      .filter((name) => existsSync(`/proc/net/${name}`))
      .flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/)[9] ?? '');
    expect(inodes.filter((inode) => tcp.includes(inode))).toEqual([]);
  });
});

describe('a disk', () => {
  /** A small disk; where none can be mounted, only that PostgreSQL's words are read as `code`. */
  const smallDisk = (folder: string, megabytes: number, code: string): boolean => {
    if (mountSmall(folder, megabytes)) return true;
    const words = code === 'DISK_FULL' ? 'No space left on device' : 'Read-only file system';
    expect(refusalSaid(`FATAL:  could not write lock file "postmaster.pid": ${words}`, 'here')?.code).toBe(
      code,
    );
    return false;
  };

  it('that is too small for a database is said to be full', async () => {
    const folder = box();
    if (!smallDisk(folder, 60, 'DISK_FULL')) return;
    expect(await refusalOf(join(folder, 'data'))).toMatchObject({ code: 'DISK_FULL' });
    expect(existsSync(join(folder, 'data/pg'))).toBe(false);
  });

  it('that is read-only is said to be so, and the same folder starts once it is writable', {
    timeout: 60_000,
  }, async () => {
    const folder = box();
    if (!smallDisk(folder, 400, 'READ_ONLY')) return;
    const first = await start(join(folder, 'data'));
    await first.stop();
    spawnSync('mount', ['-o', 'remount,ro', folder]);
    const refusal = await refusalOf(join(folder, 'data'));
    expect(refusal?.code).toBe('READ_ONLY');
    expect(refusal?.where).toContain(folder);
    spawnSync('mount', ['-o', 'remount,rw', folder]);
    expect(await refusalOf(join(folder, 'data'))).toBeUndefined();
  });

  it('that is full when the database starts is said to be so, and the database starts once there is room', {
    timeout: 60_000,
  }, async () => {
    const folder = box();
    if (!smallDisk(folder, 400, 'DISK_FULL')) return;
    const first = await start(join(folder, 'data'));
    await ask(first.ownerUrl, 'create table t as select 7 as n');
    await first.stop();
    const filler = join(folder, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
    expect(await refusalOf(join(folder, 'data'))).toMatchObject({ code: 'DISK_FULL' });
    rmSync(filler);
    const second = await start(join(folder, 'data'));
    expect(await ask(second.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
  });

  it('that fills while the database runs is waited out, and no acknowledged row is lost', {
    timeout: 120_000,
  }, async () => {
    const folder = box();
    if (!smallDisk(folder, 400, 'DISK_FULL')) return;
    const lines: string[] = [];
    const embedded = await start(join(folder, 'data'), lines, { patience: HASTY });
    await ask(embedded.ownerUrl, `create table kept (n integer primary key, filling text)`);
    const acknowledged: number[] = [];
    let refused: unknown;
    for (let n = 1; refused === undefined && n < 5_000; n += 1) {
      if (n === 10) spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=64k']);
      const row = `insert into kept select ${n}, string_agg(md5(random()::text), '') from generate_series(1, 2000)`;
      await ask(embedded.ownerUrl, row).then(
        () => acknowledged.push(n),
        (error: unknown) => {
          refused = error;
        },
      );
    }
    expect(acknowledged.length).toBeGreaterThan(8);
    expect(String(refused)).toMatch(/No space left|could not|terminat|closed/);
    // Killed on the full disk, it cannot start; more failures than a crash loop has do not end the tries.
    const pid = pidOf(embedded.folder);
    if (processesOf(embedded.folder) > 0) process.kill(pid, 'SIGKILL');
    await until(
      () => lines.filter((line) => line.includes('not enough free space')).length > HASTY.failures,
      60_000,
    );
    expect(embedded.state()).toEqual({
      name: 'restarting',
      reason: 'the database cannot be started: DISK_FULL',
    });
    rmSync(join(folder, 'filler'));
    await until(() => embedded.state().name === 'up', 60_000);
    const rows = await ask(embedded.ownerUrl, 'select n from kept');
    const kept = new Set(rows.map((row) => row['n']));
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    await ask(embedded.ownerUrl, 'insert into kept values (0, null)');
  });
});
