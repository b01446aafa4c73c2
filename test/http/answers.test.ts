// Goal: every answer, of whatever kind, tells a browser to be careful, and the service says when it is not ready and why. Method: the
// whole service over HTTP, on a clock that can be put wrong; its stop is watched from a connection that was there before.
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { healthRouter } from '../../src/http/health.ts';
import type { JumpingClock } from '../fault/jumping-clock.ts';
import { jumpingClock } from '../fault/jumping-clock.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import type { RawConnection } from './raw-client.ts';
import { connectRaw, startRawServer, TEST_LIMITS } from './raw-client.ts';
import { gate } from './route-world.ts';

let service: TestService;
let clock: JumpingClock;
let isStopped = false;

beforeAll(async () => {
  clock = jumpingClock();
  service = await startTestService({ clock, realTime: true });
});
afterAll(async () => {
  if (!isStopped) await service.close();
});

const port = (): number => Number(new URL(service.service.url).port);
const ask = (path: string, method = 'GET') =>
  fetch(service.service.url + path, { method, redirect: 'manual' });
const dial = (): Promise<RawConnection> => connectRaw(port());

async function assetPath(): Promise<string> {
  const html = await (await ask('/e')).text();
  return present(/\/assets\/[^"]+\.js/.exec(html)?.[0], 'a page has a script');
}

const CLOSED = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];

const KINDS: readonly (readonly [kind: string, path: string, method: string, status: number])[] = [
  ['JSON', '/v1/deployment', 'GET', 200],
  ['text', '/livez', 'GET', 200],
  ['health', '/readyz', 'GET', 200],
  ['the document', '/openapi.json', 'GET', 200],
  ['a refusal', '/v1/officers/me', 'GET', 401],
  ['an unknown address', '/v1/nothing', 'GET', 404],
  ['an unknown page', '/nothing', 'GET', 404],
  ['an unknown file', '/assets/nothing.js', 'GET', 404],
  ['a broken address', '/v1/meetings/%E0%A4%A', 'GET', 400],
  ['a wrong method', '/v1/deployment', 'PUT', 405],
  ['a question about methods', '/v1/deployment', 'OPTIONS', 200],
  ['a redirection', '/vote', 'GET', 303],
  ['a head', '/v1/deployment', 'HEAD', 200],
  ['a part of the log', '/log/checkpoint', 'GET', 200],
  ['an unknown part of the log', '/log/tile/9/9', 'GET', 404],
];

describe('an answer that is', () => {
  it.each(KINDS)('%s keeps a browser careful (%s, %s)', async (_, path, method, status) => {
    const { headers, status: given } = await ask(path, method);
    expect(given).toBe(status);
    const policy = (headers.get('content-security-policy') ?? '').split(/; ?/);
    expect(policy).toEqual(expect.arrayContaining(CLOSED));
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    if (!path.startsWith('/log/checkpoint')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['/', '/e', '/console', '/assets-list', '/what-if'])(
    'the page %s runs our own files only',
    async (path) => {
      const { headers, status } = await ask(path);
      expect(status).toBe(200);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|https?:|\*|nonce|blob:/);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'content-type': 'text/html; charset=utf-8',
      });
    },
  );

  it('a file of the pages is kept, and careful too', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { headers, status } = await ask(await assetPath(), method);
      expect(status).toBe(200);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
  });

  it('for a plain deployment does not demand https of browsers that could not come back', async () => {
    expect((await ask('/livez')).headers.get('strict-transport-security')).toBeNull();
  });
});

describe('a method', () => {
  it.each([
    '/',
    '/e',
    '/vote',
    '/console',
    '/console/enrol',
    '/assets-list',
    '/what-if',
    '/openapi.json',
    '/livez',
    '/readyz',
  ])('that %s does not have is refused with those that it has', async (path) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await ask(path, method);
      expect(`${method} ${answer.status} ${answer.headers.get('allow')}`).toBe(
        `${method} 405 GET, HEAD, OPTIONS`,
      );
    }
  });

  it('to read, where there is only something to do, is refused too', async () => {
    const answer = await ask('/v1/officers/sessions');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'DELETE, OPTIONS, POST']);
  });

  it('HEAD is GET without its body', async () => {
    const client = await dial();
    client.send('HEAD /v1/deployment HTTP/1.1\r\nHost: vote.example\r\n\r\n');
    await new Promise((resolve) => client.socket.once('data', resolve));
    client.send('GET /livez HTTP/1.1\r\nHost: vote.example\r\nConnection: close\r\n\r\n');
    let text = '';
    client.socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await client.closed;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok\n$/);
    client.socket.destroy();
  });
});

describe('what nobody mounted', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['POST', '/v1/meetings'],
    ['PUT', '/v1/deployment'],
    ['GET', '/v1/../../etc/passwd'],
    ['GET', '/v1/meetings/%E0%A4%A'],
  ])('%s %s is a problem document', async (method, path) => {
    const answer = await ask(path, method);
    expect([400, 404, 405]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const { code } = (await answer.json()) as { code: string };
    expect(code).toMatch(/^(NOT_FOUND|REQUEST_MALFORMED|METHOD_NOT_ALLOWED)$/);
  });
});

type Ready = { readonly ready: boolean; readonly reason: string };

describe('readiness', () => {
  it('ends while the clock differs from the database’s, says so, and comes back by itself', async () => {
    for (const ahead of [3_000, -3_000]) {
      clock.jumpTo(ahead);
      const wrong = await ask('/readyz');
      expect(wrong.status).toBe(503);
      expect(wrong.headers.get('retry-after')).toBe('5');
      expect(await wrong.json()).toMatchObject({ ready: false, reason: 'clock differs from the database' });
      clock.jumpTo(0);
      const right = await ask('/readyz');
      expect([right.status, ((await right.json()) as Ready).ready]).toEqual([200, true]);
    }
  });

  it('is found out once for all who ask at once, and anew for the next', async () => {
    const waiting = gate();
    let asked = 0;
    const check = async () => {
      asked += 1;
      await waiting.opened;
      return { ready: true, engine: '', fsync: '', logSize: asked, reason: '' };
    };
    const server = await startRawServer(express().use(healthRouter({ check })), TEST_LIMITS, () => true);
    const READY = 'GET /readyz HTTP/1.1\r\nHost: vote.example\r\n\r\n';
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.dial()));
    for (const client of clients) client.send(READY);
    while (asked === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    waiting.open();
    for (const client of clients) expect((await client.received(1))[0]?.body).toContain('"logSize":1');
    clients[0]?.send(READY);
    expect((await clients[0]?.received(2))?.[1]?.body).toContain('"logSize":2');
    await server.close();
  });

  it('ends with the first signal, while what is under way is still answered', async () => {
    const [busy, idle] = [await dial(), await dial()];
    busy.send(
      'POST /v1/officers/sessions HTTP/1.1\r\nHost: vote.example\r\nContent-Type: application/json\r\n',
    );
    busy.send('Content-Length: 2\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 100));
    isStopped = true;
    const closing = service.close();
    await idle.closed;
    await expect(ask('/readyz')).rejects.toThrow();
    busy.send('}GET /readyz HTTP/1.1\r\nHost: vote.example\r\n\r\n');
    const [first, second] = await busy.received(2);
    expect(first).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' });
    expect(second).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(JSON.parse(second?.body ?? '{}')).toMatchObject({ ready: false, reason: 'stopping' });
    await closing;
    await busy.closed;
  });
});
