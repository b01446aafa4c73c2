// Goal: an operator sees which jobs gave up and why, gives one its attempts again, and a meeting that hung on it goes on. Method: the
// command's own function on the database of a service whose job was made to die.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobsCommand } from '../../src/cli/jobs.ts';
import { run } from '../../src/cli/main.ts';
import type { Convened } from '../ballot/voting-world.ts';
import { leap, meetingOf, openBody } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  convened = await openBody(service, settled, meetingOf(service, settled, { windowMs: 60_000 }));
}, 60_000);
afterAll(async () => service?.close());

type Ended = { readonly code: number; readonly out: string; readonly err: string };
async function jobs(...argv: string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const sink = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
  };
  const open = async () => ({ db: service.fresh.db, close: async () => undefined });
  return { code: await jobsCommand(argv, sink, open), out, err };
}

describe('owners-vote jobs', () => {
  it('shows the close of an open meeting as waiting, and ends with 0', async () => {
    const { code, out } = await jobs('--json');
    expect(code).toBe(0);
    const shown = JSON.parse(out) as { dead: number; jobs: readonly { kind: string; state: string }[] };
    expect(shown.dead).toBe(0);
    const close = shown.jobs.find(({ kind }) => kind === 'meeting.close');
    expect(close).toMatchObject({ state: 'waiting' });
  });

  it('shows a dead close with its meeting and its error and ends with 1; retry lets the meeting close', async () => {
    await service.fresh.owner
      .updateTable('job')
      .set({ attempts: 12, dead_at_ms: BigInt(service.clock()), last_error: 'the disk was full' })
      .where('kind', '=', 'meeting.close')
      .execute();
    await leap(service, settled, service.clock() + 120_000);
    const listed = await jobs();
    expect(listed.code).toBe(1);
    expect(listed.out).toContain(`meeting=${convened.meeting}`);
    expect(listed.out).toContain('the disk was full');
    const id = /^(\d+) {2}已放弃 dead/m.exec(listed.out)?.[1] ?? '';
    expect((await jobs('retry', `${id}0`)).code).toBe(1);
    expect(await jobs('retry', id, '--json')).toMatchObject({
      code: 0,
      out: `${JSON.stringify({ id, revived: true })}\n`,
    });
    expect((await jobs('retry', id)).code).toBe(1);
    await service.world.beatNow();
    const row = await service.fresh.owner
      .selectFrom('meeting')
      .select('state')
      .where('meeting_id', '=', convened.meeting)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe('closed');
    expect((await jobs('list')).code).toBe(0);
  });

  it('answers a wrong use with 2 and help with 0, without a database', async () => {
    for (const argv of [['retry'], ['retry', 'x'], ['retry', '1', '2'], ['list', '1'], ['bury', '1']])
      expect((await jobs(...argv)).code).toBe(2);
    expect(await jobs('--help')).toMatchObject({ code: 0, err: '' });
    const silent = { stdout: () => undefined, stderr: () => undefined };
    expect(await run(['jobs', '--help'], silent)).toBe(0);
  });
});
