// Goal: the fund's routes let the right officers prepare, tell them what is missing, and keep everybody else out. Method: the
// router on a real server with real session lookups by cookie, from opening balances to the journal.
import { createServer } from 'node:http';
import express from 'express';
import { afterAll, describe, expect, it } from 'vitest';
import { toBase64Url, toHex } from '../../src/base/bytes.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { applyClosing } from '../../src/fund/closing.ts';
import { fundRouter } from '../../src/fund/routes.ts';
import type { OfficerCaller, OwnerCaller, SessionReaders } from '../../src/http/mount.ts';
import { freshDatabase } from '../support/database.ts';
import { IN_PROCESS } from '../support/registry.ts';
import { acceptance, accepted, authorise, execute, fundWorld, PAYEE_ACCOUNT, signAs } from './fund-world.ts';
import { journalFaults } from './journal-acceptance.ts';

const fresh = await freshDatabase();
const world = await fundWorld(fresh, {
  seed: 'routes',
  units: [
    { building: '1幢', room: '101', areaDm2: 5000n },
    { building: '1幢', room: '102', areaDm2: 5000n },
  ],
  capFen: 10_000n,
});
const [first = '', second = ''] = world.units.map(({ unit }) => unit);

const tokens = new Map<string, Uint8Array>();
const officers = new Map<string, OfficerCaller>();
const owners = new Map<string, OwnerCaller>();

/** A session as the floors below keep it: found by the hash of a cookie's value. */
function signIn(name: string, role: string, community: string): void {
  const token = world.deps.random(32);
  tokens.set(name, token);
  officers.set(toHex(sha256(token)), { officer: 'o'.repeat(26), name, role, community, provedAt: 0 });
}
signIn('committee', 'committee', world.community);
signIn('street', 'street', world.community);
signIn('regulator', 'regulator', '');
signIn('elsewhere', 'committee', 'a'.repeat(26));

const person = `${'p'.repeat(25)}a`;
const ownerToken = world.deps.random(32);
tokens.set('owner', ownerToken);
owners.set(toHex(sha256(ownerToken)), { person, community: world.community, credential: '' });

await fresh.owner
  .insertInto('person')
  .values({
    community_id: world.community,
    person_id: person,
    doc_kind: 'resident-id',
    number_index: new Uint8Array(37),
    sealed_number: new Uint8Array(1),
    sealed_name: new Uint8Array(1),
    sealed_contact: new Uint8Array(1),
    sealed_salt: new Uint8Array(1),
    identity: sha256(),
  })
  .execute();
const { register_id: register } = await fresh.owner
  .selectFrom('register')
  .select('register_id')
  .executeTakeFirstOrThrow();
await fresh.owner
  .insertInto('ownership')
  .values({ community_id: world.community, register_id: register, unit_id: first, person_id: person })
  .execute();

const app = express();
app.set('sessions', {
  officer: async (hash) => officers.get(toHex(hash)),
  owner: async (hash) => owners.get(toHex(hash)),
} satisfies SessionReaders);
app.set('origins', ['https://vote.example']);
app.set('db', fresh.db);
app.set('clock', world.deps.clock);
app.use(fundRouter({ ...world.deps, fileChecks: IN_PROCESS }));
const server = createServer(app);
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
afterAll(async () => {
  server.close();
  await fresh.close();
});

let calls = 0;
async function call(as: string, method: 'GET' | 'POST', path: string, body?: unknown, key?: string) {
  calls += 1;
  const token = tokens.get(as);
  const name = as === 'owner' ? '__Host-ov-owner' : '__Host-ov-officer';
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { cookie: `${name}=${toBase64Url(token)}` }),
      'content-type': 'application/json',
      'idempotency-key': key ?? `call-${calls}`,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return { status: answer.status, text, json: isJson ? JSON.parse(text) : undefined };
}

const base = `/v1/communities/${world.community}/fund`;
const statement = { reference: '旧账 2026-11', asOn: '2026-11-30' };
const bank = { name: '建行', lastDigits: '0071' };
let authorisation = '';
const step = (name: string) => `${base}/authorisations/${authorisation}/${name}`;

describe('the routes of the fund', () => {
  it('have no book to show before there is one', async () => {
    expect(await call('nobody', 'GET', base)).toMatchObject({
      status: 404,
      json: { code: 'FUND_BOOK_MISSING' },
    });
  });

  it.each([
    ['nobody', 401, 'NOT_SIGNED_IN'],
    ['regulator', 403, 'NOT_ALLOWED'],
    ['elsewhere', 403, 'NOT_ALLOWED'],
  ])('let %s prepare nothing', async (as, status, code) => {
    authorisation = 'a'.repeat(26);
    const opening = { statement, bank, balances: [] };
    const accrual = { amountFen: '1', stage: 'final', acceptanceHash: acceptance(1) };
    const payment = { amountFen: '1', payeeAccount: PAYEE_ACCOUNT, reference: '' };
    for (const [path, body] of [
      [`${base}/opening-balances`, opening],
      [step('hold'), {}],
      [step('accruals'), accrual],
      [step('payments'), payment],
      [step('release'), {}],
      [step('closings'), { documentHash: acceptance(1) }],
    ] as const)
      expect(await call(as, 'POST', path, body)).toMatchObject({ status, json: { code } });
  });

  it('refuse a malformed body by its member, and a list with faults by its findings', async () => {
    const unknown = await call('committee', 'POST', `${base}/opening-balances`, {
      statement,
      bank,
      balances: [],
      x: 1,
    });
    expect(unknown).toMatchObject({ status: 400, json: { code: 'REQUEST_MALFORMED' } });
    const csv = 'building,stair,room,amount\n1幢,,101,50.00\n3幢,,101,1\n';
    const faulty = await call('committee', 'POST', `${base}/opening-balances`, { statement, bank, csv });
    expect(faulty).toMatchObject({ status: 422, json: { code: 'FUND_OPENING_REFUSED' } });
    expect(faulty.json.findings[0]).toMatchObject({ code: 'OPENING_UNIT_UNKNOWN', row: 3 });
  });

  it('read a file of opening balances and book nothing', async () => {
    const file = 'building,stair,room,amount\n1幢,,101,50.00\n3幢,,101,1\n';
    const read = async (as: string) => {
      const cookie = `__Host-ov-officer=${toBase64Url(tokens.get(as) ?? new Uint8Array())}`;
      const headers = { cookie, 'content-type': 'application/octet-stream' };
      const answer = await fetch(`http://127.0.0.1:${port}${base}/opening-files`, {
        method: 'POST',
        headers,
        body: file,
      });
      return { status: answer.status, json: await answer.json() };
    };
    expect(await read('regulator')).toMatchObject({ status: 403, json: { code: 'NOT_ALLOWED' } });
    const { status, json } = await read('committee');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      sheet: null,
      totalFen: '5000',
      balances: [{ unit: first, amountFen: '5000' }],
    });
    expect(json.findings[0]).toMatchObject({ code: 'OPENING_UNIT_UNKNOWN', level: 'error', row: 3 });
    expect(await call('nobody', 'GET', base)).toMatchObject({ json: { code: 'FUND_BOOK_MISSING' } });
  });

  it('book a CSV of opening balances', async () => {
    const csv = 'building,stair,room,amount\n1幢,,101,50.00\n1幢,,102,49.99\n';
    const opened = await call('committee', 'POST', `${base}/opening-balances`, { statement, bank, csv });
    expect(opened).toMatchObject({ status: 201, json: { booked: 2, repeated: 0, totalFen: '9999' } });
  });

  it('list who must pay in before a hold', async () => {
    authorisation = await authorise(world);
    const shortfalls = [{ unit: second, shareFen: '5000', availableFen: '4999', missingFen: '1' }];
    expect(await call('committee', 'POST', step('hold'), {})).toMatchObject({
      status: 409,
      json: { code: 'FUND_HOUSEHOLDS_SHORT', facts: { households: 1, missingFen: '1' }, shortfalls },
    });
    const book = await call('nobody', 'GET', base);
    expect(book.text).not.toContain(second);
    expect(book.json.authorisations[0]).toMatchObject({
      state: 'open',
      capFen: '10000',
      paidFen: '0',
      wasHeld: false,
      householdsShort: 1,
    });
  });
});

const rich = await fundWorld(fresh, {
  seed: 'routes rich',
  units: [{ building: '1幢', room: '101', areaDm2: 5000n }],
  capFen: 10_000n,
});
signIn('rich committee', 'committee', rich.community);
const richBase = `/v1/communities/${rich.community}/fund`;

describe('from hold to release', () => {
  it('every step is a route, and the payment waits for two officers', async () => {
    const post = (path: string, body: unknown, key?: string) =>
      call('rich committee', 'POST', `${richBase}/${path}`, body, key);
    const balances = [{ unit: rich.units[0]?.unit, amountFen: '20000' }];
    expect((await post('opening-balances', { statement, bank, balances })).status).toBe(201);
    const at = `authorisations/${await authorise(rich)}`;
    expect(await post(`${at}/hold`, {})).toMatchObject({ status: 201, json: { seq: '2' } });
    const accrual = { amountFen: '7000', stage: 'final', acceptanceHash: acceptance(1) };
    expect(await post(`${at}/accruals`, accrual)).toMatchObject({ status: 201, json: { seq: '3' } });
    const payment = { amountFen: '7000', payeeAccount: PAYEE_ACCOUNT, reference: '拨付单一' };
    const drafted = await post(`${at}/payments`, payment, 'the-payment');
    expect(drafted.status).toBe(201);
    expect((await post(`${at}/payments`, payment, 'the-payment')).json).toEqual(drafted.json);
    await signAs(rich, drafted.json.act, rich.officers);
    accepted(await execute(rich, drafted.json.act));
    expect(await post(`${at}/release`, {})).toMatchObject({
      status: 409,
      json: { code: 'FUND_CLOSING_NEEDED' },
    });
    const closing = await post(`${at}/closings`, { documentHash: acceptance(1) });
    expect(closing.status).toBe(201);
    await signAs(rich, closing.json.act, rich.officers);
    accepted(await execute(rich, closing.json.act, applyClosing));
    expect(await post(`${at}/release`, {})).toMatchObject({ status: 201, json: { seq: '5' } });
  });

  it('officers of the community read orders, journal and statements; the public sees totals', async () => {
    const read = (path: string) => call('rich committee', 'GET', `${richBase}${path}`);
    expect((await read('')).json).toMatchObject({
      lastSeq: '5',
      totals: { bank: '13000', unit_available: '13000' },
    });
    const { payments } = (await read('/payments')).json;
    expect(payments).toMatchObject([{ amountFen: '7000', state: 'done' }]);
    const journal = await read('/journal?asOf=2026-12-31');
    expect(journalFaults(journal.text)).toEqual([]);
    const own = await read(`/units/${rich.units[0]?.unit}`);
    expect(own.json).toMatchObject({ availableFen: '13000', totalFen: '13000' });
    expect(own.json.lines).toHaveLength(4);
    for (const path of ['/payments', '/journal', `/units/${rich.units[0]?.unit}`]) {
      expect((await call('committee', 'GET', `${richBase}${path}`)).json.code).toBe('NOT_ALLOWED');
      expect((await call('nobody', 'GET', `${richBase}${path}`)).status).toBe(401);
    }
  });

  it('an owner reads his own unit, and no other', async () => {
    const read = (unit: string) => call('owner', 'GET', `/v1/owners/me/fund/units/${unit}`);
    expect(await read(first)).toMatchObject({ status: 200, json: { unit: first, totalFen: '5000' } });
    for (const unit of [second, rich.units[0]?.unit ?? '', 'a'.repeat(26)])
      expect(await read(unit)).toMatchObject({ status: 404, json: { code: 'FUND_UNIT_UNKNOWN' } });
  });
});
