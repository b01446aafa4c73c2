/** Where a bench runs: a folder of its own, keys, a database with fsync on, a demo root; nothing of it is left behind. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { connect } from '../../db/connect.ts';
import { startEmbedded } from '../../db/embedded/supervisor.ts';
import { migrate } from '../../db/migrate.ts';
import type { ServerKeys } from '../../server-keys.ts';
import { readServerKeys } from '../../server-keys.ts';
import { EX_UNAVAILABLE } from '../command-output.ts';
import type { RootKey } from '../demo/founding.ts';
import { declareDemoRoot, rootKeyOf } from '../demo/founding.ts';
import { freePort } from '../free-port.ts';
import { CommandEnd, systemRandom } from '../opening.ts';

/** What the programs of a bench share; it goes over the channel as JSON. */
export type BenchPlace = {
  readonly config: Config;
  readonly appUrl: string;
  readonly keysDir: string;
};

export type BenchDeployment = BenchPlace & {
  readonly folder: string;
  readonly ownerUrl: string;
  readonly keys: ServerKeys;
  readonly root: RootKey;
  readonly close: () => Promise<void>;
};

/** A fresh deployment on an embedded database; each flush of its disk takes `flushDelayMs` longer. */
export async function openBench(flushDelayMs: number, say: (line: string) => void): Promise<BenchDeployment> {
  const folder = await mkdtemp(join(tmpdir(), 'owners-vote-bench-'));
  await chmod(folder, 0o711);
  // The server sleeps before each flush of its log, however few are waiting: a slow disk without any shim.
  const slow = { commit_delay: String(flushDelayMs * 1000), commit_siblings: '0' };
  const settings = { max_connections: '60', ...(flushDelayMs === 0 ? {} : slow) };
  const started = await startEmbedded({ dataDir: join(folder, 'data'), log: say, settings });
  if (!started.ok) {
    await rm(folder, { recursive: true, force: true });
    throw new CommandEnd(
      `数据库无法启动 The database does not start: ${started.refusal.code}`,
      EX_UNAVAILABLE,
    );
  }
  const { ownerUrl, appUrl, stop } = started.value;
  const close = async (): Promise<void> => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  };
  const migrated = await migrate({ ownerUrl, appUrl, now: Date.now() });
  const keysDir = join(folder, 'keys');
  const keys = readServerKeys(keysDir, systemRandom);
  if (!migrated.ok || !keys.ok) {
    await close();
    throw new CommandEnd('数据库或密钥无法建立 Database or keys cannot be made', EX_UNAVAILABLE);
  }
  const port = await freePort();
  const config: Config = {
    host: '127.0.0.1',
    port,
    metricsPort: 0,
    origin: `http://localhost:${port}`,
    rpId: 'localhost',
    logOrigin: `localhost:${port}/log`,
    database: undefined,
    dataDir: join(folder, 'data'),
    keysDir,
    production: false,
    witnesses: [],
    quorum: 0,
  };
  const root = rootKeyOf(systemRandom(32));
  const db = connect(appUrl);
  const founder = { db, clock: Date.now, random: systemRandom, rpId: config.rpId, origins: [config.origin] };
  await declareDemoRoot(founder, config.logOrigin, root);
  await db.destroy();
  return { config, appUrl, ownerUrl, keysDir, folder, keys: keys.value, root, close };
}
