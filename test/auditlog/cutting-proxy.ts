// Puts itself between a log and what it talks to, and cuts one conversation: before the other side hears it (lost), or after the other
// side did it and before its answer arrives (done, and nobody knows).
import type { Server as HttpServer } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import pg from 'pg';

export type CutOutcome = 'lost' | 'done';
type Cut = { readonly text: string; readonly outcome: CutOutcome };

const READY_BYTES = 6;
/** The server's last word on a query: ReadyForQuery at the end of what it sent. */
const isReady = (chunk: Buffer): boolean =>
  chunk.toString('latin1', chunk.length - READY_BYTES, chunk.length - 5) === 'Z';

const listening = async (server: ReturnType<typeof createServer> | HttpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** A way to the database of `url` whose next statement with some text can be cut. */
export async function cuttingDatabase(url: string) {
  const login = new pg.Client({ connectionString: url });
  const place: NetConnectOpts = login.host.startsWith('/')
    ? { path: `${login.host}/.s.PGSQL.${login.port}` }
    : { host: login.host, port: login.port };
  let next: Cut | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(place);
    let ending = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end).on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      const cut = next !== undefined && chunk.includes(next.text, 0, 'latin1') ? next : undefined;
      if (cut !== undefined) next = undefined;
      if (cut?.outcome === 'lost') return end();
      ending ||= cut?.outcome === 'done';
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!ending) client.write(chunk);
      else if (isReady(chunk)) end();
    });
  });
  const port = await listening(server);
  const { user = '', password, database = '' } = login;
  const secret = encodeURIComponent(password ?? '');
  return {
    url: `postgresql://${encodeURIComponent(user)}:${secret}@127.0.0.1:${port}/${database}`,
    cutNext: (text: string, outcome: CutOutcome): void => {
      next = { text, outcome };
    },
    /** Whether the cut that was asked for has not happened. */
    isWaiting: (): boolean => next !== undefined,
    close: async (): Promise<void> => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A way to a witness whose next answer can be cut, or arrive by half. */
export async function cuttingWitness(url: string) {
  let next: CutOutcome | 'half' | undefined;
  const server = createHttpServer(async (request, response) => {
    const cut = next;
    next = undefined;
    const parts: Uint8Array[] = [];
    for await (const part of request) parts.push(part as Uint8Array);
    if (cut === 'lost') return void request.socket.destroy();
    const answer = await fetch(`${url}${request.url}`, { method: 'POST', body: Buffer.concat(parts) });
    const body = await answer.text();
    if (cut === 'done') return void request.socket.destroy();
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
    response.end(cut === 'half' ? body.slice(0, body.length / 2) : body);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    cutNext: (outcome: CutOutcome | 'half'): void => {
      next = outcome;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
