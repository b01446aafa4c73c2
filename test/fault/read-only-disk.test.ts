// Goal: a disk that turns read-only under a running database, as the kernel does after a fault, costs no acknowledged cast: owners are
// answered 503 with a code, /readyz says why, and after a repair everything acknowledged is there. Method: the embedded PostgreSQL on a
// real file system in a file, which is aborted while owners cast.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';
import type { Prepared, Said, Site } from './disk-site.ts';
import { HASTY, openSite, readyz, SETTINGS, send, until } from './disk-site.ts';
import {
  abortImage,
  canMount,
  cleanUpDisks,
  makeImage,
  mountImage,
  repairImage,
  unmountDisk,
} from './small-disk.ts';

const home = mkdtempSync(join(tmpdir(), 'owners-vote-read-only-'));
const [image, folder] = [join(home, 'image'), mkdtempSync(join(home, 'disk-'))];
const canLoop = canMount && makeImage(image, 400) && mountImage(image, folder);
const WITHOUT_LOOP = canLoop ? '' : ' (skipped: only root with a loop device may mount a file here)';

let site: Site | undefined;
// The last one runs first: the service, the mount, the files.
afterAll(() => rmSync(home, { recursive: true, force: true }));
cleanUpDisks();
afterAll(async () => site?.service.close().catch(() => undefined));

/** The acknowledgements in a database that was started again on the same folder. */
async function standing(dataDir: string): Promise<readonly string[]> {
  const started = await startEmbedded({ dataDir, log: () => undefined, settings: SETTINGS, patience: HASTY });
  if (!started.ok) throw new Error(started.refusal.code);
  const db = connect(started.value.appUrl, { maxConnections: 1 });
  const rows = await db.selectFrom('cast_statement').select('acknowledgement').execute();
  await db.destroy();
  await started.value.stop();
  return rows.flatMap(({ acknowledgement }) => acknowledgement ?? []);
}

describe.runIf(canLoop)(`a disk that turns read-only${WITHOUT_LOOP}`, () => {
  it('under casting owners: 503 with a code, the reason in /readyz, and nothing acknowledged is lost', async () => {
    chmodSync(home, 0o711);
    chmodSync(folder, 0o711);
    const dataDir = join(folder, 'data');
    const opened = await openSite(dataDir, 24);
    site = opened;
    const kept: string[] = [];
    const refused: Said[] = [];
    const take = async (each: Prepared): Promise<void> => {
      const said = await send(opened, each);
      if (said.status === 201) kept.push(said.ack);
      else refused.push(said);
    };
    await Promise.all(opened.prepared.slice(0, 8).map(take));
    expect(kept.length).toBe(8);
    const racing = Promise.all(opened.prepared.slice(8, 16).map(take));
    abortImage(folder);
    await racing;
    await Promise.all(opened.prepared.slice(16).map(take));
    expect(kept.length + refused.length).toBe(24);
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused.filter(({ status, code, retryAfter }) => status !== 503 || !code || !retryAfter)).toEqual(
      [],
    );
    await until(async () => (await readyz(opened))[0] === 503);
    expect((await readyz(opened))[1]).toMatch(/^the database /);
    expect((await fetch(`${opened.service.service.url}/livez`)).status).toBe(200);
    await opened.service.close().catch(() => undefined);
    site = undefined;

    unmountDisk(folder);
    repairImage(image);
    expect(mountImage(image, folder)).toBe(true);
    const found = await standing(dataDir);
    expect(kept.filter((acknowledgement) => !found.includes(acknowledgement))).toEqual([]);
    // One whose COMMIT was in doubt may stand without its answer, which asking again would give; none stands twice.
    expect(found.length).toBe(new Set(found).size);
    expect(found.length).toBeLessThanOrEqual(24);
    unmountDisk(folder);
  }, 180_000);
});
