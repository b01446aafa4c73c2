// Goal: what an owner is given before he votes and takes away after it can be checked by his page alone; turnout never shows a
// single vote. Method: papers, receipts and turnout over HTTP, verified with the record's own functions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { ReceiptAnswer, turnoutAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { HttpClient } from '../../src/cli/demo/http-client.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import { ballotForm } from '../../src/record/ballot.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { entryForm } from '../../src/record/entry.ts';
import { verifyJws } from '../../src/record/jws.ts';
import { leafHash, verifyInclusion } from '../../src/record/merkle.ts';
import { verifyLogProof } from '../../src/record/proof.ts';
import { rollLeafForm, weightOf } from '../../src/record/roll.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Convened, Voter } from './voting-world.ts';
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
  voterOf,
} from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let voters: readonly Voter[];
let stranger: HttpClient;

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  convened = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 }));
  await service.world.beatNow();
  voters = await plainVoters(service, settled, convened.meeting, 6);
  stranger = newClient(service);
});
afterAll(async () => service.close());

const voter = (at: number): Voter => present(voters[at], `voter ${at}`);

const trust = () => {
  const { logVkey, witnesses, quorum } = voter(0).definition;
  return { logVkey, witnesses: witnesses.map((vkey, at) => ({ name: `witness ${at}`, vkey })), quorum };
};

describe('papers', () => {
  it('prove the opening in the log, the entitlement on the roll and each ballot on both', async () => {
    for (const { served, definition } of voters) {
      const opened = present(fromBase64Url(served.openedEntry), 'bytes');
      expect(verifyLogProof(opened, served.openedProof, trust())).toMatchObject({ ok: true });
      const entry = entryForm.parse(opened);
      expect(entry).toMatchObject({ ok: true, value: { meetingHash: served.meetingHash } });
      for (const paper of served.papers) {
        const bytes = present(fromBase64Url(paper.leaf), 'bytes');
        const leaf = rollLeafForm.parse(bytes);
        if (!leaf.ok) throw new Error('the leaf is malformed');
        const proof = paper.inclusion.map((text) => present(fromBase64Url(text), 'bytes'));
        const root = present(fromBase64Url(definition.rollRoot), 'bytes');
        expect(paper.size).toBe(definition.rollSize);
        expect(verifyInclusion(leafHash(bytes), paper.index, paper.size, root, proof)).toBe(true);
        const key = present(fromBase64Url(definition.keys.ballot), 'bytes');
        const proposals = paper.ballots.map(({ proposal, token }) => {
          const claims = verifyJws(token, 'owners-vote-ballot+jws', key, ballotForm);
          const { scope } = present(
            definition.proposals.find((each) => each.proposal === proposal),
            'a proposal',
          );
          expect(claims).toMatchObject({
            ok: true,
            value: {
              proposal,
              meeting: served.meetingHash,
              entitlement: paper.entitlement,
              credential: served.credential,
              areaDm2: String(weightOf(leaf.value, scope, false).areaDm2),
            },
          });
          return proposal;
        });
        expect(proposals).toEqual(definition.proposals.map(({ proposal }) => proposal));
      }
    }
  });

  it('asked for again are the same ballots, also at once', async () => {
    const { client, served } = voter(0);
    const path = `/v1/meetings/${convened.meeting}/papers`;
    const again = await Promise.all([1, 2, 3].map(() => client.get<Voter['served']>(path)));
    for (const papers of again) expect(papers.papers[0]?.ballots).toEqual(served.papers[0]?.ballots);
  });

  it('of a meeting that does not exist, or that is not armed, are refused', async () => {
    const { client } = voter(0);
    const nowhere = newId(service.world.random);
    expect(await refusal(client.get(`/v1/meetings/${nowhere}/papers`))).toBe('404 MEETING_UNKNOWN');
    const { meeting } = await settled.officers.committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled),
    );
    expect(await refusal(client.get(`/v1/meetings/${meeting}/papers`))).toBe('404 MEETING_UNKNOWN');
  });

  it('are given to nobody whose units carry no vote', async () => {
    const answers: string[] = [];
    for (const { code, owner } of settled.codes) {
      const client = newClient(service);
      await signInOwner(service.world, client, { code, number: owner.number });
      answers.push(await refusal(client.get(`/v1/meetings/${convened.meeting}/papers`)));
    }
    expect(new Set(answers)).toEqual(new Set(['accepted', '404 NOTHING_TO_VOTE']));
  });
});

describe('a receipt', () => {
  it('waits for a checkpoint, then proves the cast’s entry under a quorum', async () => {
    const by = voter(0);
    const cast = await honestCast(service, by);
    const bytes = castForm.bytes(cast);
    const hash = toBase64Url(castHash(bytes));
    const path = `/v1/meetings/${convened.meeting}/casts/${hash}/receipt`;
    expect(await refusal(stranger.get(path))).toBe('404 CAST_UNKNOWN');
    const { acknowledgement } = await castBy(service, convened.meeting, by, cast);
    expect(await refusal(stranger.get(path))).toBe('409 RECEIPT_NOT_YET');
    await service.world.beatNow();
    const receipt = await stranger.get<ReceiptAnswer>(path);
    expect(receipt).toMatchObject({ castHash: hash, acknowledgement, hasQuorum: true, isLast: true });
    const entry = present(fromBase64Url(receipt.entry), 'bytes');
    expect(verifyLogProof(entry, receipt.proof, trust())).toMatchObject({ ok: true });
    expect(entryForm.parse(entry)).toMatchObject({
      ok: true,
      value: { kind: 'cast.accepted', castHash: hash, entitlement: cast.entitlement, seq: 1 },
    });
  });

  it('of another meeting is unknown', async () => {
    const hash = toBase64Url(service.world.random(32));
    const nowhere = newId(service.world.random);
    expect(await refusal(stranger.get(`/v1/meetings/${nowhere}/casts/${hash}/receipt`))).toBe(
      '404 MEETING_UNKNOWN',
    );
  });
});

describe('turnout', () => {
  const turnout = async () =>
    (await stranger.get<z.infer<typeof turnoutAnswer>>(`/v1/meetings/${convened.meeting}/turnout`)).turnout;
  const headsOf = async (): Promise<readonly number[]> => (await turnout()).map(({ heads }) => heads);
  const voteOf = async (at: number) =>
    castBy(
      service,
      convened.meeting,
      voter(at),
      await honestCast(service, await voterOf(service, voter(at).letter, convened.meeting)),
    );

  it('shows nobody while fewer than five have voted', async () => {
    expect(await headsOf()).toEqual([0, 0]);
    for (const at of [1, 2, 3]) expect(await voteOf(at)).toMatchObject({ status: 201 });
    await leap(service, settled, service.clock() + 600_000);
    expect(await headsOf()).toEqual([0, 0]);
  });

  it('shows the first five together, with their area', async () => {
    expect(await voteOf(4)).toMatchObject({ status: 201 });
    const [roof, contract] = await turnout();
    expect([roof?.heads, contract?.heads]).toEqual([5, 5]);
    const area = voters.slice(0, 5).reduce((sum, each) => {
      const leaf = rollLeafForm.parse(present(fromBase64Url(paperOf(each).leaf), 'bytes'));
      return leaf.ok ? sum + weightOf(leaf.value, { kind: 'community', members: [] }, false).areaDm2 : sum;
    }, 0n);
    expect(contract?.areaDm2).toBe(String(area));
    expect(contract?.totalHeads).toBeGreaterThan(10);
  });

  it('does not move for a sixth vote, at once or later, since the step would show it', async () => {
    expect(await voteOf(5)).toMatchObject({ status: 201 });
    expect(await headsOf()).toEqual([5, 5]);
    await leap(service, settled, service.clock() + 600_000);
    expect(await headsOf()).toEqual([5, 5]);
  });

  it('shows everybody after the close', async () => {
    await leap(service, settled, Date.parse(voter(0).definition.window.closes));
    expect(await headsOf()).toEqual([6, 6]);
  });

  it('of an unknown meeting is refused', async () => {
    const nowhere = newId(service.world.random);
    expect(await refusal(stranger.get(`/v1/meetings/${nowhere}/turnout`))).toBe('404 MEETING_UNKNOWN');
  });
});
