// Goal: whoever has only HTTP and the log's key can recompute the whole log; no other spelling of a path exists.
// Method: a client that knows the formats alone walks checkpoint, bundles and tiles of a real server.
import type { Server } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { logRouter } from '../../src/auditlog/routes.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { assert, present } from '../../src/base/assert.ts';
import { verifyCheckpoint } from '../../src/record/checkpoint.ts';
import type { HashReader } from '../../src/record/merkle.ts';
import { inclusionProof, leafHash, rootAt, rootOfHashes, verifyInclusion } from '../../src/record/merkle.ts';
import { decodeBundle, printTilePath, splitTile, tilesOfSize } from '../../src/record/tile.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog } from '../support/log.ts';
import { numberedEntry, numberedLeaves } from '../support/tlog-vectors.ts';

const SIZE = 700;
let log: FreshLog;
let server: Server;
let base = '';

beforeAll(async () => {
  log = await freshLog();
  const app = express();
  app.use(logRouter(log.deps));
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  assert(typeof address === 'object' && address !== null, 'a port');
  base = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await log.close();
});

async function get(path: string) {
  const response = await fetch(`${base}${path}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const header = (name: string): string | null => response.headers.get(name);
  return { status: response.status, bytes, type: header('content-type'), caching: header('cache-control') };
}

const grow = async (from: number, below: number): Promise<void> => {
  await appendNumbered(log.deps.db, from, below);
  await sequenceAll(log.deps);
};

describe('the log over HTTP', () => {
  it('has nothing before the first checkpoint, and nothing that is not published', async () => {
    expect((await get('/log/checkpoint')).status).toBe(404);
    await grow(0, 3);
    const early = await get('/log/tile/0/000.p/3');
    expect(early).toMatchObject({ status: 404, caching: 'no-store' });
    expect((await publishOnce(log.deps)).ok).toBe(true);
    expect((await get('/log/tile/0/000.p/3')).status).toBe(200);
    await grow(3, SIZE);
    expect((await get('/log/tile/0/000.p/4')).status).toBe(404);
    expect((await publishOnce(log.deps)).ok).toBe(true);
    expect((await get('/log/tile/0/000.p/4')).status).toBe(200);
  });

  it('can be recomputed by a client that has only its key', async () => {
    const served = await get('/log/checkpoint');
    expect(served).toMatchObject({
      status: 200,
      type: 'text/plain; charset=utf-8',
      caching: 'public, max-age=1',
    });
    const checkpoint = verifyCheckpoint(Buffer.from(served.bytes).toString(), logVkey(log.deps));
    if (!checkpoint.ok) throw new Error(checkpoint.refusal.code);
    expect(checkpoint.value.size).toBe(SIZE);
    const tiles = new Map<string, Uint8Array>();
    const leaves: Uint8Array[] = [];
    for (const address of tilesOfSize(checkpoint.value.size)) {
      const answer = await get(`/log/${printTilePath(address)}`);
      expect(answer).toMatchObject({
        status: 200,
        type: 'application/octet-stream',
        caching: 'public, max-age=31536000, immutable',
      });
      if (address.kind === 'hashes') {
        expect(splitTile(answer.bytes, address.width)).toBeDefined();
        tiles.set(`${address.level}/${address.n}`, answer.bytes);
        continue;
      }
      const entries = decodeBundle(answer.bytes, address.width);
      if (!entries.ok) throw new Error(entries.refusal.code);
      leaves.push(...entries.value.map(leafHash));
    }
    const read: HashReader = (level, n) => present(tiles.get(`${level}/${n}`), 'a served tile');
    expect(rootOfHashes(leaves)).toEqual(checkpoint.value.root);
    expect(rootAt(SIZE, read)).toEqual(checkpoint.value.root);
    expect(leaves).toEqual(numberedLeaves(SIZE));
    const proof = inclusionProof(123, SIZE, read);
    expect(verifyInclusion(leafHash(numberedEntry(123)), 123, SIZE, checkpoint.value.root, proof)).toBe(true);
  });

  it('keeps every width of a tile that was or is its end, as a prefix', async () => {
    const leaves = numberedLeaves(SIZE);
    for (const [n, width] of [
      [0, 1],
      [0, 3],
      [0, 255],
      [1, 200],
      [2, 188],
    ] as const) {
      const tile = await get(`/log/tile/0/00${n}.p/${width}`);
      expect(splitTile(tile.bytes, width)).toEqual(leaves.slice(256 * n, 256 * n + width));
      const bundle = decodeBundle((await get(`/log/tile/entries/00${n}.p/${width}`)).bytes, width);
      if (!bundle.ok) throw new Error(bundle.refusal.code);
      expect(bundle.value.map(leafHash)).toEqual(leaves.slice(256 * n, 256 * n + width));
    }
    expect((await get('/log/tile/1/000.p/1')).bytes).toHaveLength(32);
  });

  it.each([
    '/log/tile/0/002.p/189',
    '/log/tile/0/002',
    '/log/tile/0/003.p/1',
    '/log/tile/1/000.p/3',
    '/log/tile/1/000',
    '/log/tile/2/000.p/1',
    '/log/tile/entries/002.p/189',
    '/log/tile/entries/003.p/1',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/256',
    '/log/tile/0/0',
    '/log/tile/0/x000/000',
    '/log/tile/00/000',
    '/log/tile/0/000/',
    '/log/tile/0/%30%30%30',
    '/log/tile//0/000',
    '/log/tile/0/000.p/1/..',
    '/log/Tile/0/000',
    '/LOG/checkpoint',
    '/log/checkpoint/',
    '/log/tile/',
    '/log/tile/-1/000',
    '/log/tile/entries/x999/x999/x999/x999/x999/999',
  ])('has no %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('may be read by pages of any origin', async () => {
    for (const path of ['/log/checkpoint', '/log/tile/0/000']) {
      expect((await fetch(`${base}${path}`)).headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});
