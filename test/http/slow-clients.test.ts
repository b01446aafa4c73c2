// Goal: no client can hold the server or break it: every wait ends, every count is bounded, and others are served meanwhile. Method:
// our server with short limits around a small listener, and clients that send bytes as they like over real sockets.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpLimits } from '../../src/http/server.ts';
import type { RawConnection, RawServer } from './raw-client.ts';
import { startRawServer } from './raw-client.ts';

const GET = 'GET / HTTP/1.1\r\nHost: vote.example\r\n\r\n';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let running: RawServer | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** Reads the body, then answers its length. */
const echoing: RequestListener = (request, response) => {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  request.on('end', () => answer(response, String(size)));
  request.on('error', () => undefined);
};

function answer(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

async function start(limits: Partial<HttpLimits> = {}, app: RequestListener = echoing): Promise<RawServer> {
  running = await startRawServer(app, limits);
  return running;
}

/** Keeps requests until the test lets them go. */
function holding() {
  const held: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
  const app: RequestListener = (request, response) => void held.push({ request, response });
  const until = async (count: number): Promise<void> => {
    while (held.length < count) await pause(5);
  };
  return { app, held, until };
}

async function isServed({ dial }: RawServer): Promise<boolean> {
  const other = await dial();
  other.send(GET);
  return (await other.received(1))[0]?.status === 200;
}

/** Sends piece after piece until the server ends the connection. */
async function dribble(connection: RawConnection, piece: string): Promise<void> {
  while (!connection.isClosed()) {
    connection.send(piece);
    await pause(20);
  }
}

describe('a client that is slow', () => {
  it('and never says anything is told and cut off', async () => {
    const server = await start();
    const silent = await server.dial();
    await silent.closed;
    expect(silent.answers()).toMatchObject([{ status: 408, code: 'REQUEST_TIMEOUT' }]);
    expect(await isServed(server)).toBe(true);
  });

  it('with its headers is told and cut off', async () => {
    const client = await (await start()).dial();
    client.send('GET / HTTP/1.1\r\nHost: vote.example\r\n');
    await dribble(client, 'X-More: 1\r\n');
    expect(client.answers()).toMatchObject([{ status: 408, code: 'REQUEST_TIMEOUT' }]);
  });

  it('with its body is told and cut off', async () => {
    const client = await (await start()).dial();
    client.send('POST / HTTP/1.1\r\nHost: vote.example\r\nContent-Length: 100000\r\n\r\n');
    await dribble(client, '{');
    expect(client.answers()).toMatchObject([{ status: 408, code: 'REQUEST_TIMEOUT' }]);
  });

  it('with the chunks of its body is told and cut off', async () => {
    const client = await (await start()).dial();
    client.send('POST / HTTP/1.1\r\nHost: vote.example\r\nTransfer-Encoding: chunked\r\n\r\n');
    await dribble(client, '1\r\n{\r\n');
    expect(client.answers()).toMatchObject([{ status: 408, code: 'REQUEST_TIMEOUT' }]);
  });

  it('between two requests is closed', async () => {
    const client = await (await start({ keepAliveMs: 100 })).dial();
    client.send(GET);
    await client.closed;
    expect(client.answers()).toMatchObject([{ status: 200 }]);
  });

  it('in reading a large answer is cut off before its end', async () => {
    const size = 32 * 1024 * 1024;
    const server = await start({}, (_request, response) => answer(response, 'x'.repeat(size)));
    const slow = await server.dial();
    slow.socket.pause();
    slow.send(GET);
    let open = 1;
    while (open > 0) {
      open = await new Promise<number>((resolve) =>
        server.server.getConnections((_, count) => resolve(count)),
      );
      await pause(20);
    }
    slow.socket.resume();
    await slow.closed;
    expect(slow.socket.bytesRead).toBeLessThan(size);
  });

  it('in ending a body that was refused is cut off after it could read why', async () => {
    const refusing: RequestListener = (_request, response) => {
      response.writeHead(413, { 'Content-Length': 0 }).end();
    };
    const client = await (await start({ requestMs: 60_000 }, refusing)).dial();
    client.send('POST / HTTP/1.1\r\nHost: vote.example\r\nTransfer-Encoding: chunked\r\n\r\n');
    await dribble(client, '1\r\n{\r\n');
    expect(client.answers()).toMatchObject([{ status: 413 }]);
  });

  it('and ends a refused body in time keeps its connection', async () => {
    const refusing: RequestListener = (request, response) => {
      if (request.method === 'GET') answer(response, 'ok');
      else response.writeHead(413, { 'Content-Length': 0 }).end();
    };
    const client = await (await start({}, refusing)).dial();
    for (let turn = 1; turn <= 15; turn += 1) {
      client.send('POST / HTTP/1.1\r\nHost: vote.example\r\nContent-Length: 2\r\n\r\n{');
      await client.received(turn);
      client.send('}');
    }
    await pause(600);
    client.send(GET);
    expect((await client.received(16)).at(-1)).toMatchObject({ status: 200, body: 'ok' });
  });
});

describe('requests of one connection', () => {
  it('beyond the bound get one refusal, end the connection, and never reach the application', async () => {
    const { app, held, until } = holding();
    const client = await (await start({ requestsAtOnce: 4 }, app)).dial();
    client.send(GET.repeat(50));
    await until(4);
    await pause(100);
    expect(held).toHaveLength(4);
    for (const { response } of held) answer(response, 'late');
    await client.closed;
    expect(client.answers().map(({ status }) => status)).toEqual([200, 200, 200, 200, 503]);
    expect(client.answers().at(-1)).toMatchObject({
      code: 'UNAVAILABLE',
      headers: { 'retry-after': '2', connection: 'close' },
    });
    expect(held).toHaveLength(4);
  });

  it('behind the last answer have no effect, even when there is room again', async () => {
    const { app, held, until } = holding();
    const client = await (await start({ requestsAtOnce: 4 }, app)).dial();
    client.send(GET.repeat(5));
    await until(4);
    for (const { response } of held.slice(0, 3)) answer(response, 'good');
    await client.received(3);
    client.send(GET.repeat(2));
    await pause(100);
    expect(held).toHaveLength(4);
    answer(held[3]?.response as ServerResponse, 'good');
    await client.closed;
    expect(client.answers().map(({ status }) => status)).toEqual([200, 200, 200, 200, 503]);
  });

  it('that wait in order are answered in order', async () => {
    const { app, held, until } = holding();
    const client = await (await start({}, app)).dial();
    client.send(GET.repeat(3));
    await until(3);
    for (const at of [2, 0, 1]) answer(held[at]?.response as ServerResponse, `number ${at}`);
    const bodies = (await client.received(3)).map(({ body }) => body);
    expect(bodies).toEqual(['number 0', 'number 1', 'number 2']);
  });

  it('are answered before the refusal of the one that is no HTTP, and none after it', async () => {
    const { app, held, until } = holding();
    const client = await (await start({}, app)).dial();
    client.send(`${GET}${GET}NONSENSE\r\n\r\n`);
    await until(2);
    for (let turn = 0; turn < 20; turn += 1) {
      client.send('more nonsense\r\n');
      await pause(2);
    }
    for (const { response } of held) answer(response, 'good');
    await client.closed;
    expect(client.answers().map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('requests of one address', () => {
  it('beyond the bound are refused while another address is served', async () => {
    const { app, held, until } = holding();
    const server = await start({ requestsPerAddress: 6 }, app);
    const from = (address: string) =>
      `GET / HTTP/1.1\r\nHost: vote.example\r\nX-Forwarded-For: 10.0.0.9, ${address}\r\n\r\n`;
    const crowd = await Promise.all([server.dial(), server.dial(), server.dial()]);
    for (const client of crowd) client.send(from('192.0.2.1').repeat(2));
    await until(6);
    const beyond = await server.dial();
    beyond.send(from('192.0.2.1'));
    expect(await beyond.received(1)).toMatchObject([{ status: 503, code: 'UNAVAILABLE' }]);
    const other = await server.dial();
    other.send(from('192.0.2.2'));
    await until(7);
    for (const { response } of held) answer(response, 'good');
    expect(await other.received(1)).toMatchObject([{ status: 200 }]);
    for (const client of crowd) await client.received(2);
    const again = await server.dial();
    again.send(from('192.0.2.1'));
    await until(8);
    answer(held[7]?.response as ServerResponse, 'good');
    expect(await again.received(1)).toMatchObject([{ status: 200 }]);
  });
});

describe('connections', () => {
  it('of one address beyond its bound end the one that has waited longest', async () => {
    const server = await start({ connectionsPerAddress: 4, headersMs: 10_000, requestMs: 10_000 });
    const idle: RawConnection[] = [];
    for (let count = 0; count < 4; count += 1) idle.push(await server.dial());
    // The first has used its connection since, so that the second has waited longest.
    idle[0]?.send(GET);
    await idle[0]?.received(1);
    expect(await isServed(server)).toBe(true);
    await idle[1]?.closed;
    expect(idle.map((client) => client.isClosed())).toEqual([false, true, false, false]);
  });

  it('of all addresses beyond the bound never end one with a whole request', async () => {
    const { app, held, until } = holding();
    const server = await start({ connections: 3, headersMs: 10_000, requestMs: 10_000 }, app);
    const first = await server.dial();
    first.send(GET);
    await until(1);
    const dribblers: RawConnection[] = [];
    for (let count = 0; count < 12; count += 1) {
      const client = await server.dial();
      client.send('POST / HTTP/1.1\r\nHost: vote.example\r\nContent-Length: 9\r\n\r\n{');
      dribblers.push(client);
    }
    await Promise.all(dribblers.slice(0, 10).map(({ closed }) => closed));
    answer(held[0]?.response as ServerResponse, 'kept');
    expect(await first.received(1)).toMatchObject([{ status: 200, body: 'kept' }]);
  });

  it('behind our own proxy share only the bound of all', async () => {
    running = await startRawServer(echoing, { connectionsPerAddress: 2 }, () => true);
    const clients = [await running.dial(), await running.dial(), await running.dial(), await running.dial()];
    for (const client of clients) client.send(GET);
    for (const client of clients) expect(await client.received(1)).toMatchObject([{ status: 200 }]);
  });
});

describe('a server that stops', () => {
  it('ends what is under way, and waits for nobody’s next request', async () => {
    const { app, held, until } = holding();
    const server = await start({ keepAliveMs: 60_000 }, app);
    const [idle, busy] = [await server.dial(), await server.dial()];
    busy.send(GET);
    await until(1);
    const closed = new Promise((resolve) => server.server.close(resolve));
    server.server.closeIdleConnections();
    answer(held[0]?.response as ServerResponse, 'last');
    await closed;
    await Promise.all([idle.closed, busy.closed]);
    expect(busy.answers()).toMatchObject([{ status: 200, body: 'last' }]);
  });
});
