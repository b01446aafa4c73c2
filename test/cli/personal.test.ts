// Goal: what is due is deleted and nothing else: ended sessions and answers, and how to reach somebody who owns nothing and whom no
// vote concerns any more; his name stays for who must count again. Method: the command on the real database at days of its own.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/base/clock.ts';
import { personalCommand } from '../../src/cli/personal.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { openContact, openName } from '../../src/registry/persons.ts';
import { applyRoll, draftRoll } from '../../src/registry/rolling.ts';
import { executeAct, signBy } from '../support/acts.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, importRegister, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';

const DAY_MS = 24 * 3_600_000;
const ofChen = registerFile([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,13800138000,`]);
const ofLi = registerFile([`1栋,101,80.00,李小明,${NUMBERS.li},已交付,13800138001,`]);

let fresh: FreshDatabase;
let the: TestCommunity;
let round = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => fresh.close());
beforeEach(async () => {
  round += 1;
  the = await newCommunity(fresh, `personal ${round}`);
});

/** The command at some days after the start. */
async function purge(days: number, ...argv: string[]) {
  let [out, err] = ['', ''];
  const code = await personalCommand(
    ['purge', ...argv],
    {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
    },
    () => TEST_NOW + days * DAY_MS,
    async () => ({ ...the.deps, close: async () => undefined }),
  );
  return { code, out, err };
}
const contactsAt = async (days: number, ...argv: string[]): Promise<number> =>
  (JSON.parse((await purge(days, '--json', ...argv)).out) as { contacts: number }).contacts;

/** Phones by name, as the service reads them. */
async function phones(): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await fresh.db
    .selectFrom('person')
    .selectAll()
    .where('community_id', '=', the.community)
    .execute();
  return Object.fromEntries(rows.map((row) => [openName(the.deps, row), openContact(the.deps, row).phones]));
}
const BOTH = { 陈大文: ['13800138000'], 李小明: ['13800138001'] };
const CHEN_GONE = { 陈大文: [], 李小明: ['13800138001'] };

async function freezeRoll(meeting: string): Promise<void> {
  const drafted = await inTransaction(fresh.db, (tx) =>
    draftRoll(tx, the.deps, {
      community: the.community,
      meeting,
      proposals: [{ proposal: newId(the.deps.random), scope: { kind: 'community', members: [] } }],
      countSpecialSpaces: false,
      draftedBy: the.committee.officer,
    }),
  );
  if (!drafted.ok) throw new Error(drafted.refusal.code);
  await signBy(the.deps, drafted.value.act, [the.committee, the.street]);
  expect((await executeAct(the.deps, drafted.value.act, applyRoll)).ok).toBe(true);
}

/** Two questions on a draft whose notice never went out: half a year ago, and a day less. */
async function askOfDrafts(): Promise<void> {
  await bringIntoForce(the, ofChen);
  const { person_id } = await fresh.db
    .selectFrom('person')
    .select('person_id')
    .where('community_id', '=', the.community)
    .executeTakeFirstOrThrow();
  const meeting = newId(the.deps.random);
  await sql`insert into meeting (community_id, meeting_id, title, state, definition, opens_at_ms, closes_at_ms, drafted_by, created_at_ms, consulted_at_ms)
    values (${the.community}, ${meeting}, '草案', 'draft', '', 0, 1, '', 0, 0)`.execute(fresh.owner);
  for (const [body, days] of [
    ['over', -178],
    ['under way', -177],
  ] as const)
    await sql`insert into meeting_question (community_id, meeting_id, question_id, proposal_id, person_id, body, asked_at_ms, outcome, answer)
      values (${the.community}, ${meeting}, ${newId(the.deps.random)}, ${meeting}, ${person_id}, ${body},
              ${BigInt(TEST_NOW + days * DAY_MS)}, 'open', '')`.execute(fresh.db);
}

describe('how somebody is reached', () => {
  it('is erased 730 days after he ceased to own, his name stays, and he who owns keeps his', async () => {
    await bringIntoForce(the, ofChen);
    await bringIntoForce(the, ofLi);
    expect([await contactsAt(729), await phones()]).toEqual([0, BOTH]);
    expect([await contactsAt(730, '--dry-run'), await phones()]).toEqual([1, BOTH]);
    expect([await contactsAt(730), await phones()]).toEqual([1, CHEN_GONE]);
    expect(await contactsAt(730)).toBe(0);
    await bringIntoForce(the, ofChen);
    expect(await phones()).toEqual(BOTH);
    // Now Li is gone, from today on.
    expect(await contactsAt(729)).toBe(0);
    expect(await contactsAt(730)).toBe(1);
  });

  it('stays while a meeting on whose roll he stands is not over for as long', async () => {
    await bringIntoForce(the, ofChen);
    const meeting = newId(the.deps.random);
    await freezeRoll(meeting);
    await bringIntoForce(the, ofLi);
    expect(await contactsAt(5000)).toBe(0);
    const end = BigInt(TEST_NOW + 100 * DAY_MS);
    await sql`insert into meeting (community_id, meeting_id, title, state, definition, meeting_hash, opens_at_ms, closes_at_ms, objection_until_ms, drafted_by, created_at_ms)
      values (${the.community}, ${meeting}, '会议', 'final', '', sha256(${meeting}::bytea), 0, 1, ${end}, '', 0)`.execute(
      fresh.owner,
    );
    expect(await contactsAt(829)).toBe(0);
    expect([await contactsAt(830), await phones()]).toEqual([1, CHEN_GONE]);
  });

  it('stays while a mandate of his is in force', async () => {
    await bringIntoForce(the, ofChen);
    await bringIntoForce(the, ofLi);
    const rows = await fresh.db
      .selectFrom('person')
      .selectAll()
      .where('community_id', '=', the.community)
      .execute();
    const [principal, agent] = rows.map((row) => row.person_id);
    await sql`insert into mandate (community_id, mandate_id, basis, principal_id, agent_id, until_on, mandate, granted_at_ms, entry_id)
      values (${the.community}, ${newId(the.deps.random)}, 'guardian', ${principal}, ${agent}, '2030-01-01', '', 0, 1)`.execute(
      fresh.db,
    );
    expect(await contactsAt(800)).toBe(0);
    expect(await contactsAt(5000)).toBe(1);
  });
});

describe('an erasure', () => {
  /** Why the command erases nothing of Chen. */
  async function refused(days = 0): Promise<string> {
    const rows = await fresh.db
      .selectFrom('person')
      .selectAll()
      .where('community_id', '=', the.community)
      .execute();
    const chen = rows.find((row) => openName(the.deps, row) === '陈大文');
    let said = '';
    const write = (text: string): void => {
      said += text;
    };
    const argv = ['erase', '--community', the.community, '--person', chen?.person_id ?? '', '--yes'];
    const code = await personalCommand(
      [...argv, '--reason', '申请第1号'],
      { stdout: write, stderr: write },
      () => TEST_NOW + days * DAY_MS,
      async () => ({ ...the.deps, close: async () => undefined }),
    );
    return code === 0 ? 'erased' : (/\((\w+)\)$/.exec(said.trim())?.[1] ?? said);
  }

  it('waits for a register that two officers are to sign', async () => {
    await bringIntoForce(the, ofChen);
    await bringIntoForce(the, ofLi);
    const waiting = await importRegister(the.deps, the.committee, {
      community: the.community,
      file: ofChen,
      confirmed: true,
    });
    expect([waiting.ok, await refused(), (await phones())['陈大文']]).toEqual([
      true,
      'ERASURE_WAITS',
      ['13800138000'],
    ]);
  });

  it('waits for the meeting on whose roll he stands, and then erases all but his name', async () => {
    await bringIntoForce(the, ofChen);
    const meeting = newId(the.deps.random);
    await freezeRoll(meeting);
    await bringIntoForce(the, ofLi);
    expect(await refused(5000)).toBe('ERASURE_MEETING');
    const row = (state: string) =>
      sql`
      insert into meeting (community_id, meeting_id, title, state, definition, meeting_hash, opens_at_ms, closes_at_ms, objection_until_ms, drafted_by, created_at_ms)
      values (${the.community}, ${meeting}, '会议', ${state}, '', sha256(${meeting}::bytea), 0, 1, ${BigInt(TEST_NOW)}, '', 0)
      on conflict on constraint meeting_pk do update set state = excluded.state`.execute(fresh.owner);
    await row('preliminary');
    expect(await refused(5000)).toBe('ERASURE_MEETING');
    await row('final');
    expect([await refused(729), await phones()]).toEqual(['erased', CHEN_GONE]);
    expect([await refused(730), Object.keys(await phones()).sort()]).toEqual(['erased', ['', '李小明']]);
    expect(await refused(730)).toBe('PERSON_UNKNOWN');
  });

  it('waits for the end of a mandate that names him, and needs no meeting where he stood on no roll', async () => {
    await bringIntoForce(the, ofChen);
    await bringIntoForce(the, ofLi);
    const rows = await fresh.db
      .selectFrom('person')
      .selectAll()
      .where('community_id', '=', the.community)
      .execute();
    const [principal, agent] = rows.map((row) => row.person_id);
    await sql`insert into mandate (community_id, mandate_id, basis, principal_id, agent_id, until_on, mandate, granted_at_ms, entry_id)
      values (${the.community}, ${newId(the.deps.random)}, 'guardian', ${principal}, ${agent}, '2030-01-01', '', 0, 1)`.execute(
      fresh.db,
    );
    expect(await refused()).toBe('ERASURE_MANDATE');
    expect([await refused(5000), Object.keys(await phones()).sort()]).toEqual(['erased', ['', '李小明']]);
  });
});

describe('what is over', () => {
  it('is deleted from the day on that it is, and what is not stays', async () => {
    const hash = (text: string) => sql`sha256(${text}::bytea)`;
    for (const [name, days] of [
      ['over', 1],
      ['under way', 3],
    ] as const) {
      const at = BigInt(TEST_NOW + days * DAY_MS);
      await sql`insert into login_challenge values (${hash(name)}, 'owner', ${at})`.execute(fresh.db);
      await sql`insert into idempotency_key (scope, key, request_hash, created_at_ms)
        values (${name}, 'key', ${hash(name)}, ${at})`.execute(fresh.db);
      await sql`insert into officer_session values
        (${hash(name)}, ${the.street.officer}, 0, 0, ${at}, ${newId(the.deps.random)}, 0, '')`.execute(
        fresh.db,
      );
    }
    await askOfDrafts();
    const asked = () => fresh.db.selectFrom('meeting_question').select('body').execute();
    const rows = async (...argv: string[]) =>
      (JSON.parse((await purge(2, '--json', ...argv)).out) as { rows: Record<string, number> }).rows;
    const due = {
      owner_session: 0,
      officer_session: 1,
      login_challenge: 1,
      counter_request: 0,
      email_code: 0,
      email_ask: 0,
      email_change: 0,
      provider_sign_in: 0,
      meeting_question: 1,
      idempotency_key: 1,
    };
    expect(await rows('--dry-run')).toEqual(due);
    expect(await rows()).toEqual(due);
    expect(Object.values(await rows()).every((count) => count === 0)).toBe(true);
    const left = await fresh.db.selectFrom('idempotency_key').select('scope').execute();
    expect(left).toEqual([{ scope: 'under way' }]);
    expect(await asked()).toEqual([{ body: 'under way' }]);
    const told = await purge(9, '--dry-run');
    expect([told.code, told.err]).toEqual([0, '']);
    expect(told.out).toContain('nothing deleted');
  });

  it.each([['--contact-days'], ['--contact-days', '364'], ['--contact-days', '-1'], ['--all']])(
    'stays where the command is not understood: %j %j',
    async (...argv) => {
      const refused = await purge(9000, ...argv);
      expect([refused.code, refused.out]).toEqual([2, '']);
      expect(refused.err).toContain('personal purge');
    },
  );
});
