// Goal: a database whose disk is full, or whose files cannot be written, loses no acknowledged cast: the refusal is a clear 503, /readyz says
// why, pages are still served, and everything goes on by itself afterwards. Method: the embedded PostgreSQL on a real small disk that is
// filled until it panics; and, for every user, files that take no writes.

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/auditlog/checking.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { demoClock, startDemoService } from '../../src/cli/demo/demo-deployment.ts';
import { connect } from '../../src/db/connect.ts';
import { SUPERUSER } from '../../src/db/embedded/cluster.ts';
import type { Embedded } from '../../src/db/embedded/supervisor.ts';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  countRows,
  honestCast,
  meetingOf,
  openBody,
  paperOf,
  postJson,
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import { urlFor } from '../support/database-server.ts';
import type { TestService } from '../support/service.ts';
import { settle } from '../support/service.ts';
import {
  canMount,
  cleanUpDisks,
  fillDisk,
  freeDisk,
  mountDisk,
  unmountDisk,
  WITHOUT_MOUNT,
} from './small-disk.ts';

const WORKING_DAY = Date.UTC(2026, 10, 2, 2, 0, 0);
const HASTY = { lookMs: 40, steadyMs: 400, firstPauseMs: 50, longestPauseMs: 300, failures: 8 };
/** Little WAL is kept, so that a full disk is felt soon. */
const SETTINGS = { min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off' };

type Prepared = { readonly voter: Voter; readonly cast: Cast };
type Site = {
  readonly service: TestService;
  readonly embedded: Embedded;
  readonly convened: Convened;
  readonly prepared: readonly Prepared[];
};
type Said = {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: string;
  readonly ack: string;
  readonly repeated: boolean;
};

/** A service on an embedded database in this folder, with so many casts of different entitlements that are ready to be sent. */
async function openSite(dataDir: string, wanted: number): Promise<Site> {
  const started = await startEmbedded({ dataDir, log: () => undefined, settings: SETTINGS, patience: HASTY });
  if (!started.ok) throw new Error(started.refusal.code);
  const embedded = started.value;
  const { ownerUrl, appUrl } = embedded;
  const demo = await startDemoService({
    clock: demoClock(WORKING_DAY, Date.now),
    random: (size) => new Uint8Array(randomBytes(size)),
    say: () => undefined,
    database: { ownerUrl, appUrl, trouble: () => embedded.state().reason },
    beatMs: 200,
  });
  const [db, owner] = [connect(appUrl, { maxConnections: 2 }), connect(ownerUrl, { maxConnections: 2 })];
  const fresh = { db, owner, appUrl, ownerUrl, adminUrl: '', close: async () => undefined };
  const service: TestService = {
    ...demo,
    fresh,
    close: async () => {
      await demo.close();
      await Promise.all([db.destroy(), owner.destroy()]);
      await embedded.stop();
    },
  };
  const settled = await settle(service, 56);
  const convened = await openBody(service, settled, meetingOf(service, settled));
  const prepared: Prepared[] = [];
  const seen = new Set<string>();
  for (const letter of settled.codes) {
    if (prepared.length === wanted) break;
    const voter = await voterOf(service, letter, convened.meeting).catch(() => undefined);
    if (voter === undefined || seen.has(paperOf(voter).entitlement)) continue;
    seen.add(paperOf(voter).entitlement);
    prepared.push({ voter, cast: await honestCast(service, voter) });
  }
  expect(prepared.length).toBe(wanted);
  return { service, embedded, convened, prepared };
}

async function send({ service, convened }: Site, { voter, cast }: Prepared): Promise<Said> {
  const bytes = castForm.bytes(cast);
  const body = { cast: toBase64Url(bytes), signature: signatureOver(voter.seed, bytes) };
  const { status, text, headers } = await postJson(service, `/v1/meetings/${convened.meeting}/casts`, body);
  const answer = JSON.parse(text) as { code?: string; acknowledgement?: string; repeated?: boolean };
  return {
    status,
    code: answer.code ?? '',
    retryAfter: headers.get('retry-after') ?? '',
    ack: answer.acknowledgement ?? '',
    repeated: answer.repeated ?? false,
  };
}

const readyz = async ({ service }: Site): Promise<readonly [number, string]> => {
  const response = await fetch(`${service.service.url}/readyz`);
  return [response.status, ((await response.json()) as { reason: string }).reason];
};

async function until(condition: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  for (const end = performance.now() + limitMs; !(await condition()); ) {
    if (performance.now() > end) throw new Error(`waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs a statement in the service's database as its administrator; undefined where the server does not answer. */
async function asSuperuser({ ownerUrl, folder: own }: Embedded, statement: string): Promise<unknown> {
  const secrets = JSON.parse(readFileSync(join(own, 'pg-passwords.json'), 'utf8')) as { superuser: string };
  const login = { user: SUPERUSER, password: encodeURIComponent(secrets.superuser) };
  const database = present(/^\w+:\/\/[^/]*\/([^?]*)/.exec(ownerUrl)?.[1], 'a database in the address');
  const client = new pg.Client({ connectionString: urlFor(ownerUrl, login, database) });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows[0];
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

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
