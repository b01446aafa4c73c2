// Goal: `owners-vote log check` finds whatever differs from the entries, even what the database's owner changed.
// Method: a log with several checkpoints, one thing changed at a time with the triggers off, and the report.
import { writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/auditlog/checking.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { toBase64 } from '../../src/base/bytes.ts';
import { logCommand } from '../../src/cli/log.ts';
import { rootOfHashes } from '../../src/record/merkle.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog, LOG_ORIGIN } from '../support/log.ts';
import { numberedLeaves } from '../support/tlog-vectors.ts';

const SIZE = 600;
let log: FreshLog;
beforeEach(async () => {
  log = await freshLog();
  for (const [from, below] of [
    [0, 5],
    [5, 300],
    [300, SIZE],
  ] as const) {
    await appendNumbered(log.deps.db, from, below);
    await sequenceAll(log.deps);
    expect((await publishOnce(log.deps)).ok).toBe(true);
  }
});
afterEach(async () => log.close());

/** Changes a table as its owner, who can switch the triggers off. */
async function tamper(table: string, statement: string): Promise<void> {
  await sql.raw(`alter table ${table} disable trigger user`).execute(log.fresh.owner);
  await sql.raw(statement).execute(log.fresh.owner);
}

const codes = async (deps: LogDeps): Promise<string[]> =>
  (await checkLog(deps)).findings.map(({ code, at }) => `${code} ${at}`);

describe('the check', () => {
  it('recomputes an untouched log and finds nothing', async () => {
    await appendNumbered(log.deps.db, SIZE, SIZE + 2);
    expect(await checkLog(log.deps)).toEqual({
      size: SIZE,
      root: rootOfHashes(numberedLeaves(SIZE)),
      checkpoints: 3,
      waiting: 2,
      findings: [],
    });
  });

  it('of an empty log finds nothing', async () => {
    const own = await freshLog();
    try {
      expect((await checkLog(own.deps)).findings).toEqual([]);
      expect((await publishOnce(own.deps)).ok).toBe(true);
      expect(await checkLog(own.deps)).toMatchObject({ size: 0, checkpoints: 1, findings: [] });
    } finally {
      await own.close();
    }
  });

  it('while the log grows finds nothing', async () => {
    const growing = (async () => {
      for (let i = 0; i < 8; i += 1) {
        await appendNumbered(log.deps.db, SIZE + i * 50, SIZE + i * 50 + 50);
        await sequenceAll(log.deps);
        await publishOnce(log.deps);
      }
    })();
    for (let i = 0; i < 4; i += 1) expect(await codes(log.deps)).toEqual([]);
    await growing;
    expect(await codes(log.deps)).toEqual([]);
  });

  const WRONG_HASH = `'\\x${'ab'.repeat(32)}'::bytea`;
  it.each<[string, string, string, string[]]>([
    [
      'a changed entry',
      'log_entry',
      "update log_entry set data = 'x' where idx = 400",
      [
        'TILE_WRONG 0/1',
        'CHECKPOINT_ROOT_WRONG 600',
        'TILE_WRONG 1/0',
        'HEAD_ROOT_WRONG 600',
        'GUARD_WRONG 600',
      ],
    ],
    [
      'a removed entry',
      'log_entry',
      'delete from log_entry where idx = 599',
      ['ENTRY_GAP 599', 'CHECKPOINT_BEYOND_HEAD 600', 'HEAD_ROOT_WRONG 600', 'GUARD_WRONG 600'],
    ],
    [
      'an entry beyond the head',
      'log_entry',
      "insert into log_entry (data, kind, idx) values ('x', 'a.b', 700)",
      ['ENTRY_BEYOND_HEAD 700'],
    ],
    [
      'a changed tile',
      'log_tile',
      `update log_tile set hashes = ${WRONG_HASH} || substring(hashes from 33) where level = 0 and n = 0`,
      ['TILE_WRONG 0/0'],
    ],
    ['a removed tile', 'log_tile', 'delete from log_tile where n = 2', ['TILE_WRONG 0/2', 'TILE_STRAY 3']],
    ['a tile too many', 'log_tile', `insert into log_tile values (5, 0, ${WRONG_HASH})`, ['TILE_STRAY 5']],
    ['a changed head', 'log_head', `update log_head set root = ${WRONG_HASH}`, ['HEAD_ROOT_WRONG 600']],
    [
      'a head moved back',
      'log_head',
      'update log_head set size = 599',
      ['CHECKPOINT_BEYOND_HEAD 600', 'HEAD_ROOT_WRONG 599', 'GUARD_WRONG 600', 'ENTRY_BEYOND_HEAD 599'],
    ],
    [
      'a changed root of a checkpoint',
      'log_checkpoint',
      `update log_checkpoint set root = ${WRONG_HASH} where size = 300`,
      ['CHECKPOINT_NOTE_WRONG 300', 'CHECKPOINT_ROOT_WRONG 300'],
    ],
    [
      'a changed signature',
      'log_checkpoint',
      "update log_checkpoint set note = replace(note, '—', '— ') where size = 5",
      ['CHECKPOINT_NOTE_WRONG 5'],
    ],
    [
      'a note of another size',
      'log_checkpoint',
      'update log_checkpoint set note = (select note from log_checkpoint where size = 5) where size = 300',
      ['CHECKPOINT_NOTE_WRONG 300'],
    ],
  ])('finds %s', async (_, table, statement, wanted) => {
    await tamper(table, statement);
    expect(await codes(log.deps)).toEqual(wanted);
  });

  it('finds a leaf hash that is not the one of its entry', async () => {
    await sql`alter table log_entry alter column leaf_hash drop expression`.execute(log.fresh.owner);
    await tamper('log_entry', `update log_entry set leaf_hash = ${WRONG_HASH} where idx = 3`);
    expect(await codes(log.deps)).toEqual(['LEAF_WRONG 3']);
  });

  it('finds a guard that is missing, damaged, of another log or of another history', async () => {
    const wrong = [`GUARD_WRONG ${SIZE}`];
    expect(await codes({ ...log.deps, guardPath: `${log.folder}/none.json` })).toEqual(['GUARD_WRONG 0']);
    const path = `${log.folder}/other.json`;
    const guard = (origin: string, size: number, root: string): string =>
      `{"kind":"log-guard","origin":"${origin}","root":"${root}","size":${size},"v":1}`;
    const root = Buffer.from(rootOfHashes(numberedLeaves(SIZE))).toString('base64url');
    const other = Buffer.from(rootOfHashes(numberedLeaves(SIZE - 1))).toString('base64url');
    writeFileSync(path, guard(LOG_ORIGIN, SIZE, root));
    expect(await codes({ ...log.deps, guardPath: path })).toEqual([]);
    writeFileSync(path, guard(LOG_ORIGIN, SIZE, other));
    expect(await codes({ ...log.deps, guardPath: path })).toEqual(wrong);
    writeFileSync(path, guard('other.example', SIZE, root));
    expect(await codes({ ...log.deps, guardPath: path })).toEqual(wrong);
    writeFileSync(path, guard(LOG_ORIGIN, SIZE + 1, root));
    expect(await codes({ ...log.deps, guardPath: path })).toEqual([`GUARD_WRONG ${SIZE + 1}`]);
    writeFileSync(path, 'no guard');
    expect(await codes({ ...log.deps, guardPath: path })).toEqual(['GUARD_WRONG 0']);
  });
});

describe('owners-vote log', () => {
  async function run(...argv: string[]) {
    let [stdout, stderr, closed] = ['', '', 0];
    const out = {
      stdout: (text: string) => {
        stdout += text;
      },
      stderr: (text: string) => {
        stderr += text;
      },
    };
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const exit = await logCommand(argv, out, {
      key: async () => log.deps,
      open: async () => ({ ...log.deps, close }),
    });
    return { exit, stdout, stderr, closed };
  }

  it('prints the verifier key', async () => {
    expect(await run('--vkey')).toEqual({ exit: 0, stdout: `${logVkey(log.deps)}\n`, stderr: '', closed: 0 });
  });

  it('checks, in words and as JSON, and closes the database', async () => {
    const words = await run('check');
    expect(words).toMatchObject({ exit: 0, closed: 1 });
    expect(words.stdout).toContain('600 个条目');
    const { exit, stdout } = await run('check', '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      origin: LOG_ORIGIN,
      size: SIZE,
      root: toBase64(rootOfHashes(numberedLeaves(SIZE))),
      checkpoints: 3,
      waiting: 0,
      findings: [],
    });
  });

  it('exits 1 and names what differs', async () => {
    await tamper('log_entry', "update log_entry set data = 'x' where idx = 599");
    const words = await run('check');
    expect(words).toMatchObject({ exit: 1, closed: 1 });
    expect(words.stdout).toMatch(/^CHECKPOINT_ROOT_WRONG 600: 检查点与条目不一致/m);
    const { exit, stdout } = await run('--json', 'check');
    expect(exit).toBe(1);
    expect(JSON.parse(stdout).findings).toContainEqual({ code: 'HEAD_ROOT_WRONG', at: '600' });
  });

  it('explains itself, and exits 2 for what it does not know', async () => {
    expect(await run('--help')).toMatchObject({ exit: 0, stderr: '' });
    for (const argv of [[], ['chek'], ['check', 'now'], ['--vkey', '--json']]) {
      const { exit, stdout, stderr } = await run(...argv);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toContain('log --vkey');
    }
  });
});
