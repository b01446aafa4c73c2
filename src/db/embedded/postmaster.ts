/** The running server: start it apart from the terminal, reach it, and stop it in good order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { ok, type Result, refuse } from '../../base/result.ts';
import { clusterFolder, lastLine, refusalSaid, SUPERUSER } from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { asUser, type Place, refuseFileError } from './engine-user.ts';
import { isSameLife, type Life, lifeOf, signalLife } from './life.ts';
import { SOCKET_PORT, socketFolder } from './socket-folder.ts';

/** Where a server listens: a socket folder, or 127.0.0.1 on Windows. */
export type Endpoint = { readonly host: string; readonly port: number };

/** A server that answers. */
export type Postmaster = { readonly life: Life; readonly endpoint: Endpoint; readonly version: string };

/** `busy`: it starts, recovers or ends; `refused`: it is not ours; `silent`: nobody listens. */
export type Answer =
  | { readonly state: 'up'; readonly version: string }
  | { readonly state: 'busy' | 'refused' | 'silent' };

const START_LIMIT_MS = 120_000;
const LOG_BYTES = 10_000_000;
/** With less on its disk the server cannot even say so in its log. */
const LEAST_BYTES = 1_000_000;

/** How long a stopping server may take for each way of stopping it. */
export type StopLimits = { readonly fastMs: number; readonly immediateMs: number };

/** PostgreSQL itself ends children that hang within 5 s of SIGQUIT. */
export const STOP_LIMITS: StopLimits = { fastMs: 15_000, immediateMs: 8_000 };
const KILL_LIMIT_MS = 2_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The address of a login, in the form that libpq and pg both read. PGSSLMODE of the environment is for other servers. */
export function urlOf(endpoint: Endpoint, user: string, password: string, database: string): string {
  const login = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return endpoint.host.startsWith('/')
    ? `${login}@/${database}?host=${encodeURIComponent(endpoint.host)}&port=${endpoint.port}&sslmode=disable`
    : `${login}@${endpoint.host}:${endpoint.port}/${database}?sslmode=disable`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : SOCKET_PORT),
      );
    });
  });
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch {
    return [];
  }
}

const pidFile = (place: Place): string => join(clusterFolder(place), 'postmaster.pid');

/** The pid that a lock file of PostgreSQL claims, also while the server is still writing the file. */
export function pidIn(file: string): number | undefined {
  const pid = Number(linesOf(file)[0] ?? 0);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

/** The pid that postmaster.pid claims. */
export const notedPid = (place: Place): number | undefined => pidIn(pidFile(place));

/** Who listens, as postmaster.pid says; undefined where there is no such file or the server is still writing it. */
export function readPostmasterPid(
  place: Place,
): { readonly pid: number; readonly endpoint: Endpoint } | undefined {
  const pid = notedPid(place);
  const [, , , port, socket = '', address = ''] = linesOf(pidFile(place));
  const host = socket === '' ? address : socket;
  return pid !== undefined && host !== '' && Number(port) > 0
    ? { pid, endpoint: { host, port: Number(port) } }
    : undefined;
}

const BUSY_STATES: readonly unknown[] = ['57P03', '53300'];
const REFUSED_STATES: readonly unknown[] = ['28P01', '28000', '3D000'];

/** Asks the server who it is: whether it is up, takes our password and serves this folder. */
export async function askPostmaster(place: Place, endpoint: Endpoint, password: string): Promise<Answer> {
  const client = new pg.Client({
    connectionString: urlOf(endpoint, SUPERUSER, password, 'postgres'),
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const asked = await client.query(
      `select current_setting('data_directory') as folder, current_setting('server_version') as version`,
    );
    const same = statSync(String(asked.rows[0]?.folder)).ino === statSync(clusterFolder(place)).ino;
    return same ? { state: 'up', version: String(asked.rows[0]?.version) } : { state: 'refused' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (BUSY_STATES.includes(code)) return { state: 'busy' };
    return { state: REFUSED_STATES.includes(code) ? 'refused' : 'silent' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < LEAST_BYTES;
}

function refuseByLog(said: string, place: Place): Result<never, EmbeddedRefusal> {
  const folder = clusterFolder(place);
  if (isFull(place.folder)) return refuse('DISK_FULL', place.folder);
  if (/lock file ".*" already exists|is another postmaster|shared memory block/.test(said))
    return refuse('FOREIGN_POSTMASTER', folder);
  if (/database files are incompatible/.test(said))
    return refuse('WRONG_DATA_VERSION', `${folder} does not fit this engine`);
  const known = refusalSaid(said, folder);
  if (known !== undefined) return { ok: false, refusal: known };
  const fatal = said.split('\n').filter((line) => /FATAL|PANIC|error/.test(line));
  return refuse('ENGINE_FAILED', fatal.at(-1)?.trim() ?? lastLine(said));
}

const logFile = (place: Place): string => join(place.folder, 'pg.log');

function spawnServer(
  place: Place,
  endpoint: Endpoint,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const onSocket = endpoint.host.startsWith('/');
  const all: Readonly<Record<string, string>> = {
    listen_addresses: onSocket ? '' : endpoint.host,
    unix_socket_directories: onSocket ? endpoint.host : '',
    unix_socket_permissions: '0700',
    port: String(endpoint.port),
    ssl: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // DETAIL lines repeat the values of a refused row, and rows hold personal data.
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: '0',
    // Said here, so that an edited postgresql.conf cannot turn off what an acknowledgement promises.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    ...settings,
  };
  const said = openSync(logFile(place), 'a', 0o600);
  try {
    return spawn(
      join(place.native, 'bin', 'postgres'),
      [
        '-D',
        clusterFolder(place),
        ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      {
        ...asUser(place.user),
        cwd: place.folder,
        // A session of its own: Ctrl-C must reach Node first, which then stops the server.
        detached: true,
        windowsHide: true,
        stdio: ['ignore', said, said],
        env: process.platform === 'win32' ? process.env : { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
      },
    );
  } finally {
    closeSync(said);
  }
}

/** Size of the log before this start; a long log is put aside first. */
function logStart(place: Place): number {
  const size = statSync(logFile(place), { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LOG_BYTES) return size;
  renameSync(logFile(place), `${logFile(place)}.1`);
  return 0;
}

/** Where a server of this place is to listen. */
async function newEndpoint(place: Place): Promise<Result<Endpoint, EmbeddedRefusal>> {
  if (process.platform === 'win32') return ok({ host: '127.0.0.1', port: await freePort() });
  const folder = socketFolder(place);
  return folder.ok ? ok({ host: folder.value, port: SOCKET_PORT }) : folder;
}

/** Starts the server on its cluster and waits until it answers; at `endpoint` where its address was given out before. */
export async function startPostmaster(
  place: Place,
  password: string,
  settings: Readonly<Record<string, string>>,
  endpoint?: Endpoint,
): Promise<Result<Postmaster, EmbeddedRefusal>> {
  try {
    // Also where the address is known: a cleaner of temporary folders may have taken the socket's folder.
    const chosen = await newEndpoint(place);
    if (!chosen.ok) return chosen;
    return await spawnAndWait(place, password, settings, endpoint ?? chosen.value);
  } catch (error) {
    return refuseFileError(error, place.folder);
  }
}

async function spawnAndWait(
  place: Place,
  password: string,
  settings: Readonly<Record<string, string>>,
  endpoint: Endpoint,
): Promise<Result<Postmaster, EmbeddedRefusal>> {
  const from = logStart(place);
  const child = spawnServer(place, endpoint, settings);
  const life = lifeOf(child.pid ?? 0);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `exit ${code ?? signal ?? ''}`;
  });
  child.unref();
  // A recovery takes as long as it takes; only silence is limited.
  for (let heardAt = performance.now(); performance.now() - heardAt < START_LIMIT_MS; ) {
    if (ended !== undefined || child.pid === undefined) {
      await pause(10);
      const said = readFileSync(logFile(place)).subarray(from).toString();
      return refuseByLog(`${ended ?? ''}\n${said}`, place);
    }
    const answer = await askPostmaster(place, endpoint, password);
    if (answer.state === 'up') return ok({ life, endpoint, version: answer.version });
    if (answer.state === 'busy') heardAt = performance.now();
    await pause(50);
  }
  await stopPostmaster(life);
  return refuse('ENGINE_FAILED', `no answer within ${START_LIMIT_MS / 1000} s, see ${logFile(place)}`);
}

async function isGoneWithin(life: Life, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs && isSameLife(life); waited += 20) await pause(20);
  return !isSameLife(life);
}

/**
 * Stops the server: fast (SIGINT: transactions end, a checkpoint is written); at once (SIGQUIT) where it hangs; SIGKILL at last, after which
 * its children end by themselves. No committed row is lost in any of them, and no other process is ever signalled. Answers which it took.
 */
export async function stopPostmaster(
  life: Life,
  limits: StopLimits = STOP_LIMITS,
): Promise<'SIGINT' | 'SIGQUIT' | 'SIGKILL'> {
  signalLife(life, 'SIGINT');
  if (await isGoneWithin(life, limits.fastMs)) return 'SIGINT';
  signalLife(life, 'SIGQUIT');
  if (await isGoneWithin(life, limits.immediateMs)) return 'SIGQUIT';
  signalLife(life, 'SIGKILL');
  await isGoneWithin(life, KILL_LIMIT_MS);
  return 'SIGKILL';
}
