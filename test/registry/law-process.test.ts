// Goal: the process cases P3, P4, P5, P6 and P10 of the law (docs/law-map.md) as far as this version has them: who votes, whose vote stays,
// and what is counted, with exact figures. Method: one small community over HTTP from its register file to the result, in which the title
// of two units passes while the vote runs; then the bundle through every check. The cases that are still missing are named in law-map.md.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptCast } from '../../src/ballot/casting.ts';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { castForm } from '../../src/record/cast.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import { rollRootOf } from '../../src/registry/frozen-roll.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
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
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import { NUMBERS, registerFile } from '../support/registry.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { startTestService } from '../support/service.ts';
import { IDS } from './register-file.ts';

const BUYER = `周买家,${IDS[6]}`;

/** Six heads and 400.00 m², parking apart; who owns the first and the fourth unit is the question. The buyer has a letter for his parking space. */
const registerWith = (first: string, fourth: string): Uint8Array =>
  registerFile(
    [
      `1栋,101,100.00,${first},已交付`,
      `1栋,102,80.00,李小明、王五,${NUMBERS.li}、${NUMBERS.wang},已交付`,
      `1栋,103,60.00,甲商贸有限公司,${NUMBERS.company},已交付`,
      `1栋,104,50.00,${fourth},已交付`,
      `1栋,105,70.00,孙七,${IDS[4]},已交付`,
      `1栋,106,40.00,钱八,${IDS[5]},已交付`,
      `地下车库,A1,12.00,${BUYER},已交付`,
    ].map((row) => `${row},,`),
  );
const BEFORE = registerWith(`陈大文,${NUMBERS.chen}`, `赵六,${IDS[3]}`);
const AFTER = registerWith(BUYER, BUYER);

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let letters: readonly LetterCode[];
let closesAt: number;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  const { world } = service;
  const { deps, url } = service.service;
  const founded = await foundCommunity(world, deps, url, service.root, '法例花园');
  await importFile(world, founded.officers, founded.community, BEFORE);
  const { registrar } = founded.officers;
  letters = await issueDemoLetters(world, registrar, founded.community, BEFORE, world.random);
  settled = { ...founded, codes: letters, generated: generateCommunity({ units: 24, seed: 'test' }) };
  const body = meetingOf(service, settled, { opensInMs: NOTICED_MS, windowMs: 7_200_000 });
  const contract = present(
    body.proposals.find(({ fund }) => fund?.length === 0),
    'a proposal without money',
  );
  const proposals = [{ ...contract, scope: { kind: 'community' as const, members: [] } }];
  const generous = { ...body, parameters: { letterRevote: true }, proposals };
  convened = await openBody(service, settled, generous);
  closesAt = Date.parse(generous.closes);
  await world.beatNow();
}, 120_000);
afterAll(async () => service.close());

const letterOf = (name: string): LetterCode =>
  present(
    letters.find(({ owner }) => owner.name === name),
    name,
  );
const voterNamed = (name: string): Promise<Voter> => voterOf(service, letterOf(name), convened.meeting);

/** Votes as his page would, with papers fetched anew; the code of a refusal, or the status. */
async function vote(name: string, option: string): Promise<number | string> {
  const voter = await voterNamed(name);
  const { status, code } = await castBy(
    service,
    convened.meeting,
    voter,
    await honestCast(service, voter, option),
  );
  return code === '' ? status : code;
}

describe('while the vote runs', () => {
  it('P3: against, then for, then against again: the third is refused', async () => {
    expect([await vote('孙七', 'against'), await vote('孙七', 'for')]).toEqual([201, 201]);
    expect(await vote('孙七', 'against')).toBe('CAST_REVOTE_LIMIT');
  });

  it('P10: of two co-owners the first to vote votes for the head, and the other cannot change it', async () => {
    expect(await vote('李小明', 'for')).toBe(201);
    expect(paperOf(await voterNamed('王五')).seq).toBe(1);
    expect(await vote('王五', 'against')).toBe('CAST_REVOTE_KEY');
  });

  it('a legal person votes by the letter to it, under the end of its credit code', async () => {
    expect(await vote('甲商贸有限公司', 'for')).toBe(201);
  });

  it('P5, P6: after the title has passed, the seller’s vote stays, the buyer is refused, and area and heads are as frozen', async () => {
    const seller = await voterNamed('陈大文');
    const cast = await honestCast(service, seller);
    expect(await castBy(service, convened.meeting, seller, cast)).toMatchObject({ status: 201 });
    const frozen = await rollRootOf(service.service.deps.db, settled.community, convened.meeting);
    await importFile(service.world, settled.officers, settled.community, AFTER);
    const buyer = letterOf('周买家');
    const client = newClient(service);
    await signInOwner(service.world, client, { code: buyer.code, number: buyer.owner.number });
    const { papers } = await client.get<PapersAnswer>(`/v1/meetings/${convened.meeting}/papers`);
    expect(papers.map(({ ballots }) => ballots)).toEqual([[]]);
    // With his own credential, on the seller's entitlement, after the seller's vote.
    const forged = { ...cast, credential: buyer.letter, seq: 2 };
    const refused = await castBy(service, convened.meeting, { seed: letterSeed(buyer.code) }, forged);
    expect(refused.code).toBe('CAST_NOT_HOLDER');
    expect(paperOf(await voterNamed('陈大文')).seq).toBe(1);
    expect(frozen?.totals.map(({ areaDm2, heads }) => [areaDm2, heads])).toEqual([['40000', 6]]);
    expect(await rollRootOf(service.service.deps.db, settled.community, convened.meeting)).toEqual(frozen);
  });

  it('P4: received a millisecond before the close counts, at the close does not', async () => {
    const receive = async (name: string, receivedAt: number): Promise<string> => {
      const voter = await voterNamed(name);
      const bytes = castForm.bytes(await honestCast(service, voter, 'against'));
      const { meeting } = convened;
      const signature = signatureOver(voter.seed, bytes);
      const answer = await acceptCast(service.service.deps, { meeting, bytes, signature, receivedAt });
      return answer.ok ? 'accepted' : answer.refusal.code;
    };
    expect(await receive('钱八', closesAt)).toBe('VOTING_CLOSED');
    expect(await receive('赵六', closesAt - 1)).toBe('accepted');
  });
});

describe('after the close', () => {
  it('P3, P4, P5, P6, P10: the result has 400.00 m² and 6 heads, of which 360.00 and 5 took part, 310.00 and 4 in favour', async () => {
    const { street } = settled.officers;
    await leap(service, settled, closesAt);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${convened.meeting}/box/release`, {
        secret: toBase64Url(convened.boxSecret),
      });
    await actTogether(service.world, release, [street]);
    await service.world.beatNow();
    const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
    const parsed = tallyRecordForm.parse(present(fromBase64Url(record), 'bytes'));
    if (!parsed.ok) throw new Error('the record is malformed');
    expect(parsed.value.proposals).toHaveLength(1);
    expect(parsed.value.proposals[0]).toMatchObject({
      total: { areaDm2: '40000', heads: 6 },
      participating: { areaDm2: '36000', heads: 5 },
      consenting: { areaDm2: '31000', heads: 4 },
      outcome: 'ADOPTED',
    });
    expect(parsed.value.malformed).toEqual([]);
  });

  it('P5, P6: the bundle passes every check although the register changed while the vote ran', async () => {
    const { deps } = service.service;
    const files = await exportBundle(deps, convened.meeting, 'auditor');
    const trust = await exportTrust(deps, convened.meeting);
    if (!files.ok || !trust.ok) throw new Error('no bundle');
    const parsed = trustForm.parse(trust.value);
    if (!parsed.ok) throw new Error('malformed');
    const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: parsed.value });
    if (!report.ok) throw new Error(report.refusal.code);
    expect(report.value.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  });
});

type Problem = {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly { readonly room: string; readonly fault: string }[];
};

/** The whole document of a refusal, of which a client's error shows the beginning only. */
async function problemOf(request: () => Promise<unknown>): Promise<Problem> {
  const send = globalThis.fetch;
  let document = '{}';
  globalThis.fetch = async (...call) => {
    const response = await send(...call);
    if (!response.ok) document = await response.clone().text();
    return response;
  };
  try {
    await request().catch((error: unknown) => error);
  } finally {
    globalThis.fetch = send;
  }
  return JSON.parse(document) as Problem;
}

describe('a roll that cannot be drawn up', () => {
  it('is refused over HTTP with every unit at fault and its code', async () => {
    const { world } = service;
    const { committee, street } = settled.officers;
    const faulty = registerFile([
      `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`,
      `1栋,102,80.00,李小明,${NUMBERS.li},已售未交付,,`,
      `1栋,103,80.00,王五,${NUMBERS.wang},未交房,,`,
    ]);
    await importFile(world, settled.officers, settled.community, faulty);
    const { meeting } = await committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled),
    );
    const notice = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/notice`);
    await actTogether(world, notice, [committee, street]);
    const problem = await problemOf(() => committee.client.post(`/v1/meetings/${meeting}/roll`));
    expect([problem.status, problem.code]).toEqual([422, 'ROLL_UNIT_AT_FAULT']);
    expect(problem.faults.map(({ room, fault }) => `${room} ${fault}`)).toEqual([
      '102 NO_DEVELOPER',
      '103 NO_DEVELOPER',
    ]);
  });
});
