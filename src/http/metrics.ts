/** Counters by route and status, and a few gauges, on a port of their own; no id, no choice, nothing per proposal (DESIGN §5). */

import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

const counts = new Map<string, number>();

/** Counts every request by method, mounted route and status, and logs one line for it. */
export const countRequests =
  (logger: Logger): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const path: unknown = request.route?.path;
      const route = typeof path === 'string' ? path : 'other';
      const label = `method="${request.method}",route="${route}",status="${response.statusCode}"`;
      counts.set(label, (counts.get(label) ?? 0) + 1);
      logger.info({
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
      });
    });
    next();
  };

/** Values that are asked for when somebody looks, by their name; undefined where they cannot be told now. */
export type Gauges = () => Promise<Readonly<Record<string, number>> | undefined>;

const gaugeText = (gauges: Readonly<Record<string, number>>): string =>
  Object.entries(gauges)
    .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('');

/** The counters in Prometheus' text form. */
export function metricsText(): string {
  const lines = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, count]) => `http_requests_total{${label}} ${count}`);
  return ['# TYPE http_requests_total counter', ...lines, ''].join('\n');
}

/** Serves `/metrics`; nothing is listening yet. */
export function createMetricsServer(gauges: Gauges): Server {
  return createServer(async (request, response) => {
    const known = request.method === 'GET' && request.url === '/metrics';
    response.writeHead(known ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' });
    const values = known ? await gauges().catch(() => undefined) : undefined;
    response.end(known ? metricsText() + gaugeText(values ?? {}) : '');
  });
}
