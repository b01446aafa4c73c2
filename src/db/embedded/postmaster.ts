/** The running server: start it apart from the terminal, reach it, and stop it in good order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ok, type Result, refuse } from '../../base/result.ts';
import { clusterFolder, lastLine, SUPERUSER } from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { asUser, makePrivateFolder, type Place } from './engine-user.ts';
import { isAlive } from './folder-lock.ts';

/** Where a server listens: a socket folder, or 127.0.0.1 on Windows. */
export type Endpoint = { readonly host: string; readonly port: number };

/** A server that answers. */
export type Postmaster = { readonly pid: number; readonly endpoint: Endpoint; readonly version: string };

/** sockaddr_un has 108 bytes on Linux and 104 on macOS, with the closing zero and the file's own name. */
const SOCKET_PATH_BYTES = 103;
const PORT = 5432;
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;
const LOG_BYTES = 10_000_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The address of a login, in the form that libpq and pg both read. */
export function urlOf(endpoint: Endpoint, user: string, password: string, database: string): string {
  const login = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return endpoint.host.startsWith('/')
    ? `${login}@/${database}?host=${encodeURIComponent(endpoint.host)}&port=${endpoint.port}`
    : `${login}@${endpoint.host}:${endpoint.port}/${database}`;
}

/** The socket's folder: inside the place, or a short one of our own where that path is too long. */
export function socketFolder(place: Place): Result<string, EmbeddedRefusal> {
  const beside = join(place.folder, 'run');
  if (Buffer.byteLength(join(beside, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_BYTES) {
    makePrivateFolder(beside, place.user);
    return ok(beside);
  }
  const short = join(tmpdir(), `ov-${createHash('sha256').update(place.folder).digest('hex').slice(0, 16)}`);
  const found = lstatSync(short, { throwIfNoEntry: false });
  const uid = place.user?.uid ?? process.getuid?.();
  // Anybody may have made this name in the common folder: only our own, closed one will do.
  if (found !== undefined && (!found.isDirectory() || found.uid !== uid)) return refuse('NO_RIGHTS', short);
  makePrivateFolder(short, place.user);
  return ok(short);
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : PORT));
    });
  });
}

/** Who listens, as postmaster.pid says; undefined where there is no such file or the server is still writing it. */
export function readPostmasterPid(
  place: Place,
): { readonly pid: number; readonly endpoint: Endpoint } | undefined {
  let text: string;
  try {
    text = readFileSync(join(clusterFolder(place), 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const [pid, , , port, socket = '', address = ''] = text.split('\n').map((line) => line.trim());
  const host = socket === '' ? address : socket;
  const whole = host !== '' && Number(pid) > 0 && Number(port) > 0;
  return whole ? { pid: Number(pid), endpoint: { host, port: Number(port) } } : undefined;
}

/** Asks the server who it is; undefined where it does not answer, refuses our password or serves another folder. */
export async function askPostmaster(
  place: Place,
  endpoint: Endpoint,
  password: string,
): Promise<{ readonly version: string } | undefined> {
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
    return same ? { version: String(asked.rows[0]?.version) } : undefined;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refuseByLog(said: string, place: Place): Result<never, EmbeddedRefusal> {
  if (/No space left on device|Disk quota exceeded/.test(said)) return refuse('DISK_FULL', place.folder);
  if (/lock file ".*" already exists|is another postmaster/.test(said))
    return refuse('FOREIGN_POSTMASTER', clusterFolder(place));
  if (/database files are incompatible/.test(said))
    return refuse('WRONG_DATA_VERSION', `${clusterFolder(place)} does not fit this engine`);
  if (/Permission denied|has wrong ownership|has invalid permissions/.test(said))
    return refuse('NO_RIGHTS', clusterFolder(place));
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

/** Starts the server on its cluster and waits until it answers. */
export async function startPostmaster(
  place: Place,
  password: string,
  settings: Readonly<Record<string, string>>,
): Promise<Result<Postmaster, EmbeddedRefusal>> {
  let endpoint: Endpoint = { host: '127.0.0.1', port: PORT };
  if (process.platform === 'win32') endpoint = { host: '127.0.0.1', port: await freePort() };
  else {
    const folder = socketFolder(place);
    if (!folder.ok) return folder;
    endpoint = { host: folder.value, port: PORT };
  }
  const from = logStart(place);
  const child = spawnServer(place, endpoint, settings);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `exit ${code ?? signal ?? ''}`;
  });
  child.unref();
  for (let waited = 0; waited < START_LIMIT_MS; waited += 50) {
    if (ended !== undefined || child.pid === undefined) {
      await pause(10);
      return refuseByLog(`${ended ?? ''}\n${readFileSync(logFile(place), 'utf8').slice(from)}`, place);
    }
    const answer = await askPostmaster(place, endpoint, password);
    if (answer !== undefined) return ok({ pid: child.pid, endpoint, version: answer.version });
    await pause(50);
  }
  await stopPostmaster(place, child.pid ?? 0);
  return refuse('ENGINE_FAILED', `no answer within ${START_LIMIT_MS / 1000} s, see ${logFile(place)}`);
}

/** A process that was not our child stays visible as a zombie where nobody reaps, so the pid file counts as well. */
const isGone = (place: Place, pid: number): boolean => !isAlive(pid) || readPostmasterPid(place)?.pid !== pid;

/** Stops the server: fast (SIGINT: transactions end, a checkpoint is written), after 20 s at once (SIGQUIT). */
export async function stopPostmaster(place: Place, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isGone(place, pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < STOP_LIMIT_MS; waited += 20) {
      if (isGone(place, pid)) return;
      await pause(20);
    }
  }
}
