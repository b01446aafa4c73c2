// Goal: the service with its embedded database survives what happens to either, says so on /readyz, and stops in order. Method: the real
// `serve` command in a process group of its own, as a terminal has it; kill -9 of the database, signals to the whole group.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/cli/free-port.ts';
import { connect } from '../../src/db/connect.ts';
import { describeEngine } from '../../src/db/engine.ts';
import { packageRoot } from '../../src/package-root.ts';
import { freshDatabase } from '../support/database.ts';
import { box, cleanUpBoxes, minded, pidOf, processesOf, sleep, until } from '../support/embedded-boxes.ts';

cleanUpBoxes();

const TSX = join(packageRoot(), 'node_modules', 'tsx', 'dist', 'loader.mjs');
const RUN = `const { run } = await import(${JSON.stringify(join(packageRoot(), 'src/cli/main.ts'))}); process.exitCode = await run(process.argv.slice(1));`;

type Ready = { ready: boolean; engine: string; fsync: string; reason: string };
type Serving = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly data: string;
  err(): string;
  ready(): Promise<Ready | undefined>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<number | string | null>;
};

/** Runs `serve` in a process group of its own, as a shell runs a command in a terminal. */
async function serve(folder: string, env: Record<string, string> = {}): Promise<Serving> {
  const port = await freePort();
  const child = minded(
    spawn(process.execPath, ['--import', TSX, '--input-type=module', '-e', RUN, '--', 'serve'], {
      cwd: packageRoot(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(port),
        DATA_DIR: join(folder, 'data'),
        KEYS_DIR: join(folder, 'keys'),
        LOG_LEVEL: 'silent',
        ...env,
      },
    }),
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  await until(() => out.includes('/console/enrol#') || child.exitCode !== null, 50_000);
  return {
    child,
    port,
    data: join(folder, 'data'),
    err: () => err,
    ended,
    async ready() {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      return answer === undefined ? undefined : ((await answer.json()) as Ready);
    },
    signal: (name) => process.kill(-(child.pid ?? 0), name),
  };
}

/** What PostgreSQL logged since its last start. */
const lastLog = (data: string): string =>
  readFileSync(join(data, 'pg.log'), 'utf8').split('starting PostgreSQL').at(-1) ?? '';

describe('the service with its embedded database', () => {
  it('names its engine, comes back by itself after kill -9 of the database, and stops in order on Ctrl-C', {
    timeout: 120_000,
  }, async () => {
    const serving = await serve(box());
    expect(await serving.ready()).toMatchObject({
      ready: true,
      engine: expect.stringMatching(/^PostgreSQL 18\.\d+/),
      fsync: 'on',
      reason: '',
    });
    for (let round = 0; round < 2; round += 1) {
      await sleep(2_100);
      const killed = pidOf(serving.data);
      process.kill(killed, 'SIGKILL');
      const reasons = new Set<string>();
      await until(async () => {
        const ready = await serving.ready();
        if (ready?.ready === false) reasons.add(ready.reason);
        return ready?.ready === true && pidOf(serving.data) !== killed;
      }, 30_000);
      expect([...reasons].join()).toMatch(/the database ended and is being started again/);
    }
    // npm hands the signal on that the terminal has sent to the whole group already.
    serving.signal('SIGINT');
    // No later: a quick machine has stopped after fifty, and a process that is ending hears no signal any more.
    await sleep(5);
    serving.signal('SIGINT');
    expect(await serving.ended).toBe(0);
    expect(processesOf(serving.data)).toBe(0);
    // The pool had ended before: a fast stop had nobody to terminate.
    expect(lastLog(serving.data)).toMatch(
      /received fast shutdown request[\s\S]*database system is shut down/,
    );
    expect(lastLog(serving.data)).not.toMatch(/terminating connection due to administrator command/);
    expect(serving.err().match(/ended unexpectedly/g)).toHaveLength(2);
  });

  it('lets a request under way end first; a second signal ends the waiting, and the database still ends in order', {
    timeout: 120_000,
  }, async () => {
    const serving = await serve(box());
    // A request whose body does not come: under way for as long as the other side likes.
    const slow = connectTcp(serving.port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write(
      'POST /v1/officers/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n',
    );
    slow.write('Content-Length: 50\r\n\r\n{');
    await sleep(300);
    const pid = pidOf(serving.data);
    serving.signal('SIGTERM');
    await sleep(2_000);
    expect(serving.child.exitCode).toBe(null);
    expect(pidOf(serving.data)).toBe(pid);
    const toldAt = performance.now();
    serving.signal('SIGINT');
    expect(await serving.ended).toBe(130);
    expect(performance.now() - toldAt).toBeLessThan(7_000);
    slow.destroy();
    expect(processesOf(serving.data)).toBe(0);
    expect(lastLog(serving.data)).toMatch(
      /received fast shutdown request[\s\S]*database system is shut down/,
    );
  });

  it('ends with 69 and one sentence where the database does not stay up, and leaves nothing running', {
    timeout: 180_000,
  }, async () => {
    const serving = await serve(box());
    let last = 0;
    const killing = setInterval(() => {
      const pid = pidOf(serving.data);
      if (Number.isNaN(pid) || pid === last || !lastLog(serving.data).includes('ready to accept')) return;
      last = pid;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }, 20);
    const code = await serving.ended;
    clearInterval(killing);
    // Together, so that another code comes with what was said about it.
    expect({ code, said: serving.err() }).toEqual({
      code: 69,
      said: expect.stringMatching(/数据库反复崩溃，停止重启 The embedded PostgreSQL ended again and again/),
    });
    expect(serving.err()).not.toMatch(/\n\s+at /);
    await until(() => processesOf(serving.data) === 0);
  });
});

describe('a database that can lose commits', () => {
  it('is named as such, shown on /readyz, and refused in production with 78', {
    timeout: 120_000,
  }, async () => {
    const fresh = await freshDatabase();
    try {
      const [row] = (await sql<{ name: string }>`select current_database() as name`.execute(fresh.owner))
        .rows;
      const off = `alter database "${row?.name ?? ''}" set synchronous_commit = off`;
      await sql.raw(off).execute(fresh.owner);
      const again = await freshConnection(fresh.appUrl);
      expect(again).toContain('synchronous_commit = off');
      const folder = box();
      const urls = { DATABASE_URL: fresh.appUrl, DATABASE_OWNER_URL: fresh.ownerUrl };
      const demo = await serve(folder, urls);
      const ready = await demo.ready();
      const [setting] = (
        await sql<{ fsync: string }>`select current_setting('fsync') as fsync`.execute(fresh.db)
      ).rows;
      expect(ready).toMatchObject({ ready: true, fsync: setting?.fsync });
      demo.signal('SIGTERM');
      expect(await demo.ended).toBe(0);
      const production = await serve(folder, { ...urls, NODE_ENV: 'production' });
      expect(await production.ended).toBe(78);
      expect(production.err()).toMatch(/The database can lose committed votes: .*synchronous_commit = off/);
      expect(production.err().trim().split('\n')).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });
});

/** What describeEngine says on a connection that was opened just now. */
async function freshConnection(url: string): Promise<readonly string[]> {
  const db = connect(url);
  try {
    return (await describeEngine(db)).unsafe;
  } finally {
    await db.destroy();
  }
}
