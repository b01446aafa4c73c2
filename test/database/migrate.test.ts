// Goal: schema.sql goes into an empty database once, and any other database is refused with one sentence. Method: real databases, both
// logins, two starts at once, and each refusal brought about.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { migrate, migrateSentence, readSchema, schemaHash } from '../../src/db/migrate.ts';
import { TEST_NOW } from '../support/clock.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const opened: FreshDatabase[] = [];
async function open(empty: boolean): Promise<FreshDatabase> {
  const fresh = await freshDatabase({ empty });
  opened.push(fresh);
  return fresh;
}
afterAll(async () => {
  for (const fresh of opened) await fresh.close();
});

const run = (fresh: FreshDatabase, over: { schema?: string; appUrl?: string; ownerUrl?: string } = {}) =>
  migrate({ ownerUrl: fresh.ownerUrl, appUrl: fresh.appUrl, now: TEST_NOW, ...over });
const codeOf = (result: Awaited<ReturnType<typeof migrate>>): string =>
  result.ok ? result.value : result.refusal.code;

describe('an empty database', () => {
  it('gets the schema, its hash and its application login; a second start changes nothing', async () => {
    const fresh = await open(true);
    expect(codeOf(await run(fresh))).toBe('applied');
    expect(codeOf(await run(fresh))).toBe('unchanged');
    const row = await fresh.db.selectFrom('deployment').selectAll().executeTakeFirstOrThrow();
    expect(row.schema_hash).toEqual(schemaHash(readSchema()));
    expect(row.applied_at_ms).toBe(BigInt(TEST_NOW));
    expect(fresh.appUrl).toContain(`//${row.app_login}:`);
  });

  it('gets it once when two processes start at the same time', async () => {
    const fresh = await open(true);
    const outcomes = await Promise.all([run(fresh), run(fresh), run(fresh)]);
    expect(outcomes.map(codeOf).sort()).toEqual(['applied', 'unchanged', 'unchanged']);
  });

  it('stays empty when the schema fails in the middle, and the error names the file', async () => {
    const fresh = await open(true);
    const schema = `${readSchema()}\nselect nonsense;\n`;
    await expect(run(fresh, { schema })).rejects.toThrow(/^schema\.sql(, line \d+)?: column "nonsense"/);
    const left = await sql`select 1 from information_schema.tables where table_schema = 'public'`.execute(
      fresh.owner,
    );
    expect(left.rows).toEqual([]);
  });
});

describe('a refusal', () => {
  it('meets a database of another schema', async () => {
    const fresh = await open(false);
    expect(codeOf(await run(fresh, { schema: `${readSchema()}\n-- another\n` }))).toBe('SCHEMA_DIFFERS');
  });

  it('meets a database with tables of somebody else, which stay as they are', async () => {
    const fresh = await open(true);
    await sql`create table theirs (id integer)`.execute(fresh.owner);
    const result = await run(fresh);
    expect(result).toEqual({ ok: false, refusal: { code: 'DATABASE_NOT_EMPTY', where: 'theirs' } });
  });

  it('meets an application login that is the owner', async () => {
    const fresh = await open(true);
    expect(codeOf(await run(fresh, { appUrl: fresh.ownerUrl }))).toBe('SAME_LOGIN');
  });

  it('meets an application login that is a superuser', async () => {
    const fresh = await open(true);
    expect(codeOf(await run(fresh, { appUrl: fresh.adminUrl }))).toBe('APP_LOGIN_TOO_STRONG');
  });

  it('meets an application login that does not exist and cannot be made', async () => {
    const fresh = await open(true);
    const appUrl = fresh.appUrl.replace(/\/\/[^:]+:/, '//nobody_we_know:');
    expect(codeOf(await run(fresh, { appUrl }))).toBe('APP_LOGIN_MISSING');
  });

  it('meets a server that does not answer', async () => {
    const fresh = await open(true);
    const ownerUrl = 'postgresql://a:b@127.0.0.1:1/x';
    expect(codeOf(await run(fresh, { ownerUrl }))).toBe('DATABASE_UNREACHABLE');
  });

  it('has one sentence for each code, on one line', () => {
    const codes = [
      'DATABASE_UNREACHABLE',
      'DATABASE_TOO_OLD',
      'DATABASE_NOT_EMPTY',
      'SCHEMA_DIFFERS',
      'SAME_LOGIN',
      'APP_LOGIN_MISSING',
      'APP_LOGIN_TOO_STRONG',
    ] as const;
    for (const code of codes) expect(migrateSentence({ code, where: 'here' })).toMatch(/^.{20,200}\.$/u);
  });
});

describe('another application login', () => {
  it('gets the grants at the next start, is made where the owner may, and the tables stay', async () => {
    const fresh = await open(false);
    const name = `${new URL(fresh.appUrl.replace('@/', '@x/')).username}_second`;
    const appUrl = fresh.appUrl.replace(/\/\/[^:]+:[^@]+@/, `//${name}:second-password@`);
    // The administrator may create logins; the owner of this database may not.
    const ownerUrl = fresh.adminUrl;
    try {
      expect(codeOf(await run(fresh, { appUrl, ownerUrl }))).toBe('unchanged');
      const client = new pg.Client({ connectionString: appUrl });
      await client.connect();
      expect((await client.query('select app_login from deployment')).rows).toEqual([{ app_login: name }]);
      await expect(client.query('update deployment set app_login = $1', ['x'])).rejects.toThrow(
        /permission denied/,
      );
      await client.end();
    } finally {
      await sql`drop owned by ${sql.id(name)}`.execute(fresh.owner).catch(() => undefined);
      const admin = new pg.Client({ connectionString: fresh.adminUrl });
      await admin.connect();
      await admin.query(`drop owned by "${name}"`);
      await admin.query(`drop role "${name}"`);
      await admin.end();
    }
  });
});
