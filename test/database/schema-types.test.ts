// Goal: schema-types.ts with its tables describes exactly the database that schema.sql makes. Method: the columns of information_schema against
// the interfaces, read as text, names and nullability.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());

const folder = join(packageRoot(), 'src/db');
const source = ['schema-types.ts', ...readdirSync(join(folder, 'tables')).map((name) => `tables/${name}`)]
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

/** `name: type;` members of an interface, comments left out. */
function membersOf(name: string): readonly [string, string][] {
  const body = new RegExp(`^export interface ${name} \\{\\n([^}]*)\\}`, 'm').exec(source)?.[1];
  if (body === undefined) throw new Error(`no file of tables has an interface ${name}`);
  const lines = body.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n');
  const members = lines.map((line) =>
    /^ {2}(?:readonly )?(\w+): (.*);$/.exec(line.replace(/\s*\/\/.*$/, '')),
  );
  return members.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? '']]));
}

const declared = (): string[] =>
  membersOf('Schema').flatMap(([table, type]) =>
    membersOf(type).map(([column, of]) => `${table}.${column}${/\|\s*null\b/.test(of) ? ' null' : ''}`),
  );

describe('the types of the tables', () => {
  it('name every column of the database with its nullability, and no other', async () => {
    const found = await sql<{ column: string }>`
      select table_name || '.' || column_name || case when is_nullable = 'YES' then ' null' else '' end as column
        from information_schema.columns where table_schema = 'public'`.execute(fresh.owner);
    expect(declared().sort()).toEqual(found.rows.map((row) => row.column).sort());
    expect(found.rows.length).toBeGreaterThan(20);
  });
});

describe('the schema', () => {
  it('names every constraint itself', async () => {
    // A generated name ends in _pkey, _fkey, _key with the column list, or _check with a number.
    const unnamed = await sql<{ name: string }>`
      select conname as name from pg_constraint c join pg_namespace n on n.oid = c.connamespace
       where n.nspname = 'public' and contype in ('p', 'f', 'u', 'c') and (conname ~ '_(pkey|fkey)$' or conname ~ '_check\d+$')`.execute(
      fresh.owner,
    );
    expect(unnamed.rows).toEqual([]);
  });

  it('comments on every table', async () => {
    const silent = await sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and obj_description(c.oid, 'pg_class') is null`.execute(
      fresh.owner,
    );
    expect(silent.rows).toEqual([]);
  });

  it('puts community_id first in the primary keys of the tables of a community', async () => {
    const wrong = await sql<{ name: string }>`
      select c.conname as name from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'community_id'
        join pg_namespace n on n.oid = c.connamespace
       where n.nspname = 'public' and c.contype = 'p' and a.atttypid = 'random_id'::regtype and c.conkey[1] <> a.attnum`.execute(
      fresh.owner,
    );
    expect(wrong.rows).toEqual([]);
  });

  it('gives the application no TRUNCATE, and no UPDATE or DELETE where rows are append-only', async () => {
    const app = await sql<{ name: string }>`select current_user::text as name`.execute(fresh.db);
    const login = app.rows[0]?.name ?? '';
    const excess = await sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and (
         has_table_privilege(${login}, c.oid, 'truncate')
         or exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                     where t.tgrelid = c.oid and p.proname = 'append_only' and t.tgtype & 16 = 16)
            and (has_any_column_privilege(${login}, c.oid, 'update') or has_table_privilege(${login}, c.oid, 'delete')))`.execute(
      fresh.owner,
    );
    expect(excess.rows).toEqual([]);
  });
});
