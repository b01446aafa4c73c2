// Goal: no merge of merges.json takes a head or a vote from anybody: the running service refuses it with the code that its case names
// and keeps nothing of it, and `verify` finds it by its check. Method: each story on both sides, after its honest part went well.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import { failuresOf } from '../verifier/failing-checks.ts';
import { LIVE_MERGES, VERIFIED_MERGES } from './merge-stories.ts';
import type { Live, Verified } from './read-corpus.ts';
import { CASES, isKind, isLive, isVerified } from './read-corpus.ts';

let service: TestService;
let settled: TestCommunity;
let letters: LetterCode[];

beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  letters = [...settled.codes];
}, 180_000);
afterAll(async () => service?.close());

/** Rows of all that a merge, its signatures and a sign-in leave. */
const rows = async () =>
  (
    await sql<Record<string, string>>`
      select (select count(*) from person_merge) as merges, (select count(*) from act) as acts,
             (select count(*) from act_signature) as signatures, (select count(*) from log_entry) as entries,
             (select count(*) from owner_session) as sessions`.execute(service.fresh.owner)
  ).rows[0];

const cases = CASES.filter(isKind('merge'));
const live = cases.filter((one): one is Live<(typeof cases)[number]> => isLive(one));
const verified = cases.filter((one): one is Verified<(typeof cases)[number]> => isVerified(one));

describe('the running service', () => {
  it.each(live.map((one) => [`${one.name}: ${one.what}`, one] as const))('refuses %s', async (_, one) => {
    const next = (): LetterCode => present(letters.shift(), 'one more owner');
    const send = await present(LIVE_MERGES[one.name], one.name)({ service, settled, next });
    const before = await rows();
    expect(await refusal(send())).toBe(`${one.live.status} ${one.live.code}`);
    expect(await rows()).toEqual(before);
  });
});

describe('verify', () => {
  it.each(verified.map((one) => [`${one.name}: ${one.what}`, one] as const))('finds %s', async (_, one) => {
    expect(await failuresOf(present(VERIFIED_MERGES[one.name], one.name)())).toContain(one.verified.check);
  });
});
