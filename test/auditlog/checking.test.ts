// Goal: `owners-vote log check` finds whatever differs from the entries, even what the database's owner changed, each kind by its code.
// Method: one log with several checkpoints and a witness, one thing changed at a time by the owner with the triggers off, in a
// transaction that is rolled back after the report.
import { writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogFinding } from '../../src/auditlog/checking.ts';
import { checkLog } from '../../src/auditlog/checking.ts';
import { guardForm, guardOf } from '../../src/auditlog/domain/guard.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { FINDING_SENTENCES } from '../../src/cli/log-check.ts';
import type { RunningWitness } from '../../src/cli/log-witness.ts';
import { startWitness } from '../../src/cli/log-witness.ts';
import type { Database } from '../../src/db/connect.ts';
import type { FreshLog } from '../support/log.ts';
import { freshLog, LOG_ORIGIN } from '../support/log.ts';
import { appendReal, growReal, realRoot } from './real-entries.ts';

const SIZE = 600;
let log: FreshLog;
let witness: RunningWitness;
let deps: LogDeps;
beforeAll(async () => {
  log = await freshLog();
  witness = await startWitness({
    name: 'witness.example/a',
    seed: new Uint8Array(32).fill(1),
    logVkey: logVkey(log.deps),
    clock: log.time.clock,
  });
  deps = { ...log.deps, witnesses: [{ name: 'a', vkey: witness.vkey, url: witness.url }], quorum: 1 };
  await growReal(deps, 0, 5);
  await growReal(deps, 5, 300);
  await growReal(deps, 300, SIZE);
});
afterAll(async () => {
  await witness.close();
  await log.close();
});

const seen = new Set<LogFinding['code']>();
async function findingsOf(checked: LogDeps): Promise<string[]> {
  const { findings } = await checkLog(checked);
  for (const { code } of findings) seen.add(code);
  return findings.map(({ code, at }) => `${code} ${at}`);
}

/** What the check finds in the database as these statements of its owner leave it; nothing of them stays. */
async function findingsAfter(statements: readonly string[]): Promise<string[]> {
  const enough = new Error('the report is taken');
  let found: string[] = [];
  const tampering = log.fresh.owner.transaction().execute(async (tx) => {
    for (const table of ['log_entry', 'log_tile', 'log_head', 'log_checkpoint', 'log_cosignature'])
      await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
    for (const statement of statements) await sql.raw(statement).execute(tx);
    found = await findingsOf({ ...deps, db: tx as Database });
    throw enough;
  });
  await expect(tampering).rejects.toBe(enough);
  return found;
}

describe('the check', () => {
  it('recomputes an untouched log and finds nothing', async () => {
    expect(await checkLog(deps)).toEqual({
      size: SIZE,
      root: realRoot(SIZE),
      checkpoints: 3,
      cosignatures: 3,
      waiting: 0,
      findings: [],
    });
  });

  it('of an empty log, and of one that grows meanwhile, finds nothing', async () => {
    const own = await freshLog();
    try {
      expect(await findingsOf(own.deps)).toEqual([]);
      expect((await publishOnce(own.deps)).ok).toBe(true);
      expect(await checkLog(own.deps)).toMatchObject({ size: 0, checkpoints: 1, findings: [] });
      await appendReal(own.deps.db, 0, 2);
      expect(await checkLog(own.deps)).toMatchObject({ size: 0, waiting: 2, findings: [] });
      const growing = (async () => {
        for (let from = 2; from < 402; from += 50) {
          await appendReal(own.deps.db, from, from + 50);
          await sequenceAll(own.deps);
          await publishOnce(own.deps);
        }
      })();
      for (let i = 0; i < 4; i += 1) expect(await findingsOf(own.deps)).toEqual([]);
      await growing;
      expect(await findingsOf(own.deps)).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

const WRONG_HASH = `'\\x${'ab'.repeat(32)}'::bytea`;
const OTHER_ID = `'${'b'.repeat(25)}a'`;
const LOST_ENTRY = 'CHECKPOINT_BEYOND_HEAD 600,HEAD_ROOT_WRONG 600,GUARD_WRONG 600'.split(',');

describe('of what the owner of the tables changed', () => {
  it.each<[what: string, statements: string[], wanted: string[]]>([
    [
      'an entry replaced by another that is well-formed',
      ['update log_entry set data = (select data from log_entry where idx = 2) where idx = 400'],
      [
        'TILE_WRONG 0/1',
        'CHECKPOINT_ROOT_WRONG 600',
        'TILE_WRONG 1/0',
        'HEAD_ROOT_WRONG 600',
        'GUARD_WRONG 600',
      ],
    ],
    [
      'the newest entry replaced by what is none',
      ["update log_entry set data = 'x' where idx = 599"],
      [
        'ENTRY_MALFORMED 599',
        'CHECKPOINT_ROOT_WRONG 600',
        'TILE_WRONG 0/2',
        'HEAD_ROOT_WRONG 600',
        'GUARD_WRONG 600',
      ],
    ],
    ['the last entry removed', ['delete from log_entry where idx = 599'], ['ENTRY_GAP 599', ...LOST_ENTRY]],
    [
      'an entry removed in the middle, and what can no longer be recomputed behind it',
      ['delete from log_entry where idx = 250'],
      [
        'ENTRY_GAP 250',
        'CHECKPOINT_BEYOND_HEAD 300',
        'CHECKPOINT_BEYOND_HEAD 600',
        'HEAD_ROOT_WRONG 600',
        'GUARD_WRONG 600',
      ],
    ],
    [
      'an index beyond the head',
      ["insert into log_entry (data, kind, idx) values ('x', 'a.b', 700)"],
      ['ENTRY_BEYOND_HEAD 700'],
    ],
    [
      'a leaf hash that is not the one of its entry',
      [
        'alter table log_entry alter column leaf_hash drop expression',
        `update log_entry set leaf_hash = ${WRONG_HASH} where idx = 3`,
      ],
      ['LEAF_WRONG 3'],
    ],
    [
      'another kind beside an entry',
      ["update log_entry set kind = 'cast.voided' where idx = 7"],
      ['ENTRY_KIND_WRONG 7'],
    ],
    [
      'another meeting beside an entry, and none',
      [
        `update log_entry set meeting_id = ${OTHER_ID} where idx = 8`,
        'update log_entry set meeting_id = null where idx = 9',
      ],
      ['ENTRY_MEETING_WRONG 8', 'ENTRY_MEETING_WRONG 9'],
    ],
    [
      'another community beside an entry that names one, and beside a cast that does not',
      [`update log_entry set community_id = ${OTHER_ID} where idx in (0, 11)`],
      ['ENTRY_COMMUNITY_WRONG 0', 'ENTRY_COMMUNITY_WRONG 11'],
    ],
    [
      'a hash changed in a full tile, in a partial one, and in the level above',
      ['0 and n = 0', '0 and n = 2', '1'].map(
        (where) =>
          `update log_tile set hashes = ${WRONG_HASH} || substring(hashes from 33) where level = ${where}`,
      ),
      ['TILE_WRONG 0/0', 'TILE_WRONG 0/2', 'TILE_WRONG 1/0'],
    ],
    ['a tile removed', ['delete from log_tile where level = 0 and n = 1'], ['TILE_WRONG 0/1']],
    [
      'the last hash of a tile cut off',
      [
        'update log_tile set hashes = substring(hashes from 1 for octet_length(hashes) - 32) where level = 0 and n = 2',
      ],
      ['TILE_WRONG 0/2'],
    ],
    [
      'tiles and hashes that belong to nothing',
      [
        `insert into log_tile values (5, 0, ${WRONG_HASH}), (0, 9, ${WRONG_HASH})`,
        `update log_tile set hashes = hashes || ${WRONG_HASH} where level = 0 and n = 2`,
      ],
      ['TILE_STRAY 0/2', 'TILE_STRAY 0/9', 'TILE_STRAY 5/0'],
    ],
    ['the root of the head', [`update log_head set root = ${WRONG_HASH}`], ['HEAD_ROOT_WRONG 600']],
    [
      'the head moved back',
      ['update log_head set size = 599'],
      [
        'CHECKPOINT_BEYOND_HEAD 600',
        'HEAD_ROOT_WRONG 599',
        'GUARD_WRONG 600',
        'ENTRY_BEYOND_HEAD 599',
        'TILE_STRAY 0/2',
      ],
    ],
    [
      'the root of a checkpoint',
      [`update log_checkpoint set root = ${WRONG_HASH} where size = 300`],
      ['CHECKPOINT_NOTE_WRONG 300', 'CHECKPOINT_ROOT_WRONG 300'],
    ],
    [
      'the signature of a checkpoint, under which cosignatures then stand no more',
      ["update log_checkpoint set note = replace(note, '—', '— ') where size = 5"],
      ['CHECKPOINT_NOTE_WRONG 5', 'COSIGNATURE_WRONG 5 witness.example/a'],
    ],
    [
      'a checkpoint that was signed for another size',
      ['update log_checkpoint set note = (select note from log_checkpoint where size = 5) where size = 300'],
      ['CHECKPOINT_NOTE_WRONG 300', 'COSIGNATURE_WRONG 300 witness.example/a'],
    ],
    [
      'the time, the line and the key of a cosignature',
      [
        'update log_cosignature set at_s = at_s + 1 where size = 5',
        'update log_cosignature set line = (select line from log_cosignature where size = 5) where size = 300',
        "update log_cosignature set vkey = 'witness.example/b+00000000+BAAA' where size = 600",
      ],
      [
        'COSIGNATURE_WRONG 5 witness.example/a',
        'COSIGNATURE_WRONG 300 witness.example/a',
        'COSIGNATURE_WRONG 600 witness.example/b',
      ],
    ],
    [
      'a database that was rewritten to its older state throughout, by the guard alone',
      [
        'delete from log_cosignature',
        'delete from log_checkpoint where size > 300',
        'delete from log_entry where idx >= 300',
        `update log_head set size = 300, root = (select root from log_checkpoint where size = 300)`,
        'delete from log_tile where level = 0 and n = 2',
        'update log_tile set hashes = substring(hashes from 1 for 1408) where level = 0 and n = 1',
        'update log_tile set hashes = substring(hashes from 1 for 32) where level = 1',
      ],
      ['GUARD_WRONG 600'],
    ],
  ])('it finds %s', async (_, statements, wanted) => {
    const found = (await findingsAfter(statements)).map((each) =>
      each.replace(/^(COSIGNATURE_WRONG \d+ \S+) \d+$/, '$1'),
    );
    expect(found).toEqual(wanted);
  });

  it('nothing stayed', async () => {
    expect(await findingsOf(deps)).toEqual([]);
  });
});

describe('of the guard', () => {
  const at = (size: number, root: Uint8Array, origin = LOG_ORIGIN): Uint8Array =>
    guardForm.bytes(guardOf({ origin, size, root }));
  it.each<[string, () => Uint8Array | string | undefined, string[]]>([
    ['one that agrees nothing', () => at(SIZE, realRoot(SIZE)), []],
    ['one that is gone', () => undefined, ['GUARD_WRONG 0']],
    ['a damaged one', () => 'no guard', ['GUARD_WRONG 0']],
    ['one of another log', () => at(SIZE, realRoot(SIZE), 'other.example'), ['GUARD_WRONG 600']],
    ['one of another history', () => at(SIZE, realRoot(SIZE - 1)), ['GUARD_WRONG 600']],
    ['one that knows more', () => at(SIZE + 1, realRoot(SIZE)), ['GUARD_WRONG 601']],
    ['one behind what was signed', () => at(300, realRoot(300)), ['GUARD_BEHIND 300']],
  ])('it makes of %s', async (name, content, wanted) => {
    const guardPath = `${log.folder}/${name.replaceAll(' ', '-')}.json`;
    const bytes = content();
    if (bytes !== undefined) writeFileSync(guardPath, bytes);
    expect(await findingsOf({ ...deps, guardPath })).toEqual(wanted);
  });
});

describe('the codes', () => {
  it('were each found above, and each has its sentence', () => {
    expect([...seen].sort()).toEqual(Object.keys(FINDING_SENTENCES).sort());
  });
});
