/** What commands open: configuration, database, keys; every expected obstacle ends with one sentence and its exit code. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LogDeps } from '../auditlog/log-deps.ts';
import { sameBytes } from '../base/bytes.ts';
import type { Random } from '../base/clock.ts';
import type { Config } from '../config.ts';
import { readConfig } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { connect } from '../db/connect.ts';
import { embeddedSentence, mayPass } from '../db/embedded/embedded-refusals.ts';
import { startEmbedded } from '../db/embedded/supervisor.ts';
import { describeEngine, recordedSchema } from '../db/engine.ts';
import { migrate, migrateSentence, readSchema, schemaHash } from '../db/migrate.ts';
import type { ResealingDeps } from '../jobs/resealing.ts';
import type { ServerKeys } from '../server-keys.ts';
import { keyFileSentence, readServerKeys } from '../server-keys.ts';
import { EX_CONFIG, EX_UNAVAILABLE } from './command-output.ts';

/** Ends a command with a sentence for people and an exit code; never a stack trace. */
export class CommandEnd extends Error {
  readonly exitCode: number;
  constructor(sentence: string, exitCode: number) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Random bytes of the system. */
export const systemRandom: Random = (size) => new Uint8Array(randomBytes(size));

/** The configuration of the environment. */
export function openConfig(): Config {
  const config = readConfig(process.env, process.cwd());
  if (!config.ok) throw new CommandEnd(`配置有误 Wrong configuration: ${config.refusal.where}`, EX_CONFIG);
  return config.value;
}

/** The server's keys, made where they are missing. */
export function openKeys(config: Config): ServerKeys {
  const keys = readServerKeys(config.keysDir, systemRandom);
  if (!keys.ok) throw new CommandEnd(keyFileSentence(keys.refusal), EX_CONFIG);
  return keys.value;
}

export type OpenedDatabase = {
  readonly appUrl: string;
  readonly stop: () => Promise<void>;
  /** Why the embedded database does not answer, empty while it runs; a server of the operator's own is not ours to judge. */
  readonly trouble: () => string;
  /** Settles with a sentence when the embedded database ended again and again and is given up. */
  readonly failed: Promise<string>;
};

/** Of a server that somebody else keeps running. */
const NOT_OURS = {
  stop: async () => undefined,
  trouble: () => '',
  failed: new Promise<string>(() => undefined),
};

/** Conditions that pass by themselves or by starting something, as against a wrong set-up. */
const UNAVAILABLE: readonly string[] = ['DATABASE_UNREACHABLE'];

const exitOf = (code: string): number => (UNAVAILABLE.includes(code) ? EX_UNAVAILABLE : EX_CONFIG);

/** The configured database with its schema, or the embedded one. */
export async function openDatabase(config: Config, say: (line: string) => void): Promise<OpenedDatabase> {
  if (config.database !== undefined) {
    const { appUrl, ownerUrl } = config.database;
    if (ownerUrl !== undefined) await applySchema(ownerUrl, appUrl);
    await checkSchema(appUrl);
    return { appUrl, ...NOT_OURS };
  }
  const started = await startEmbedded({ dataDir: config.dataDir, log: say });
  if (!started.ok) {
    const exitCode = mayPass(started.refusal.code) ? EX_UNAVAILABLE : EX_CONFIG;
    throw new CommandEnd(embeddedSentence(started.refusal), exitCode);
  }
  const { ownerUrl, appUrl, stop, state } = started.value;
  const failed = started.value.failed.then(embeddedSentence);
  try {
    await applySchema(ownerUrl, appUrl);
    return { appUrl, stop, failed, trouble: () => state().reason };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The application login alone must find a database of this very schema. */
async function checkSchema(appUrl: string): Promise<void> {
  const db = connect(appUrl);
  try {
    const found = await recordedSchema(db).catch(() => {
      const address = URL.canParse(appUrl) ? new URL(appUrl).host : '';
      throw new CommandEnd(migrateSentence({ code: 'DATABASE_UNREACHABLE', where: address }), EX_UNAVAILABLE);
    });
    if (found !== undefined && sameBytes(found, schemaHash(readSchema()))) return;
    const code = found === undefined ? 'DATABASE_NOT_MIGRATED' : 'SCHEMA_DIFFERS';
    throw new CommandEnd(
      code === 'SCHEMA_DIFFERS'
        ? migrateSentence({ code })
        : '数据库还没有结构 The database has no schema yet: set DATABASE_OWNER_URL and run owners-vote migrate.',
      EX_CONFIG,
    );
  } finally {
    await db.destroy();
  }
}

/** In production a commit must outlast a power failure: an acknowledged vote that is lost is worse than no service. */
export async function requireDurable(config: Config, appUrl: string): Promise<void> {
  if (!config.production) return;
  const db = connect(appUrl);
  try {
    const { unsafe } = await describeEngine(db);
    if (unsafe.length === 0) return;
    throw new CommandEnd(
      `数据库可能丢失已提交的表决 The database can lose committed votes: ${unsafe.join(', ')}; production needs these settings on.`,
      EX_CONFIG,
    );
  } finally {
    await db.destroy();
  }
}

/** Applies schema.sql to an empty database, and refuses one of another version. */
export async function applySchema(ownerUrl: string, appUrl: string): Promise<'applied' | 'unchanged'> {
  const migrated = await migrate({ ownerUrl, appUrl, now: Date.now() });
  if (!migrated.ok) throw new CommandEnd(migrateSentence(migrated.refusal), exitOf(migrated.refusal.code));
  return migrated.value;
}

/** The log's key alone. */
export async function readLogKey(): Promise<Pick<LogDeps, 'origin' | 'logSeed'>> {
  const config = openConfig();
  return { origin: config.logOrigin, logSeed: openKeys(config).log.seed };
}

/** The log with its database. */
export async function openLogDeps(): Promise<LogDeps & { close(): Promise<void> }> {
  const config = openConfig();
  const keys = openKeys(config);
  const { appUrl, stop } = await openDatabase(config, (line) => process.stderr.write(`${line}\n`));
  const db = connect(appUrl);
  const close = async (): Promise<void> => {
    await db.destroy();
    await stop();
  };
  return {
    db,
    clock: Date.now,
    origin: config.logOrigin,
    logSeed: keys.log.seed,
    guardPath: join(config.keysDir, 'log-guard.json'),
    witnesses: config.witnesses,
    quorum: config.quorum,
    close,
  };
}

/** The database, for commands that need nothing else. */
export async function openDatabaseOnly(): Promise<{ readonly db: Database; close(): Promise<void> }> {
  const { db, close } = await openLogDeps();
  return { db, close };
}

/** The database with the keys that personal data is sealed by. */
export async function openSealed(): Promise<ResealingDeps & { close(): Promise<void> }> {
  const { atRest } = openKeys(openConfig());
  return { ...(await openDatabaseOnly()), atRest, random: systemRandom };
}
