// Goal: a database that is killed under a running service comes back by itself, and nothing acknowledged is lost, doubled or
// contradicted (SPEC 6.5, 7.3). Method: kill -9 of every PostgreSQL process or of the postmaster alone, at moments drawn from a seed,
// half of them soon after it came back; the service process stays the same one from the first cast to the last.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { killCount, newSeed } from './chance.ts';
import type { Crowd, Cut } from './crowd.ts';
import { repeatAll, startCrowd } from './crowd.ts';
import { expectHits, expectWhole } from './ending.ts';
import type { Poll, PreparedCast } from './prepared-casts.ts';
import { pollOf, supplyFor } from './prepared-casts.ts';
import type { Serving } from './processes.ts';
import { endChildren, killDatabase, pause, serve, until } from './processes.ts';
import { watchCheckpoints } from './reckoning.ts';
import type { Site } from './site.ts';
import { foundSite, postmasterPid } from './site.ts';

const KILLS = killCount();
const CLIENTS = 64;
/** Acknowledgements before a kill; beyond them every client has one cast in hand. */
const [LEAST, SPREAD] = [8, 32] as const;
/** The supervisor takes eight lives in a row that were shorter than 2 s for a server that cannot run. */
const LIFE_MS = 2_100;
const { draw, seed } = newSeed('database');

let site: Site;
let db: Database;
let poll: Poll;
let chains: readonly (readonly PreparedCast[])[];

beforeAll(async () => {
  const founding = await foundSite(100);
  site = founding.site;
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

/** Kills the database while casts are under way, and waits until the service acknowledges casts again, by itself. */
async function killOnce(serving: Serving, crowd: Crowd, round: number): Promise<() => Cut> {
  const where = `seed ${seed}, round ${round}`;
  const [isWhole, isLong] = [round % 2 === 0, round % 4 === 0 || round % 4 === 3];
  if (isLong) await pause(LIFE_MS);
  const wanted = LEAST + draw.below(SPREAD);
  const before = crowd.acknowledged.length;
  crowd.allow(wanted + CLIENTS);
  await crowd.reached(before + wanted);
  await pause(draw.below(15));
  const former = postmasterPid(site);
  const cut = crowd.cut();
  const killed = killDatabase(site, isWhole ? 'every process' : 'the postmaster');
  expect(killed > 1).toBe(isWhole);
  crowd.hold();
  const last = crowd.acknowledged.slice(-32);
  const isAnother = (pid: number | undefined): boolean => pid !== undefined && pid !== former;
  await until(`another postmaster, ${where}`, 120_000, () => isAnother(postmasterPid(site)));
  const atKill = crowd.acknowledged.length;
  crowd.allow(8);
  await crowd.reached(atKill + 1);
  crowd.hold();
  expect(serving.hasEnded(), `${where}: ${serving.said()}`).toBe(false);
  expect(await repeatAll(serving.port, last), where).toEqual({ 'the same acknowledgement': last.length });
  return cut;
}

it(`a database killed ${KILLS} times under casting comes back by itself, and every acknowledged cast is there, once`, {
  timeout: 240_000 + KILLS * 30_000,
}, async () => {
  const [port] = site.ports;
  const serving = await serve(site, port);
  const checkpoints = watchCheckpoints(() => [serving.url]);
  const crowd = startCrowd({ chains, clients: CLIENTS, draw, ports: () => [port] });
  const cuts: (() => Cut)[] = [];
  for (let round = 0; round < KILLS; round += 1) cuts.push(await killOnce(serving, crowd, round));
  await crowd.stop();
  const hits = cuts.map((cut) => cut());
  db = connect(site.ownerUrl);
  const run = { name: 'database', seed, draw, site, poll, db, crowd, cuts: hits, ports: [port], checkpoints };
  await expectWhole(run);
  // On a quick machine the database is back before the service gives a cast up.
  expectHits(hits, seed, 0.4);
  const names = Object.keys(crowd.replies()).filter((name) => !/^(accepted|repeated|503 .*)$/.test(name));
  expect(names).toEqual([]);
  expect(await serving.send('SIGTERM')).toEqual({ code: 0, signal: null });
});
