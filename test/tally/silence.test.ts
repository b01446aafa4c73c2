// Goal: a clause of silence counts exactly whom the notice had reached by proof when the vote began and who never voted, shows both counts,
// and the verifier counts the same from the register of the opening (SPEC 8.1). Method: own rules and one whole meeting over HTTP, then
// the bundle; and forged bundles with one lie each.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { deliveryDocumentHash } from '../../src/record/delivery.ts';
import type { ProposalTally, TallyRecord } from '../../src/record/tally-record.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { frozenLeaves } from '../../src/registry/frozen-roll.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import type { KeptCast } from '../ballot/lost-cast.ts';
import { handInBody, hashOfKept, loseCast } from '../ballot/lost-cast.ts';
import type { Convened } from '../ballot/voting-world.ts';
import {
  castBy,
  conveneBody,
  honestCast,
  leap,
  meetingOf,
  newClient,
  paperOf,
  plainVoters,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';
import { failing } from '../verifier/failing-checks.ts';

const OPENS_IN_MS = 3_600_000;
const documentHash = deliveryDocumentHash(new TextEncoder().encode('收条'));
let service: TestService;
let settled: TestCommunity;
let convened: Convened;
/** Entitlements whose notice was handed over in time. */
let served: readonly string[] = [];
let voted: readonly string[] = [];
/** The vote of one of them, which the log lost. */
let lost: KeptCast;

beforeAll(async () => {
  // No beat of its own: what is to be lost must not have a place in the log.
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  const { committee, street } = settled.officers;
  const rules = {
    base: 'DEMO-CN-2021',
    parameters: { silenceRule: 'FOLLOW_MAJORITY' },
    text: '第九条 已送达而不表决的,计入多数意见。',
    adoptedOn: civilDateAt(service.clock()),
    meeting: '',
    proposal: '',
    document: `${'B'.repeat(42)}A`,
  };
  await actTogether(
    service.world,
    () => committee.client.post<{ act: string }>(`/v1/communities/${settled.community}/rules`, rules),
    [committee, street],
  );
  convened = await conveneBody(service, settled, body());
  await serveAndVote();
  await finalise();
}, 240_000);
afterAll(async () => service?.close());

/** A motion of an ordinary class and one of three quarters, of everybody. */
function body() {
  const base = meetingOf(service, settled, { opensInMs: OPENS_IN_MS, windowMs: 7_200_000 });
  const scope = { kind: 'community' as const, members: [] };
  const contract = { ...present(base.proposals[1], 'a motion'), scope, fund: [] };
  return { ...base, proposals: [contract, { ...contract, title: '改变绿地用途', classes: ['M8' as const] }] };
}

const handOver = (units: readonly string[]) =>
  settled.officers.street.client.post(`/v1/meetings/${convened.meeting}/deliveries`, {
    state: 'handed',
    units,
    documentHash,
  });

/**
 * All but four owners of one home each get the notice in time, one of them too late; six vote, and one vote is lost. Owners of one home, because the order
 * of a roll is chance: four large holdings untold would be more than a third of the floor area, and no motion would be quorate.
 */
async function serveAndVote(): Promise<void> {
  const leaves = await frozenLeaves(service.service.deps.db, settled.community, convened.meeting);
  const untold = leaves.filter(({ leaf }) => leaf.units.length === 1).slice(0, 4);
  const told = leaves.filter((each) => !untold.includes(each));
  await leap(service, settled, service.clock() + 1000);
  const unitsOf = (some: typeof leaves) => some.flatMap(({ leaf }) => leaf.units.map(({ unit }) => unit));
  await handOver(unitsOf(told));
  await leap(service, settled, service.clock() + OPENS_IN_MS);
  await handOver(unitsOf(untold.slice(0, 1)));
  const plain = await plainVoters(service, settled, convened.meeting, 6, 2);
  served = told.map(({ entitlement }) => entitlement);
  // Until his lost cast is restored, who was served counts as silent (SPEC 6.12).
  const loser = present(
    plain.find((voter) => served.includes(paperOf(voter).entitlement)),
    'a served voter',
  );
  const lastCast = await honestCast(service, loser);
  const { acknowledgement } = await castBy(service, convened.meeting, loser, lastCast);
  lost = await loseCast(service, { voter: loser, cast: lastCast, acknowledgement });
  const voters = plain.filter((voter) => voter !== loser);
  for (const [at, voter] of voters.entries()) {
    const cast = await honestCast(service, voter, at < 4 ? 'for' : 'against');
    expect(await castBy(service, convened.meeting, voter, cast)).toMatchObject({ status: 201 });
  }
  voted = plain.map((voter) => paperOf(voter).entitlement);
}

async function finalise(): Promise<void> {
  const { committee, street } = settled.officers;
  const { meeting, boxSecret } = convened;
  await leap(service, settled, service.clock() + 7_300_000);
  const secret = toBase64Url(boxSecret);
  const release = () =>
    street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, { secret });
  await actTogether(service.world, release, [street]);
  await service.world.beatNow();
  await restoreLost();
  const final = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
  await actTogether(service.world, final, [committee, street]);
  await service.world.beatNow();
}

/** After the first count, which takes him for silent, two officers restore his vote. */
async function restoreLost(): Promise<void> {
  const { committee, street } = settled.officers;
  const path = `/v1/meetings/${convened.meeting}/restorations`;
  await newClient(service).post(path, handInBody(lost));
  const restore = () => committee.client.post<{ act: string }>(`${path}/${hashOfKept(lost)}`);
  await actTogether(service.world, restore, [committee, street]);
  await service.world.beatNow();
}

async function tallies(): Promise<TallyRecord['proposals']> {
  const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
  return tallyRecordForm.own(present(fromBase64Url(record), 'bytes')).proposals;
}

describe('a meeting under a clause of silence', () => {
  it('counts who was served in time and never voted, and nobody else', async () => {
    const [ordinary] = await tallies();
    const silent = served.filter((each) => !voted.includes(each));
    expect(silent.length).toBeGreaterThan(0);
    expect(ordinary?.silence).toMatchObject([
      { heads: silent.length, side: 'for', participating: { heads: 6 }, outcome: 'NOT_QUORATE' },
    ]);
    expect(ordinary).toMatchObject({
      participating: { heads: voted.length + silent.length },
      consenting: { heads: 5 + silent.length },
      options: [{ heads: 5 }, { heads: 1 }, { heads: 0 }],
      outcome: 'ADOPTED',
    });
  });

  it('counts nobody where the law asks for three quarters', async () => {
    const [, major] = await tallies();
    expect(major).toMatchObject({ silence: [], participating: { heads: 6 }, outcome: 'NOT_QUORATE' });
  });

  it('warns before, and shows both counts after', async () => {
    const page = async (path: string) =>
      (await fetch(`${service.service.url}/meetings/${convened.meeting}${path}`)).text();
    for (const path of ['/documents/notice', '/documents/announcement'])
      expect(await page(path), path).toContain('始终不表决的，计入');
    for (const path of ['', '/documents/announcement', '/documents/minutes']) {
      const text = await page(path);
      expect(text, path).toContain('已签收或登录阅读公告而没有表决，计为同意');
      expect(text, path).toContain('结论为“参与不足，没有形成决定”');
    }
  });

  it('passes the verifier, which counts it again where it has the register', async () => {
    for (const audience of ['auditor', 'public'] as const) {
      const { checks, failed } = await verifiedBundle(service, convened.meeting, audience);
      expect(failed).toEqual([]);
      const recount = checks.find(({ id }) => id === 'TALLY-02');
      expect(recount).toMatchObject({ outcome: audience === 'auditor' ? 'pass' : 'not made' });
    }
  });
});

describe('a forged clause', () => {
  /** The motion of the fund in the story: three homes in scope, all of whom voted. */
  const silence = ({
    participating,
    consenting,
    classes,
    outcome,
  }: ProposalTally): ProposalTally['silence'] => [
    { areaDm2: '0', heads: 0, side: 'for', participating, consenting, classes, outcome },
  ];
  const second = (change: (tally: ProposalTally) => Partial<ProposalTally>) => (record: TallyRecord) => ({
    ...record,
    proposals: record.proposals.map((one, at) => (at === 1 ? { ...one, ...change(one) } : one)),
  });
  const parameters = { silenceRule: 'FOLLOW_MAJORITY' } as const;

  it('MEET-02: that no own rules hold', async () => {
    const lie = { parameters, record: second((one) => ({ silence: silence(one) })) };
    expect(await failing(lie)).toEqual(['MEET-02']);
  });

  it('TALLY-02: whose count without it is left out', async () => {
    expect(await failing({ parameters })).toEqual(['MEET-02', 'TALLY-02']);
  });

  it('TALLY-02: that counts though the meeting has none', async () => {
    expect(await failing({ record: second((one) => ({ silence: silence(one) })) })).toEqual(['TALLY-02']);
  });
});
