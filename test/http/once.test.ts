// Goal: a creating POST takes effect at most once under its key, whoever repeats it, and its first answer is everybody's. Method: small
// routes in two processes on one real database; crashes are claims that nobody ends, outages a table that is away.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ok, refuse } from '../../src/base/result.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import { CommitUnknownError } from '../../src/db/guarded-pool.ts';
import { IN_FLIGHT_MS } from '../../src/db/idempotency.ts';
import type { Claimed } from '../../src/http/once.ts';
import { claimOnce } from '../../src/http/once.ts';
import type { FixedClock } from '../support/clock.ts';
import { fixedClock } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { Asked, Making, RouteWorld } from './route-world.ts';
import { ask, gate, startRoutes } from './route-world.ts';

const DAY_MS = 86_400_000;

let fresh: FreshDatabase;
let otherDb: Database;
let clock: FixedClock;
let first: RouteWorld;
let second: RouteWorld;
let made: string[] = [];
const making: Making = { make: async () => ok({}) };

beforeAll(async () => {
  fresh = await freshDatabase();
  otherDb = connect(fresh.appUrl, { maxConnections: 4 });
  clock = fixedClock();
  first = await startRoutes(fresh.db, clock.clock, making);
  second = await startRoutes(otherDb, clock.clock, making);
});
afterAll(async () => {
  await first.close();
  await second.close();
  await otherDb.destroy();
  await fresh.close();
});
beforeEach(() => {
  made = [];
  making.make = async (name) => {
    made.push(name);
    return ok({ number: made.length });
  };
});

const create = (world: RouteWorld, key: string, name = 'x', path = '/v1/things'): Promise<Asked> =>
  ask(world.url + path, { name }, { 'idempotency-key': key });

describe('a key', () => {
  it('used twenty times at once in two processes takes effect once, and all get its answer', async () => {
    const waiting = gate();
    making.make = async (name) => {
      made.push(name);
      await waiting.opened;
      return ok({ number: made.length });
    };
    const all = Array.from({ length: 20 }, (_, at) => create(at % 2 === 0 ? first : second, 'at-once'));
    while (made.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));
    waiting.open();
    const answers = await Promise.all(all);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['201 {"number":1}']),
    );
    expect(made).toHaveLength(1);
  });

  it('with another body, or at another address, is refused and takes no effect', async () => {
    expect((await create(first, 'other')).status).toBe(201);
    expect(await create(second, 'other', 'y')).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await create(first, 'other', 'x', '/v1/things?again')).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(made).toEqual(['x']);
  });

  it('with a long address is no fault of ours', async () => {
    expect((await create(first, 'long', 'x', `/v1/things?${'x'.repeat(9_000)}`)).status).toBe(201);
  });

  it('of a refused request is free again', async () => {
    making.make = async () => refuse('WRONG_GUESS');
    expect((await create(first, 'refused')).code).toBe('WRONG_GUESS');
    making.make = async () => ok({ number: 7 });
    expect(await create(second, 'refused')).toMatchObject({ status: 201, text: '{"number":7}' });
  });

  it('of a request that broke is free again, since it was rolled back', async () => {
    making.make = async () => {
      throw new Error('broken');
    };
    expect(await create(first, 'broken')).toMatchObject({ status: 500, code: 'INTERNAL' });
    making.make = async () => ok({ number: 8 });
    expect((await create(second, 'broken')).text).toBe('{"number":8}');
  });

  it('of a request that came too late keeps its answer for the next', async () => {
    const waiting = gate();
    making.make = async (name) => {
      made.push(name);
      await waiting.opened;
      return ok({ number: made.length });
    };
    expect(await create(first, 'late', 'x', '/v1/hurried-things')).toMatchObject({
      status: 503,
      code: 'OUTCOME_UNKNOWN',
    });
    waiting.open();
    let again = await create(second, 'late', 'x', '/v1/hurried-things');
    while (again.status !== 201) again = await create(second, 'late', 'x', '/v1/hurried-things');
    expect(again.text).toBe('{"number":1}');
    expect(made).toHaveLength(1);
  });

  it('is forgotten after a day', async () => {
    expect((await create(first, 'day')).status).toBe(201);
    clock.advance(DAY_MS - 1);
    expect((await create(first, 'day')).text).toBe('{"number":1}');
    clock.advance(2);
    expect((await create(first, 'day')).text).toBe('{"number":2}');
    const old = await fresh.owner
      .selectFrom('idempotency_key')
      .select('key')
      .where('created_at_ms', '<', BigInt(clock.clock() - DAY_MS))
      .execute();
    expect(old).toEqual([]);
  });
});

describe('a key that nobody ended', () => {
  const requestHash = new Uint8Array(32).fill(1);
  const claim = (db: Database, key: string): Promise<Claimed> =>
    claimOnce(db, { scope: 'test', key, requestHash }, clock.clock, 0);
  const codeOf = (claimed: Claimed): string =>
    claimed.state === 'refused' ? claimed.refusal.code : claimed.state;

  it('since its process died is never run again, and says so once no process can have it', async () => {
    expect(codeOf(await claim(fresh.db, 'crashed'))).toBe('mine');
    expect(codeOf(await claim(otherDb, 'crashed'))).toBe('IDEMPOTENCY_KEY_IN_FLIGHT');
    clock.advance(IN_FLIGHT_MS + 1);
    expect(codeOf(await claim(otherDb, 'crashed'))).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
    clock.advance(-2 * IN_FLIGHT_MS - 2);
    expect(codeOf(await claim(otherDb, 'crashed'))).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
    clock.advance(IN_FLIGHT_MS + 1);
    expect(codeOf(await claim(fresh.db, 'crashed'))).toBe('IDEMPOTENCY_KEY_IN_FLIGHT');
  });

  it('since its commit is in doubt is never run again', async () => {
    making.make = async (name) => {
      made.push(name);
      throw new CommitUnknownError('lost');
    };
    expect(await create(first, 'doubt')).toMatchObject({ status: 503, code: 'OUTCOME_UNKNOWN' });
    clock.advance(IN_FLIGHT_MS + 1);
    const again = await create(second, 'doubt');
    expect(again).toMatchObject({ status: 409, code: 'IDEMPOTENCY_OUTCOME_UNKNOWN' });
    expect(made).toHaveLength(1);
  });

  it('since the database was away is free as soon as it is back', async () => {
    const rename = async (from: string, to: string) => {
      await sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(fresh.owner);
    };
    making.make = async () => {
      await rename('idempotency_key', 'idempotency_key_away');
      throw new Error('the database went away');
    };
    expect((await create(first, 'away')).status).toBe(500);
    await rename('idempotency_key_away', 'idempotency_key');
    making.make = async () => ok({ number: 9 });
    expect((await create(first, 'away')).text).toBe('{"number":9}');
  });

  it('is not taken from another process that has claimed it since', async () => {
    const mine = await claim(fresh.db, 'passed-on');
    clock.advance(DAY_MS + 1);
    expect(codeOf(await claim(otherDb, 'passed-on'))).toBe('mine');
    if (mine.state === 'mine') await mine.once.release();
    expect(codeOf(await claim(fresh.db, 'passed-on'))).toBe('IDEMPOTENCY_KEY_IN_FLIGHT');
  });
});
