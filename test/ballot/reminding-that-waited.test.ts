// Goal: a reminder that waited, by e-mail or message, names of an owner of two homes only the one for which nobody voted since; by message
// too it goes to nobody who voted for both, nor after the close (SPEC 3.7, 6.11). Method: a register in which one person owns a home alone and
// another with his neighbour, one open meeting over HTTP, a real mail server and a gateway on loopback.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { remindDue, timelinessNow } from '../../src/ballot/reminding.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, utf8 } from '../../src/base/bytes.ts';
import { sealAtRest } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { deliverDue, openOutboxRow } from '../../src/notice/delivering.ts';
import { placeName } from '../../src/notice/domain/announcement-text.ts';
import { addressPlace } from '../../src/notice/email-address.ts';
import { mailDue } from '../../src/notice/mail-delivering.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import { putAddress } from '../../src/notice/store/emails.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { TestGateway } from '../notice/gateway.ts';
import { startGateway } from '../notice/gateway.ts';
import type { TestMailServer } from '../notice/mail-server.ts';
import { startMailServer } from '../notice/mail-server.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import { castBy, honestCast, leap, meetingOf, openBody, voterOf } from './voting-world.ts';

const HOUR_MS = 3_600_000;
const SECRET = new Uint8Array(32).fill(13);
/** Columns of the generated register: name, kind and number of the document, phone; and whether one owns alone. */
const [NAME, PHONE, ALONE] = [6, 9, 12];

let service: TestService;
let settled: TestCommunity;
let mails: TestMailServer;
let gateway: TestGateway;
let meeting: string;
let voter: Voter;
let deps: AnnouncingDeps;

/** The register in which the first who owns one home alone owns the next such home with its owner. */
function shared(csv: Uint8Array): Uint8Array {
  const rows = Buffer.from(csv)
    .toString('utf8')
    .split('\r\n')
    .map((line) => line.split(','));
  const names = rows.map((row) => row[NAME]);
  const alone = rows.filter(
    (row) =>
      row[ALONE] === '单独所有' && names.filter((name) => name?.includes(row[NAME] ?? '-')).length === 1,
  );
  const [first = [], second = []] = alone;
  for (let at = NAME; at <= PHONE; at += 1) second[at] = `${first[at]}、${second[at]}`;
  second[ALONE] = '共同共有';
  return utf8(rows.map((row) => row.join(',')).join('\r\n'));
}

beforeAll(async () => {
  service = await startTestService({ beatMs: HOUR_MS });
  settled = await settle(service, 24, shared);
  mails = await startMailServer();
  gateway = await startGateway(SECRET);
  const body = meetingOf(service, settled, { windowMs: 200 * HOUR_MS });
  ({ meeting } = await openBody(service, settled, body));
  await service.world.beatNow();
  for (const letter of settled.codes) {
    const found = await voterOf(service, letter, meeting).catch(() => undefined);
    if (found?.served.papers.length === 2) voter = found;
  }
  const notice = {
    gateway: { url: gateway.url, secrets: [SECRET] as const },
    helpLine: '',
    page: 'vote.example',
    maxQueued: 1000,
    answerMs: 1000,
    mail: { server: mails.server, answerMs: 3_000, takingMs: 1_000 },
  };
  deps = { ...service.service.deps, explain: explainEntry, timeliness: timelinessNow, notice };
}, 180_000);
afterAll(async () => {
  await gateway?.close();
  await mails?.close();
  await service?.close();
});

const placeOf = (at: number): string => {
  const { leaf } = present(voter.served.papers[at], 'a paper');
  return placeName(rollLeafForm.own(present(fromBase64Url(leaf), 'bytes')).units);
};

/** Asks for a reminder, which waits since neither server takes anything. */
async function remindInVain(): Promise<void> {
  await settled.officers.committee.client.post(`/v1/meetings/${meeting}/reminders`);
  expect(await remindDue(deps)).toBe(1);
  [mails.mood, gateway.mood] = ['greylists', 'fails'];
  await mailDue(deps);
  expect((await deliverDue(deps)).taken).toBe(0);
}
/** What goes out an hour later, when both servers take it. */
async function send() {
  [mails.mood, gateway.mood] = ['takes', 'takes'];
  mails.taken.length = 0;
  gateway.taken.length = 0;
  await leap(service, settled, service.clock() + HOUR_MS);
  expect((await deliverDue(deps)).refused).toBe(0);
  expect(await mailDue(deps)).toEqual({ refused: 0 });
  const phone = present(voter.letter.owner.phones[0], 'a phone');
  return {
    mail: mails.taken.map(({ text }) => text),
    own: gateway.taken.filter((each) => each.phone === phone),
    others: gateway.taken.filter((each) => each.phone !== phone),
  };
}
const states = async () =>
  (
    await deps.db
      .selectFrom('outbox')
      .select(['state', 'error_code'])
      .where('channel', '=', 'webhook')
      .where('event', '=', 'vote-reminder')
      .execute()
  ).map(({ state, error_code }) => `${state} ${error_code ?? ''}`.trim());
async function castFor(at: number): Promise<void> {
  const again = await voterOf(service, voter.letter, meeting);
  const paper = present(again.served.papers[at], 'a paper');
  const one = { ...again, served: { ...again.served, papers: [paper] } };
  const cast = await honestCast(service, one);
  expect((await castBy(service, meeting, one, cast)).acknowledgement).not.toBe('');
}

it('a reminder that waited names only the home for which nobody voted since', async () => {
  const { person } = voter.letter;
  const place = addressPlace(settled.community, person);
  await inTransaction(deps.db, (tx) =>
    putAddress(tx, {
      community_id: settled.community,
      person_id: person,
      sealed_address: sealAtRest(deps.atRest, place, utf8('two@mail.example'), deps.random),
      code_id: person,
      confirmed_at_ms: 1,
    }),
  );
  await remindInVain();
  const rows = await deps.db.selectFrom('outbox').selectAll().where('channel', '=', 'email').execute();
  expect(rows.map((row) => openOutboxRow(deps.atRest, row)?.facts.place)).toEqual([
    expect.stringMatching(/等2套$/),
  ]);
  await castFor(0);
  const { mail, own, others } = await send();
  expect(mail).toHaveLength(1);
  expect(mail[0]).toContain(`${placeOf(1)}:本户尚未表决`);
  expect(mail[0]).not.toContain(placeOf(0));
  expect(own.map(({ facts }) => facts['place'])).toEqual([placeOf(1)]);
  expect(own[0]?.text).not.toContain('等2套');
  expect(others.length).toBeGreaterThan(2);
});

it('a reminder by message that waited goes to nobody who voted since for all his homes', async () => {
  await leap(service, settled, service.clock() + 48 * HOUR_MS);
  await remindInVain();
  await castFor(1);
  const { mail, own, others } = await send();
  expect([mail, own]).toEqual([[], []]);
  expect(others.length).toBeGreaterThan(2);
  // His, and that of the neighbour with whom he owns the second home.
  expect((await states()).filter((state) => state === 'failed MESSAGE_LATE')).toHaveLength(2);
});

it('a reminder by message that waited goes to nobody after the close', async () => {
  await leap(service, settled, service.clock() + 48 * HOUR_MS);
  await remindInVain();
  const before = (await states()).filter((state) => state.startsWith('queued')).length;
  expect(before).toBeGreaterThan(8);
  service.clock.moveTo(service.clock() + 200 * HOUR_MS);
  gateway.mood = 'takes';
  gateway.taken.length = 0;
  // Also before the close is recorded.
  expect(await deliverDue(deps)).toEqual({ taken: 0, refused: 0 });
  expect(gateway.taken).toEqual([]);
  expect((await states()).filter((state) => state === 'failed MESSAGE_LATE')).toHaveLength(2 + before);
});
