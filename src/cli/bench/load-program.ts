/**
 * The clients of a bench: keep-alive connections that send prepared requests and read the status of each answer, in a process of
 * their own. Closed loop: each connection sends when its last answer has come. Open loop: requests are due at a fixed rate, and
 * a late one counts from when it was due, so that a stall is felt by all who would have come in it.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { serveRequests } from './channel.ts';
import type { CastFile } from './prepared-casts.ts';

export type LoadOrder = {
  readonly url: string;
  readonly file: CastFile;
  readonly connections: number;
  /** Which of the file's lines. */
  readonly from: number;
  readonly count: number;
  /** Requests a second; 0 is as fast as answers come. */
  readonly rate: number;
};

export type LoadFigures = {
  readonly seconds: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

function requestsOf({ url, file, from, count }: LoadOrder): Buffer[] {
  const lines = readFileSync(file.path, 'utf8')
    .split('\n')
    .slice(from, from + count);
  return lines
    .filter((line) => line !== '')
    .map((body) => {
      const bytes = Buffer.from(body);
      const head = `POST /v1/meetings/${file.meeting}/casts HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), bytes]);
    });
}

/** One connection; `send` resolves with the status once the whole answer has come. */
function connection(url: string) {
  const { hostname, port } = new URL(url);
  const socket = new Socket();
  let held: Buffer = Buffer.alloc(0);
  let answered: (status: number) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = held.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = held.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 'NaN');
    if (held.length < end + 4 + length) return;
    held = held.subarray(end + 4 + length);
    answered(Number(head.slice(9, 12)));
  });
  socket.on('error', (error) => failed(error));
  socket.on('close', () => failed(new Error('the connection was closed')));
  return {
    open: () =>
      new Promise<void>((resolve, reject) => {
        failed = reject;
        socket.connect(Number(port), hostname, resolve);
      }),
    send: (request: Buffer) =>
      new Promise<number>((resolve, reject) => {
        answered = resolve;
        failed = reject;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function load(order: LoadOrder): Promise<LoadFigures> {
  const requests = requestsOf(order);
  const connections = Array.from({ length: order.connections }, () => connection(order.url));
  await Promise.all(connections.map((each) => each.open()));
  const statuses: Record<string, number> = {};
  const tookMs: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const dueOf = (at: number): number => startedAt + (order.rate === 0 ? 0 : (at / order.rate) * 1000);
  await Promise.all(
    connections.map(async (each) => {
      for (let at = next; at < requests.length; at = next) {
        next += 1;
        const early = dueOf(at) - performance.now();
        if (order.rate > 0 && early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        const since = order.rate === 0 ? performance.now() : dueOf(at);
        const status = await each.send(requests[at] as Buffer);
        tookMs.push(performance.now() - since);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const each of connections) each.close();
  tookMs.sort((a, b) => a - b);
  return { seconds, statuses, p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) };
}

serveRequests(load as (request: never) => Promise<LoadFigures>, async () => undefined);
