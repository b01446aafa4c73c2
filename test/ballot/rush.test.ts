// Goal: at the closing hour nothing is lost and nothing counts twice: one entitlement, many casts at once; many owners at once; a
// close in the middle of it. Method: real concurrent requests on a real database; the commitments are computed again from the rows.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptCast } from '../../src/ballot/casting.ts';
import { closeMeeting, commitmentsOf } from '../../src/ballot/closing.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import type { EntryOf } from '../../src/record/entry.ts';
import { entryForm } from '../../src/record/entry.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Answer, Convened, Voter } from './voting-world.ts';
import {
  castBy,
  countRows,
  honestCast,
  meetingOf,
  openBody,
  paperOf,
  postCast,
  signatureOver,
  voterOf,
} from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
/** All owners with a vote, and the meeting that is closed while they cast. */
let voters: readonly Voter[];
let crowd: Convened;
let closing: Convened;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service, 60);
  crowd = await openBody(service, settled, meetingOf(service, settled));
  closing = await openBody(service, settled, meetingOf(service, settled));
  voters = await votersOf(crowd.meeting);
}, 120_000);
afterAll(async () => service.close());

async function votersOf(meeting: string): Promise<readonly Voter[]> {
  const found = await Promise.all(
    settled.codes.map((letter) => voterOf(service, letter, meeting).catch(() => undefined)),
  );
  return found.filter((voter) => voter !== undefined);
}

/** One voter for each entitlement, the first holder. */
function heads(all: readonly Voter[]): readonly Voter[] {
  const seen = new Set<string>();
  return all.filter((voter) => {
    const { entitlement } = paperOf(voter);
    return !seen.has(entitlement) && seen.add(entitlement);
  });
}

const sha = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** RFC 6962 §2.1, as its text defines it. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), only);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha(Uint8Array.of(1), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

/** The numbered entries below a size, as their rows stand, in index order. */
async function logRows(size: number) {
  const rows = await service.fresh.owner
    .selectFrom('log_entry')
    .select(['idx', 'kind', 'data', 'community_id', 'meeting_id'])
    .where('idx', '<', BigInt(size))
    .orderBy('idx')
    .execute();
  return rows;
}

const VOTES = new Set(['cast.accepted', 'paper.accepted', 'cast.voided', 'cast.restored']);

/** `votes` and `controls` of a meeting, computed from the rows alone. */
async function independently(meeting: string, size: number) {
  const rows = await logRows(size);
  const ours = rows.filter((row) => row.community_id === settled.community || row.community_id === null);
  const commit = (chosen: typeof rows) => ({
    size,
    count: chosen.length,
    root: toBase64Url(rootOf(chosen.map(({ data }) => data))),
  });
  return {
    votes: commit(ours.filter((row) => VOTES.has(row.kind) && row.meeting_id === meeting)),
    controls: commit(ours.filter((row) => !VOTES.has(row.kind))),
  };
}

const codes = (answers: readonly Answer[]): Readonly<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const { status, code, repeated } of answers) {
    const name = status === 201 ? (repeated ? 'repeated' : 'accepted') : code;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
};

describe('a close before its time', () => {
  it('changes nothing and comes again, as after a clock that stepped back', async () => {
    const before = await countRows(service);
    await expect(closeMeeting(service.service.deps, crowd.meeting)).rejects.toThrow('not due');
    const row = await service.fresh.owner
      .selectFrom('meeting')
      .select('state')
      .where('meeting_id', '=', crowd.meeting)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe('open');
    expect(await countRows(service)).toEqual(before);
  });
});

describe('one entitlement', () => {
  it('takes exactly one of thirty casts at once', async () => {
    const voter = present(heads(voters)[0], 'a voter');
    const casts = await Promise.all(Array.from({ length: 30 }, () => honestCast(service, voter)));
    const before = await countRows(service);
    const answers = await Promise.all(casts.map((cast) => castBy(service, crowd.meeting, voter, cast)));
    expect(codes(answers)).toEqual({ accepted: 1, CAST_CHAIN: 29 });
    const after = await countRows(service);
    expect(after.casts - before.casts).toBe(1);
    expect(after.entries - before.entries).toBe(1);
    expect(after.refusals - before.refusals).toBe(29);
  });

  it('takes the same cast once, thirty times at once, and acknowledges it thirty times', async () => {
    const voter = present(heads(voters)[1], 'a voter');
    const bytes = castForm.bytes(await honestCast(service, voter));
    const signature = signatureOver(voter.seed, bytes);
    const before = await countRows(service);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => postCast(service, crowd.meeting, bytes, signature)),
    );
    expect(codes(answers)).toEqual({ accepted: 1, repeated: 29 });
    expect(new Set(answers.map(({ acknowledgement }) => acknowledgement)).size).toBe(1);
    expect((await countRows(service)).entries - before.entries).toBe(1);
  });

  it('of two holders takes one cast of both at once', async () => {
    const byEntitlement = new Map<string, Voter[]>();
    const used = new Set(
      heads(voters)
        .slice(0, 2)
        .map((voter) => paperOf(voter).entitlement),
    );
    for (const voter of voters) {
      const { entitlement } = paperOf(voter);
      if (used.has(entitlement)) continue;
      byEntitlement.set(entitlement, [...(byEntitlement.get(entitlement) ?? []), voter]);
    }
    const holders = [...byEntitlement.values()].find((group) => group.length === 2);
    const [ada, bao] = present(holders, 'a household');
    const pair = [present(ada, 'a holder'), present(bao, 'a holder')];
    const casts = await Promise.all(pair.map((voter) => honestCast(service, voter)));
    const answers = await Promise.all(
      pair.map((voter, at) => castBy(service, crowd.meeting, voter, present(casts[at], 'a cast'))),
    );
    expect(codes(answers)).toEqual({ accepted: 1, CAST_CHAIN: 1 });
  });
});

describe('forty owners at once', () => {
  it('are all accepted, and the log holds each cast once', async () => {
    const voted = new Set(
      (
        await service.fresh.owner
          .selectFrom('cast_statement')
          .select('entitlement_id')
          .where('meeting_id', '=', crowd.meeting)
          .execute()
      ).map((row) => row.entitlement_id),
    );
    const rest = heads(voters).filter((voter) => !voted.has(paperOf(voter).entitlement));
    const forty = rest.slice(0, 40);
    expect(forty).toHaveLength(40);
    const casts = await Promise.all(forty.map((voter) => honestCast(service, voter)));
    const answers = await Promise.all(
      forty.map((voter, at) => castBy(service, crowd.meeting, voter, present(casts[at], 'a cast'))),
    );
    expect(codes(answers)).toEqual({ accepted: 40 });
    await service.world.beatNow();
    const rows = await logRows(Number.MAX_SAFE_INTEGER);
    const logged = rows
      .map(({ data }) => entryForm.parse(data))
      .flatMap((entry) => (entry.ok && entry.value.kind === 'cast.accepted' ? [entry.value.castHash] : []));
    for (const cast of casts) {
      const hash = toBase64Url(castHash(castForm.bytes(cast)));
      expect(logged.filter((each) => each === hash)).toHaveLength(1);
    }
    expect(rows.map(({ idx }) => Number(idx))).toEqual(rows.map((_, at) => at));
  });
});

describe('a close in the middle of the rush', () => {
  const closedEntry = async (meeting: string): Promise<EntryOf<'meeting.closed'>> => {
    const row = await service.fresh.owner
      .selectFrom('log_entry')
      .select('data')
      .where('meeting_id', '=', meeting)
      .where('kind', '=', 'meeting.closed')
      .executeTakeFirstOrThrow();
    const entry = entryForm.parse(row.data);
    if (!entry.ok || entry.value.kind !== 'meeting.closed') throw new Error('no such entry');
    return entry.value;
  };

  it('loses no cast that was received in time, and commits to every acknowledged one', async () => {
    const all = heads(await votersOf(closing.meeting)).slice(0, 30);
    const casts = await Promise.all(all.map((voter) => honestCast(service, voter)));
    const closesAt = Date.parse(present(all[0], 'a voter').definition.window.closes);
    const send = (at: number): Promise<Answer> =>
      castBy(service, closing.meeting, present(all[at], 'a voter'), present(casts[at], 'a cast'));
    const early = Array.from({ length: 10 }, (_, at) => send(at));
    const inTime = Array.from({ length: 10 }, (_, at) => {
      const [voter, cast] = [present(all[10 + at], 'a voter'), present(casts[10 + at], 'a cast')];
      const bytes = castForm.bytes(cast);
      return acceptCast(service.service.deps, {
        meeting: closing.meeting,
        bytes,
        signature: signatureOver(voter.seed, bytes),
        receivedAt: closesAt - 1,
      });
    });
    service.clock.moveTo(closesAt);
    const closed = closeMeeting(service.service.deps, closing.meeting);
    const late = Array.from({ length: 10 }, (_, at) => send(20 + at));
    const [received, sent, refused] = await Promise.all([
      Promise.all(inTime),
      Promise.all(early),
      Promise.all(late),
      closed,
    ]);
    expect(received.map((answer) => (answer.ok ? 'accepted' : answer.refusal.code))).toEqual(
      Array.from({ length: 10 }, () => 'accepted'),
    );
    expect(codes(refused)).toEqual({ VOTING_CLOSED: 10 });
    const acknowledged = 10 + sent.filter(({ status }) => status === 201).length;
    await service.world.beatNow();
    const entry = await closedEntry(closing.meeting);
    expect(entry.votes.count).toBe(acknowledged);
    const { votes, controls } = await independently(closing.meeting, entry.votes.size);
    expect({ votes: entry.votes, controls: entry.controls }).toEqual({ votes, controls });
    const after = (await logRows(Number.MAX_SAFE_INTEGER)).slice(entry.votes.size);
    expect(after.filter((row) => VOTES.has(row.kind) && row.meeting_id === closing.meeting)).toEqual([]);
  });

  it('is done once, however often it is asked for', async () => {
    const before = await countRows(service);
    await Promise.all([1, 2, 3].map(() => closeMeeting(service.service.deps, closing.meeting)));
    expect((await countRows(service)).entries).toBe(before.entries);
  });

  it.each([0, 1, 5, 40])('commitments over the first %i entries are those of the rows', async (size) => {
    const { deps } = service.service;
    const found = await commitmentsOf(deps.db, settled.community, crowd.meeting, size);
    expect(found).toEqual(await independently(crowd.meeting, size));
  });
});
