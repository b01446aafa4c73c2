// Goal: an owner who confirmed an address gets the notice by e-mail beside paper, and the register shows it with its proof, in the log too; an
// e-mail alone serves nobody, and one that bounces takes nothing away. Method: a service with a real mail server, over HTTP (SPEC 3.7, 5.1).
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveriesAnswer } from '../../src/assembly/delivery-contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { EmailAnswer } from '../../src/notice/email-contract.ts';
import { eraseRecipients } from '../../src/notice/store/outbox.ts';
import { deliveryEmailHash, deliveryMessageHash } from '../../src/record/delivery.ts';
import { leap, meetingOf, newClient, refusal } from '../ballot/voting-world.ts';
import type { TestMailServer } from '../notice/mail-server.ts';
import { startMailServer } from '../notice/mail-server.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const PATH = '/v1/identity/email';

let mails: TestMailServer;
let service: TestService;
let settled: TestCommunity;
let meeting: string;
let owners: readonly HttpClient[];
const lines: string[] = [];

async function signedIn(at: number): Promise<HttpClient> {
  const client = newClient(service);
  const { code, owner } = present(settled.codes[at], 'a letter');
  await signInOwner(service.world, client, { code, number: owner.number });
  return client;
}

/** Confirms an address over HTTP, a minute after whatever was asked before. */
async function confirmed(client: HttpClient, address: string): Promise<EmailAnswer> {
  service.clock.moveTo(service.clock() + 60_000);
  await client.post(PATH, { address });
  await service.service.announceNow();
  // The mail that tells a former address so goes out in the same round.
  const codes = mails.taken.flatMap(({ text }) => /(\d{4}) (\d{4})/.exec(text) ?? []);
  const [one, two] = codes.slice(-2);
  return client.post<EmailAnswer>(`${PATH}/confirmation`, { code: `${one}${two}` });
}

const view = () =>
  settled.officers.committee.client.get<DeliveriesAnswer>(`/v1/meetings/${meeting}/deliveries`);
const emailsIn = ({ heads }: DeliveriesAnswer) =>
  heads.flatMap(({ deliveries }) => deliveries.filter(({ channel }) => channel === 'email'));

beforeAll(async () => {
  mails = await startMailServer({ isPlain: true });
  const logger = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  service = await startTestService({ beatMs: 3_600_000, mail: mails.config, logger });
  settled = await settle(service);
  owners = await Promise.all([0, 1].map(signedIn));
}, 180_000);
afterAll(async () => {
  await service?.close();
  await mails?.close();
});

describe('an owner', () => {
  it('gives, confirms and changes an address, and sees it masked', async () => {
    const owner = present(owners[0], 'an owner');
    const none = { isOffered: true, address: '', waiting: '', expiresAt: '', isUndeliverable: false };
    expect(await owner.get(PATH)).toEqual(none);
    expect(await refusal(owner.post(PATH, { address: 'nobody' }))).toBe('422 EMAIL_MALFORMED');
    expect(await refusal(owner.post(`${PATH}/confirmation`, { code: '1234567' }))).toBe(
      '400 REQUEST_MALFORMED',
    );
    expect(await confirmed(owner, 'first@mail.example')).toEqual({ ...none, address: 'f***@mail.example' });
    expect(await confirmed(owner, 'second@mail.example')).toEqual({ ...none, address: 's***@mail.example' });
    await confirmed(owner, 'first@mail.example');
    await confirmed(present(owners[1], 'another'), 'bounces@mail.example');
    await service.service.announceNow();
    const lasts = mails.taken.filter(({ text }) => text.includes('您名下接收通知的邮箱已更换'));
    expect(lasts.map(({ to }) => to[0])).toEqual(['first@mail.example', 'second@mail.example']);
  });
});

describe('the notice of a meeting', () => {
  it('goes by e-mail to who confirmed an address, beside paper for everybody', async () => {
    const { committee, street } = settled.officers;
    const body = meetingOf(service, settled, { opensInMs: 3_600_000 });
    ({ meeting } = await committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      body,
    ));
    const draft = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
    await actTogether(service.world, draft, [committee, street]);
    mails.taken.length = 0;
    mails.mood = 'greylists';
    await service.world.beatNow();
    await service.service.announceNow();
    // What may pass later is neither sent nor undeliverable.
    expect(emailsIn(await view())).toEqual([]);
    mails.mood = 'takes';
    mails.unknown.push('bounces@mail.example');
    await leap(service, settled, service.clock() + 60_000);
    await service.service.announceNow();
    expect(mails.taken.map(({ to }) => to[0])).toEqual(['first@mail.example']);
    const rows = await service.fresh.owner
      .selectFrom('outbox')
      .select((eb) => ['channel', 'state', eb.fn.countAll<bigint>().as('count')])
      .where('event', '=', 'meeting-noticed')
      .groupBy(['channel', 'state'])
      .orderBy('channel')
      .orderBy('state')
      .execute();
    const persons = await service.fresh.owner
      .selectFrom('notice_message')
      .select('person_id')
      .distinct()
      .execute();
    expect(rows).toEqual([
      { channel: 'email', state: 'failed', count: 1n },
      { channel: 'email', state: 'sent', count: 1n },
      { channel: 'print', state: 'queued', count: BigInt(persons.length) },
    ]);
  });

  it('stands in the register with a proof over its text and the answer of the server, or as undeliverable', async () => {
    const emails = emailsIn(await view());
    const [row] = await service.fresh.owner
      .selectFrom('outbox')
      .select(['outbox_id', 'receipt'])
      .where('channel', '=', 'email')
      .where('event', '=', 'meeting-noticed')
      .where('state', '=', 'sent')
      .execute();
    const { outbox_id: id, receipt } = present(row, 'a mail that was sent');
    expect(mails.taken[0]?.headers['message-id']).toBe(`<${id}@vote.example>`);
    const hash = deliveryMessageHash(id, (mails.taken[0]?.text ?? '').replaceAll('\r\n', '\n'));
    expect(emails.map(({ state, officer, proof }) => [state, officer, proof]).sort()).toEqual([
      ['sent', '', deliveryEmailHash(present(fromBase64Url(hash), 'a hash'), receipt ?? '')],
      ['undeliverable', '', ''],
    ]);
    expect(receipt).toMatch(/^250 2\.0\.0 Ok: queued as 4XyZ\d+ for …$/);
  });

  it('keeps its proof when the receiver and the answer of the server are erased', async () => {
    const before = emailsIn(await view());
    expect(await eraseRecipients(service.service.deps.db, service.clock() + 1)).toBeGreaterThan(1);
    const rows = await service.fresh.owner
      .selectFrom('outbox')
      .select(['receipt', 'sealed_recipient'])
      .where('channel', '=', 'email')
      .execute();
    expect(new Set(rows.flatMap(({ receipt, sealed_recipient }) => [receipt, sealed_recipient]))).toEqual(
      new Set([null]),
    );
    expect(before).toHaveLength(2);
    expect(emailsIn(await view())).toEqual(before);
  });

  it('by e-mail alone has served nobody, since a thief of a letter could have typed the address', async () => {
    const { counts, heads } = await view();
    expect(counts).toEqual({ heads: heads.length, reached: 0, posted: 0, none: heads.length });
  });

  it('that came back leaves its home to be posted for, until the paper beside it went out', async () => {
    const { client } = settled.officers.registrar;
    const lost = (await view()).heads.find(({ deliveries }) =>
      deliveries.some(({ state }) => state === 'undeliverable'),
    );
    const units = [present(lost?.units[0], 'a home').unit];
    const posted = { state: 'posted', units, documentHash: toBase64Url(new Uint8Array(32).fill(7)) };
    await settled.officers.street.client.post(`/v1/meetings/${meeting}/deliveries`, posted);
    const { counts, heads } = await view();
    expect(counts).toEqual({ heads: heads.length, reached: 0, posted: 1, none: heads.length - 1 });
    const path = `/v1/communities/${settled.community}/print-runs`;
    const { run } = await client.post<{ run: string }>(path);
    await client.post(`${path}/${run}/posted`);
    const after = await view();
    expect(after.counts).toEqual({ heads: heads.length, reached: heads.length, posted: 0, none: 0 });
    expect(
      emailsIn(after)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['sent', 'undeliverable']);
  });

  it('has left no address in any line that the service wrote', () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.join('')).not.toMatch(/@mail\.example|first@|bounces@/);
  });
});
