// Global setup: one PostgreSQL for the whole run, started when the first test file asks for a database. TEST_DATABASE_URL names
// a running server by a login that may create roles and databases; otherwise the embedded one runs in a temporary folder.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { assert } from '../../src/base/assert.ts';
import { SUPERUSER } from '../../src/db/embedded/cluster.ts';
import { embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';
import { migrate, migrateSentence } from '../../src/db/migrate.ts';

/** What a worker needs to make databases: a login that may, the two logins of the house, and the template. */
export type DatabaseServer = {
  readonly adminUrl: string;
  readonly owner: { readonly user: string; readonly password: string };
  readonly app: { readonly user: string; readonly password: string };
  readonly template: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Port on 127.0.0.1 that answers with a DatabaseServer as JSON, or with `{error}`. */
    databaseDesk: number;
  }
}

type Running = DatabaseServer & { stop(): Promise<void> };

const PREFIX = 'owners-vote-test-';

/** The same server with another login and database. */
export function urlFor(
  adminUrl: string,
  login: { user: string; password: string },
  database: string,
): string {
  const rest = /^[a-z]+:\/\/(?:[^@/]*@)?([^/]*)\/[^?]*(\?.*)?$/.exec(adminUrl);
  assert(rest !== null, 'a database address reads scheme://login@host/database?options');
  // Options may repeat the login; ours must win.
  const options = new URLSearchParams(rest[2] ?? '');
  options.delete('user');
  options.delete('password');
  const tail = options.size === 0 ? '' : `?${options.toString()}`;
  return `postgresql://${login.user}:${login.password}@${rest[1] ?? ''}/${database}${tail}`;
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const readOwner = (folder: string): number | undefined => {
  try {
    return Number(readFileSync(join(folder, 'run-by'), 'utf8'));
  } catch {
    return undefined;
  }
};

/** Stops the servers of test runs that were killed: their folder names its process. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = readOwner(folder);
    if (owner === undefined || isAlive(owner)) continue;
    const dataDir = join(folder, 'data');
    if (existsSync(join(dataDir, 'pg', 'postmaster.pid'))) {
      // Starting adopts the orphan, stopping ends it.
      const adopted = await startEmbedded({ dataDir, log: () => undefined });
      if (adopted.ok) await adopted.value.stop();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startOwnServer(): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  // PostgreSQL may run under another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'run-by'), String(process.pid));
  const started = await startEmbedded({
    dataDir: join(folder, 'data'),
    log: () => undefined,
    // Nothing here outlives the run; durability has tests of its own with the safe settings.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  if (!started.ok) throw new Error(embeddedSentence(started.refusal));
  const secrets: unknown = JSON.parse(readFileSync(join(started.value.folder, 'pg-passwords.json'), 'utf8'));
  assert(
    typeof secrets === 'object' && secrets !== null && 'superuser' in secrets,
    'the password file is ours',
  );
  const adminUrl = urlFor(
    started.value.ownerUrl,
    { user: SUPERUSER, password: String(secrets.superuser) },
    'postgres',
  );
  return {
    adminUrl,
    async stop() {
      await started.value.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(adminUrl: string): Promise<DatabaseServer> {
  const run = `ov_${randomBytes(4).toString('hex')}`;
  const secret = (): string => randomBytes(18).toString('hex');
  const owner = { user: `${run}_owner`, password: secret() };
  const app = { user: `${run}_app`, password: secret() };
  const template = `${run}_template`;
  await onServer(adminUrl, async (client) => {
    await client.query(`create role ${owner.user} login password '${owner.password}'`);
    await client.query(`create role ${app.user} login password '${app.password}'`);
    // A plain login that may create databases for another role must be a member of it.
    await client.query(`grant ${owner.user} to current_user`);
    await client.query(`create database ${template} owner ${owner.user}`);
  });
  const migrated = await migrate({
    ownerUrl: urlFor(adminUrl, owner, template),
    appUrl: urlFor(adminUrl, app, template),
    now: Date.now(),
  });
  if (!migrated.ok) throw new Error(migrateSentence(migrated.refusal));
  return { adminUrl, owner, app, template };
}

/** Removes what a run made on a server that outlives it. */
async function dropRun(server: DatabaseServer): Promise<void> {
  await onServer(server.adminUrl, async (client) => {
    const run = server.template.replace(/_template$/, '');
    const left = await client.query('select datname from pg_database where datname like $1', [`${run}\\_%`]);
    for (const row of left.rows) await client.query(`drop database ${String(row.datname)} with (force)`);
    await client.query(`drop role ${server.app.user}`);
    await client.query(`drop role ${server.owner.user}`);
  });
}

async function startServer(): Promise<Running> {
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  if (given !== '') {
    const made = await makeTemplate(given);
    return { ...made, stop: () => dropRun(made) };
  }
  const own = await startOwnServer();
  try {
    return { ...(await makeTemplate(own.adminUrl)), stop: own.stop };
  } catch (error) {
    await own.stop();
    throw error;
  }
}

/** Opens the desk where workers ask for the server; returns the teardown. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<Running> | undefined;
  const desk = createServer((socket) => {
    socket.on('error', () => undefined);
    running ??= startServer();
    running.then(
      (server) => socket.end(JSON.stringify(server)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const address = desk.address();
  assert(typeof address === 'object' && address !== null, 'the desk has a port');
  project.provide('databaseDesk', address.port);
  return async () => {
    desk.close();
    const server = await running?.catch(() => undefined);
    await server?.stop();
  };
}
