// Goal: a paper counts only as two officers keyed it, each for himself, in the chain of its entitlement, and beside an electronic vote as the
// notice says (SPEC 6.4, 6.7). Method: papers over HTTP at an open meeting, races with exact counts, and the bundle through the verifier.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { actionOn, actTogether, signBy, signInOfficer } from '../../src/cli/demo/officer.ts';
import { signAct } from '../../src/officers/acts.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { actionHash } from '../../src/record/action.ts';
import type { Paper } from '../../src/record/paper.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Clerks } from './paper-world.ts';
import { appointClerks, enterBy, key, keyAlike, outcomeOf, print, sheetOf } from './paper-world.ts';
import type { Convened, Voter } from './voting-world.ts';
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
} from './voting-world.ts';

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
  convened = await openBody(
    service,
    settled,
    meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 }),
  );
  await service.world.beatNow();
  voters = await plainVoters(service, settled, convened.meeting, 17);
  const printed = await print(clerks, convened.meeting);
  serials = new Map(printed.map(({ entitlement, serial }) => [entitlement, serial]));
}, 300_000);
afterAll(async () => service.close());

const voter = (at: number): Voter => present(voters[at], `voter ${at}`);
const entitlementOf = (at: number): string => paperOf(voter(at)).entitlement;
const serialOf = (at: number): string => present(serials.get(entitlementOf(at)), 'printed');
const statementsOf = (at: number) =>
  service.fresh.owner
    .selectFrom('cast_statement')
    .select(['seq', 'channel', 'serial'])
    .where('meeting_id', '=', convened.meeting)
    .where('entitlement_id', '=', entitlementOf(at))
    .orderBy('seq')
    .execute();
const code = (): Uint8Array => service.world.random(16);
const two = () => [clerks.clerk, clerks.scrutineer];

describe('a paper that two officers keyed alike', () => {
  it('stands when both have signed, and its owner may still vote over it with his own credential', async () => {
    const act = await keyAlike(service, clerks, convened.meeting, serialOf(0));
    expect(await enterBy(service, act, two())).toBe('done');
    expect(await statementsOf(0)).toEqual([{ seq: 1, channel: 'paper', serial: serialOf(0) }]);
    expect(await refusal(sheetOf(clerks.clerk, convened.meeting, serialOf(0)))).toBe(
      '409 PAPER_SERIAL_SPENT',
    );
    const again = await voterOf(service, voter(0).letter, convened.meeting);
    expect(paperOf(again).seq).toBe(1);
    expect(await castBy(service, convened.meeting, again, await honestCast(service, again))).toMatchObject({
      status: 201,
    });
    expect((await statementsOf(0)).map(({ channel }) => channel)).toEqual(['paper', 'letter']);
  });

  it('gives no place to a second paper, nor to one after an electronic vote', async () => {
    expect(
      await enterBy(service, await keyAlike(service, clerks, convened.meeting, serialOf(1)), two()),
    ).toBe('done');
    const unit = present(
      (await print(clerks, convened.meeting)).find(({ entitlement }) => entitlement === entitlementOf(1)),
      'printed again',
    );
    expect(await refusal(key(service, clerks.clerk, convened.meeting, unit.serial, { code: code() }))).toBe(
      '409 PAPER_STANDS',
    );
    await castBy(service, convened.meeting, voter(2), await honestCast(service, voter(2)));
    const printed = await print(clerks, convened.meeting);
    serials = new Map(printed.map(({ entitlement, serial }) => [entitlement, serial]));
    const late = key(service, clerks.clerk, convened.meeting, serialOf(2), { code: code() });
    expect(await refusal(late)).toBe('409 PAPER_STANDS');
  });

  it('is signed by nobody who did not key this very version, and not accepted if it were', async () => {
    const { clerk, scrutineer } = clerks;
    const own = code();
    const drafted = await key(service, clerk, convened.meeting, serialOf(3), { code: own });
    expect(await refusal(signBy(service.world, drafted.act, [scrutineer]))).toBe('409 PAPER_NOT_KEYED');
    const otherwise = { code: own, option: 'against', handIn: true };
    await key(service, scrutineer, convened.meeting, serialOf(3), otherwise);
    expect(await refusal(signBy(service.world, drafted.act, [scrutineer]))).toBe('409 PAPER_NOT_KEYED');
    await signBy(service.world, drafted.act, [clerk]);
    expect(await outcomeOf(service, clerk, drafted.act)).toBe('open');
    // The execution asks again, whoever let the signature in.
    const act = await clerk.client.get<ActAnswer>(`/v1/acts/${drafted.act}`);
    const action = await actionOn(service.world, scrutineer.client, act, scrutineer);
    const signed = await signAct(service.service.deps, act.act, action, scrutineer.sign(actionHash(action)));
    expect(signed).toMatchObject({ ok: true, value: { state: 'signed' } });
    expect(await outcomeOf(service, clerk, drafted.act)).toBe('PAPER_NOT_KEYED');
    expect(await statementsOf(3)).toEqual([]);
  });

  it('needs two of different roles, none of them the committee', async () => {
    const act = await keyAlike(service, clerks, convened.meeting, serialOf(4));
    await signBy(service.world, act, [clerks.clerk]);
    expect(await refusal(signBy(service.world, act, [settled.officers.committee]))).toBe('403 ACTION_ROLE');
    expect(await outcomeOf(service, clerks.clerk, act)).toBe('open');
    expect(await enterBy(service, act, [clerks.scrutineer])).toBe('done');
  });
});

describe('officers who read a paper differently', () => {
  it('are told only that; a third decides, and the other version falls', async () => {
    const own = code();
    const at = { meeting: convened.meeting, serial: serialOf(5) };
    const first = await key(service, clerks.clerk, at.meeting, at.serial, { code: own });
    const other = { code: own, option: 'against' };
    expect(await key(service, clerks.scrutineer, at.meeting, at.serial, other)).toEqual({
      became: 'differs',
      act: '',
    });
    // Nobody brings both versions.
    expect(await refusal(key(service, clerks.clerk, at.meeting, at.serial, { ...other, handIn: true }))).toBe(
      '409 PAPER_VERSIONS',
    );
    const second = await key(service, clerks.scrutineer, at.meeting, at.serial, { ...other, handIn: true });
    expect(second.became).toBe('drafted');
    expect(second.act).not.toBe(first.act);
    const third = { code: own, option: 'abstain', handIn: true };
    expect((await key(service, clerks.street, at.meeting, at.serial, third)).became).toBe('differs');
    const agreed = await key(service, clerks.street, at.meeting, at.serial, other);
    expect(agreed).toEqual({ became: 'equal', act: second.act });
    await signBy(service.world, first.act, [clerks.clerk]);
    expect(await enterBy(service, second.act, [clerks.scrutineer, clerks.street])).toBe('done');
    expect(await refusal(signBy(service.world, first.act, [clerks.scrutineer]))).toBe('409 PAPER_NOT_KEYED');
    expect((await statementsOf(5)).length).toBe(1);
  });

  it('are held up by no picture of one who keeps his code: two others bring and key their own', async () => {
    const { clerk, scrutineer, street } = clerks;
    const at = [convened.meeting, serialOf(16)] as const;
    const file = new TextEncoder().encode('a picture of a cat');
    const rogue = await key(service, clerk, ...at, { code: code(), file });
    const own = { code: code(), picture: 'own' } as const;
    expect(await key(service, scrutineer, ...at, own)).toEqual({ became: 'differs', act: '' });
    const bare = { ...own, handIn: true, file: new Uint8Array() };
    expect(await refusal(key(service, scrutineer, ...at, bare))).toBe('422 PAPER_SCAN');
    const second = await key(service, scrutineer, ...at, { ...own, handIn: true });
    expect(second.became).toBe('drafted');
    expect((await sheetOf(street, ...at)).scanHashes.length).toBe(2);
    // He who brought the first version brings no second one, and nobody a third.
    expect((await key(service, clerk, ...at, { ...own, code: code(), handIn: true })).became).toBe('differs');
    const crossed = { code: own.code, picture: 0, handIn: true };
    expect((await key(service, street, ...at, crossed)).became).toBe('differs');
    const third = await key(service, street, ...at, { code: own.code, picture: 1 });
    expect(third).toEqual({ became: 'equal', act: second.act });
    expect(await enterBy(service, second.act, [scrutineer, street])).toBe('done');
    expect(await refusal(signBy(service.world, rogue.act, [street]))).toBe('409 PAPER_NOT_KEYED');
    const scans = await service.fresh.owner
      .selectFrom('paper_scan')
      .select('brought_by')
      .where('serial', '=', at[1])
      .execute();
    expect(new Set(scans.map(({ brought_by }) => brought_by))).toEqual(
      new Set([clerk.officer, scrutineer.officer]),
    );
  });

  it('cannot both stand, even where each version has its two', async () => {
    const own = code();
    const at = [convened.meeting, serialOf(6)] as const;
    const a = await key(service, clerks.clerk, ...at, { code: own });
    const b = await key(service, clerks.scrutineer, ...at, { code: own, option: 'against', handIn: true });
    await key(service, clerks.street, ...at, { code: own });
    await key(service, clerks.street, ...at, { code: own, option: 'against' });
    await signBy(service.world, a.act, [clerks.clerk, clerks.street]);
    await signBy(service.world, b.act, [clerks.scrutineer, clerks.street]);
    const outcomes = [
      await outcomeOf(service, clerks.clerk, a.act),
      await outcomeOf(service, clerks.clerk, b.act),
    ];
    expect(outcomes.sort()).toEqual(['PAPER_SERIAL_SPENT', 'done']);
    expect((await statementsOf(6)).length).toBe(1);
  });
});

describe('a paper is refused', () => {
  const keyed = (change: (paper: Paper) => Paper, at = 7) =>
    refusal(key(service, clerks.clerk, convened.meeting, serialOf(at), { code: code(), bend: change }));

  it.each<readonly [string, (paper: Paper) => Paper, string]>([
    ['of another meeting', (paper) => ({ ...paper, meeting: paper.prev }), '422 PAPER_MEETING'],
    ['for another entitlement', (paper) => ({ ...paper, entitlement: entitlementOf(8) }), '404 PAPER_SERIAL'],
    ['signed by no holder', (paper) => ({ ...paper, signer: paper.serial }), '422 PAPER_SIGNER'],
    ['under no mandate', (paper) => ({ ...paper, mandate: paper.serial }), '422 PAPER_MANDATE'],
    ['out of its chain', (paper) => ({ ...paper, seq: 2 }), '409 PAPER_CHAIN'],
    [
      'with answers out of order',
      (paper) => ({ ...paper, answers: [...paper.answers].reverse() }),
      '422 PAPER_ANSWERS',
    ],
    [
      'with a sealed choice of another size',
      (paper) => ({
        ...paper,
        answers: paper.answers.map((each) => ({ ...each, sealed: `${each.sealed}AAAA` })),
      }),
      '422 PAPER_SEALED',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await keyed(change)).toBe(expected);
  });

  it('of a serial that was never printed; a later print ends none that owners may have filled in', async () => {
    const former = serialOf(7);
    const again = await print(clerks, convened.meeting);
    expect((await sheetOf(clerks.clerk, convened.meeting, former)).serial).toBe(former);
    serials = new Map(again.map(({ entitlement, serial }) => [entitlement, serial]));
    expect((await sheetOf(clerks.clerk, convened.meeting, serialOf(7))).versions).toBe(0);
    expect(await refusal(sheetOf(clerks.clerk, convened.meeting, 'a'.repeat(26)))).toBe('404 PAPER_SERIAL');
  });

  it('without its picture', async () => {
    const bare = key(service, clerks.clerk, convened.meeting, serialOf(7), {
      code: code(),
      file: new Uint8Array(),
    });
    expect(await refusal(bare)).toBe('422 PAPER_SCAN');
    await key(service, clerks.clerk, convened.meeting, serialOf(7), { code: code() });
    // He names a picture that nobody has brought.
    const other = (paper: Paper): Paper => ({ ...paper, scanHash: paper.meeting });
    const second = { code: code(), handIn: true, bend: other };
    expect(await refusal(key(service, clerks.scrutineer, convened.meeting, serialOf(7), second))).toBe(
      '422 PAPER_SCAN',
    );
  });

  it('where an officer does not count', async () => {
    const { committee, registrar } = settled.officers;
    for (const officer of [committee, registrar])
      expect(await refusal(sheetOf(officer, convened.meeting, serialOf(8)))).toBe('403 NOT_ALLOWED');
  });
});

describe('a paper and a cast of one entitlement in the same moment', () => {
  it.each([8, 9, 10, 11, 12, 13])('are one vote, whoever was first (voter %i)', async (at) => {
    const act = await keyAlike(service, clerks, convened.meeting, serialOf(at));
    const cast = await honestCast(service, voter(at));
    await signBy(service.world, act, [clerks.clerk]);
    const [told] = await Promise.all([
      castBy(service, convened.meeting, voter(at), cast),
      signBy(service.world, act, [clerks.scrutineer]).then(() => service.world.beatNow()),
    ]);
    const entered = await outcomeOf(service, clerks.clerk, act);
    const outcome = told.status === 201 ? 'the cast' : told.code;
    expect([
      ['the cast', 'PAPER_STANDS'],
      ['CAST_CHAIN', 'done'],
    ]).toContainEqual([outcome, entered]);
    expect((await statementsOf(at)).length).toBe(1);
  });
});

describe('the count', () => {
  it('takes papers with the rest, and the bundle verifies in every check', async () => {
    const mark = { option: 'invalid-unclear' };
    const invalid = await keyAlike(service, clerks, convened.meeting, serialOf(14), mark);
    expect(await enterBy(service, invalid, two())).toBe('done');
    const { world } = service;
    const { meeting, boxSecret } = convened;
    const unsigned = await keyAlike(service, clerks, meeting, serialOf(15));
    const { committee, street } = settled.officers;
    const read = () => newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
    await leap(service, settled, Date.parse((await read()).closes));
    for (const officer of two()) await signInOfficer(world, officer);
    expect(await enterBy(service, unsigned, two())).toBe('PAPER_NOT_OPEN');
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
        secret: toBase64Url(boxSecret),
      });
    await actTogether(world, release, [street]);
    await world.beatNow();
    await leap(service, settled, Date.parse((await read()).objectionsUntil) + 60_000);
    const final = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
    await actTogether(world, final, [committee, street]);
    await world.beatNow();
    const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
    const parsed = tallyRecordForm.parse(present(fromBase64Url(record), 'bytes'));
    const tally = parsed.ok ? parsed.value : expect.fail('malformed');
    const papers = (await service.fresh.owner
      .selectFrom('cast_statement')
      .select('entitlement_id')
      .where('meeting_id', '=', meeting)
      .where('channel', '=', 'paper')
      .execute()) as readonly { entitlement_id: string }[];
    // One of them was voted over by its owner.
    const heads = tally.channels.find(({ channel }) => channel === 'paper')?.heads;
    expect(heads).toBe(papers.length - 1);
    const listed = tally.malformed.filter(({ code: found }) => found === 'INVALID_UNCLEAR');
    expect(new Set(listed.map(({ entitlement }) => entitlement))).toEqual(new Set([entitlementOf(14)]));
    for (const audience of ['auditor', 'public'] as const) {
      const { deps } = service.service;
      const [files, trust] = [await exportBundle(deps, meeting, audience), await exportTrust(deps, meeting)];
      if (!files.ok || !trust.ok) throw new Error('no bundle');
      const trusted = trustForm.parse(trust.value);
      if (!trusted.ok) throw new Error('malformed');
      const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: trusted.value });
      const { checks } = report.ok ? report.value : expect.fail('no report');
      expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
      const found = checks.find(({ id }) => id === 'PAPER-01')?.outcome;
      expect(found).toBe(audience === 'auditor' ? 'pass' : 'not made');
    }
  });
});
