// Goal: what is published is what was cast: the preliminary result, the list of who took part, objections and the final result with
// its certificate, each at its time and by its officers. Method: two whole meetings over HTTP, counted beside by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { exportBundle } from '../../src/bundle/exporting.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether, signBy, untilDone } from '../../src/cli/demo/officer.ts';
import { makeCast, signInOwner } from '../../src/cli/demo/owner.ts';
import { boxPublicKey } from '../../src/crypto/sealed-box.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { entryForm } from '../../src/record/entry.ts';
import { verifyJws } from '../../src/record/jws.ts';
import type { Proposal } from '../../src/record/meeting.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { rollLeafForm, weightOf } from '../../src/record/roll.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import {
  certificateForm,
  participationForm,
  participationHash,
  tallyHash,
  tallyRecordForm,
} from '../../src/record/tally-record.ts';
import type { ParticipationAnswer, ResultAnswer } from '../../src/tally/contract.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  leap,
  meetingOf,
  newClient,
  openBody,
  paperOf,
  plainVoters,
  refusal,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let kept: Convened;
let upheld: Convened;
let voters: readonly Voter[];
/** The papers of the one who voted in the other meeting. */
let otherPapers: Voter['served']['papers'] = [];

const VOTERS = 12;
const DAYS = 3;

/** Two motions, and an election with three candidates for two seats. */
function body() {
  const base = meetingOf(service, settled, { windowMs: 7_200_000 });
  const [roof, contract] = base.proposals;
  const scope = { kind: 'community' as const, members: [] };
  const candidates = ['ada', 'bao', 'chen'].map((id) => ({ id, text: `候选人${id}` }));
  const election = {
    ...present(contract, 'a motion'),
    title: '选举业主委员会',
    classes: ['M3' as const],
    scope,
    form: 'election' as const,
    candidates,
    seats: 2,
  };
  return {
    ...base,
    parameters: { objectionDays: DAYS },
    proposals: [present(roof, 'a motion'), present(contract, 'a motion'), election],
  };
}

/** What voter number `at` says. */
const choiceOf =
  (at: number) =>
  ({ form, fund }: Proposal): readonly string[] | undefined => {
    if (form === 'election') return at % 3 === 0 ? ['ada'] : ['ada', 'bao'];
    if (fund.length > 0) return at === 5 ? undefined : ['for'];
    return at < 8 ? ['for'] : at < 10 ? ['against'] : ['abstain'];
  };

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  kept = await openBody(service, settled, body());
  upheld = await openBody(service, settled, body());
  voters = await votersOf(kept.meeting, VOTERS);
}, 120_000);
afterAll(async () => service.close());

const votersOf = (meeting: string, count: number) => plainVoters(service, settled, meeting, count, 3);

const officers = () => settled.officers;
const read = (meeting: string) => newClient(service).get<MeetingAnswer>(`/v1/meetings/${meeting}`);
const stateOf = async (meeting: string) => (await read(meeting)).state;
const resultOf = (meeting: string) => newClient(service).get<ResultAnswer>(`/v1/meetings/${meeting}/result`);
const post = (by: Officer, meeting: string, path: string, more?: unknown) =>
  by.client.post<{ act: string }>(`/v1/meetings/${meeting}/${path}`, more);
const release = (by: Officer, meeting: string, secret: Uint8Array) =>
  post(by, meeting, 'box/release', { secret: toBase64Url(secret) });

async function recordOf(meeting: string): Promise<TallyRecord> {
  const { record } = await resultOf(meeting);
  const parsed = tallyRecordForm.parse(present(fromBase64Url(record), 'bytes'));
  if (!parsed.ok) throw new Error('the record is malformed');
  return parsed.value;
}

async function count(convened: Convened): Promise<void> {
  const act = () => release(officers().street, convened.meeting, convened.boxSecret);
  await actTogether(service.world, act, [officers().street]);
  await service.world.beatNow();
  expect(await stateOf(convened.meeting)).toBe('preliminary');
}

async function object(meeting: string, by: Voter): Promise<string> {
  const client = newClient(service);
  await signInOwner(service.world, client, { code: by.letter.code, number: by.letter.owner.number });
  const filed = await client.post<{ objection: string }>(`/v1/meetings/${meeting}/objections`, {
    text: '请说明。',
  });
  return filed.objection;
}

const decide = (
  meeting: string,
  objection: string,
  decision: 'rejected' | 'upheld',
  units: readonly string[] = [],
) =>
  actTogether(
    service.world,
    () =>
      post(officers().committee, meeting, `objections/${objection}/decision`, {
        decision,
        reason: '已说明。',
        units,
      }),
    [officers().committee],
  );

describe('before the close', () => {
  it('nothing is published and the box stays shut', async () => {
    expect(await refusal(resultOf(kept.meeting))).toBe('404 RESULT_NOT_YET');
    const { meeting } = kept;
    const participation = newClient(service).get(`/v1/meetings/${meeting}/participation`);
    expect(await refusal(participation)).toBe('404 RESULT_NOT_YET');
    const bundle = await exportBundle(service.service.deps, meeting, 'auditor');
    expect(bundle).toMatchObject({ ok: false, refusal: { code: 'RESULT_NOT_YET' } });
    expect(await refusal(release(officers().street, meeting, kept.boxSecret))).toBe('409 MEETING_STATE');
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 MEETING_STATE');
  });
});

describe('the casts', () => {
  it('are taken, one of them sealed to another key, which nobody can see yet', async () => {
    for (const [at, voter] of voters.entries()) {
      const bytes = await makeCast(service.world, voter.client, voter.served, paperOf(voter), choiceOf(at));
      const cast = castForm.parse(bytes);
      if (!cast.ok) throw new Error('malformed');
      const answers = cast.value.answers.map(({ ballot, sealed }) => {
        const size = present(fromBase64Url(sealed), 'bytes').length;
        const strange = concat(boxPublicKey(service.world.random(32)), service.world.random(size - 32));
        return { ballot, sealed: at === 11 ? toBase64Url(strange) : sealed };
      });
      const answer = await castBy(service, kept.meeting, voter, { ...cast.value, answers });
      expect(answer).toMatchObject({ status: 201 });
    }
    const [first] = await votersOf(upheld.meeting, 1);
    const other = present(first, 'a voter');
    otherPapers = other.served.papers;
    const bytes = await makeCast(service.world, other.client, other.served, paperOf(other), choiceOf(0));
    const cast = castForm.parse(bytes);
    if (!cast.ok) throw new Error('malformed');
    expect(await castBy(service, upheld.meeting, other, cast.value)).toMatchObject({ status: 201 });
  });
});

describe('the box', () => {
  it('is opened after the close, by its holder, with its own secret, once', async () => {
    const { meeting, boxSecret } = kept;
    await leap(service, settled, Date.parse((await read(meeting)).closes));
    expect(await stateOf(meeting)).toBe('closed');
    expect(await refusal(release(officers().committee, meeting, boxSecret))).toBe('403 BOX_NOT_HOLDER');
    const wrong = service.world.random(32);
    expect(await refusal(release(officers().street, meeting, wrong))).toBe('422 BOX_SECRET');
    expect(await refusal(release(officers().street, meeting, new Uint8Array(31)))).toBe('422 BOX_SECRET');
    const { act } = await release(officers().street, meeting, boxSecret);
    expect(await refusal(release(officers().street, meeting, boxSecret))).toBe('409 ACT_DRAFTED');
    expect(await refusal(resultOf(meeting))).toBe('404 RESULT_NOT_YET');
    await signBy(service.world, act, [officers().street]);
    await untilDone(service.world, act, officers().street);
    await service.world.beatNow();
    expect(await stateOf(meeting)).toBe('preliminary');
    expect(await refusal(release(officers().street, meeting, boxSecret))).toBe('409 MEETING_STATE');
  });
});

describe('the preliminary result', () => {
  it('counts every cast by heads and area, and what does not open as participation', async () => {
    const record = await recordOf(kept.meeting);
    expect(record.proposals.map(({ proposal }) => proposal)).toEqual(
      present(voters[0], 'a voter').definition.proposals.map(({ proposal }) => proposal),
    );
    for (const [at, proposal] of present(voters[0], 'a voter').definition.proposals.entries()) {
      const byOption = new Map<string, { heads: number; area: bigint }>();
      const took = { heads: 0, area: 0n };
      for (const [number, voter] of voters.entries()) {
        const leaf = rollLeafForm.parse(present(fromBase64Url(paperOf(voter).leaf), 'bytes'));
        if (!leaf.ok) throw new Error('malformed');
        const { areaDm2 } = weightOf(leaf.value, proposal.scope, false);
        const choice = choiceOf(number)(proposal);
        if (choice === undefined) continue;
        took.heads += 1;
        took.area += areaDm2;
        for (const option of number === 11 ? [] : choice) {
          const sum = byOption.get(option) ?? { heads: 0, area: 0n };
          byOption.set(option, { heads: sum.heads + 1, area: sum.area + areaDm2 });
        }
      }
      const tally = present(record.proposals[at], 'a tally');
      expect(tally.participating).toEqual({ heads: took.heads, areaDm2: String(took.area) });
      for (const { option, heads, areaDm2 } of tally.options) {
        const sum = byOption.get(option) ?? { heads: 0, area: 0n };
        expect({ option, heads, areaDm2 }).toEqual({ option, heads: sum.heads, areaDm2: String(sum.area) });
      }
    }
    expect(record.malformed).toHaveLength(3);
    expect(record.malformed.every(({ code }) => code === 'CHOICE_SEALED')).toBe(true);
    const letters = record.channels.find(({ channel }) => channel === 'letter');
    expect(letters?.heads).toBe(VOTERS);
    expect(record.refusals).toEqual([]);
  });

  it('publishes who took part, and the log holds the hash of the list', async () => {
    const answer = await newClient(service).get<ParticipationAnswer>(
      `/v1/meetings/${kept.meeting}/participation`,
    );
    const bytes = present(fromBase64Url(answer.participation), 'bytes');
    const list = participationForm.parse(bytes);
    if (!list.ok) throw new Error('malformed');
    const took = list.value.took.map(({ entitlement }) => entitlement);
    expect(took).toEqual([...took].sort());
    expect(took).toEqual(voters.map((voter) => paperOf(voter).entitlement).sort());
    const entry = entryForm.parse(present(fromBase64Url(answer.entry), 'bytes'));
    const { recordHash, record } = await resultOf(kept.meeting);
    expect(recordHash).toBe(tallyHash(present(fromBase64Url(record), 'bytes')));
    expect(entry).toMatchObject({
      ok: true,
      value: { kind: 'tally.preliminary', participationHash: participationHash(bytes), recordHash },
    });
    const stored = await service.fresh.owner
      .selectFrom('cast_statement')
      .select('cast_bytes')
      .where('meeting_id', '=', kept.meeting)
      .execute();
    const hashes = stored.map((row) => toBase64Url(castHash(row.cast_bytes))).sort();
    expect(list.value.took.map((each) => each.castHash).sort()).toEqual(hashes);
  });

  it('is counted once, however often the job runs', async () => {
    const before = await resultOf(kept.meeting);
    await service.world.beatNow();
    await service.world.beatNow();
    expect(await resultOf(kept.meeting)).toEqual(before);
  });
});

describe('objections', () => {
  let objection: string;

  it('are filed by owners while their time runs, also by one who did not vote', async () => {
    objection = await object(kept.meeting, present(voters[0], 'a voter'));
    expect((await resultOf(kept.meeting)).objections).toEqual([{ objection, decided: false }]);
    const nowhere = newId(service.world.random);
    expect(await refusal(object(nowhere, present(voters[0], 'a voter')))).toBe('404 MEETING_UNKNOWN');
  });

  it('must be decided by committee or street, once', async () => {
    const { meeting } = kept;
    const wish = { decision: 'rejected', reason: '已说明。' };
    const path = `objections/${objection}/decision`;
    expect(await refusal(post(officers().registrar, meeting, path, wish))).toBe('403 NOT_ALLOWED');
    const unknown = `objections/${newId(service.world.random)}/decision`;
    expect(await refusal(post(officers().committee, meeting, unknown, wish))).toBe('404 OBJECTION_UNKNOWN');
    const zero = { ...wish, reason: '已\u0000说明' };
    expect(await refusal(post(officers().committee, meeting, path, zero))).toBe('400 REQUEST_MALFORMED');
  });

  it('that wait keep the result from becoming final, as does their running time', async () => {
    const { meeting } = kept;
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 OBJECTIONS_OPEN');
    await leap(service, settled, Date.parse((await read(meeting)).objectionsUntil) - 60_000);
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 OBJECTIONS_OPEN');
    const last = await object(meeting, present(voters[1], 'a voter'));
    await leap(service, settled, Date.parse((await read(meeting)).objectionsUntil));
    expect(await refusal(object(meeting, present(voters[2], 'a voter')))).toBe('409 MEETING_STATE');
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 OBJECTIONS_UNDECIDED');
    await decide(meeting, objection, 'rejected');
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 OBJECTIONS_UNDECIDED');
    await decide(meeting, last, 'rejected');
    const again = post(officers().committee, meeting, `objections/${last}/decision`, {
      decision: 'upheld',
      reason: '重来',
    });
    expect(await refusal(again)).toBe('409 OBJECTION_DECIDED');
  });

  it('that are upheld keep it from becoming final until what they are about is void', async () => {
    const { meeting } = upheld;
    await count(upheld);
    const filed = await object(meeting, present(voters[0], 'a voter'));
    const [{ leaf } = { leaf: '' }] = otherPapers;
    const unit = present(rollLeafForm.own(present(fromBase64Url(leaf), 'bytes')).units[0], 'a unit').unit;
    await decide(meeting, filed, 'upheld', [unit]);
    const busy = present(voters[1], 'a voter');
    for (const _ of [1, 2, 3]) await object(meeting, busy);
    expect(await refusal(object(meeting, busy))).toMatch(/OBJECTIONS_TOO_MANY/);
    await leap(service, settled, Date.parse((await read(meeting)).objectionsUntil));
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 OBJECTION_UPHELD');
  });
});

describe('the final result', () => {
  it('is drafted by committee or street, and signed by both', async () => {
    const { meeting } = kept;
    expect(await refusal(post(officers().registrar, meeting, 'final'))).toBe('403 NOT_ALLOWED');
    const nowhere = newId(service.world.random);
    expect(await refusal(post(officers().committee, nowhere, 'final'))).toBe('404 MEETING_UNKNOWN');
    const { act } = await post(officers().committee, meeting, 'final');
    await signBy(service.world, act, [officers().committee]);
    const { missing } = await officers().committee.client.get<ActAnswer>(`/v1/acts/${act}`);
    expect(missing).toEqual([['street']]);
    expect((await resultOf(meeting)).stage).toBe('preliminary');
    await signBy(service.world, act, [officers().street]);
    await untilDone(service.world, act, officers().committee);
    expect(await stateOf(meeting)).toBe('final');
    expect(await refusal(post(officers().committee, meeting, 'final'))).toBe('409 MEETING_STATE');
  });

  it('has a certificate that names the entry, the record and the outcomes', async () => {
    const { definition, served } = present(voters[0], 'a voter');
    const { certificate, recordHash, stage } = await resultOf(kept.meeting);
    expect(stage).toBe('final');
    const key = present(fromBase64Url(definition.keys.certificate), 'a key');
    const token = verifyJws(certificate, 'owners-vote-result+jws', key, certificateForm);
    const row = await service.fresh.owner
      .selectFrom('log_entry')
      .select('data')
      .where('meeting_id', '=', kept.meeting)
      .where('kind', '=', 'tally.final')
      .executeTakeFirstOrThrow();
    const { proposals } = await recordOf(kept.meeting);
    expect(token).toEqual({
      ok: true,
      value: {
        iss: definition.origin,
        meeting: served.meetingHash,
        recordHash,
        entry: toBase64Url(leafHash(row.data)),
        outcomes: proposals.map(({ proposal, outcome }) => ({ proposal, outcome })),
      },
    });
    const other = present(fromBase64Url(definition.keys.ack), 'a key');
    expect(verifyJws(certificate, 'owners-vote-result+jws', other, certificateForm).ok).toBe(false);
  });

  it('leaves one resolution for each proposal', async () => {
    const rows = await service.fresh.owner
      .selectFrom('resolution')
      .select(['proposal_id', 'outcome'])
      .where('meeting_id', '=', kept.meeting)
      .execute();
    const { proposals } = await recordOf(kept.meeting);
    const wanted = proposals.map(({ proposal, outcome }) => ({ proposal_id: proposal, outcome }));
    const byId = (a: { proposal_id: string }, b: { proposal_id: string }) =>
      a.proposal_id < b.proposal_id ? -1 : 1;
    expect([...rows].sort(byId)).toEqual([...wanted].sort(byId));
  });
});
