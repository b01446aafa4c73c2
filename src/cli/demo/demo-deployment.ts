/** A whole service in this process with a clock of its own: no server lets a client move time, so the demo owns the server. */

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { logVkey } from '../../auditlog/publishing.ts';
import type { Clock, Random } from '../../base/clock.ts';
import type { Config } from '../../config.ts';
import { connect } from '../../db/connect.ts';
import { startEmbedded } from '../../db/embedded/supervisor.ts';
import { migrate } from '../../db/migrate.ts';
import type { Service } from '../../main.ts';
import { startService } from '../../main.ts';
import { readServerKeys } from '../../server-keys.ts';
import { freePort } from '../free-port.ts';
import { startWitness } from '../log-witness.ts';
import type { RootKey } from './founding.ts';
import { declareDemoRoot, rootKeyOf } from './founding.ts';
import type { DemoWorld } from './officer.ts';

export type DemoClock = Clock & { readonly moveTo: (at: number) => void };

/** A clock that runs with the world's and can be moved forward. */
export function demoClock(startAt: number, worldClock: Clock): DemoClock {
  const origin = worldClock();
  let ahead = startAt - origin;
  const clock = () => worldClock() + ahead;
  return Object.assign(clock, {
    moveTo: (at: number) => {
      if (at > clock()) ahead += at - clock();
    },
  });
}

export type DemoService = {
  readonly service: Service;
  readonly world: DemoWorld;
  readonly clock: DemoClock;
  readonly root: RootKey;
  readonly close: () => Promise<void>;
};

const WITNESSES = ['监管部门', '街道办事处', '业主代表'];

export type DemoServiceOptions = {
  readonly clock: DemoClock;
  readonly random: Random;
  readonly say: (line: string) => void;
  /** Owner and application addresses of an empty database; without them an embedded one in a temporary folder. */
  readonly database?: {
    readonly ownerUrl: string;
    readonly appUrl: string;
    /** Why it is away, for `/readyz`. */
    readonly trouble?: () => string;
  };
  readonly beatMs?: number;
  /** Puts key files into the folder before the others are made. */
  readonly prepareKeys?: (keysDir: string) => void;
  /** The clock is the world's and must agree with the database's. */
  readonly realTime?: boolean;
  /** Where it hands e-mail in; nowhere where it is left out. */
  readonly mail?: Config['mail'];
  /** Where the service writes its lines, if not to its output. */
  readonly logger?: Logger;
};

async function openDatabase({ database, say }: DemoServiceOptions, folder: string) {
  if (database !== undefined) return { ...database, stop: async () => undefined };
  const started = await startEmbedded({ dataDir: join(folder, 'data'), log: say });
  if (!started.ok) throw new Error(`the embedded database does not start: ${started.refusal.code}`);
  return started.value;
}

/** Starts everything; `close` takes it down again and removes what it left. */
export async function startDemoService(options: DemoServiceOptions): Promise<DemoService> {
  const { clock, random } = options;
  const folder = await mkdtemp(join(tmpdir(), 'owners-vote-demo-'));
  // The database's own user must be able to pass; what is secret below has stricter modes of its own.
  await chmod(folder, 0o711);
  const database = await openDatabase(options, folder);
  const migrated = await migrate({ ownerUrl: database.ownerUrl, appUrl: database.appUrl, now: clock() });
  if (!migrated.ok) throw new Error(`the database is refused: ${migrated.refusal.code}`);
  const keysDir = join(folder, 'keys');
  options.prepareKeys?.(keysDir);
  const keys = readServerKeys(keysDir, random);
  if (!keys.ok) throw new Error(`the keys are refused: ${keys.refusal.code}`);
  const port = await freePort();
  const logOrigin = `localhost:${port}/log`;
  const vkey = logVkey({ origin: logOrigin, logSeed: keys.value.log.seed });
  const witnesses = await Promise.all(
    WITNESSES.map(async (_, at) => {
      const name = `localhost/witness-${at + 1}`;
      return { name, ...(await startWitness({ name, seed: random(32), logVkey: vkey, clock })) };
    }),
  );
  const config: Config = {
    host: '127.0.0.1',
    port,
    metricsPort: 0,
    origin: `http://localhost:${port}`,
    rpId: 'localhost',
    logOrigin,
    database: undefined,
    dataDir: join(folder, 'data'),
    keysDir,
    production: false,
    witnesses,
    quorum: 2,
    ...(options.mail === undefined ? {} : { mail: options.mail }),
  };
  const root = rootKeyOf(random(32));
  const founding = connect(database.appUrl);
  const origins = [config.origin];
  await declareDemoRoot({ db: founding, clock, random, rpId: config.rpId, origins }, logOrigin, root);
  await founding.destroy();
  const started = await startService({
    config,
    appUrl: database.appUrl,
    keys: keys.value,
    clock,
    random,
    beatMs: options.beatMs ?? 500,
    realTime: options.realTime ?? false,
    ...(options.logger === undefined ? {} : { logger: options.logger }),
    ...(options.database?.trouble === undefined ? {} : { databaseTrouble: options.database.trouble }),
  });
  if (!started.ok) throw new Error(`the service does not start: ${started.refusal.code}`);
  const service = started.value;
  const world = { origin: config.origin, logVkey: vkey, clock, random, beatNow: service.beatNow };
  const close = async (): Promise<void> => {
    await service.close();
    for (const witness of witnesses) await witness.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { service, world, clock, root, close };
}
