// Goal: from a freeze on nothing electronic counts for its owner and no key of his is bound, what he cast before stands, and only two
// officers lift it. Method: the whole way over HTTP on the real database, strangers included, and a race of casts against freezes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { letterKey, signInOwner } from '../../src/cli/demo/owner.ts';
import { bindOwnKey, newDeviceKey } from '../../src/cli/demo/owner-key.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import type { Signature } from '../../src/record/signature.ts';
import type { Voter } from '../ballot/voting-world.ts';
import {
  castBy,
  honestCast,
  meetingOf,
  newClient,
  openBody,
  plainVoters,
  postJson,
  refusal,
  voterOf,
} from '../ballot/voting-world.ts';
import { emailsOf, putEmail } from '../support/emails.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const RACERS = 6;
let service: TestService;
let settled: TestCommunity;
let meeting: string;
let voters: readonly Voter[];
beforeAll(async () => {
  service = await startTestService();
  settled = await settle(service);
  ({ meeting } = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 })));
  await service.world.beatNow();
  voters = await plainVoters(service, settled, meeting, 6 + RACERS);
}, 180_000);
afterAll(async () => service?.close());

const voterAt = (at: number): Voter => present(voters[at], 'a voter');
const ownerOf = ({ letter }: Voter) => ({ code: letter.code, number: letter.owner.number });
const byLetter = (voter: Voter) => (hash: Uint8Array) => letterKey(ownerOf(voter)).sign(hash);

type Sent = {
  readonly credential?: string;
  readonly person?: string;
  readonly community?: string;
  readonly sign?: (hash: Uint8Array) => Signature;
};

/** The freeze of a voter by his letter, with one thing changed. */
function freezeOf(voter: Voter, change: Sent = {}) {
  const bytes = freezeForm.bytes({
    v: 1,
    kind: 'freeze',
    community: change.community ?? settled.community,
    person: change.person ?? voter.letter.person,
    nonce: toBase64Url(service.world.random(16)),
  });
  const signature = (change.sign ?? byLetter(voter))(freezeHash(bytes));
  return {
    credential: change.credential ?? voter.letter.letter,
    freeze: toBase64Url(bytes),
    signature,
  };
}

async function post(body: unknown): Promise<string> {
  const { status, text } = await postJson(service, '/v1/identity/freezes', body);
  const { code = '' } = JSON.parse(text) as { readonly code?: string };
  return `${status} ${code}`.trim();
}

const cast = async (voter: Voter, option = 'for'): Promise<string> => {
  const { status, code } = await castBy(service, meeting, voter, await honestCast(service, voter, option));
  return `${status} ${code}`.trim();
};

/** Log entries of freezes and casts by person, as ids. */
async function entries(): Promise<{
  readonly freezes: ReadonlyMap<string, bigint>;
  readonly casts: readonly { readonly person_id: string; readonly entry_id: bigint }[];
}> {
  const { db } = service.service.deps;
  const freezes = await db.selectFrom('voting_freeze').select(['person_id', 'entry_id']).execute();
  const casts = await db
    .selectFrom('cast_statement')
    .innerJoin('credential', 'credential.credential_id', 'cast_statement.credential_id')
    .select(['credential.person_id', 'cast_statement.entry_id'])
    .execute();
  return { freezes: new Map(freezes.map((row) => [row.person_id, row.entry_id])), casts };
}

const lift = async (): Promise<void> => {
  const { registrar, street } = settled.officers;
  const path = `/v1/communities/${settled.community}/freezes`;
  const { freezes } = await registrar.client.get<{ freezes: readonly { freeze: string }[] }>(path);
  const { freeze } = present(freezes[0], 'a freeze that stands');
  await actTogether(
    service.world,
    () => registrar.client.post<{ act: string }>(`${path}/${freeze}/lifting`),
    [registrar, street],
  );
};

describe('a frozen vote', () => {
  it('accepts no cast and no key, until registrar and street office lift it', async () => {
    const voter = voterAt(0);
    const body = freezeOf(voter);
    const { db } = service.service.deps;
    await putEmail(db, settled.community, voter.letter.person);
    await putEmail(db, settled.community, voterAt(1).letter.person);
    expect(await post(body)).toBe('201');
    const others = [voterAt(1).letter.person];
    expect(await emailsOf(db, settled.community)).toEqual({ addresses: others, codes: others });
    expect(await cast(voter)).toBe('403 CAST_FROZEN');
    const bound = bindOwnKey(service.world, voter.client, ownerOf(voter), newDeviceKey(service.world));
    expect(await refusal(bound)).toBe('409 BINDING_FROZEN');
    expect(await post(freezeOf(voter))).toBe('409 FREEZE_STANDS');
    await lift();
    expect(await cast(voter)).toBe('201');
    // Whoever kept the bytes freezes nothing with them.
    expect(await post(body)).toBe('403 FREEZE_REFUSED');
    const kinds = await service.service.deps.db
      .selectFrom('log_entry')
      .select('kind')
      .where('kind', 'like', 'voting.%')
      .orderBy('id')
      .execute();
    expect(kinds.map(({ kind }) => kind)).toEqual(['voting.frozen', 'voting.unfrozen']);
    await service.world.beatNow();
    await service.service.announceNow();
    const told = await service.service.deps.db
      .selectFrom('outbox')
      .select('event')
      .where('event', 'like', 'voting-%')
      .orderBy('entry_idx')
      .execute();
    expect(told.map(({ event }) => event)).toEqual(['voting-frozen', 'voting-unfrozen']);
  });

  it('stands for a device key as for the letter, and lets what was cast before stand', async () => {
    const voter = voterAt(1);
    const key = newDeviceKey(service.world);
    const credential = await bindOwnKey(service.world, voter.client, ownerOf(voter), key);
    expect(await cast(voter)).toBe('201');
    const before = (await entries()).casts.length;
    expect(await post(freezeOf(voter, { credential, sign: key.sign }))).toBe('201');
    const again = await voterOf(service, voter.letter, meeting);
    expect(await cast(again, 'against')).toBe('403 CAST_FROZEN');
    expect((await entries()).casts.length).toBe(before);
    expect((await voter.client.get<{ frozenAt: number }>('/v1/identity/freezes')).frozenAt).toBeGreaterThan(
      0,
    );
    await lift();
    expect((await voter.client.get<{ frozenAt: number }>('/v1/identity/freezes')).frozenAt).toBe(0);
  });

  it('can be asked for by a letter that wrong numbers have locked', async () => {
    const voter = voterAt(2);
    for (let at = 0; at < 5; at += 1)
      await signInOwner(service.world, newClient(service), { ...ownerOf(voter), number: '000000' }).catch(
        () => undefined,
      );
    const signIn = signInOwner(service.world, newClient(service), ownerOf(voter));
    expect(await refusal(signIn)).toBe('423 IDENTITY_LOCKED');
    expect(await post(freezeOf(voter))).toBe('201');
    expect(await cast(voter)).toBe('403 CAST_FROZEN');
    await lift();
  });

  it('is refused to strangers, all alike', async () => {
    const [self, other] = [voterAt(3), voterAt(4)];
    const { random } = service.world;
    const told = [
      await post(freezeOf(other, { credential: self.letter.letter, sign: byLetter(self) })),
      await post(freezeOf(self, { sign: byLetter(other) })),
      await post(freezeOf(self, { credential: newId(random) })),
      await post(freezeOf(self, { community: newId(random) })),
      await post(freezeOf(self, { person: other.letter.person })),
    ];
    expect(new Set(told)).toEqual(new Set(['403 FREEZE_REFUSED']));
    expect(await cast(self)).toBe('201');
  });

  it('is lifted by no officer alone, and seen by no other role', async () => {
    const { committee, street, registrar } = settled.officers;
    const voter = voterAt(5);
    expect(await post(freezeOf(voter))).toBe('201');
    const path = `/v1/communities/${settled.community}/freezes`;
    expect(await refusal(committee.client.get(path))).toBe('403 NOT_ALLOWED');
    const { freezes } = await street.client.get<{ freezes: readonly { freeze: string; name: string }[] }>(
      path,
    );
    const standing = present(freezes[0], 'a freeze');
    expect(freezes.length).toBe(1);
    expect(standing.name).toContain('*');
    await street.client.post(`${path}/${standing.freeze}/lifting`);
    expect(await refusal(registrar.client.post(`${path}/${standing.freeze}/lifting`))).toBe(
      '409 UNFREEZING_DRAFTED',
    );
    expect(await cast(voter)).toBe('403 CAST_FROZEN');
  });
});

it('a freeze and a cast at the same moment: each cast is before its freeze or refused', async () => {
  const racers = voters.slice(6);
  expect(racers.length).toBe(RACERS);
  const before = (await entries()).casts.length;
  const bodies = racers.map((voter) => freezeOf(voter));
  const bytes = await Promise.all(racers.map((voter) => honestCast(service, voter)));
  const outcomes = await Promise.all(
    racers.map(async (voter, at) => {
      const sent = present(bytes[at], 'a cast');
      const [frozen, answer] = await Promise.all([post(bodies[at]), castBy(service, meeting, voter, sent)]);
      return { frozen, cast: `${answer.status} ${answer.code}`.trim() };
    }),
  );
  expect(outcomes.map(({ frozen }) => frozen)).toEqual(racers.map(() => '201'));
  const accepted = outcomes.filter((each) => each.cast === '201').length;
  const refused = outcomes.filter((each) => each.cast === '403 CAST_FROZEN').length;
  expect(accepted + refused).toBe(RACERS);
  const { freezes, casts } = await entries();
  expect(casts.length - before).toBe(accepted);
  for (const { letter } of racers) {
    const frozenAt = present(freezes.get(letter.person), 'frozen');
    for (const each of casts.filter(({ person_id }) => person_id === letter.person))
      expect(each.entry_id < frozenAt).toBe(true);
  }
  for (const voter of racers)
    expect(await cast(await voterOf(service, voter.letter, meeting))).toBe('403 CAST_FROZEN');
});
