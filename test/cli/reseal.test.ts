// Goal: the sealing key is changed under a running service: owners sign in all the while, a killed run goes on where it stopped, and
// nothing is declared done before it is (SPEC 3.1). Method: the real command in a process of its own, killed at a moment by chance.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { httpClient } from '../../src/cli/demo/http-client.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { keysCommand } from '../../src/cli/keys.ts';
import { atRestKeys, sealAtRest } from '../../src/crypto/at-rest.ts';
import { writeKeyFile } from '../../src/crypto/key-file.ts';
import { generationsIn } from '../../src/jobs/resealing.ts';
import { packageRoot } from '../../src/package-root.ts';
import { personPlace } from '../../src/registry/persons.ts';
import { readServerKeys } from '../../src/server-keys.ts';
import { seededRandom } from '../support/random.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const [OLD, NEXT, STRANGE] = [11, 12, 13].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const random = seededRandom('reseal');
/** More persons than a transaction takes. */
const UNITS = 900;

const folder = mkdtempSync(join(tmpdir(), 'owners-vote-reseal-'));
let service: TestService;
let settled: TestCommunity;
/** As step 1 of the procedure leaves it: sealed by the old key, the new one known. */
beforeAll(async () => {
  service = await startTestService({ prepareKeys: (dir) => seal(dir, { seal: OLD, 'seal-next': NEXT }) });
  settled = await settle(service, UNITS);
}, 240_000);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

function seal(dir: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [name, secret] of Object.entries(files))
    expect(writeKeyFile(join(dir, `${name}.key`), 'seal', secret).ok).toBe(true);
}
function keysDir(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const dir = join(folder, name);
  seal(dir, files);
  return dir;
}
const atRest = atRestKeys([NEXT, OLD], new Uint8Array(32));
const counts = () => generationsIn({ db: service.fresh.db, atRest });

/** The command as an operator runs it; ended by `kill -9` as soon as that many values are of the new key. */
async function reseal(dir: string, argv: readonly string[] = [], killAt = Number.POSITIVE_INFINITY) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/command-child.ts', 'keys', 'reseal', ...argv],
    {
      cwd: packageRoot(),
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: service.fresh.appUrl, KEYS_DIR: dir },
    },
  );
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

/** Holds the row of the last person, so that no run is over before it is killed, until that has happened. */
const beforeItsEnd = <T>(killing: () => Promise<T>): Promise<T> =>
  service.fresh.owner.transaction().execute(async (tx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
    await sql`select from person order by community_id desc, person_id desc limit 1 for no key update`.execute(
      tx,
    );
    return killing();
  });

/** Owners sign in one after the other until `done` settles; how many did, each with the end of his document number. */
async function signInUntil(done: Promise<unknown>): Promise<number> {
  let isDone = false;
  const noticed = done.then(() => {
    isDone = true;
  });
  let count = 0;
  for (; !isDone || count < 3; count += 1) {
    const { code, owner } = present(settled.codes[count % settled.codes.length], 'a letter');
    const client = httpClient(service.service.url, () => newId(random));
    await signInOwner(service.world, client, { code, number: owner.number });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await noticed;
  return count;
}

describe('keys reseal', { timeout: 120_000 }, () => {
  it('refuses to begin without a key that opens everything, and changes nothing', async () => {
    const before = await counts();
    const ended = await reseal(keysDir('foreign', { seal: NEXT, 'seal-a': STRANGE }));
    expect([ended.code, ended.out, ended.err.trim().split('\n').length]).toEqual([78, '', 1]);
    expect(ended.err).toContain('seal-former.key');
    expect(await counts()).toEqual(before);
  });

  it('counts only, when asked for that', async () => {
    const { former } = await counts();
    const ended = await reseal(keysDir('check', { seal: NEXT, 'seal-former': OLD }), ['--check', '--json']);
    expect([ended.code, JSON.parse(ended.out)]).toEqual([
      1,
      { resealed: 0, remaining: former, unopened: [] },
    ]);
    expect((await counts()).current).toBe(0);
  });

  it('is killed in the middle, goes on, and ends, while owners sign in', async () => {
    const dir = keysDir('rotating', { seal: NEXT, 'seal-former': OLD });
    const total = (await counts()).former;
    const killed = beforeItsEnd(() => reseal(dir, [], randomInt(1, total >> 1)));
    expect(await signInUntil(killed)).toBeGreaterThanOrEqual(3);
    expect((await killed).code).toBeNull();
    const between = await counts();
    expect(between.current).toBeGreaterThan(0);
    expect(between.former).toBeGreaterThan(0);

    const again = reseal(dir, ['--json']);
    expect(await signInUntil(again)).toBeGreaterThanOrEqual(3);
    const ended = await again;
    const { resealed, remaining } = JSON.parse(ended.out) as { resealed: number; remaining: number };
    expect([ended.code, remaining]).toEqual([0, 0]);
    expect(resealed).toBeGreaterThanOrEqual(between.former);
    expect(await counts()).toMatchObject({ former: 0, unknown: 0 });
  });

  it('does not declare done what does not open, and names it', async () => {
    const { db } = service.fresh;
    const row = await db.selectFrom('person').selectAll().limit(1).executeTakeFirstOrThrow();
    const elsewhere = sealAtRest(atRestKeys([OLD], OLD), personPlace('sealed_name', 'a', 'b'), OLD, random);
    const put = (sealed_name: Uint8Array) =>
      db.updateTable('person').set({ sealed_name }).where('person_id', '=', row.person_id).execute();
    await put(elsewhere);
    const dir = join(folder, 'rotating');
    const ended = await reseal(dir);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain(personPlace('sealed_name', row.community_id, row.person_id));
    await put(row.sealed_name);
    expect((await reseal(dir)).code).toBe(0);
  });
});

describe('the key files', () => {
  it('of former keys and of one to come open and do not seal; one of another purpose stops the start', () => {
    const dir = keysDir('several', { seal: NEXT, 'seal-next': STRANGE, 'seal-2026': OLD });
    const keys = readServerKeys(dir, random);
    expect(keys.ok && keys.value.atRest.sealing).toEqual(atRestKeys([NEXT, OLD, STRANGE], OLD).sealing);
    expect(writeKeyFile(join(dir, 'seal-wrong.key'), 'index', OLD).ok).toBe(true);
    expect(readServerKeys(dir, random)).toMatchObject({ refusal: { code: 'KEY_FILE_PURPOSE' } });
  });

  it('are made by the command, which shows no secret', async () => {
    const dir = keysDir('made', {});
    let said = '';
    const out = { stdout: (text: string) => (said += text), stderr: (text: string) => (said += text) };
    expect(await keysCommand(['seal', '--out', join(dir, 'seal-next.key')], out)).toBe(0);
    expect([said, readdirSync(dir)]).toEqual(['', ['seal-next.key']]);
    expect(await keysCommand(['seal', '--out', join(dir, 'seal-next.key')], out)).toBe(65);
    expect(await keysCommand(['reseal', '--all'], out)).toBe(2);
  });
});
