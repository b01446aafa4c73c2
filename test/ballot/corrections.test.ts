// Goal: a title that passes after the freeze lets the buyer vote where the seller has not, and only there; area and heads stay, and of a
// correction and a cast exactly one comes first (SPEC 4.4, 6.5; P5, P6 of docs/law-map.md). Method: one community over HTTP: the roll is
// frozen, six and more titles pass by a new register, its buyers get letters before the opening, and officers correct while the vote runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import type { CorrectionsAnswer, RollEntryAnswer } from '../../src/ballot/roll-contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { ActOpeningsAnswer } from '../../src/identity/act-openings-contract.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import { correctionForm, documentHash } from '../../src/record/correction.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import type { UnitsAnswer } from '../../src/registry/contract.ts';
import { rollRootOf } from '../../src/registry/frozen-roll.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import { readActEntry } from '../../src/web/console/action.ts';
import { openCorrection } from '../../src/web/console/opened-roll.ts';
import { logTrustOf } from '../../src/web/kit/trust.ts';
import { checkOwnRoll } from '../../src/web/owner/own-roll.ts';
import { checkPapers } from '../../src/web/vote/checks.ts';
import { NUMBERS, registerFile } from '../support/registry.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import type { Voter } from './voting-world.ts';
import {
  castBy,
  honestCast,
  leap,
  meetingOf,
  newClient,
  paperOf,
  postCast,
  refusal,
  signatureOver,
  voterOf,
} from './voting-world.ts';

/** A resident id with the check character of GB 11643. */
function residentId(serial: number): string {
  const body = `44200019850101${String(serial).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

const BUYER = `周买家,${residentId(1)}`;
const COLLECTOR = `吴收藏,${residentId(2)}`;
const RACERS = ['甲一', '乙二', '丙三', '丁四', '戊五', '己六'];
const racer = (at: number): string => `${RACERS[at]},${residentId(10 + at)}`;

/** 101 to 105, then six rooms that are raced for: 5 + 6 units, 10 heads, 800.00 m². */
const registerWith = (sold: boolean): Uint8Array =>
  registerFile(
    [
      `1栋,101,100.00,${sold ? BUYER : `陈大文,${NUMBERS.chen}`},已交付`,
      `1栋,102,80.00,${sold ? BUYER : `李小明,${NUMBERS.li}`},已交付`,
      `1栋,103,60.00,赵六,${residentId(3)},已交付`,
      `1栋,104,60.00,${sold ? BUYER : `赵六,${residentId(3)}`},已交付`,
      `1栋,105,80.00,王五,${NUMBERS.wang},已交付`,
      ...RACERS.map((_, at) => `2栋,20${at + 1},70.00,${sold ? COLLECTOR : racer(at)},已交付`),
    ].map((row) => `${row},,`),
  );
const [BEFORE, AFTER] = [registerWith(false), registerWith(true)];

let service: TestService;
let settled: TestCommunity;
let letters: readonly LetterCode[];
let meeting: string;
let boxSecret: Uint8Array;
let closesAt: number;
let unitOf: ReadonlyMap<string, string>;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  const { world } = service;
  const { deps, url } = service.service;
  const founded = await foundCommunity(world, deps, url, service.root, '更正花园');
  const { registrar, committee, street } = founded.officers;
  await importFile(world, founded.officers, founded.community, BEFORE);
  const first = await issueDemoLetters(world, registrar, founded.community, BEFORE, world.random);
  settled = { ...founded, codes: first, generated: generateCommunity({ units: 24, seed: 'test' }) };
  const body = meetingOf(service, settled, { opensInMs: 600_000, windowMs: 7_200_000 });
  const contract = present(
    body.proposals.find(({ fund }) => fund?.length === 0),
    'a proposal without money',
  );
  const proposals = [{ ...contract, scope: { kind: 'community' as const, members: [] } }];
  closesAt = Date.parse(body.closes);
  const created = await committee.client.post<{ meeting: string }>(
    `/v1/communities/${founded.community}/meetings`,
    { ...body, parameters: { letterRevote: true }, proposals },
  );
  meeting = created.meeting;
  const draft = (step: string) => () =>
    committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
  await actTogether(world, draft('notice'), [committee, street]);
  await actTogether(world, draft('roll'), [committee, street]);
  // The titles pass between the freeze and the opening, so that the buyers' letters are made while they still may be.
  await importFile(world, founded.officers, founded.community, AFTER);
  const second = await issueDemoLetters(world, registrar, founded.community, AFTER, world.random);
  letters = [...second, ...first];
  boxSecret = world.random(32);
  await street.client.post(`/v1/meetings/${meeting}/box`, { boxKey: toBase64Url(boxPublicKey(boxSecret)) });
  const { act } = await draft('opening')();
  await signBy(world, act, [committee, street]);
  await leap(service, settled, Date.parse(body.opens));
  await untilDone(world, act, committee);
  const { units } = await committee.client.get<UnitsAnswer>(`/v1/communities/${founded.community}/units`);
  unitOf = new Map(units.map(({ unit, room }) => [room, unit]));
  await world.beatNow();
}, 120_000);
afterAll(async () => service?.close());

const letterOf = (name: string): LetterCode =>
  present(
    letters.find(({ owner }) => owner.name === name),
    name,
  );
const voterNamed = (name: string): Promise<Voter> => voterOf(service, letterOf(name), meeting);
const voterNamedAnywhere = async (name: string): Promise<HttpClient> => {
  const [client, letter] = [newClient(service), letterOf(name)];
  await signInOwner(service.world, client, { code: letter.code, number: letter.owner.number });
  return client;
};
const rollNow = () => rollRootOf(service.service.deps.db, settled.community, meeting);

/** Drafts the correction of a room's entitlement. */
const draftFor = (room: string, by: 'committee' | 'street' | 'registrar' = 'committee') =>
  settled.officers[by].client.post<{ act: string }>(`/v1/meetings/${meeting}/roll/corrections`, {
    unit: present(unitOf.get(room), room),
    ground: 'sale',
    reference: '不动产权第0012345号',
  });

const codeOf = (answer: PapersAnswer): string => {
  const { origin, logVkey, witnesses, quorum } = service.service.deps.deployment;
  const checked = checkPapers(answer, meeting, logTrustOf({ origin, logVkey, witnesses, quorum }));
  return checked.ok ? 'ok' : checked.refusal.code;
};

describe('a correction is refused', () => {
  it('to a registrar, for a unit that is not on the roll, and where nothing has passed', async () => {
    expect(await refusal(draftFor('103', 'registrar'))).toBe('403 NOT_ALLOWED');
    const unknown = settled.officers.committee.client.post(`/v1/meetings/${meeting}/roll/corrections`, {
      unit: meeting,
      ground: 'death',
      reference: '公证书第1号',
    });
    expect(await refusal(unknown)).toBe('404 CORRECTION_UNIT_UNKNOWN');
    expect(await refusal(draftFor('105'))).toBe('409 CORRECTION_NOTHING');
  });

  it('where a head of two units has gone to two owners', async () => {
    expect(await refusal(draftFor('104'))).toBe('422 CORRECTION_UNITS_APART');
  });

  it('P5: once the seller has voted; his vote stays', async () => {
    const seller = await voterNamed('李小明');
    expect(await castBy(service, meeting, seller, await honestCast(service, seller))).toMatchObject({
      status: 201,
    });
    expect(await refusal(draftFor('102'))).toBe('409 CORRECTION_VOTED');
    expect(paperOf(await voterNamed('李小明')).seq).toBe(1);
  });
});

describe('P6: where the seller has not voted', () => {
  let sellersCast: Cast;
  let seller: Voter;

  it('the buyer has nothing to vote on before', async () => {
    seller = await voterNamed('陈大文');
    sellersCast = await honestCast(service, seller);
    expect(await refusal(voterNamed('周买家'))).toBe('404 NOTHING_TO_VOTE');
  });

  it('after two officers have signed, the buyer votes and the seller does not; area and heads are as frozen', async () => {
    const frozen = await rollNow();
    const { committee, street } = settled.officers;
    await actTogether(service.world, () => draftFor('101'), [committee, street]);
    await service.world.beatNow();
    expect((await castBy(service, meeting, seller, sellersCast)).code).toBe('CAST_NOT_HOLDER');
    expect(await refusal(voterNamed('陈大文'))).toBe('404 NOTHING_TO_VOTE');
    const buyer = await voterNamed('周买家');
    expect(codeOf(buyer.served)).toBe('ok');
    expect(await castBy(service, meeting, buyer, await honestCast(service, buyer))).toMatchObject({
      status: 201,
    });
    expect(await rollNow()).toEqual(frozen);
    expect(frozen?.totals.map(({ areaDm2, heads }) => [areaDm2, heads])).toEqual([['80000', 10]]);
    // Nothing is to be corrected any more, which is all that whoever asks is told.
    expect(await refusal(draftFor('101'))).toBe('409 CORRECTION_NOTHING');
  });

  it('the buyer’s page follows the correction through the log, and stops where a step is bent, missing or not covered yet', async () => {
    const { served } = await voterNamed('周买家');
    const paper = present(served.papers[0], 'a paper');
    const [step] = paper.corrections;
    const only = (corrections: typeof paper.corrections): PapersAnswer => ({
      ...served,
      papers: [{ ...paper, corrections }],
    });
    const correction = present(step, 'one correction');
    expect(paper.corrections).toHaveLength(1);
    expect(codeOf(only([]))).toBe('ROLL_OPENING');
    expect(codeOf(only([correction, correction]))).toBe('ROLL_CORRECTION');
    expect(codeOf(only([{ ...correction, leaf: paper.leaf }]))).toBe('ROLL_CORRECTION');
    expect(codeOf(only([{ ...correction, entry: served.openedEntry, proof: served.openedProof }]))).toBe(
      'ROLL_CORRECTION',
    );
    expect(codeOf(only([{ ...correction, proof: served.openedProof }]))).toBe('ROLL_CORRECTION');
    expect(codeOf(only([{ ...correction, entry: '', proof: '' }]))).toBe('ROLL_CORRECTION_NOT_YET');
  });
});

describe('what its officers’ page opens', () => {
  it('is the new leaf of the entitlement with its holders by name, and nothing where a byte is another', async () => {
    const { committee, street } = settled.officers;
    const { act } = await draftFor('201');
    const read = readActEntry(await street.client.get<ActAnswer>(`/v1/acts/${act}`));
    if (!read.ok) throw new Error(read.refusal.code);
    const path = `/v1/communities/${settled.community}/acts/${act}/openings`;
    const given = await street.client.get<ActOpeningsAnswer>(path);
    const facts = present(openCorrection(read.value, given), 'honest').facts.join();
    for (const fact of ['2栋 201', '70.00', '吴收藏', residentId(2), '不动产权第0012345号'])
      expect(facts).toContain(fact);
    const isOpen = (change: Partial<ActOpeningsAnswer>): boolean =>
      openCorrection(read.value, { ...given, ...change }) !== undefined;
    const person = present(given.persons[0], 'the buyer');
    const bent: readonly Partial<ActOpeningsAnswer>[] = [
      { persons: [{ ...person, name: '李小明' }] },
      { persons: [{ ...person, number: NUMBERS.li }] },
      { persons: [] },
      { leaf: given.before },
      { before: given.leaf },
      { opening: given.opening.replace(/.$/, '') },
      { reference: '不动产权第0012346号' },
      { record: '' },
    ];
    expect(bent.map(isOpen)).toEqual(bent.map(() => false));
    const moved = { ...read.value, entitlement: person.person } as typeof read.value;
    expect(openCorrection(moved, given)).toBeUndefined();
    await committee.client.post(`/v1/acts/${act}/withdrawal`);
  });
});

describe('what owners and officers are shown of it', () => {
  const entryOf = async (name: string): Promise<RollEntryAnswer> =>
    (await voterNamedAnywhere(name)).get<RollEntryAnswer>(`/v1/meetings/${meeting}/roll/entry`);
  const foundIn = (answer: RollEntryAnswer, person = answer.person): string => {
    const { origin, logVkey, witnesses, quorum } = service.service.deps.deployment;
    const owner = { person, meeting, community: settled.community };
    const checked = checkOwnRoll(answer, owner, logTrustOf({ origin, logVkey, witnesses, quorum }));
    return checked.ok
      ? checked.value.entries.map(({ leaf, corrections }) => `${leaf.units.length}/${corrections}`).join(' ')
      : checked.refusal.code;
  };

  it('an owner finds his own entry under the frozen root, the buyer with its correction, the seller no more', async () => {
    expect(foundIn(await entryOf('王五'))).toBe('1/0');
    expect(foundIn(await entryOf('周买家'))).toBe('1/1');
    expect(foundIn(await entryOf('陈大文'))).toBe('');
  });

  it('his page stops where anything of it is bent', async () => {
    const served = await entryOf('周买家');
    const [entry] = served.entries;
    const only = (change: Partial<RollEntryAnswer['entries'][number]>): RollEntryAnswer => ({
      ...served,
      entries: [{ ...present(entry, 'one'), ...change }],
    });
    const other = present((await entryOf('王五')).entries[0], 'one');
    expect(foundIn({ ...served, frozenProof: '' })).toBe('ROLL_FROZEN_NOT_YET');
    expect(foundIn({ ...served, frozenEntry: entry?.corrections[0]?.entry ?? '' })).toBe('ROLL_FROZEN_ENTRY');
    expect(foundIn({ ...served, frozenProof: entry?.corrections[0]?.proof ?? '' })).toBe('ROLL_FROZEN_PROOF');
    expect(foundIn(only({ index: (entry?.index ?? 0) + 1 }))).toBe('ROLL_INCLUSION');
    expect(foundIn(only({ leaf: other.leaf }))).toBe('ROLL_LEAF');
    expect(foundIn(only({ corrections: [] }))).toBe('ROLL_OPENING');
    expect(foundIn(served, (await entryOf('王五')).person)).toBe('ROLL_NOT_HOLDER');
  });

  it('officers read ground and document where the hash of the act is theirs, and a registrar does not', async () => {
    const { committee, registrar } = settled.officers;
    const path = `/v1/meetings/${meeting}/roll/corrections`;
    const answer = await committee.client.get<CorrectionsAnswer>(path);
    const corrections = answer.corrections.filter(({ state }) => state !== 'ended');
    expect(corrections.map(({ state, holders, units }) => [state, holders, units[0]?.room])).toEqual([
      ['in-force', ['周*'], '101'],
    ]);
    const [{ correction, salt, reference }] = corrections as [CorrectionsAnswer['corrections'][number]];
    const parsed = correctionForm.parse(present(fromBase64Url(correction), 'bytes'));
    if (!parsed.ok) throw new Error('malformed');
    expect(parsed.value.ground).toBe('sale');
    expect(documentHash(present(fromBase64Url(salt), 'salt'), reference)).toBe(parsed.value.documentHash);
    expect(reference).toBe('不动产权第0012345号');
    expect(await refusal(registrar.client.get(path))).toBe('403 NOT_ALLOWED');
  });
});

describe('races', () => {
  it('of six corrections and six casts that arrive at once exactly one of each pair comes first', async () => {
    const { committee, street } = settled.officers;
    const ready = [];
    for (const [at, name] of RACERS.entries()) {
      const voter = await voterNamed(name);
      const bytes = castForm.bytes(await honestCast(service, voter));
      const { act } = await draftFor(`20${at + 1}`);
      await signBy(service.world, act, [committee, street]);
      ready.push({ act, bytes, signature: signatureOver(voter.seed, bytes) });
    }
    const [answers] = await Promise.all([
      Promise.all(
        ready.map(async ({ bytes, signature }, at) => {
          await new Promise((resolve) => setTimeout(resolve, at * 8));
          return postCast(service, meeting, bytes, signature);
        }),
      ),
      service.world.beatNow(),
    ]);
    const states: string[] = [];
    for (const { act } of ready) {
      await untilDone(service.world, act, committee).catch(() => undefined);
      const { state, refusal: why } = await committee.client.get<{ state: string; refusal: string }>(
        `/v1/acts/${act}`,
      );
      states.push(state === 'refused' ? why : state);
    }
    const outcomes = answers.map(
      ({ status, code }, at) => `${status === 201 ? 'voted' : code} ${states[at]}`,
    );
    for (const outcome of outcomes) {
      expect(['voted CORRECTION_VOTED', 'CAST_NOT_HOLDER done', 'CAST_ROLL_CORRECTED done']).toContain(
        outcome,
      );
    }
    const voted = answers.filter(({ status }) => status === 201).length;
    expect(states.filter((state) => state === 'done')).toHaveLength(RACERS.length - voted);
    expect(states.filter((state) => state === 'CORRECTION_VOTED')).toHaveLength(voted);
  }, 60_000);
});

describe('after the close', () => {
  it('nothing is corrected, the record lists the corrections, and the bundle passes every check', async () => {
    const { street } = settled.officers;
    await leap(service, settled, closesAt);
    expect(await refusal(draftFor('103'))).toBe('409 MEETING_STATE');
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
        secret: toBase64Url(boxSecret),
      });
    await actTogether(service.world, release, [street]);
    await service.world.beatNow();
    const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
    const parsed = tallyRecordForm.parse(present(fromBase64Url(record), 'bytes'));
    if (!parsed.ok) throw new Error('the record is malformed');
    expect(parsed.value.proposals[0]?.total).toEqual({ areaDm2: '80000', heads: 10 });
    expect(parsed.value.corrections.length).toBeGreaterThanOrEqual(1);
    const { deps } = service.service;
    const files = await exportBundle(deps, meeting, 'auditor');
    const trust = await exportTrust(deps, meeting);
    if (!files.ok || !trust.ok) throw new Error('no bundle');
    const lines = new TextDecoder().decode(files.value.get('corrections.jsonl')).split('\n').slice(0, -1);
    expect(lines).toHaveLength(parsed.value.corrections.length);
    const own = trustForm.parse(trust.value);
    if (!own.ok) throw new Error('malformed');
    const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: own.value });
    if (!report.ok) throw new Error(report.refusal.code);
    expect(report.value.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(report.value.checks.find(({ id }) => id === 'ROLL-03')?.outcome).toBe('pass');
  });
});
