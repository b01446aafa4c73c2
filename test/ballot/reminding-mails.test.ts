// Goal: a reminder by e-mail that waited goes to nobody who voted since, whatever he chose, nor to anybody after the close; no list or gauge
// differs by that (SPEC 3.7, 6.11). Method: one open meeting over HTTP, a real mail server on loopback, the service's clock.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remindDue, timelinessNow } from '../../src/ballot/reminding.ts';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { sealAtRest } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { outboxGauges } from '../../src/notice/delivering.ts';
import { addressPlace } from '../../src/notice/email-address.ts';
import { mailDue } from '../../src/notice/mail-delivering.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import { putAddress } from '../../src/notice/store/emails.ts';
import { everyHolderOf } from '../../src/registry/frozen-roll.ts';
import type { TestMailServer } from '../notice/mail-server.ts';
import { startMailServer } from '../notice/mail-server.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import { castBy, honestCast, leap, meetingOf, openBody, paperOf, plainVoters } from './voting-world.ts';

const HOUR_MS = 3_600_000;

let service: TestService;
let settled: TestCommunity;
let mails: TestMailServer;
let meeting: string;
let voters: readonly Voter[];
let deps: AnnouncingDeps;

/** The one person who holds a voter's entitlement. */
async function personOf(voter: Voter): Promise<string> {
  const holders = await everyHolderOf(deps.db, settled.community, meeting);
  const [person = '', ...others] = holders.get(paperOf(voter).entitlement) ?? [];
  expect(others).toEqual([]);
  return person;
}

async function giveAddress(voter: Voter, address: string): Promise<void> {
  const person = await personOf(voter);
  const place = addressPlace(settled.community, person);
  await inTransaction(deps.db, (tx) =>
    putAddress(tx, {
      community_id: settled.community,
      person_id: person,
      code_id: person,
      sealed_address: sealAtRest(deps.atRest, place, utf8(address), deps.random),
      confirmed_at_ms: 1,
    }),
  );
}

beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service);
  mails = await startMailServer();
  const body = meetingOf(service, settled, { windowMs: 200 * HOUR_MS });
  ({ meeting } = await openBody(service, settled, body));
  await service.world.beatNow();
  voters = await plainVoters(service, settled, meeting, 3);
  const mail = { server: mails.server, answerMs: 3_000, takingMs: 1_000 };
  const notice = {
    gateway: undefined,
    helpLine: '',
    page: 'vote.example',
    maxQueued: 1000,
    answerMs: 1000,
    mail,
  };
  deps = { ...service.service.deps, explain: explainEntry, timeliness: timelinessNow, notice };
  for (const [at, voter] of voters.entries()) await giveAddress(voter, `owner${at}@mail.example`);
}, 180_000);
afterAll(async () => {
  await mails?.close();
  await service?.close();
});

const askAndQueue = async (): Promise<void> => {
  await settled.officers.committee.client.post(`/v1/meetings/${meeting}/reminders`);
  expect(await remindDue(deps)).toBe(1);
};
const ended = async () =>
  (
    await deps.db
      .selectFrom('outbox')
      .select(['state', 'error_code'])
      .where('channel', '=', 'email')
      .where('event', '=', 'vote-reminder')
      .execute()
  )
    .map(({ state, error_code }) => `${state} ${error_code ?? ''}`.trim())
    .sort();

describe('a reminder by e-mail that waited', () => {
  it('goes to who has not voted since, and to nobody who has, whatever he chose', async () => {
    await askAndQueue();
    mails.mood = 'greylists';
    expect(await mailDue(deps)).toEqual({ refused: 3 });
    const gauges = await outboxGauges(deps.db);
    for (const [at, choice] of (['for', 'against'] as const).entries()) {
      const voter = present(voters[at], 'a voter');
      const cast = await honestCast(service, voter, choice);
      expect((await castBy(service, meeting, voter, cast)).acknowledgement).not.toBe('');
    }
    mails.mood = 'takes';
    await leap(service, settled, service.clock() + HOUR_MS);
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    expect(mails.taken.map(({ to }) => to[0])).toEqual(['owner2@mail.example']);
    expect(await ended()).toEqual(['failed MAIL_LATE', 'failed MAIL_LATE', 'sent']);
    expect(await outboxGauges(deps.db)).toEqual(gauges);
  });

  it('goes to nobody after the close, also before the close is recorded', async () => {
    await leap(service, settled, service.clock() + 48 * HOUR_MS);
    await askAndQueue();
    const row = {
      event: 'vote-reminder',
      meeting,
      person: await personOf(present(voters[2], 'a voter')),
    } as const;
    expect(await timelinessNow(deps.db, row, service.clock())).toMatchObject({ isTimely: true });
    service.clock.moveTo(service.clock() + 200 * HOUR_MS);
    expect(await timelinessNow(deps.db, row, service.clock())).toEqual({ isTimely: false });
    mails.taken.length = 0;
    expect(await mailDue(deps)).toEqual({ refused: 0 });
    expect(mails.taken).toEqual([]);
    expect(await ended()).toEqual(['failed MAIL_LATE', 'failed MAIL_LATE', 'failed MAIL_LATE', 'sent']);
    await service.world.beatNow();
    const early = service.clock() - 300 * HOUR_MS;
    expect(await timelinessNow(deps.db, row, early)).toEqual({ isTimely: false });
    expect(await timelinessNow(deps.db, { ...row, event: 'meeting-noticed' }, early)).toEqual({
      isTimely: false,
    });
  });
});
