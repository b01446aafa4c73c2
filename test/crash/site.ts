// A deployment on disk that real processes are started on: keys, an embedded PostgreSQL that flushes (fsync on, as in production),
// a settled community. It is founded once through the service's own interfaces, in this process; then everything is stopped.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { logVkey } from '../../src/auditlog/publishing.ts';
import { present } from '../../src/base/assert.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import {
  declareDemoRoot,
  foundCommunity,
  importFile,
  issueDemoLetters,
  rootKeyOf,
} from '../../src/cli/demo/founding.ts';
import { demoMeeting } from '../../src/cli/demo/meeting-texts.ts';
import type { DemoWorld } from '../../src/cli/demo/officer.ts';
import { roofCapFen } from '../../src/cli/demo/story.ts';
import { freePort } from '../../src/cli/free-port.ts';
import type { Config } from '../../src/config.ts';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import { embeddedSentence } from '../../src/db/embedded/embedded-refusals.ts';
import type { Embedded } from '../../src/db/embedded/supervisor.ts';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Service } from '../../src/main.ts';
import { startService } from '../../src/main.ts';
import { accountHash } from '../../src/record/meeting.ts';
import { readServerKeys } from '../../src/server-keys.ts';
import { openBody } from '../ballot/voting-world.ts';
import type { TestCommunity } from '../support/service.ts';
import { copyProduct } from './product.ts';

const random = (size: number): Uint8Array => new Uint8Array(randomBytes(size));

/** Where processes find their deployment. */
export type Site = {
  readonly folder: string;
  readonly dataDir: string;
  /** The copy of the product that processes run. */
  readonly product: string;
  /** Of the cluster; another one than `dataDir` where root must move aside. */
  readonly clusterDir: string;
  readonly ports: readonly [number, number];
  /** What `owners-vote` is started with, without its port. */
  readonly env: Readonly<Record<string, string>>;
  readonly vkey: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Stops the service and the database of the founding, if they still run in this process. */
  endFounding: () => Promise<void>;
  /** Ends what a killed process left running, and removes the folder. */
  readonly remove: () => Promise<void>;
};

/** A site whose service still runs in this process, to convene meetings and to prepare casts. */
export type Founding = {
  readonly site: Site;
  readonly service: Service;
  readonly settled: TestCommunity;
  /** Opens a meeting that closes at an instant, in which letters may change their vote 99 times. */
  readonly open: (closesAt: number) => Promise<string>;
  /** Stops the service and the database; from now on the site belongs to child processes. */
  readonly end: () => Promise<void>;
};

async function embedded(dataDir: string): Promise<Embedded> {
  const started = await startEmbedded({ dataDir, log: () => undefined });
  if (!started.ok) throw new Error(embeddedSentence(started.refusal));
  return started.value;
}

async function makeSite(folder: string): Promise<{ site: Site; database: Embedded; config: Config }> {
  const first = await freePort();
  let second = await freePort();
  while (second === first) second = await freePort();
  const origin = `http://localhost:${first}`;
  const dataDir = join(folder, 'data');
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    ORIGIN: origin,
    DATA_DIR: dataDir,
    KEYS_DIR: join(folder, 'keys'),
    LOG_LEVEL: 'error',
  };
  const config = readConfig({ ...env, PORT: String(first) }, folder);
  if (!config.ok) throw new Error(`the configuration is refused: ${config.refusal.where}`);
  const product = await copyProduct(join(folder, 'product'));
  const database = await embedded(dataDir);
  const keys = readServerKeys(config.value.keysDir, random);
  if (!keys.ok) throw new Error(`the keys are refused: ${keys.refusal.code}`);
  const remove = async (): Promise<void> => {
    await site.endFounding();
    if (existsSync(join(database.folder, 'pg/postmaster.pid'))) await (await embedded(dataDir)).stop();
    rmSync(folder, { recursive: true, force: true });
    if (!database.folder.startsWith(folder)) rmSync(database.folder, { recursive: true, force: true });
  };
  const site: Site = {
    folder,
    dataDir,
    product,
    clusterDir: join(database.folder, 'pg'),
    ports: [first, second],
    env,
    vkey: logVkey({ origin: config.value.logOrigin, logSeed: keys.value.log.seed }),
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    endFounding: () => database.stop(),
    remove,
  };
  return { site, database, config: config.value };
}

/** The pid in postmaster.pid, which after a kill still names the dead one; undefined while there is none. */
export function postmasterPid({ clusterDir }: Site): number | undefined {
  try {
    const pid = Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** What the server wrote: one line an error, without the values of rows. */
export const serverLog = ({ clusterDir }: Site): string =>
  readFileSync(join(clusterDir, '..', 'pg.log'), 'utf8');

/** Founds a deployment with a demo root and a community of so many units. */
export async function foundSite(units: number): Promise<Founding> {
  const folder = mkdtempSync(join(tmpdir(), 'ov-crash-'));
  // The database's own user must be able to pass; what is secret below has stricter modes of its own.
  chmodSync(folder, 0o711);
  const { site, database, config } = await makeSite(folder);
  let service: Service | undefined;
  let isOver = false;
  site.endFounding = async () => {
    if (isOver) return;
    isOver = true;
    await service?.close();
    await database.stop();
  };
  try {
    const { ownerUrl, appUrl } = database;
    const migrated = await migrate({ ownerUrl, appUrl, now: Date.now() });
    if (!migrated.ok) throw new Error(`the database is refused: ${migrated.refusal.code}`);
    const keys = readServerKeys(config.keysDir, random);
    if (!keys.ok) throw new Error(`the keys are refused: ${keys.refusal.code}`);
    const root = rootKeyOf(random(32));
    const db = connect(appUrl);
    const deps = { db, clock: Date.now, random, rpId: config.rpId, origins: [config.origin] };
    await declareDemoRoot(deps, config.logOrigin, root);
    await db.destroy();
    const shared = { config, appUrl, keys: keys.value, clock: Date.now, random };
    const logger = pino({ level: 'error' });
    const started = await startService({ ...shared, beatMs: 100, realTime: true, logger });
    if (!started.ok) throw new Error(`the service does not start: ${started.refusal.code}`);
    service = started.value;
    const world: DemoWorld = {
      origin: config.origin,
      logVkey: site.vkey,
      clock: Date.now,
      random,
      beatNow: service.beatNow,
    };
    const generated = generateCommunity({ units, seed: 'crash' });
    const founded = await foundCommunity(world, service.deps, service.url, root, generated.name);
    const { community, officers } = founded;
    await importFile(world, officers, community, generated.csv);
    const codes = await issueDemoLetters(world, officers.registrar, community, generated.csv, random);
    const settled = { community, officers, codes, generated };
    return {
      site,
      service,
      settled,
      open: (closesAt) => openMeeting(world, settled, closesAt),
      end: site.endFounding,
    };
  } catch (error) {
    await site.remove();
    throw error;
  }
}

async function openMeeting(world: DemoWorld, settled: TestCommunity, closesAt: number): Promise<string> {
  const opensAt = Math.ceil(Date.now() / 1000) * 1000;
  const body = demoMeeting({
    profile: 'DEMO-CN-2021',
    publishedOn: civilDateAt(Date.now()),
    opensAt,
    closesAt: Math.ceil(closesAt / 1000) * 1000,
    capFen: roofCapFen(settled.generated),
    payeeAccount: accountHash(world.random(16), '44050178020800000321'),
  });
  const { meeting } = await openBody({ world }, settled, {
    ...body,
    parameters: { letterRevote: true, revoteLimit: 99 },
  });
  return present(meeting, 'an id');
}
