// Goal: one cast of a group never spoils its neighbours; an outage, a commit in doubt and a skewed clock end in a clear answer and
// lose nothing (SPEC 6.5). Method: the real database, whose owner plants the row that fails and the lock that delays.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { castQueues } from '../../src/ballot/cast-queues.ts';
import { acceptCast } from '../../src/ballot/casting.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Convened, Voter } from './voting-world.ts';
import {
  castBy,
  countRows,
  honestCast,
  meetingOf,
  openBody,
  paperOf,
  signatureOver,
  voterOf,
} from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
/** One voter an entitlement, none of whom has voted yet. */
let fresh: Voter[];

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service, 90);
  convened = await openBody(service, settled, meetingOf(service, settled));
  const seen = new Set<string>();
  fresh = [];
  for (const letter of settled.codes) {
    const voter = await voterOf(service, letter, convened.meeting).catch(() => undefined);
    if (voter === undefined || seen.has(paperOf(voter).entitlement)) continue;
    seen.add(paperOf(voter).entitlement);
    fresh.push(voter);
  }
}, 120_000);
afterEach(async () => {
  await sql`drop trigger if exists poison on cast_statement`.execute(service.fresh.owner);
  await sql`drop function if exists poison()`.execute(service.fresh.owner);
});
afterAll(async () => service.close());

type Prepared = { readonly voter: Voter; readonly cast: Cast };

async function prepare(count: number): Promise<readonly Prepared[]> {
  const voters = fresh.splice(0, count);
  expect(voters).toHaveLength(count);
  return Promise.all(voters.map(async (voter) => ({ voter, cast: await honestCast(service, voter) })));
}

const send = ({ voter, cast }: Prepared) => castBy(service, convened.meeting, voter, cast);

const incomingOf = ({ voter, cast }: Prepared, receivedAt = service.service.deps.clock()) => {
  const bytes = castForm.bytes(cast);
  const signature = signatureOver(voter.seed, bytes);
  return { meeting: convened.meeting, bytes, signature, receivedAt };
};

/** A row that the database refuses: what `raises` does when one of these casts is inserted. */
async function poison(casts: readonly Prepared[], raises: string): Promise<void> {
  const entitlements = casts.map(({ cast }) => `'${cast.entitlement}'`).join(', ');
  await sql`create function poison() returns trigger language plpgsql as ${sql.raw(
    `$body$ begin if new.entitlement_id in (${entitlements}) then ${raises}; end if; return new; end $body$`,
  )}`.execute(service.fresh.owner);
  await sql`create trigger poison before insert on cast_statement for each row execute function poison()`.execute(
    service.fresh.owner,
  );
}

describe('a group with poisoned casts', () => {
  it('stores the neighbours and answers each poisoned one alone', async () => {
    const group = await prepare(24);
    const bad = [group[3], group[4], group[17]].map((each) => present(each, 'prepared'));
    await poison(bad, `raise exception 'poisoned' using errcode = '22000'`);
    const before = await countRows(service);
    const answers = await Promise.all(group.map(send));
    const statuses = group.map((each, at) => [bad.includes(each), answers[at]?.status]);
    expect(statuses).toEqual(group.map((each) => (bad.includes(each) ? [true, 503] : [false, 201])));
    const after = await countRows(service);
    expect([after.casts - before.casts, after.entries - before.entries]).toEqual([21, 21]);
    expect(after.refusals).toBe(before.refusals);
  });

  it('refuses by its code the one that breaks a constraint which no reading foresaw', async () => {
    const group = await prepare(8);
    const bad = present(group[5], 'prepared');
    await poison(
      [bad],
      `raise unique_violation using constraint = 'sealed_key_pk', message = 'another process was first'`,
    );
    const answers = await Promise.all(group.map(send));
    expect(answers.map(({ status, code }) => [status, code])).toEqual(
      group.map((each) => (each === bad ? [422, 'CAST_SEALED'] : [201, ''])),
    );
  });
});

describe('two casts under one ephemeral key', () => {
  it('at once: one stands, the other is refused', async () => {
    const [one, two] = await prepare(2);
    const [first, second] = [present(one, 'prepared'), present(two, 'prepared')];
    const key = present(first.cast.answers[0], 'an answer').sealed;
    const sealed = present(second.cast.answers[0], 'an answer').sealed;
    // The copied 43 characters hold the whole key and two bits that base64url keeps of the next byte.
    const copied = `${key.slice(0, 43)}${sealed.slice(43)}`;
    const copy: Cast = {
      ...second.cast,
      answers: second.cast.answers.map((answer, at) => (at === 0 ? { ...answer, sealed: copied } : answer)),
    };
    const answers = await Promise.all([send(first), send({ voter: second.voter, cast: copy })]);
    const outcomes = answers.map(({ status, code }) => `${status} ${code}`).sort();
    expect(outcomes).toEqual(['201 ', '422 CAST_SEALED']);
  });
});

describe('an outage in the middle of a group', () => {
  it('is ridden out: the session is ended while it writes, and every cast is answered and stands once', async () => {
    const group = await prepare(6);
    const before = await countRows(service);
    // Each row sleeps, so that the session can be ended in the middle of the statement.
    await poison(group, `perform pg_sleep(0.3)`);
    const answering = Promise.all(group.map(send));
    for (let struck = 0, tries = 0; struck === 0 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into cast_statement%'
           and state = 'active'`.execute(service.fresh.owner);
      struck = rows.length;
    }
    const answers = await answering;
    expect(answers.map(({ status }) => status)).toEqual(group.map(() => 201));
    const after = await countRows(service);
    expect([after.casts - before.casts, after.entries - before.entries]).toEqual([6, 6]);
    const again = await Promise.all(group.map(send));
    expect(again.map(({ acknowledgement }) => acknowledgement)).toEqual(
      answers.map(({ acknowledgement }) => acknowledgement),
    );
  });
});

const onBroken = (error: unknown): never => {
  throw error;
};

describe('a clock that differs from the database’s', () => {
  const acceptAt = async (offsetMs: number, receivedLater = 0) => {
    const [prepared] = await prepare(1);
    const { deps } = service.service;
    const clock = () => Date.now() + offsetMs;
    const casts = castQueues({ db: deps.db, clock, maxSkewMs: 500, onBroken }, newId(deps.random));
    const incoming = incomingOf(present(prepared, 'prepared'), Date.now() + offsetMs + receivedLater);
    const answer = await acceptCast({ ...deps, clock, casts }, incoming);
    return answer.ok ? 'accepted' : answer.refusal.code;
  };

  it('accepts nothing, and says so by its own code', async () => {
    const before = await countRows(service);
    expect(await acceptAt(3_600_000)).toBe('CLOCK_SKEW');
    expect(await acceptAt(-3_600_000)).toBe('CLOCK_SKEW');
    expect(await acceptAt(0, 60_000)).toBe('CLOCK_SKEW');
    expect(await countRows(service)).toEqual(before);
  });

  it('within half a second is none: the cast is decided by its window', async () => {
    expect(['VOTING_NOT_OPEN', 'VOTING_CLOSED']).toContain(await acceptAt(200));
  });
});

describe('the same cast from two processes at once', () => {
  it('stands once and is acknowledged alike', async () => {
    const [one] = await prepare(1);
    const prepared = present(one, 'prepared');
    const { deps } = service.service;
    const other = {
      ...deps,
      casts: castQueues(
        { db: deps.db, clock: deps.clock, maxSkewMs: undefined, onBroken },
        newId(deps.random),
      ),
    };
    const before = await countRows(service);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => acceptCast(at % 2 === 0 ? deps : other, incomingOf(prepared))),
    );
    const given = new Set(answers.map((answer) => (answer.ok ? answer.value.acknowledgement : 'refused')));
    expect(given.size).toBe(1);
    expect(given.has('refused')).toBe(false);
    expect((await countRows(service)).casts).toBe(before.casts + 1);
    const hash = toBase64Url(castHash(castForm.bytes(prepared.cast)));
    expect(answers.every((answer) => answer.ok && answer.value.castHash === hash)).toBe(true);
  });
});
