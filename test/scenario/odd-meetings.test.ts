// Goal: meetings that do not go by the book are still counted and verified: nobody votes; the street convenes, letters vote again,
// casts are refused, choices do not open, parking counts, blanks are abstentions. Method: each over HTTP, then its bundle through
// every check of the verifier under trust.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { exportBundle, exportTrust } from '../../src/bundle/exporting.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { makeCast } from '../../src/cli/demo/owner.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm } from '../../src/record/cast.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import { trustForm } from '../../src/record/trust.ts';
import type { ResultAnswer } from '../../src/tally/contract.ts';
import { verifyBundle } from '../../src/verifier/verify.ts';
import type { MeetingBody, Voter } from '../ballot/voting-world.ts';
import { castBy, leap, meetingOf, NOTICED_MS, newClient, paperOf, voterOf } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const NOTICED = { opensInMs: NOTICED_MS };
let service: TestService;
let settled: TestCommunity;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
}, 120_000);
afterAll(async () => service.close());

type Hands = { readonly both: readonly [Officer, Officer]; readonly holder: Officer };

type Opened = { readonly meeting: string; readonly boxSecret: Uint8Array; readonly hands: Hands };

async function open(body: MeetingBody, hands: Hands): Promise<Opened> {
  const { world } = service;
  const [convener] = hands.both;
  const { meeting } = await convener.client.post<{ meeting: string }>(
    `/v1/communities/${settled.community}/meetings`,
    body,
  );
  const draft = (step: string) => () =>
    convener.client.post<{ act: string }>(`/v1/meetings/${meeting}/${step}`);
  await actTogether(world, draft('notice'), hands.both);
  await actTogether(world, draft('roll'), hands.both);
  const boxSecret = world.random(32);
  await hands.holder.client.post(`/v1/meetings/${meeting}/box`, {
    boxKey: toBase64Url(boxPublicKey(boxSecret)),
  });
  const { act } = await draft('opening')();
  await signBy(world, act, hands.both);
  service.clock.moveTo(Date.parse(body.opens));
  await untilDone(world, act, convener);
  return { meeting, boxSecret, hands };
}

/** From the close to the final result. */
async function conclude({ meeting, boxSecret, hands }: Opened): Promise<TallyRecord> {
  const { world } = service;
  const read = () => newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
  await leap(service, settled, Date.parse((await read()).closes));
  const release = () =>
    hands.holder.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, {
      secret: toBase64Url(boxSecret),
    });
  await actTogether(world, release, [hands.holder]);
  await world.beatNow();
  await leap(service, settled, Date.parse((await read()).objectionsUntil) + 60_000);
  const [convener] = hands.both;
  const final = () => convener.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
  await actTogether(world, final, hands.both);
  await world.beatNow();
  const { record } = await newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
  const parsed = tallyRecordForm.parse(present(fromBase64Url(record), 'bytes'));
  if (!parsed.ok) throw new Error('the record is malformed');
  return parsed.value;
}

/** What fails of the bundle of a meeting, check by check. */
async function failures(meeting: string, audience: 'auditor' | 'public'): Promise<readonly unknown[]> {
  const { deps } = service.service;
  const [files, trust] = [await exportBundle(deps, meeting, audience), await exportTrust(deps, meeting)];
  if (!files.ok || !trust.ok) throw new Error('no bundle');
  const parsed = trustForm.parse(trust.value);
  if (!parsed.ok) throw new Error('malformed');
  const report = await verifyBundle({ files: files.value, irregular: [] }, { trust: parsed.value });
  if (!report.ok) throw new Error(report.refusal.code);
  return report.value.checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, findings }) => ({ id, findings: findings.slice(0, 3) }));
}

describe('a meeting in which nobody votes', () => {
  it('ends without a quorum and verifies', async () => {
    const { committee, street } = settled.officers;
    const opened = await open(meetingOf(service, settled, NOTICED), {
      both: [committee, street],
      holder: street,
    });
    const record = await conclude(opened);
    expect(record.proposals.map(({ outcome }) => outcome)).toEqual(['NOT_QUORATE', 'NOT_QUORATE']);
    expect(record.proposals.map(({ participating }) => participating.heads)).toEqual([0, 0]);
    expect(await failures(opened.meeting, 'auditor')).toEqual([]);
    expect(await failures(opened.meeting, 'public')).toEqual([]);
  });
});

describe('a meeting that the street convenes, under unusual settings', () => {
  const choose =
    (at: number) =>
    ({ form, fund }: Proposal): readonly string[] | undefined => {
      if (form === 'election') return at % 4 === 0 ? undefined : at % 2 === 0 ? ['ada'] : ['ada', 'bao'];
      return fund.length > 0 && at % 5 === 0 ? undefined : [at % 6 === 0 ? 'against' : 'for'];
    };

  const castOf = async (voter: Voter, at: number, paper = paperOf(voter)): Promise<Cast | undefined> => {
    const offered = voter.definition.proposals.filter(({ proposal }) =>
      paper.ballots.some((each) => each.proposal === proposal),
    );
    if (!offered.some((proposal) => choose(at)(proposal) !== undefined)) return undefined;
    const bytes = await makeCast(service.world, voter.client, voter.served, paper, choose(at));
    const parsed = castForm.parse(bytes);
    return parsed.ok ? parsed.value : undefined;
  };

  const unreadable = (cast: Cast): Cast => ({
    ...cast,
    answers: cast.answers.map((answer) => {
      const size = present(fromBase64Url(answer.sealed), 'bytes').length;
      const strange = concat(boxPublicKey(service.world.random(32)), service.world.random(size - 32));
      return { ...answer, sealed: toBase64Url(strange) };
    }),
  });

  it('is counted and verifies in every check', async () => {
    const { street, regulator, committee } = settled.officers;
    const body = meetingOf(service, settled, NOTICED);
    const contract = present(body.proposals[1], 'a motion');
    const candidates = ['ada', 'bao', 'chen'].map((id) => ({ id, text: `候选人${id}` }));
    const opened = await open(
      {
        ...body,
        parameters: { letterRevote: true, countSpecialSpaces: true, blankAnswer: 'abstain' },
        proposals: [
          ...body.proposals,
          { ...contract, title: '选举', classes: ['M3'], form: 'election', candidates, seats: 2 },
          { ...contract, title: '改建并改变用途', classes: ['M7', 'M8'] },
        ],
      },
      { both: [street, regulator], holder: committee },
    );
    const { meeting } = opened;
    let [accepted, refused, revoted] = [0, 0, 0];
    for (const [at, letter] of settled.codes.entries()) {
      const voter = await voterOf(service, letter, meeting).catch(() => undefined);
      if (voter === undefined || at % 9 === 8) continue;
      for (const paper of voter.served.papers) {
        const cast = paper.seq > 0 ? undefined : await castOf(voter, at, paper);
        if (cast === undefined) continue;
        const sent = at % 7 === 3 ? unreadable(cast) : cast;
        const first = await castBy(service, meeting, voter, sent);
        accepted += first.status === 201 ? 1 : 0;
        const wrong = await castBy(service, meeting, voter, { ...cast, seq: 9 });
        refused += wrong.code === 'CAST_CHAIN' ? 1 : 0;
        if (at % 3 !== 1) continue;
        const again = await voterOf(service, letter, meeting);
        const next = again.served.papers.find(({ entitlement }) => entitlement === paper.entitlement);
        const second = await castOf(again, at + 1, present(next, 'the same paper'));
        if (second === undefined) continue;
        const answer = await castBy(service, meeting, again, second);
        revoted += answer.status === 201 ? 1 : 0;
      }
    }
    expect(accepted).toBeGreaterThan(12);
    expect(revoted).toBeGreaterThan(2);
    const record = await conclude(opened);
    expect(record.refusals).toEqual([{ code: 'CAST_CHAIN', count: refused }]);
    expect(record.malformed.length).toBeGreaterThan(0);
    expect(record.proposals.at(-1)?.classes.map((each) => each.class)).toEqual(['M7', 'M8']);
    expect(await failures(meeting, 'auditor')).toEqual([]);
    expect(await failures(meeting, 'public')).toEqual([]);
  }, 60_000);
});
