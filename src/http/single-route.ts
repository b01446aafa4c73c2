/** A server with one route and nothing else, for programs that measure what the mount itself costs (DESIGN §6). */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import express, { Router } from 'express';

/** Mounts on a router of its own; nothing is listening yet. */
export function createSingleRouteServer(mount: (router: Router) => void): Server {
  const router = Router();
  mount(router);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('origins', []);
  app.use(router);
  return createServer(app);
}
