// Goal: the law's cases P7, P8, P9 and P11 (docs/law-map.md) and every limit of a mandate, refused by its code and leaving nothing, and a
// meeting with mandates verifies from its bundle. Method: one small community over HTTP from its register file to the result.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { makeAgentLetters } from '../../src/identity/domain/letter-making.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import type { HoldersAnswer, MandatesAnswer } from '../../src/identity/mandate-contract.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import {
  castOn,
  enterPaper,
  give,
  keyOf,
  mandateIn,
  mandateOf,
  papersFor,
  papersOf,
  post,
  signIn,
  takeBack,
  vote,
} from '../ballot/mandate-world.ts';
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
import { uploadReissue } from '../support/reissue.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

/** Eight heads and 400.00 m²; 吴小宝 is twelve. */
const REGISTER = registerFile(
  [
    `1栋,101,100.00,陈大文,${NUMBERS.chen},已交付`,
    `1栋,102,80.00,李小明、王五,${NUMBERS.li}、${NUMBERS.wang},已交付`,
    `1栋,103,60.00,甲商贸有限公司,${NUMBERS.company},已交付`,
    `1栋,104,50.00,赵六,${IDS[3]},已交付`,
    `1栋,105,40.00,孙七,${IDS[4]},已交付`,
    `1栋,106,30.00,钱八,${IDS[5]},已交付`,
    `1栋,107,20.00,吴小宝,${IDS[6]},已交付`,
    '1栋,108,20.00,周物业,442000198001010076,已交付',
  ].map((row) => `${row},,`),
);

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let proposals: readonly string[];
const owners = new Map<string, SignedIn>();
const mandates = new Map<string, Mandate>();
const owner = (name: string): SignedIn => present(owners.get(name), name);
const given = (name: string): Mandate => present(mandates.get(name), name);

/** Gives 钱八 a mandate, and keeps it under the principal's name. */
async function giveTo(agent: string, name: string, change: Partial<Mandate> = {}): Promise<string> {
  const mandate = await mandateOf(service, owner(name), owner(agent).me.person, change);
  const told = await refusal(give(owner(name), mandate));
  if (told === 'accepted') mandates.set(name, mandate);
  return told;
}

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  const { world } = service;
  const { deps, url } = service.service;
  const founded = await foundCommunity(world, deps, url, service.root, '委托花园');
  await importFile(world, founded.officers, founded.community, REGISTER);
  const { registrar } = founded.officers;
  const letters = await issueDemoLetters(world, registrar, founded.community, REGISTER, world.random);
  settled = { ...founded, codes: letters, generated: generateCommunity({ units: 24, seed: 'test' }) };
  for (const letter of letters) owners.set(letter.owner.name, await signIn(service, letter));
  const body = meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 });
  const contract = present(
    body.proposals.find(({ fund }) => fund?.length === 0),
    'a proposal without money',
  );
  const scope = { kind: 'community' as const, members: [] };
  const two = [
    { ...contract, scope },
    { ...contract, title: '选聘会计师', scope },
  ];
  convened = await openBody(service, settled, { ...body, proposals: two });
  await world.beatNow();
  const served = await papersOf(owner('陈大文'), convened.meeting);
  proposals = present(served.papers[0], 'a paper').ballots.map(({ proposal }) => proposal);
}, 120_000);
afterAll(async () => service.close());

const vot = (name: string, principal = ''): Promise<string> =>
  vote(service, convened.meeting, owner(name), principal === '' ? '' : owner(principal).me.person);
const paperFor = async (agent: string, principal: string) => {
  const served = await papersOf(owner(agent), convened.meeting);
  const [paper] = papersFor(served, owner(principal).me.person);
  return { served, paper: present(paper, `a paper for ${principal}`) };
};

describe('giving a mandate', () => {
  it('P7: an agent has three principals, and no fourth', async () => {
    expect(await giveTo('钱八', '陈大文')).toBe('accepted');
    expect(await giveTo('钱八', '李小明')).toBe('accepted');
    const [first = ''] = proposals;
    const scope = { meeting: convened.meeting, proposals: [first] };
    expect(await giveTo('钱八', '孙七', scope)).toBe('accepted');
    expect(await giveTo('钱八', '赵六')).toBe('409 MANDATE_CAP');
    // The same principal again is no fourth.
    const again = await mandateOf(service, owner('陈大文'), owner('钱八').me.person);
    expect(await refusal(give(owner('陈大文'), again))).toBe('accepted');
    expect(await refusal(takeBack(owner('陈大文'), again))).toBe('accepted');
  });

  it('P8: who stands on the street office’s list of the property manager’s staff is no agent', async () => {
    const { street, committee } = settled.officers;
    const list = (officer: typeof street, isStaff: boolean) =>
      refusal(
        officer.client.post(`/v1/communities/${settled.community}/property-staff`, {
          number: '442000198001010076',
          isStaff,
        }),
      );
    expect(await list(committee, true)).toBe('403 NOT_ALLOWED');
    expect([await list(street, true), await list(street, true)]).toEqual(['accepted', 'accepted']);
    expect(await giveTo('周物业', '赵六')).toBe('403 MANDATE_AGENT_STAFF');
    expect([await list(street, false), await list(street, false)]).toEqual([
      'accepted',
      '422 AGENT_MALFORMED',
    ]);
  });

  it('is refused where the principal did not sign it, or it goes beyond him, and leaves nothing', async () => {
    const { entries } = await countRows(service);
    const [principal, agent] = [owner('赵六'), owner('周物业').me.person];
    const honest = await mandateOf(service, principal, agent);
    const told = (change: Partial<Mandate>) => refusal(give(principal, { ...honest, ...change }));
    expect(await refusal(give(principal, honest, keyOf(owner('孙七')).sign))).toBe('422 MANDATE_EVIDENCE');
    expect(await refusal(give(owner('孙七'), honest))).toBe('422 MANDATE_PERSON');
    expect(await told({ basis: 'guardian' })).toBe('403 MANDATE_BASIS');
    expect(await told({ until: '2026-11-01' })).toBe('422 MANDATE_PERIOD');
    expect(await told({ units: owner('孙七').me.units.map(({ unit }) => unit) })).toBe('422 MANDATE_UNITS');
    expect(await told({ meeting: newId(service.world.random) })).toBe('422 MANDATE_MEETING');
    const unknown = { meeting: convened.meeting, proposals: [newId(service.world.random)] };
    expect(await told(unknown)).toBe('422 MANDATE_MEETING');
    expect(await told({ proposals: [...proposals] })).toBe('422 MANDATE_MALFORMED');
    const nobody = { person: newId(service.world.random), identity: honest.to.identity };
    expect(await told({ to: nobody })).toBe('404 MANDATE_AGENT_UNKNOWN');
    expect(await told({ to: honest.by })).toBe('422 MANDATE_MALFORMED');
    expect(await told({ scanHash: toBase64Url(service.world.random(32)) })).toBe('422 MANDATE_MALFORMED');
    expect(await told({ mandate: given('陈大文').mandate })).toBe('409 MANDATE_REPEATED');
    expect((await countRows(service)).entries).toBe(entries);
  });
});

describe('an agent', () => {
  it('is served his own papers and, apart, each that he holds, with the ballots of its scope', async () => {
    const served = await papersOf(owner('钱八'), convened.meeting);
    const seen = ['', '陈大文', '李小明', '孙七', '赵六'].map((name) =>
      papersFor(served, name === '' ? '' : owner(name).me.person).map(({ principalName, ballots }) => [
        principalName.slice(0, 1),
        ballots.length,
      ]),
    );
    expect(seen).toEqual([[['', 2]], [['陈', 2]], [['李', 2]], [['孙', 1]], []]);
    const { mandates: shown } = await owner('钱八').client.get<MandatesAnswer>('/v1/identity/mandates');
    expect(shown.map(({ state }) => state).sort()).toEqual(['ended', 'in-force', 'in-force', 'in-force']);
  });

  it('casts for each, and for nobody who gave him none', async () => {
    expect([await vot('钱八', '陈大文'), await vot('钱八', '孙七')]).toEqual(['201', '201']);
    const { served, paper } = await paperFor('钱八', '李小明');
    const honest = await castOn(service, owner('钱八'), served, paper);
    const stranger = owner('赵六');
    const asStranger = { ...honest, credential: stranger.letter.letter };
    expect(await post(service, convened.meeting, stranger, asStranger)).toBe('CAST_MANDATE_AGENT');
    const another = { ...honest, mandate: given('孙七').mandate };
    expect(await post(service, convened.meeting, owner('钱八'), another)).toBe('CAST_MANDATE_PRINCIPAL');
    const none = { ...honest, mandate: newId(service.world.random) };
    expect(await post(service, convened.meeting, owner('钱八'), none)).toBe('CAST_MANDATE');
    const own = { ...honest, mandate: '' };
    expect(await post(service, convened.meeting, owner('钱八'), own)).toBe('CAST_NOT_HOLDER');
  });

  it('P9: gives way to the principal, whose own cast ends the mandate', async () => {
    const { served, paper } = await paperFor('钱八', '陈大文');
    expect(await vot('陈大文')).toBe('201');
    const [own] = papersFor(await papersOf(owner('陈大文'), convened.meeting), '');
    const late = { seq: 3, prev: present(own, 'his paper').last };
    const cast = await castOn(service, owner('钱八'), served, paper, late);
    expect(await post(service, convened.meeting, owner('钱八'), cast)).toBe('CAST_MANDATE_SUPERSEDED');
    expect(await vot('钱八', '陈大文')).toBe('no paper');
  });

  it('casts no more once the mandate was taken back, which its principal alone can do', async () => {
    const { served, paper } = await paperFor('钱八', '李小明');
    const cast = await castOn(service, owner('钱八'), served, paper);
    const mandate = given('李小明');
    expect(await refusal(takeBack(owner('赵六'), mandate))).toBe('404 MANDATE_UNKNOWN');
    // His wife holds the unit with him, and gave no mandate.
    expect(await refusal(takeBack(owner('王五'), mandate))).toBe('404 MANDATE_UNKNOWN');
    const forged = takeBack(owner('李小明'), mandate, keyOf(owner('钱八')).sign);
    expect(await refusal(forged)).toBe('422 MANDATE_EVIDENCE');
    expect(await refusal(takeBack(owner('李小明'), mandate))).toBe('accepted');
    expect(await refusal(takeBack(owner('李小明'), mandate))).toBe('409 MANDATE_ENDED');
    expect(await post(service, convened.meeting, owner('钱八'), cast)).toBe('CAST_MANDATE_ENDED');
    expect(await vot('钱八', '李小明')).toBe('no paper');
  });

  it('P7: who was taken back from makes room for another, until three were cast for', async () => {
    expect(await giveTo('钱八', '赵六')).toBe('accepted');
    expect(await vot('钱八', '赵六')).toBe('201');
    expect(await refusal(takeBack(owner('陈大文'), given('陈大文')))).toBe('accepted');
    expect(await giveTo('钱八', '李小明')).toBe('accepted');
    expect(await vot('钱八', '李小明')).toBe('CAST_MANDATE_CAP');
  });
});

describe('two officers over a paper', () => {
  const paper = (principal: string, agent: string, basis: Mandate['basis']) => ({
    meeting: '',
    basis,
    principal: owner(principal).me.person,
    agent: owner(agent).me.person,
    units: owner(principal).me.units.map(({ unit }) => unit),
    proposals: [],
    until: '2032-05-01',
    file: toBase64Url(service.world.random(2000)),
  });
  const pair = () => [settled.officers.committee, settled.officers.street] as const;

  it('P11: enter the guardian of a child of twelve, who is no fourth principal, and whom the child’s letter does not overrule', async () => {
    const id = await enterPaper(service, pair(), settled.community, paper('吴小宝', '钱八', 'guardian'));
    expect(await vot('钱八', '吴小宝')).toBe('201');
    expect(await vot('吴小宝')).toBe('CAST_REVOTE_KEY');
    const { mandates: shown } = await owner('吴小宝').client.get<MandatesAnswer>('/v1/identity/mandates');
    const [guardianship] = shown;
    expect(guardianship).toMatchObject({ mandate: id, basis: 'guardian', signedBy: 'officers' });
    const end = owner('吴小宝').client.post('/v1/identity/mandates/revocations', {
      mandate: id,
      signature: keyOf(owner('吴小宝')).sign(service.world.random(32)),
    });
    expect(await refusal(end)).toBe('403 MANDATE_BASIS');
  });

  it('enter the representative of a legal person, and end a mandate', async () => {
    const company = paper('甲商贸有限公司', '王五', 'representative');
    const id = await enterPaper(service, pair(), settled.community, company);
    const [committee, street] = pair();
    const path = `/v1/communities/${settled.community}/mandates/${id}/end`;
    expect(await vot('王五', '甲商贸有限公司')).toBe('201');
    await actTogether(service.world, () => committee.client.post<{ act: string }>(path), [committee, street]);
    expect(await refusal(committee.client.post(path))).toBe('409 MANDATE_ENDED');
    expect(await vot('王五', '甲商贸有限公司')).toBe('no paper');
  });

  it('find the holders of a unit, and write down an agent who owns nothing', async () => {
    const { committee, registrar } = settled.officers;
    const base = `/v1/communities/${settled.community}`;
    const [unit] = owner('李小明').me.units;
    const path = `${base}/units/${unit?.unit}/holders`;
    expect(await refusal(registrar.client.get(path))).toBe('403 NOT_ALLOWED');
    const { holders } = await committee.client.get<HoldersAnswer>(path);
    expect(holders.map(({ person }) => person).sort()).toEqual(
      [owner('李小明').me.person, owner('王五').me.person].sort(),
    );
    const shown = { number: '442000198001010084', name: '郑代理' };
    const first = await committee.client.post<{ person: string }>(`${base}/agents`, shown);
    expect(await committee.client.post(`${base}/agents`, shown)).toEqual(first);
    const misread = { ...shown, number: '442000198001010085' };
    expect(await refusal(committee.client.post(`${base}/agents`, misread))).toBe('422 AGENT_MALFORMED');
    const renamed = { ...shown, name: '郑某' };
    // Nobody learns that the number is known: the ids look as anybody's, and no mandate can name them.
    const nobody = await committee.client.post<{ person: string }>(`${base}/agents`, renamed);
    expect(nobody.person).not.toBe(first.person);
    const wish = { ...paper('吴小宝', '钱八', 'mandate'), agent: nobody.person };
    expect(await refusal(committee.client.post(`${base}/mandates`, wish))).toBe('404 MANDATE_AGENT_UNKNOWN');
  });
});

describe('an agent who owns nothing', () => {
  const AGENT = { number: '442000198001010092', name: '王监护' };
  const roster = () =>
    settled.officers.registrar.client.get<LetterRoster>(`/v1/communities/${settled.community}/roster`);
  const letters = async () =>
    makeAgentLetters({
      roster: await roster(),
      agents: [{ ...AGENT, docKind: 'resident-id', phones: [], mailingAddress: '' }],
      random: service.world.random,
    });

  it('P11: gets a letter from two officers once a mandate names him, and votes by it for his ward alone', async () => {
    const { committee, street, registrar } = settled.officers;
    const base = `/v1/communities/${settled.community}`;
    const { person } = await committee.client.post<{ person: string }>(`${base}/agents`, AGENT);
    expect(await letters()).toMatchObject({ refusal: { code: 'LETTERS_AGENT_UNKNOWN' } });
    const ward = owner('周物业');
    const id = await enterPaper(service, [committee, street], settled.community, {
      meeting: '',
      basis: 'guardian',
      principal: ward.me.person,
      agent: person,
      units: ward.me.units.map(({ unit }) => unit),
      proposals: [],
      until: '2032-05-01',
      file: toBase64Url(service.world.random(2000)),
    });
    const made = await letters();
    if (!made.ok) throw new Error(made.refusal.code);
    const { batch, items, codes } = made.value;
    expect(items).toMatchObject([{ person, units: [], replaces: '' }]);
    const alone = registrar.client.post(`${base}/letters`, { batch, madeIn: 'command', until: '', items });
    expect(await refusal(alone)).toBe('422 LETTER_AGENT');
    const wider = items.map((item) => ({ ...item, units: ward.me.units.map(({ unit }) => unit) }));
    expect(await refusal(uploadReissue(settled, { batch, items: wider }))).toBe('422 LETTER_UNITS');
    await actTogether(service.world, () => uploadReissue(settled, made.value), [committee, street]);
    const agent = await signIn(service, present(codes[0], 'a letter'));
    expect([agent.me.person, agent.me.units]).toEqual([person, []]);
    const served = await papersOf(agent, convened.meeting);
    expect(served.papers.map((paper) => mandateIn(paper)?.mandate)).toEqual([id]);
    const own = {
      ...(await castOn(service, agent, served, present(served.papers[0], 'a paper'))),
      mandate: '',
    };
    expect(await post(service, convened.meeting, agent, own)).toBe('CAST_NOT_HOLDER');
    expect(await vote(service, convened.meeting, agent, ward.me.person)).toBe('201');
    // Who lost it gets another, as everybody does, while his mandate stands.
    expect((await roster()).agents).toMatchObject([{ person, letter: items[0]?.letter }]);
    const { letters: found } = await registrar.client.get<{ letters: { person: string }[] }>(
      `${base}/letters/at?place=${encodeURIComponent('代理人')}`,
    );
    expect(found.map((each) => each.person)).toEqual([person]);
  });
});

/** What fails of the meeting's bundle, check by check. */
async function failures(audience: 'auditor' | 'public'): Promise<readonly unknown[]> {
  const { failed } = await verifiedBundle(service, convened.meeting, audience);
  return failed.map(({ id, findings }) => ({ id, findings: findings.slice(0, 3) }));
}

describe('a principal', () => {
  it('leaves no principal free to bury an agent under mandates', async () => {
    const told: string[] = [];
    for (let at = 0; at < 6; at += 1) {
      const one = await mandateOf(service, owner('陈大文'), owner('李小明').me.person);
      told.push(await refusal(give(owner('陈大文'), one)));
    }
    expect(told).toEqual([...Array(5).fill('accepted'), '409 MANDATE_TOO_MANY']);
  });
});

describe('the result', () => {
  it('counts each principal’s head and area once, and verifies from the bundle alone', async () => {
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
    expect(tally.proposals.map(({ participating }) => participating)).toEqual([
      { areaDm2: '29000', heads: 6 },
      { areaDm2: '25000', heads: 5 },
    ]);
    expect(await failures('auditor')).toEqual([]);
    expect(await failures('public')).toEqual([]);
  }, 60_000);
});
