/**
 * Keeps the server running for as long as the service does: a postmaster that ended is started again, with pauses that grow, and a crash
 * loop ends with a refusal. A process that shares the server takes over when the one that answered for it is gone.
 */
import type { Result } from '../../base/result.ts';
import { type EmbeddedRefusal, embeddedSentence } from './embedded-refusals.ts';
import { isSameLife, type Life } from './life.ts';
import type { Postmaster } from './postmaster.ts';

/** `reason` is for `/readyz`, empty while the server runs. */
export type DatabaseState = {
  readonly name: 'up' | 'restarting' | 'failed' | 'stopped';
  readonly reason: string;
};

/** Every step of the waits; tests are less patient. */
export type Patience = {
  /** Between two looks at the server. */
  readonly lookMs: number;
  /** A life of this length is no crash loop. */
  readonly steadyMs: number;
  /** Pause after the first failure, doubled with each further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** So many failures in a row are a crash loop. */
  readonly failures: number;
};

export const PATIENCE: Patience = {
  lookMs: 250,
  steadyMs: 2_000,
  firstPauseMs: 250,
  longestPauseMs: 8_000,
  failures: 8,
};

export type WatchOptions = {
  /** The server that answers now. */
  readonly running: Postmaster;
  /** Whether this process answers for the server; asked again and again, since it may come to do so. */
  readonly owns: () => boolean;
  /** The server's process as its own file names it now; another process may have started it anew. */
  readonly noted: () => Life | undefined;
  /** Finds or starts the server. */
  readonly bringUp: () => Promise<Result<Postmaster, EmbeddedRefusal>>;
  readonly log: (line: string) => void;
  readonly patience: Patience;
};

export type Watch = {
  state(): DatabaseState;
  /** Settles when the server is given up. */
  readonly failed: Promise<EmbeddedRefusal>;
  /** Ends the watch, after a restart under way; answers the server that runs, where this process answers for it. */
  end(): Promise<Postmaster | undefined>;
};

const UP: DatabaseState = { name: 'up', reason: '' };
const RESTARTING: DatabaseState = {
  name: 'restarting',
  reason: 'the database ended and is being started again',
};
/** What an operator frees, mounts or ends while we wait. */
const WAITED_OUT: readonly string[] = ['DISK_FULL', 'READ_ONLY'];

/** A sleep that `wake` cuts short and that keeps no process alive. */
function sleeper() {
  let wake: () => void = () => undefined;
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return { sleep, wake: () => wake() };
}

const endedLine = (pid: number): string =>
  `数据库进程意外结束，正在重新启动 The database process ${pid} ended unexpectedly; starting it again.`;
const answersLine = (pid: number, downMs: number): string =>
  `数据库已恢复 The database answers again, as process ${pid}, after ${(downMs / 1000).toFixed(1)} s.`;
const TAKEN_OVER =
  '数据库改由本进程管理 The process that ran the database is gone; this process runs it from now on.';

/** Counts failures in a row and says how long to wait before the next try. */
function failureCount(patience: Patience) {
  let failures = 0;
  return {
    /** False once it is a crash loop. */
    add(): boolean {
      failures += 1;
      return failures < patience.failures;
    },
    /** A failure that ends when somebody frees the disk: it lengthens the pause and never ends the tries. */
    addWaiting(): boolean {
      failures = Math.min(failures + 1, patience.failures - 1);
      return true;
    },
    clear(): void {
      failures = 0;
    },
    pauseMs: (): number =>
      failures === 0 ? 0 : Math.min(patience.longestPauseMs, patience.firstPauseMs * 2 ** (failures - 1)),
  };
}

/** Brings the server up again, however often that has to be tried; a refusal where it is given up, undefined where `isEnded`. */
async function restart(
  options: WatchOptions,
  count: ReturnType<typeof failureCount>,
  sleep: (ms: number) => Promise<void>,
  isEnded: () => boolean,
  tell: (state: DatabaseState) => void,
): Promise<Result<Postmaster, EmbeddedRefusal> | undefined> {
  for (;;) {
    await sleep(count.pauseMs());
    if (isEnded()) return undefined;
    const brought = await options.bringUp();
    if (brought.ok) return brought;
    const { code } = brought.refusal;
    const sentence = embeddedSentence(brought.refusal);
    options.log(sentence);
    tell({ name: 'restarting', reason: `the database cannot be started: ${code}` });
    const goesOn = WAITED_OUT.includes(code) ? count.addWaiting() : count.add();
    if (!goesOn) return { ok: false, refusal: { code: 'CRASH_LOOP', where: sentence } };
  }
}

/** Begins to watch. */
export function watchPostmaster(options: WatchOptions): Watch {
  const { owns, noted, log, patience } = options;
  const { sleep, wake } = sleeper();
  const count = failureCount(patience);
  let current = options.running;
  let owned = owns();
  let state = UP;
  let ended = false;
  let upSince = performance.now();
  let giveUp: (refusal: EmbeddedRefusal) => void = () => undefined;
  const failed = new Promise<EmbeddedRefusal>((resolve) => {
    giveUp = resolve;
  });
  const tell = (next: DatabaseState): void => {
    state = next;
  };
  const fail = (refusal: EmbeddedRefusal): void => {
    tell({ name: 'failed', reason: 'the database ended again and again' });
    ended = true;
    giveUp(refusal);
  };

  const mend = async (): Promise<void> => {
    const downSince = performance.now();
    tell(RESTARTING);
    log(endedLine(current.life.pid));
    if (downSince - upSince >= patience.steadyMs) count.clear();
    else if (!count.add()) {
      const where = `${patience.failures} starts in a row lasted less than ${patience.steadyMs} ms`;
      return fail({ code: 'CRASH_LOOP', where });
    }
    const brought = await restart(options, count, sleep, () => ended, tell);
    if (brought === undefined) return;
    if (!brought.ok) return fail(brought.refusal);
    current = brought.value;
    upSince = performance.now();
    tell(UP);
    log(answersLine(current.life.pid, upSince - downSince));
  };

  const look = async (): Promise<void> => {
    if (!isSameLife(current.life) && !owned) {
      const life = noted();
      if (life !== undefined) current = { ...current, life };
    }
    if (!owned && owns()) {
      owned = true;
      log(TAKEN_OVER);
    }
    if (isSameLife(current.life)) tell(UP);
    else if (owned) await mend();
    else tell(RESTARTING);
  };

  const loop = async (): Promise<void> => {
    while (!ended) {
      await sleep(patience.lookMs);
      if (!ended) await look();
    }
  };
  const looping = loop();
  return {
    state: () => state,
    failed,
    async end() {
      ended = true;
      wake();
      await looping;
      if (state.name !== 'failed') tell({ name: 'stopped', reason: 'the database is stopped' });
      return owned && isSameLife(current.life) ? current : undefined;
    },
  };
}
