/**
 * The database of a start without DATABASE_URL: the real PostgreSQL of the npm platform package, under our own supervision
 * (`docs/decisions/embedded-postgresql.md`). Makes the cluster, starts, adopts or shares the server, keeps it running, stops it.
 */
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import {
  APP,
  clusterFolder,
  DATABASE,
  ensureCluster,
  OWNER,
  type Passwords,
  passwordsOf,
} from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { clearRemains, kindOf } from './engine-processes.ts';
import { choosePlace, type Place, refuseFileError } from './engine-user.ts';
import { type LockClaim, lockClaim, lockHolder } from './folder-lock.ts';
import { adoptLeft } from './left-server.ts';
import { type Life, lifeOf } from './life.ts';
import { makeLogins, ownerCanConnect } from './logins.ts';
import { findEngine } from './platform-package.ts';
import {
  askPostmaster,
  notedPid,
  type Postmaster,
  readPostmasterPid,
  STOP_LIMITS,
  type StopLimits,
  startPostmaster,
  stopPostmaster,
  urlOf,
} from './postmaster.ts';
import { type DatabaseState, PATIENCE, type Patience, type Watch, watchPostmaster } from './watching.ts';

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
  /** Whether it runs, is being started again after a crash, or is given up. */
  state(): DatabaseState;
  /** Settles when the server ended again and again and is given up; never otherwise. */
  readonly failed: Promise<EmbeddedRefusal>;
  stop(): Promise<void>;
};

/** Where and how. `settings` adds server settings (tests turn fsync off; the default is the safe one). */
export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  readonly settings?: Readonly<Record<string, string>>;
  /** Waits, shorter in tests. */
  readonly patience?: Patience;
  readonly stopLimits?: StopLimits;
  readonly sharedWaitMs?: number;
};

type Started = { readonly running: Postmaster; readonly passwords: Passwords };

const SHARED_WAIT_MS = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const lockOf = (place: Place): string => join(place.folder, 'supervisor.lock');

async function startOwned(
  place: Place,
  major: number,
  options: EmbeddedOptions,
): Promise<Result<Started, EmbeddedRefusal>> {
  const passwords = passwordsOf(place);
  if (!passwords.ok) return passwords;
  const cluster = await ensureCluster(place, passwords.value, major, options.log);
  if (!cluster.ok) return cluster;
  const { superuser } = passwords.value;
  const limits = options.stopLimits ?? STOP_LIMITS;
  const left = await adoptLeft(place, superuser, limits, options.log);
  if (!left.ok) return left;
  if (left.value !== undefined)
    options.log('接管了仍在运行的数据库 Took over the database that a killed process had left running.');
  const started =
    left.value === undefined
      ? await startPostmaster(place, superuser, options.settings ?? {})
      : ok(left.value);
  if (!started.ok) return started;
  const running = started.value;
  const made = await makeLogins(running.endpoint, passwords.value, clusterFolder(place));
  if (!made.ok) {
    await stopPostmaster(running.life, limits);
    return made;
  }
  return ok({ running, passwords: passwords.value });
}

/** The server of another process, once it is ready. */
async function sharedServer(place: Place): Promise<Result<Started | undefined, EmbeddedRefusal>> {
  const passwords = passwordsOf(place);
  if (!passwords.ok) return passwords;
  const noted = readPostmasterPid(place);
  if (noted === undefined) return ok(undefined);
  const { pid, endpoint } = noted;
  const answer = await askPostmaster(place, endpoint, passwords.value.superuser);
  if (answer.state !== 'up' || !(await ownerCanConnect(endpoint, passwords.value))) return ok(undefined);
  const running = { life: lifeOf(pid), endpoint, version: answer.version };
  return ok({ running, passwords: passwords.value });
}

/** Waits for the server of the process that holds the lock; undefined once that process is gone and the lock is ours. */
async function joinShared(
  place: Place,
  claim: LockClaim,
  options: EmbeddedOptions,
): Promise<Result<Started | undefined, EmbeddedRefusal>> {
  const lock = lockOf(place);
  const until = performance.now() + (options.sharedWaitMs ?? SHARED_WAIT_MS);
  while (performance.now() < until) {
    if (claim.take()) return ok(undefined);
    const shared = await sharedServer(place);
    if (!shared.ok) return shared;
    if (shared.value !== undefined) {
      const holder = lockHolder(lock)?.pid ?? '?';
      options.log(
        `与进程 ${holder} 共用数据库 Process ${holder} runs the database in ${place.folder}; this process shares it.`,
      );
      return shared;
    }
    await pause(100);
  }
  const holder = lockHolder(lock)?.pid ?? '?';
  return refuse(
    'FOLDER_HELD',
    `Process ${holder} holds the data folder ${place.folder} and its database does not answer`,
  );
}

function notedLife(place: Place): Life | undefined {
  const pid = notedPid(place);
  const kind = pid === undefined ? 'gone' : kindOf(place, pid);
  return pid !== undefined && (kind === 'ours' || kind === 'unknown') ? lifeOf(pid) : undefined;
}

function watch(
  place: Place,
  claim: LockClaim,
  { running, passwords }: Started,
  options: EmbeddedOptions,
): Watch {
  const bringUp = async (): Promise<Result<Postmaster, EmbeddedRefusal>> => {
    try {
      const limits = options.stopLimits ?? STOP_LIMITS;
      const left = await adoptLeft(place, passwords.superuser, limits, options.log);
      if (!left.ok) return left;
      if (left.value !== undefined) return ok(left.value);
      return await startPostmaster(place, passwords.superuser, options.settings ?? {}, running.endpoint);
    } catch (error) {
      return refuse('ENGINE_FAILED', error instanceof Error ? error.message : String(error));
    }
  };
  return watchPostmaster({
    running,
    owns: claim.takeFree,
    noted: () => notedLife(place),
    bringUp,
    log: options.log,
    patience: options.patience ?? PATIENCE,
  });
}

async function open(
  place: Place,
  claim: LockClaim,
  major: number,
  options: EmbeddedOptions,
): Promise<Result<Embedded, EmbeddedRefusal>> {
  const joined = claim.take() ? ok(undefined) : await joinShared(place, claim, options);
  if (!joined.ok) return joined;
  const shared = joined.value !== undefined;
  const started = joined.value === undefined ? await startOwned(place, major, options) : ok(joined.value);
  if (!started.ok) return started;
  const { running, passwords } = started.value;
  const watching = watch(place, claim, started.value, options);
  const limits = options.stopLimits ?? STOP_LIMITS;
  const stopOnce = async (): Promise<void> => {
    const left = await watching.end();
    const how = left === undefined ? undefined : await stopPostmaster(left.life, limits);
    // A killed postmaster leaves children, who need a moment to see it.
    if (claim.isHeld() && how !== 'SIGINT') await clearRemains(place);
    if (how === 'SIGQUIT' || how === 'SIGKILL')
      options.log(
        `数据库未能按时停止 The database did not stop in time and was ended by ${how}; nothing committed is lost.`,
      );
    claim.drop();
  };
  let stopping: Promise<void> | undefined;
  return ok({
    ownerUrl: urlOf(running.endpoint, OWNER, passwords.owner, DATABASE),
    appUrl: urlOf(running.endpoint, APP, passwords.app, DATABASE),
    version: running.version,
    shared,
    folder: place.folder,
    state: watching.state,
    failed: watching.failed,
    stop() {
      stopping ??= stopOnce();
      return stopping;
    },
  });
}

/** Starts, adopts or shares the embedded PostgreSQL of a data folder; everything that can be expected to fail is a refusal. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Result<Embedded, EmbeddedRefusal>> {
  const engine = findEngine();
  if (!engine.ok) return engine;
  const chosen = choosePlace(options.dataDir, engine.value, options.log);
  if (!chosen.ok) return chosen;
  const place = chosen.value;
  const claim = lockClaim(lockOf(place));
  let opened: Result<Embedded, EmbeddedRefusal> | undefined;
  try {
    opened = await open(place, claim, engine.value.major, options);
    return opened;
  } catch (error) {
    return refuseFileError(error, place.folder);
  } finally {
    if (opened?.ok !== true) claim.drop();
  }
}
