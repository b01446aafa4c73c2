// Goal: whatever comes at the moment of a merge is before it in the log and ended by it, or is refused: a key bound, a mandate given or
// taken, a freeze, a second merge, a roll; and no cast is under way while anybody is merged (SPEC 3.8). Method: several workers execute
// signed acts at once beside the owner's requests over HTTP; then rows and the order of the log.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { signBy } from '../../src/cli/demo/officer.ts';
import { bindOwnKey, newDeviceKey } from '../../src/cli/demo/owner-key.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { runDueJobs } from '../../src/jobs/clockwork.ts';
import type { ActAnswer } from '../../src/officers/contract.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import { give, keyOf, mandateOf, signIn } from '../ballot/mandate-world.ts';
import { castBy, honestCast, meetingOf, openBody, plainVoters, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

let service: TestService;
let settled: TestCommunity;
let letters: LetterCode[];
beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 120);
  letters = [...settled.codes];
}, 300_000);
afterAll(async () => service?.close());

const next = (): LetterCode => present(letters.shift(), 'one more owner');
const rowsOf = () => service.fresh.owner;

/** A merge that waits for nothing but its execution. */
async function signedMerge(keeps: LetterCode, merged: LetterCode): Promise<string> {
  const { registrar, street } = settled.officers;
  const { act } = await registrar.client.post<{ act: string }>(
    `/v1/communities/${settled.community}/merges`,
    { keeps: keeps.person, merged: merged.person, reason: '同一人的两份证件' },
  );
  await signBy(service.world, act, [registrar, street]);
  return act;
}

/** What several workers would do, as so many processes. */
const work = async (workers = 3): Promise<void> => {
  const failed: string[] = [];
  const log = (level: string, what: string, facts: object) => {
    if (level === 'error') failed.push(`${what} ${JSON.stringify(facts)}`);
  };
  await Promise.all(Array.from({ length: workers }, () => runDueJobs(service.service.deps, log)));
  expect(failed).toEqual([]);
};

async function outcome(act: string): Promise<string> {
  const { state, refusal: why } = await settled.officers.registrar.client.get<ActAnswer>(`/v1/acts/${act}`);
  return `${state} ${why}`.trim();
}

const mergesOf = (merged: string) =>
  rowsOf()
    .selectFrom('person_merge')
    .select(['keeps_id', 'entry_id'])
    .where('merged_id', '=', merged)
    .where('entry_id', 'is not', null)
    .execute();

/** Nothing of him lives, and all that ever did began before the entry that ended it. */
async function expectEnded(person: string): Promise<void> {
  const [merge] = await mergesOf(person);
  const at = present(merge?.entry_id, 'a merge in force');
  const keys = await rowsOf()
    .selectFrom('credential')
    .select(['entry_id', 'ended_entry_id'])
    .where('person_id', '=', person)
    .execute();
  const mandates = await rowsOf()
    .selectFrom('mandate')
    .select(['entry_id', 'ended_entry_id'])
    .where((eb) => eb.or([eb('principal_id', '=', person), eb('agent_id', '=', person)]))
    .execute();
  for (const row of [...keys, ...mandates])
    expect([row.entry_id !== null && row.entry_id < at, row.ended_entry_id === at]).toEqual([true, true]);
}

const freeze = ({ client, letter }: SignedIn) => {
  const nonce = toBase64Url(service.world.random(16));
  const { community } = settled;
  const bytes = freezeForm.bytes({ v: 1, kind: 'freeze', community, person: letter.person, nonce });
  const signature = keyOf({ letter }).sign(freezeHash(bytes));
  const body = { credential: letter.letter, freeze: toBase64Url(bytes), signature };
  return client.post('/v1/identity/freezes', body);
};

describe('a merge', () => {
  it.each([0, 1, 2, 3])('ends all that its person does in the same moment (round %i)', async () => {
    const [keeps, merged, friend] = [next(), next(), next()];
    const [self, other] = [await signIn(service, merged), await signIn(service, friend)];
    const given = await mandateOf(service, self, friend.person);
    const taken = await mandateOf(service, other, merged.person);
    const owner = { code: merged.code, number: merged.owner.number };
    const act = await signedMerge(keeps, merged);
    const bind = () => refusal(bindOwnKey(service.world, self.client, owner, newDeviceKey(service.world)));
    const told = await Promise.all([
      ...[0, 1, 2, 3].map(bind),
      refusal(give(self, given)),
      refusal(give(other, taken)),
      work(),
    ]);
    expect(await outcome(act)).toBe('done');
    // No request fails otherwise than by a refusal of its own.
    for (const each of told.slice(0, -1)) expect(each).toMatch(/^(accepted|40[0-9] \w+|422 \w+)$/);
    await expectEnded(merged.person);
    expect(await bind()).toMatch(/^401/);
  });

  it.each([0, 1, 2, 3])('and a freeze by the merged person are not both (round %i)', async () => {
    const [keeps, merged] = [next(), next()];
    const self = await signIn(service, merged);
    const act = await signedMerge(keeps, merged);
    const [frozen] = await Promise.all([refusal(freeze(self)), work()]);
    const isFrozen = frozen === 'accepted';
    expect(await outcome(act)).toBe(isFrozen ? 'refused MERGE_FROZEN' : 'done');
    if (!isFrozen) await expectEnded(merged.person);
  });
});

describe('two merges at once', () => {
  it.each([0, 1, 2])('of one person: exactly one is in force (round %i)', async () => {
    const [one, two, merged] = [next(), next(), next()];
    const acts = [await signedMerge(one, merged), await signedMerge(two, merged)];
    await work();
    expect((await Promise.all(acts.map(outcome))).sort()).toEqual(['done', 'refused MERGE_MERGED']);
    expect(await mergesOf(merged.person)).toHaveLength(1);
    await expectEnded(merged.person);
  });

  it.each([0, 1, 2])('each of the other: exactly one is in force (round %i)', async () => {
    const [one, two] = [next(), next()];
    const acts = [await signedMerge(one, two), await signedMerge(two, one)];
    await work();
    expect((await Promise.all(acts.map(outcome))).sort()).toEqual(['done', 'refused MERGE_MERGED']);
    const both = [...(await mergesOf(one.person)), ...(await mergesOf(two.person))];
    expect(both).toHaveLength(1);
  });
});

describe('a merge and a vote', () => {
  it('a roll that is signed in the same moment counts the merge, or forbids it', async () => {
    const { committee, street } = settled.officers;
    const { meeting } = await committee.client.post<{ meeting: string }>(
      `/v1/communities/${settled.community}/meetings`,
      meetingOf(service, settled, { opensInMs: 3_600_000 }),
    );
    const step = async (name: string): Promise<string> => {
      const { act } = await committee.client.post<{ act: string }>(`/v1/meetings/${meeting}/${name}`);
      await signBy(service.world, act, [committee, street]);
      return act;
    };
    await step('notice');
    await work();
    const [keeps, merged] = [next(), next()];
    const merge = await signedMerge(keeps, merged);
    const roll = await step('roll');
    await work();
    const told = [await outcome(merge), await outcome(roll)];
    expect([
      ['done', 'refused ROLL_REGISTER_SUPERSEDED'],
      ['refused MERGE_WHILE_FROZEN', 'done'],
    ]).toContainEqual(told);
  });

  it('casts under way stand, and the merge does not', async () => {
    const { meeting } = await openBody(
      service,
      settled,
      meetingOf(service, settled, { windowMs: 7_200_000 }),
    );
    await service.world.beatNow();
    // Owners of whom no race has told yet.
    const voters = await plainVoters(service, { ...settled, codes: letters }, meeting, 3);
    const casts = await Promise.all(voters.map((voter) => honestCast(service, voter)));
    const [first, ...others] = voters.map(({ letter }) => letter);
    const acts: string[] = [];
    for (const merged of others) acts.push(await signedMerge(present(first, 'a voter'), merged));
    const answers = await Promise.all([
      ...voters.map((voter, at) => castBy(service, meeting, voter, present(casts[at], 'a cast'))),
      work().then(() => undefined),
    ]);
    expect(answers.map((answer) => answer?.status)).toEqual([201, 201, 201, undefined]);
    for (const act of acts) expect(await outcome(act)).toBe('refused MERGE_WHILE_FROZEN');
  });
});
