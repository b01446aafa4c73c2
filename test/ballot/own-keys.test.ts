// Goal: an owner votes with a key of his own as with his letter, and no signature of one purpose or key passes for another. Method: the
// whole way over HTTP, with a software authenticator and device keys.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PapersAnswer } from '../../src/ballot/contract.ts';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { letterKey, signInOwner } from '../../src/cli/demo/owner.ts';
import type { OwnKey } from '../../src/cli/demo/owner-key.ts';
import { bindOwnKey, newDeviceKey, newPasskey, signInByKey } from '../../src/cli/demo/owner-key.ts';
import { revocationForm, revocationHash } from '../../src/record/binding.ts';
import type { Cast } from '../../src/record/cast.ts';
import { castForm, castHash } from '../../src/record/cast.ts';
import { loginHash } from '../../src/record/login.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { Answer, Convened, Voter } from './voting-world.ts';
import {
  castBy,
  countRows,
  honestCast,
  meetingOf,
  newClient,
  openBody,
  plainVoters,
  postCast,
} from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let voters: readonly Voter[];
beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service);
  convened = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 }));
  await service.world.beatNow();
  voters = await plainVoters(service, settled, convened.meeting, 5);
});
afterAll(async () => service.close());

const ownerOf = ({ letter }: Voter) => ({ code: letter.code, number: letter.owner.number });

/** The voter as he is once he signed in with a key of his own. */
async function withKey(voter: Voter, key: OwnKey): Promise<Voter & { readonly credential: string }> {
  const { world } = service;
  const first = newClient(service);
  await signInOwner(world, first, ownerOf(voter));
  const credential = await bindOwnKey(world, first, ownerOf(voter), key);
  const client = newClient(service);
  await signInByKey(world, client, ownerOf(voter), key);
  const served = await client.get<PapersAnswer>(`/v1/meetings/${convened.meeting}/papers`);
  expect(served.credential).toBe(credential);
  return { ...voter, client, served, credential };
}

const castWith = (key: OwnKey, cast: Cast): Promise<Answer> => {
  const bytes = castForm.bytes(cast);
  return postCast(service, convened.meeting, bytes, key.sign(castHash(bytes)));
};
const said = ({ status, code }: Answer): string => `${status} ${code}`.trim();

describe('a vote with an own key', () => {
  it.each([
    ['passkey', () => newPasskey(service.world), 0],
    ['device key', () => newDeviceKey(service.world), 1],
  ] as const)('by %s is accepted, and only that key changes it', async (_name, make, at) => {
    const key = make();
    const voter = await withKey(present(voters[at], 'a voter'), key);
    expect(said(await castWith(key, await honestCast(service, voter)))).toBe('201');
    const again = await voter.client.get<PapersAnswer>(`/v1/meetings/${convened.meeting}/papers`);
    const paper = present(again.papers[0], 'a paper');
    expect([paper.seq, paper.ballots.length > 0]).toEqual([1, true]);
    const changed = await honestCast(service, { ...voter, served: again }, 'against');
    expect(said(await castWith(key, changed))).toBe('201');
    const byLetter = present(voters[at], 'a voter');
    const served = await byLetter.client.get<PapersAnswer>(`/v1/meetings/${convened.meeting}/papers`);
    const taken = await honestCast(service, { ...byLetter, served });
    expect(said(await castBy(service, convened.meeting, byLetter, taken))).toBe('409 CAST_REVOTE_KEY');
  });
});

describe('what is refused', () => {
  it('a cast of one key signed by another, by the letter, or by a passkey for a login', async () => {
    const [key, other] = [newPasskey(service.world), newDeviceKey(service.world)];
    const voter = await withKey(present(voters[2], 'a voter'), key);
    const cast = await honestCast(service, voter);
    const bytes = castForm.bytes(cast);
    const before = await countRows(service);
    const login = loginHash(service.world.origin, service.world.random(32), service.world.random(32));
    const post = async (signature: unknown) =>
      said(await postCast(service, convened.meeting, bytes, signature));
    expect(await post(other.sign(castHash(bytes)))).toBe('403 CAST_SIGNATURE');
    expect(await post(letterKey(ownerOf(voter)).sign(castHash(bytes)))).toBe('403 CAST_SIGNATURE');
    expect(await post(key.sign(login))).toBe('403 CAST_SIGNATURE');
    expect(await post(newPasskey(service.world).sign(castHash(bytes)))).toBe('403 CAST_SIGNATURE');
    const after = await countRows(service);
    expect([after.casts, after.entries]).toEqual([before.casts, before.entries]);
  });

  it('a cast by a key that was taken back, while what it cast before stands', async () => {
    const key = newDeviceKey(service.world);
    const voter = await withKey(present(voters[3], 'a voter'), key);
    expect(said(await castWith(key, await honestCast(service, voter)))).toBe('201');
    const again = await voter.client.get<PapersAnswer>(`/v1/meetings/${convened.meeting}/papers`);
    const late = await honestCast(service, { ...voter, served: again }, 'against');
    const letter = newClient(service);
    await signInOwner(service.world, letter, ownerOf(voter));
    const bytes = revocationForm.bytes({
      v: 1,
      kind: 'revocation',
      community: settled.community,
      credential: voter.credential,
      reason: '',
      nonce: toBase64Url(service.world.random(16)),
    });
    await letter.post('/v1/identity/credentials/revocations', {
      revocation: toBase64Url(bytes),
      signature: letterKey(ownerOf(voter)).sign(revocationHash(bytes)),
    });
    const { casts } = await countRows(service);
    expect(said(await castWith(key, late))).toBe('403 CAST_CREDENTIAL');
    expect((await countRows(service)).casts).toBe(casts);
  });

  it('a cast by a device key that nobody bound', async () => {
    const key = newDeviceKey(service.world);
    const cast = await honestCast(service, present(voters[4], 'a voter'));
    const invented = { ...cast, credential: newId(service.world.random) };
    expect(said(await castWith(key, invented))).toBe('403 CAST_CREDENTIAL');
    // The letter's own credential does not lend itself to another key either.
    expect(said(await castWith(key, cast))).toBe('403 CAST_SIGNATURE');
  });
});
