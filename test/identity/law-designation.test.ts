// Goal: the law's case P10 under `coOwners` `designated` (docs/law-map.md): of several holders only the one whom all the others designated
// casts, each limit is refused by its code, and the meeting verifies. Method: one small community over HTTP to the result.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import type { ActOpeningsAnswer } from '../../src/identity/act-openings-contract.ts';
import type { DesignationsAnswer } from '../../src/identity/designation-contract.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import type { Designation } from '../../src/record/designation.ts';
import { designationForm, designationHash } from '../../src/record/designation.ts';
import type { Signature } from '../../src/record/signature.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { readActEntry } from '../../src/web/console/action.ts';
import { isOpenedBy } from '../../src/web/console/opened-act.ts';
import { openDesignation } from '../../src/web/console/opened-papers.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import { give, keyOf, mandateOf, papersOf, signIn, vote } from '../ballot/mandate-world.ts';
import type { Convened } from '../ballot/voting-world.ts';
import {
  countRows,
  leap,
  meetingOf,
  NOTICED_MS,
  newClient,
  openBody,
  refusal,
} from '../ballot/voting-world.ts';
import { IDS } from '../registry/register-file.ts';
import { NUMBERS, registerFile } from '../support/registry.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

/** Five heads and 350.00 m²: one of one holder, three of two, one of three. */
const REGISTER = registerFile(
  [
    `1栋,101,100.00,陈大文,${NUMBERS.chen},已交付`,
    `1栋,102,90.00,李小明、王五,${NUMBERS.li}、${NUMBERS.wang},已交付`,
    `1栋,103,80.00,赵六、孙七、钱八,${IDS[3]}、${IDS[4]}、${IDS[5]},已交付`,
    `1栋,104,50.00,吴九、郑十,${IDS[6]}、442000198001010076,已交付`,
    '1栋,105,30.00,冯一、褚二,442000198001010084、442000198001010092,已交付',
  ].map((row) => `${row},,`),
);

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
const owners = new Map<string, SignedIn>();
const owner = (name: string): SignedIn => present(owners.get(name), name);

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  const { world } = service;
  const { deps, url } = service.service;
  const founded = await foundCommunity(world, deps, url, service.root, '共有花园');
  await importFile(world, founded.officers, founded.community, REGISTER);
  const { registrar } = founded.officers;
  const letters = await issueDemoLetters(world, registrar, founded.community, REGISTER, world.random);
  settled = { ...founded, codes: letters, generated: generateCommunity({ units: 24, seed: 'test' }) };
  for (const letter of letters) owners.set(letter.owner.name, await signIn(service, letter));
  const body = meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 });
  const plain = present(
    body.proposals.find(({ fund }) => fund?.length === 0),
    'a proposal without money',
  );
  const proposals = [{ ...plain, scope: { kind: 'community' as const, members: [] } }];
  convened = await openBody(service, settled, {
    ...body,
    proposals,
    parameters: { ...body.parameters, coOwners: 'designated' },
  });
  await world.beatNow();
}, 120_000);
afterAll(async () => service.close());

const votes = (name: string): Promise<string> => vote(service, convened.meeting, owner(name));
const seen = (name: string) => owner(name).client.get<DesignationsAnswer>('/v1/identity/designations');

/** An honest designation of one holder of the head of another, with one thing changed. */
async function designationOf(
  by: string,
  to: string,
  change: Partial<Designation> = {},
): Promise<Designation> {
  const [head] = (await seen(by)).heads;
  const { units, holders } = present(head, 'a head of several');
  const parties = holders.map(({ person, identity }) => ({ person, identity }));
  const designee = owner(to).me.person;
  return {
    v: 1,
    kind: 'designation',
    community: settled.community,
    meeting: '',
    designation: newId(service.world.random),
    units: units.map(({ unit }) => unit),
    by: parties.filter(({ person }) => person !== designee),
    to: present(
      parties.find(({ person }) => person === designee),
      'a holder',
    ),
    until: '2027-12-31',
    scanHash: '',
    nonce: toBase64Url(service.world.random(16)),
    ...change,
  };
}

/** Signs it as one of the holders; the code of a refusal, or whether it is recorded now. */
async function signs(
  name: string,
  given: Designation,
  sign: (hash: Uint8Array) => Signature = keyOf(owner(name)).sign,
): Promise<string> {
  const bytes = designationForm.bytes(given);
  const body = { designation: toBase64Url(bytes), signature: sign(designationHash(bytes)) };
  const posted = owner(name).client.post<{ isRecorded: boolean }>('/v1/identity/designations', body);
  const told = await refusal(posted);
  return told === 'accepted' ? ((await posted).isRecorded ? 'recorded' : 'waits') : told;
}

describe('P10: a head of several holders under `designated`', () => {
  it('casts nothing while none of them is designated; a holder who is alone needs nobody', async () => {
    expect([await votes('李小明'), await votes('王五')]).toEqual([
      'CAST_DESIGNATION_NONE',
      'CAST_DESIGNATION_NONE',
    ]);
    expect(await votes('陈大文')).toBe('201');
    expect((await seen('陈大文')).heads).toEqual([]);
  });

  it('is no matter of whoever is no holder, of the designated alone, or of a part of them, and leaves nothing', async () => {
    const honest = await designationOf('李小明', '王五');
    const three = await designationOf('赵六', '钱八');
    const before = await countRows(service);
    const tried = async (name: string, change: Partial<Designation>) => signs(name, { ...honest, ...change });
    expect(await signs('李小明', honest, keyOf(owner('王五')).sign)).toBe('422 DESIGNATION_EVIDENCE');
    expect(await signs('王五', honest)).toBe('422 DESIGNATION_HOLDERS');
    expect(await signs('陈大文', honest)).toBe('422 DESIGNATION_HOLDERS');
    expect(await signs('赵六', { ...three, by: three.by.slice(0, 1) })).toBe('422 DESIGNATION_HOLDERS');
    expect(await tried('李小明', { units: three.units })).toBe('422 DESIGNATION_HOLDERS');
    expect(await tried('李小明', { units: [...honest.units, ...three.units] })).toBe('422 DESIGNATION_UNITS');
    const stranger = { ...honest.to, identity: toBase64Url(service.world.random(32)) };
    expect(await tried('李小明', { to: stranger })).toBe('422 DESIGNATION_HOLDERS');
    expect(await tried('李小明', { to: present(honest.by[0], 'one') })).toBe('422 DESIGNATION_MALFORMED');
    expect(await tried('李小明', { until: '2026-11-01' })).toBe('422 DESIGNATION_PERIOD');
    expect(await tried('李小明', { until: '2036-11-01' })).toBe('422 DESIGNATION_PERIOD');
    expect(await tried('李小明', { meeting: newId(service.world.random) })).toBe('422 DESIGNATION_MEETING');
    const scanned = { scanHash: toBase64Url(service.world.random(32)) };
    expect(await tried('李小明', scanned)).toBe('422 DESIGNATION_MALFORMED');
    expect(await countRows(service)).toEqual(before);
    expect((await seen('李小明')).designations).toEqual([]);
  });

  it('is cast for by the one whom the other designated, and by nobody else, nor by the other’s agent', async () => {
    const given = await designationOf('李小明', '王五');
    expect(await signs('李小明', given)).toBe('recorded');
    expect(await signs('李小明', given)).toBe('409 DESIGNATION_RECORDED');
    expect(await signs('李小明', { ...given, until: '2027-12-30' })).toBe('409 DESIGNATION_REPEATED');
    expect(await votes('李小明')).toBe('CAST_DESIGNATION_OTHER');
    await give(owner('李小明'), await mandateOf(service, owner('李小明'), owner('陈大文').me.person));
    const { person } = owner('李小明').me;
    expect(await vote(service, convened.meeting, owner('陈大文'), person)).toBe('CAST_MANDATE_PRINCIPAL');
    expect(await votes('王五')).toBe('201');
  });

  it('waits until the last of the others has signed, and shows who has', async () => {
    const given = await designationOf('赵六', '钱八');
    expect(await signs('赵六', given)).toBe('waits');
    expect(await signs('赵六', given)).toBe('409 DESIGNATION_SIGNED');
    expect(await votes('钱八')).toBe('CAST_DESIGNATION_NONE');
    expect((await seen('孙七')).designations).toMatchObject([
      { designation: given.designation, signed: [owner('赵六').me.person], isRecorded: false },
    ]);
    expect((await seen('李小明')).designations.map(({ designation }) => designation)).not.toContain(
      given.designation,
    );
    expect(await signs('孙七', given)).toBe('recorded');
    expect([await votes('赵六'), await votes('钱八')]).toEqual(['CAST_DESIGNATION_OTHER', '201']);
  });

  it('is not finished later where its holders have designated anew meanwhile', async () => {
    const [old, newer] = [await designationOf('赵六', '钱八'), await designationOf('赵六', '孙七')];
    expect(await signs('赵六', old)).toBe('waits');
    await leap(service, settled, service.clock() + 1_000);
    expect([await signs('赵六', newer), await signs('钱八', newer)]).toEqual(['waits', 'recorded']);
    expect(await signs('孙七', old)).toBe('409 DESIGNATION_STALE');
  });

  it('is designated for by two officers over a paper, and a later designation takes the place of an earlier', async () => {
    expect(await signs('吴九', await designationOf('吴九', '郑十'))).toBe('recorded');
    const { committee, street, registrar } = settled.officers;
    const path = `/v1/communities/${settled.community}/designations`;
    const [unit] = owner('吴九').me.units;
    const paper = {
      meeting: '',
      unit: unit?.unit,
      to: owner('吴九').me.person,
      until: '2027-12-31',
      file: toBase64Url(service.world.random(2000)),
    };
    expect(await refusal(registrar.client.post(path, paper))).toBe('403 NOT_ALLOWED');
    const stranger = { ...paper, to: owner('陈大文').me.person };
    expect(await refusal(committee.client.post(path, stranger))).toBe('422 DESIGNATION_HOLDERS');
    await actTogether(service.world, () => committee.client.post<{ act: string }>(path, paper), [
      committee,
      street,
    ]);
    expect([await votes('郑十'), await votes('吴九')]).toEqual(['CAST_DESIGNATION_OTHER', '201']);
  });

  it('is announced to every holder of its head', async () => {
    await service.world.beatNow();
    await service.service.announceNow();
    const rows = await service.fresh.db
      .selectFrom('outbox')
      .select((eb) => ['entry_idx', eb.fn.countAll<bigint>().as('count')])
      .where('event', '=', 'designation-recorded')
      .groupBy('entry_idx')
      .orderBy('entry_idx')
      .execute();
    // Of two holders, twice of three, then twice of two: the last by paper.
    expect(rows.map(({ count }) => Number(count))).toEqual([2, 3, 3, 2, 2]);
  });

  it('is opened by its officers’ page from its own bytes, holder by holder', async () => {
    const { committee, street } = settled.officers;
    const base = `/v1/communities/${settled.community}`;
    const [unit] = owner('吴九').me.units;
    const file = toBase64Url(service.world.random(2000));
    const paper = { meeting: '', unit: unit?.unit, to: owner('郑十').me.person, until: '2027-12-31', file };
    const { act } = await committee.client.post<{ act: string }>(`${base}/designations`, paper);
    const served = await street.client.get<ActAnswer>(`/v1/acts/${act}`);
    const read = readActEntry(served);
    const given = await street.client.get<ActOpeningsAnswer>(`${base}/acts/${act}/openings`);
    if (!read.ok) throw new Error(read.refusal.code);
    const opened = present(openDesignation(read.value, given), 'honest');
    expect(opened.needs).toBe('all');
    const documents = [
      { name: '郑十', number: '442000198001010076' },
      { name: '吴九', number: IDS[6] ?? '' },
    ];
    expect(opened.parties.map((party) => documents.map((typed) => isOpenedBy(party, typed)))).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(opened.facts.join()).toContain('1栋 104');
    const record = designationForm.own(present(fromBase64Url(given.record), 'bytes'));
    const swapped = designationForm.bytes({ ...record, by: [record.to], to: present(record.by[0], 'one') });
    expect(openDesignation(read.value, { ...given, record: toBase64Url(swapped) })).toBeUndefined();
    expect(openDesignation(read.value, { ...given, persons: given.persons.slice(1) })).toBeUndefined();
    expect(openDesignation(read.value, { ...given, units: [] })?.facts.join()).toContain(unit?.unit);
    await street.client.post(`/v1/acts/${act}/withdrawal`);
  });
});

/** What fails of the meeting's bundle, check by check. */
async function failures(audience: 'auditor' | 'public'): Promise<readonly unknown[]> {
  const { failed } = await verifiedBundle(service, convened.meeting, audience);
  return failed.map(({ id, findings }) => ({ id, findings: findings.slice(0, 3) }));
}

describe('the result', () => {
  it('counts the designated holder’s head once, none of a head without one, and verifies from the bundle alone', async () => {
    const { committee, street } = settled.officers;
    const served = await papersOf(owner('陈大文'), convened.meeting);
    const { closes } = JSON.parse(Buffer.from(served.definition, 'base64url').toString()).window;
    await leap(service, settled, Date.parse(closes));
    const post = (officer: typeof street, step: string, body?: unknown) => () =>
      officer.client.post<{ act: string }>(`/v1/meetings/${convened.meeting}/${step}`, body);
    const secret = toBase64Url(convened.boxSecret);
    await actTogether(service.world, post(street, 'box/release', { secret }), [street]);
    await service.world.beatNow();
    const read = await newClient(service).get<{ objectionsUntil: string }>(
      `/v1/meetings/${convened.meeting}`,
    );
    await leap(service, settled, Date.parse(read.objectionsUntil) + 60_000);
    await actTogether(service.world, post(committee, 'final'), [committee, street]);
    await service.world.beatNow();
    const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
    const tally = tallyRecordForm.own(present(fromBase64Url(record), 'bytes'));
    // 褚二 and 冯一 had designated nobody: their 30.00 m² are in the base, and took no part.
    expect(tally.proposals.map(({ total, participating }) => [total, participating])).toEqual([
      [
        { areaDm2: '35000', heads: 5 },
        { areaDm2: '32000', heads: 4 },
      ],
    ]);
    expect(await failures('auditor')).toEqual([]);
    expect(await failures('public')).toEqual([]);
  }, 60_000);
});
