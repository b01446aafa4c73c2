// Goal: `owners-vote log` says what it found or made, in words and as JSON, with the exit codes that scripts rely on.
// Method: the command's own function on a real log, one that is long enough to show how far it is.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { toBase64 } from '../../src/base/bytes.ts';
import { logCommand } from '../../src/cli/log.ts';
import { PROGRESS_EVERY } from '../../src/cli/log-check.ts';
import { run } from '../../src/cli/main.ts';
import type { FreshLog } from '../support/log.ts';
import { freshLog, LOG_ORIGIN } from '../support/log.ts';
import { logRun } from './log-run.ts';
import { growReal, realRoot } from './real-entries.ts';

const SIZE = 300;
let log: FreshLog;
beforeAll(async () => {
  log = await freshLog();
  await growReal(log.deps, 0, 5);
  await growReal(log.deps, 5, SIZE);
});
afterAll(async () => log.close());

describe('owners-vote log', () => {
  it('prints the verifier key without a database', async () => {
    expect(await logRun(log.deps, '--vkey')).toEqual({
      exit: 0,
      stdout: `${logVkey(log.deps)}\n`,
      stderr: '',
      closed: 0,
    });
  });

  it('checks, in words and as JSON, and closes the database', async () => {
    const words = await logRun(log.deps, 'check');
    expect(words).toMatchObject({ exit: 0, closed: 1, stderr: '' });
    expect(words.stdout).toBe(
      `${LOG_ORIGIN}: 300 个条目 entries, 2 个检查点 checkpoints, 0 个见证签名 cosignatures, 0 个待编号 waiting, 0 处不一致 findings\n`,
    );
    for (const argv of [
      ['check', '--json'],
      ['--json', 'check'],
    ]) {
      const { exit, stdout } = await logRun(log.deps, ...argv);
      expect(exit).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        origin: LOG_ORIGIN,
        size: SIZE,
        root: toBase64(realRoot(SIZE)),
        checkpoints: 2,
        cosignatures: 0,
        waiting: 0,
        findings: [],
      });
    }
  });

  it('exits 1 and names what differs', async () => {
    const guardPath = `${log.folder}/none.json`;
    const words = await logRun({ ...log.deps, guardPath }, 'check');
    expect(words).toMatchObject({ exit: 1, closed: 1 });
    expect(words.stdout).toMatch(/^GUARD_WRONG 0: 库外存底与日志不一致/m);
    const { exit, stdout } = await logRun({ ...log.deps, guardPath }, '--json', 'check');
    expect(exit).toBe(1);
    expect(JSON.parse(stdout).findings).toEqual([{ code: 'GUARD_WRONG', at: '0' }]);
  });

  it('closes the database also where the check breaks off', async () => {
    let closed = 0;
    const out = { stdout: () => undefined, stderr: () => undefined };
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const open = async () => ({ ...log.deps, guardPath: log.folder, close });
    await expect(logCommand(['check'], out, { key: async () => log.deps, open })).rejects.toThrow('EISDIR');
    expect(closed).toBe(1);
  });

  it('explains itself without a database, and exits 2 for what it does not know', async () => {
    for (const argv of [['--help'], ['guard', '-h'], ['check', '--help']]) {
      const { exit, stdout, stderr, closed } = await logRun(log.deps, ...argv);
      expect({ exit, stderr, closed }).toEqual({ exit: 0, stderr: '', closed: 0 });
      expect(stdout).toContain('log guard --checkpoint FILE');
    }
    for (const argv of [
      [],
      ['chek'],
      ['check', 'now'],
      ['--vkey', '--json'],
      ['guard'],
      ['guard', '--checkpoint'],
      ['guard', '--checkpoint', ''],
      ['guard', '--ask-witnesses', 'all'],
      ['guard', '--checkpoint', 'a', '--ask-witnesses'],
      ['guard', '--force'],
    ]) {
      const { exit, stdout, stderr, closed } = await logRun(log.deps, ...argv);
      expect({ exit, stdout, closed }).toEqual({ exit: 2, stdout: '', closed: 0 });
      expect(stderr).toContain('log --vkey');
    }
    expect(await run(['log', '--help'], { stdout: () => undefined, stderr: () => undefined })).toBe(0);
  });
});

describe('a long log', () => {
  it('is checked with its progress on stderr, and the report alone on stdout', async () => {
    const long = await freshLog();
    try {
      const length = PROGRESS_EVERY + 1_000;
      await sql`insert into log_entry (data, kind)
        select convert_to('{"community":"","evidence":[],"kind":"officer.removed","officer":"'
                 || translate(lpad(to_hex(i), 25, '0'), '0189', 'gijk') || 'a","v":1}', 'UTF8'), 'officer.removed'
          from generate_series(1, ${length}) i`.execute(long.deps.db);
      await sequenceAll(long.deps);
      expect((await publishOnce(long.deps)).ok).toBe(true);
      const { exit, stdout, stderr } = await logRun(long.deps, 'check', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ size: length, findings: [] });
      expect(exit).toBe(0);
      expect(stderr).toMatch(new RegExp(`^已核对 checked 2\\d{4} / ${length}\\n$`));
    } finally {
      await long.close();
    }
  });
});
