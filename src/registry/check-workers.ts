/**
 * Register files are checked, and other files of clerks read, in workers: whatever a file is, it costs a bounded time and memory of a thread of its own, and every other
 * request is answered meanwhile (DESIGN §7, docs/decisions/workbooks.md).
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { packageRoot } from '../package-root.ts';
import type { FileTask, FileWord } from './check-worker.ts';
import type { Finding } from './domain/findings.ts';
import type { ImportSettings, RowsRead } from './domain/import-check.ts';
import { refusedCheck } from './domain/import-check.ts';
import type { NamedColumns, NamedReading } from './domain/named-columns.ts';
import type { CheckedFile } from './file-check.ts';
import { checkedFileOf } from './file-check.ts';

/** What the checks of one process may take. */
export type CheckLimits = {
  /** Workers at once. */
  readonly workers: number;
  /** Files that wait for one of them; what comes beyond is refused. */
  readonly waiting: number;
  readonly timeMs: number;
  /** Of V8's two generations; a workbook is unpacked in chunks beside them. */
  readonly oldMiB: number;
  readonly youngMiB: number;
};

/** As many as imports are checked at once; an annotation that waits longest has its answer after 40 of the 60 s that its route gives. */
const LIMITS: CheckLimits = { workers: 2, waiting: 2, timeMs: 20_000, oldMiB: 256, youngMiB: 32 };

export type FileChecks = {
  /** The check of a file, which stays the caller's; REG-F018 and REG-F019 say that it took too much. */
  readonly check: (
    file: Uint8Array,
    settings: ImportSettings,
    onRows?: RowsRead,
  ) => Promise<Result<CheckedFile, Refusal<'SERVICE_BUSY'>>>;
  /** The annotated workbook of a file under the same bounds; undefined where it has no rows to give back, or took too much. */
  readonly annotate: (
    file: Uint8Array,
    settings: ImportSettings,
    further: readonly Finding[],
  ) => Promise<Result<Uint8Array | undefined, Refusal<'SERVICE_BUSY'>>>;
  /** A few columns of a file under the same bounds. */
  readonly read: (
    file: Uint8Array,
    columns: NamedColumns,
  ) => Promise<Result<NamedReading, Refusal<'SERVICE_BUSY'>>>;
  /** Ends what is under way and refuses what waits. */
  readonly close: () => Promise<void>;
};

/** A thread loads no TypeScript in Node 20, so sources and tests too run the worker that was built (`npm test` builds first). */
const program = (): string => join(packageRoot(), 'dist', 'src', 'registry', 'check-worker.js');

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function startWorker({ file, ...how }: FileTask, { oldMiB, youngMiB }: CheckLimits): Worker {
  // The import seals the file afterwards, so one copy is made, and handed over instead of being copied twice more.
  const copy = Uint8Array.from(file);
  return new Worker(program(), {
    workerData: { file: copy, ...how } satisfies FileTask,
    transferList: [copy.buffer],
    // Whatever the process was started with, such as a loader of sources, is not for what was built.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: oldMiB, maxYoungGenerationSizeMb: youngMiB },
  });
}

/** What came of a task: the worker's last word, the bound that it ran into, or undefined where it was ended from outside. */
type Ending = Exclude<FileWord, { readonly is: 'rows' }> | 'REG-F018' | 'REG-F019' | undefined;

/** How a worker ends; rejects with an error of ours. */
function endingOf(worker: Worker, timeMs: number, onRows: RowsRead): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void worker.terminate();
    }, timeMs);
    worker.on('message', (word: FileWord) => {
      if (word.is === 'rows') onRows(word.rows, word.of);
      else resolve(word);
    });
    worker.once('error', (error) => {
      if (isOutOfMemory(error)) resolve('REG-F019');
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve(isLate ? 'REG-F018' : undefined);
    });
  });
}

/** The checks of one process. */
export function fileChecks(limits: CheckLimits = LIMITS): FileChecks {
  const running = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  let isClosed = false;

  const place = async (): Promise<boolean> => {
    if (taken < limits.workers) {
      taken += 1;
      return true;
    }
    if (waiting.length >= limits.waiting) return false;
    // Whoever leaves hands his place on.
    await new Promise<void>((resolve) => waiting.push(resolve));
    return true;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  };
  const run = async (task: FileTask, onRows: RowsRead): Promise<Ending> => {
    const worker = startWorker(task, limits);
    running.add(worker);
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    try {
      return await endingOf(worker, limits.timeMs, onRows);
    } finally {
      await ended;
      running.delete(worker);
    }
  };
  const work = async (
    task: FileTask,
    onRows: RowsRead = () => undefined,
  ): Promise<Result<Exclude<Ending, undefined>, Refusal<'SERVICE_BUSY'>>> => {
    if (isClosed || !(await place())) return refuse('SERVICE_BUSY');
    try {
      const ending = isClosed ? undefined : await run(task, onRows);
      if (ending !== undefined) return ok(ending);
      assert(isClosed, 'a worker ended without an answer');
      return refuse('SERVICE_BUSY');
    } finally {
      leave();
    }
  };
  return {
    async check(file, settings, onRows) {
      const ended = await work({ file, settings }, onRows);
      if (!ended.ok) return ended;
      if (typeof ended.value === 'string') return ok(checkedFileOf(refusedCheck(ended.value)));
      assert(ended.value.is === 'checked', 'a check was asked for');
      return ok(ended.value.checked);
    },
    async annotate(file, settings, further) {
      const ended = await work({ file, settings, annotate: further });
      if (!ended.ok) return ended;
      if (typeof ended.value === 'string') return ok(undefined);
      assert(ended.value.is === 'annotated', 'a workbook was asked for');
      return ok(ended.value.workbook);
    },
    async read(file, columns) {
      const ended = await work({ file, columns });
      if (!ended.ok) return ended;
      if (typeof ended.value === 'string')
        return ok({ ok: false, refusal: { code: ended.value, row: null } });
      assert(ended.value.is === 'read', 'a table was asked for');
      return ok(ended.value.reading);
    },
    async close() {
      isClosed = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
