/** The application: what is mounted where, in which order, and what happens to everything else (DESIGN §6). */

import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { assemblyRouter } from '../assembly/routes.ts';
import { logRouter } from '../auditlog/routes.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { keyedByHimself } from '../ballot/keying.ts';
import { ballotRouter } from '../ballot/routes.ts';
import { showInstant } from '../base/instant.ts';
import { ok } from '../base/result.ts';
import { addressIndex } from '../crypto/at-rest.ts';
import { fundRouter } from '../fund/routes.ts';
import { identityRouter } from '../identity/routes.ts';
import { ownerSessionOf } from '../identity/signing-in.ts';
import { explainEntry } from '../jobs/explaining.ts';
import { noticeRouter } from '../notice/routes.ts';
import { declaredRoots } from '../officers/root.ts';
import { officerRouter, officerSecurityRouter } from '../officers/routes.ts';
import { readOfficerSession } from '../officers/signing-in.ts';
import { registryRouter } from '../registry/routes.ts';
import { siteRouter } from '../site/routes.ts';
import { tallyRouter } from '../tally/routes.ts';
import type { Health } from './health.ts';
import { healthRouter } from './health.ts';
import { lastResort } from './last-resort.ts';
import { allowedMethods } from './methods.ts';
import { countRequests } from './metrics.ts';
import type { SessionReaders } from './mount.ts';
import { mountedRoutes, route } from './mount.ts';
import { openApiDocument } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

export type AppDeps = {
  readonly ballot: BallotDeps;
  readonly assetsDir: string;
  /** Whether owners may give an address of e-mail. */
  readonly offersEmail: boolean;
  readonly health: Health;
  readonly logger: Logger;
};

/** Builds the application; nothing is listening yet. */
export function createApp({ ballot, assetsDir, offersEmail, health, logger }: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('origins', ballot.origins);
  app.set('db', ballot.db);
  app.set('clock', ballot.clock);
  app.set('addressIndex', (route: string, address: string) => addressIndex(ballot.atRest, route, address));
  app.set('sessions', {
    officer: (hash) => readOfficerSession(ballot, hash),
    owner: (hash) => ownerSessionOf(ballot, hash),
  } satisfies SessionReaders);
  app.use(countRequests(logger));
  app.use(securityHeaders(ballot.origins.every((origin) => origin.startsWith('https:'))));
  // The cast path comes before everything that it does not need.
  app.use(ballotRouter(ballot));
  app.use(healthRouter(health));
  app.use(logRouter(ballot));
  app.use(officerRouter(ballot, { 'paper.accepted': keyedByHimself }));
  for (const router of [
    officerSecurityRouter,
    registryRouter,
    identityRouter,
    assemblyRouter,
    tallyRouter,
    fundRouter,
  ]) {
    app.use(router(ballot));
  }
  app.use(noticeRouter({ ...ballot, explain: explainEntry, offersEmail }));
  mountDeployment(app, ballot);
  let document: unknown;
  app.get('/openapi.json', (_request, response) => {
    document ??= openApiDocument(ballot.origins[0] ?? '');
    response.json(document);
  });
  app.use(siteRouter({ ballot, assetsDir }));
  app.use(nothingHere);
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

/** A known address under an unknown method is told which it has; anything else is not there. */
const nothingHere: RequestHandler = (request, response) => {
  const allowed = allowedMethods(mountedRoutes(), request.path);
  if (allowed.length === 0 || allowed.includes(request.method))
    return sendProblem(response, { code: 'NOT_FOUND' });
  response.set('Allow', allowed.join(', '));
  return sendProblem(response, { code: 'METHOD_NOT_ALLOWED' });
};
