// Goal: the key of the index is changed under a running service: owners sign in and agents are found all the while, nobody becomes two, a
// killed run goes on where it stopped, and it does not begin where it would do harm (SPEC 3.1). Method: the real command in a process of
// its own, killed at a moment by chance.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { atRestKeys, generationOfKey } from '../../src/crypto/at-rest.ts';
import type { KeyPurpose } from '../../src/crypto/key-file.ts';
import { writeKeyFile } from '../../src/crypto/key-file.ts';
import { indexGenerations } from '../../src/jobs/reindexing.ts';
import { packageRoot } from '../../src/package-root.ts';
import { openName, openNumber, personFinder } from '../../src/registry/persons.ts';
import { personsOf } from '../../src/registry/store/units.ts';
import { seededRandom } from '../support/random.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const bytesOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const [SEAL, OLD, NEXT, STRANGE] = [bytesOf(10), bytesOf(11), bytesOf(12), bytesOf(13)];
const random = seededRandom('reindex');
/** More persons than a transaction takes. */
const UNITS = 900;
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-reindex-'));
let service: TestService;
let settled: TestCommunity;

type Files = Readonly<Record<string, readonly [KeyPurpose, Uint8Array]>>;

function fill(dir: string, files: Files): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [name, [purpose, secret]] of Object.entries({ seal: ['seal', SEAL] as const, ...files }))
    expect(writeKeyFile(join(dir, `${name}.key`), purpose, secret).ok).toBe(true);
  return dir;
}
const keysDir = (name: string, files: Files): string => fill(join(folder, name), files);

/** As step 1 of the procedure leaves it: written under the old key, the new one known. */
beforeAll(async () => {
  const files: Files = { index: ['index', OLD], 'index-next': ['index', NEXT] };
  service = await startTestService({ prepareKeys: (dir) => fill(dir, files) });
  settled = await settle(service, UNITS);
}, 240_000);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const rotated = atRestKeys([SEAL], [NEXT, OLD]);
const counts = () => indexGenerations({ db: service.fresh.db, atRest: rotated });

/** A command as an operator runs it; ended by `kill -9` as soon as that many indexes are of the new key. */
async function command(dir: string, argv: readonly string[], killAt = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/command-child.ts', ...argv], {
    cwd: packageRoot(),
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: service.fresh.appUrl,
      KEYS_DIR: dir,
      PORT: '0',
      METRICS_PORT: '0',
    },
  });
  let [out, err, isOver] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve)).finally(() => {
    isOver = true;
  });
  while (!isOver && Number.isFinite(killAt)) if ((await counts()).current >= killAt) child.kill('SIGKILL');
  return { code: await ended, out, err };
}
const reindex = (dir: string, argv: readonly string[] = [], killAt?: number) =>
  command(dir, ['keys', 'reindex', ...argv], killAt);

/** Holds the row of the last person, so that no run is over before it is killed, until that has happened. */
const beforeItsEnd = <T>(killing: () => Promise<T>): Promise<T> =>
  service.fresh.owner.transaction().execute(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
    await sql`select from person order by community_id desc, person_id desc limit 1 for no key update`.execute(
      tx,
    );
    return killing();
  });

/** Until `done` settles owners sign in, and an officer reads documents: of an owner, who is found, and of one who is new. */
async function useUntil(done: Promise<unknown>, newcomer: string): Promise<number> {
  let isDone = false;
  const noticed = done.then(() => {
    isDone = true;
  });
  const rows = await personsOf(service.fresh.db, settled.community);
  let count = 0;
  for (; !isDone || count < 3; count += 1) {
    const { code, owner } = present(settled.codes[count % settled.codes.length], 'a letter');
    const client = httpClient(service.service.url, () => newId(random));
    await signInOwner(service.world, client, { code, number: owner.number });
    // An officer writes twenty a day.
    if (count < 5) {
      const row = present(rows[count * 7], 'registered');
      const { deps } = service.service;
      expect(await agent(openNumber(deps, row), openName(deps, row))).toBe(row.person_id);
      newcomers.add(await agent(newcomer, '郑代理'));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await noticed;
  return count;
}
const newcomers = new Set<string>();
const agent = async (number: string, name: string): Promise<string> =>
  (
    await settled.officers.committee.client.post<{ person: string }>(
      `/v1/communities/${settled.community}/agents`,
      { number, name },
    )
  ).person;

const SENTENCE = 'index-former.key';

describe('keys reindex', { timeout: 120_000 }, () => {
  it('refuses to begin under a key that nothing is of, or with a file of another purpose, and changes nothing', async () => {
    const before = await counts();
    const foreign = await reindex(keysDir('foreign', { index: ['index', STRANGE] }));
    expect([foreign.code, foreign.out, foreign.err.trim().split('\n').length]).toEqual([78, '', 1]);
    expect(foreign.err).toContain(SENTENCE);
    const wrong = keysDir('wrong', { index: ['index', NEXT], 'index-former': ['seal', OLD] });
    const ended = await reindex(wrong);
    expect([ended.code, ended.err.trim().split('\n').length]).toEqual([78, 1]);
    expect(ended.err).toContain('index-former.key');
    expect(await counts()).toEqual(before);
  });

  it('refuses while a process of the service does not know the key, and --lost while any runs', async () => {
    const dir = keysDir('unknown', { index: ['index', NEXT], 'index-former': ['index', OLD] });
    const before = await counts();
    const [key] = atRestKeys([SEAL], OLD).indexing;
    const other = newId(random);
    await sql`insert into cast_watermark values (${other}, 0, (extract(epoch from now()) * 1000 + 600000)::bigint,
      ${generationOfKey(key)})`.execute(service.fresh.db);
    const ended = await reindex(dir);
    expect([ended.code, ended.err.trim().split('\n').length]).toEqual([1, 1]);
    expect(ended.err).toMatch(/restart them first.* 1$/m);
    const lost = await reindex(dir, ['--lost']);
    expect([lost.code, lost.err.match(/stop all of them first: 2$/m)?.length]).toEqual([1, 1]);
    await sql`delete from cast_watermark where process_id = ${other}`.execute(service.fresh.db);
    expect(await counts()).toEqual(before);
  });

  it('is killed in the middle, goes on, and ends, while the service finds everybody', async () => {
    const dir = keysDir('rotating', { index: ['index', NEXT], 'index-former': ['index', OLD] });
    const before = await counts();
    const ids = (await personsOf(service.fresh.db, settled.community)).map((row) => row.person_id);
    expect(before).toMatchObject({ current: 0, former: ids.length, unknown: 0 });
    const killed = beforeItsEnd(() => reindex(dir, [], randomInt(1, ids.length >> 1)));
    expect(await useUntil(killed, '442000198001010084')).toBeGreaterThanOrEqual(3);
    expect((await killed).code).toBeNull();
    const between = await counts();
    expect(between.current).toBeGreaterThan(0);
    expect(between.former).toBeGreaterThan(0);

    const again = reindex(dir, ['--json']);
    expect(await useUntil(again, '442000198001010084')).toBeGreaterThanOrEqual(3);
    const ended = await again;
    expect([ended.code, (JSON.parse(ended.out) as { remaining: number }).remaining]).toEqual([0, 0]);
    const after = await personsOf(service.fresh.db, settled.community);
    expect(newcomers.size).toBe(1);
    expect(after.map((row) => row.person_id).sort()).toEqual([...ids, ...newcomers].sort());
    expect(new Set(after.map((row) => openNumber({ atRest: rotated }, row))).size).toBe(after.length);
    expect(await counts()).toEqual({ current: after.length, former: 0, unknown: 0, unknownIn: '' });
  });

  it('leaves an old key that finds nobody and starts no service', async () => {
    const old = { atRest: atRestKeys([SEAL], OLD) };
    const rows = await personsOf(service.fresh.db, settled.community);
    expect(() => personFinder(old, rows)).toThrow('restart it with all index keys');
    const found = personFinder({ atRest: atRestKeys([SEAL], NEXT) }, rows);
    const numbered = rows.map((row) => ({ docKind: row.doc_kind, number: openNumber(old, row) }));
    expect(numbered.map((person) => found(person)?.person_id)).toEqual(rows.map((row) => row.person_id));
    const ended = await command(keysDir('old', { index: ['index', OLD] }), ['serve']);
    expect(ended.code).toBe(78);
    expect(ended.err).toContain(SENTENCE);
  });
});
