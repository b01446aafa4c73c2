// Goal: every cast that must not count is refused under its own stable code, with the server's signature under the refusal, and
// leaves nothing but a count. Method: an owner's honest cast is bent in one place and sent over real HTTP; rows are compared.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptCast } from '../../src/ballot/casting.ts';
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import { acknowledgementForm, refusalForm } from '../../src/record/acknowledgement.ts';
import { ballotHash } from '../../src/record/ballot.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { ephemeralKeyOf } from '../../src/record/choice.ts';
import { verifyJws } from '../../src/record/jws.ts';
import { loginHash } from '../../src/record/login.ts';
import type { Answer, Convened, Rows, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  conveneBody,
  countRows,
  honestCast,
  leap,
  meetingOf,
  openBody,
  paperOf,
  plainVoters,
  postCast,
  postJson,
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
/** Open, under the profile's defaults; open with `letterRevote`; signed but not yet open. */
let plain: Convened;
let generous: Convened;
let waiting: Convened;
let voters: readonly Voter[];

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  const body = meetingOf(service, settled, { windowMs: 2 * HOUR_MS });
  plain = await openBody(service, settled, body);
  generous = await openBody(service, settled, {
    ...meetingOf(service, settled, { windowMs: 2 * HOUR_MS }),
    parameters: { letterRevote: true },
  });
  waiting = await conveneBody(service, settled, meetingOf(service, settled, { opensInMs: HOUR_MS }));
  voters = await plainVoters(service, settled, plain.meeting, 7);
});
afterAll(async () => service.close());

const voter = (at: number): Voter => present(voters[at], `voter ${at}`);

/** A refused cast: its code, one more in the count, nothing else, and a signature that names code and cast. */
async function expectRefused(
  send: () => Promise<Answer>,
  bytes: Uint8Array,
  code: string,
  status: number,
): Promise<Answer> {
  const before = await countRows(service);
  const answer = await send();
  expect({ code: answer.code, status: answer.status }).toEqual({ code, status });
  const counted: Rows = { ...before, refusals: before.refusals + 1 };
  expect(await countRows(service)).toEqual(counted);
  const ack = present(fromBase64Url(voter(0).definition.keys.ack), 'key');
  const signed = verifyJws(answer.refusal, 'owners-vote-refusal+jws', ack, refusalForm);
  expect(signed).toMatchObject({
    ok: true,
    value: { code, castHash: toBase64Url(castHash(bytes)), iss: voter(0).definition.origin },
  });
  return answer;
}

async function bent(
  code: string,
  status: number,
  bend: (cast: Cast) => Cast,
  by: Voter = voter(0),
  meeting: string = plain.meeting,
): Promise<Answer> {
  const cast = bend(await honestCast(service, by));
  const send = () => castBy(service, meeting, by, cast);
  return expectRefused(send, castForm.bytes(cast), code, status);
}

describe('a cast record that is not what it should be', () => {
  it('bytes that are not canonical are refused', async () => {
    const by = voter(0);
    const honest = castForm.bytes(await honestCast(service, by));
    const bytes = utf8(new TextDecoder().decode(honest).replace('{"answers"', '{ "answers"'));
    const send = () => postCast(service, plain.meeting, bytes, signatureOver(by.seed, bytes));
    await expectRefused(send, bytes, 'CAST_MALFORMED', 400);
  });

  it('an unknown member of the record is refused', async () => {
    const by = voter(0);
    const honest = new TextDecoder().decode(castForm.bytes(await honestCast(service, by)));
    const bytes = utf8(honest.replace('"v":1', '"v":1,"weight":2'));
    const send = () => postCast(service, plain.meeting, bytes, signatureOver(by.seed, bytes));
    await expectRefused(send, bytes, 'CAST_MALFORMED', 400);
  });

  it('an unknown member of the request is refused before anything is read of it', async () => {
    const by = voter(0);
    const bytes = castForm.bytes(await honestCast(service, by));
    const before = await countRows(service);
    const answer = await postCast(service, plain.meeting, bytes, signatureOver(by.seed, bytes), { extra: 1 });
    expect(answer).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' });
    expect(await countRows(service)).toEqual(before);
  });

  it('a body beyond the limit is refused', async () => {
    const before = await countRows(service);
    const { status, text } = await postJson(service, `/v1/meetings/${plain.meeting}/casts`, {
      cast: 'A'.repeat(300_000),
    });
    expect({ status, code: (JSON.parse(text) as { code: string }).code }).toEqual({
      status: 413,
      code: 'REQUEST_TOO_LARGE',
    });
    expect(await countRows(service)).toEqual(before);
  });

  it('the hash of another meeting is refused', async () => {
    const other = (await voterOf(service, voter(0).letter, generous.meeting)).served.meetingHash;
    await bent('CAST_MEETING', 422, (cast) => ({ ...cast, meeting: other }));
  });

  it('an honest cast sent to another meeting is refused there', async () => {
    await bent('CAST_MEETING', 422, (cast) => cast, voter(0), generous.meeting);
  });

  it('an unknown meeting is a refusal that nobody signs', async () => {
    const by = voter(0);
    const bytes = castForm.bytes(await honestCast(service, by));
    const nowhere = newId(service.world.random);
    const answer = await postCast(service, nowhere, bytes, signatureOver(by.seed, bytes));
    expect(answer).toMatchObject({ status: 404, code: 'MEETING_UNKNOWN', refusal: '' });
  });

  it('a cast under a mandate that nobody gave is refused', async () => {
    await bent('CAST_MANDATE', 403, (cast) => ({ ...cast, mandate: newId(service.world.random) }));
  });

  it('a cast with assistance is refused, since nothing proves it yet', async () => {
    await bent('CAST_ASSISTED', 422, (cast) => ({ ...cast, assisted: newId(service.world.random) }));
  });

  it('a checkpoint that was never signed is refused', async () => {
    const root = toBase64Url(service.world.random(32));
    await bent('CAST_CHECKPOINT', 422, (cast) => ({ ...cast, root }));
    await bent('CAST_CHECKPOINT', 422, (cast) => ({ ...cast, size: cast.size + 1_000_000 }));
  });
});

describe('a cast that is not the owner’s', () => {
  it('a forged signature is refused', async () => {
    const bytes = castForm.bytes(await honestCast(service, voter(0)));
    const forged = signatureOver(voter(1).seed, bytes);
    await expectRefused(() => postCast(service, plain.meeting, bytes, forged), bytes, 'CAST_SIGNATURE', 403);
  });

  it('a signature over other bytes is refused', async () => {
    const [first, second] = [await honestCast(service, voter(0)), await honestCast(service, voter(0))];
    const bytes = castForm.bytes(first);
    const other = signatureOver(voter(0).seed, castForm.bytes(second));
    await expectRefused(() => postCast(service, plain.meeting, bytes, other), bytes, 'CAST_SIGNATURE', 403);
  });

  it('the signature of a login challenge is no signature of a cast', async () => {
    const by = voter(0);
    const bytes = castForm.bytes(await honestCast(service, by));
    const hash = castHash(bytes);
    // The worst that a hostile server can do: its nonce is the cast's very hash.
    const challenge = loginHash(service.world.origin, hash, service.world.random(32));
    const signature = { alg: 'Ed25519', signature: toBase64Url(sign(by.seed, challenge)) };
    await expectRefused(
      () => postCast(service, plain.meeting, bytes, signature),
      bytes,
      'CAST_SIGNATURE',
      403,
    );
  });

  it('a signature of another kind than the credential is refused', async () => {
    const bytes = castForm.bytes(await honestCast(service, voter(0)));
    const some = toBase64Url(service.world.random(32));
    const assertion = {
      alg: 'webauthn',
      credentialId: some,
      clientDataJSON: some,
      authenticatorData: some,
      signature: some,
    };
    await expectRefused(
      () => postCast(service, plain.meeting, bytes, assertion),
      bytes,
      'CAST_SIGNATURE',
      403,
    );
  });

  it('a signature in a second spelling is refused', async () => {
    const by = voter(0);
    const bytes = castForm.bytes(await honestCast(service, by));
    const short = { alg: 'Ed25519', signature: toBase64Url(sign(by.seed, castHash(bytes))).slice(0, 40) };
    await expectRefused(() => postCast(service, plain.meeting, bytes, short), bytes, 'CAST_SIGNATURE', 403);
  });

  it('an unknown credential is refused', async () => {
    await bent('CAST_CREDENTIAL', 403, (cast) => ({ ...cast, credential: newId(service.world.random) }));
  });

  it('another owner’s credential is refused by the signature', async () => {
    const { credential } = voter(1).served;
    await bent('CAST_SIGNATURE', 403, (cast) => ({ ...cast, credential }));
  });

  it('another owner’s entitlement is refused', async () => {
    const { entitlement } = paperOf(voter(1));
    await bent('CAST_NOT_HOLDER', 403, (cast) => ({ ...cast, entitlement }));
  });

  it('an entitlement that is not on the roll is refused', async () => {
    await bent('CAST_ENTITLEMENT', 403, (cast) => ({ ...cast, entitlement: newId(service.world.random) }));
  });

  it('a registrar alone cannot take a letter away while the meeting runs', async () => {
    const by = voter(5);
    const { registrar } = settled.officers;
    const path = `/v1/communities/${settled.community}/letters/${by.letter.letter}/revocation`;
    const revoke = () => registrar.client.post<{ act: string }>(path);
    await expect(actTogether(service.world, revoke, [registrar])).rejects.toThrow('LETTERS_WHILE_OPEN');
  });

  it('a credential that nobody has is refused', async () => {
    await bent('CAST_CREDENTIAL', 403, (cast) => ({ ...cast, credential: newId(service.world.random) }));
  });

  it('an ephemeral key of another statement is refused', async () => {
    const by = voter(5);
    const first = await honestCast(service, by);
    expect((await castBy(service, plain.meeting, by, first)).status).toBe(201);
    const key = ephemeralKeyOf(present(first.answers[0], 'answers').sealed);
    const borrowed = (cast: Cast): Cast => ({
      ...cast,
      answers: cast.answers.map(({ ballot, sealed }, at) => {
        const rest = present(fromBase64Url(sealed), 'bytes').subarray(32);
        return { ballot, sealed: at === 0 ? toBase64Url(concat(key, rest)) : sealed };
      }),
    });
    await bent('CAST_SEALED', 422, borrowed, voter(6));
  });
});

describe('answers that do not fit', () => {
  it('answers out of the definition’s order are refused', async () => {
    await bent('CAST_ANSWERS', 422, (cast) => ({ ...cast, answers: [...cast.answers].reverse() }));
  });

  it('an answer given twice is refused', async () => {
    const twice = (cast: Cast): Cast => {
      const first = present(cast.answers[0], 'answers');
      return { ...cast, answers: [first, first] };
    };
    await bent('CAST_ANSWERS', 422, twice);
  });

  it('a second ballot for the same proposal is refused', async () => {
    const first = present(paperOf(voter(1)).ballots[0], 'ballot');
    const strange = (cast: Cast): Cast => {
      const [one] = cast.answers;
      const sealed = present(one, 'answers').sealed;
      return { ...cast, answers: [present(one, 'answers'), { ballot: ballotHash(first.token), sealed }] };
    };
    await bent('CAST_ANSWERS', 422, strange);
  });

  it('another owner’s ballot is refused', async () => {
    const foreign = present(paperOf(voter(1)).ballots[0], 'ballot');
    const stolen = (cast: Cast): Cast => {
      const [, second] = cast.answers;
      const { sealed } = present(cast.answers[0], 'answers');
      return {
        ...cast,
        answers: [{ ballot: ballotHash(foreign.token), sealed }, present(second, 'answers')],
      };
    };
    const answer = await bent('CAST_BALLOT', 422, stolen);
    expect(answer.where).toBe('answers[0]');
  });

  it('a ballot that was issued in another meeting is refused', async () => {
    const elsewhere = await voterOf(service, voter(0).letter, generous.meeting);
    const foreign = present(paperOf(elsewhere).ballots[0], 'ballot');
    await bent('CAST_BALLOT', 422, (cast) => ({
      ...cast,
      answers: [{ ...present(cast.answers[0], 'answers'), ballot: ballotHash(foreign.token) }],
    }));
  });

  it('a ballot that was never issued is refused', async () => {
    const ballot = toBase64Url(service.world.random(32));
    const invented = (cast: Cast): Cast => ({
      ...cast,
      answers: cast.answers.map((answer, at) => (at === 1 ? { ...answer, ballot } : answer)),
    });
    expect((await bent('CAST_BALLOT', 422, invented)).where).toBe('answers[1]');
  });

  const changeSealed = (change: (sealed: Uint8Array) => Uint8Array) => (cast: Cast) => ({
    ...cast,
    answers: cast.answers.map((answer) => ({
      ...answer,
      sealed: toBase64Url(change(present(fromBase64Url(answer.sealed), 'bytes'))),
    })),
  });

  it.each([
    ['one byte short', (sealed: Uint8Array) => sealed.slice(0, -1)],
    ['one byte long', (sealed: Uint8Array) => concat(sealed, Uint8Array.of(0))],
    ['empty', () => new Uint8Array()],
    ['of an ephemeral key of zeros', (sealed: Uint8Array) => concat(new Uint8Array(32), sealed.slice(32))],
    [
      'of an ephemeral key of order 1',
      (sealed: Uint8Array) => concat(Uint8Array.of(1), new Uint8Array(31), sealed.slice(32)),
    ],
    [
      'of an ephemeral key above the field',
      (sealed: Uint8Array) => concat(new Uint8Array(32).fill(255), sealed.slice(32)),
    ],
  ])('a sealed choice %s is refused', async (_, change) => {
    await bent('CAST_SEALED', 422, changeSealed(change));
  });
});

describe('the chain of an entitlement', () => {
  it('does not begin with a second number or a false predecessor', async () => {
    await bent('CAST_CHAIN', 409, (cast) => ({ ...cast, seq: 2 }));
    await bent('CAST_CHAIN', 409, (cast) => ({ ...cast, prev: toBase64Url(service.world.random(32)) }));
  });

  it('is not changed by a letter where the notice does not say so', async () => {
    const by = voter(2);
    expect(await castBy(service, plain.meeting, by, await honestCast(service, by))).toMatchObject({
      status: 201,
    });
    const again = await voterOf(service, by.letter, plain.meeting);
    expect(paperOf(again).seq).toBe(1);
    await bent('CAST_REVOTE_KEY', 409, (cast) => cast, again);
    // A chain that is ignored is refused before the question of who may change it.
    await bent('CAST_CHAIN', 409, (cast) => cast, by);
  });

  it('is changed once by a letter where the notice says so, and then no more', async () => {
    const first = await voterOf(service, voter(3).letter, generous.meeting);
    const { meeting } = generous;
    const firstCast = await honestCast(service, first);
    expect(await castBy(service, meeting, first, firstCast)).toMatchObject({ status: 201 });
    const second = await voterOf(service, first.letter, meeting);
    const spent = firstCast.answers;
    await bent('CAST_BALLOT_SPENT', 409, (cast) => ({ ...cast, answers: spent }), second, meeting);
    expect(await castBy(service, meeting, second, await honestCast(service, second))).toMatchObject({
      status: 201,
    });
    const third = await voterOf(service, first.letter, meeting);
    expect(paperOf(third).seq).toBe(2);
    await bent('CAST_REVOTE_LIMIT', 409, (cast) => cast, third, meeting);
  });
});

describe('a cast that comes again', () => {
  it('gets its first acknowledgement, and nothing is written', async () => {
    const by = voter(4);
    const cast = await honestCast(service, by);
    const first = await castBy(service, plain.meeting, by, cast);
    expect(first).toMatchObject({ status: 201, repeated: false });
    const before = await countRows(service);
    const again = await castBy(service, plain.meeting, by, cast);
    expect(again).toEqual({ ...first, repeated: true });
    expect(await countRows(service)).toEqual(before);
  });

  it('with a forged signature gets no acknowledgement', async () => {
    const by = voter(4);
    const entitlement = paperOf(by).entitlement;
    const row = await service.fresh.owner
      .selectFrom('cast_statement')
      .select('cast_bytes')
      .where('entitlement_id', '=', entitlement)
      .executeTakeFirstOrThrow();
    const bytes = row.cast_bytes;
    const forged = signatureOver(voter(0).seed, bytes);
    await expectRefused(() => postCast(service, plain.meeting, bytes, forged), bytes, 'CAST_SIGNATURE', 403);
  });
});

describe('the window', () => {
  it('a cast before the opening is refused', async () => {
    const early = await voterOf(service, voter(0).letter, waiting.meeting);
    expect(early.served.state).toBe('armed');
    await bent('VOTING_NOT_OPEN', 409, (cast) => cast, early, waiting.meeting);
  });

  const received = async (by: Voter, offsetMs: number) => {
    const bytes = castForm.bytes(await honestCast(service, by));
    const signature = signatureOver(by.seed, bytes);
    const closesAt = Date.parse(by.definition.window.closes);
    const incoming = { meeting: plain.meeting, bytes, signature, receivedAt: closesAt + offsetMs };
    return { accepted: await acceptCast(service.service.deps, incoming), bytes };
  };

  it.each([0, 1])('a cast that was received %i ms after the close is refused', async (lateMs) => {
    const before = await countRows(service);
    const { accepted } = await received(voter(0), lateMs);
    expect(accepted).toMatchObject({ ok: false, refusal: { code: 'VOTING_CLOSED' } });
    expect(await countRows(service)).toEqual({ ...before, refusals: before.refusals + 1 });
  });

  it('a cast that was received one millisecond before the opening is refused', async () => {
    const by = voter(0);
    const opensAt = Date.parse(by.definition.window.opens);
    const { accepted } = await received(by, opensAt - 1 - Date.parse(by.definition.window.closes));
    expect(accepted).toMatchObject({ ok: false, refusal: { code: 'VOTING_NOT_OPEN' } });
  });

  it('a cast that was received one millisecond before the close counts', async () => {
    const before = await countRows(service);
    const { accepted, bytes } = await received(voter(0), -1);
    if (!accepted.ok) throw new Error(accepted.refusal.code);
    const ack = present(fromBase64Url(voter(0).definition.keys.ack), 'key');
    const { acknowledgement } = accepted.value;
    const token = verifyJws(acknowledgement, 'owners-vote-ack+jws', ack, acknowledgementForm);
    expect(token).toMatchObject({ ok: true, value: { castHash: toBase64Url(castHash(bytes)), seq: 1 } });
    expect(await countRows(service)).toEqual({
      ...before,
      casts: before.casts + 1,
      answers: before.answers + 2,
      entries: before.entries + 1,
    });
  });

  it('a cast after the close is refused over HTTP, and a repeated one keeps its acknowledgement', async () => {
    const [late, counted] = [voter(1), voter(4)];
    const cast = await honestCast(service, late);
    const { cast_bytes: bytes, acknowledgement } = await service.fresh.owner
      .selectFrom('cast_statement')
      .select(['cast_bytes', 'acknowledgement'])
      .where('entitlement_id', '=', paperOf(counted).entitlement)
      .executeTakeFirstOrThrow();
    await leap(service, settled, Date.parse(late.definition.window.closes));
    const send = () => castBy(service, plain.meeting, late, cast);
    await expectRefused(send, castForm.bytes(cast), 'VOTING_CLOSED', 409);
    const again = await postCast(service, plain.meeting, bytes, signatureOver(counted.seed, bytes));
    expect(again).toMatchObject({ status: 201, repeated: true, acknowledgement });
  });
});
