// Goal: before the freeze owners see the drawn-up roll without ids and names, ask about their own units, and are answered; a roll is not
// frozen over an open request unless officers say why (SPEC 4.4). Method: one community over HTTP, a noticed meeting, real officers.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestsAnswer, RollSheetAnswer } from '../../src/assembly/roll-contract.ts';
import { present } from '../../src/base/assert.ts';
import { newId } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { MeAnswer } from '../../src/identity/contract.ts';
import { purgeFiles } from '../../src/registry/raw-files.ts';
import { registryUnits } from '../../src/registry/units.ts';
import { meetingOf, newClient, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let meeting: string;
let roll: string;
let owners: readonly { readonly client: HttpClient; readonly me: MeAnswer }[];

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  const { committee, street } = settled.officers;
  ({ meeting } = await committee.client.post<{ meeting: string }>(
    `/v1/communities/${settled.community}/meetings`,
    meetingOf(service, settled, { opensInMs: 3_600_000 }),
  ));
  roll = `/v1/meetings/${meeting}/roll`;
  const notice = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
  await actTogether(service.world, notice, [committee, street]);
  owners = await Promise.all(
    settled.codes.slice(0, 3).map(async ({ code, owner }) => {
      const client = newClient(service);
      await signInOwner(service.world, client, { code, number: owner.number });
      return { client, me: await client.get<MeAnswer>('/v1/identity/me') };
    }),
  );
}, 180_000);
afterAll(async () => service?.close());

const owner = (at: number) => present(owners[at], `owner ${at}`);
const unitOf = (at: number): string => present(owner(at).me.units[0], 'a unit').unit;
const ask = (at: number, body: Readonly<Record<string, string>>) =>
  owner(at).client.post<{ request: string }>(`${roll}/own-requests`, body);
const own = async (at: number) =>
  (await owner(at).client.get<RequestsAnswer>(`${roll}/own-requests`)).requests;
const draft = (body?: Readonly<Record<string, string>>) =>
  settled.officers.committee.client.post<{ act: string }>(roll, body);
const answer = (request: string, outcome: string, by: 'committee' | 'registrar' = 'committee') =>
  settled.officers[by].client.post(`${roll}/requests/${request}/answer`, {
    outcome,
    reason: '与登记簿核对过',
  });

describe('the drawn-up roll', () => {
  it('is not there before it is drawn up, and then shows every unit once, without ids and names', async () => {
    expect(await refusal(owner(0).client.get(`${roll}/drawn`))).toBe('404 ROLL_UNKNOWN');
    await draft();
    const sheet = await owner(0).client.get<RollSheetAnswer>(`${roll}/drawn`);
    const units = await registryUnits(service.service.deps.db, settled.community);
    expect(sheet.isFrozen).toBe(false);
    expect(sheet.total.units).toBe(units.length);
    const shown = sheet.buildings.flatMap(({ building, list }) =>
      list.map(({ stair, room, areaDm2 }) => [building, stair, room, areaDm2].join('/')),
    );
    const known = units.map((each) => [each.building, each.stair, each.room, each.areaDm2].join('/'));
    expect(shown).toEqual(known);
    // Each head group is one head, numbered without a gap.
    const heads = new Set(sheet.buildings.flatMap(({ list }) => list.map(({ head }) => head)));
    expect([...heads].sort((a, b) => a - b)).toEqual([...heads].map((_, at) => at + 1));
    const text = JSON.stringify(sheet);
    expect(/[a-z2-7]{26}/.test(text)).toBe(false);
    for (const { owner: person } of settled.codes) expect(text).not.toContain(person.name);
    const officers = await settled.officers.registrar.client.get<RollSheetAnswer>(roll);
    expect(officers).toEqual(sheet);
  });

  it('weighs what the totals of the act weigh', async () => {
    const { total } = await owner(0).client.get<RollSheetAnswer>(`${roll}/drawn`);
    const rows = await sql<{ totals: string }>`select totals from roll`.execute(service.fresh.owner);
    const totals = JSON.parse(present(rows.rows[0], 'drawn up').totals) as readonly (typeof total)[];
    const whole = totals.toSorted((a, b) => b.heads - a.heads)[0];
    expect([total.areaDm2, total.heads]).toEqual([whole?.areaDm2, whole?.heads]);
  });
});

describe('a request', () => {
  it('is about a unit of one’s own or a missing one, five at most, and rests sealed', async () => {
    expect(await refusal(ask(0, { about: 'area', unit: unitOf(1), text: '面积不对' }))).toBe(
      '422 ROLL_REQUEST_UNIT',
    );
    expect(await refusal(ask(0, { about: 'missing', unit: unitOf(0), text: '漏了' }))).toBe(
      '422 ROLL_REQUEST_UNIT',
    );
    expect(await refusal(ask(0, { about: 'area', unit: unitOf(0), text: '长'.repeat(501) }))).toBe(
      '400 REQUEST_MALFORMED',
    );
    for (let at = 0; at < 5; at += 1)
      await ask(0, { about: 'area', unit: unitOf(0), text: `面积应为九十平方米 ${at}` });
    expect(await refusal(ask(0, { about: 'missing', unit: '', text: '漏了' }))).toBe(
      '429 ROLL_REQUESTS_TOO_MANY',
    );
    const rows = await sql<{ text: Uint8Array }>`select sealed_text as text from roll_request`.execute(
      service.fresh.owner,
    );
    for (const { text } of rows.rows) expect(Buffer.from(text).includes('九十')).toBe(false);
  });

  it('is seen by its owner and the convening officers alone, and answered once, with a reason', async () => {
    const [first, ...others] = await own(0);
    expect(first).toMatchObject({ about: 'area', state: 'open', answer: '', text: '面积应为九十平方米 0' });
    expect(await own(1)).toEqual([]);
    const { committee, registrar } = settled.officers;
    expect(await refusal(registrar.client.get(`${roll}/requests`))).toBe('403 NOT_ALLOWED');
    const listed = (await committee.client.get<RequestsAnswer>(`${roll}/requests`)).requests;
    expect(listed.map(({ request }) => request).sort()).toEqual(
      [first, ...others].map((each) => each?.request).sort(),
    );
    expect(listed[0]?.name).not.toBe(settled.codes[0]?.owner.name);
    const { request } = present(first, 'one');
    expect(await refusal(answer(request, 'accepted', 'registrar'))).toBe('403 NOT_ALLOWED');
    expect(await refusal(answer(newId(service.world.random), 'accepted'))).toBe('404 ROLL_REQUEST_UNKNOWN');
    await answer(request, 'accepted');
    expect(await refusal(answer(request, 'refused'))).toBe('409 ROLL_REQUEST_ANSWERED');
    expect((await own(0))[0]).toMatchObject({ state: 'accepted', answer: '与登记簿核对过' });
  });

  it('holds the roll up, at the drafting and at the freeze, until it is answered', async () => {
    const { committee, street } = settled.officers;
    expect(await refusal(draft())).toBe('409 ROLL_REQUESTS_OPEN');
    for (const { request, state } of await own(0)) if (state === 'open') await answer(request, 'refused');
    const { act } = await draft();
    await ask(1, { about: 'owners', unit: unitOf(1), text: '还有我太太' });
    await signBy(service.world, act, [committee, street]);
    await service.world.beatNow();
    await untilDone(service.world, act, committee).catch(() => undefined);
    const done = await committee.client.get<{ state: string; refusal: string }>(`/v1/acts/${act}`);
    expect([done.state, done.refusal]).toEqual(['refused', 'ROLL_REQUESTS_OPEN']);
  });

  it('does not hold it up where the officer says why; after the freeze none is taken, and the open one is still answered', async () => {
    const { committee, street } = settled.officers;
    const over = () => draft({ unanswered: '申请人电话不通，会后答复' });
    await actTogether(service.world, over, [committee, street]);
    expect((await owner(1).client.get<RollSheetAnswer>(`${roll}/drawn`)).isFrozen).toBe(true);
    expect(await refusal(ask(2, { about: 'missing', unit: '', text: '漏了' }))).toBe(
      '409 ROLL_FROZEN_ALREADY',
    );
    const [open] = await own(1);
    await answer(present(open, 'one').request, 'accepted');
    expect((await own(1))[0]?.state).toBe('accepted');
  });

  it('is erased when its time is over, and not before', async () => {
    const { db } = service.service.deps;
    const day = 86_400_000;
    const settings = { fileDays: 180, draftDays: 30 };
    expect(await purgeFiles(db, service.clock() + 179 * day, settings)).toMatchObject({ requests: 0 });
    expect(await purgeFiles(db, service.clock() + 181 * day, settings)).toMatchObject({ requests: 6 });
    expect((await own(0))[0]).toMatchObject({ text: '', answer: '', state: 'accepted' });
  });
});
