// Goal: a service that is killed in the middle of casting, again and again, loses no acknowledged cast, doubles none and needs no
// hand (SPEC 6.5, 7.3). Method: kill -9 of the real process at moments drawn from a seed, and at times of its database with it;
// 64 clients keep what was acknowledged and send unknown outcomes again. OWNERS_VOTE_KILLS and OWNERS_VOTE_SEED set both.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { killCount, newSeed } from './chance.ts';
import type { Crowd, Cut } from './crowd.ts';
import { repeatAll, startCrowd } from './crowd.ts';
import { expectHits, expectWhole } from './ending.ts';
import { expectFaultsFound } from './losses.ts';
import type { Poll, PreparedCast } from './prepared-casts.ts';
import { pollOf, supplyFor } from './prepared-casts.ts';
import type { Serving } from './processes.ts';
import { endChildren, killDatabase, pause, ready, standby, until } from './processes.ts';
import { isSettled, watchCheckpoints } from './reckoning.ts';
import type { Site } from './site.ts';
import { foundSite } from './site.ts';

const KILLS = killCount();
const CLIENTS = 64;
/** Acknowledgements between a start and the kill; beyond them every client has one cast in hand. */
const [LEAST, SPREAD] = [8, 32] as const;
const { draw, seed } = newSeed('service');

let site: Site;
let db: Database;
let poll: Poll;
let chains: readonly (readonly PreparedCast[])[];
let crowd: Crowd;
let serving: Serving;
/** When everything acknowledged before lay under a checkpoint, and the longest time between two such moments. */
let settledAt = 0;
let longestGapMs = 0;

beforeAll(async () => {
  const founding = await foundSite(100);
  site = founding.site;
  db = connect(site.ownerUrl);
  const meeting = await founding.open(Date.now() + 86_400_000);
  poll = await pollOf(founding.service.deps, meeting);
  chains = await supplyFor(poll, founding.settled.codes, KILLS * (LEAST + SPREAD + CLIENTS + 8));
  await founding.end();
}, 240_000);
afterAll(async () => {
  await endChildren();
  await db?.destroy();
  await site?.remove();
}, 120_000);

/** Lets the log come up with the casts now and then, so that a slow machine does not stretch one promise over many kills. */
async function settle(patienceMs: number): Promise<void> {
  if (Date.now() - settledAt < patienceMs) return;
  await until('the log is settled', 120_000, () => isSettled(db));
  longestGapMs = Math.max(longestGapMs, Date.now() - settledAt);
  settledAt = Date.now();
}

/** Kills while casts are under way; every fifth time the database too, every fifth time the start of the next service. */
async function killOnce(round: number): Promise<() => Cut> {
  const [port] = site.ports;
  const next = standby(site, port);
  const early = round % 5 === 2 ? standby(site, port) : undefined;
  const wanted = LEAST + draw.below(SPREAD);
  const before = crowd.acknowledged.length;
  crowd.allow(wanted + CLIENTS);
  await crowd.reached(before + wanted);
  await pause(draw.below(15));
  const cut = crowd.cut();
  if (round % 5 === 4) killDatabase(site, 'every process');
  await serving.send('SIGKILL');
  crowd.hold();
  const last = crowd.acknowledged.slice(-32);
  if (early !== undefined) {
    const starting = await early.go();
    await pause(50 + draw.below(500));
    await starting.send('SIGKILL');
  }
  serving = await ready(await next.go());
  expect(await repeatAll(port, last), `seed ${seed}, round ${round}`).toEqual({
    'the same acknowledgement': last.length,
  });
  await settle(10_000);
  return cut;
}

it(`a service killed ${KILLS} times in the middle of casting keeps every acknowledged cast, once`, {
  timeout: 240_000 + KILLS * 30_000,
}, async () => {
  const [port] = site.ports;
  serving = await ready(await standby(site, port).go());
  const checkpoints = watchCheckpoints(() => [serving.url]);
  settledAt = Date.now();
  crowd = startCrowd({ chains, clients: CLIENTS, draw, ports: () => [port] });
  const cuts: (() => Cut)[] = [];
  for (let round = 0; round < KILLS; round += 1) cuts.push(await killOnce(round));
  await crowd.stop();
  await settle(0);
  const hits = cuts.map((cut) => cut());
  // Promises are for 60 s; only where nothing could serve for most of that, some may be broken, and each is counted.
  const mayBreakPromises = longestGapMs > 55_000;
  const run = { name: 'service', seed, draw, site, poll, db, crowd, cuts: hits, ports: [port], checkpoints };
  await expectWhole({ ...run, mayBreakPromises });
  expectHits(hits, seed, 0.75);
  const names = Object.keys(crowd.replies()).filter(
    (name) => !/^(accepted|repeated|no answer|503 .*)$/.test(name),
  );
  expect(names).toEqual([]);
});

it('would have been found wanting for one cast lost, doubled, changed or promised too late', {
  timeout: 120_000,
}, async () => {
  await expectFaultsFound(db, poll, crowd.acknowledged);
});

it('ends in good order at last', { timeout: 60_000 }, async () => {
  expect(await serving.send('SIGTERM')).toEqual({ code: 0, signal: null });
});
