// Goal: each entry is announced once to whom it concerns, by the channel that reaches him, whatever breaks in between; a dead gateway
// blocks nobody. Method: real letters and revocations on the real database, a gateway on loopback, and a crash after each step.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/transaction.ts';
import { applyRevocation, revokeLetter } from '../../src/identity/issuing.ts';
import { announceAll } from '../../src/notice/announcing.ts';
import { deliverDue, outboxGauges } from '../../src/notice/delivering.ts';
import { MESSAGE_RETRYING } from '../../src/notice/domain/outgoing.ts';
import { executeAct, signBy } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf } from '../support/letters.ts';
import type { Mood, TestGateway } from './gateway.ts';
import { startGateway } from './gateway.ts';
import type { OutboxWorld } from './outbox-world.ts';
import { announcingDeps, number, outboxOf, outboxWorld, SECRET } from './outbox-world.ts';

let fresh: FreshDatabase;
let gateway: TestGateway;
let world: OutboxWorld;
let round = 0;

beforeEach(async () => {
  // One for each test: a gateway takes what is due of every community.
  fresh = await freshDatabase();
  round += 1;
  gateway = await startGateway(SECRET);
  world = await outboxWorld(fresh, `announcing ${round}`);
});
afterEach(async () => {
  await gateway.close();
  await fresh.close();
});

async function revoke(name: string): Promise<void> {
  const { the, made } = world;
  const drafted = await revokeLetter(the.deps, the.registrar, {
    community: the.community,
    letter: codeOf(made, name).letter,
  });
  if (!drafted.ok) throw new Error(drafted.refusal.code);
  await signBy(the.deps, drafted.value.act, [the.registrar]);
  const done = await executeAct(the.deps, drafted.value.act, applyRevocation);
  if (!done.ok) throw new Error(done.refusal.code);
  await number(the);
}

const short = async () =>
  (await outboxOf(world.the)).map(({ event, channel, state }) => `${event} ${channel} ${state}`);

describe('an announcement', () => {
  it('goes by message where there is a mobile phone, on paper where not, and a first letter needs no paper', async () => {
    await revoke('李小明');
    await revoke('王芳');
    const deps = announcingDeps(world.the, gateway);
    expect((await announceAll(deps)).troubles).toEqual([]);
    expect(await short()).toEqual([
      'letter-issued webhook queued',
      'letter-revoked print queued',
      'letter-revoked print queued',
    ]);
  });

  it('without a gateway is paper for everybody', async () => {
    await revoke('陈大文');
    await announceAll(announcingDeps(world.the));
    expect(await short()).toEqual(['letter-revoked print queued']);
  });

  it('is signed, says what happened and whom to ask, and names neither person nor choice', async () => {
    await announceAll(announcingDeps(world.the, gateway));
    await deliverDue(announcingDeps(world.the, gateway));
    expect(gateway.strange).toEqual([]);
    const [message] = gateway.taken;
    expect(message?.phone).toBe('13800138000');
    expect(message?.text).toBe(
      '测试花园1栋101:您的表决函已制作,将寄给您。有异议请联系电话0760-88888888或vote.example',
    );
    expect(message?.atSeconds).toBe(Math.floor(world.the.deps.clock() / 1000));
    expect(JSON.stringify(message)).not.toContain('陈大文');
    expect(await short()).toEqual(['letter-issued webhook sent']);
  });

  it('keeps its recipient sealed at rest', async () => {
    await announceAll(announcingDeps(world.the, gateway));
    const rows = await fresh.db.selectFrom('outbox').selectAll().execute();
    expect(rows).toHaveLength(1);
    const kept = rows.map(({ facts, sealed_recipient }) =>
      Buffer.concat([Buffer.from(facts), Buffer.from(sealed_recipient ?? [])]).toString('latin1'),
    );
    expect(kept.join()).not.toContain('13800138000');
    expect(kept.join()).not.toContain('101');
  });

  it('is delivered where the gateway says so', async () => {
    gateway.mood = 'delivers';
    await announceAll(announcingDeps(world.the, gateway));
    await deliverDue(announcingDeps(world.the, gateway));
    expect(await short()).toEqual(['letter-issued webhook delivered']);
  });
});

describe('a crash', () => {
  it('before the commit leaves nothing, and the next round announces once', async () => {
    const deps = announcingDeps(world.the, gateway);
    let calls = 0;
    const failing = {
      ...deps,
      explain: async (...args: Parameters<typeof deps.explain>) => {
        calls += 1;
        throw new Error(`crash ${args.length}`);
      },
    };
    expect((await announceAll(failing)).troubles.map(({ reason }) => reason)).toEqual(['crash 4']);
    expect(calls).toBe(1);
    expect(await outboxOf(world.the)).toEqual([]);
    await announceAll(deps);
    expect(await short()).toEqual(['letter-issued webhook queued']);
  });

  it('after the commit announces nothing twice, also where the watermark was put back', async () => {
    const deps = announcingDeps(world.the, gateway);
    await announceAll(deps);
    const before = await outboxOf(world.the);
    await announceAll(deps);
    await inTransaction(fresh.db, (tx) =>
      tx
        .updateTable('notice_watermark')
        .set({ next_idx: 0n })
        .where('community_id', '=', world.the.community)
        .execute(),
    );
    await announceAll(deps);
    expect(await outboxOf(world.the)).toEqual(before);
  });

  it('between the gateway and the record sends again under the same id', async () => {
    const deps = announcingDeps(world.the, gateway);
    await announceAll(deps);
    // The answer is lost: the gateway has the message, we do not know.
    gateway.mood = 'dies';
    await deliverDue(deps);
    gateway.mood = 'takes';
    world.the.time.advance(60_000);
    await deliverDue(deps);
    expect(gateway.taken).toHaveLength(2);
    expect(new Set(gateway.taken.map(({ id }) => id)).size).toBe(1);
    expect(await short()).toEqual(['letter-issued webhook sent']);
  });

  it('of a process that held a message frees it after its lease', async () => {
    const deps = announcingDeps(world.the, gateway);
    await announceAll(deps);
    await fresh.db
      .updateTable('outbox')
      .set({ attempts: 1, held_until_ms: BigInt(deps.clock() + 60_000) })
      .where('community_id', '=', world.the.community)
      .execute();
    expect(await deliverDue(deps)).toEqual({ taken: 0, refused: 0 });
    world.the.time.advance(60_001);
    expect(await deliverDue(deps)).toEqual({ taken: 1, refused: 0 });
  });
});

describe('a gateway', () => {
  it.each<[Mood, string]>([
    ['fails', 'GATEWAY_BUSY'],
    ['hangs', 'GATEWAY_TIMEOUT'],
    ['dies', 'GATEWAY_UNREACHABLE'],
    ['redirects', 'GATEWAY_REDIRECTS'],
  ])(
    'that %s is tried again later with %s, more and more slowly, and then paper is made',
    async (mood, code) => {
      // Only who waits in vain need not wait long; the others answer at once, on a busy machine later than that.
      const deps = announcingDeps(world.the, gateway, mood === 'hangs' ? { answerMs: 300 } : {});
      await announceAll(deps);
      gateway.mood = mood;
      expect(await deliverDue(deps)).toEqual({ taken: 0, refused: 1 });
      expect((await outboxOf(world.the))[0]).toMatchObject({
        state: 'queued',
        attempts: 1,
        error_code: code,
      });
      expect(await deliverDue(deps)).toEqual({ taken: 0, refused: 0 });
      for (let attempt = 2; attempt <= MESSAGE_RETRYING.attempts; attempt += 1) {
        world.the.time.advance(30 * 60_000);
        expect(await deliverDue(deps)).toEqual({ taken: 0, refused: 1 });
      }
      expect((await outboxOf(world.the))[0]).toMatchObject({
        channel: 'print',
        state: 'queued',
        error_code: code,
      });
      expect(gateway.strange).toEqual([]);
    },
  );

  it('that refuses the number makes paper at once', async () => {
    const deps = announcingDeps(world.the, gateway);
    await announceAll(deps);
    gateway.mood = 'refuses';
    await deliverDue(deps);
    expect((await outboxOf(world.the))[0]).toMatchObject({
      channel: 'print',
      state: 'queued',
      error_code: 'GATEWAY_REFUSES',
    });
  });

  it('that answers without end has taken the message, and nothing more is read', async () => {
    const deps = announcingDeps(world.the, gateway);
    await announceAll(deps);
    gateway.mood = 'babbles';
    expect(await deliverDue(deps)).toEqual({ taken: 1, refused: 0 });
    expect(await short()).toEqual(['letter-issued webhook sent']);
  });

  it('gets two signatures while the secret is being changed, and either is enough', async () => {
    const later = new Uint8Array(32).fill(12);
    const deps = announcingDeps(world.the, gateway, {
      gateway: { url: gateway.url, secrets: [later, SECRET] },
    });
    await announceAll(deps);
    await deliverDue(deps);
    expect(gateway.taken.map(({ signatures }) => signatures)).toEqual([2]);
    expect(gateway.strange).toEqual([]);
  });

  it('that is far behind stops the announcing of its community, and what waits is announced later', async () => {
    const full = announcingDeps(world.the, gateway, { maxQueued: 1 });
    await announceAll(full);
    await revoke('李小明');
    expect((await announceAll(full)).entries).toBe(0);
    expect(await short()).toEqual(['letter-issued webhook queued']);
    await deliverDue(full);
    await announceAll(full);
    expect(await short()).toEqual(['letter-issued webhook sent', 'letter-revoked print queued']);
  });

  it('is counted for the operator', async () => {
    await announceAll(announcingDeps(world.the, gateway));
    const { announcements_queued_webhook: queued = 0 } = await outboxGauges(fresh.db);
    expect(queued).toBe(1);
  });
});
