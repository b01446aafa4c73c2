// Goal: where the guard cannot be written the log is neither signed nor shown, while entries are numbered and casts are accepted; the state
// is said, and publishing goes on by itself afterwards (SPEC 7.1). Method: a real small disk under the keys, full and read-only.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/auditlog/checking.ts';
import { readGuard } from '../../src/auditlog/guarding.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import { castBy, honestCast, meetingOf, openBody, plainVoters } from '../ballot/voting-world.ts';
import type { TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import {
  canMount,
  cleanUpDisks,
  fillDisk,
  freeDisk,
  mountDisk,
  remount,
  unmountDisk,
  WITHOUT_MOUNT,
} from './small-disk.ts';

let service: TestService;
let convened: Convened;
let voters: Voter[];
let keysDir: string;

const disks = describe.runIf(canMount);
beforeAll(async () => {
  if (!canMount) return;
  service = await startTestService({ beatMs: 3_600_000 });
  const settled = await settle(service, 30);
  convened = await openBody(service, settled, meetingOf(service, settled));
  voters = [...(await plainVoters(service, settled, convened.meeting, 3))];
  const { guardPath } = service.service.deps.log;
  keysDir = dirname(guardPath);
  const guard = readFileSync(guardPath);
  mountDisk(keysDir, '64k', '700');
  writeFileSync(guardPath, guard, { mode: 0o600 });
}, 60_000);
afterEach(() => {
  if (!canMount) return;
  remount(keysDir, 'rw');
  freeDisk(keysDir);
});
cleanUpDisks();
afterAll(async () => {
  if (!canMount) return;
  unmountDisk(keysDir);
  await service.close();
});

const servedSize = async (): Promise<number> => {
  const note = await (await fetch(`${service.service.url}/log/checkpoint`)).text();
  return Number(note.split('\n')[1]);
};
const headSize = async (): Promise<number> =>
  Number((await service.fresh.owner.selectFrom('log_head').select('size').executeTakeFirstOrThrow()).size);
const signedSize = async (): Promise<number> =>
  Number(
    (
      await service.fresh.owner
        .selectFrom('log_checkpoint')
        .select('size')
        .orderBy('size', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow()
    ).size,
  );
const guardSize = (): number => {
  const kept = readGuard(service.service.deps.log.guardPath);
  if (!kept.ok) throw new Error('the guard is unreadable');
  return present(kept.value, 'a guard').size;
};
const readyz = async (): Promise<{ ready: boolean; reason: string; status: number }> => {
  const response = await fetch(`${service.service.url}/readyz`);
  return { ...((await response.json()) as { ready: boolean; reason: string }), status: response.status };
};

disks(`a folder of the guard that is a disk of its own${WITHOUT_MOUNT}`, () => {
  it.each([
    ['full', 'ENOSPC', () => fillDisk(keysDir)],
    ['read-only', 'EROFS', () => remount(keysDir, 'ro')],
  ] as const)(
    'and %s: nothing is signed or shown that the guard does not hold, casts go on, and it recovers',
    async (_, code, spoil) => {
      await service.world.beatNow();
      const before = await headSize();
      expect([guardSize(), await signedSize(), await servedSize()]).toEqual([before, before, before]);
      spoil();
      const voter = present(voters.shift(), 'a voter');
      const cast = await honestCast(service, voter);
      expect((await castBy(service, convened.meeting, voter, cast)).status).toBe(201);
      for (let beats = 0; beats < 3; beats += 1)
        await expect(service.world.beatNow()).rejects.toMatchObject({ code });
      expect(await headSize()).toBe(before + 1);
      expect([guardSize(), await signedSize(), await servedSize()]).toEqual([before, before, before]);
      const state = await readyz();
      expect([state.status, state.ready]).toEqual([200, true]);
      expect(state.reason).toContain(code);
      const hash = toBase64Url(castHash(castForm.bytes(cast)));
      const receipt = (): Promise<Response> =>
        fetch(`${service.service.url}/v1/meetings/${convened.meeting}/casts/${hash}/receipt`);
      expect((await receipt()).status).toBe(409);
      remount(keysDir, 'rw');
      freeDisk(keysDir);
      await service.world.beatNow();
      expect([guardSize(), await signedSize(), await servedSize()]).toEqual([
        before + 1,
        before + 1,
        before + 1,
      ]);
      expect(await readyz()).toMatchObject({ status: 200, ready: true, reason: '' });
      expect((await receipt()).status).toBe(200);
      expect((await checkLog(service.service.deps.log)).findings).toEqual([]);
    },
  );
});
