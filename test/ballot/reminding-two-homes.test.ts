// Goal: a reminder that waited names of an owner of two homes only the one for which nobody voted since (SPEC 3.7, 6.11). Method: a register in
// which one person owns a home alone and another with his neighbour, one open meeting over HTTP, a real mail server on loopback.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { remindDue, timelinessNow } from '../../src/ballot/reminding.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, utf8 } from '../../src/base/bytes.ts';
import { sealAtRest } from '../../src/crypto/at-rest.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { openOutboxRow } from '../../src/notice/delivering.ts';
import { placeName } from '../../src/notice/domain/announcement-text.ts';
import { addressPlace } from '../../src/notice/email-address.ts';
import { mailDue } from '../../src/notice/mail-delivering.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import { putAddress } from '../../src/notice/store/emails.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { TestMailServer } from '../notice/mail-server.ts';
import { startMailServer } from '../notice/mail-server.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import { castBy, honestCast, leap, meetingOf, openBody, voterOf } from './voting-world.ts';

const HOUR_MS = 3_600_000;
/** Columns of the generated register: name, kind and number of the document, phone; and whether one owns alone. */
const [NAME, PHONE, ALONE] = [6, 9, 12];

let service: TestService;
let settled: TestCommunity;
let mails: TestMailServer;
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
  const body = meetingOf(service, settled, { windowMs: 200 * HOUR_MS });
  ({ meeting } = await openBody(service, settled, body));
  await service.world.beatNow();
  for (const letter of settled.codes) {
    const found = await voterOf(service, letter, meeting).catch(() => undefined);
    if (found?.served.papers.length === 2) voter = found;
  }
  const notice = {
    gateway: undefined,
    helpLine: '',
    page: 'vote.example',
    maxQueued: 1000,
    answerMs: 1000,
    mail: { server: mails.server, answerMs: 3_000, takingMs: 1_000 },
  };
  deps = { ...service.service.deps, explain: explainEntry, timeliness: timelinessNow, notice };
}, 180_000);
afterAll(async () => {
  await mails?.close();
  await service?.close();
});

const placeOf = (at: number): string => {
  const { leaf } = present(voter.served.papers[at], 'a paper');
  return placeName(rollLeafForm.own(present(fromBase64Url(leaf), 'bytes')).units);
};

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
  await settled.officers.committee.client.post(`/v1/meetings/${meeting}/reminders`);
  expect(await remindDue(deps)).toBe(1);
  const rows = await deps.db.selectFrom('outbox').selectAll().where('channel', '=', 'email').execute();
  expect(rows.map((row) => openOutboxRow(deps.atRest, row)?.facts.place)).toEqual([
    expect.stringMatching(/等2套$/),
  ]);
  mails.mood = 'greylists';
  expect(await mailDue(deps)).toEqual({ refused: 1 });
  const cast = await honestCast(service, voter);
  expect((await castBy(service, meeting, voter, cast)).acknowledgement).not.toBe('');
  mails.mood = 'takes';
  await leap(service, settled, service.clock() + HOUR_MS);
  expect(await mailDue(deps)).toEqual({ refused: 0 });
  expect(mails.taken.map(({ to }) => to[0])).toEqual(['two@mail.example']);
  const text = mails.taken[0]?.text ?? '';
  expect(text).toContain(`${placeOf(1)}:本户尚未表决`);
  expect(text).not.toContain(placeOf(0));
  expect(text).not.toContain('等2套');
});
