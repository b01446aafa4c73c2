/**
 * The database of a start without DATABASE_URL: the real PostgreSQL of the npm platform package, under our own supervision
 * (`docs/decisions/embedded-postgresql.md`). Makes the cluster, starts or adopts the server, makes the two logins, stops it.
 */
import { join } from 'node:path';
import pg from 'pg';
import { ok, type Result, refuse } from '../../base/result.ts';
import {
  APP,
  clusterFolder,
  DATABASE,
  ensureCluster,
  OWNER,
  type Passwords,
  passwordsOf,
  SUPERUSER,
} from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { choosePlace, type Place } from './engine-user.ts';
import { dropLock, isAlive, takeLock } from './folder-lock.ts';
import { findEngine } from './platform-package.ts';
import {
  askPostmaster,
  type Endpoint,
  type Postmaster,
  readPostmasterPid,
  startPostmaster,
  stopPostmaster,
  urlOf,
} from './postmaster.ts';

/** A running database. Call `stop()` last, after every pool is closed. */
export type Embedded = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Of the server, for example `18.4`. */
  readonly version: string;
  /** Another living process started this server and answers for it; our `stop()` leaves it running. */
  readonly shared: boolean;
  /** Where cluster and passwords are; differs from the wish where root could not use it. */
  readonly folder: string;
  stop(): Promise<void>;
};

const SHARED_WAIT_MS = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function makeLogins(endpoint: Endpoint, passwords: Passwords): Promise<void> {
  const client = new pg.Client({
    connectionString: urlOf(endpoint, SUPERUSER, passwords.superuser, 'postgres'),
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const [name, password] of [
      [OWNER, passwords.owner],
      [APP, passwords.app],
    ] as const) {
      const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      if (found.rowCount === 0)
        await client.query(`create role ${name} login password ${pg.escapeLiteral(password)}`);
    }
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`);
    await client.query(`revoke all on database ${DATABASE} from public`);
    await client.query(`grant connect on database ${DATABASE} to ${APP}`);
  } finally {
    await client.end();
  }
}

/**
 * The server that runs on this cluster already and takes our password. Where none answers, the noted pid may belong to another program
 * by now, or to a server that is not ours: PostgreSQL itself knows better, so the caller lets it try.
 */
async function runningPostmaster(place: Place, passwords: Passwords): Promise<Postmaster | undefined> {
  const noted = readPostmasterPid(place);
  for (let tries = 0; tries < 20 && noted !== undefined && isAlive(noted.pid); tries += 1) {
    const answer = await askPostmaster(place, noted.endpoint, passwords.superuser);
    if (answer !== undefined) return { ...noted, version: answer.version };
    await pause(100);
  }
  return undefined;
}

async function startOwned(
  place: Place,
  major: number,
  options: EmbeddedOptions,
): Promise<Result<{ readonly running: Postmaster; readonly passwords: Passwords }, EmbeddedRefusal>> {
  const passwords = passwordsOf(place);
  if (!passwords.ok) return passwords;
  const cluster = await ensureCluster(place, passwords.value, major, options.log);
  if (!cluster.ok) return cluster;
  const found = await runningPostmaster(place, passwords.value);
  if (found !== undefined)
    options.log('接管了仍在运行的数据库 Took over the database that a killed process had left running.');
  const started =
    found === undefined
      ? await startPostmaster(place, passwords.value.superuser, options.settings ?? {})
      : ok(found);
  if (!started.ok) return started;
  await makeLogins(started.value.endpoint, passwords.value);
  return ok({ running: started.value, passwords: passwords.value });
}

/** Waits for the server of the process that holds the lock; undefined once that process is gone. */
async function joinShared(
  place: Place,
  lock: string,
): Promise<
  Result<{ readonly running: Postmaster; readonly passwords: Passwords } | undefined, EmbeddedRefusal>
> {
  for (let waited = 0; waited < SHARED_WAIT_MS; waited += 100) {
    if (takeLock(lock)) return ok(undefined);
    const passwords = passwordsOf(place);
    if (!passwords.ok) return passwords;
    const noted = readPostmasterPid(place);
    if (noted !== undefined) {
      const answer = await askPostmaster(place, noted.endpoint, passwords.value.superuser);
      const ready = answer !== undefined && (await ownerCanConnect(noted.endpoint, passwords.value));
      if (ready) return ok({ running: { ...noted, version: answer.version }, passwords: passwords.value });
    }
    await pause(100);
  }
  return refuse('FOREIGN_POSTMASTER', clusterFolder(place));
}

async function ownerCanConnect(endpoint: Endpoint, passwords: Passwords): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(endpoint, OWNER, passwords.owner, DATABASE) });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Where and how. `settings` adds server settings (tests turn fsync off; the default is the safe one). */
export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  readonly settings?: Readonly<Record<string, string>>;
};

/** Starts, adopts or joins the embedded PostgreSQL of a data folder; everything that can be expected to fail is a refusal. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Result<Embedded, EmbeddedRefusal>> {
  const engine = findEngine();
  if (!engine.ok) return engine;
  const chosen = choosePlace(options.dataDir, engine.value, options.log);
  if (!chosen.ok) return chosen;
  const place = chosen.value;
  const lock = join(place.folder, 'supervisor.lock');
  const joined = takeLock(lock) ? ok(undefined) : await joinShared(place, lock);
  if (!joined.ok) return joined;
  const shared = joined.value !== undefined;
  const started =
    joined.value === undefined ? await startOwned(place, engine.value.major, options) : ok(joined.value);
  if (!started.ok) {
    dropLock(lock);
    return started;
  }
  const { running, passwords } = started.value;
  return ok({
    ownerUrl: urlOf(running.endpoint, OWNER, passwords.owner, DATABASE),
    appUrl: urlOf(running.endpoint, APP, passwords.app, DATABASE),
    version: running.version,
    shared,
    folder: place.folder,
    async stop() {
      if (shared) return;
      await stopPostmaster(place, running.pid);
      dropLock(lock);
    },
  });
}
