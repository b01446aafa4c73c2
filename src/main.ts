/** Wires configuration, keys, database, jobs, HTTP and clocks together; nothing else wires (DESIGN §4). */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Calendar } from './assembly/domain/calendar.ts';
import { NO_CALENDAR } from './assembly/domain/calendar.ts';
import { mandateTerms } from './assembly/mandate-terms.ts';
import { publishAssets } from './auditlog/asset-publishing.ts';
import { logSize } from './auditlog/entries.ts';
import { logVkey } from './auditlog/publishing.ts';
import type { BallotDeps } from './ballot/ballot-deps.ts';
import { castQueues } from './ballot/cast-queues.ts';
import { timelinessNow } from './ballot/reminding.ts';
import { lowerWatermark, raiseWatermark } from './ballot/watermarks.ts';
import { toBase64Url } from './base/bytes.ts';
import type { Clock, Random } from './base/clock.ts';
import { newId } from './base/clock.ts';
import type { Refusal, Result } from './base/result.ts';
import { ok, refuse } from './base/result.ts';
import type { Config } from './config.ts';
import { identitySalt } from './crypto/at-rest.ts';
import { connect } from './db/connect.ts';
import { describeEngine } from './db/engine.ts';
import { deadJobs } from './db/jobs.ts';
import { createApp } from './http/app.ts';
import type { Readiness } from './http/health.ts';
import { loggable } from './http/last-resort.ts';
import { createMetricsServer } from './http/metrics.ts';
import { createHttpServer } from './http/server.ts';
import type { BeatTrouble } from './jobs/beat-trouble.ts';
import { beatTroubleOf, castTrouble } from './jobs/beat-trouble.ts';
import type { BeatLog } from './jobs/clockwork.ts';
import { beat, LogRefusesError } from './jobs/clockwork.ts';
import { explainEntry } from './jobs/explaining.ts';
import type { Messenger } from './jobs/messenger.ts';
import { MESSENGER_PAUSE_MS, noticeSettings, startMessenger } from './jobs/messenger.ts';
import { indexGenerations } from './jobs/reindexing.ts';
import { generationsIn } from './jobs/resealing.ts';
import { sideJobs } from './jobs/side-jobs.ts';
import { outboxGauges } from './notice/delivering.ts';
import type { MailServer } from './notice/mailing.ts';
import { declaredRoots } from './officers/root.ts';
import { packageRoot } from './package-root.ts';
import { fileChecks } from './registry/check-workers.ts';
import type { ServerKeys } from './server-keys.ts';
import { readMailServer } from './server-keys.ts';
import { publishedAssets } from './site/assets.ts';

export type ServiceOptions = {
  readonly config: Config;
  readonly appUrl: string;
  readonly keys: ServerKeys;
  readonly clock: Clock;
  readonly random: Random;
  /** Time between beats; 1 s in production. */
  readonly beatMs: number;
  /** Whether the clock is the world's, so that it must agree with the database's. */
  readonly realTime: boolean;
  /** Holidays and maintenance windows; none are known where it is left out. */
  readonly calendar?: Calendar;
  readonly logger?: Logger;
  /** Why the embedded database does not answer, for `/readyz`; empty while it runs. */
  readonly databaseTrouble?: () => string;
};

/** A running service. */
export type Service = {
  readonly url: string;
  readonly deps: BallotDeps;
  /** Runs one beat now and waits for it; for the demo and for tests. */
  readonly beatNow: () => Promise<void>;
  /** Announces what the log says and sends what is due, and waits for it; the service does so by itself beside the beat. */
  readonly announceNow: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Settles when the service had to stop by itself. */
  readonly failed: Promise<Error>;
};

export type ServiceRefusal = Refusal<
  | 'PORT_TAKEN'
  | 'PORT_DENIED'
  | 'DATABASE_UNREACHABLE'
  | 'CLOCK_SKEW'
  | 'ROOT_DIFFERS'
  | 'SEAL_KEY_MISSING'
  | 'INDEX_KEY_MISSING'
  | 'WEBHOOK_KEY_MISSING'
  | 'MAIL_FILE_UNREADABLE'
>;

/** Requests under way may end for this long after a signal. */
const DRAIN_MS = 10_000;

/** A cast counts by our clock, so it may not differ from the database's by more (SPEC 6.5). */
const MAX_SKEW_MS = 500;

/** Everything that the shells are given; the caller closes `db`. */
export async function deploymentDeps({
  config,
  appUrl,
  keys,
  clock,
  random,
  realTime = false,
  logger,
  calendar = NO_CALENDAR,
}: Pick<ServiceOptions, 'config' | 'appUrl' | 'keys' | 'clock' | 'random'> &
  Partial<Pick<ServiceOptions, 'realTime' | 'logger' | 'calendar'>>): Promise<BallotDeps> {
  const db = connect(appUrl);
  const log = {
    db,
    clock,
    random,
    origin: config.logOrigin,
    logSeed: keys.log.seed,
    guardPath: join(config.keysDir, 'log-guard.json'),
    witnesses: config.witnesses,
    quorum: config.quorum,
  };
  const publicKey = (name: 'ballot' | 'ack' | 'certificate'): string => toBase64Url(keys[name].publicKey);
  const origins = [config.origin];
  const deployment = {
    origin: config.logOrigin,
    rpId: config.rpId,
    origins,
    logVkey: logVkey(log),
    witnesses: config.witnesses.map(({ vkey }) => vkey),
    quorum: config.quorum,
    demoRoot: (await declaredRoots(db))?.demo === 'demo',
  };
  return {
    db,
    clock,
    random,
    rpId: config.rpId,
    origins,
    atRest: keys.atRest,
    providerClients: keys.providerClients ?? [],
    fileChecks: fileChecks(),
    identitySalt: (docKind, number) => identitySalt(keys.identity, docKind, number),
    deployment,
    calendar,
    mandateTerms,
    publicKeys: { ballot: publicKey('ballot'), ack: publicKey('ack'), certificate: publicKey('certificate') },
    log,
    keys,
    casts: castQueues(
      {
        db,
        clock,
        maxSkewMs: realTime ? MAX_SKEW_MS : undefined,
        onBroken: (error) => logger?.error({ err: loggable(error) }, 'a cast could not be entered'),
      },
      newId(random),
    ),
  };
}

async function readiness(
  deps: BallotDeps,
  options: ServiceOptions,
  stopping: () => string,
  trouble: () => BeatTrouble | undefined,
): Promise<Readiness> {
  try {
    const { version, fsync, unsafe, nowMs } = await describeEngine(deps.db);
    const skew = options.realTime ? Math.abs(nowMs - deps.clock()) : 0;
    const reason =
      stopping() !== ''
        ? stopping()
        : skew > MAX_SKEW_MS
          ? 'clock differs from the database'
          : options.config.production && unsafe.length > 0
            ? `the database can lose commits: ${unsafe.join(', ')}`
            : (trouble()?.reason ?? '');
    return {
      ready: reason === '' || (reason === trouble()?.reason && !trouble()?.stopsCasts),
      engine: `PostgreSQL ${version}`,
      fsync,
      logSize: await logSize(deps.db),
      reason,
    };
  } catch {
    return {
      ready: false,
      engine: 'PostgreSQL',
      fsync: 'unknown',
      logSize: -1,
      reason: options.databaseTrouble?.() || 'the database does not answer',
    };
  }
}

/**
 * What this configuration says otherwise than the declared roots; signatures over it would fail every check later (SPEC 2.1).
 * A demo may move to another port.
 */
async function foreignDeployment({ db }: BallotDeps, config: Config): Promise<string | undefined> {
  const roots = await declaredRoots(db);
  if (roots === undefined || roots.demo === 'demo') return undefined;
  if (roots.origin !== config.logOrigin) return `${config.logOrigin} / ${roots.origin}`;
  if (roots.rpId !== config.rpId) return `${config.rpId} / ${roots.rpId}`;
  return roots.origins.includes(config.origin) ? undefined : `${config.origin} / ${roots.origins.join(', ')}`;
}

/** Why this configuration and these keys do not fit the database; undefined where they do. */
async function strangeData(
  deps: BallotDeps,
  config: Config,
): Promise<Extract<Result<never, ServiceRefusal>, { ok: false }> | undefined> {
  const foreign = await foreignDeployment(deps, config);
  if (foreign !== undefined) return refuse('ROOT_DIFFERS', foreign);
  const { unknown, unknownIn } = await generationsIn(deps);
  if (unknown > 0) return refuse('SEAL_KEY_MISSING', `${unknownIn}: ${unknown}`);
  const indexes = await indexGenerations(deps);
  if (indexes.unknown > 0) return refuse('INDEX_KEY_MISSING', `${indexes.unknownIn}: ${indexes.unknown}`);
  return undefined;
}

function reporter(logger: Logger): BeatLog {
  return (level, what, facts) => logger[level](facts, what);
}

/** Beats until told to stop; a log that must not be signed ends the service. */
function startBeating(
  deps: BallotDeps,
  options: ServiceOptions,
  logger: Logger,
  fail: (error: Error) => void,
  tell: (trouble: BeatTrouble | undefined) => void,
) {
  let publishedAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();
  const log = reporter(logger);
  const side = sideJobs(deps, log);
  const oneBeat = async (): Promise<void> => {
    try {
      publishedAt = await beat(deps, log, publishedAt);
      tell(undefined);
      // After the guard: a database that was put back gets no work done.
      side.start();
    } catch (error) {
      tell(beatTroubleOf(error));
      throw error;
    }
  };
  /** One at a time, in order. */
  const nextBeat = (): Promise<void> => {
    const next = running.then(oneBeat);
    running = next.catch(() => undefined);
    return next;
  };
  /** A beat and what it leads to: a count that it made due, and the beat that gives its entry an index. */
  const beatNow = async (): Promise<void> => {
    await nextBeat();
    if ((await side.counted()) > 0) await nextBeat();
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        await nextBeat();
      } catch (error) {
        if (error instanceof LogRefusesError) return fail(error);
        log('error', 'beat failed', { reason: error instanceof Error ? error.message : String(error) });
      }
      await new Promise<void>((resolve) => {
        const pause = setTimeout(resolve, stopped ? 0 : options.beatMs);
        wake = () => {
          clearTimeout(pause);
          resolve();
        };
      });
    }
  };
  const looping = loop();
  const stop = async (): Promise<void> => {
    stopped = true;
    wake();
    await looping;
    await running;
    await side.stop();
  };
  return { beatNow, stop };
}

async function listen(server: Server, host: string, port: number): Promise<Result<string, ServiceRefusal>> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(code === 'EADDRINUSE' ? 'PORT_TAKEN' : 'PORT_DENIED', `${host}:${port}`);
  }
  return ok(`http://${host}:${(server.address() as AddressInfo).port}`);
}

function messengerOf(
  deps: BallotDeps,
  { config, keys, beatMs }: ServiceOptions,
  mailServer: MailServer | undefined,
  logger: Logger,
): Messenger {
  const notice = noticeSettings({ ...config, secrets: keys.webhook, mailServer });
  const announcing = { ...deps, explain: explainEntry, timeliness: timelinessNow, notice };
  return startMessenger(announcing, reporter(logger), Math.max(beatMs, MESSENGER_PAUSE_MS));
}

/** Starts the service on a database that has its schema; every expected obstacle is a refusal. */
export async function startService(options: ServiceOptions): Promise<Result<Service, ServiceRefusal>> {
  const logger = options.logger ?? pino({ level: 'warn' });
  if ((options.config.notice?.webhookUrl ?? '') !== '' && options.keys.webhook === undefined)
    return refuse('WEBHOOK_KEY_MISSING', join(options.config.keysDir, 'webhook.key'));
  const mailServer = readMailServer(options.config.mail);
  if (!mailServer.ok) return mailServer;
  const deps = await deploymentDeps({ ...options, logger });
  let stopping = '';
  let trouble: BeatTrouble | undefined;
  const troubled = (): BeatTrouble | undefined => castTrouble(deps.casts.outage()) ?? trouble;
  const health = { check: () => readiness(deps, options, () => stopping, troubled) };
  const first = await health.check();
  if (!first.ready) {
    await deps.db.destroy();
    return refuse(first.logSize < 0 ? 'DATABASE_UNREACHABLE' : 'CLOCK_SKEW');
  }
  const strange = await strangeData(deps, options.config);
  if (strange !== undefined) {
    await deps.db.destroy();
    return strange;
  }
  const assetsDir = join(packageRoot(), 'dist', 'web');
  const app = createApp({
    ballot: deps,
    assetsDir,
    offersEmail: mailServer.value !== undefined,
    health,
    logger,
  });
  const server = createHttpServer(app);
  // Before the first cast can come in: a close waits only for processes that it knows.
  await raiseWatermark(deps);
  const { host, port, metricsPort } = options.config;
  const metrics = createMetricsServer(async () => ({
    jobs_dead: await deadJobs(deps.db),
    ...(await outboxGauges(deps.db)),
  }));
  const asked = metricsPort === 0 ? ok('') : await listen(metrics, '127.0.0.1', metricsPort);
  const url = asked.ok ? await listen(server, host, port) : asked;
  if (!url.ok) {
    metrics.close();
    await deps.db.destroy();
    return url;
  }
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  await publishAssets(deps, publishedAssets(assetsDir, deps.deployment));
  const { beatNow, stop } = startBeating(deps, options, logger, fail, (told) => {
    trouble = told;
  });
  const messenger = messengerOf(deps, options, mailServer.value, logger);
  const close = async (): Promise<void> => {
    stopping = 'stopping';
    const drained = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    metrics.close();
    const hurry = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await drained;
    clearTimeout(hurry);
    await deps.fileChecks.close();
    // A client that was cut off may still have a cast in a queue.
    await deps.casts.settled();
    await messenger.stop();
    await stop();
    await lowerWatermark(deps).catch(() => undefined);
    await deps.db.destroy();
  };
  return ok({ url: url.value, deps, beatNow, announceNow: messenger.roundNow, close, failed });
}
