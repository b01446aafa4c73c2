// Goal: a hostile file costs the service a worker for a bounded time and nothing else. Method: real workers, through the import of a
// whole service with each hostile workbook, and alone with limits that an honest register exceeds.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundCommunity } from '../../src/cli/demo/founding.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { checkedImport } from '../../src/cli/demo/importing-file.ts';
import { annotateRegisterFile } from '../../src/registry/annotating.ts';
import type { CheckLimits } from '../../src/registry/check-workers.ts';
import { fileChecks } from '../../src/registry/check-workers.ts';
import type { ImportSettings } from '../../src/registry/domain/import-check.ts';
import { checkedFileOf, checkRegisterFile, readColumnsOfFile } from '../../src/registry/file-check.ts';
import type { TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { HOSTILE, largestSheet } from './hostile-workbooks.ts';
import { bytesOf, csvText, SETTINGS } from './register-file.ts';
import { oneSheet } from './workbook-file.ts';

const LIMITS: CheckLimits = { workers: 2, waiting: 2, timeMs: 20_000, oldMiB: 256, youngMiB: 32 };
const small = bytesOf(csvText({}));
const large = oneSheet(largestSheet());

const workers = () => process.getActiveResourcesInfo().filter((what) => what === 'MessagePort').length;

/** The codes of a check's answer. */
const answered = async (checking: ReturnType<ReturnType<typeof fileChecks>['check']>) => {
  const checked = await checking;
  return checked.ok ? checked.value.groups.map(({ code }) => code) : checked.refusal.code;
};

describe('a file that is checked in a worker', () => {
  it('is judged as in the process, register and findings, and stays the caller’s', async () => {
    const files = [small, bytesOf(csvText({}, { 房号: '102', 身份证号: '1' })), large.slice(0, 900)];
    for (const file of files) {
      const before = Uint8Array.from(file);
      expect(await fileChecks().check(file, SETTINGS)).toEqual({
        ok: true,
        value: checkedFileOf(await checkRegisterFile(file, SETTINGS)),
      });
      expect(file).toEqual(before);
    }
  });

  it('is read by its columns as in the process, within the same bounds', async () => {
    const columns = { room: { names: ['房号'] }, area: { names: ['建筑面积'] } };
    for (const file of [small, large, large.slice(0, 900)])
      expect(await fileChecks().read(file, columns)).toEqual({
        ok: true,
        value: await readColumnsOfFile(file, columns),
      });
    const late = await fileChecks({ ...LIMITS, timeMs: 1 }).read(large, columns);
    expect(late).toMatchObject({ value: { refusal: { code: 'REG-F018', row: null } } });
  });

  it('is ended when it takes too long, and the next one is checked', async () => {
    const checks = fileChecks({ ...LIMITS, workers: 1, timeMs: 5_000 });
    expect(await answered(fileChecks({ ...LIMITS, timeMs: 1 }).check(large, SETTINGS))).toEqual(['REG-F018']);
    expect(await answered(checks.check(small, SETTINGS))).toEqual([]);
  });

  it('is ended when it takes too much memory, and the next one is checked', async () => {
    const checks = fileChecks({ ...LIMITS, workers: 1, oldMiB: 24, youngMiB: 4 });
    expect(await answered(checks.check(large, SETTINGS))).toEqual(['REG-F019']);
    expect(await answered(checks.check(small, SETTINGS))).toEqual([]);
  });

  it('throws what is our bug, and the next one is checked', async () => {
    const checks = fileChecks({ ...LIMITS, workers: 1 });
    const broken = { ...SETTINGS, buildingsApart: 5 } as unknown as ImportSettings;
    await expect(checks.check(small, broken)).rejects.toThrow('includes is not a function');
    expect(await answered(checks.check(small, SETTINGS))).toEqual([]);
  });

  it('waits for a worker, and is refused where too many wait', async () => {
    const checks = fileChecks({ ...LIMITS, workers: 1, waiting: 1 });
    const all = [large, small, small].map((file) => answered(checks.check(file, SETTINGS)));
    expect(await Promise.all(all)).toEqual([[], [], 'SERVICE_BUSY']);
    expect(await answered(checks.check(small, SETTINGS))).toEqual([]);
  });

  it('tells how far it is, and is given back annotated under the same bounds', {
    timeout: 60_000,
  }, async () => {
    const checks = fileChecks(LIMITS);
    const told: number[] = [];
    await checks.check(large, SETTINGS, (rows, of) => told.push(rows / of));
    expect(told.length).toBeGreaterThan(3);
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    const file = bytesOf(csvText({}, { 房号: '102', 身份证号: '1' }));
    const { findings } = await checkRegisterFile(file, SETTINGS);
    const annotated = await checks.annotate(file, SETTINGS, []);
    expect(annotated).toEqual({ ok: true, value: await annotateRegisterFile(file, findings) });
    const short = fileChecks({ ...LIMITS, timeMs: 1 });
    expect(await short.annotate(large, SETTINGS, [])).toEqual({ ok: true, value: undefined });
  });

  it('is ended with the service, under way or waiting, and leaves nothing behind', async () => {
    const before = workers();
    const checks = fileChecks({ ...LIMITS, workers: 1, waiting: 1 });
    const all = [large, small].map((file) => answered(checks.check(file, SETTINGS)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(workers()).toBeGreaterThan(before);
    await checks.close();
    expect(await Promise.all(all)).toEqual(['SERVICE_BUSY', 'SERVICE_BUSY']);
    expect(workers()).toBe(before);
    expect(await answered(checks.check(small, SETTINGS))).toBe('SERVICE_BUSY');
  });
});

describe('a service to which a hostile workbook is sent', () => {
  let service: TestService;
  let client: HttpClient;
  let community = '';
  beforeAll(async () => {
    service = await startTestService({ beatMs: 60_000 });
    const { world, root } = service;
    const { deps, url } = service.service;
    const founded = await foundCommunity(world, deps, url, root, '测试花园');
    client = founded.officers.committee.client;
    community = founded.community;
  });
  afterAll(async () => {
    await service.close();
  });

  /** The codes of the answer, and for how long others waited meanwhile: the loop's 99th percentile and the slowest of their requests. */
  async function sent(bytes: Uint8Array) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    let isDone = false;
    delay.enable();
    const upload = checkedImport(service.world, client, community, bytes).finally(() => {
      isDone = true;
    });
    let slowestMs = 0;
    do {
      const before = performance.now();
      await client.text('/livez');
      slowestMs = Math.max(slowestMs, performance.now() - before);
    } while (!isDone);
    const answer = await upload;
    delay.disable();
    const codes = answer.outcome?.groups.map(({ code }) => code) ?? [];
    return { codes, state: answer.state, waitedMs: Math.max(slowestMs, delay.percentile(99) / 1e6) };
  }

  it.each(HOSTILE)(
    '%s: %s is refused while others are answered',
    { timeout: 60_000 },
    async (code, _what, make) => {
      const bytes = make();
      let waitedMs = Number.POSITIVE_INFINITY;
      // Noise of the machine passes; what blocks the service would be there each time.
      for (let round = 0; round < 4 && waitedMs >= 200; round += 1) {
        const seen = await sent(bytes);
        expect(seen).toMatchObject({ codes: [code], state: 'refused' });
        waitedMs = seen.waitedMs;
      }
      expect(waitedMs).toBeLessThan(200);
    },
  );

  it('checks a register of 20,000 rows while others are answered', { timeout: 120_000 }, async () => {
    let waitedMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 4 && waitedMs >= 200; round += 1) {
      const seen = await sent(large);
      expect(seen).toMatchObject({ codes: [], state: 'checked' });
      waitedMs = seen.waitedMs;
    }
    expect(waitedMs).toBeLessThan(200);
  });
});
