// Goal: what is append-only stays as written, for the application by grant and for the owner of the tables by trigger. Method: the
// schema's own trigger functions on two tables made here, and on every table of schema.sql that carries them.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOfConstraint } from '../../src/db/constraint-refusals.ts';
import { sqlStateOf } from '../../src/db/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  for (const statement of [
    'create table kept (id integer primary key, note text)',
    'create trigger kept_append_only before update or delete or truncate on kept for each statement execute function append_only()',
    'create table filled (id integer primary key, bytes bytea not null, idx bigint null)',
    `create trigger filled_frozen before update or delete on filled for each row execute function frozen_except('idx')`,
    'create trigger filled_append_only before truncate on filled for each statement execute function append_only()',
    `insert into kept values (1, 'a')`,
    `insert into filled values (1, '\\x01', null)`,
  ])
    await sql.raw(statement).execute(fresh.owner);
});
afterAll(async () => fresh.close());

const errorOf = (statement: string): Promise<unknown> =>
  sql
    .raw(statement)
    .execute(fresh.owner)
    .then(
      () => undefined,
      (error: unknown) => error,
    );

describe('an append-only table', () => {
  it.each([
    `update kept set note = 'b'`,
    'update kept set note = note where false',
    'delete from kept',
    'delete from kept where false',
    'truncate kept',
    `insert into kept values (1, 'b') on conflict (id) do update set note = 'b'`,
  ])('refuses its owner: %s', async (statement) => {
    const error = await errorOf(statement);
    expect(error).toMatchObject({ code: 'OV001', constraint: 'kept_append_only', table: 'kept' });
    expect(refusalOfConstraint(error, { kept_append_only: 'KEPT' })).toEqual({ code: 'KEPT' });
    expect((await sql`select * from kept`.execute(fresh.owner)).rows).toEqual([{ id: 1, note: 'a' }]);
  });

  it('takes new rows', async () => {
    expect(await errorOf(`insert into kept values (2, 'c')`)).toBeUndefined();
    expect((await sql`select id from kept order by id`.execute(fresh.owner)).rows).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });
});

describe('a frozen row', () => {
  it('lets its open column be filled, and nothing else be changed', async () => {
    expect(await errorOf('update filled set idx = 7')).toBeUndefined();
    for (const statement of [
      `update filled set bytes = '\\x02'`,
      `update filled set idx = 8, bytes = '\\x02'`,
      'delete from filled',
    ])
      expect(await errorOf(statement)).toMatchObject({ code: 'OV001', constraint: 'filled_frozen' });
    expect(await errorOf('truncate filled')).toMatchObject({
      code: 'OV001',
      constraint: 'filled_append_only',
    });
  });
});

describe('every table of schema.sql with such a trigger', () => {
  it('refuses TRUNCATE by its owner', async () => {
    const { rows } = await sql<{ name: string }>`
      select distinct c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
       where p.proname in ('append_only', 'frozen_except') and c.relname not in ('kept', 'filled')`.execute(
      fresh.owner,
    );
    const open: string[] = [];
    for (const { name } of rows)
      if (sqlStateOf(await errorOf(`truncate "${name}" cascade`)) !== 'OV001') open.push(name);
    expect(rows.length).toBeGreaterThan(10);
    expect(open).toEqual([]);
  });
});
