// Goal: the running service refuses every forgery of the corpus with exactly the code that its case names, and keeps nothing of it
// but a count. Method: each case is put into an honest owner's statement or letter and sent over real HTTP; rows are compared.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { ProblemError } from '../../src/cli/demo/http-client.ts';
import { openRegister } from '../../src/cli/letters.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import { refusalForm } from '../../src/record/acknowledgement.ts';
import { ballotHash } from '../../src/record/ballot.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import { verifyJws } from '../../src/record/jws.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  countRows,
  honestCast,
  meetingOf,
  openBody,
  paperOf,
  plainVoters,
  postJson,
  signatureOver,
  voterOf,
} from '../ballot/voting-world.ts';
import { reissuedTo } from '../support/reissue.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { bentSignature, bentText, bentToken, hex, respell, respeltMember } from './bending.ts';
import type { Scene } from './live-stories.ts';
import { LIVE_STORIES } from './live-stories.ts';
import type { Case, CastCase, Live } from './read-corpus.ts';
import { CASES, isCastCase, isKind, isLive } from './read-corpus.ts';

let service: TestService;
let settled: TestCommunity;
let open: Convened;
let scene: Scene;
let item: LetterItem;

const voter = (voters: readonly Voter[], at: number): Voter => present(voters[at], `voter ${at}`);

/** A letter that would be issued but for the key that a case puts into it. */
async function nextLetter(person: string): Promise<LetterItem> {
  const { world } = service;
  const { registrar } = settled.officers;
  const roster = await registrar.client.get<LetterRoster>(`/v1/communities/${settled.community}/roster`);
  const register = await openRegister(settled.generated.csv, roster, world.clock);
  if (!register.ok) throw new Error(register.refusal.code);
  const made = await makeLetters({ roster, register: register.value, random: world.random, only: [person] });
  if (!made.ok) throw new Error(made.refusal.code);
  return present(made.value.items[0], 'one letter');
}

/** The owner freezes his vote by his letter. */
async function freeze({ letter, seed }: Voter): Promise<void> {
  const bytes = freezeForm.bytes({
    v: 1,
    kind: 'freeze',
    community: settled.community,
    person: letter.person,
    nonce: toBase64Url(service.world.random(16)),
  });
  const { status } = await postJson(service, '/v1/identity/freezes', {
    credential: letter.letter,
    freeze: toBase64Url(bytes),
    signature: { alg: 'Ed25519', signature: toBase64Url(sign(seed, freezeHash(bytes))) },
  });
  if (status !== 201) throw new Error(`not frozen: ${status}`);
}

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  open = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 }));
  const voters = await plainVoters(service, settled, open.meeting, 5);
  const [self, victim, absent] = [voter(voters, 0), voter(voters, 1), voter(voters, 2)];
  const victimCast = await honestCast(service, victim);
  const voted = await castBy(service, open.meeting, victim, victimCast);
  if (voted.status !== 201) throw new Error(voted.code);
  const again = await voterOf(service, victim.letter, open.meeting);
  const robbed = voter(voters, 3);
  const before = await castBy(service, open.meeting, robbed, await honestCast(service, robbed));
  if (before.status !== 201) throw new Error(before.code);
  const stolen = await reissuedTo(service, settled, robbed.letter.person);
  const thief = await voterOf(service, stolen, open.meeting);
  const frozen = voter(voters, 4);
  await freeze(frozen);
  scene = {
    frozen,
    frozenCast: await honestCast(service, frozen),
    thief,
    theft: await honestCast(service, thief, 'against'),
    self,
    honest: await honestCast(service, self),
    victim: again,
    victimBytes: castForm.bytes(victimCast),
    victimAgain: await honestCast(service, again),
    absent,
    random: service.world.random,
  };
  item = await nextLetter(absent.letter.person);
});
afterAll(async () => service?.close());

/** Rows of every table that holds what people did; sessions and counters of requests come and go. */
async function rows() {
  const counted = await sql<{ name: string; n: string }>`
    select 'acts' as name, count(*) as n from act union all select 'batches', count(*) from letter_batch
    union all select 'letters', count(*) from letter union all select 'ballots', count(*) from ballot
    union all select 'sealed keys', count(*) from sealed_key`.execute(service.fresh.owner);
  const { refusals, ...votes } = await countRows(service);
  return {
    refusals,
    kept: { ...votes, ...Object.fromEntries(counted.rows.map(({ name, n }) => [name, n])) },
  };
}

type Body = { readonly cast: string; readonly signature: unknown };

const signed = (bytes: Uint8Array, by: Voter = scene.self): Body => ({
  cast: toBase64Url(bytes),
  signature: signatureOver(by.seed, bytes),
});

const withSignature = (bytes: Uint8Array, signature: Uint8Array): Body => ({
  cast: toBase64Url(bytes),
  signature: { alg: 'Ed25519', signature: toBase64Url(signature) },
});

/** A statement whose bytes leave spare bits in base64url; one answer less is as honest. */
const withSpareBits = (honest: Cast): Uint8Array => {
  const bytes = castForm.bytes(honest);
  return bytes.length % 3 === 0 ? castForm.bytes({ ...honest, answers: honest.answers.slice(0, 1) }) : bytes;
};

/** What is posted for a case. */
function bodyOf(one: CastCase): Body {
  const { honest, self } = scene;
  const bytes = castForm.bytes(honest);
  if (one.kind === 'signature') return withSignature(bytes, hex(one.signature));
  if (one.kind === 'bent signature')
    return withSignature(bytes, bentSignature(one.bend, self.seed, castHash(bytes)));
  if (one.kind === 'text') return signed(bentText(one, bytes));
  if (one.kind === 'token') {
    const { token } = present(paperOf(self).ballots[0], 'a ballot');
    const ballot = ballotHash(bentToken(one, token, service.service.deps.keys.ballot.seed));
    const answers = honest.answers.map((answer, at) => (at === 0 ? { ...answer, ballot } : answer));
    return signed(castForm.bytes({ ...honest, answers }));
  }
  if (one.place === 'cast') {
    const body = signed(withSpareBits(honest));
    return { ...body, cast: respell(body.cast, one.how) };
  }
  if (one.place === 'signature') {
    const { signature } = signatureOver(self.seed, bytes) as { readonly signature: string };
    return { ...signed(bytes), signature: { alg: 'Ed25519', signature: respell(signature, one.how) } };
  }
  return signed(respeltMember(one, bytes));
}

/** Posts a body: exactly this refusal, signed where the vote's own rules refuse, and nothing kept. */
async function expectRefused(body: Body, { code, status }: Live['live']): Promise<void> {
  const before = await rows();
  const answer = await postJson(service, `/v1/meetings/${open.meeting}/casts`, body);
  const problem = JSON.parse(answer.text) as { readonly code: string; readonly refusal?: string };
  expect({ code: problem.code, status: answer.status }).toEqual({ code, status });
  const after = await rows();
  expect(after.kept).toEqual(before.kept);
  // A body that is no request is refused before there is anything to count or to sign.
  const isCounted = code !== 'REQUEST_MALFORMED';
  expect(after.refusals - before.refusals).toBe(isCounted ? 1 : 0);
  if (!isCounted) return;
  const { ack } = scene.self.definition.keys;
  const key = present(fromBase64Url(ack), 'checked key');
  const proof = verifyJws(problem.refusal ?? '', 'owners-vote-refusal+jws', key, refusalForm);
  const bytes = fromBase64Url(body.cast) ?? new Uint8Array();
  expect(proof).toMatchObject({ ok: true, value: { code, castHash: toBase64Url(castHash(bytes)) } });
}

const named = <C extends Case>(cases: readonly C[]) =>
  cases.map((one) => [`${one.name}: ${one.what}`, one] as const);
const live = CASES.filter((one): one is Live => isLive(one));

describe('a statement', () => {
  it.each(named(live.filter(isCastCase)))('%s', async (_, one) => {
    await expectRefused(bodyOf(one), one.live);
  });

  it.each(named(live.filter(isKind('story'))))('%s', async (_, one) => {
    const { bytes, signature } = present(LIVE_STORIES[one.name], one.name)(scene);
    await expectRefused({ cast: toBase64Url(bytes), signature }, one.live);
  });
});

describe('a letter', () => {
  it.each(named(live.filter(isKind('key'))))('%s', async (_, one) => {
    const before = await rows();
    const body = {
      batch: newId(service.world.random),
      madeIn: 'command',
      until: '',
      items: [{ ...item, publicKey: toBase64Url(hex(one.key)) }],
    };
    const path = `/v1/communities/${settled.community}/letters`;
    const refused = await settled.officers.registrar.client.post(path, body).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refused instanceof ProblemError)) throw refused ?? new Error('accepted');
    expect({ code: refused.code, status: refused.status }).toEqual(one.live);
    expect(await rows()).toEqual(before);
  });
});

// Last: it shows that the cases were refused for their faults, and not for those of what they were put into.
describe('what the cases were bent from', () => {
  it('is accepted', async () => {
    const answer = await castBy(service, open.meeting, scene.self, scene.honest);
    expect(answer).toMatchObject({ status: 201, repeated: false });
    const { registrar } = settled.officers;
    const body = { batch: newId(service.world.random), madeIn: 'command', until: '', items: [item] };
    const path = `/v1/communities/${settled.community}/letters`;
    expect(await registrar.client.post<{ count: number }>(path, body)).toMatchObject({ count: 1 });
  });
});
