// Goal: once the box is released, and not before, the pictures of accepted papers come out under their hashes, and `verify --scans` holds
// each against what two officers signed: none missing, altered, foreign or misnamed (SPEC 6.4, 9.1: SCAN-01). Method: a meeting with three
// papers over HTTP, the folder that the command writes, and lies told in a copy of it.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle } from '../../src/bundle/exporting.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { writeScans } from '../../src/cli/scans.ts';
import { readScanFileName, scanFileName } from '../../src/record/scan-file.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { appointClerks, enterBy, keyAlike, print } from './paper-world.ts';
import type { Convened } from './voting-world.ts';
import { leap, meetingOf, openBody } from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let folder: string;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  folder = await mkdtemp(join(tmpdir(), 'scans-'));
  const clerks = await appointClerks(service, settled);
  convened = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 }));
  const printed = await print(clerks, convened.meeting);
  for (const at of [0, 1, 2]) {
    const serial = present(printed[at], 'printed').serial;
    const act = await keyAlike(service, clerks, convened.meeting, serial, {
      file: new Uint8Array([0xff, 0xd8, 0xff, at]),
    });
    expect(await enterBy(service, act, [clerks.clerk, clerks.scrutineer])).toBe('done');
  }
}, 180_000);
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(out: string): Promise<readonly [number, string]> {
  let said = '';
  const tell = (text: string) => {
    said += text;
  };
  const to = { stdout: tell, stderr: tell };
  return [await writeScans(service.service.deps.db, { meeting: convened.meeting, out }, to), said];
}

/** What SCAN-01 says of a folder. */
async function scan01(of: string, audience: 'auditor' | 'public' = 'auditor') {
  const files = await exportBundle(service.service.deps, convened.meeting, audience);
  if (!files.ok) throw new Error(files.refusal.code);
  const scans = {
    names: await readdir(of),
    read: async (name: string) => new Uint8Array(await readFile(join(of, name))),
  };
  const report = await verifyBundle({ files: files.value, irregular: [] }, { scans });
  return report.ok ? report.value.checks.find(({ id }) => id === 'SCAN-01') : undefined;
}

describe('the pictures of papers', () => {
  it('stay shut while the box does', async () => {
    const [code, said] = await write(join(folder, 'early'));
    expect([code, said.includes('票箱还没有开启')]).toEqual([1, true]);
  });

  it('come out under their hashes after its release, and agree with what was signed', async () => {
    const { street } = settled.officers;
    await leap(service, settled, service.clock() + 7_300_000);
    const secret = toBase64Url(convened.boxSecret);
    const path = `/v1/meetings/${convened.meeting}/box/release`;
    await actTogether(service.world, () => street.client.post<{ act: string }>(path, { secret }), [street]);
    await service.world.beatNow();
    const out = join(folder, 'scans');
    expect((await write(out))[0]).toBe(0);
    const names = await readdir(out);
    expect(names).toHaveLength(3);
    expect(names.every((name) => name.endsWith('.jpg'))).toBe(true);
    expect((await scan01(out))?.outcome).toBe('pass');
    expect((await scan01(out, 'public'))?.outcome).toBe('not made');
    expect((await write(out))[1]).toContain('目录非空');
  });

  it('SCAN-01: one altered, missing, foreign or misnamed is found', async () => {
    const out = join(folder, 'scans');
    const [first = ''] = await readdir(out);
    const honest = await readFile(join(out, first));
    await writeFile(join(out, first), Buffer.concat([honest, Buffer.from([1])]));
    expect((await scan01(out))?.outcome).toBe('fail');
    await rm(join(out, first));
    expect((await scan01(out))?.outcome).toBe('fail');
    await writeFile(join(out, first), honest);
    expect((await scan01(out))?.outcome).toBe('pass');
    const foreign = `${'A'.repeat(43)}.${'A'.repeat(22)}.jpg`;
    await writeFile(join(out, foreign), honest);
    expect((await scan01(out))?.outcome).toBe('fail');
    await rm(join(out, foreign));
    await writeFile(join(out, 'note.txt'), honest);
    expect((await scan01(out))?.outcome).toBe('fail');
  });
});

describe('the name of a scan', () => {
  it('says hash, salt and kind, and nothing else is one', () => {
    const [hash, salt] = ['B'.repeat(43), 'C'.repeat(22)];
    expect(scanFileName(hash, salt, new Uint8Array([0x25, 0x50, 0x44, 0x46]))).toBe(`${hash}.${salt}.pdf`);
    expect(scanFileName(hash, salt, new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).toBe(`${hash}.${salt}.png`);
    expect(scanFileName(hash, salt, new Uint8Array())).toBe(`${hash}.${salt}.bin`);
    expect(readScanFileName(`${hash}.${salt}.pdf`)).toEqual({ hash, salt, kind: 'pdf' });
    for (const name of [`../${hash}.${salt}.pdf`, `${hash}.${salt}.exe`, hash, ''])
      expect(readScanFileName(name)).toBeUndefined();
  });
});
