// Goal: whoever has the log's key and a Python can check everything that our log serves, at every size where tiles begin or end, and the log
// of a whole meeting with its receipts and its bundle. Method: the outside client on a log that grows over HTTP, keeping every checkpoint;
// on folders of tens of thousands of entries; and on a running service after a meeting.
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishOnce } from '../../src/auditlog/publishing.ts';
import { logRouter } from '../../src/auditlog/routes.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import type { ReceiptAnswer } from '../../src/ballot/contract.ts';
import { assert, present } from '../../src/base/assert.ts';
import { fromBase64Url, toHex } from '../../src/base/bytes.ts';
import { exportBundle } from '../../src/bundle/exporting.ts';
import { writeBundle } from '../../src/bundle/writing.ts';
import type { Told } from '../../src/cli/demo/story.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { participationForm } from '../../src/record/tally-record.ts';
import { newClient } from '../ballot/voting-world.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog, LOG_ORIGIN, LOG_SEED } from '../support/log.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { numberedEntry, vectors } from '../support/tlog-vectors.ts';
import { bend, flip, folders, layOut, take, vkeyOf } from './log-copy.ts';
import type { OutsideReceipt } from './run-log-client.ts';
import { checkLogOutside, pythonHere, runPython } from './run-log-client.ts';

// Each check is a process of its own, which a busy machine may start slowly.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });
const python = await pythonHere();
const CLIENT = fileURLToPath(new URL('log_client.py', import.meta.url));
const vkey = vkeyOf(LOG_SEED);
const made = folders();
afterAll(() => made.removeAll());

describe.runIf(python)('a served log', () => {
  let log: FreshLog;
  let server: Server;
  let url = '';
  let size = 0;
  const notes: string[] = [];

  beforeAll(async () => {
    log = await freshLog();
    server = createServer(express().use(logRouter(log.deps)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert(typeof address === 'object' && address !== null, 'a port');
    url = `http://127.0.0.1:${address.port}/log`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await log.close();
  });

  it('has no checkpoint before the first one', async () => {
    const answer = await checkLogOutside({ url, vkey });
    expect(answer).toMatchObject({ code: 1, out: expect.stringContaining('FAIL CHECKPOINT_MISSING') });
  });

  const steps = [0, 1, 2, 255, 256, 257, 511, 512, 513, 769, 1025];
  it.each(steps)('holds at %i entries, and contains every checkpoint before', async (below) => {
    await appendNumbered(log.deps.db, size, below);
    size = below;
    await sequenceAll(log.deps);
    const published = await publishOnce(log.deps);
    if (!published.ok) throw new Error(published.refusal.code);
    const entries = below === 0 ? [] : [numberedEntry(0), numberedEntry(below - 1)];
    const { code, out } = await checkLogOutside({ url, vkey, entries, formerCheckpoint: notes });
    expect(code, out).toBe(0);
    expect(out).toContain(
      `ok   CHECKPOINT  ${LOG_ORIGIN} size ${below} root ${toHex(published.value.root)}\n`,
    );
    expect(out).toContain(`ok   ENTRIES  ${below} entries give the signed root\n`);
    const tiles = Math.ceil(below / 256) + (below >= 256 ? 1 : 0);
    expect(out).toContain(`ok   TILES  ${tiles} tiles on `);
    expect(out.match(/^ok {3}CONSISTENT .* by entries and tiles$/gm) ?? []).toHaveLength(notes.length);
    expect(out.match(/^ok {3}INCLUDED /gm) ?? []).toHaveLength(entries.length);
    notes.push(published.value.note);
  });

  it('is refused under another key and another origin', async () => {
    const foreign = await checkLogOutside({ url, vkey: vkeyOf(new Uint8Array(32).fill(9)) });
    expect(foreign).toMatchObject({ code: 1, out: expect.stringContaining('FAIL NOTE_UNSIGNED') });
    const elsewhere = await checkLogOutside({ url, vkey, origin: 'vote.example/other' });
    expect(elsewhere).toMatchObject({ code: 1, out: expect.stringContaining('FAIL ORIGIN_OTHER') });
  });
});

describe.runIf(python)('a log of tens of thousands of entries', () => {
  const sizes = [65_535, 65_536, 65_537, 70_000];
  const all = Array.from({ length: 70_000 }, (_, i) => numberedEntry(i));

  it.each(sizes)('holds at %i, on three levels of tiles, with the root of other software', async (size) => {
    const dir = made.fresh();
    layOut(dir, all.slice(0, size));
    const { code, out } = await checkLogOutside({ dir, vkey });
    const root = vectors.large.roots.find((one) => one.size === size)?.rootBase64;
    if (root !== undefined)
      expect(out).toContain(` size ${size} root ${Buffer.from(root, 'base64').toString('hex')}\n`);
    expect(code, out).toBe(0);
    // One bit of the highest tile, and one of a tile in the middle of the lowest level.
    const highest = readdirSync(join(dir, 'tile')).includes('2') ? 'tile/2/000.p/1' : 'tile/1/000.p/255';
    for (const path of [highest, 'tile/0/123']) bend(dir, path, flip(-1));
    const bent = await checkLogOutside({ dir, vkey });
    expect(bent.code, bent.out).toBe(1);
    expect(bent.out.match(/^FAIL TILE_ALTERED {2}\S+(?=: )/gm)).toEqual([
      'FAIL TILE_ALTERED  tile/0/123',
      `FAIL TILE_ALTERED  ${highest}`,
    ]);
  });

  it('is followed by a kept state, which moves forward only when all checks hold', async () => {
    const dir = made.fresh();
    const state = join(made.fresh(), 'state');
    const follow = () => runPython([CLIENT, '--dir', dir, '--vkey', vkey, '--state', state]);
    layOut(dir, all.slice(0, 300));
    expect(await follow()).toMatchObject({ code: 0 });
    expect(readFileSync(state)).toEqual(Buffer.from(take(dir, 'checkpoint')));
    layOut(dir, all.slice(0, 600));
    expect(await follow()).toMatchObject({ code: 0, out: expect.stringContaining('size 300 is a prefix') });
    const kept = readFileSync(state);
    expect(kept).toEqual(Buffer.from(take(dir, 'checkpoint')));
    layOut(dir, all.slice(0, 599));
    expect(await follow()).toMatchObject({ code: 1, out: expect.stringContaining('FAIL SHRUNK') });
    layOut(dir, all.slice(1, 701));
    expect(await follow()).toMatchObject({ code: 1, out: expect.stringContaining('FAIL HISTORY_REWRITTEN') });
    expect(readFileSync(state)).toEqual(kept);
  });
});

describe.runIf(python)('the log of a running service', () => {
  let service: TestService;
  let told: Told;
  let bundle = '';
  const receipts: (OutsideReceipt & { readonly leaf: string; readonly promised: string })[] = [];

  beforeAll(async () => {
    service = await startTestService();
    told = await tellStory({ demo: service, seed: 'outside', units: 24, phase: () => undefined });
    const files = await exportBundle(service.service.deps, told.meeting, 'auditor');
    if (!files.ok) throw new Error(files.refusal.code);
    bundle = join(made.fresh(), 'bundle');
    await writeBundle(files.value, bundle);
    const list = participationForm.parse(present(files.value.get('participation.json'), 'a file'));
    if (!list.ok) throw new Error('malformed');
    for (const { castHash } of list.value.took) {
      const path = `/v1/meetings/${told.meeting}/casts/${castHash}/receipt`;
      const { entry, proof, acknowledgement } = await newClient(service).get<ReceiptAnswer>(path);
      const bytes = present(fromBase64Url(entry), 'bytes');
      const claims = Buffer.from(acknowledgement.split('.')[1] ?? '', 'base64url').toString();
      const promised = (JSON.parse(claims) as { readonly entry: string }).entry;
      receipts.push({
        proof,
        entry: bytes,
        leaf: toHex(leafHash(bytes)),
        promised: toHex(present(fromBase64Url(promised), 'a hash')),
      });
    }
  });
  afterAll(async () => service?.close());

  it('holds over HTTP, cosigned, with all promises and receipts of a meeting', async () => {
    const { deps, url } = service.service;
    expect(receipts.length).toBeGreaterThan(5);
    expect(receipts.map(({ promised }) => promised)).toEqual(receipts.map(({ leaf }) => leaf));
    const { code, out } = await checkLogOutside({
      url: `${url}/log`,
      vkey: service.world.logVkey,
      witnesses: deps.log.witnesses.map((witness) => witness.vkey),
      quorum: 2,
      receipts,
      leaves: receipts.map(({ promised }) => promised),
    });
    expect(code, out).toBe(0);
    expect(out).toMatch(
      /^ok {3}COSIGNED {2}the checkpoint by [23], 2 wanted: localhost\/witness-1 at 20\d\d-/m,
    );
    expect(out).toContain(`ok   INCLUDED  leaves leaves: ${receipts.length} of ${receipts.length}`);
    expect(out.match(/^ok {3}RECEIPT /gm)).toHaveLength(receipts.length);
  });

  it('holds in the bundle of the meeting, and so do all checkpoints that bracket it', async () => {
    const kept = readdirSync(join(bundle, 'log', 'checkpoints'));
    expect(kept.length).toBeGreaterThan(5);
    const check = {
      dir: join(bundle, 'log'),
      vkey: service.world.logVkey,
      formerCheckpoint: kept.map((size) => readFileSync(join(bundle, 'log', 'checkpoints', size))),
    };
    const { code, out } = await checkLogOutside(check);
    expect(code, out).toBe(0);
    expect(out.match(/^ok {3}CONSISTENT /gm)).toHaveLength(kept.length);
    const size = Number(Buffer.from(take(bundle, 'log/checkpoint')).toString().split('\n')[1]);
    const first = size < 256 ? `log/tile/entries/000.p/${size}` : 'log/tile/entries/000';
    bend(bundle, first, flip(200));
    const bent = await checkLogOutside(check);
    expect(bent).toMatchObject({
      code: 1,
      out: expect.stringContaining('FAIL ENTRY_ALTERED  1 entries are not'),
    });
  });
});
