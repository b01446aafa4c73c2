// Goal: a cast that was acknowledged and whose commit was lost is not lost: it is sent again while the vote is open, entered by two officers
// after it, counted, and passes the verifier; nothing else comes in by that door (SPEC 6.12). Method: one meeting over HTTP whose rows a
// superuser deletes behind the service, as a standby that took over too early would have it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingAnswer } from '../../src/assembly/contract.ts';
import type { ReceiptAnswer } from '../../src/ballot/contract.ts';
import { signToken } from '../../src/ballot/tokens.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { actTogether, signInOfficer } from '../../src/cli/demo/officer.ts';
import type { Acknowledgement } from '../../src/record/acknowledgement.ts';
import { acknowledgementForm } from '../../src/record/acknowledgement.ts';
import { castForm } from '../../src/record/cast.ts';
import { entryForm } from '../../src/record/entry.ts';
import { verifyJws } from '../../src/record/jws.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import { tallyRecordForm } from '../../src/record/tally-record.ts';
import type { RestorationsAnswer, ResultAnswer } from '../../src/tally/contract.ts';
import type { KeptCast } from '../ballot/lost-cast.ts';
import { handInBody, hashOfKept, loseCast } from '../ballot/lost-cast.ts';
import { enterBy } from '../ballot/paper-world.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  honestCast,
  leap,
  meetingOf,
  newClient,
  openBody,
  paperOf,
  plainVoters,
  refusal,
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { verifiedBundle } from '../support/verified.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let voters: readonly Voter[];

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 48);
  const body = meetingOf(service, settled, { windowMs: 7_200_000 });
  convened = await openBody(service, settled, { ...body, parameters: { objectionDays: 3 } });
  await service.world.beatNow();
  voters = await plainVoters(service, settled, convened.meeting, 6);
}, 300_000);
afterAll(async () => service.close());

const voter = (at: number): Voter => present(voters[at], `voter ${at}`);
const path = () => `/v1/meetings/${convened.meeting}/restorations`;
const hashOf = hashOfKept;
const resultOf = () => newClient(service).get<ResultAnswer>(`/v1/meetings/${convened.meeting}/result`);
const stateOf = async () =>
  (await newClient(service).get<MeetingAnswer>(`/v1/meetings/${convened.meeting}`)).state;
const recordIn = (record: string): TallyRecord =>
  tallyRecordForm.own(present(fromBase64Url(record), 'own bytes'));

async function vote(at: number): Promise<KeptCast> {
  const cast = await honestCast(service, voter(at));
  const { acknowledgement, status } = await castBy(service, convened.meeting, voter(at), cast);
  expect(status).toBe(201);
  return { voter: voter(at), cast, acknowledgement };
}

const lose = (kept: KeptCast): Promise<KeptCast> => loseCast(service, kept);

const handIn = (
  kept: KeptCast,
  change: Partial<Record<'cast' | 'signature' | 'acknowledgement', unknown>> = {},
) => newClient(service).post<{ castHash: string }>(path(), { ...handInBody(kept), ...change });

const draft = (kept: KeptCast, by = settled.officers.committee) =>
  by.client.post<{ act: string }>(`${path()}/${hashOf(kept)}`);

const byTwo = () => [settled.officers.committee, settled.officers.street];

/** The same promise with other claims, by the service's own key. */
async function promisedOtherwise(
  { acknowledgement }: KeptCast,
  change: (said: Acknowledgement) => Partial<Acknowledgement>,
): Promise<string> {
  const { ack } = service.service.deps.keys;
  const key = present(fromBase64Url(voter(0).definition.keys.ack), 'a key');
  const said = verifyJws(acknowledgement, 'owners-vote-ack+jws', key, acknowledgementForm);
  if (!said.ok) throw new Error(said.refusal.code);
  return signToken({ ...said.value, ...change(said.value) }, 'owners-vote-ack+jws', ack, acknowledgementForm);
}

let first: KeptCast;
let again: KeptCast;
let late: KeptCast;
let kept: KeptCast;

describe('while the vote is open', () => {
  it('a lost cast is accepted when it is sent again, and nothing is handed in', async () => {
    const lost = await lose(await vote(0));
    expect(await refusal(handIn(lost))).toBe('409 MEETING_STATE');
    const { acknowledgement } = await castBy(service, convened.meeting, lost.voter, lost.cast);
    expect(acknowledgement).not.toBe('');
    const seen = await voterOf(service, lost.voter.letter, convened.meeting);
    expect(paperOf(seen)).toMatchObject({ seq: 1, last: hashOf(lost) });
  });

  it('others are lost too, one of whose owners votes anew', async () => {
    first = await lose(await vote(1));
    late = await lose(await vote(2));
    again = await lose(await vote(3));
    const anew = await voterOf(service, again.voter.letter, convened.meeting);
    const cast = await honestCast(service, anew, 'against');
    expect(await castBy(service, convened.meeting, anew, cast)).toMatchObject({ status: 201 });
    kept = await vote(4);
  });
});

describe('after the close', () => {
  it('takes only what the service promised for this cast while one could vote', async () => {
    const { closes } = await newClient(service).get<MeetingAnswer>(`/v1/meetings/${convened.meeting}`);
    await leap(service, settled, Date.parse(closes));
    expect(await stateOf()).toBe('closed');
    expect(await refusal(handIn(kept))).toBe('409 CAST_STANDS');
    expect(await refusal(handIn(again))).toBe('409 CAST_CHAIN');
    expect(await refusal(handIn(first, { acknowledgement: kept.acknowledgement }))).toBe('422 PROMISE_OTHER');
    const foreign = signatureOver(kept.voter.seed, castForm.bytes(first.cast));
    expect(await refusal(handIn(first, { signature: foreign }))).toBe('422 PROMISE_OTHER');
    const [header, body] = first.acknowledgement.split('.');
    const forged = `${header}.${body}.${kept.acknowledgement.split('.')[2]}`;
    expect(await refusal(handIn(first, { acknowledgement: forged }))).toBe('422 PROMISE_SIGNATURE');
    const closedAt = Date.parse(closes) / 1000;
    const after = await promisedOtherwise(first, () => ({ iat: closedAt + 30 }));
    expect(await refusal(handIn(first, { acknowledgement: after }))).toBe('409 PROMISE_LATE');
    const before = await promisedOtherwise(first, ({ iat }) => ({ iat: iat - 86_400 }));
    expect(await refusal(handIn(first, { acknowledgement: before }))).toBe('409 PROMISE_LATE');
    expect(await refusal(handIn(first, { cast: toBase64Url(new Uint8Array(9)) }))).toBe('400 CAST_MALFORMED');
    expect(await refusal(draft(first))).toBe('404 RESTORATION_UNKNOWN');
  });

  it('two officers enter it before the count, once, whoever asks how often', async () => {
    expect(await Promise.all([handIn(first), handIn(first)])).toEqual([
      { castHash: hashOf(first) },
      { castHash: hashOf(first) },
    ]);
    const list = () => settled.officers.street.client.get<RestorationsAnswer>(path());
    expect((await list()).restorations).toMatchObject([{ castHash: hashOf(first), isRestored: false }]);
    expect(await refusal(draft(first, settled.officers.registrar))).toBe('403 NOT_ALLOWED');
    const { act } = await draft(first);
    expect(await refusal(draft(first))).toBe('409 ACT_DRAFTED');
    expect(await enterBy(service, act, byTwo())).toBe('done');
    expect((await list()).restorations).toMatchObject([{ castHash: hashOf(first), isRestored: true }]);
    expect(await refusal(handIn(first))).toBe('409 CAST_STANDS');
    await service.world.beatNow();
    const receipt = await newClient(service).get<ReceiptAnswer>(
      `/v1/meetings/${convened.meeting}/casts/${hashOf(first)}/receipt`,
    );
    expect(receipt).toMatchObject({ acknowledgement: first.acknowledgement, isLast: true, isVoid: false });
    expect(entryForm.own(present(fromBase64Url(receipt.entry), 'bytes'))).toMatchObject({
      kind: 'cast.restored',
      castHash: hashOf(first),
    });
  });

  it('another one takes a published count back, and there is no final result before it', async () => {
    const { committee, street } = settled.officers;
    const { meeting, boxSecret } = convened;
    const secret = toBase64Url(boxSecret);
    const release = () =>
      street.client.post<{ act: string }>(`/v1/meetings/${meeting}/box/release`, { secret });
    await actTogether(service.world, release, [street]);
    await service.world.beatNow();
    const counted = await resultOf();
    // The one that was sent again, the one who voted anew, the one who lost nothing, and the restored one.
    const voted = (record: string) => recordIn(record).channels.reduce((sum, { heads }) => sum + heads, 0);
    expect(recordIn(counted.record)).toMatchObject({ restored: 1, voids: 0 });
    expect(voted(counted.record)).toBe(4);
    await handIn(late);
    await leap(service, settled, service.clock() + 30 * 86_400_000);
    const final = () => committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/final`);
    expect(await refusal(final())).toBe('409 RESTORATIONS_OPEN');
    expect(await enterBy(service, (await draft(late, street)).act, byTwo())).toBe('done');
    await service.world.beatNow();
    const recounted = await resultOf();
    expect(recordIn(recounted.record)).toMatchObject({ restored: 2 });
    expect(voted(recounted.record)).toBe(5);
    expect(recounted.former.map(({ recordHash }) => recordHash)).toEqual([counted.recordHash]);
    expect(await refusal(final())).toBe('409 OBJECTIONS_OPEN');
    await leap(service, settled, service.clock() + 30 * 86_400_000);
    for (const officer of [committee, street]) await signInOfficer(service.world, officer);
    await actTogether(service.world, final, [committee, street]);
    await service.world.beatNow();
    expect(await stateOf()).toBe('final');
    expect(await refusal(handIn(again))).toBe('409 MEETING_STATE');
  });

  it('passes the verifier, with the promises in either bundle', async () => {
    for (const audience of ['auditor', 'public'] as const) {
      const { checks, failed } = await verifiedBundle(service, convened.meeting, audience);
      expect(failed).toEqual([]);
      const outcome = audience === 'auditor' ? 'pass' : 'not made';
      expect(checks.find(({ id }) => id === 'CAST-06')).toMatchObject({ outcome });
    }
  });
});
