// Goal: what is no proper request is refused with a reason that people can read, and breaks nothing. Method: our server around a small
// listener, and bytes on real sockets; the process that runs the test is the one that would fall.
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawServer } from './raw-client.ts';
import { startRawServer } from './raw-client.ts';

const HOST = 'Host: vote.example\r\n';
const GET = `GET / HTTP/1.1\r\n${HOST}\r\n`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let server: RawServer;
const reached: string[] = [];
const app: RequestListener = (request, response) => {
  reached.push(`${request.method} ${request.url}`);
  request.resume().on('error', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'Content-Length': 2 });
    response.end('ok');
  });
};
beforeAll(async () => {
  server = await startRawServer(app);
});
afterAll(async () => server.close());

async function answerTo(bytes: string | Uint8Array) {
  const client = await server.dial();
  client.send(bytes);
  return (await client.received(1))[0];
}

const many = (count: number): string => Array.from({ length: count }, (_, at) => `X-${at}: 1\r\n`).join('');

describe('a request', () => {
  it.each([
    ['that is no HTTP', 'hello\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    ['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    ['in TLS', new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), 400, 'REQUEST_MALFORMED'],
    ['under a method that nobody knows', `BREW / HTTP/1.1\r\n${HOST}\r\n`, 400, 'REQUEST_MALFORMED'],
    ['without a host', 'GET / HTTP/1.1\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    ['with two hosts', `GET / HTTP/1.1\r\n${HOST}host: evil.example\r\n\r\n`, 400, 'REQUEST_MALFORMED'],
    ['with a folded header', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400, 'REQUEST_MALFORMED'],
    ['with a NUL in a header', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400, 'REQUEST_MALFORMED'],
    ['with a space before the colon', `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`, 400, 'REQUEST_MALFORMED'],
    [
      'with two lengths',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'with a length and chunks',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'with a coding that does not end',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'with a chunk that is none',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'with long extensions of a chunk',
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n`,
      413,
      'REQUEST_TOO_LARGE',
    ],
    [
      'with large headers',
      `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(17_000)}\r\n\r\n`,
      431,
      'REQUEST_HEADERS',
    ],
    ['with a long address', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`, 431, 'REQUEST_HEADERS'],
    ['with many headers', `GET / HTTP/1.1\r\n${HOST}${many(100)}\r\n`, 431, 'REQUEST_HEADERS'],
    ['with an expectation', `GET / HTTP/1.1\r\n${HOST}Expect: tea\r\n\r\n`, 417, 'REQUEST_EXPECTATION'],
    ['for a tunnel', `CONNECT vote.example:443 HTTP/1.1\r\n${HOST}\r\n`, 405, 'METHOD_NOT_ALLOWED'],
  ])('%s is refused, says why, and is the last of its connection', async (_, bytes, status, code) => {
    reached.length = 0;
    const client = await server.dial();
    client.send(bytes);
    client.send(GET);
    await client.closed;
    const answers = client.answers();
    expect(answers).toMatchObject([{ status, code }]);
    expect(answers[0]?.headers).toMatchObject({
      connection: 'close',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(JSON.parse(answers[0]?.body ?? '{}')).toMatchObject({
      title: expect.stringMatching(/\p{Script=Han}/u),
      title_en: expect.stringMatching(/\.$/),
    });
    expect(reached.filter((each) => each === 'GET /')).toEqual([]);
  });

  it.each([
    ['of HTTP/1.0 without a host', 'GET / HTTP/1.0\r\n\r\n'],
    ['with as many headers as are allowed', `GET / HTTP/1.1\r\n${HOST}${many(99)}\r\n`],
    ['for a whole address', `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`],
    ['that wants another protocol', `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`],
    ['about everything', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
  ])('%s is answered', async (_, bytes) => {
    expect(await answerTo(bytes)).toMatchObject({ status: 200 });
  });

  it('that waits to be asked for its body is asked', async () => {
    const client = await server.dial();
    client.send(`POST / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    expect((await client.received(1))[0]?.status).toBe(100);
    client.send('{}');
    expect((await client.received(2))[1]?.status).toBe(200);
  });
});

describe('a client that breaks off', () => {
  const STARTS = [
    '',
    'GET',
    GET,
    `${GET}NONSENSE\r\n\r\n`,
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\n{`,
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `CONNECT vote.example:443 HTTP/1.1\r\n${HOST}\r\n`,
    `${GET}CONNECT vote.example:443 HTTP/1.1\r\n${HOST}\r\n`,
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\n{CONNECT a:1 HTTP/1.1\r\n${HOST}\r\nmore`,
    `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}Expect: tea\r\nContent-Length: 5\r\n\r\n`,
    'nonsense\r\n\r\n',
  ];

  it.each(['at once', 'after a while'])('with a reset %s takes nobody with it', async (when) => {
    for (const start of STARTS) {
      const clients = await Promise.all([server.dial(), server.dial(), server.dial()]);
      for (const client of clients) client.send(start);
      if (when === 'after a while') await pause(10);
      for (const client of clients) client.send(start);
      for (const { socket } of clients) socket.resetAndDestroy();
    }
    await pause(100);
    expect(await answerTo(GET)).toMatchObject({ status: 200 });
  });

  it('and had a tunnel refused may send on for a while, and is cut off then', async () => {
    const client = await server.dial();
    client.send(`CONNECT vote.example:443 HTTP/1.1\r\n${HOST}\r\n`);
    await client.closed;
    const cut = new Promise((resolve) => client.socket.once('close', resolve));
    const sending = setInterval(() => client.send('x'.repeat(1_000)), 10);
    await cut;
    clearInterval(sending);
    expect(client.answers()[0]?.headers['allow']).toBe('');
  });

  it('and sends garbage on and on reads why, and is not reset meanwhile', async () => {
    const patient = await startRawServer(app, { lingerMs: 60_000 });
    const client = await patient.dial();
    const errors: Error[] = [];
    client.socket.on('error', (error) => errors.push(error));
    for (let turn = 0; turn < 10; turn += 1) {
      client.send('garbage\r\n\r\n');
      await pause(10);
    }
    await client.closed;
    expect(client.answers()).toMatchObject([{ status: 400, code: 'REQUEST_MALFORMED' }]);
    expect(errors).toEqual([]);
    await patient.close();
  });
});
