/** The log over HTTP as C2SP tlog-tiles: the newest checkpoint, tiles and entry bundles (SPEC 7.1). */
import type { Response } from 'express';
import { Router } from 'express';
import { parseTilePath } from '../record/tile.ts';
import { latestCheckpoint } from './checkpoints.ts';
import type { LogDeps } from './log-deps.ts';
import { tileBytes } from './tiles.ts';

const CHECKPOINT_CACHING = 'public, max-age=1';
const TILE_CACHING = 'public, max-age=31536000, immutable';

/** Not found is not cached: the same path may exist with the next checkpoint. */
function answerNotFound(response: Response): void {
  response.status(404).set('Cache-Control', 'no-store').type('text/plain').send('not found\n');
}

/** Routes under `/log`. Everything here is public, so pages of any origin may read it. */
export function logRouter(deps: Pick<LogDeps, 'db'>): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router.get('/log/checkpoint', async (_request, response) => {
    const checkpoint = await latestCheckpoint(deps.db);
    if (checkpoint === undefined) return answerNotFound(response);
    response.set('Cache-Control', CHECKPOINT_CACHING).set('Access-Control-Allow-Origin', '*');
    response.type('text/plain; charset=utf-8').send(checkpoint.note);
  });
  router.get(/^\/log\/tile\/.+$/, async (request, response) => {
    // The path as it was sent: an encoded spelling is another path, and there is only one.
    const address = parseTilePath(request.path.slice('/log/'.length));
    const bytes = address.ok ? await tileBytes(deps.db, address.value) : undefined;
    if (bytes === undefined) return answerNotFound(response);
    response.set('Cache-Control', TILE_CACHING).set('Access-Control-Allow-Origin', '*');
    response.type('application/octet-stream').send(Buffer.from(bytes));
  });
  return router;
}
