// Goal: the database itself refuses to change or remove what the log holds, for both logins.
// Method: each forbidden statement as the application and as the owner, and the name that refused it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import type { Database } from '../../src/db/connect.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog } from '../support/log.ts';

let log: FreshLog;
beforeAll(async () => {
  log = await freshLog();
  await appendNumbered(log.deps.db, 0, 3);
  await sequenceAll(log.deps);
  expect((await publishOnce(log.deps)).ok).toBe(true);
  await sql`insert into log_cosignature values (3, 'witness', 1, 'line')`.execute(log.deps.db);
  await appendNumbered(log.deps.db, 3, 4);
});
afterAll(async () => log.close());

/** `constraint` of the refusal, or its SQLSTATE where it names none; 42501 is a missing grant. */
async function refusalOf(db: Database, statement: string): Promise<string> {
  try {
    await sql.raw(statement).execute(db);
    return 'accepted';
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    return constraint ?? code ?? String(error);
  }
}

const HASH = `'\\x${'ab'.repeat(32)}'::bytea`;
const CHANGES: readonly (readonly [statement: string, asApplication: string, asOwner: string])[] = [
  ['delete from log_entry', '42501', 'log_entry_frozen'],
  ['truncate log_entry cascade', '42501', 'log_entry_append_only'],
  ["update log_entry set data = 'x' where idx is null", '42501', 'log_entry_frozen'],
  ["update log_entry set data = 'x', idx = 3 where idx is null", '42501', 'log_entry_frozen'],
  ["update log_entry set kind = 'a.b', idx = 3 where idx is null", '42501', 'log_entry_frozen'],
  ["update log_entry set community_id = 'c', idx = 3 where idx is null", '42501', 'log_entry_frozen'],
  ["update log_entry set meeting_id = 'm', idx = 3 where idx is null", '42501', 'log_entry_frozen'],
  ['update log_entry set idx = 7 where idx = 1', 'log_entry_frozen', 'log_entry_frozen'],
  ['update log_entry set idx = null where idx = 1', 'log_entry_frozen', 'log_entry_frozen'],
  ['update log_entry set idx = 1 where idx is null', 'log_entry_idx_key', 'log_entry_idx_key'],
  ['update log_entry set idx = -1 where idx is null', 'log_entry_idx_check', 'log_entry_idx_check'],
  ["insert into log_entry (data, kind, idx) values ('x', 'a.b', 1)", '42501', 'log_entry_idx_key'],
  [
    "insert into log_entry (data, kind) values ('x', 'no kind')",
    'log_entry_kind_check',
    'log_entry_kind_check',
  ],
  [
    "insert into log_entry (data, kind) values (convert_to(repeat('x', 65536), 'UTF8'), 'a.b')",
    'log_entry_size_check',
    'log_entry_size_check',
  ],
  [
    "insert into log_entry (id, data, kind) overriding system value values (1, 'x', 'a.b')",
    '42501',
    'log_entry_pk',
  ],
  ['delete from log_head', '42501', 'log_head_grows'],
  ['truncate log_head', '42501', 'log_head_append_only'],
  ['update log_head set size = 2', 'log_head_grows', 'log_head_grows'],
  [`update log_head set root = ${HASH}`, 'log_head_grows', 'log_head_grows'],
  ['update log_head set id = 2, size = 9', '42501', 'log_head_grows'],
  [`insert into log_head values (2, 0, ${HASH})`, '42501', 'log_head_single_check'],
  [`insert into log_head values (1, 0, ${HASH})`, '42501', 'log_head_pk'],
  ['delete from log_tile', '42501', 'log_tile_grows'],
  ['truncate log_tile', '42501', 'log_tile_append_only'],
  [`update log_tile set hashes = ${HASH}`, 'log_tile_grows', 'log_tile_grows'],
  ['update log_tile set hashes = substring(hashes from 1 for 64)', 'log_tile_grows', 'log_tile_grows'],
  [`update log_tile set hashes = ${HASH} || hashes`, 'log_tile_grows', 'log_tile_grows'],
  [`update log_tile set n = 1, hashes = hashes || ${HASH}`, '42501', 'log_tile_grows'],
  ["update log_tile set hashes = hashes || 'x'", 'log_tile_hashes_check', 'log_tile_hashes_check'],
  [`insert into log_tile values (0, 0, ${HASH})`, 'log_tile_pk', 'log_tile_pk'],
  [`insert into log_tile values (64, 0, ${HASH})`, 'log_tile_place_check', 'log_tile_place_check'],
  [`insert into log_tile values (0, -1, ${HASH})`, 'log_tile_place_check', 'log_tile_place_check'],
  ["insert into log_tile values (9, 0, '')", 'log_tile_hashes_check', 'log_tile_hashes_check'],
  ['delete from log_checkpoint', '42501', 'log_checkpoint_append_only'],
  ['truncate log_checkpoint cascade', '42501', 'log_checkpoint_append_only'],
  ["update log_checkpoint set note = 'x'", '42501', 'log_checkpoint_append_only'],
  [`insert into log_checkpoint values (3, ${HASH}, 'x', 1)`, 'log_checkpoint_pk', 'log_checkpoint_pk'],
  ['delete from log_cosignature', '42501', 'log_cosignature_append_only'],
  ['truncate log_cosignature', '42501', 'log_cosignature_append_only'],
  ["update log_cosignature set line = 'x'", '42501', 'log_cosignature_append_only'],
  ["insert into log_cosignature values (3, 'witness', 1, 'x')", 'log_cosignature_pk', 'log_cosignature_pk'],
  [
    "insert into log_cosignature values (9, 'witness', 1, 'x')",
    'log_cosignature_checkpoint_fk',
    'log_cosignature_checkpoint_fk',
  ],
];

describe('the database refuses', () => {
  it.each(CHANGES)('%s', async (statement, asApplication, asOwner) => {
    expect(await refusalOf(log.fresh.db, statement)).toBe(asApplication);
    expect(await refusalOf(log.fresh.owner, statement)).toBe(asOwner);
  });

  it('nothing that the sequencer does', async () => {
    expect((await sequenceAll(log.deps)).added).toBe(1);
  });
});
