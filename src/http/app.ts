/** The application: what is mounted where, in which order, and what happens to everything else (DESIGN §6). */

import type { ErrorRequestHandler, Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { z } from 'zod';
import { assemblyRouter } from '../assembly/routes.ts';
import { logRouter } from '../auditlog/routes.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { ballotRouter } from '../ballot/routes.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import { CommitUnknownError } from '../db/connect.ts';
import { outageOf } from '../db/outages.ts';
import { fundRouter } from '../fund/routes.ts';
import { identityRouter } from '../identity/routes.ts';
import { ownerSessionOf } from '../identity/signing-in.ts';
import { declaredRoots } from '../officers/root.ts';
import { officerRouter } from '../officers/routes.ts';
import { readOfficerSession } from '../officers/signing-in.ts';
import { registryRouter } from '../registry/routes.ts';
import { siteRouter } from '../site/routes.ts';
import { tallyRouter } from '../tally/routes.ts';
import type { Health } from './health.ts';
import { healthRouter } from './health.ts';
import { countRequests } from './metrics.ts';
import type { SessionReaders } from './mount.ts';
import { route } from './mount.ts';
import { openApiDocument } from './openapi.ts';
import { sendProblem } from './problem.ts';

export type AppDeps = {
  readonly ballot: BallotDeps;
  readonly assetsDir: string;
  readonly health: Health;
  readonly logger: Logger;
};

/** Builds the application; nothing is listening yet. */
export function createApp({ ballot, assetsDir, health, logger }: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('origins', ballot.origins);
  app.set('db', ballot.db);
  app.set('clock', ballot.clock);
  app.set('sessions', {
    officer: (hash) => readOfficerSession(ballot, hash),
    owner: (hash) => ownerSessionOf(ballot, hash),
  } satisfies SessionReaders);
  app.use(countRequests(logger));
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });
  // The cast path comes before everything that it does not need.
  app.use(ballotRouter(ballot));
  app.use(healthRouter(health));
  app.use(logRouter(ballot));
  app.use(helmet({ contentSecurityPolicy: false, crossOriginEmbedderPolicy: false }));
  for (const router of [
    officerRouter,
    registryRouter,
    identityRouter,
    assemblyRouter,
    tallyRouter,
    fundRouter,
  ]) {
    app.use(router(ballot));
  }
  mountDeployment(app, ballot);
  let document: unknown;
  app.get('/openapi.json', (_request, response) => {
    document ??= openApiDocument(ballot.origins[0] ?? '');
    response.json(document);
  });
  app.use(siteRouter({ ballot, assetsDir }));
  app.use((_request, response) => sendProblem(response, { code: 'NOT_FOUND' }));
  app.use(lastResort(logger));
  return app;
}

function mountDeployment(app: Express, deps: BallotDeps): void {
  const router = express.Router();
  route(
    router,
    {
      method: 'get',
      path: '/v1/deployment',
      summary: '部署与信任信息',
      as: 'anyone',
      answer: z.strictObject({
        origin: z.string(),
        rpId: z.string(),
        origins: z.array(z.string()),
        logVkey: z.string(),
        witnesses: z.array(z.strictObject({ name: z.string(), vkey: z.string() })),
        quorum: z.int(),
        roots: z.array(z.string()),
        threshold: z.int(),
        demoRoot: z.boolean(),
        now: z.string(),
      }),
    },
    async () => {
      const declared = await declaredRoots(deps.db);
      const { origin, rpId, origins, logVkey, quorum, demoRoot } = deps.deployment;
      return ok({
        origin,
        rpId,
        origins: [...origins],
        logVkey,
        witnesses: deps.log.witnesses.map(({ name, vkey }) => ({ name, vkey })),
        quorum,
        roots: [...(declared?.roots ?? [])],
        threshold: declared?.threshold ?? 0,
        demoRoot,
        now: showInstant(deps.clock()),
      });
    },
  );
  app.use(router);
}

/** Errors of the body parser are refusals; everything else is ours, and its detail goes to the log only. */
function lastResort(logger: Logger): ErrorRequestHandler {
  return (error: { type?: string; status?: number } & Error, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error.type === 'entity.too.large') return sendProblem(response, { code: 'REQUEST_TOO_LARGE' });
    if (error.status === 415) return sendProblem(response, { code: 'REQUEST_TYPE' });
    if (error.type?.startsWith('entity.') === true || error.type?.startsWith('encoding.') === true) {
      return sendProblem(response, { code: 'REQUEST_MALFORMED', where: 'body' });
    }
    if (error.status === 400) return sendProblem(response, { code: 'REQUEST_MALFORMED' });
    if (error instanceof CommitUnknownError) return sendProblem(response, { code: 'OUTCOME_UNKNOWN' });
    const outage = outageOf(error);
    if (outage !== undefined) return sendProblem(response, { code: outage });
    logger.error(
      {
        path: request.route?.path ?? 'unknown',
        err: { name: error.name, message: error.message, stack: error.stack },
      },
      'request failed',
    );
    return sendProblem(response, { code: 'INTERNAL' });
  };
}
