// Goal: whatever is killed or hangs, the database comes back by itself or ends with clear words, no acknowledged row is lost, and no foreign
// process is signalled. Method: real servers with the safe settings, real kill -9, SIGSTOP and forged lock files.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import { clusterProcesses } from '../../src/db/embedded/engine-processes.ts';
import { engineUser } from '../../src/db/embedded/engine-user.ts';
import { isAlive } from '../../src/db/embedded/life.ts';
import type { Embedded } from '../../src/db/embedded/supervisor.ts';
import {
  ask,
  box,
  cleanUpBoxes,
  HASTY,
  killAndWait,
  minded,
  pidOf,
  placeOf,
  processesOf,
  sleep,
  start,
  startChild,
  until,
} from '../support/embedded-boxes.ts';

cleanUpBoxes();

const HASTY_STOP = { fastMs: 500, immediateMs: 8_000 };
const isUp = ({ appUrl }: Embedded): Promise<boolean> =>
  ask(appUrl, 'select 1').then(
    () => true,
    () => false,
  );
const kill = (embedded: Embedded): number => {
  const pid = pidOf(embedded.folder);
  process.kill(pid, 'SIGKILL');
  return pid;
};
const comesBack = (embedded: Embedded, killed: number): Promise<void> =>
  until(
    async () => pidOf(embedded.folder) !== killed && embedded.state().name === 'up' && isUp(embedded),
    30_000,
  );

/** Writes rows on one connection after the other until told to stop; answers those that were acknowledged. */
function writing(url: string): { stop(): Promise<number[]> } {
  const acknowledged: number[] = [];
  let stopped = false;
  let n = 0;
  const once = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      while (!stopped) {
        n += 1;
        await client.query('insert into kept values ($1)', [n]);
        acknowledged.push(n);
      }
    } catch {
      await sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const running = (async () => {
    while (!stopped) await once();
  })();
  return {
    async stop() {
      stopped = true;
      await running;
      return acknowledged;
    },
  };
}

describe('a killed postmaster', () => {
  it('is started again on the same address, six times in a row, and no acknowledged row is lost', {
    timeout: 120_000,
  }, async () => {
    const lines: string[] = [];
    const embedded = await start(join(box(), 'data'), lines, { patience: HASTY });
    await ask(embedded.ownerUrl, 'create table kept (n integer primary key)');
    const writer = writing(embedded.ownerUrl);
    const names = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      await sleep(HASTY.steadyMs + 100);
      const killed = kill(embedded);
      await until(() => names.add(embedded.state().name).has('restarting'));
      expect(embedded.state().name === 'up' || embedded.state().reason !== '').toBe(true);
      await comesBack(embedded, killed);
    }
    const acknowledged = await writer.stop();
    const rows = await ask(embedded.ownerUrl, 'select n from kept');
    const kept = new Set(rows.map((row) => row['n']));
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    expect(lines.filter((line) => line.includes('ended unexpectedly'))).toHaveLength(6);
    expect(lines.filter((line) => line.includes('answers again'))).toHaveLength(6);
    await embedded.stop();
    expect([embedded.state().name, processesOf(embedded.folder)]).toEqual(['stopped', 0]);
  });

  it('whose child works on and sees nothing: the child is ended before a new server starts', {
    timeout: 60_000,
  }, async () => {
    const embedded = await start(join(box(), 'data'), [], { patience: HASTY });
    const busy = ask(embedded.ownerUrl, 'do $$ begin loop end loop; end $$').catch(() => undefined);
    const isBusy = async (): Promise<boolean> => {
      const rows = await ask(embedded.ownerUrl, `select pid from pg_stat_activity where query like 'do %'`);
      return rows.length === 1;
    };
    await until(isBusy);
    const before = clusterProcesses(placeOf(embedded.folder)).map(({ pid }) => pid);
    await comesBack(embedded, kill(embedded));
    await busy;
    const after = clusterProcesses(placeOf(embedded.folder)).map(({ pid }) => pid);
    expect(before.length).toBeGreaterThan(3);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('is not started again once stop was called', { timeout: 60_000 }, async () => {
    const embedded = await start(join(box(), 'data'), [], { patience: HASTY });
    kill(embedded);
    await embedded.stop();
    await embedded.stop();
    await sleep(HASTY.lookMs * 5);
    expect(processesOf(embedded.folder)).toBe(0);
    expect(existsSync(join(embedded.folder, 'supervisor.lock'))).toBe(false);
  });
});

describe('a crash loop', () => {
  it('of lives that are too short ends with a refusal, and nothing is left running', {
    timeout: 60_000,
  }, async () => {
    const embedded = await start(join(box(), 'data'), [], { patience: { ...HASTY, steadyMs: 20_000 } });
    let kills = 0;
    let last = 0;
    const killing = setInterval(() => {
      const pid = pidOf(embedded.folder);
      if (pid === last || !isAlive(pid) || embedded.state().name !== 'up') return;
      last = pid;
      kills += 1;
      process.kill(pid, 'SIGKILL');
    }, 20);
    const refusal = await embedded.failed;
    clearInterval(killing);
    expect(refusal.code).toBe('CRASH_LOOP');
    expect(kills).toBe(HASTY.failures);
    expect(embedded.state().name).toBe('failed');
    await embedded.stop();
    expect([embedded.state().name, processesOf(embedded.folder)]).toEqual(['failed', 0]);
  });

  it('of a cluster that no longer starts says what PostgreSQL said', { timeout: 60_000 }, async () => {
    const lines: string[] = [];
    const embedded = await start(join(box(), 'data'), lines, { patience: HASTY });
    await sleep(HASTY.steadyMs + 100);
    rmSync(join(embedded.folder, 'pg/global/pg_control'));
    kill(embedded);
    const sentence = embeddedSentence(await embedded.failed);
    expect(sentence).toMatch(/control file|pg_control/);
    expect(sentence).not.toContain('\n');
    expect(lines.filter((line) => line.includes('did not start'))).toHaveLength(HASTY.failures);
    await embedded.stop();
  });
});

describe('a process that shares the database', () => {
  it('takes over when the one that ran it is killed, restarts it and stops it', {
    timeout: 60_000,
  }, async () => {
    const dataDir = join(box(), 'data');
    const owner = await startChild(dataDir);
    const lines: string[] = [];
    const sharer = await start(dataDir, lines, { patience: HASTY });
    expect(sharer.shared).toBe(true);
    await killAndWait(owner.child);
    await until(() => lines.some((line) => line.includes('this process runs it from now on')));
    await comesBack(sharer, kill(sharer));
    await sharer.stop();
    expect(processesOf(sharer.folder)).toBe(0);
  });

  it('sees what its owner restarts, and leaves it running when it stops', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const owner = await start(dataDir, [], { patience: HASTY });
    const sharer = await start(dataDir, [], { patience: HASTY });
    await comesBack(owner, kill(owner));
    await until(() => sharer.state().name === 'up');
    expect(await isUp(sharer)).toBe(true);
    await sharer.stop();
    await sleep(HASTY.lookMs * 5);
    expect(await isUp(owner)).toBe(true);
  });
});

describe('a lock file that names another process', () => {
  const account = engineUser('/nonexistent');
  const asEngine =
    account.ok && account.value !== undefined ? { uid: account.value.uid, gid: account.value.gid } : {};

  it('is no reason to signal it, nor not to start', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const first = await start(dataDir);
    await ask(first.ownerUrl, 'create table t as select 7 as n');
    const files = ['pg/postmaster.pid', 'run/.s.PGSQL.5432.lock'].map((name) => join(first.folder, name));
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    await first.stop();
    // Of the engine's own user, which PostgreSQL takes for a living server.
    const bystander = minded(spawn('sleep', ['300'], { ...asEngine, stdio: 'ignore' }));
    await once(bystander, 'spawn');
    files.forEach((file, at) => {
      writeFileSync(file, (texts[at] ?? '').replace(/^\d+/, String(bystander.pid)));
    });
    const second = await start(dataDir);
    expect(await ask(second.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
    await second.stop();
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  });

  it('is not believed where that is the server of another folder', { timeout: 60_000 }, async () => {
    const other = await start(join(box(), 'data'));
    const dataDir = join(box(), 'data');
    const first = await start(dataDir);
    await first.stop();
    const theirs = readFileSync(join(other.folder, 'pg/postmaster.pid'), 'utf8');
    writeFileSync(join(first.folder, 'pg/postmaster.pid'), theirs);
    const second = await start(dataDir);
    expect(await isUp(second)).toBe(true);
    expect(second.appUrl).not.toBe(other.appUrl);
    await second.stop();
    expect(await isUp(other)).toBe(true);
  });
});

describe('a server that a killed process left', () => {
  it('and that hangs is stopped, and its rows are there', { timeout: 90_000 }, async () => {
    const dataDir = join(box(), 'data');
    const { first, child } = await startChild(dataDir);
    await ask(first['ownerUrl'] ?? '', 'create table t as select 7 as n');
    await killAndWait(child);
    const pid = pidOf(first['folder'] ?? '');
    process.kill(pid, 'SIGSTOP');
    const lines: string[] = [];
    const next = await start(dataDir, lines, { stopLimits: { fastMs: 300, immediateMs: 300 } });
    expect(lines).toEqual([expect.stringContaining(`process ${pid} does not answer`)]);
    expect(await ask(next.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
    expect(isAlive(pid)).toBe(false);
  });

  it('and that is about to end is waited for', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const { first, child } = await startChild(dataDir);
    const client = new pg.Client({ connectionString: first['ownerUrl'] ?? '' });
    client.on('error', () => undefined);
    await client.connect();
    await killAndWait(child);
    const pid = pidOf(first['folder'] ?? '');
    // The slow way to stop: as long as a client is there, it says that it is shutting down.
    process.kill(pid, 'SIGTERM');
    const starting = start(dataDir);
    await sleep(2_500);
    expect(isAlive(pid)).toBe(true);
    await client.end();
    const next = await starting;
    expect(pidOf(next.folder)).not.toBe(pid);
    expect(await isUp(next)).toBe(true);
  });

  it('in the middle of the first start leaves nothing that hinders the next', {
    timeout: 60_000,
  }, async () => {
    const dataDir = join(box(), 'data');
    const starting = startChild(dataDir).catch(() => undefined);
    const drafts = (): boolean => existsSync(join(dataDir, 'supervisor.lock'));
    await until(drafts);
    const holder = Number(readFileSync(join(dataDir, 'supervisor.lock'), 'utf8').split(' ')[0]);
    await sleep(300);
    process.kill(holder, 'SIGKILL');
    await starting;
    mkdirSync(join(dataDir, 'pg.unfinished-1/cluster'), { recursive: true });
    const next = await start(dataDir);
    expect(await isUp(next)).toBe(true);
    expect(existsSync(join(dataDir, 'pg.unfinished-1'))).toBe(false);
  });
});

describe('a server that hangs when it is to stop', () => {
  it('is told to end at once, and has its rows at the next start', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const lines: string[] = [];
    const embedded = await start(dataDir, lines, { stopLimits: HASTY_STOP });
    await ask(embedded.ownerUrl, 'create table t as select 7 as n');
    const checkpointer = clusterProcesses(placeOf(embedded.folder)).find(({ pid }) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('checkpointer'),
    );
    // A fast stop waits for its checkpoint, so it never ends.
    process.kill(checkpointer?.pid ?? 0, 'SIGSTOP');
    await embedded.stop();
    expect(lines.at(-1)).toContain('ended by SIGQUIT');
    expect(processesOf(embedded.folder)).toBe(0);
    const next = await start(dataDir);
    expect(await ask(next.ownerUrl, 'select n from t')).toEqual([{ n: 7 }]);
  });

  it('is killed where it hears nothing at all', { timeout: 60_000 }, async () => {
    const dataDir = join(box(), 'data');
    const lines: string[] = [];
    const embedded = await start(dataDir, lines, { stopLimits: { fastMs: 300, immediateMs: 300 } });
    process.kill(pidOf(embedded.folder), 'SIGSTOP');
    await embedded.stop();
    expect(lines.at(-1)).toContain('ended by SIGKILL');
    expect(processesOf(embedded.folder)).toBe(0);
    expect(await isUp(await start(dataDir))).toBe(true);
  });
});
