/** The two logins and the database of the house, made inside the cluster by its superuser (DESIGN §4, Tenancy). */
import pg from 'pg';
import { ok, type Result, refuse } from '../../base/result.ts';
import { APP, DATABASE, OWNER, type Passwords, SUPERUSER } from './cluster.ts';
import type { EmbeddedRefusal } from './embedded-refusals.ts';
import { type Endpoint, urlOf } from './postmaster.ts';

async function makeMissing(client: pg.Client, passwords: Passwords): Promise<void> {
  for (const [name, password] of [
    [OWNER, passwords.owner],
    [APP, passwords.app],
  ] as const) {
    const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    if (found.rowCount === 0)
      await client.query(`create role ${name} login password ${pg.escapeLiteral(password)}`);
  }
  const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (found.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`);
  await client.query(`revoke all on database ${DATABASE} from public`);
  await client.query(`grant connect on database ${DATABASE} to ${APP}`);
}

/** Makes what is missing. */
export async function makeLogins(
  endpoint: Endpoint,
  passwords: Passwords,
  folder: string,
): Promise<Result<true, EmbeddedRefusal>> {
  const connectionString = urlOf(endpoint, SUPERUSER, passwords.superuser, 'postgres');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await makeMissing(client, passwords);
    return ok(true);
  } catch (error) {
    const isFull = error instanceof Error && 'code' in error && error.code === '53100';
    if (isFull) return refuse('DISK_FULL', folder);
    return refuse('ENGINE_FAILED', error instanceof Error ? error.message : String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the process that made the cluster has got as far as the owner's login. */
export async function ownerCanConnect(endpoint: Endpoint, passwords: Passwords): Promise<boolean> {
  const connectionString = urlOf(endpoint, OWNER, passwords.owner, DATABASE);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
