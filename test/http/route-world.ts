// A few routes of our own kind on a fresh database: what every route does before and after its handler, without any feature.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../src/base/clock.ts';
import { ok, refuse } from '../../src/base/result.ts';
import { addressIndex, atRestKeys } from '../../src/crypto/at-rest.ts';
import type { Database } from '../../src/db/connect.ts';
import { lastResort } from '../../src/http/last-resort.ts';
import type { Handled } from '../../src/http/mount.ts';
import { route } from '../../src/http/mount.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { createHttpServer } from '../../src/http/server.ts';

/** How the handler of `/v1/things` behaves now. */
export type Making = { make: (name: string) => Promise<Handled> };

const named = z.strictObject({ name: z.string() });
const BODY_LIMIT = 1_000;
/** Of routes that a test lets run out of time. */
export const SHORT_MS = 250;

function mountRoutes(router: express.Router, making: Making): void {
  const anyone = { summary: 'x', as: 'anyone', answer: z.unknown() } as const;
  const post = { ...anyone, method: 'post', status: 201 } as const;
  route(router, { ...post, path: '/v1/names', body: named, limit: BODY_LIMIT, timeMs: 2_000 }, async (call) =>
    ok({ name: call.body.name }),
  );
  route(
    router,
    { ...post, path: '/v1/hurried', body: named, timeMs: SHORT_MS },
    async ({ body, setSession }) => {
      const made = await making.make(body.name);
      setSession('owner', new Uint8Array(32), 60);
      return made;
    },
  );
  route(
    router,
    { ...post, path: '/v1/files', rawTypes: ['text/csv'], limit: BODY_LIMIT, timeMs: 2_000 },
    async ({ raw }) => ok({ size: raw.length }),
  );
  route(
    router,
    { ...post, path: '/v1/things', body: named, creates: true, timeMs: 15_000 },
    async ({ body }) => making.make(body.name),
  );
  route(
    router,
    { ...post, path: '/v1/hurried-things', body: named, creates: true, timeMs: SHORT_MS },
    async ({ body }) => making.make(body.name),
  );
  route(
    router,
    {
      ...post,
      path: '/v1/guesses',
      body: named,
      perAddress: { perMinute: 3, counted: ['REQUEST_MALFORMED', 'WRONG_GUESS'] },
    },
    async ({ body }) => (body.name === 'right' ? ok({}) : refuse('WRONG_GUESS')),
  );
  route(
    router,
    { ...post, path: '/v1/draws', perAddress: { perMinute: 2, counted: 'every call' } },
    async () => ok({}),
  );
  route(router, { ...anyone, method: 'get', path: '/v1/waits', timeMs: SHORT_MS }, async () =>
    making.make('waiting'),
  );
}

export type RouteWorld = {
  readonly port: number;
  readonly url: string;
  /** What the operator was told. */
  readonly logged: readonly string[];
  readonly close: () => Promise<void>;
};

/** One process of the service, as far as these routes go; several of them may share a database. */
export async function startRoutes(db: Database, clock: Clock, making: Making): Promise<RouteWorld> {
  const app = express();
  app.set('query parser', 'simple');
  app.set('origins', ['https://vote.example']);
  app.set('db', db);
  app.set('clock', clock);
  const atRest = atRestKeys([new Uint8Array(32).fill(6)], new Uint8Array(32).fill(7));
  app.set('addressIndex', (route: string, address: string) => addressIndex(atRest, route, address));
  app.set('sessions', { officer: async () => undefined, owner: async () => undefined });
  app.use(securityHeaders(true));
  const router = express.Router();
  mountRoutes(router, making);
  app.use(router);
  const logged: string[] = [];
  app.use(lastResort(pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })));
  const server = createHttpServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    logged,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Something that a handler waits for until the test opens it. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export type Asked = {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly headers: Headers;
};

/** Asks with fetch, and reads the code of a problem. */
export async function ask(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Asked> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const code = response.ok ? '' : (JSON.parse(text) as { code: string }).code;
  return { status: response.status, code, text, headers: response.headers };
}
