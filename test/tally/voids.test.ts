// Goal: after an upheld objection two officers void what stood, its owner may vote again while the vote is open, and a result that was
// published is counted anew, both versions staying (SPEC 6.7, 8.2; law case P15). Method: one meeting over HTTP with forged papers, races
// with exact counts, and its bundle through the verifier.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { standingOf } from '../../src/ballot/store/cast-groups.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy, signInOfficer } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { openFund } from '../../src/cli/demo/story.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { rollLeafForm } from '../../src/record/roll.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type {
  ObjectionsAnswer,
  OwnObjectionsAnswer,
  ResultAnswer,
  VoidAnswer,
} from '../../src/tally/contract.ts';
import type { Clerks } from '../ballot/paper-world.ts';
import { appointClerks, enterBy, keyAlike, outcomeOf, print } from '../ballot/paper-world.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  honestCast,
  leap,
  meetingOf,
  NOTICED_MS,
  newClient,
  openBody,
  paperOf,
  plainVoters,
  refusal,
  voterOf,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let clerks: Clerks;
let voters: readonly Voter[];
let serials: ReadonlyMap<string, string>;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 48);
  clerks = await appointClerks(service, settled);
  // The community keeps a book, of which this meeting's resolutions open nothing.
  await openFund(settled.officers, settled.community);
  const body = meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 });
  convened = await openBody(service, settled, { ...body, parameters: { objectionDays: 3 } });
  await service.world.beatNow();
  voters = await plainVoters(service, settled, convened.meeting, 8);
  const printed = await print(clerks, convened.meeting);
  serials = new Map(printed.map(({ entitlement, serial }) => [entitlement, serial]));
}, 300_000);
afterAll(async () => service.close());

const voter = (at: number): Voter => present(voters[at], `voter ${at}`);
const entitlementOf = (at: number): string => paperOf(voter(at)).entitlement;
const unitOf = (at: number): string =>
  present(rollLeafForm.own(present(fromBase64Url(paperOf(voter(at)).leaf), 'bytes')).units[0], 'a unit').unit;
const objectionsPath = () => `/v1/meetings/${convened.meeting}/objections`;
const read = () => newClient(service).get<MeetingAnswer>(`/v1/meetings/${convened.meeting}`);
const resultOf = () => newClient(service).get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
const recordIn = (text: string): TallyRecord => tallyRecordForm.own(present(fromBase64Url(text), 'bytes'));
const byTwo = () => [settled.officers.committee, settled.officers.street] as const;

async function ownerClient(at: number): Promise<HttpClient> {
  const client = newClient(service);
  const { code, owner } = voter(at).letter;
  await signInOwner(service.world, client, { code, number: owner.number });
  return client;
}

async function object(at: number, text = '不是我投的。'): Promise<string> {
  const filed = await (await ownerClient(at)).post<{ objection: string }>(objectionsPath(), { text });
  return filed.objection;
}

const decide = (objection: string, decision: 'rejected' | 'upheld', ...condemns: readonly number[]) =>
  actTogether(
    service.world,
    () =>
      settled.officers.street.client.post<{ act: string }>(`${objectionsPath()}/${objection}/decision`, {
        decision,
        reason: '经核实。',
        units: condemns.map(unitOf),
      }),
    [settled.officers.street],
  );

const draft = (objection: string, at: number, reason = 'CLAIMED_BY_OWNER', by?: Officer) =>
  (by ?? settled.officers.committee).client.post<VoidAnswer>(`${objectionsPath()}/${objection}/voids`, {
    unit: unitOf(at),
    reason,
  });

async function forgePaper(at: number): Promise<void> {
  const act = await keyAlike(
    service,
    clerks,
    convened.meeting,
    present(serials.get(entitlementOf(at)), 'printed'),
  );
  expect(await enterBy(service, act, [clerks.clerk, clerks.scrutineer])).toBe('done');
}

const chainOf = async (at: number): Promise<readonly string[]> =>
  (
    await service.fresh.owner
      .selectFrom('cast_statement')
      .select('channel')
      .where('meeting_id', '=', convened.meeting)
      .where('entitlement_id', '=', entitlementOf(at))
      .orderBy('seq')
      .execute()
  ).map(({ channel }) => channel);

describe('while the vote is open', () => {
  let objection: string;

  it('an owner objects to a paper that is not his, and officers read why', async () => {
    await forgePaper(0);
    objection = await object(0);
    const { objections } = await settled.officers.committee.client.get<ObjectionsAnswer>(objectionsPath());
    expect(objections).toMatchObject([{ objection, text: '不是我投的。', decision: '', condemned: [] }]);
    expect(objections[0]?.units.map(({ unit }) => unit)).toContain(unitOf(0));
    const own = await (await ownerClient(0)).get<OwnObjectionsAnswer>(`${objectionsPath()}/own`);
    expect(own).toMatchObject({ mayObject: true, until: '', objections: [{ objection }] });
    const other = await (await ownerClient(1)).get<OwnObjectionsAnswer>(`${objectionsPath()}/own`);
    expect(other.objections).toEqual([]);
    const foreign = (await ownerClient(1)).post(objectionsPath(), { text: '别人的', unit: unitOf(0) });
    expect(await refusal(foreign)).toBe('422 OBJECTION_UNIT');
  });

  it('nothing is voided before it is upheld, for another unit, or by who may not', async () => {
    expect(await refusal(draft(objection, 0))).toBe('409 VOID_NOT_UPHELD');
    expect(await refusal(decide(objection, 'upheld', 1))).toBe('409 VOID_OTHER_ENTITLEMENT');
    await decide(objection, 'upheld', 0);
    expect(await refusal(draft(objection, 0, 'NO_MANDATE'))).toBe('422 VOID_REASON');
    expect(await refusal(draft(objection, 1, 'FORGED_PAPER'))).toBe('409 VOID_OTHER_ENTITLEMENT');
    expect(await refusal(draft(newId(service.world.random), 0))).toBe('404 OBJECTION_UNKNOWN');
    expect(await refusal(draft(objection, 0, 'COURT', clerks.clerk))).toBe('403 NOT_ALLOWED');
    const nowhere = { unit: newId(service.world.random), reason: 'COURT' };
    const { client } = settled.officers.committee;
    expect(await refusal(client.post(`${objectionsPath()}/${objection}/voids`, nowhere))).toBe(
      '404 VOID_UNIT_UNKNOWN',
    );
  });

  it('two officers void it, once, and he may vote as if nothing had been', async () => {
    const { act, channel, entitlement } = await draft(objection, 0);
    expect({ channel, entitlement }).toEqual({ channel: 'paper', entitlement: entitlementOf(0) });
    await signBy(service.world, act, [settled.officers.committee]);
    expect(await refusal(signBy(service.world, act, [settled.officers.registrar]))).toBe('403 ACTION_ROLE');
    expect(await enterBy(service, act, [settled.officers.street])).toBe('done');
    expect(await chainOf(0)).toEqual(['paper', 'void']);
    expect(await refusal(draft(objection, 0))).toBe('409 VOID_NOTHING');
    const again = await voterOf(service, voter(0).letter, convened.meeting);
    expect(paperOf(again)).toMatchObject({ seq: 2, isVoid: true, mayTakeOver: true, paperAt: '' });
    const cast = await honestCast(service, again);
    expect(await castBy(service, convened.meeting, again, { ...cast, seq: 2 })).toMatchObject({
      status: 409,
    });
    expect(await castBy(service, convened.meeting, again, cast)).toMatchObject({ status: 201 });
    expect(await chainOf(0)).toEqual(['paper', 'void', 'letter']);
  });

  it.each(['nestloop', 'hashjoin', 'mergejoin'])(
    'the chain is read in its order, also if the planner has only a %s',
    async (only) => {
      const of = <T>(values: readonly T[]) => ({
        communities: values.map(() => settled.community),
        meetings: values.map(() => convened.meeting),
        values,
      });
      const ways = ['nestloop', 'hashjoin', 'mergejoin'].filter((way) => way !== only);
      const { casts } = await inTransaction(service.service.deps.db, async (tx) => {
        for (const way of ways) await sql.raw(`set local enable_${way} = off`).execute(tx);
        return standingOf(tx, of([entitlementOf(0)]), of([]), of([]));
      });
      expect(casts.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    },
  );

  it('a cast that comes before the void is executed stands, and the void falls', async () => {
    await forgePaper(1);
    const claimed = await object(1);
    await decide(claimed, 'upheld', 1);
    const { act } = await draft(claimed, 1);
    const again = await voterOf(service, voter(1).letter, convened.meeting);
    expect(await castBy(service, convened.meeting, again, await honestCast(service, again))).toMatchObject({
      status: 201,
    });
    expect(await enterBy(service, act, byTwo())).toBe('VOID_SUPERSEDED');
    expect(await chainOf(1)).toEqual(['paper', 'letter']);
  });
});

describe('after the count', () => {
  let first: ResultAnswer;
  let final: string;

  it('a forged paper that another owner shows is voided, and the meeting is counted again', async () => {
    const { world } = service;
    const { committee, street } = settled.officers;
    for (const at of [2, 3, 4, 5]) {
      const cast = await honestCast(service, voter(at));
      expect(await castBy(service, convened.meeting, voter(at), cast)).toMatchObject({ status: 201 });
    }
    await forgePaper(6);
    await leap(service, settled, Date.parse((await read()).closes));
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${convened.meeting}/box/release`, {
        secret: toBase64Url(convened.boxSecret),
      });
    await actTogether(world, release, [street]);
    await world.beatNow();
    first = await resultOf();
    expect(recordIn(first.record)).toMatchObject({ voids: 1 });
    expect(first.former).toEqual([]);
    const claimed = await object(2, '6号的纸质票是伪造的。');
    await decide(claimed, 'upheld', 6);
    expect(await refusal(draft(claimed, 5, 'SERVER_FAULT'))).toBe('409 VOID_NOT_CONDEMNED');
    expect(await refusal(draft(claimed, 6, 'CLAIMED_BY_OWNER'))).toBe('409 VOID_OTHER_ENTITLEMENT');
    const { act } = await draft(claimed, 6, 'FORGED_PAPER', street);
    expect(await enterBy(service, act, byTwo())).toBe('done');
    await world.beatNow();
    expect((await read()).state).toBe('preliminary');
    const again = await resultOf();
    expect(again.former.map(({ recordHash }) => recordHash)).toEqual([first.recordHash]);
    expect(recordIn(present(again.former[0], 'the first count').record)).toEqual(recordIn(first.record));
    const [before, after] = [recordIn(first.record), recordIn(again.record)];
    expect(after.voids).toBe(2);
    const papers = (record: TallyRecord) => record.channels.find(({ channel }) => channel === 'paper')?.heads;
    expect([papers(before), papers(after)]).toEqual([1, 0]);
    for (const [at, { participating }] of before.proposals.entries()) {
      const less = present(after.proposals[at], 'the same proposals').participating.heads;
      expect([participating.heads - 1, participating.heads]).toContain(less);
    }
    // Both end with a day, which here is the same.
    expect(Date.parse(again.objectionsUntil)).toBeGreaterThanOrEqual(Date.parse(first.objectionsUntil));
    expect(await refusal(committee.client.post(`/v1/meetings/${convened.meeting}/final`))).toBe(
      '409 OBJECTIONS_OPEN',
    );
  });

  it('of two voids of one statement one is entered, however they race', async () => {
    const claimed = await object(3, '本户没有投过票。');
    await decide(claimed, 'upheld', 3);
    const [one, two] = [await draft(claimed, 3), await draft(claimed, 3, 'SERVER_FAULT')];
    for (const { act } of [one, two]) await signBy(service.world, act, byTwo());
    const ends = [
      await outcomeOf(service, settled.officers.street, one.act),
      await outcomeOf(service, settled.officers.street, two.act),
    ];
    expect(ends.sort()).toEqual(['VOID_SUPERSEDED', 'done']);
    expect(await chainOf(3)).toEqual(['letter', 'void']);
    await service.world.beatNow();
    expect((await resultOf()).former).toHaveLength(2);
  });

  it('a final result that was drafted before a void is not entered after it', async () => {
    const empty = await object(5, '公告贴得太晚。');
    await decide(empty, 'upheld');
    const claimed = await object(4, '本户也没有投过票。');
    await decide(claimed, 'upheld', 4);
    const { act: voided } = await draft(claimed, 4);
    await leap(service, settled, Date.parse((await resultOf()).objectionsUntil) + 60_000);
    const { committee, street } = settled.officers;
    for (const officer of byTwo()) await signInOfficer(service.world, officer);
    const path = `/v1/meetings/${convened.meeting}/final`;
    expect(await refusal(committee.client.post(path))).toBe('409 OBJECTION_UPHELD');
    expect(await enterBy(service, voided, byTwo())).toBe('done');
    await service.world.beatNow();
    expect(recordIn((await resultOf()).record).voids).toBe(4);
    expect((await resultOf()).former).toHaveLength(3);
    await leap(service, settled, Date.parse((await resultOf()).objectionsUntil) + 60_000);
    for (const officer of byTwo()) await signInOfficer(service.world, officer);
    final = (await committee.client.post<{ act: string }>(path)).act;
    await signBy(service.world, final, [committee, street]);
    expect(await outcomeOf(service, committee, final)).toBe('done');
    expect((await resultOf()).stage).toBe('final');
    expect(await refusal(draft(claimed, 5, 'COURT'))).toBe('409 MEETING_STATE');
  });

  it('every version is in the bundle, and the verifier counts each of them', async () => {
    for (const audience of ['auditor', 'public'] as const) {
      const { files, checks, failed } = await verifiedBundle(service, convened.meeting, audience);
      expect(files.has('former-tallies.jsonl')).toBe(true);
      expect(failed).toEqual([]);
      const found = checks.find(({ id }) => id === 'VOID-01')?.outcome;
      expect(found).toBe(audience === 'auditor' ? 'pass' : 'not made');
    }
  });
});
