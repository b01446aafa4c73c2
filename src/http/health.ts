/** Liveness without dependencies, and readiness that names the engine, so that an operator sees what he runs on. */
import { Router } from 'express';

export type Readiness = {
  readonly ready: boolean;
  readonly engine: string;
  readonly fsync: string;
  readonly logSize: number;
  readonly reason: string;
};

export type Health = { readonly check: () => Promise<Readiness> };

/** `/livez` and `/readyz`. */
export function healthRouter(health: Health): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  router.get('/readyz', async (_request, response) => {
    const readiness = await health.check();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  return router;
}
