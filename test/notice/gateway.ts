// A gateway for messages on loopback: verifies each signature as a receiver of Standard Webhooks does, keeps what it took, and can be
// made to fail in every way that a gateway fails.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Mood = 'takes' | 'delivers' | 'fails' | 'refuses' | 'hangs' | 'redirects' | 'babbles' | 'dies';

export type Taken = {
  readonly id: string;
  readonly atSeconds: number;
  readonly signatures: number;
  readonly template: string;
  readonly phone: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
};

export type TestGateway = {
  readonly url: string;
  mood: Mood;
  /** Whatever came with a good signature, also where the answer was a failure. */
  readonly taken: Taken[];
  /** Requests whose signature was not good, and requests to where it redirects. */
  readonly strange: string[];
  readonly close: () => Promise<void>;
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function isSigned(secret: Uint8Array, signed: string, header: string): boolean {
  const wanted = createHmac('sha256', secret).update(signed).digest();
  return header.split(' ').some((each) => {
    const found = Buffer.from(each.replace(/^v1,/, ''), 'base64');
    return each.startsWith('v1,') && found.length === wanted.length && timingSafeEqual(found, wanted);
  });
}

function answer(mood: Mood, request: IncomingMessage, response: ServerResponse): void {
  switch (mood) {
    case 'takes':
      response.writeHead(202).end();
      return;
    case 'delivers':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"delivered":true}');
      return;
    case 'fails':
      response.writeHead(503).end('busy');
      return;
    case 'refuses':
      response.writeHead(400).end('{"error":"number"}');
      return;
    case 'redirects':
      response.writeHead(307, { location: '/elsewhere' }).end();
      return;
    case 'babbles':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"delivered":true,"filler":"${'x'.repeat(1_000_000)}"}`);
      return;
    case 'dies':
      request.socket.destroy();
      return;
    case 'hangs':
      return;
  }
}

/** Starts it; it knows one secret, `knows`. */
export async function startGateway(knows: Uint8Array): Promise<TestGateway> {
  const taken: Taken[] = [];
  const strange: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const header = (name: string): string => String(request.headers[name] ?? '');
    const [id, at, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
    const isGood = request.url === '/sms' && isSigned(knows, `${id}.${at}.${body}`, signatures ?? '');
    if (!isGood) {
      strange.push(String(request.url));
      response.writeHead(401).end();
      return;
    }
    const { data } = JSON.parse(body) as { readonly data: Omit<Taken, 'atSeconds' | 'signatures'> };
    taken.push({ ...data, atSeconds: Number(at), signatures: (signatures ?? '').split(' ').length });
    answer(gateway.mood, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    mood: 'takes',
    taken,
    strange,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}
