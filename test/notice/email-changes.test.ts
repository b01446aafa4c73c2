// Goal: whoever confirms, changes or removes an owner's address of e-mail cannot do so unseen: the owner hears by message or paper, and the
// address that his page ended by a last mail, each once; no text names an address, and the former one is kept no longer than its mail (SPEC
// 3.7). Method: the real shells on the real database, a mail server and a gateway on loopback.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { erasePerson } from '../../src/assembly/erasing.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { messengerRound } from '../../src/jobs/messenger.ts';
import { deliverDue, forgetRecipients } from '../../src/notice/delivering.ts';
import { MAIL_RETRYING } from '../../src/notice/domain/outgoing.ts';
import type { EmailDeps } from '../../src/notice/email-address.ts';
import { askEmailCode, confirmEmail, forgetEmails, removeEmail } from '../../src/notice/email-address.ts';
import { announceAddresses } from '../../src/notice/email-announcing.ts';
import { mailDue } from '../../src/notice/mail-delivering.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import { sheetsOf, startPrintRun, viewOutbox } from '../../src/notice/printing.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { codeOf } from '../support/letters.ts';
import { bringIntoForce, NUMBERS, registerFile } from '../support/registry.ts';
import type { TestGateway } from './gateway.ts';
import { startGateway } from './gateway.ts';
import type { TestMailServer } from './mail-server.ts';
import { startMailServer } from './mail-server.ts';
import type { OutboxWorld } from './outbox-world.ts';
import { announcingDeps, outboxOf, outboxWorld, SECRET } from './outbox-world.ts';

const DAY_MS = 24 * 3_600_000;
const [OLD, NEW] = ['chen@mail.example', 'thief@other.example'];

let fresh: FreshDatabase;
let mails: TestMailServer;
let gateway: TestGateway;
let world: OutboxWorld;
let deps: AnnouncingDeps;
let email: EmailDeps;
/** 陈大文, who has a mobile phone; 李小明 has none. */
let owner: { readonly community: string; readonly person: string };
let round = 0;

beforeEach(async () => {
  fresh = await freshDatabase();
  round += 1;
  mails = await startMailServer();
  gateway = await startGateway(SECRET);
  world = await outboxWorld(fresh, `changed addresses ${round}`);
  const mail = { server: mails.server, answerMs: 3_000, takingMs: 1_000 };
  deps = announcingDeps(world.the, gateway, { mail });
  email = { ...world.the.deps, offersEmail: true };
  owner = { community: world.the.community, person: codeOf(world.made, '陈大文').person };
});
afterEach(async () => {
  await gateway.close();
  await mails.close();
  await fresh.close();
});

/** Confirms an address by its mailed code. */
async function hold(address: string, by = owner): Promise<void> {
  world.the.time.advance(60_000);
  expect((await askEmailCode(email, by, address)).ok).toBe(true);
  await mailDue(deps);
  const [, one, two] = /(\d{4}) (\d{4})/.exec(mails.taken.at(-1)?.text ?? '') ?? [];
  expect((await confirmEmail(email, by, `${one}${two}`)).ok).toBe(true);
  mails.taken.length = 0;
}
/** Tells what changed, and sends it; the mails that went to an address, and the texts of the messages. */
async function tell() {
  mails.taken.length = 0;
  gateway.taken.length = 0;
  await announceAddresses(deps);
  await deliverDue(deps);
  await mailDue(deps);
  return { messages: gateway.taken, mailed: mails.taken.map(({ to, text }) => ({ to: to[0], text })) };
}
const rows = async () =>
  (await outboxOf(world.the)).map(({ event, channel, state }) => `${event} ${channel} ${state}`).sort();
const changes = () => fresh.db.selectFrom('email_change').selectAll().orderBy('changed_at_ms').execute();
const recipients = async () =>
  (await fresh.db.selectFrom('outbox').select(['channel', 'sealed_recipient']).execute())
    .map(({ channel, sealed_recipient: sealed }) => `${channel} ${sealed === null ? 'erased' : 'kept'}`)
    .sort();

describe('a confirmed address', () => {
  it('is told to its owner by message, never by mail, and names no address', async () => {
    await hold(OLD);
    const { messages, mailed } = await tell();
    expect(messages.map(({ template, phone, text }) => [template, phone, text])).toEqual([
      [
        'email-confirmed',
        '13800138000',
        '测试花园1栋101:您名下登记了接收通知的邮箱。有异议请联系电话0760-88888888或vote.example',
      ],
    ]);
    expect(mailed).toEqual([]);
    expect(JSON.stringify(messages)).not.toMatch(/@|mail\.example/);
    expect(await tell()).toEqual({ messages: [], mailed: [] });
  });

  it('is told on paper to who has no phone, on a sheet without a place in the log', async () => {
    const person = codeOf(world.made, '李小明').person;
    await hold('li@mail.example', { ...owner, person });
    await tell();
    expect(await rows()).toEqual(['email-confirmed print queued']);
    const printing = { ...world.the.deps, explain: explainEntry };
    const { registrar, community } = world.the;
    const run = await startPrintRun(printing, registrar, community);
    if (!run.ok) throw new Error(run.refusal.code);
    const sheets = await sheetsOf(printing, registrar, { community, run: run.value.run });
    expect(sheets).toMatchObject({ ok: true, value: [{ place: '1栋102', index: undefined }] });
    const view = await viewOutbox(printing, registrar, community);
    expect(view).toMatchObject({
      ok: true,
      value: { latest: [{ event: 'email-confirmed', index: undefined }] },
    });
  });

  it('that is confirmed again is no change', async () => {
    await hold(OLD);
    await tell();
    await hold(OLD);
    expect(await tell()).toEqual({ messages: [], mailed: [] });
  });
});

describe('a thief of a session', () => {
  it('who types his own address is told of to the owner, and to the address before', async () => {
    await hold(OLD);
    await tell();
    await hold(NEW);
    const { messages, mailed } = await tell();
    expect(messages.map(({ template }) => template)).toEqual(['email-changed']);
    expect(mailed.map(({ to }) => to)).toEqual([OLD]);
    expect(mailed[0]?.text).toContain('您名下接收通知的邮箱已更换');
    expect(mailed[0]?.text).toContain('最后一封邮件');
    expect(JSON.stringify([messages, mailed[0]?.text])).not.toMatch(/thief|other\.example/);
    expect(mailed[0]?.text).not.toContain('chen');
  });

  it('who removes the address first, and types his own then, is told of alike', async () => {
    await hold(OLD);
    await tell();
    await removeEmail(email, owner);
    await hold(NEW);
    const { messages, mailed } = await tell();
    expect(messages.map(({ template }) => template).sort()).toEqual(['email-confirmed', 'email-removed']);
    expect(mailed.map(({ to }) => to)).toEqual([OLD]);
    expect(mailed[0]?.text).toContain('您名下接收通知的邮箱已删除');
  });

  it('who only asks for a code, or removes what is none, changes nothing', async () => {
    world.the.time.advance(60_000);
    expect((await askEmailCode(email, owner, NEW)).ok).toBe(true);
    await removeEmail(email, owner);
    expect(await changes()).toEqual([]);
  });

  it('whose letter or key is made void hears nothing himself, and the owner hears by message', async () => {
    await hold(NEW);
    await tell();
    const other = codeOf(world.made, '王芳').person;
    await inTransaction(fresh.db, (tx) => forgetEmails(tx, email, owner.community, [owner.person, other]));
    const { messages, mailed } = await tell();
    expect(messages.map(({ template }) => template)).toEqual(['email-removed']);
    expect(mailed).toEqual([]);
  });
});

describe('what is told of a change', () => {
  it('is told once, also where the database was put back to before it was queued', async () => {
    await hold(OLD);
    await hold(NEW);
    const byId = async () =>
      (await outboxOf(world.the)).toSorted((a, b) => (a.outbox_id < b.outbox_id ? -1 : 1));
    await announceAddresses(deps);
    const before = await byId();
    expect(before.map(({ event, channel }) => `${event} ${channel}`).sort()).toEqual([
      'email-changed email',
      'email-changed webhook',
      'email-confirmed webhook',
    ]);
    await fresh.owner.updateTable('email_change').set({ queued_at_ms: null }).execute();
    expect(await announceAddresses(deps)).toBe(2);
    expect(await byId()).toEqual(before);
  });

  it('is queued by the messenger, which reports what it cannot queue and warns of the rest', async () => {
    await hold(OLD);
    const lines: string[] = [];
    const log = (level: string, what: string): void => {
      lines.push(`${level} ${what}`);
    };
    const random = (): Uint8Array => {
      throw new Error('no randomness');
    };
    await messengerRound({ ...deps, random }, log);
    expect(lines.some((line) => line === 'error changed addresses of e-mail wait')).toBe(true);
    expect(await changes()).toMatchObject([{ queued_at_ms: null }]);
    await messengerRound(deps, log);
    expect(gateway.taken.map(({ template }) => template)).toContain('email-confirmed');
  });

  it('keeps the former address until its mail was taken, and not after', async () => {
    await hold(OLD);
    await hold(NEW);
    expect((await changes()).map(({ sealed_former: sealed }) => sealed === null)).toEqual([true, false]);
    mails.mood = 'greylists';
    await tell();
    expect((await changes()).map(({ sealed_former: sealed }) => sealed === null)).toEqual([true, true]);
    expect(await recipients()).toContain('email kept');
    mails.mood = 'takes';
    world.the.time.advance(MAIL_RETRYING.longestMs);
    await mailDue(deps);
    expect(mails.taken.map(({ to }) => to[0])).toEqual([OLD]);
    expect(await recipients()).toContain('email erased');
  });

  it.each([
    ['refuses the receiver', async () => mailDue(deps)],
    ['takes', async () => mailDue(announcingDeps(world.the))],
    [
      'greylists',
      async () => {
        world.the.time.advance(DAY_MS);
        await mailDue(deps);
      },
    ],
  ] as const)('forgets it where its server %s and the mail fails', async (mood, end) => {
    await hold(OLD);
    await hold(NEW);
    await announceAddresses(deps);
    mails.mood = mood;
    await end();
    expect(await rows()).toContain('email-changed email failed');
    expect(await recipients()).toContain('email erased');
  });

  it('makes no mail where no mail server is set any more', async () => {
    await hold(OLD);
    await removeEmail(email, owner);
    await announceAddresses(announcingDeps(world.the, gateway));
    expect(await rows()).toEqual(['email-confirmed webhook queued', 'email-removed webhook queued']);
    expect((await changes()).map(({ sealed_former: sealed }) => sealed)).toEqual([null, null]);
  });

  it('is forgotten after 180 days with the recipients, and not before, also where paper waited for long', async () => {
    await hold(OLD);
    await tell();
    const person = codeOf(world.made, '李小明').person;
    await hold('li@mail.example', { ...owner, person });
    await tell();
    world.the.time.advance(180 * DAY_MS - 60_000);
    await forgetRecipients(deps);
    expect(await changes()).toHaveLength(2);
    world.the.time.advance(DAY_MS);
    await forgetRecipients(deps);
    expect(await recipients()).toEqual(['print kept', 'webhook erased']);
    expect((await changes()).map((row) => row.person_id)).toEqual([person]);
    const printing = { ...world.the.deps, explain: explainEntry };
    expect((await startPrintRun(printing, world.the.registrar, world.the.community)).ok).toBe(true);
    world.the.time.advance(181 * DAY_MS);
    await forgetRecipients(deps);
    expect(await recipients()).toEqual(['print erased', 'webhook erased']);
    expect(await changes()).toEqual([]);
  });

  it('is found by an erasure, which waits for a message and ends a mail', async () => {
    await hold(OLD);
    await removeEmail(email, owner);
    await announceAddresses(deps);
    await bringIntoForce(world.the, registerFile([`1栋,101,80.00,王芳,${NUMBERS.wang},已交付,,`]));
    const wish = { ...owner, reason: '2026-18', identityDays: 730, isDryRun: false };
    const erase = () => erasePerson(world.the.deps, world.the.deps.clock(), wish);
    expect(await erase()).toMatchObject({ ok: false, refusal: { code: 'ERASURE_WAITS' } });
    await deliverDue(deps);
    expect(await erase()).toMatchObject({ ok: true, value: { erased: { announcements: 3, email: 3 } } });
    expect(await recipients()).toEqual(['email erased', 'webhook erased', 'webhook erased']);
    expect(await changes()).toEqual([]);
    await mailDue(deps);
    expect(mails.taken).toEqual([]);
  });
});
