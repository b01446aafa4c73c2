// A client that sends exactly the bytes that a test wants, at the pace that it wants, and parses what comes back.
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { HttpLimits } from '../../src/http/server.ts';
import { createHttpServer, HTTP_LIMITS } from '../../src/http/server.ts';

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The code of a problem document; empty for other answers. */
  readonly code: string;
};

export type RawConnection = {
  readonly socket: Socket;
  readonly send: (text: string | Uint8Array) => void;
  /** The answers so far. */
  readonly answers: () => readonly RawAnswer[];
  /** Waits until there are this many answers, or the server has closed. */
  readonly received: (count: number) => Promise<readonly RawAnswer[]>;
  /** Settles when the server has ended the connection, politely or not. */
  readonly closed: Promise<void>;
  readonly isClosed: () => boolean;
};

/** The answer at the head of the text and what follows it, or undefined while it is not whole. */
function firstAnswer(text: string): { readonly answer: RawAnswer; readonly rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const pairs = lines.map((each): [string, string] => {
    const at = each.indexOf(':');
    return [each.slice(0, at).toLowerCase(), each.slice(at + 1).trim()];
  });
  const headers = Object.fromEntries(pairs);
  const status = Number(line.split(' ')[1]);
  const size = status < 200 ? 0 : Number(headers['content-length'] ?? '0');
  const after = Buffer.from(text.slice(end + 4));
  if (after.length < size) return undefined;
  const body = after.subarray(0, size).toString();
  const isProblem = headers['content-type']?.startsWith('application/problem+json') === true;
  const code = isProblem ? (JSON.parse(body) as { code: string }).code : '';
  return { answer: { status, headers, body, code }, rest: after.subarray(size).toString() };
}

function parseAnswers(text: string): readonly RawAnswer[] {
  const found: RawAnswer[] = [];
  for (let next = firstAnswer(text); next !== undefined; next = firstAnswer(next.rest))
    found.push(next.answer);
  return found;
}

/** Connects; whatever becomes of the connection, nothing is thrown. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let isClosed = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      isClosed = true;
      resolve();
    };
    socket.once('end', close).once('close', close);
  });
  await once(socket, 'connect');
  return {
    socket,
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    answers: () => parseAnswers(text),
    async received(count) {
      while (!isClosed && parseAnswers(text).length < count) {
        await new Promise<void>((resolve) => {
          socket.once('data', () => resolve());
          void closed.then(resolve);
        });
      }
      return parseAnswers(text);
    },
    closed,
    isClosed: () => isClosed,
  };
}

/** Short enough for tests, and long enough that a busy machine does not reach them by itself. */
export const TEST_LIMITS: HttpLimits = {
  ...HTTP_LIMITS,
  headersMs: 400,
  requestMs: 800,
  answerMs: 400,
  keepAliveMs: 5_000,
  checkEveryMs: 50,
  lingerMs: 300,
};

export type RawServer = {
  readonly server: Server;
  readonly port: number;
  readonly dial: () => Promise<RawConnection>;
  readonly close: () => Promise<void>;
};

/** Our server on a port of its own; every client counts by its address, although it is on this machine. */
export async function startRawServer(
  app: RequestListener,
  limits: Partial<HttpLimits> = {},
  isShared: (address: string | undefined) => boolean = () => false,
): Promise<RawServer> {
  const server = createHttpServer(app, { ...TEST_LIMITS, ...limits }, isShared);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dialled: RawConnection[] = [];
  return {
    server,
    port,
    async dial() {
      const connection = await connectRaw(port);
      dialled.push(connection);
      return connection;
    },
    async close() {
      for (const { socket } of dialled) socket.destroy();
      const closed = server.listening ? once(server, 'close') : Promise.resolve();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
