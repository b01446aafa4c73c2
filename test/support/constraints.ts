// Constraints one by one: a copy of a row that is good, with one thing changed, is refused under the constraint's name.
import { sql } from 'kysely';
import type { Database } from '../../src/db/connect.ts';
import { sqlStateOf } from '../../src/db/transaction.ts';

/** Table, constraint, and the members of the copied row that are changed; bytes as `\x…`. */
export type ConstraintCase = readonly [
  table: string,
  constraint: string,
  change: Readonly<Record<string, unknown>>,
];

const nameOf = (error: unknown): string =>
  error instanceof Error && 'constraint' in error ? String(error.constraint) : String(error);

/** The constraint that refuses the changed copy of some row of the table, or `accepted`. */
export async function refusedBy(db: Database, [table, , change]: ConstraintCase): Promise<string> {
  try {
    const columns = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'
         and is_identity = 'NO' order by ordinal_position`.execute(db);
    const names = sql.join(columns.rows.map(({ name }) => sql.ref(name)));
    const done = await sql`
      insert into ${sql.table(table)} (${names})
      select ${names} from (
        select (jsonb_populate_record(null::${sql.table(table)}, to_jsonb(t) || ${JSON.stringify(change)}::jsonb)).*
          from (select * from ${sql.table(table)} limit 1) t) copy`.execute(db);
    return done.numAffectedRows === 1n ? 'accepted' : 'no row to copy';
  } catch (error) {
    return nameOf(error);
  }
}

/** What refuses a statement: the trigger's name for the owner, the SQLSTATE where the application lacks the right. */
export async function refusalOf(db: Database, statement: string): Promise<string> {
  try {
    await sql.raw(statement).execute(db);
    return 'accepted';
  } catch (error) {
    return sqlStateOf(error) === 'OV001' ? nameOf(error) : (sqlStateOf(error) ?? 'unknown');
  }
}

/** Names of all constraints, unique indexes and triggers of some tables, domains apart. */
export async function namesOn(db: Database, tables: readonly string[]): Promise<readonly string[]> {
  const found = await sql<{ name: string }>`
    with chosen as (select oid from pg_class where relnamespace = 'public'::regnamespace
                     and relname in (${sql.join(tables)}))
    select conname as name from pg_constraint where conrelid in (select oid from chosen) and contype in ('p', 'f', 'u', 'c')
    union
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid in (select oid from chosen) and i.indisunique
    union
    select tgname from pg_trigger where tgrelid in (select oid from chosen) and not tgisinternal`.execute(db);
  return found.rows.map(({ name }) => name).sort();
}
