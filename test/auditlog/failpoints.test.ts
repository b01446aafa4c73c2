// Goal: sequencer, publisher and guard are safe at every step that leaves the process: whether the step failed before or after it took
// effect, the next run goes on by itself, no size has two roots, and the guard is never behind what was served.
// Method: one log that grows through all failures, on a real database, a real witness and a real disk; each step is cut once before and
// once after its effect, and after each the whole log is recomputed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/auditlog/checking.ts';
import { allCheckpoints } from '../../src/auditlog/checkpoints.ts';
import { replaceFile } from '../../src/auditlog/durable-file.ts';
import { moveGuard, readGuard } from '../../src/auditlog/guarding.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import type { Published } from '../../src/auditlog/publishing.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll, sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { present } from '../../src/base/assert.ts';
import type { RunningWitness } from '../../src/cli/log-witness.ts';
import { startWitness } from '../../src/cli/log-witness.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import type { FreshLog } from '../support/log.ts';
import { freshLog, LOG_ORIGIN } from '../support/log.ts';
import type { CutOutcome } from './cutting-proxy.ts';
import { cuttingDatabase, cuttingWitness } from './cutting-proxy.ts';
import type { DiskOutcome, DiskStep } from './failing-disk.ts';
import { failingDisk } from './failing-disk.ts';
import { appendReal, realRoot } from './real-entries.ts';

let log: FreshLog;
let wire: Awaited<ReturnType<typeof cuttingDatabase>>;
let cutDb: Database;
let keeper: RunningWitness;
let post: Awaited<ReturnType<typeof cuttingWitness>>;
let breaking: ReturnType<typeof failingDisk>;
/** The log as its process sees it, over all that may fail. */
let deps: LogDeps;
let size = 0;

beforeAll(async () => {
  log = await freshLog();
  const { clock } = log.time;
  keeper = await startWitness({
    name: 'witness.example/a',
    seed: new Uint8Array(32).fill(1),
    logVkey: logVkey(log.deps),
    clock,
  });
  post = await cuttingWitness(keeper.url);
  wire = await cuttingDatabase(log.fresh.appUrl);
  cutDb = connect(wire.url, { maxConnections: 2 });
  breaking = failingDisk(log.deps.guardPath);
  deps = {
    ...log.deps,
    db: cutDb,
    disk: breaking.disk,
    witnesses: [{ name: 'a', vkey: keeper.vkey, url: post.url }],
    quorum: 1,
  };
  await commitEntries();
  await recover();
});
afterAll(async () => {
  await cutDb?.destroy();
  await wire?.close();
  await post?.close();
  await keeper?.close();
  await log.close();
});

const served = new Map<number, string>();
const guardSize = (): number => {
  const kept = readGuard(log.deps.guardPath);
  if (!kept.ok) throw new Error(kept.refusal.code);
  return kept.value?.size ?? -1;
};

/** What an outsider sees now: one text for each size, for ever, and none that the guard does not hold. */
async function newestServed(): Promise<number> {
  const checkpoints = await allCheckpoints(log.deps.db);
  for (const { size: at, root, note } of checkpoints) {
    const text = note.split('\n\n')[0] ?? '';
    expect(served.get(at) ?? text).toBe(text);
    served.set(at, text);
    expect(root).toEqual(realRoot(at));
  }
  const newest = checkpoints.at(-1)?.size ?? -1;
  expect(guardSize()).toBeGreaterThanOrEqual(newest);
  return newest;
}

/** Commits new entries, one tile's border now and then included. */
async function commitEntries(): Promise<void> {
  const below = size + (size % 4 === 0 ? 41 : 3);
  await appendReal(log.deps.db, size, below);
  size = below;
}

async function publish(): Promise<Published> {
  const published = await publishOnce(deps);
  if (!published.ok) throw new Error(published.refusal.code);
  return published.value;
}

/** The next run, by itself: everything that was committed is in the log, signed, kept and cosigned, and the log recomputes. */
async function recover(): Promise<void> {
  await sequenceAll(deps);
  expect(await publish()).toMatchObject({ size, root: realRoot(size), alarms: [], hasQuorum: true });
  expect(await newestServed()).toBe(size);
  expect(guardSize()).toBe(size);
  expect(await checkLog(deps)).toMatchObject({ size, waiting: 0, findings: [] });
}

const OUTCOMES: readonly CutOutcome[] = ['lost', 'done'];
const COMMIT = 'commit\0';
const crossed = (steps: readonly (readonly [name: string, text: string])[]): [string, CutOutcome, string][] =>
  steps.flatMap(([name, text]) =>
    OUTCOMES.map((outcome): [string, CutOutcome, string] => [name, outcome, text]),
  );

describe('the connection to the database breaks while the sequencer', () => {
  it.each(
    crossed([
      ['locks the head', '"log_head" for update'],
      ['reads what waits', '"idx" is null'],
      ['numbers entries', 'update log_entry e set idx'],
      ['writes tiles', 'insert into "log_tile"'],
      ['moves the head', 'update "log_head"'],
      ['commits', COMMIT],
    ]),
  )('%s (%s)', async (_, outcome, text) => {
    await commitEntries();
    const before = (await checkLog(log.deps)).size;
    wire.cutNext(text, outcome);
    const failed = await sequenceOnce(deps).catch((error: unknown) => error);
    expect(wire.isWaiting()).toBe(false);
    expect(failed).toBeInstanceOf(Error);
    expect(failed instanceof CommitUnknownError).toBe(text === COMMIT);
    const isNumbered = text === COMMIT && outcome === 'done';
    const after = await checkLog(log.deps);
    expect(after).toMatchObject({ findings: [], size: isNumbered ? size : before });
    expect(after.waiting).toBe(size - after.size);
    await recover();
  });
});

describe('the connection to the database breaks while the publisher', () => {
  it.each(
    crossed([
      ['takes its lock', 'pg_try_advisory_xact_lock'],
      ['reads its newest checkpoint', 'from "log_checkpoint"'],
      ['reads tiles', 'join log_tile'],
      ['stores the checkpoint', 'insert into "log_checkpoint"'],
      ['commits', COMMIT],
      ['stores a cosignature', 'insert into "log_cosignature"'],
    ]),
  )('%s (%s)', async (_, outcome, text) => {
    await commitEntries();
    await sequenceAll(deps);
    const before = await newestServed();
    wire.cutNext(text, outcome);
    const failed = await publishOnce(deps).catch((error: unknown) => error);
    expect(wire.isWaiting()).toBe(false);
    expect(failed).toBeInstanceOf(Error);
    expect(failed instanceof CommitUnknownError).toBe(text === COMMIT);
    const isStored = text.includes('cosignature') || (text === COMMIT && outcome === 'done');
    expect(await newestServed()).toBe(isStored ? size : before);
    await recover();
  });
});

describe('the disk of the guard fails at', () => {
  const faults: readonly (readonly [DiskStep, DiskOutcome, skip: number, isMoved: boolean])[] = [
    ['read', 'lost', 0, false],
    ['writeNew', 'lost', 0, false],
    ['writeNew', 'half', 0, false],
    ['writeNew', 'done', 0, false],
    ['read', 'lost', 1, false],
    ['rename', 'lost', 0, false],
    ['rename', 'done', 0, true],
    ['syncFolder', 'lost', 0, true],
    ['syncFolder', 'done', 0, true],
    ['list', 'lost', 0, true],
    ['read', 'lost', 2, true],
  ];
  it.each(
    faults.flatMap((fault) => [false, true].map((hasPowerFailure) => [...fault, hasPowerFailure] as const)),
  )('%s (%s, after %i that go well; moved: %s; then a power failure: %s)', async (...fault) => {
    const [step, outcome, skip, isMoved, hasPowerFailure] = fault;
    await commitEntries();
    await sequenceAll(deps);
    const before = await newestServed();
    breaking.failNext(step, outcome, skip);
    await expect(publishOnce(deps)).rejects.toMatchObject({ code: 'EIO' });
    expect(breaking.isWaiting()).toBe(false);
    expect(guardSize()).toBe(isMoved ? size : before);
    if (hasPowerFailure) breaking.powerFailure();
    expect(await newestServed()).toBe(before);
    await recover();
    // What has been served since is held by a guard that outlasts the next failure, too.
    breaking.powerFailure();
    expect(await newestServed()).toBe(size);
  });

  it('the removal of an attempt that others left, and the next run removes it', async () => {
    await commitEntries();
    await sequenceAll(deps);
    const left = `${log.deps.guardPath}.new-0123456789abcdef`;
    replaceFile(left, Uint8Array.of(1));
    breaking.failNext('remove', 'lost');
    await expect(publishOnce(deps)).rejects.toMatchObject({ code: 'EIO' });
    await recover();
    expect(breaking.disk.list(log.folder).filter((name) => name.includes('.new-'))).toEqual([]);
  });
});

describe('the answer of a witness', () => {
  it.each([
    ['is lost before it was asked', 'lost', 'WITNESS_UNREACHABLE'],
    ['is lost after it cosigned and kept it', 'done', 'WITNESS_UNREACHABLE'],
    ['arrives by half', 'half', 'WITNESS_ANSWER_WRONG'],
  ] as const)(
    '%s: the checkpoint stands, is said to lack it, and is cosigned in the next run',
    async (_, cut, code) => {
      await commitEntries();
      await sequenceAll(deps);
      post.cutNext(cut);
      expect(await publish()).toMatchObject({ size, hasQuorum: false, alarms: [{ code, where: 'a' }] });
      expect(await newestServed()).toBe(size);
      await recover();
    },
  );
});

describe('two publishers, one of which has lost its lock without knowing', () => {
  const at = (of: number) => ({ origin: LOG_ORIGIN, size: of, root: realRoot(of) });
  const kept = () => {
    const read = readGuard(log.deps.guardPath);
    if (!read.ok) throw new Error(read.refusal.code);
    return read.value;
  };

  it('the slower one finds the guard moved, signs nothing, and says that another publishes', async () => {
    await commitEntries();
    await sequenceAll(deps);
    const [before, later] = [await newestServed(), size + 3];
    const disk = {
      ...breaking.disk,
      writeNew: (path: string, content: Uint8Array): void => {
        breaking.disk.writeNew(path, content);
        expect(moveGuard(log.deps, kept(), at(later))).toBe(true);
      },
    };
    // The quicker one removes attempts that are not its own: this one's is gone, whatever it would do next.
    expect(await publishOnce({ ...deps, disk })).toMatchObject({ refusal: { code: 'LOG_PUBLISHER_BUSY' } });
    expect([guardSize(), await newestServed()]).toEqual([later, before]);
    await appendReal(log.deps.db, size, later);
    size = later;
    await recover();
  });

  it('one that is held up between its look and its rename cannot rename any more', async () => {
    const later = size + 3;
    const from = kept();
    const disk = {
      ...breaking.disk,
      rename: (path: string, to: string): void => {
        expect(moveGuard(log.deps, from, at(later))).toBe(true);
        breaking.disk.rename(path, to);
      },
    };
    expect(() => moveGuard({ ...log.deps, disk }, from, at(size + 1))).toThrow(/ENOENT/);
    expect(guardSize()).toBe(later);
    await appendReal(log.deps.db, size, later);
    size = later;
    await recover();
  });

  it('one whose newer guard was overwritten by the older does not believe that it is kept', async () => {
    const [older, newer] = [size + 1, size + 3];
    const from = kept();
    let finish = (): void => undefined;
    const quick = {
      ...breaking.disk,
      list: (path: string): readonly string[] => {
        finish();
        return breaking.disk.list(path);
      },
    };
    const slow = {
      ...breaking.disk,
      rename: (path: string, to: string): void => {
        finish = () => breaking.disk.rename(path, to);
        expect(() => moveGuard({ ...log.deps, disk: quick }, from, at(newer))).toThrow(/another writer/);
      },
    };
    expect(moveGuard({ ...log.deps, disk: slow }, from, at(older))).toBe(true);
    expect(guardSize()).toBe(older);
    await appendReal(log.deps.db, size, newer);
    size = newer;
    await recover();
  });
});

describe('after all of it', () => {
  it('each size that was ever served still has its one root', async () => {
    expect(served.size).toBeGreaterThan(40);
    expect(present(served.get(size), 'the newest')).toContain(`\n${size}\n`);
    expect(await newestServed()).toBe(size);
  });
});
