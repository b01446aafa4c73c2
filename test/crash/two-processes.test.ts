// Goal: any number of service processes on one database and one folder of keys keep one log and one truth (SPEC 6.5, 6.6, 7.1):
// no gap, no fork, either may be killed; casts that collide over both processes spoil nobody else's. Method: two real processes,
// casts from 64 clients to either, kill -9 of one and the other in turn; collisions forced by a lock of the test's own.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import { newSeed } from './chance.ts';
import type { Crowd, Cut, Reply } from './crowd.ts';
import { nameOf, postCast, startCrowd, tallyOf } from './crowd.ts';
import { expectWhole, sumOf } from './ending.ts';
import type { Poll, PreparedCast, Seat } from './prepared-casts.ts';
import { issueBallots, makeOne, pollOf, seatsOf, supplyFor } from './prepared-casts.ts';
import type { Serving } from './processes.ts';
import { endChildren, isReady, launch, pause, ready, serve, until } from './processes.ts';
import { watchCheckpoints } from './reckoning.ts';
import type { Site } from './site.ts';
import { foundSite, serverLog } from './site.ts';

const ROUNDS = 2;
const CLIENTS = 64;
const { draw, seed } = newSeed('two processes');

let site: Site;
let db: Database;
let crowded: Poll;
let chains: readonly (readonly PreparedCast[])[];
/** The meeting of the collisions, its seats, and the ballots of each. */
let poisoned: Poll;
let seats: readonly Seat[];
let ballots: readonly (readonly string[])[];
const services: Serving[] = [];

beforeAll(async () => {
  const founding = await foundSite(140);
  site = founding.site;
  db = connect(site.ownerUrl);
  const { deps } = founding.service;
  const { codes } = founding.settled;
  const closesAt = Date.now() + 86_400_000;
  const [first, second] = [await founding.open(closesAt), await founding.open(closesAt)];
  crowded = await pollOf(deps, first);
  poisoned = await pollOf(deps, second);
  chains = await supplyFor(crowded, codes, 2_000);
  seats = (await seatsOf(poisoned, codes)).slice(0, 100);
  ballots = await issueBallots(poisoned, seats, 2 * ROUNDS + 1);
  await founding.end();
  for (const port of site.ports) services.push(await serve(site, port));
}, 240_000);
afterAll(async () => {
  await endChildren();
  await db?.destroy();
  await site?.remove();
}, 120_000);

const [A, B] = [0, 1] as const;
const serviceOf = (which: 0 | 1): Serving => present(services[which], 'a service');

/** Where each seat's chain has come to. */
type Place = { seq: number; prev: string; spent: number };

describe('casts that collide over two processes', () => {
  const places = new Map<Seat, Place>();
  const placeOf = (seat: Seat): Place => {
    const place = places.get(seat) ?? { seq: 0, prev: CHAIN_START, spent: 0 };
    places.set(seat, place);
    return place;
  };

  /** The next cast of a seat, on its next ballot. */
  function nextOf(at: number, ephemeralSecret = poisoned.deps.random(32)): PreparedCast {
    const seat = present(seats[at], 'a seat');
    const { seq, prev, spent } = placeOf(seat);
    const ballot = present(ballots[at]?.[spent], 'a ballot');
    return makeOne(poisoned, seat, { seq: seq + 1, prev, ballot, ephemeralSecret });
  }

  function moveOn(cast: PreparedCast, reply: Reply): void {
    const seat = present(
      seats.find(({ leaf }) => leaf.entitlement === cast.entitlement),
      'a seat',
    );
    const place = placeOf(seat);
    if (reply.status === 201)
      places.set(seat, { seq: cast.seq, prev: cast.castHash, spent: place.spent + 1 });
  }

  /** Holds back the writing of all casts until both processes have one group decided and ready. */
  async function atOnce(
    casts: readonly { readonly cast: PreparedCast; readonly to: 0 | 1 }[],
  ): Promise<readonly Reply[]> {
    const holder = new pg.Client({ connectionString: site.ownerUrl });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table sealed_key in share mode');
      const sent = casts.map(({ cast, to }) => postCast(site.ports[to], cast));
      await until('a group that waits for the lock', 60_000, async () => {
        const waiting = await holder.query(
          "select 1 from pg_locks where relation = 'sealed_key'::regclass and not granted",
        );
        return waiting.rows.length >= 1;
      });
      // It is of one process; the group of the other needs a moment more.
      await pause(400);
      await holder.query('commit');
      const replies = await Promise.all(sent);
      for (const [at, reply] of replies.entries()) moveOn(present(casts[at], 'a cast').cast, reply);
      return replies;
    } finally {
      await holder.end();
    }
  }

  const counts = async () => {
    const { meeting } = poisoned.meeting;
    const { rows } = await sql<Record<'casts' | 'answers' | 'keys' | 'entries' | 'refusals', number>>`
      select (select count(*) from cast_statement where meeting_id = ${meeting})::int as casts,
             (select count(*) from cast_answer where meeting_id = ${meeting})::int as answers,
             (select count(*) from sealed_key where meeting_id = ${meeting})::int as keys,
             (select count(*) from log_entry where meeting_id = ${meeting} and kind = 'cast.accepted')::int as entries,
             (select coalesce(sum(refused), 0) from cast_refusal where meeting_id = ${meeting})::int as refusals`.execute(
      db,
    );
    return present(rows[0], 'one row');
  };
  type Counts = Awaited<ReturnType<typeof counts>>;
  const grown = (before: Counts, accepted: number, refusals: number): Counts => ({
    casts: before.casts + accepted,
    answers: before.answers + accepted,
    keys: before.keys + accepted,
    entries: before.entries + accepted,
    refusals: before.refusals + refusals,
  });
  const neighbours = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ cast: nextOf(from + at), to: at % 2 === 0 ? A : B }));

  it('ten pairs with one ephemeral key each: one of each pair stands, eighty neighbours stand, in every round', {
    timeout: 180_000,
  }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await counts();
      const pairs = Array.from({ length: 10 }, (_, pair) => {
        const secret = poisoned.deps.random(32);
        const [one, two] = [nextOf(2 * pair, secret), nextOf(2 * pair + 1, secret)];
        return [
          { cast: one, to: A },
          { cast: two, to: B },
        ];
      }).flat();
      const replies = await atOnce([...pairs, ...neighbours(20, 80)]);
      const names = replies.map(nameOf);
      expect(tallyOf(names.slice(20)), `round ${round}`).toEqual({ accepted: 80 });
      expect(tallyOf(names.slice(0, 20)), `round ${round}`).toEqual({ accepted: 10, '422 CAST_SEALED': 10 });
      expect(await counts()).toEqual(grown(before, 90, 10));
    }
    // The collisions did meet in the database, not only in the reading before.
    expect(serverLog(site)).toMatch(/duplicate key value violates unique constraint "sealed_key_pk"/);
  });

  it('ten pairs with one ballot each: one of each pair stands, eighty neighbours stand, in every round', {
    timeout: 180_000,
  }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await counts();
      const pairs = Array.from({ length: 10 }, (_, at) => [
        { cast: nextOf(at), to: A },
        { cast: nextOf(at), to: B },
      ]).flat();
      const replies = await atOnce([...pairs, ...neighbours(20, 80)]);
      const names = replies.map(nameOf);
      expect(tallyOf(names.slice(20)), `round ${round}`).toEqual({ accepted: 80 });
      expect(tallyOf(names.slice(0, 20)), `round ${round}`).toEqual({ accepted: 10, '409 CAST_CHAIN': 10 });
      expect(await counts()).toEqual(grown(before, 90, 10));
    }
  });
});

describe('two processes under load', () => {
  const alive = new Set<0 | 1>([A, B]);
  const ports = (): readonly number[] => [...alive].map((which) => site.ports[which]);

  /** Lets so many casts be acknowledged, and no more than the clients have in hand beyond them. */
  async function progress(crowd: Crowd, count: number): Promise<void> {
    const before = crowd.acknowledged.length;
    crowd.allow(count + CLIENTS);
    await crowd.reached(before + count);
  }

  const newestSize = async (): Promise<number> => {
    const row = await db
      .selectFrom('log_checkpoint')
      .select('size')
      .orderBy('size', 'desc')
      .limit(1)
      .execute();
    return Number(row[0]?.size ?? 0);
  };

  /** Kills one; the other goes on casting and publishing; then the killed one comes back while casts go on. */
  async function killOne(which: 0 | 1, crowd: Crowd): Promise<() => Cut> {
    await progress(crowd, 20 + draw.below(60));
    await pause(draw.below(15));
    const cut = crowd.cut();
    await serviceOf(which).send('SIGKILL');
    alive.delete(which);
    await progress(crowd, 60);
    const size = await newestSize();
    await progress(crowd, 1);
    await until('a checkpoint by the other', 60_000, async () => (await newestSize()) > size);
    const starting = launch(site, site.ports[which]);
    for (let given = 0; given < 80 && !(await isReady(starting)); given += 4) {
      crowd.allow(4);
      await pause(50);
    }
    services[which] = await ready(starting);
    crowd.hold();
    alive.add(which);
    return cut;
  }

  it('keep one log without gap or fork, and either goes on when the other is killed', {
    timeout: 900_000,
  }, async () => {
    const checkpoints = watchCheckpoints(() => services.map(({ url }) => url));
    const crowd = startCrowd({ chains, clients: CLIENTS, draw, ports });
    const cuts: (() => Cut)[] = [];
    for (const which of [A, B, A, B] as const) cuts.push(await killOne(which, crowd));
    await progress(crowd, 100);
    await crowd.stop();
    const hits = cuts.map((cut) => cut());
    const both = [site.ports[A], site.ports[B]];
    const run = {
      name: 'two processes',
      seed,
      draw,
      site,
      poll: crowded,
      db,
      crowd,
      cuts: hits,
      checkpoints,
    };
    await expectWhole({ ...run, ports: both });
    expect(hits.every(({ underWay }) => underWay > 0)).toBe(true);
    expect(sumOf(hits).unanswered, seed).toBeGreaterThan(0);
  });

  it('leave in good order, one after the other, and the second goes on alone meanwhile', {
    timeout: 180_000,
  }, async () => {
    expect(await serviceOf(A).send('SIGTERM')).toEqual({ code: 0, signal: null });
    // Far ahead of its chain, so that a decision is asked of the database and nothing is written.
    const ballot = present(ballots[0]?.at(-1), 'a ballot that nobody has spent');
    const place = { seq: 90, prev: CHAIN_START.replace(/^./, 'B'), ballot };
    const cast = makeOne(poisoned, present(seats[0], 'a seat'), {
      ...place,
      ephemeralSecret: poisoned.deps.random(32),
    });
    const replies: Reply[] = [];
    await until('the other answers', 60_000, async () => {
      replies.push(await postCast(site.ports[B], cast));
      const { status } = present(replies.at(-1), 'a reply');
      return status !== 0 && status < 500;
    });
    expect(nameOf(present(replies.at(-1), 'a reply'))).toBe('409 CAST_CHAIN');
    expect(await serviceOf(B).send('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
