// Goal: every owner is told of a meeting once, his first signed-in reading serves him, officers record the rest, and the register is in the
// log at the opening and at the close (SPEC 5.1). Method: one meeting over HTTP from its notice to its close, real owners and officers.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import type { DeliveriesAnswer, ReadingAnswer } from '../../src/assembly/delivery-contract.ts';
import { timelinessNow } from '../../src/ballot/reminding.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { noticeSettings } from '../../src/jobs/messenger.ts';
import { announceAll } from '../../src/notice/announcing.ts';
import { deliveryLines } from '../../src/notice/delivery-files.ts';
import { deliveryDocumentHash, deliveryForm, deliveryHash } from '../../src/record/delivery.ts';
import { entryForm } from '../../src/record/entry.ts';
import { definitionForm, noticeHash } from '../../src/record/meeting.ts';
import { frozenLeaves } from '../../src/registry/frozen-roll.ts';
import { registryUnits } from '../../src/registry/units.ts';
import { entryKindsOf, leap, meetingOf, newClient, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: string;
let owners: readonly HttpClient[];

const documentHash = deliveryDocumentHash(new TextEncoder().encode('收条'));
const officers = () => settled.officers;
const draft = (step: string) => () =>
  officers().committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
const read = (at: number) =>
  present(owners[at], 'an owner').post<ReadingAnswer>(`/v1/meetings/${meeting}/notice/readings`);
const view = () => officers().committee.client.get<DeliveriesAnswer>(`/v1/meetings/${meeting}/deliveries`);
const record = (body: object, by: 'committee' | 'street' | 'registrar' = 'street') =>
  officers()[by].client.post<{ recorded: number }>(`/v1/meetings/${meeting}/deliveries`, body);

async function signedIn(at: number): Promise<HttpClient> {
  const client = newClient(service);
  const { code, owner } = present(settled.codes[at], 'a letter');
  await signInOwner(service.world, client, { code, number: owner.number });
  return client;
}

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  const { committee, street } = settled.officers;
  const body = meetingOf(service, settled, { opensInMs: 3_600_000 });
  ({ meeting } = await committee.client.post<{ meeting: string }>(
    `/v1/communities/${settled.community}/meetings`,
    body,
  ));
  owners = await Promise.all([0, 1].map(signedIn));
  expect(await refusal(read(0))).toBe('404 MEETING_UNKNOWN');
  expect(await refusal(record({ state: 'handed', units: ['a'.repeat(26)], documentHash }))).toBe(
    '409 MEETING_STATE',
  );
  await actTogether(service.world, draft('notice'), [committee, street]);
}, 180_000);
afterAll(async () => service?.close());

const messages = () =>
  service.fresh.owner
    .selectFrom('outbox')
    .innerJoin('notice_message', 'notice_message.outbox_id', 'outbox.outbox_id')
    .select(['event', 'channel', 'state', 'person_id'])
    .execute();

describe('the notice', () => {
  it('goes once to every owner of the register, also where it is announced again', async () => {
    const { deps } = service.service;
    const announcing = {
      ...deps,
      explain: explainEntry,
      timeliness: timelinessNow,
      notice: noticeSettings({ origin: 'https://vote.example', secrets: undefined }),
    };
    expect((await announceAll(announcing)).troubles).toEqual([]);
    await service.fresh.owner.updateTable('notice_watermark').set({ next_idx: 0n }).execute();
    await announceAll(announcing);
    const persons = new Set((await registryUnits(deps.db, settled.community)).flatMap((unit) => unit.owners));
    const rows = await messages();
    expect(rows.map(({ event, channel, state }) => `${event} ${channel} ${state}`)).toEqual(
      rows.map(() => 'meeting-noticed print queued'),
    );
    expect(rows.map((row) => row.person_id).sort()).toEqual([...persons].sort());
  });

  it('that waits for a printer, or was printed and not posted, has told nobody', async () => {
    const { registrar } = officers();
    const path = `/v1/communities/${settled.community}/print-runs`;
    const before = await view();
    expect(before.counts).toEqual({
      heads: before.heads.length,
      reached: 0,
      posted: 0,
      none: before.heads.length,
    });
    const { run } = await registrar.client.post<{ run: string }>(path);
    expect((await view()).counts.reached).toBe(0);
    service.clock.moveTo(service.clock() + 60_000);
    await registrar.client.post(`${path}/${run}/posted`);
    const { counts, heads } = await view();
    expect(counts).toEqual({ heads: heads.length, reached: heads.length, posted: 0, none: 0 });
    expect(
      new Set(heads.flatMap((head) => head.deliveries.map(({ channel, state }) => `${channel} ${state}`))),
    ).toEqual(new Set(['paper sent']));
  });
});

describe('a reading', () => {
  it('counts once, at its first instant, and is of the notice that was served', async () => {
    const first = await read(0);
    service.clock.moveTo(service.clock() + 60_000);
    const both = await Promise.all([read(0), read(0), read(1), read(1)]);
    expect(both.slice(0, 2).map(({ readAt }) => readAt)).toEqual([first.readAt, first.readAt]);
    expect(both[2]).toEqual(both[3]);
    const rows = await service.fresh.owner
      .selectFrom('delivery')
      .selectAll()
      .where('state', '=', 'read')
      .execute();
    expect(rows).toHaveLength(2);
    const { definition } = await officers().committee.client.get<MeetingAnswer>(`/v1/meetings/${meeting}`);
    const parsed = definitionForm.own(present(fromBase64Url(definition), 'bytes'));
    for (const { proof } of rows) expect(toBase64Url(proof)).toBe(noticeHash(parsed));
  });

  it('is shown by home, and names nobody', async () => {
    const { heads } = await view();
    const served = heads.filter(({ deliveries }) => deliveries.some(({ state }) => state === 'read'));
    expect(served).toHaveLength(2);
    const text = JSON.stringify(heads);
    const persons = await service.fresh.owner.selectFrom('person').select('person_id').execute();
    for (const { person_id } of persons) expect(text).not.toContain(person_id);
  });
});

describe('what officers record', () => {
  it('stands for each unit once, with who recorded it', async () => {
    const [one, two] = (await registryUnits(service.service.deps.db, settled.community)).map(
      ({ unit }) => unit,
    );
    expect(await record({ state: 'handed', units: [one, two, one], documentHash })).toEqual({ recorded: 2 });
    expect(await record({ state: 'posted', units: [two], documentHash }, 'committee')).toEqual({
      recorded: 1,
    });
    const { heads } = await view();
    const lines = heads.find(({ units }) => units.some(({ unit }) => unit === two))?.deliveries ?? [];
    expect(
      lines.filter(({ officer }) => officer !== '').map(({ channel, state }) => `${channel} ${state}`),
    ).toEqual(['hand handed', 'posting posted']);
  });

  it('is refused for a unit that is not there, of others, and without a hash', async () => {
    const [unit] = (await registryUnits(service.service.deps.db, settled.community)).map((each) => each.unit);
    const before = await view();
    const good = { state: 'handed', units: [unit], documentHash };
    expect(await refusal(record({ ...good, units: [unit, 'a'.repeat(26)] }))).toBe(
      '422 DELIVERY_UNIT_UNKNOWN',
    );
    expect(await refusal(record({ ...good, documentHash: 'abc' }))).toBe('400 REQUEST_MALFORMED');
    expect(await refusal(record({ ...good, documentHash: `${documentHash.slice(0, -1)}B` }))).toBe(
      '400 REQUEST_MALFORMED',
    );
    expect(await refusal(record({ ...good, state: 'read' }))).toBe('400 REQUEST_MALFORMED');
    expect(await refusal(record(good, 'registrar'))).toBe('403 NOT_ALLOWED');
    expect(await view()).toEqual(before);
    // Handed once above.
    expect(await record(good)).toEqual({ recorded: 1 });
    for (const _again of [1, 2]) expect(await refusal(record(good))).toBe('409 DELIVERY_REPEATED');
  });
});

const recordsOf = async () =>
  (await deliveryLines(service.service.deps.db, settled.community, meeting)).map(({ delivery }) => {
    const bytes = present(fromBase64Url(delivery), 'bytes');
    return { hash: deliveryHash(bytes), record: deliveryForm.own(bytes) };
  });

const logged = async (): Promise<readonly string[]> =>
  (
    await service.fresh.owner
      .selectFrom('log_entry')
      .select('data')
      .where('kind', '=', 'delivery.recorded')
      .orderBy('id')
      .execute()
  ).map(({ data }) => {
    const entry = entryForm.own(data);
    return entry.kind === 'delivery.recorded' ? entry.deliveryHash : '';
  });

describe('the register in the log', () => {
  it('is put down at the opening, by entitlement, with all that was recorded', async () => {
    const { committee, street } = officers();
    await actTogether(service.world, draft('roll'), [committee, street]);
    const boxKey = toBase64Url(boxPublicKey(service.world.random(32)));
    await street.client.post(`/v1/meetings/${meeting}/box`, { boxKey });
    const { act } = await draft('opening')();
    await signBy(service.world, act, [committee, street]);
    await service.world.beatNow();
    await leap(service, settled, service.clock() + 3_600_000);
    await untilDone(service.world, act, officers().committee);
    const [put] = await recordsOf();
    expect(await logged()).toEqual([put?.hash]);
    expect(put?.record.moment).toBe('opening');
    const leaves = await frozenLeaves(service.service.deps.db, settled.community, meeting);
    const told = new Set(put?.record.deliveries.map(({ entitlement }) => entitlement));
    expect([...told].sort()).toEqual(leaves.map(({ entitlement }) => entitlement));
    const states = put?.record.deliveries.map(({ state }) => state) ?? [];
    expect(new Set(states)).toEqual(new Set(['sent', 'read', 'handed', 'posted']));
    expect((await view()).counts.heads).toBe(leaves.length);
  });

  it('and at the close, where what was told in between has come to it and nothing was lost', async () => {
    owners = [await signedIn(2)];
    await read(0);
    await leap(service, settled, service.clock() + 2 * 3_600_000);
    await service.world.beatNow();
    const kinds = await entryKindsOf(service, meeting);
    expect(kinds.indexOf('meeting.opened')).toBe(kinds.indexOf('delivery.recorded') - 1);
    expect(kinds.slice(-2)).toEqual(['delivery.recorded', 'meeting.closed']);
    const [opening, close, ...more] = await recordsOf();
    expect(more).toEqual([]);
    expect(await logged()).toEqual([opening?.hash, close?.hash]);
    const late = close?.record.deliveries.length ?? 0;
    expect(late).toBe((opening?.record.deliveries.length ?? 0) + 1);
    expect(close?.record.deliveries).toEqual(expect.arrayContaining([...(opening?.record.deliveries ?? [])]));
  });

  it('takes nothing more after the close', async () => {
    owners = [await signedIn(3)];
    expect(await refusal(read(0))).toBe('409 MEETING_STATE');
    const [unit] = (await registryUnits(service.service.deps.db, settled.community)).map((each) => each.unit);
    expect(await refusal(record({ state: 'handed', units: [unit], documentHash }))).toBe('409 MEETING_STATE');
  });
});
