// Goal: `owners-vote log guard` makes a lost or damaged guard again only from evidence outside the database that covers all that was signed;
// every refusal has its sentence, changes nothing and exits 1. Method: real witnesses over HTTP, guards that are lost, databases that were
// put back or hold another history.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestCheckpoint } from '../../src/auditlog/checkpoints.ts';
import { readGuard } from '../../src/auditlog/guarding.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { tryPublisherLock } from '../../src/auditlog/store.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64, toBase64Url } from '../../src/base/bytes.ts';
import type { RunningWitness } from '../../src/cli/log-witness.ts';
import { startWitness } from '../../src/cli/log-witness.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { signCheckpoint } from '../../src/record/checkpoint.ts';
import type { FreshLog } from '../support/log.ts';
import { freshLog, LOG_ORIGIN, LOG_SEED } from '../support/log.ts';
import type { LogRun } from './log-run.ts';
import { logRun } from './log-run.ts';
import { appendReal, growReal, realRoot } from './real-entries.ts';

const SIZE = 9;
let log: FreshLog;
let deps: LogDeps;
let witnesses: RunningWitness[];
let evidence: string;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  log = await freshLog();
  opened.push(log);
  witnesses = [];
  for (const name of ['a', 'b', 'c']) {
    const seed = new Uint8Array(32).fill(name.charCodeAt(0));
    const { clock } = log.time;
    const started = await startWitness({
      name: `witness.example/${name}`,
      seed,
      logVkey: logVkey(log.deps),
      clock,
    });
    witnesses.push(started);
    opened.push(started);
  }
  const policy = witnesses.map(({ vkey, url }, i) => ({ name: 'abc'[i] ?? '', vkey, url }));
  deps = { ...log.deps, witnesses: policy, quorum: 2 };
  await growReal(deps, 0, 5);
  await growReal(deps, 5, SIZE);
  evidence = `${log.folder}/kept-checkpoint`;
  writeFileSync(evidence, await newestNote(deps));
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const newestNote = async ({ db }: LogDeps): Promise<string> =>
  present(await latestCheckpoint(db), 'it was published').note;
const byFile = (of: LogDeps, ...more: string[]): Promise<LogRun> =>
  logRun(of, 'guard', '--checkpoint', evidence, ...more);
const byWitnesses = (of: LogDeps, ...more: string[]): Promise<LogRun> =>
  logRun(of, 'guard', '--ask-witnesses', ...more);
const loseGuard = (): void => rmSync(deps.guardPath);

/** A guard's folder as it lies on the disk, to show that a refusal changed nothing. */
const folderNow = () =>
  readdirSync(log.folder)
    .sort()
    .map((name) => `${name} ${readFileSync(`${log.folder}/${name}`, 'utf8')}`);

/** Refused with this code and its sentence in Chinese first, nothing written, the database closed. */
async function expectRefused(running: () => Promise<LogRun>, code: string): Promise<string> {
  const before = folderNow();
  const { exit, stdout, stderr, closed } = await running();
  expect({ exit, stdout, closed }).toEqual({ exit: 1, stdout: '', closed: 1 });
  expect(stderr).toMatch(new RegExp(`^${code}: [^a-z]*[一-龥].*[A-Za-z].*\\n$`));
  expect(stderr).not.toContain('?');
  expect(folderNow()).toEqual(before);
  return stderr;
}

/** Another database beside the guard's folder: what a restored backup, or another history, is. */
async function besides(size: number, branch = 0): Promise<LogDeps> {
  const other = await freshLog();
  opened.push(other);
  await growReal(other.deps, 0, size, branch);
  return { ...deps, db: other.deps.db };
}

describe('a lost guard', () => {
  it('is made again from a checkpoint that somebody kept, and the log goes on', async () => {
    loseGuard();
    expect(await publishOnce(deps)).toMatchObject({ refusal: { code: 'LOG_GUARD_MISSING' } });
    const { exit, stdout, stderr, closed } = await byFile(deps);
    expect({ exit, stderr, closed }).toEqual({ exit: 0, stderr: '', closed: 1 });
    expect(stdout).toContain(`the guard is made again: ${deps.guardPath}\n  条目数 size ${SIZE}\n`);
    expect(stdout).toContain(toBase64(realRoot(SIZE)));
    expect(stdout).toMatch(/cosigned by a \S+Z, b \S+Z, c \S+Z\n$/);
    expect(readGuard(deps.guardPath)).toMatchObject({
      value: { origin: LOG_ORIGIN, size: SIZE, root: toBase64Url(realRoot(SIZE)) },
    });
    await growReal(deps, SIZE, 12);
    expect(await logRun(deps, 'check')).toMatchObject({ exit: 0 });
  });

  it('is made again from what the witnesses say now, also with one of three away', async () => {
    loseGuard();
    await witnesses[2]?.close();
    const { exit, stdout } = await byWitnesses(deps, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      made: true,
      guard: deps.guardPath,
      size: SIZE,
      root: toBase64(realRoot(SIZE)),
      cosigners: [{ name: 'a' }, { name: 'b' }],
    });
    expect((await publishOnce(deps)).ok).toBe(true);
  });

  it('is made again without witnesses where the policy has none, and that is said', async () => {
    loseGuard();
    const { exit, stdout } = await byFile({ ...deps, witnesses: [], quorum: 0 });
    expect(exit).toBe(0);
    expect(stdout).toContain('no witness stands under it');
  });

  it('is made again from evidence of a size that the database has numbered but does not know as signed', async () => {
    loseGuard();
    await appendReal(deps.db, SIZE, 12);
    await sequenceAll(deps);
    writeFileSync(evidence, signCheckpoint({ origin: LOG_ORIGIN, size: 11, root: realRoot(11) }, LOG_SEED));
    expect((await byFile({ ...deps, witnesses: [], quorum: 0 })).exit).toBe(0);
    expect(readGuard(deps.guardPath)).toMatchObject({ value: { size: 11 } });
    expect(await publishOnce(deps)).toMatchObject({ value: { size: 12 } });
  });
});

describe('a damaged guard', () => {
  it.each(['', 'no guard', '{"kind":"log-guard"'])('%j is put aside and made again', async (damage) => {
    writeFileSync(deps.guardPath, damage);
    const { exit, stdout } = await byFile(deps, '--json');
    expect(exit).toBe(0);
    const { damaged } = JSON.parse(stdout) as { damaged: string };
    expect(damaged.startsWith(`${deps.guardPath}.damaged-`)).toBe(true);
    expect(readFileSync(damaged, 'utf8')).toBe(damage);
    expect(readGuard(deps.guardPath)).toMatchObject({ value: { size: SIZE } });
    expect((await publishOnce(deps)).ok).toBe(true);
  });

  it('is told in words where the damaged one is kept', async () => {
    writeFileSync(deps.guardPath, 'no guard');
    expect((await byWitnesses(deps)).stdout).toMatch(/the damaged one is kept as .*damaged-\d+\n$/);
  });
});

describe('it is refused', () => {
  it('GUARD_STANDS while a guard can be read, whatever the evidence', async () => {
    for (const running of [byFile, byWitnesses]) await expectRefused(() => running(deps), 'GUARD_STANDS');
  });

  it('EVIDENCE_UNREADABLE, CHECKPOINT_… for a file that is no checkpoint of this log', async () => {
    loseGuard();
    await expectRefused(
      () => logRun(deps, 'guard', '--checkpoint', `${log.folder}/none`),
      'EVIDENCE_UNREADABLE',
    );
    const note = readFileSync(evidence, 'utf8');
    const at = { origin: LOG_ORIGIN, size: SIZE, root: realRoot(SIZE) };
    const cases: [string, string | Uint8Array][] = [
      ['EVIDENCE_UNREADABLE', Uint8Array.of(0xff, 0xfe)],
      ['CHECKPOINT_MALFORMED', 'x'],
      ['CHECKPOINT_ORIGIN', signCheckpoint({ ...at, origin: 'other.example/log' }, LOG_SEED)],
      ['CHECKPOINT_UNSIGNED', signCheckpoint(at, new Uint8Array(32).fill(8))],
      ['CHECKPOINT_SIGNATURE', note.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`)],
    ];
    for (const [code, content] of cases) {
      writeFileSync(evidence, content);
      await expectRefused(() => byFile(deps), code);
    }
  });

  it('EVIDENCE_QUORUM with too few witnesses, counting one that is listed twice once', async () => {
    loseGuard();
    const bare = signCheckpoint({ origin: LOG_ORIGIN, size: SIZE, root: realRoot(SIZE) }, LOG_SEED);
    writeFileSync(evidence, bare);
    await expectRefused(() => byFile(deps), 'EVIDENCE_QUORUM');
    await witnesses[1]?.close();
    await witnesses[2]?.close();
    expect(await expectRefused(() => byWitnesses(deps), 'EVIDENCE_QUORUM')).toContain('1 of the configured');
    const [first] = deps.witnesses;
    const twice = { ...deps, witnesses: [present(first, 'a'), { ...present(first, 'a'), name: 'again' }] };
    await expectRefused(() => byWitnesses(twice), 'EVIDENCE_QUORUM');
  });

  it('EVIDENCE_OLD where the database has signed more than the evidence covers', async () => {
    await growReal(deps, SIZE, 12);
    loseGuard();
    expect(await expectRefused(() => byFile(deps), 'EVIDENCE_OLD')).toContain('has signed 12');
  });

  it('EVIDENCE_AHEAD where the database was put back to an older state, by file and by witnesses', async () => {
    const restored = await besides(5);
    loseGuard();
    for (const running of [byFile, byWitnesses])
      expect(await expectRefused(() => running(restored), 'EVIDENCE_AHEAD')).toContain('9 entries');
  });

  it('EVIDENCE_FORKED where the database holds another history of the same or a larger size', async () => {
    loseGuard();
    for (const size of [SIZE, SIZE + 4]) {
      const forked = await besides(size, 1);
      for (const running of [byFile, byWitnesses])
        await expectRefused(() => running(forked), 'EVIDENCE_FORKED');
    }
  });

  it('EVIDENCE_NO_WITNESS and NOTHING_SIGNED where there is nobody and nothing to ask about', async () => {
    loseGuard();
    await expectRefused(() => byWitnesses({ ...deps, witnesses: [], quorum: 0 }), 'EVIDENCE_NO_WITNESS');
    const empty = await freshLog();
    opened.push(empty);
    await expectRefused(() => byWitnesses({ ...deps, db: empty.deps.db }), 'NOTHING_SIGNED');
  });

  it('LOG_PUBLISHER_BUSY while another process publishes', async () => {
    loseGuard();
    await inTransaction(log.fresh.db, async (tx) => {
      expect(await tryPublisherLock(tx)).toBe(true);
      for (const running of [byFile, byWitnesses])
        await expectRefused(() => running(deps), 'LOG_PUBLISHER_BUSY');
    });
  });

  it('as JSON with its code and facts, on stdout', async () => {
    const { exit, stdout, stderr } = await byFile(deps, '--json');
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      made: false,
      code: 'GUARD_STANDS',
      where: deps.guardPath,
      facts: { size: SIZE },
    });
    expect(existsSync(`${deps.guardPath}.damaged`)).toBe(false);
  });
});
