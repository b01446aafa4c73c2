// Goal: a route reads no more, waits no longer and believes no other type than it says, and an address that makes us work for nothing is
// held back by all processes together. Method: small routes on the real database, over real sockets.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '../../src/base/result.ts';
import type { Database } from '../../src/db/connect.ts';
import { connect } from '../../src/db/connect.ts';
import type { FixedClock } from '../support/clock.ts';
import { fixedClock } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { connectRaw } from './raw-client.ts';
import type { Making, RouteWorld } from './route-world.ts';
import { ask, gate, startRoutes } from './route-world.ts';

let fresh: FreshDatabase;
let otherDb: Database;
let clock: FixedClock;
let first: RouteWorld;
let second: RouteWorld;
const making: Making = { make: async () => ok({}) };

beforeAll(async () => {
  fresh = await freshDatabase();
  otherDb = connect(fresh.appUrl, { maxConnections: 2 });
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

const POST = 'POST /v1/names HTTP/1.1\r\nHost: vote.example\r\nContent-Type: application/json\r\n';
const filled = (size: number): string => JSON.stringify({ name: 'x'.repeat(size - 11) });

async function raw(bytes: string) {
  const client = await connectRaw(first.port);
  client.send(bytes);
  const answer = (await client.received(1))[0];
  client.socket.destroy();
  return answer;
}

describe('a body', () => {
  it('of the largest size is taken, and of one byte more refused, declared or in chunks', async () => {
    const chunked = (body: string): string =>
      `${POST}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const declared = (body: string): string => `${POST}Content-Length: ${body.length}\r\n\r\n${body}`;
    for (const spell of [chunked, declared]) {
      expect(await raw(spell(filled(1_000)))).toMatchObject({ status: 201 });
      expect(await raw(spell(filled(1_001)))).toMatchObject({ status: 413, code: 'REQUEST_TOO_LARGE' });
    }
  });

  it('that is declared too large is refused before it comes', async () => {
    expect(await raw(`${POST}Content-Length: 1001\r\n\r\n`)).toMatchObject({ status: 413 });
    expect(await raw(`${POST}Content-Length: 99999999999999999999\r\n\r\n`)).toMatchObject({ status: 400 });
  });

  it('in endless chunks is refused as soon as it is too large', async () => {
    const client = await connectRaw(first.port);
    client.send(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
    while (client.answers().length === 0) {
      client.send(`64\r\n${'x'.repeat(100)}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(client.answers()).toMatchObject([{ status: 413, code: 'REQUEST_TOO_LARGE' }]);
    client.socket.destroy();
  });

  it('that does not come in the route’s time is refused, and its connection ends', async () => {
    const client = await connectRaw(first.port);
    client.send('POST /v1/hurried HTTP/1.1\r\nHost: vote.example\r\nContent-Type: application/json\r\n');
    client.send('Content-Length: 20\r\n\r\n{"name":');
    await client.closed;
    expect(client.answers()).toMatchObject([
      { status: 408, code: 'REQUEST_TIMEOUT', headers: { connection: 'close' } },
    ]);
  });

  it('that breaks off reaches no handler', async () => {
    let made = 0;
    making.make = async () => {
      made += 1;
      return ok({});
    };
    const client = await connectRaw(first.port);
    client.send('POST /v1/hurried HTTP/1.1\r\nHost: vote.example\r\nContent-Type: application/json\r\n');
    client.send('Content-Length: 13\r\n\r\n{"name":"x"}');
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBe(0);
    expect((await ask(`${first.url}/v1/hurried`, { name: 'x' })).status).toBe(201);
    expect(made).toBe(1);
  });

  it.each([
    ['text/plain', {}, 'content-type'],
    ['application/json, text/plain', {}, 'content-type'],
    ['application/jsonx', {}, 'content-type'],
    ['application/json; charset=gbk', {}, 'charset'],
    ['application/json; charset="utf-16"', {}, 'charset'],
    ['application/json', { 'content-encoding': 'gzip' }, 'content-encoding'],
    ['application/json', { 'content-encoding': 'identity, br' }, 'content-encoding'],
  ])('of %s with %j is refused', async (type, headers, where) => {
    const answer = await ask(`${first.url}/v1/names`, { name: 'x' }, { 'content-type': type, ...headers });
    expect(answer).toMatchObject({ status: 415, code: 'REQUEST_TYPE' });
    expect(JSON.parse(answer.text)).toMatchObject({ where });
  });

  it.each([
    'application/json',
    'Application/JSON;charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json;x=1; Charset=utf8',
  ])('of %s is taken', async (type) => {
    expect((await ask(`${first.url}/v1/names`, { name: '名' }, { 'content-type': type })).text).toBe(
      '{"name":"名"}',
    );
  });

  it('with text that PostgreSQL cannot store is refused', async () => {
    for (const body of ['{"name":"\\u0000"}', '{"name":"\\ud800"}', '\ufeff{"name":"x"}'])
      expect(await ask(`${first.url}/v1/names`, body)).toMatchObject({
        status: 400,
        code: 'REQUEST_MALFORMED',
      });
  });

  it('of a file is taken by its own types only, byte by byte', async () => {
    const url = `${first.url}/v1/files`;
    expect((await ask(url, 'a,b\n{', { 'content-type': 'text/csv; charset=gbk' })).text).toBe('{"size":5}');
    expect(await ask(url, '{}')).toMatchObject({ code: 'REQUEST_TYPE' });
    const tooLarge = await ask(url, 'x'.repeat(1_001), { 'content-type': 'text/csv' });
    expect(tooLarge).toMatchObject({ status: 413, code: 'REQUEST_TOO_LARGE' });
  });
});

describe('a handler that takes too long', () => {
  it('is answered for: a read may be repeated, a write has an unknown outcome', async () => {
    const waiting = gate();
    making.make = async () => {
      await waiting.opened;
      return ok({});
    };
    const client = await connectRaw(first.port);
    client.send('GET /v1/waits HTTP/1.1\r\nHost: vote.example\r\n\r\n');
    expect((await client.received(1))[0]).toMatchObject({
      status: 503,
      code: 'UNAVAILABLE',
      headers: { 'retry-after': '2' },
    });
    const body = '{"name":"x"}';
    const head = 'POST /v1/hurried HTTP/1.1\r\nHost: vote.example\r\nContent-Type: application/json\r\n';
    client.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    expect((await client.received(2))[1]).toMatchObject({ status: 503, code: 'OUTCOME_UNKNOWN' });
    // The handler ends now and sets a cookie, for which it is too late; the connection lives on.
    waiting.open();
    client.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    const last = (await client.received(3))[2];
    expect(last).toMatchObject({
      status: 201,
      headers: { 'set-cookie': expect.stringContaining('__Host-') },
    });
    expect(first.logged).toEqual([]);
    client.socket.destroy();
  });
});

describe('an address', () => {
  const from = (address: string) => ({ 'x-forwarded-for': `198.51.100.1, ${address}` });
  const guess = (world: RouteWorld, address: string, name: unknown = 'wrong') =>
    ask(`${world.url}/v1/guesses`, { name }, from(address));
  const counts = async (): Promise<number> =>
    (await fresh.owner.selectFrom('address_count').select('counted').execute()).reduce(
      (sum, { counted }) => sum + counted,
      0,
    );

  it('is held back by all processes together, told for how long, and only on this route', async () => {
    clock.set(60_000 * 1_000_000 + 20_000);
    for (const world of [first, second, first])
      expect(await guess(world, '192.0.2.1')).toMatchObject({ code: 'WRONG_GUESS' });
    const limited = await guess(first, '192.0.2.1', 'right');
    expect(limited).toMatchObject({ status: 429, code: 'REQUEST_LIMITED' });
    expect(limited.headers.get('retry-after')).toBe('40');
    // The other process learns of it with the next refusal that it counts itself.
    expect(await guess(second, '192.0.2.1')).toMatchObject({ code: 'WRONG_GUESS' });
    expect(await guess(second, '192.0.2.1', 'right')).toMatchObject({ code: 'REQUEST_LIMITED' });
    expect((await guess(first, '192.0.2.2', 'right')).status).toBe(201);
    expect((await ask(`${first.url}/v1/draws`, {}, from('192.0.2.1'))).status).toBe(201);
  });

  it('may come back in the next minute', async () => {
    clock.set(60_000 * 1_000_001);
    expect((await guess(first, '192.0.2.1', 'right')).status).toBe(201);
    expect((await guess(second, '192.0.2.1', 'right')).status).toBe(201);
  });

  it('of a clock that ran ahead is not held back until then', async () => {
    clock.set(60_000 * 1_000_500);
    for (let turn = 0; turn < 3; turn += 1) await guess(first, '192.0.2.7');
    expect(await guess(first, '192.0.2.7')).toMatchObject({ code: 'REQUEST_LIMITED' });
    clock.set(60_000 * 1_000_002);
    expect((await guess(first, '192.0.2.7', 'right')).status).toBe(201);
  });

  it('is not counted for what is in order, and is for bodies that are none', async () => {
    const before = await counts();
    for (let turn = 0; turn < 6; turn += 1)
      expect((await guess(first, '192.0.2.3', 'right')).status).toBe(201);
    expect(await counts()).toBe(before);
    for (let turn = 0; turn < 3; turn += 1)
      expect(await guess(first, '192.0.2.3', 5)).toMatchObject({ code: 'REQUEST_MALFORMED' });
    expect(await counts()).toBe(before + 3);
    expect(await guess(first, '192.0.2.3', 'right')).toMatchObject({ code: 'REQUEST_LIMITED' });
  });

  it('is counted for every call where a route writes for anybody', async () => {
    const draw = () => ask(`${first.url}/v1/draws`, {}, from('192.0.2.4'));
    expect([(await draw()).status, (await draw()).status]).toEqual([201, 201]);
    expect(await draw()).toMatchObject({ status: 429, code: 'REQUEST_LIMITED' });
  });

  it('is the one that our proxy has added, not one that the client has invented', async () => {
    const as = (header: string) =>
      ask(`${first.url}/v1/guesses`, { name: 'wrong' }, { 'x-forwarded-for': header });
    for (let turn = 0; turn < 3; turn += 1) await as(`203.0.113.${turn}, 192.0.2.5`);
    expect(await as('203.0.113.9, 192.0.2.5')).toMatchObject({ code: 'REQUEST_LIMITED' });
    expect(await as('192.0.2.5, 203.0.113.9')).toMatchObject({ code: 'WRONG_GUESS' });
  });

  it('of IPv6 counts as its network of 64 bits, and a mapped one as IPv4', async () => {
    for (const address of ['2001:db8::1', '2001:db8:0:0:ffff::', '2001:0db8::5'])
      expect(await guess(first, address)).toMatchObject({ code: 'WRONG_GUESS' });
    expect(await guess(first, '2001:db8:0:0:1:2:3:4')).toMatchObject({ code: 'REQUEST_LIMITED' });
    expect(await guess(first, '2001:db8:0:1::1')).toMatchObject({ code: 'WRONG_GUESS' });
    for (let turn = 0; turn < 3; turn += 1) await guess(first, '::ffff:192.0.2.6');
    expect(await guess(first, '192.0.2.6')).toMatchObject({ code: 'REQUEST_LIMITED' });
  });

  it('that nobody names is a program on this machine, and is never held back', async () => {
    for (const header of ['', 'unknown', '192.0.2.1, nonsense']) {
      const headers = header === '' ? {} : { 'x-forwarded-for': header };
      for (let turn = 0; turn < 5; turn += 1)
        expect(await ask(`${first.url}/v1/guesses`, { name: 'wrong' }, headers)).toMatchObject({
          code: 'WRONG_GUESS',
        });
    }
  });

  it('stands in the database only as a keyed hash, and not for long', async () => {
    const rows = await fresh.owner.selectFrom('address_count').selectAll().execute();
    expect(rows.length).toBeGreaterThan(3);
    for (const { address } of rows) expect(address).toHaveLength(32);
    expect(
      JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/192\.0\.2|2001:db8/);
    clock.set(60_000 * 1_001_000);
    await guess(first, '192.0.2.1');
    expect(await fresh.owner.selectFrom('address_count').select('minute').execute()).toEqual([
      { minute: 1_001_000n },
    ]);
  });
});
