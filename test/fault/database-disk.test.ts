// Goal: a database whose disk is full, or whose files cannot be written, loses no acknowledged cast: the refusal is a clear 503, /readyz says
// why, pages are still served, and everything goes on by itself afterwards. Method: the embedded PostgreSQL on a real small disk that is
// filled until it panics; and, for every user, files that take no writes.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/auditlog/checking.ts';
import type { Embedded } from '../../src/db/embedded/supervisor.ts';
import { countRows } from '../ballot/voting-world.ts';
import type { Prepared, Said, Site } from './disk-site.ts';
import { asSuperuser, openSite, readyz, send, until } from './disk-site.ts';
import {
  canMount,
  cleanUpDisks,
  fillDisk,
  freeDisk,
  mountDisk,
  unmountDisk,
  WITHOUT_MOUNT,
} from './small-disk.ts';

/** Uses up what is left of the write-ahead log; false once the server has panicked. */
const burnWal = async (embedded: Embedded): Promise<boolean> =>
  (await asSuperuser(
    embedded,
    `select 1 from pg_logical_emit_message(true, 'ballast', repeat('x', 4000000))`,
  )) !== undefined;

/** What must hold when the disk is well again: every cast goes in once, and what was acknowledged before has its first answer. */
async function expectWhole(
  site: Site,
  casts: readonly Prepared[],
  kept: ReadonlyMap<Prepared, string>,
): Promise<void> {
  await until(async () => (await readyz(site))[0] === 200);
  for (const each of casts) {
    const said = await send(site, each);
    expect(said.status).toBe(201);
    const first = kept.get(each);
    if (first !== undefined) expect([said.repeated, said.ack]).toEqual([true, first]);
  }
  expect((await countRows(site.service)).casts).toBe(casts.length);
  await site.service.world.beatNow();
  expect((await checkLog(site.service.service.deps.log)).findings).toEqual([]);
}

cleanUpDisks();

let folder: string;
let site: Site;
/** Every cast that has been sent so far. */
const sent: Prepared[] = [];
const kept = new Map<Prepared, string>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-disk-'));
  if (canMount) mountDisk(folder, '280m', '711');
  else chmodSync(folder, 0o711);
  site = await openSite(join(folder, 'data'), 32);
}, 120_000);
afterAll(async () => {
  if (canMount) freeDisk(folder);
  await site?.service.close();
  if (canMount) unmountDisk(folder);
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(canMount)(`a database on a disk of its own${WITHOUT_MOUNT}`, () => {
  it('that fills up while owners cast: 503 with its code, said in /readyz, nothing acknowledged is lost, and back by itself', async () => {
    const casts = site.prepared.slice(0, 24);
    sent.push(...casts);
    const refused: Said[] = [];
    const take = async (each: Prepared): Promise<void> => {
      const said = await send(site, each);
      if (said.status === 201) kept.set(each, said.ack);
      else refused.push(said);
    };
    await Promise.all(casts.slice(0, 4).map(take));
    expect(kept.size).toBe(4);
    fillDisk(folder);
    for (let at = 4; at < 24 && refused.length === 0; at += 4)
      await Promise.all(casts.slice(at, at + 4).map(take));
    expect(new Set(refused.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(['503 DATABASE_FULL']),
    );
    expect(refused.every(({ retryAfter }) => retryAfter === '60')).toBe(true);
    expect(await readyz(site)).toEqual([503, 'the database cannot write: DATABASE_FULL']);
    expect((await fetch(`${site.service.service.url}/livez`)).status).toBe(200);
    expect((await fetch(`${site.service.service.url}/`)).status).toBe(200);

    while (await burnWal(site.embedded));
    await until(async () => /DISK_FULL/.test((await readyz(site))[1]));
    refused.length = 0;
    await Promise.all(casts.slice(20, 24).map(take));
    expect(
      refused.every(({ status, code, retryAfter }) => status === 503 && code !== '' && retryAfter !== ''),
    ).toBe(true);
    expect(refused.length).toBe(casts.slice(20, 24).filter((each) => !kept.has(each)).length);

    freeDisk(folder);
    await expectWhole(site, sent, kept);
  }, 60_000);
});

describe('a database whose files take no writes', () => {
  it('answers 503 with its code, loses nothing, and goes on when they may be written again', async () => {
    const casts = site.prepared.slice(24);
    sent.push(...casts);
    for (const each of casts.slice(0, 3)) {
      const said = await send(site, each);
      expect(said.status).toBe(201);
      kept.set(each, said.ack);
    }
    const { embedded } = site;
    const found = await asSuperuser(embedded, `select pg_relation_filepath('cast_statement') as path`);
    const file = join(embedded.folder, 'pg', (found as { path: string }).path);
    chmodSync(file, 0o400);
    // A session that has opened the file may go on writing; a new one opens it for writing when it needs it.
    const ended = `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'owners-vote'`;
    expect(await asSuperuser(embedded, ended)).toBeDefined();
    await until(async () => (await readyz(site))[0] === 200);
    const said = await Promise.all(casts.slice(3).map((each) => send(site, each)));
    expect(new Set(said.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(['503 DATABASE_DISK_FAULT']),
    );
    expect(await readyz(site)).toEqual([503, 'the database cannot write: DATABASE_DISK_FAULT']);
    chmodSync(file, 0o600);
    await expectWhole(site, sent, kept);
  }, 60_000);
});
