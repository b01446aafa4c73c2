// Goal: two who are one under two documents count as one head, under one letter, from the merge on, and as two again once it is undone;
// nobody merges alone, over a frozen roll, or a frozen vote. Method: the whole way over HTTP on the real database, with letters made from
// the file, a meeting and its bundle.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timelinessNow } from '../../src/ballot/reminding.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { actTogether, signBy } from '../../src/cli/demo/officer.ts';
import { letterKey, signInOwner } from '../../src/cli/demo/owner.ts';
import { bindOwnKey, newDeviceKey } from '../../src/cli/demo/owner-key.ts';
import { openRegister } from '../../src/cli/letters.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import type { CandidatesAnswer, MergesAnswer } from '../../src/identity/merge-contract.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import { announceAll } from '../../src/notice/announcing.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import { mergeForm } from '../../src/record/merge.ts';
import { mergeCandidates } from '../../src/registry/domain/merge-candidates.ts';
import { registryUnits } from '../../src/registry/units.ts';
import { conveneBody, meetingOf, newClient, postJson, refusal } from '../ballot/voting-world.ts';
import { registerFile } from '../support/registry.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';

const PASSPORT = 'E12345678';
const RESIDENT = '11010519491231002X';
const OTHER = '440524188001010014';
const csv = registerFile([
  `1栋,101,80.00,陈大文,${RESIDENT},已交付,,`,
  `1栋,102,90.00,陈大文,${PASSPORT},已交付,,`,
  `1栋,103,70.00,李小明,${OTHER},已交付,,`,
]);
const withNew = new Uint8Array([...csv, ...utf8('1栋,104,60.00,王五,442000199001011233,已交付,,\n')]);

let service: TestService;
let settled: TestCommunity;
let codes: readonly LetterCode[];
beforeAll(async () => {
  service = await startTestService();
  const { world, root } = service;
  const { deps, url } = service.service;
  const made = await foundCommunity(world, deps, url, root, '合并花园');
  const { community, officers } = made;
  await importFile(world, officers, community, csv);
  codes = await issueDemoLetters(world, officers.registrar, community, csv, world.random);
  settled = { community, officers, codes, generated: generateCommunity({ units: 24, seed: 'test' }) };
}, 180_000);
afterAll(async () => service?.close());

const codeOf = (number: string): LetterCode =>
  present(
    codes.find(({ owner }) => owner.number === number),
    number,
  );
const ownerOf = ({ code, owner }: LetterCode) => ({ code, number: owner.number });
const path = (): string => `/v1/communities/${settled.community}/merges`;
const ownersNow = async (): Promise<readonly string[]> => {
  const units = await registryUnits(service.service.deps.db, settled.community);
  return units.flatMap(({ owners }) => owners);
};
const draft = (keeps: string, merged: string, reason = '护照与身份证是同一人') =>
  settled.officers.registrar.client.post<{ act: string; merge: string }>(path(), { keeps, merged, reason });
const bothSign = (make: () => Promise<{ act: string }>) =>
  actTogether(service.world, make, [settled.officers.registrar, settled.officers.street]);

describe('candidates', () => {
  it('are shown masked, side by side, to those who sign', async () => {
    const { registrar, committee } = settled.officers;
    const { candidates } = await registrar.client.get<CandidatesAnswer>(`${path()}/candidates`);
    expect(candidates.length).toBe(1);
    const [pair] = candidates;
    expect([pair?.a.person, pair?.b.person].sort()).toEqual(
      [codeOf(RESIDENT).person, codeOf(PASSPORT).person].sort(),
    );
    expect(JSON.stringify(candidates)).not.toContain('陈大文');
    expect(JSON.stringify(candidates)).not.toContain(PASSPORT);
    expect(await refusal(committee.client.get(`${path()}/candidates`))).toBe('403 NOT_ALLOWED');
  });

  it('are of one name or one number, and not of two days of birth', () => {
    const of = (person: string, docKind: string, number: string, name = '陈大文') => ({
      person,
      docKind,
      number,
      name,
    });
    const born = of('a', 'resident-id', '11010519491231002X');
    const because = (other: ReturnType<typeof of>) =>
      mergeCandidates([born, other], 10).map((c) => c.because);
    expect(because(of('b', 'passport', 'E12345678'))).toEqual(['name']);
    expect(because(of('b', 'resident-id', '11010519491231003X'))).toEqual(['birth']);
    expect(because(of('b', 'resident-id', '110105194912310990'))).toEqual(['birth']);
    expect(because(of('b', 'resident-id', '110105195012310990'))).toEqual([]);
    expect(because(of('b', 'other', '11010519491231002X', '陈大伟'))).toEqual(['number']);
    expect(because(of('b', 'passport', 'E12345678', '陈 大文'))).toEqual(['name']);
    expect(because(of('b', 'passport', 'E12345678', '李小明'))).toEqual([]);
  });
});

describe('a merge', () => {
  it('is drafted with a reason, by no committee, and not of one person', async () => {
    const { committee } = settled.officers;
    const [a, b] = [codeOf(RESIDENT).person, codeOf(PASSPORT).person];
    const asked = committee.client.post(path(), { keeps: a, merged: b, reason: '同一人' });
    expect(await refusal(asked)).toBe('403 NOT_ALLOWED');
    expect(await refusal(draft(a, b, '  '))).toBe('422 MERGE_REASON');
    expect(await refusal(draft(a, a))).toBe('409 MERGE_PERSON');
  });

  it('waits while one of them has frozen his vote', async () => {
    const voter = codeOf(PASSPORT);
    const { community } = settled;
    const nonce = toBase64Url(service.world.random(16));
    const bytes = freezeForm.bytes({ v: 1, kind: 'freeze', community, person: voter.person, nonce });
    const signature = letterKey(ownerOf(voter)).sign(freezeHash(bytes));
    const body = { credential: voter.letter, freeze: toBase64Url(bytes), signature };
    expect((await postJson(service, '/v1/identity/freezes', body)).status).toBe(201);
    expect(await refusal(draft(codeOf(RESIDENT).person, voter.person))).toBe('409 MERGE_FROZEN');
    const lifting = `/v1/communities/${community}/freezes/${toBase64Url(freezeHash(bytes))}/lifting`;
    await bothSign(() => settled.officers.registrar.client.post<{ act: string }>(lifting));
  });

  it('counts one head, ends letter and keys of the merged one, and is shown from its bytes', async () => {
    const [kept, merged] = [codeOf(RESIDENT), codeOf(PASSPORT)];
    const client = newClient(service);
    await signInOwner(service.world, client, ownerOf(merged));
    await bindOwnKey(service.world, client, ownerOf(merged), newDeviceKey(service.world));
    expect(new Set(await ownersNow()).size).toBe(3);
    await bothSign(() => draft(kept.person, merged.person));
    expect(new Set(await ownersNow())).toEqual(new Set([kept.person, codeOf(OTHER).person]));
    const alive = await service.service.deps.db
      .selectFrom('credential')
      .select('credential_id')
      .where('person_id', '=', merged.person)
      .where('ended_entry_id', 'is', null)
      .execute();
    expect(alive).toEqual([]);
    expect(await refusal(signInOwner(service.world, newClient(service), ownerOf(merged)))).not.toBe(
      'accepted',
    );
    expect(await refusal(client.get('/v1/identity/me'))).toMatch(/^401/);
    const { merges } = await settled.officers.street.client.get<MergesAnswer>(path());
    const listed = present(merges[0], 'the merge');
    expect(listed.state).toBe('in-force');
    const record = mergeForm.own(present(fromBase64Url(listed.record), 'bytes'));
    expect([record.keeps.person, record.merged.person]).toEqual([kept.person, merged.person]);
    expect(await refusal(draft(codeOf(OTHER).person, merged.person))).toBe('409 MERGE_MERGED');
    expect(await refusal(draft(codeOf(OTHER).person, kept.person))).toBe('409 MERGE_MERGED');
  });

  it('tells both', async () => {
    const notice = { gateway: undefined, helpLine: '', page: '', maxQueued: 100, answerMs: 300 };
    const deps = { ...service.service.deps, notice, explain: explainEntry, timeliness: timelinessNow };
    expect((await announceAll(deps)).troubles).toEqual([]);
    const told = await service.service.deps.db
      .selectFrom('outbox')
      .select('event')
      .where('community_id', '=', settled.community)
      .where('event', '=', 'persons-merged')
      .execute();
    expect(told.length).toBe(2);
  });

  it('stands through the next register, and one new letter names all the units', async () => {
    const { registrar } = settled.officers;
    const { world } = service;
    await importFile(world, settled.officers, settled.community, withNew);
    const found = await ownersNow();
    expect(found).not.toContain(codeOf(PASSPORT).person);
    expect(found.filter((person) => person === codeOf(RESIDENT).person).length).toBe(2);
    const made = await issueDemoLetters(world, registrar, settled.community, withNew, world.random);
    expect(made.map(({ owner }) => owner.name)).toEqual(['王五']);
  });

  it('holds up a roll that was drawn before it was undone; then the two are two again', async () => {
    const { registrar, committee, street } = settled.officers;
    const { world } = service;
    const { meeting } = await committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled, { opensInMs: 3_600_000 }),
    );
    const step = (name: string) => () =>
      committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${name}`);
    await actTogether(world, step('notice'), [committee, street]);
    const { act } = await step('roll')();
    const { merges } = await registrar.client.get<MergesAnswer>(path());
    const separation = `${path()}/${present(merges[0], 'the merge').merge}/separation`;
    const undo = await registrar.client.post<{ act: string }>(separation);
    await signBy(world, undo.act, [registrar]);
    await world.beatNow();
    expect((await registrar.client.get<MergesAnswer>(path())).merges[0]?.state).toBe('in-force');
    expect(await refusal(street.client.post(separation))).toBe('409 SEPARATION_DRAFTED');
    await actTogether(world, async () => undo, [street]);
    expect((await registrar.client.get<MergesAnswer>(path())).merges[0]?.state).toBe('ended');
    expect(await ownersNow()).toContain(codeOf(PASSPORT).person);
    expect(await refusal(registrar.client.post(separation))).toBe('409 MERGE_ENDED');
    await expect(actTogether(world, async () => ({ act }), [committee, street])).rejects.toThrow(
      'ROLL_REGISTER_SUPERSEDED',
    );
    // What ended stays ended: he gets a letter as anybody who has none.
    const made = await issueDemoLetters(world, registrar, settled.community, withNew, world.random);
    expect(made.map(({ person }) => person)).toEqual([codeOf(PASSPORT).person]);
  });

  it('is made anew by another record, and one new letter names the units of both', async () => {
    const { registrar } = settled.officers;
    const { world } = service;
    const [kept, merged] = [codeOf(RESIDENT).person, codeOf(PASSPORT).person];
    await bothSign(() => draft(kept, merged));
    const roster = await registrar.client.get<LetterRoster>(`/v1/communities/${settled.community}/roster`);
    const register = await openRegister(withNew, roster, world.clock);
    const source = { roster, random: world.random, only: [kept] };
    const made = register.ok ? await makeLetters({ ...source, register: register.value }) : register;
    const { batch, items, codes: printed } = present(made.ok ? made.value : undefined, 'letters');
    expect(items.map(({ person, units }) => [person, units.length])).toEqual([[kept, 2]]);
    expect(printed[0]?.owner.number).toBe(RESIDENT);
    const letters = `/v1/communities/${settled.community}/letters`;
    const upload = () =>
      registrar.client.post<{ act: string }>(letters, { batch, madeIn: 'command', until: '', items });
    await actTogether(world, upload, [registrar]);
  });

  it('is refused, as its undoing is, from the freeze of a roll on', async () => {
    const { registrar, street } = settled.officers;
    const body = meetingOf(service, settled, { opensInMs: 3_600_000 });
    const { meeting } = await conveneBody(service, settled, body);
    const roll = await service.service.deps.db
      .selectFrom('roll')
      .select('size')
      .where('meeting_id', '=', meeting)
      .where('entry_id', 'is not', null)
      .executeTakeFirstOrThrow();
    expect(roll.size).toBe(3);
    const { merges } = await registrar.client.get<MergesAnswer>(path());
    const standing = present(
      merges.find(({ state }) => state === 'in-force'),
      'the merge',
    );
    const undo = () => street.client.post<{ act: string }>(`${path()}/${standing.merge}/separation`);
    await expect(bothSign(undo)).rejects.toThrow('MERGE_WHILE_FROZEN');
    const again = () => draft(codeOf(RESIDENT).person, codeOf(OTHER).person);
    await expect(bothSign(again)).rejects.toThrow('MERGE_WHILE_FROZEN');
  });
});
