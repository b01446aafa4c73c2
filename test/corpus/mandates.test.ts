// Goal: no forgery of mandates.json votes for anybody: the running service refuses it with the code that its case names and keeps
// nothing but a count, and `verify` finds it by its check alone. Method: each story on both sides, after its honest part went well.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import { refusalForm } from '../../src/record/acknowledgement.ts';
import { verifyJws } from '../../src/record/jws.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import { signIn } from '../ballot/mandate-world.ts';
import type { Convened, Voter } from '../ballot/voting-world.ts';
import { countRows, meetingOf, openBody, plainVoters } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { failuresOf } from '../verifier/failing-checks.ts';
import { LIVE_MANDATES, VERIFIED_MANDATES } from './mandate-stories.ts';
import type { Live, Verified } from './read-corpus.ts';
import { CASES, isKind, isLive, isVerified } from './read-corpus.ts';

let service: TestService;
let settled: TestCommunity;
let open: Convened;
let voters: readonly Voter[];
let owners: SignedIn[];

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service, 48);
  open = await openBody(service, settled, meetingOf(service, settled, { windowMs: 3 * 86_400_000 }));
  voters = await plainVoters(service, settled, open.meeting, 18);
  owners = await Promise.all(voters.map(({ letter }) => signIn(service, letter)));
}, 180_000);
afterAll(async () => service?.close());

/** Rows of all that mandates and votes leave. */
async function rows() {
  const counted = await sql<{ mandates: string }>`select count(*) as mandates from mandate`.execute(
    service.fresh.owner,
  );
  const { refusals, ...votes } = await countRows(service);
  return { refusals, kept: { ...votes, ...counted.rows[0] } };
}

const cases = CASES.filter(isKind('mandate'));
const live = cases.filter((one): one is Live<(typeof cases)[number]> => isLive(one));
const verified = cases.filter((one): one is Verified<(typeof cases)[number]> => isVerified(one));

describe('the running service', () => {
  it.each(live.map((one) => [`${one.name}: ${one.what}`, one] as const))('refuses %s', async (_, one) => {
    const next = (): SignedIn => present(owners.shift(), 'one more owner');
    const scene = { service, settled, meeting: open.meeting, next };
    const { send, isCast } = await present(LIVE_MANDATES[one.name], one.name)(scene);
    const before = await rows();
    const { status, code, refusal } = await send();
    expect({ status, code }).toEqual(one.live);
    const after = await rows();
    expect(after.kept).toEqual(before.kept);
    expect(after.refusals - before.refusals).toBe(isCast ? 1 : 0);
    if (!isCast) return;
    const { ack } = present(voters[0], 'a voter').definition.keys;
    const key = present(fromBase64Url(ack), 'checked key');
    const proof = verifyJws(refusal, 'owners-vote-refusal+jws', key, refusalForm);
    expect(proof).toMatchObject({ ok: true, value: { code } });
  });
});

describe('verify', () => {
  it.each(verified.map((one) => [`${one.name}: ${one.what}`, one] as const))('finds %s', async (_, one) => {
    expect(await failuresOf(present(VERIFIED_MANDATES[one.name], one.name)())).toEqual([one.verified.check]);
  });
});
