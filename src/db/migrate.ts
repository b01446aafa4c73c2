/**
 * Makes an empty database ours, or checks that it is: schema.sql once, as the owner login, in one transaction, for one application
 * login (DESIGN §4). A database of another schema is refused, never patched; migrations begin with the first release.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { present } from '../base/assert.ts';
import type { Instant } from '../base/instant.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { packageRoot } from '../package-root.ts';
import { valueTypes } from './connect.ts';

/** Why a database cannot be used; each has its sentence in `migrateSentence`. */
export type MigrateRefusalCode =
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_TOO_OLD'
  | 'DATABASE_NOT_EMPTY'
  | 'SCHEMA_DIFFERS'
  | 'SAME_LOGIN'
  | 'APP_LOGIN_MISSING'
  | 'APP_LOGIN_TOO_STRONG';

/** One sentence for the operator; the process then ends with exit code 78. */
export function migrateSentence(refusal: Refusal<MigrateRefusalCode>): string {
  const where = refusal.where ?? '';
  switch (refusal.code) {
    case 'DATABASE_UNREACHABLE':
      return `数据库无法连接 The database does not answer: ${where}.`;
    case 'DATABASE_TOO_OLD':
      return `数据库版本过低 PostgreSQL 15 or later is needed, this is ${where}.`;
    case 'DATABASE_NOT_EMPTY':
      return `数据库非空 The database holds other tables (${where}); give an empty one.`;
    case 'SCHEMA_DIFFERS':
      return `数据库结构不符 The database was made by another version of schema.sql; use that version, or an empty database.`;
    case 'SAME_LOGIN':
      return `两个账号相同 DATABASE_URL and DATABASE_OWNER_URL name the same login (${where}); the application must not own the tables.`;
    case 'APP_LOGIN_MISSING':
      return `应用账号不存在 The login ${where} of DATABASE_URL does not exist and the owner login may not create it.`;
    case 'APP_LOGIN_TOO_STRONG':
      return `应用账号权限过大 The login ${where} of DATABASE_URL is a superuser or a member of the owner login.`;
  }
}

const OLDEST_SERVER = 150_000;
/** "owners-vote" as a number: two starts at once wait for each other. */
const MIGRATION_LOCK = 7_846_377_331n;

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quotedText = (text: string): string => pg.escapeLiteral(text);

/** schema.sql with the application login written into its placeholders. */
const forLogin = (schema: string, login: string): string => schema.replaceAll(':"app"', quotedName(login));

/** The grant lines of schema.sql alone. */
const grantsOf = (schema: string): string => (schema.match(/^grant [^;]+;/gm) ?? []).join('\n');

/** SHA-256 of the bytes of schema.sql. */
export const schemaHash = (schema: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(schema, 'utf8').digest());

/** The text of the package's schema.sql. */
export const readSchema = (): string => readFileSync(join(packageRoot(), 'schema.sql'), 'utf8');

async function ensureAppLogin(
  client: pg.Client,
  app: { readonly user: string; readonly password: string },
): Promise<Result<true, Refusal<MigrateRefusalCode>>> {
  const owner = (await client.query('select current_user::text as name')).rows[0]?.name;
  if (owner === app.user) return refuse('SAME_LOGIN', app.user);
  const role = (
    await client.query(
      `select r.rolsuper as super, pg_has_role(r.oid, current_user, 'member') as member from pg_roles r where r.rolname = $1`,
      [app.user],
    )
  ).rows[0];
  if (role !== undefined)
    return role.super === true || role.member === true ? refuse('APP_LOGIN_TOO_STRONG', app.user) : ok(true);
  const may = (
    await client.query('select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user')
  ).rows[0]?.may;
  if (may !== true) return refuse('APP_LOGIN_MISSING', app.user);
  const secret = app.password === '' ? '' : ` password ${quotedText(app.password)}`;
  await client.query(
    `create role ${quotedName(app.user)} login nosuperuser nocreatedb nocreaterole${secret}`,
  );
  return ok(true);
}

async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const found = await client.query(
    `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname = 'public' order by 1 limit 5`,
  );
  return found.rows.map((row) => String(row.name));
}

/** Runs the schema; an error in it says its line. */
async function runSchema(client: pg.Client, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    const position = error instanceof pg.DatabaseError ? Number(error.position ?? 0) : 0;
    const line = position === 0 ? '' : `, line ${text.slice(0, position).split('\n').length}`;
    throw new Error(`schema.sql${line}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function applyOrCheck(
  client: pg.Client,
  schema: string,
  login: string,
  now: Instant,
): Promise<Result<'applied' | 'unchanged', Refusal<MigrateRefusalCode>>> {
  const hash = schemaHash(schema);
  const tables = await tablesOf(client);
  if (
    (await client.query(`select to_regclass('public.deployment') is not null as made`)).rows[0]?.made !== true
  ) {
    if (tables.length > 0) return refuse('DATABASE_NOT_EMPTY', tables.join(', '));
    await runSchema(client, forLogin(schema, login));
    await client.query(
      'insert into deployment (id, schema_hash, app_login, applied_at_ms) values (1, $1, $2, $3)',
      [hash, login, now],
    );
    return ok('applied');
  }
  const row = (await client.query('select schema_hash = $1 as same, app_login from deployment', [hash]))
    .rows[0];
  if (row?.same !== true) return refuse('SCHEMA_DIFFERS');
  if (row.app_login !== login) {
    await client.query(forLogin(grantsOf(schema), login));
    await client.query('update deployment set app_login = $1', [login]);
  }
  return ok('unchanged');
}

/** Applies schema.sql where the database is empty, else compares. `appUrl` names the application login. */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly now: Instant;
  readonly schema?: string;
}): Promise<Result<'applied' | 'unchanged', Refusal<MigrateRefusalCode>>> {
  const schema = options.schema ?? readSchema();
  const appLogin = new pg.Client({ connectionString: options.appUrl });
  const app = { user: present(appLogin.user, 'a login has a user'), password: appLogin.password ?? '' };
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    types: valueTypes,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    return refuse('DATABASE_UNREACHABLE', error instanceof Error ? error.message : String(error));
  }
  try {
    const server = (
      await client.query(
        `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
      )
    ).rows[0];
    if (Number(server?.number) < OLDEST_SERVER) return refuse('DATABASE_TOO_OLD', String(server?.text));
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const login = await ensureAppLogin(client, app);
    const outcome = login.ok ? await applyOrCheck(client, schema, app.user, options.now) : login;
    await client.query(outcome.ok ? 'commit' : 'rollback');
    return outcome;
  } finally {
    await client.end();
  }
}
