// Goal: an address holds once its owner typed the code that was mailed to it, within an hour and five tries; what he takes back gets nothing
// more, also of what is queued; it stands nowhere in the open. Method: the real shells on the real database, a real mail server.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { erasePerson } from '../../src/assembly/erasing.ts';
import { forgetContacts } from '../../src/assembly/forgetting.ts';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import { addressIndex } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { NOTICE_PROBLEMS } from '../../src/http/problem-texts/notice.ts';
import { mailRound } from '../../src/jobs/messenger.ts';
import { queueReminders } from '../../src/notice/announcing.ts';
import { outboxGauges } from '../../src/notice/delivering.ts';
import { MAIL_RETRYING } from '../../src/notice/domain/outgoing.ts';
import type { EmailDeps } from '../../src/notice/email-address.ts';
import { askEmailCode, confirmEmail, removeEmail, viewEmail } from '../../src/notice/email-address.ts';
import { mailDue } from '../../src/notice/mail-delivering.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import { countAsks, insertAsk } from '../../src/notice/store/email-asks.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { bringIntoForce, NUMBERS, registerFile } from '../support/registry.ts';
import { waitingSessions } from '../support/waiting-sessions.ts';
import type { TestMailServer } from './mail-server.ts';
import { startMailServer } from './mail-server.ts';
import type { OutboxWorld } from './outbox-world.ts';
import { announcingDeps, outboxOf, outboxWorld } from './outbox-world.ts';

const HOUR_MS = 3_600_000;
const ADDRESS = 'Chen.Dawen@mail.example';

let fresh: FreshDatabase;
let mails: TestMailServer;
let world: OutboxWorld;
let deps: AnnouncingDeps;
let email: EmailDeps;
let owner: { readonly community: string; readonly person: string };
let round = 0;

beforeEach(async () => {
  fresh = await freshDatabase();
  round += 1;
  mails = await startMailServer();
  world = await outboxWorld(fresh, `e-mail ${round}`);
  deps = announcingDeps(world.the, undefined, {
    mail: { server: mails.server, answerMs: 3_000, takingMs: 1_000 },
  });
  email = { ...world.the.deps, offersEmail: true };
  const { person } = present(world.made.items[0], 'a letter');
  owner = { community: world.the.community, person };
});
afterEach(async () => {
  await mails.close();
  await fresh.close();
});

const askNow = async (address = ADDRESS, by = owner): Promise<string> => {
  const asked = await askEmailCode(email, by, address);
  return asked.ok ? 'ok' : asked.refusal.code;
};
/** Asks a minute after whatever was asked before. */
const ask = (address = ADDRESS, by = owner): Promise<string> => {
  world.the.time.advance(60_000);
  return askNow(address, by);
};
const confirm = async (code: string): Promise<string> => {
  const confirmed = await confirmEmail(email, owner, code);
  return confirmed.ok ? 'ok' : confirmed.refusal.code;
};
/** The code of the last mail. */
const mailedCode = (): string => {
  const [, one, two] = /(\d{4}) (\d{4})/.exec(mails.taken.at(-1)?.text ?? '') ?? [];
  return `${one}${two}`;
};
const wrong = (code: string): string => code.replace(/^./, (first) => (first === '9' ? '0' : '9'));

async function hold(): Promise<void> {
  expect(await ask()).toBe('ok');
  await mailDue(deps);
  expect(await confirm(mailedCode())).toBe('ok');
}

/** Queues a reminder for the owner, as of the first entry. */
async function remind(number = 1): Promise<void> {
  const entry = await fresh.db
    .selectFrom('log_entry')
    .select(['idx', 'leaf_hash'])
    .where('idx', '=', 0n)
    .executeTakeFirstOrThrow();
  const owners = [{ person: owner.person, units: [{ building: '1栋', stair: '', room: '101' }] }];
  const { community } = owner;
  const reminder = { community, round: number, closes: '2026-12-20T10:00:00Z', entry, owners };
  await inTransaction(fresh.db, (tx) => queueReminders(tx, deps, reminder));
}
const queued = async () =>
  (await outboxOf(world.the)).map(({ channel, state, error_code }) =>
    `${channel} ${state} ${error_code ?? ''}`.trim(),
  );

describe('an address', () => {
  it('holds once its code was typed, and is shown masked', async () => {
    expect(await ask()).toBe('ok');
    expect(await viewEmail(email, owner)).toMatchObject({ address: '', waiting: 'C***@mail.example' });
    await mailDue(deps);
    expect(mails.taken.map(({ to }) => to)).toEqual([[ADDRESS]]);
    expect(mails.taken[0]?.headers['subject']).toBe('测试花园 邮箱验证码');
    const code = mailedCode();
    expect(await confirm(wrong(code))).toBe('EMAIL_CODE_WRONG');
    expect(await confirm(code)).toBe('ok');
    expect(await viewEmail(email, owner)).toEqual({
      isOffered: true,
      address: 'C***@mail.example',
      waiting: '',
      expiresAt: undefined,
      isUndeliverable: false,
    });
    expect(await confirm(code)).toBe('EMAIL_CODE_NONE');
  });

  it('is none after an hour, after five wrong numbers, and under a code that a later one replaced', async () => {
    expect(await confirm('00000000')).toBe('EMAIL_CODE_NONE');
    await ask();
    await mailDue(deps);
    const former = mailedCode();
    await ask();
    await mailDue(deps);
    expect(await confirm(former)).toBe('EMAIL_CODE_WRONG');
    world.the.time.advance(HOUR_MS);
    expect(await confirm(mailedCode())).toBe('EMAIL_CODE_NONE');
    await ask();
    await mailDue(deps);
    const code = mailedCode();
    for (let tries = 0; tries < 5; tries += 1) expect(await confirm(wrong(code))).toBe('EMAIL_CODE_WRONG');
    expect(await confirm(code)).toBe('EMAIL_CODE_SPENT');
    expect((await viewEmail(email, owner)).address).toBe('');
  });

  it('gets five codes a day, also where it was taken back between', async () => {
    for (let asked = 0; asked < 4; asked += 1) expect(await ask(`a${asked}@mail.example`)).toBe('ok');
    await removeEmail(email, owner);
    expect(await ask()).toBe('ok');
    expect(await ask()).toBe('EMAIL_CODES_LIMITED');
    // Only the last one is mailed: the others are void.
    await mailDue(deps);
    expect(mails.taken.map(({ to }) => to)).toEqual([[ADDRESS]]);
    world.the.time.advance(24 * HOUR_MS);
    expect(await ask()).toBe('ok');
  });

  it('gets no second code within a minute, also where the first was taken back or the clock set back', async () => {
    expect(await ask()).toBe('ok');
    world.the.time.advance(59_999);
    expect(await askNow('other@mail.example')).toBe('EMAIL_CODE_TOO_SOON');
    await removeEmail(email, owner);
    expect(await askNow()).toBe('EMAIL_CODE_TOO_SOON');
    world.the.time.advance(1);
    expect(await askNow()).toBe('ok');
    world.the.time.advance(-HOUR_MS);
    expect(await askNow()).toBe('ok');
  });

  it('gets five codes in any 24 hours, whoever asks and however it is spelt', async () => {
    const owners = world.made.items.map(({ person }) => ({ ...owner, person }));
    const [one = owner, two = owner, three = owner] = owners;
    expect(new Set(owners.map(({ person }) => person)).size).toBe(3);
    expect(await ask('victim@mail.example', one)).toBe('ok');
    world.the.time.advance(12 * HOUR_MS);
    expect(await ask('Victim@mail.example', one)).toBe('ok');
    expect(await ask('victim+a@MAIL.example', two)).toBe('ok');
    expect(await ask('victim+b@mail.example', two)).toBe('ok');
    expect(await ask('VICTIM@mail.example', three)).toBe('ok');
    expect(await ask('victim@mail.example', three)).toBe('EMAIL_ADDRESS_LIMITED');
    // Another address is another box, and a refusal costs nobody a code of his day.
    expect(await ask('victims@mail.example', three)).toBe('ok');
    await mailDue(deps);
    expect(await ask('victim@mail.example', one)).toBe('EMAIL_ADDRESS_LIMITED');
    // The first one is a day old; the four of the afternoon still count.
    world.the.time.advance(12 * HOUR_MS);
    await mailDue(deps);
    expect(await ask('victim@mail.example', one)).toBe('ok');
    expect(await ask('victim@mail.example', two)).toBe('EMAIL_ADDRESS_LIMITED');
    world.the.time.advance(25 * HOUR_MS);
    await mailDue(deps);
    expect(await fresh.db.selectFrom('email_ask').selectAll().execute()).toEqual([]);
  });

  it('waits for whoever asks for the same address at the same time, in whatever community', async () => {
    const address = addressIndex(world.the.deps.atRest, 'email code', 'victim@mail.example');
    const now = world.the.deps.clock();
    let answer: Promise<string> | undefined;
    await inTransaction(fresh.db, async (tx) => {
      expect(await countAsks(tx, address, now)).toBe(0);
      for (let asked = 0; asked < 5; asked += 1)
        await insertAsk(tx, { ask_id: newId(world.the.deps.random), address, asked_at_ms: now });
      answer = askNow('victim@mail.example');
      const isAnswered = answer.then(() => true);
      const waits = async () =>
        (await waitingSessions(fresh.owner)) > 0 ||
        (await Promise.race([isAnswered, Promise.resolve(false)]));
      await expect.poll(waits, { timeout: 10_000 }).toBe(true);
    });
    expect(await answer).toBe('EMAIL_ADDRESS_LIMITED');
  });

  it('says in Chinese and English why there is no code', () => {
    for (const code of ['EMAIL_CODE_TOO_SOON', 'EMAIL_ADDRESS_LIMITED'] as const) {
      expect(NOTICE_PROBLEMS[code]?.zh).toMatch(/验证码/);
      expect(NOTICE_PROBLEMS[code]?.status).toBe(429);
    }
  });

  it('waits out a greylist, and is told undeliverable where the server knows it not', async () => {
    mails.mood = 'greylists';
    await ask();
    expect(await mailDue(deps)).toEqual({ refused: 1 });
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    mails.mood = 'takes';
    world.the.time.advance(60_000);
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    expect(await confirm(mailedCode())).toBe('ok');
    mails.mood = 'refuses the receiver';
    await ask('nobody@mail.example');
    await mailDue(deps);
    expect(await viewEmail(email, owner)).toMatchObject({
      address: 'C***@mail.example',
      waiting: 'n***@mail.example',
      isUndeliverable: true,
    });
  });

  it('is refused where it is none, where no mail is sent, and to who owns nothing', async () => {
    expect(await ask('chen@localhost')).toBe('EMAIL_MALFORMED');
    const off = await askEmailCode({ ...email, offersEmail: false }, owner, ADDRESS);
    expect(off.ok ? 'ok' : off.refusal.code).toBe('EMAIL_NOT_OFFERED');
    await ask();
    await mailDue(deps);
    await bringIntoForce(world.the, registerFile([`1栋,101,80.00,王芳,${NUMBERS.wang},已交付,,`]));
    expect(await confirm(mailedCode())).toBe('EMAIL_NO_HOME');
    expect(await ask()).toBe('EMAIL_NO_HOME');
  });

  it('stands in no column in the open, and in no line of the log', async () => {
    await hold();
    await remind();
    await ask('other.place@mail.example');
    const lines: string[] = [];
    mails.mood = 'greylists';
    await mailRound(deps, (level, what, facts) => lines.push(JSON.stringify([level, what, facts])));
    expect(lines).toEqual([JSON.stringify(['warn', 'the mail server did not take mails', { refused: 2 }])]);
    mails.mood = 'takes';
    world.the.time.advance(2 * HOUR_MS);
    await mailDue(deps);
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public'`.execute(
      fresh.owner,
    );
    for (const { name } of tables) {
      const { rows } = await sql<{
        row: string;
      }>`select row_to_json(t)::text as row from ${sql.table(name)} t`.execute(fresh.owner);
      const text = rows
        .map(({ row }) =>
          row.replace(/\\\\x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1')),
        )
        .join();
      expect(text, name).not.toMatch(/Chen\.Dawen|other\.place|mail\.example/);
    }
  });

  it('is deleted with the contacts of who owns nothing any more', async () => {
    await hold();
    await bringIntoForce(world.the, registerFile([`1栋,101,80.00,王芳,${NUMBERS.wang},已交付,,`]));
    const later = world.the.deps.clock() + 800 * 24 * HOUR_MS;
    const forgetting = { now: later, before: later - 24 * HOUR_MS, isDryRun: false };
    expect(await forgetContacts(world.the.deps, forgetting)).toBeGreaterThan(0);
    expect(await fresh.db.selectFrom('email_address').selectAll().execute()).toEqual([]);
    expect(await fresh.db.selectFrom('email_code').selectAll().execute()).toEqual([]);
  });
});

describe('an erasure', () => {
  it('takes the address, its code and the recipients of reminders by e-mail', async () => {
    await hold();
    await remind(1);
    await mailDue(deps);
    await remind(2);
    const wish = { ...owner, reason: '2026-17', identityDays: 730, isDryRun: false };
    await bringIntoForce(world.the, registerFile([`1栋,101,80.00,王芳,${NUMBERS.wang},已交付,,`]));
    const erase = () => erasePerson(world.the.deps, world.the.deps.clock(), wish);
    // What is queued by e-mail ends with him: a mail server that is away holds up no erasure. The third row says that he confirmed it.
    expect(await erase()).toMatchObject({ ok: true, value: { erased: { announcements: 2, email: 3 } } });
    expect(await fresh.db.selectFrom('email_change').selectAll().execute()).toEqual([]);
    expect(await fresh.db.selectFrom('email_address').selectAll().execute()).toEqual([]);
    expect(await fresh.db.selectFrom('email_code').selectAll().execute()).toEqual([]);
    const rows = await fresh.db
      .selectFrom('outbox')
      .select(['sealed_recipient', 'receipt', 'state', 'error_code'])
      .orderBy('state')
      .execute();
    const gone = { sealed_recipient: null, receipt: null };
    expect(rows).toEqual([
      { ...gone, state: 'failed', error_code: 'MAIL_ADDRESS_NONE' },
      { ...gone, state: 'sent', error_code: null },
    ]);
    await mailDue(deps);
    expect(mails.taken).toHaveLength(2);
  });
});

describe('a reminder', () => {
  it('goes by e-mail where an address holds, once for each round', async () => {
    await hold();
    await remind();
    await remind();
    expect(await queued()).toEqual(['email queued']);
    // How many reminders wait is how many have not voted.
    expect(await outboxGauges(fresh.db)).toMatchObject({ announcements_queued_email: 0 });
    await mailDue(deps);
    await mailDue(deps);
    expect(mails.taken).toHaveLength(2);
    expect(mails.taken[1]?.text).toContain('测试花园 1栋101:本户尚未表决,12月20日截止');
    const [row] = await fresh.db.selectFrom('outbox').selectAll().execute();
    expect(row).toMatchObject({ state: 'sent', receipt: '250 2.0.0 Ok: queued as 4XyZ2 for …' });
    expect(mails.taken[1]?.headers['message-id']).toBe(`<${row?.outbox_id}@vote.example>`);
  });

  it('goes nowhere once the address was taken back, also where it was queued before', async () => {
    await hold();
    await remind();
    await removeEmail(email, owner);
    await mailDue(deps);
    expect(await queued()).toEqual(['email failed MAIL_ADDRESS_NONE']);
    expect(mails.taken).toHaveLength(1);
    await remind(2);
    expect(await queued()).toHaveLength(1);
  });

  it('goes to the address that holds when it is sent', async () => {
    await hold();
    await remind();
    await ask('new@mail.example');
    await mailDue(deps);
    expect(mails.taken.slice(1).map(({ to }) => to[0])).toEqual(['new@mail.example', ADDRESS]);
  });

  it.each([
    ['greylists', 'MAIL_BUSY'],
    ['hangs up', 'MAIL_UNREACHABLE'],
    ['refuses the sender', 'MAIL_SETTINGS'],
  ] as const)(
    'that a server %s is tried again under the same id, and ends after its tries',
    async (mood, code) => {
      await hold();
      await remind();
      mails.mood = mood;
      await mailDue(deps);
      expect(await queued()).toEqual([`email queued ${code}`]);
      for (let attempt = 2; attempt <= MAIL_RETRYING.attempts; attempt += 1) {
        world.the.time.advance(MAIL_RETRYING.longestMs);
        await mailDue(deps);
      }
      expect(await queued()).toEqual([`email failed ${code}`]);
      expect(mails.taken).toHaveLength(1);
    },
  );

  it('costs one round where the settings are at fault, and no try of those behind it', async () => {
    await hold();
    await remind(1);
    await ask('other@mail.example');
    mails.mood = 'refuses to relay';
    const calls = mails.calls();
    expect(await mailDue(deps)).toEqual({ refused: 1 });
    expect(mails.calls() - calls).toBe(1);
    expect(await queued()).toEqual(['email queued']);
  });

  it('that a server refuses for good is not tried again, and makes no paper', async () => {
    await hold();
    await remind();
    mails.mood = 'refuses the receiver';
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    expect(await queued()).toEqual(['email failed MAIL_REFUSED']);
  });

  it('that a server had whole and never answered is sent once more, and no third time', async () => {
    await hold();
    await remind();
    mails.mood = 'hangs at the end';
    await mailDue(deps);
    expect(await queued()).toEqual(['email queued MAIL_UNANSWERED']);
    mails.mood = 'greylists';
    world.the.time.advance(MAIL_RETRYING.longestMs);
    await mailDue(deps);
    expect(await queued()).toEqual(['email queued MAIL_UNANSWERED']);
    mails.mood = 'hangs at the end';
    world.the.time.advance(MAIL_RETRYING.longestMs);
    await mailDue(deps);
    expect(await queued()).toEqual(['email failed MAIL_UNANSWERED']);
  });

  it('about no meeting is sent within a day, and ends after it untouched by any server', async () => {
    await hold();
    await remind();
    mails.mood = 'greylists';
    await mailDue(deps);
    mails.mood = 'takes';
    world.the.time.advance(24 * HOUR_MS - 1);
    const calls = mails.calls();
    await remind(2);
    world.the.time.advance(1);
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    expect((await queued()).toSorted()).toEqual(['email failed MAIL_LATE', 'email sent']);
    expect(mails.calls() - calls).toBe(1);
  });

  it('that waits where no mail server is set any more ends', async () => {
    await hold();
    await remind();
    await mailDue(announcingDeps(world.the));
    expect(await queued()).toEqual(['email failed MAIL_OFF']);
  });

  it('is queued for nobody where no mail server is set', async () => {
    await hold();
    deps = announcingDeps(world.the);
    await remind();
    expect(await queued()).toEqual([]);
    expect(await mailDue(deps)).toEqual({ refused: 0 });
  });
});
