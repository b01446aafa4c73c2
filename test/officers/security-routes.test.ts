// Goal: sessions are their officer's own to see and to end, what is sensitive asks for his key anew, and he finds every signature of
// his keys with its receipt. Method: the routers on a real server over a real log, logins by key files, a clock that the test moves.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { SessionReaders } from '../../src/http/mount.ts';
import { readAct } from '../../src/officers/acts.ts';
import { agentFamily } from '../../src/officers/domain/agent.ts';
import { officerRouter, officerSecurityRouter } from '../../src/officers/routes.ts';
import { readOfficerSession } from '../../src/officers/signing-in.ts';
import { entryForm } from '../../src/record/entry.ts';
import { loginHash } from '../../src/record/login.ts';
import { verifyLogProof } from '../../src/record/proof.ts';
import type { Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';

import type { TestOfficer } from '../support/acts.ts';
import { appoint, executeAct } from '../support/acts.ts';
import type { FreshLog } from '../support/log.ts';
import { freshLog } from '../support/log.ts';
import type { OfficersWorld } from './officers-world.ts';
import { codeOf, declare, draftNotice, ORIGIN, officersWorld, put } from './officers-world.ts';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
const PROOF_MS = 5 * 60_000;

let log: FreshLog;
let world: OfficersWorld;
let server: Server;
let officer: TestOfficer;
let street: TestOfficer;

beforeAll(async () => {
  log = await freshLog();
  world = officersWorld(log.fresh, 'security routes');
  const { deps } = world;
  await declare(world, [new Uint8Array(32).fill(1)], 1);
  const community = newId(deps.random);
  officer = await appoint(deps, 'committee', community);
  street = await appoint(deps, 'street', '');
  const app = express();
  app.set('sessions', {
    officer: (hash) => readOfficerSession(deps, hash),
    owner: async () => undefined,
  } satisfies SessionReaders);
  app.set('origins', [ORIGIN]);
  app.set('db', deps.db);
  app.set('clock', deps.clock);
  app.use(officerRouter(deps), officerSecurityRouter({ ...deps, log: log.deps }));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await log.close();
});

type Told = { readonly status: number; readonly body: Record<string, unknown>; readonly cookie: string };

async function ask(method: string, path: string, cookie = '', body?: unknown): Promise<Told> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      cookie,
      'user-agent': CHROME,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const set = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, cookie: set };
}

/** A login by a key file, as the body of a sign-in or of a proof. */
async function loginOf({ seed }: Pick<TestOfficer, 'seed'>) {
  const { body } = await ask('POST', '/v1/officers/challenges', '', {});
  const serverNonce = String(body['serverNonce']);
  const pageNonce = world.deps.random(32);
  const hash = loginHash(ORIGIN, present(fromBase64Url(serverNonce), 'served'), pageNonce);
  return {
    origin: ORIGIN,
    serverNonce,
    pageNonce: toBase64Url(pageNonce),
    publicKey: toBase64Url(publicKeyOf(seed)),
    signature: { alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) },
  };
}

async function signedIn(who: Pick<TestOfficer, 'seed'>): Promise<string> {
  const { status, cookie } = await ask('POST', '/v1/officers/sessions', '', await loginOf(who));
  expect(status).toBe(201);
  return cookie;
}

type Listed = { readonly session: string; readonly agent: string; readonly isThis: boolean };
const sessionsOf = async (cookie: string) =>
  (await ask('GET', '/v1/officers/me/sessions', cookie)).body['sessions'] as readonly Listed[];

type ListedSignature = {
  readonly act: string;
  readonly leaf: string;
  readonly receipt: string;
  readonly signature: Signature;
};

describe('sessions', () => {
  it('are listed for their officer alone, and end singly', async () => {
    const [one, two, other] = [await signedIn(officer), await signedIn(officer), await signedIn(street)];
    const listed = await sessionsOf(one);
    expect(listed.map(({ agent }) => agent)).toEqual(['Chrome · Windows', 'Chrome · Windows']);
    const second = present(
      listed.find(({ isThis }) => !isThis),
      'the second one',
    ).session;
    const path = `/v1/officers/me/sessions/${second}`;
    expect((await ask('DELETE', path, other)).body).toMatchObject({ code: 'SESSION_UNKNOWN' });
    expect((await ask('GET', '/v1/officers/me', two)).status).toBe(200);
    expect((await ask('DELETE', path, one)).status).toBe(200);
    expect((await ask('GET', '/v1/officers/me', two)).status).toBe(401);
    expect((await ask('GET', '/v1/officers/me', one)).status).toBe(200);
  });

  it('end everywhere at once, and nobody else’s', async () => {
    const [one, two, other] = [await signedIn(officer), await signedIn(officer), await signedIn(street)];
    expect((await ask('DELETE', '/v1/officers/me/sessions', one)).status).toBe(200);
    const after = await Promise.all([one, two, other].map((cookie) => ask('GET', '/v1/officers/me', cookie)));
    expect(after.map(({ status }) => status)).toEqual([401, 401, 200]);
  });
});

describe('what is sensitive', () => {
  const draw = (cookie: string) => ask('POST', '/v1/officers/me/recovery-code', cookie, {});

  it('is open for five minutes after a key was used, then asks for it again', async () => {
    const cookie = await signedIn(officer);
    world.time.advance(PROOF_MS);
    expect((await draw(cookie)).status).toBe(201);
    world.time.advance(1);
    expect((await draw(cookie)).body).toMatchObject({ code: 'PROOF_NEEDED' });
    expect((await ask('GET', '/v1/officers/me', cookie)).status).toBe(200);
    expect((await ask('POST', '/v1/officers/me/proofs', cookie, await loginOf(officer))).status).toBe(201);
    expect((await draw(cookie)).status).toBe(201);
  });

  it('is not opened by another officer’s key, nor by one login twice', async () => {
    const cookie = await signedIn(officer);
    const login = await loginOf(officer);
    expect((await ask('POST', '/v1/officers/me/proofs', cookie, login)).status).toBe(201);
    world.time.advance(PROOF_MS + 1);
    const foreign = await ask('POST', '/v1/officers/me/proofs', cookie, await loginOf(street));
    expect(foreign.body).toMatchObject({ code: 'LOGIN_REFUSED' });
    const again = await ask('POST', '/v1/officers/me/proofs', cookie, login);
    expect(again.body).toMatchObject({ code: 'LOGIN_CHALLENGE' });
    expect((await draw(cookie)).body).toMatchObject({ code: 'PROOF_NEEDED' });
  });
});

describe('an open act', () => {
  const stateOf = async (act: string) => (await readAct(world.deps, act))?.act.state;

  it('is taken back by who may sign it, and not by another officer of the community', async () => {
    const act = await draftNotice(world, officer.community, 'committee');
    const registrar = await appoint(world.deps, 'registrar', officer.community);
    const path = `/v1/acts/${act}/withdrawal`;
    expect((await ask('POST', path, await signedIn(registrar))).body).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await stateOf(act)).toBe('open');
    expect((await ask('POST', path, await signedIn(street))).status).toBe(200);
    expect(await stateOf(act)).toBe('withdrawn');
  });

  it('is taken back by who drafted it, also where his role may not sign it', async () => {
    const registrar = await appoint(world.deps, 'registrar', officer.community);
    const act = await draftNotice(world, officer.community, 'committee', registrar.officer);
    const path = `/v1/acts/${act}/withdrawal`;
    expect((await ask('POST', path, await signedIn(registrar))).status).toBe(200);
    expect(await stateOf(act)).toBe('withdrawn');
  });
});

describe('an officer’s own signatures', () => {
  it('are all there, with the entry and a receipt that verifies for what stands in the log', async () => {
    const [open, done] = [
      await draftNotice(world, officer.community, 'committee'),
      await draftNotice(world, officer.community, 'committee'),
    ];
    for (const act of [open, done]) expect(codeOf(await put(world, act, officer))).toBe('');
    expect(codeOf(await put(world, done, street))).toBe('');
    expect((await executeAct(world.deps, done, async () => ({ ok: true, value: undefined }))).ok).toBe(true);
    await sequenceOnce(log.deps);
    expect((await publishOnce(log.deps)).ok).toBe(true);
    const { body } = await ask('GET', '/v1/officers/me/signatures', await signedIn(officer));
    const found = body['signatures'] as readonly ListedSignature[];
    expect(found.map(({ act }) => act).sort()).toEqual([open, done].sort());
    const entered = present(
      found.find(({ act }) => act === done),
      'listed',
    );
    const leaf = present(fromBase64Url(entered.leaf), 'bytes');
    const trust = { logVkey: logVkey(log.deps), witnesses: [], quorum: 0 };
    expect(verifyLogProof(leaf, entered.receipt, trust)).toMatchObject({ ok: true });
    const entry = entryForm.parse(leaf);
    expect(entry.ok && entry.value.evidence).toContain(evidenceHash(entered.signature));
    expect(found.find(({ act }) => act === open)).toMatchObject({ state: 'open', leaf: '', receipt: '' });
  });

  it('are nobody else’s', async () => {
    const { body } = await ask('GET', '/v1/officers/me/signatures', await signedIn(street));
    expect((body['signatures'] as readonly unknown[]).length).toBe(1);
  });
});

describe('a browser', () => {
  it.each([
    [CHROME, 'Chrome · Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
      'Safari · macOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0',
      'WeChat · Android',
    ],
    ['curl/8.5.0', ''],
  ])('that calls itself %s is shown by its family', (userAgent, family) => {
    expect(agentFamily(userAgent)).toBe(family);
  });
});
