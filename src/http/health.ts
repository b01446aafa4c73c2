/** Liveness without dependencies, and readiness that names the engine, so that an operator sees what he runs on. */
import { Router } from 'express';

export type Readiness = {
  readonly ready: boolean;
  readonly engine: string;
  readonly fsync: string;
  readonly logSize: number;
  readonly reason: string;
};

/** Every reason for not being ready either passes by itself within seconds or ends the process. */
const RETRY_AFTER_S = 5;

export type Health = { readonly check: () => Promise<Readiness> };

/** `/livez` and `/readyz`. */
export function healthRouter(health: Health): Router {
  const router = Router();
  // Everybody who asks at once gets the one answer: strangers may ask as often as they like.
  let asking: Promise<Readiness> | undefined;
  const ask = (): Promise<Readiness> => {
    asking ??= health.check().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  router.get('/livez', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  router.get('/readyz', async (_request, response) => {
    const readiness = await ask();
    if (!readiness.ready) response.set('Retry-After', String(RETRY_AFTER_S));
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  return router;
}
