/**
 * What becomes of the server that another process left on this cluster: taken over where it takes our password, stopped where it hangs,
 * left alone where it is somebody else's (DESIGN §6). The caller holds the folder's lock.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import { clusterFolder } from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { clearRemains, kindOf } from './engine-processes.ts';
import type { Place } from './engine-user.ts';
import { isKnown, lifeOf } from './life.ts';
import {
  askPostmaster,
  notedPid,
  type Postmaster,
  pidIn,
  readPostmasterPid,
  type StopLimits,
  stopPostmaster,
} from './postmaster.ts';
import { SOCKET_PORT, socketFolder } from './socket-folder.ts';

const SILENT_LIMIT_MS = 10_000;
const BUSY_LIMIT_MS = 600_000;
const STEP_MS = 100;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The lock files of a server: of its folder, and of its socket. */
function lockFiles(place: Place): readonly string[] {
  const noted = readPostmasterPid(place)?.endpoint.host ?? '';
  const chosen = process.platform === 'win32' ? undefined : socketFolder(place);
  const folders = new Set([noted, chosen?.ok === true ? chosen.value : ''].filter((f) => f.startsWith('/')));
  const sockets = [...folders].map((folder) => join(folder, `.s.PGSQL.${SOCKET_PORT}.lock`));
  return [...sockets, join(clusterFolder(place), 'postmaster.pid')];
}

/**
 * Clears what would keep a new server from starting. PostgreSQL believes a lock file whose pid is known to the system, also where it is
 * another program's by now or only waits to be reaped.
 */
async function clearStale(place: Place): Promise<Result<undefined, EmbeddedRefusal>> {
  if (!(await clearRemains(place))) return refuse('FOREIGN_POSTMASTER', clusterFolder(place));
  for (const file of lockFiles(place)) {
    const pid = pidIn(file);
    if (pid !== undefined && isKnown(pid) && ['other', 'gone'].includes(kindOf(place, pid)))
      rmSync(file, { force: true });
  }
  return ok(undefined);
}

/** The server that runs on this cluster and is ours; undefined once nothing is in the way of a start. */
export async function adoptLeft(
  place: Place,
  password: string,
  limits: StopLimits,
  log: (line: string) => void,
): Promise<Result<Postmaster | undefined, EmbeddedRefusal>> {
  const folder = clusterFolder(place);
  let waitsSince = performance.now();
  let wasBusy = false;
  for (; ; await pause(STEP_MS)) {
    const pid = notedPid(place);
    const kind = pid === undefined ? 'gone' : kindOf(place, pid);
    if (pid === undefined || kind === 'gone' || kind === 'other') return clearStale(place);
    const life = lifeOf(pid);
    const noted = readPostmasterPid(place);
    const answer =
      noted === undefined
        ? { state: 'silent' as const }
        : await askPostmaster(place, noted.endpoint, password);
    if (answer.state === 'up' && noted !== undefined)
      return ok({ life, endpoint: noted.endpoint, version: answer.version });
    if (answer.state === 'refused') return refuse('FOREIGN_POSTMASTER', folder);
    const isBusy = answer.state === 'busy';
    if (isBusy !== wasBusy) waitsSince = performance.now();
    wasBusy = isBusy;
    const waitedMs = performance.now() - waitsSince;
    if (isBusy && waitedMs > BUSY_LIMIT_MS) return refuse('FOREIGN_POSTMASTER', folder);
    if (isBusy || waitedMs <= SILENT_LIMIT_MS) continue;
    // Who cannot be told to be ours is PostgreSQL's to judge: it reads the same file.
    if (kind === 'unknown') return ok(undefined);
    log(
      `遗留的数据库没有响应，正在停止 The database left running as process ${pid} does not answer; stopping it.`,
    );
    await stopPostmaster(life, limits);
    return clearStale(place);
  }
}
