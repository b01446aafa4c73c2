/**
 * Which errors of the database are outages: the server is away, full, read-only or overloaded, the request was in order, and the
 * same request may succeed later. They are answered 503 with a stable code; every other error stays a fault of ours (DESIGN §6).
 */

/**
 * UNREACHABLE: nobody answers there, or not with our login. RESTARTING: a server answers that starts, recovers or stops.
 * FULL: no space. READ_ONLY: a standby, or a disk that takes no writes. DISK_FAULT: files cannot be read or written for
 * another reason. OVERLOADED: too many connections, no memory, or too slow for our time limits.
 */
export type Outage =
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_RESTARTING'
  | 'DATABASE_FULL'
  | 'DATABASE_READ_ONLY'
  | 'DATABASE_DISK_FAULT'
  | 'DATABASE_OVERLOADED';

const BY_SQLSTATE: Readonly<Record<string, Outage>> = {
  '53100': 'DATABASE_FULL',
  '25006': 'DATABASE_READ_ONLY',
  '57P01': 'DATABASE_RESTARTING',
  '57P02': 'DATABASE_RESTARTING',
  '57P03': 'DATABASE_RESTARTING',
  '57P05': 'DATABASE_RESTARTING',
  '25P03': 'DATABASE_OVERLOADED',
  '25P04': 'DATABASE_OVERLOADED',
  '40001': 'DATABASE_OVERLOADED',
  '40P01': 'DATABASE_OVERLOADED',
  '53000': 'DATABASE_OVERLOADED',
  '53200': 'DATABASE_OVERLOADED',
  '53300': 'DATABASE_OVERLOADED',
  '53400': 'DATABASE_OVERLOADED',
  '55P03': 'DATABASE_OVERLOADED',
  '57014': 'DATABASE_OVERLOADED',
  '58000': 'DATABASE_DISK_FAULT',
  '58030': 'DATABASE_DISK_FAULT',
  '58P01': 'DATABASE_DISK_FAULT',
  '58P02': 'DATABASE_DISK_FAULT',
  XX001: 'DATABASE_DISK_FAULT',
  XX002: 'DATABASE_DISK_FAULT',
  '28000': 'DATABASE_UNREACHABLE',
  '28P01': 'DATABASE_UNREACHABLE',
  '3D000': 'DATABASE_UNREACHABLE',
};

/**
 * PostgreSQL gives a read-only file system the state of a missing privilege, and a file-size limit or quota that of an internal
 * error; the source file that raised it tells them from a refused GRANT and from a defect.
 */
const STORAGE_SOURCES = new Set([
  'buffile.c',
  'copydir.c',
  'dsm_impl.c',
  'fd.c',
  'md.c',
  'pg_control.c',
  'controldata_utils.c',
  'relmapper.c',
  'slru.c',
  'smgr.c',
  'storage.c',
  'xlog.c',
  'xlogfuncs.c',
  'xlogrecovery.c',
]);

/** Errors of the socket, before a server has said anything. */
const SOCKET_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/** Of a unix socket these say that no server has made it, or not for us; of a file they would say something else. */
const SOCKET_PATH_CODES = new Set(['EACCES', 'EAGAIN', 'ENOENT', 'EPERM']);
const TOO_MANY_FILES = new Set(['EMFILE', 'ENFILE']);

/** What the driver says in words only. */
const DRIVER_SENTENCES: readonly (readonly [RegExp, Outage])[] = [
  [/^timeout exceeded when trying to connect$/, 'DATABASE_OVERLOADED'],
  [/^Query read timeout$/, 'DATABASE_OVERLOADED'],
  [/^Connection terminated/, 'DATABASE_UNREACHABLE'],
  [/^timeout expired$/, 'DATABASE_UNREACHABLE'],
  [/^Client has encountered a connection error/, 'DATABASE_UNREACHABLE'],
  [/^Client was closed and is not queryable$/, 'DATABASE_UNREACHABLE'],
  [/^Cannot use a pool after calling end/, 'DATABASE_RESTARTING'],
];

/** An error as the driver and Node decorate it. */
type Decorated = Error & {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly file?: unknown;
  readonly severity?: unknown;
};

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Names of system errors have five letters too (EPIPE); only the server's own errors carry a severity. */
const isServerError = ({ code, severity }: Decorated): boolean =>
  typeof code === 'string' && SQLSTATE.test(code) && typeof severity === 'string';

function outageOfServer({ code, file, message }: Decorated): Outage | undefined {
  const state = String(code);
  const known = Object.hasOwn(BY_SQLSTATE, state) ? BY_SQLSTATE[state] : undefined;
  if (known !== undefined) return known;
  if (state.startsWith('08')) return 'DATABASE_UNREACHABLE';
  if (typeof file !== 'string' || !STORAGE_SOURCES.has(file)) return undefined;
  if (/No space left on device|Disk quota exceeded/.test(message)) return 'DATABASE_FULL';
  if (/Read-only file system/.test(message)) return 'DATABASE_READ_ONLY';
  return state === '42501' || state === 'XX000' ? 'DATABASE_DISK_FAULT' : undefined;
}

function outageOfSocket({ code, syscall, message }: Decorated): Outage | undefined {
  if (typeof code === 'string') {
    if (SOCKET_CODES.has(code)) return 'DATABASE_UNREACHABLE';
    if (TOO_MANY_FILES.has(code) && syscall === 'connect') return 'DATABASE_OVERLOADED';
    return SOCKET_PATH_CODES.has(code) && syscall === 'connect' ? 'DATABASE_UNREACHABLE' : undefined;
  }
  return DRIVER_SENTENCES.find(([sentence]) => sentence.test(message))?.[1];
}

const MAX_CAUSES = 5;

/**
 * The outage that an error of the database means, or undefined where it means none: a refusal, a defect, or a commit in doubt
 * (CommitUnknownError), which has its own answer. Looks into `cause` and into the attempts of an AggregateError. An outage does
 * not say that nothing was stored: whoever sent a statement alone and lost the connection cannot know.
 */
export function outageOf(error: unknown, depth = 0): Outage | undefined {
  if (!(error instanceof Error) || depth > MAX_CAUSES || error.name === 'CommitUnknownError')
    return undefined;
  const own = isServerError(error) ? outageOfServer(error) : outageOfSocket(error);
  if (own !== undefined) return own;
  const inner: unknown[] = [error.cause, ...(error instanceof AggregateError ? error.errors : [])];
  for (const each of inner) {
    const found = outageOf(each, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
