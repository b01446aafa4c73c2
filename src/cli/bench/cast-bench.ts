/**
 * `bench cast`: accepted casts a second beside the limit of the same run, what each costs in CPU, and how long an owner waits at half
 * that rate. Every run is checked against the database afterwards: what was acknowledged is there, once, and no more.
 */
import { checkLog } from '../../auditlog/checking.ts';
import { sequenceAll } from '../../auditlog/sequencing.ts';
import { assert, present } from '../../base/assert.ts';
import { openBenchClient } from '../../db/bench-rows.ts';
import { deploymentDeps } from '../../main.ts';
import { systemRandom } from '../opening.ts';
import type { Peer } from './channel.ts';
import { startProgram } from './channel.ts';
import type { BenchDeployment } from './deployment.ts';
import { openBench } from './deployment.ts';
import type { Figure } from './figures.ts';
import { against, alone, median } from './figures.ts';
import { growTables } from './growing.ts';
import type { LoadFigures, LoadOrder } from './load-program.ts';
import type { CastFile } from './prepared-casts.ts';
import { prepareCasts } from './prepared-casts.ts';
import type { Usage } from './usage.ts';
import { parentOf, serverCpuUs } from './usage.ts';

export type CastBenchOptions = {
  readonly casts: number;
  readonly rounds: number;
  readonly connections: number;
  readonly flushDelayMs: number;
  /** Also the cost of a cast with so many rows. */
  readonly growth: readonly number[];
  /** Also the memory of the service over so many casts; 0 is not. */
  readonly steady: number;
};

type Say = (line: string) => void;

/** The programs of a bench and what they run on. */
type Stage = {
  readonly place: BenchDeployment;
  readonly service: Peer;
  readonly load: Peer;
  readonly connections: number;
  readonly serverPid: number | undefined;
};

/** A run with what it cost. */
type Run = LoadFigures & {
  readonly rate: number;
  readonly serviceUs: number;
  readonly databaseUs: number | undefined;
};

/** The server of a connection: the process that started the one which serves it. */
async function serverOf(place: BenchDeployment): Promise<number | undefined> {
  const client = await openBenchClient(place.ownerUrl);
  const server = parentOf(await client.backendPid());
  await client.close();
  return server;
}

async function run(stage: Stage, target: Peer, order: Omit<LoadOrder, 'connections'>): Promise<Run> {
  const { load, connections, serverPid } = stage;
  const before = await target.ask<Usage>({ usage: true });
  const serverBefore = serverPid === undefined ? undefined : serverCpuUs(serverPid);
  const figures = await load.ask<LoadFigures>({ ...order, connections });
  const after = await target.ask<Usage>({ usage: true });
  const serverAfter = serverPid === undefined ? undefined : serverCpuUs(serverPid);
  const accepted = figures.statuses['201'] ?? 0;
  assert(
    accepted === order.count,
    `all ${order.count} casts are accepted: ${JSON.stringify(figures.statuses)}`,
  );
  return {
    ...figures,
    rate: accepted / figures.seconds,
    serviceUs: (after.cpuUs - before.cpuUs) / accepted,
    databaseUs:
      serverBefore === undefined || serverAfter === undefined
        ? undefined
        : (serverAfter - serverBefore) / accepted,
  };
}

/** What was acknowledged is in the tables and in the log, each once; throws where it is not. */
async function checkTruth(place: BenchDeployment, accepted: number): Promise<void> {
  const deps = await deploymentDeps({
    config: place.config,
    appUrl: place.appUrl,
    keys: place.keys,
    clock: Date.now,
    random: systemRandom,
  });
  try {
    const count = async (table: 'cast_statement' | 'log_entry'): Promise<number> => {
      const counting = deps.db.selectFrom(table).select((eb) => eb.fn.countAll<bigint>().as('count'));
      const row = await (table === 'log_entry'
        ? counting.where('kind', '=', 'cast.accepted')
        : counting
      ).executeTakeFirstOrThrow();
      return Number(row.count);
    };
    assert((await count('cast_statement')) === accepted, 'every acknowledged cast is there, and no other');
    assert((await count('log_entry')) === accepted, 'every cast has its entry in the log');
    // What was accepted in the service's last second had no beat any more.
    await sequenceAll(deps.log);
    const { findings, waiting } = await checkLog(deps.log);
    assert(findings.length === 0 && waiting === 0, 'the log agrees with itself');
  } finally {
    await deps.db.destroy();
  }
}

const WARM_UP = 500;

/** Rounds of limit and service in turn, then half the rate with a fixed beat. */
async function measure(
  stage: Stage,
  limit: Peer,
  urls: { readonly service: string; readonly limit: string },
  files: readonly CastFile[],
  { rounds, casts }: CastBenchOptions,
  say: Say,
): Promise<readonly Figure[]> {
  const { service } = stage;
  const [warm, ...rest] = files;
  const warmed = present(warm, 'a file to warm up with');
  const warmUp = { file: warmed, from: 0, count: Math.min(WARM_UP, warmed.casts), rate: 0 };
  await run(stage, limit, { ...warmUp, url: urls.limit });
  await run(stage, service, { ...warmUp, url: urls.service });
  const limits: Run[] = [];
  const services: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const file = present(rest[round], 'a file a round');
    const order = { file, from: 0, count: Math.min(casts, file.casts), rate: 0 };
    limits.push(await run(stage, limit, { ...order, url: urls.limit }));
    services.push(await run(stage, service, { ...order, url: urls.service }));
    say(
      `第 ${round + 1} 轮 round ${round + 1}: limit ${Math.round(limits.at(-1)?.rate ?? 0)}/s, service ${Math.round(services.at(-1)?.rate ?? 0)}/s`,
    );
  }
  const rate = median(services.map((each) => each.rate));
  const last = present(rest[rounds], 'a file for the waiting time');
  const half = await run(stage, service, {
    file: last,
    from: 0,
    count: last.casts,
    rate: rate / 2,
    url: urls.service,
  });
  const costs = services.flatMap(({ databaseUs }) => (databaseUs === undefined ? [] : [databaseUs]));
  return [
    against('cast.accepted', rate, 'casts/s', median(limits.map((each) => each.rate))),
    against(
      'cast.cpu',
      median(services.map((each) => each.serviceUs)),
      'µs/cast',
      median(limits.map((each) => each.serviceUs)),
    ),
    ...(costs.length === 0 ? [] : [alone('cast.cpu.database', median(costs), 'µs/cast')]),
    alone('cast.p50', half.p50Ms, 'ms at half the rate'),
    against('cast.p99', half.p99Ms, 'ms at half the rate', half.p50Ms),
  ];
}

async function withStage<T>(
  options: CastBenchOptions,
  meetings: number,
  casts: number,
  say: Say,
  work: (stage: Stage, files: readonly CastFile[], url: string) => Promise<T>,
): Promise<T> {
  const place = await openBench(options.flushDelayMs, say);
  const peers: Peer[] = [];
  const start = (name: 'voting' | 'load'): Peer => {
    const peer = startProgram(name);
    peers.push(peer);
    return peer;
  };
  try {
    const files = await prepareCasts(place, meetings, casts, say);
    const service = start('voting');
    const url = await service.ask<string>({
      start: { config: place.config, appUrl: place.appUrl, keysDir: place.keysDir },
    });
    const serverPid = await serverOf(place);
    return await work(
      { place, service, load: start('load'), connections: options.connections, serverPid },
      files,
      url,
    );
  } finally {
    for (const peer of peers.reverse()) await peer.close();
    await place.close();
  }
}

/** Rate, cost and waiting time beside the limit. */
async function benchRate(options: CastBenchOptions, say: Say): Promise<readonly Figure[]> {
  return withStage(options, options.rounds + 2, options.casts, say, async (stage, files, url) => {
    const { place } = stage;
    const limit = startProgram('limit');
    try {
      const start = { config: place.config, appUrl: place.appUrl, keysDir: place.keysDir };
      const limitUrl = await limit.ask<string>({ start, files: files.slice(0, options.rounds + 1) });
      const figures = await measure(stage, limit, { service: url, limit: limitUrl }, files, options, say);
      await stage.service.close();
      const [warm, ...rest] = files;
      const sent = Math.min(WARM_UP, warm?.casts ?? 0) + rest.reduce((sum, { casts }) => sum + casts, 0);
      await checkTruth(place, sent);
      return figures;
    } finally {
      await limit.close();
    }
  });
}

/** What a cast costs with more and more rows in the tables. */
async function benchGrowth(options: CastBenchOptions, say: Say): Promise<readonly Figure[]> {
  const { growth } = options;
  return withStage(options, growth.length + 1, options.casts, say, async (stage, files, url) => {
    const { place, service } = stage;
    const [warm, ...rest] = files;
    const warmed = present(warm, 'a file to warm up with');
    await run(stage, service, { file: warmed, from: 0, count: warmed.casts, rate: 0, url });
    const costs: number[] = [];
    const figures: Figure[] = [];
    for (const [at, rows] of growth.entries()) {
      const deps = await deploymentDeps({
        config: place.config,
        appUrl: place.appUrl,
        keys: place.keys,
        clock: Date.now,
        random: systemRandom,
      });
      await growTables(place, deps.log, warmed.meeting, { from: growth[at - 1] ?? 0, to: rows }, say);
      await deps.db.destroy();
      const file = present(rest[at], 'a file a size');
      const measured = await run(stage, service, { file, from: 0, count: file.casts, rate: 0, url });
      const cost = measured.serviceUs + (measured.databaseUs ?? 0);
      costs.push(cost);
      const name = `cast.cost.${rows}`;
      figures.push(
        at === 0
          ? alone(name, cost, 'µs/cast')
          : against(name, cost, 'µs/cast', present(costs[0], 'measured first')),
      );
    }
    return figures;
  });
}

const STEADY_UNITS = 12_000;
const MEBIBYTE = 1_048_576;

/** Memory of the service over many casts: after a tenth of them, and at the end. */
async function benchSteady(options: CastBenchOptions, say: Say): Promise<readonly Figure[]> {
  const each = Math.min(STEADY_UNITS, options.steady);
  const meetings = Math.ceil(options.steady / each);
  return withStage(options, meetings, each, say, async (stage, files, url) => {
    const { place, service } = stage;
    let sent = 0;
    let early: Usage | undefined;
    for (const file of files) {
      await run(stage, service, { file, from: 0, count: file.casts, rate: 0, url });
      sent += file.casts;
      if (sent >= options.steady / 10) early ??= await service.ask<Usage>({ usage: true });
      say(`已投 ${sent} casts`);
    }
    const end = await service.ask<Usage>({ usage: true });
    await service.close();
    await checkTruth(place, sent);
    const first = present(early, 'measured on the way');
    return [
      alone('cast.steady', sent, 'casts'),
      against('cast.memory', end.rssBytes / MEBIBYTE, 'MiB at the end', first.rssBytes / MEBIBYTE),
    ];
  });
}

/** All that was asked for. */
export async function benchCast(options: CastBenchOptions, say: Say): Promise<readonly Figure[]> {
  const rate = options.rounds > 0 ? await benchRate(options, say) : [];
  const growth = options.growth.length > 0 ? await benchGrowth(options, say) : [];
  const steady = options.steady > 0 ? await benchSteady(options, say) : [];
  return [...rate, ...growth, ...steady];
}
