// Goal: a mandate that ends, a principal who votes himself and a cap that fills up meet casts under way with exact counts: no vote under a
// dead mandate, none beside the principal's, none beyond the cap (SPEC 3.6, 6.5). Method: all requests at once over HTTP, then the log.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { Cast } from '../../src/record/cast.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';
import type { SignedIn } from './mandate-world.ts';
import { castOn, give, mandateOf, papersFor, papersOf, post, signIn, takeBack } from './mandate-world.ts';
import type { Convened } from './voting-world.ts';
import { meetingOf, openBody, plainVoters, refusal } from './voting-world.ts';

let service: TestService;
let settled: TestCommunity;
let convened: Convened;
let owners: readonly SignedIn[];
beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 48);
  convened = await openBody(service, settled, meetingOf(service, settled, { windowMs: 7_200_000 }));
  await service.world.beatNow();
  const voters = await plainVoters(service, settled, convened.meeting, 18);
  owners = await Promise.all(voters.map(({ letter }) => signIn(service, letter)));
}, 300_000);
afterAll(async () => service.close());

const owner = (at: number): SignedIn => present(owners[at], `owner ${at}`);

/** As many different casts of an agent for a principal, all of them first of the chain. */
async function castsFor(agent: SignedIn, principal: SignedIn, count: number): Promise<readonly Cast[]> {
  const served = await papersOf(agent, convened.meeting);
  const paper = present(papersFor(served, principal.me.person)[0], 'a paper');
  return Promise.all(Array.from({ length: count }, () => castOn(service, agent, served, paper)));
}

const counted = (told: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const each of told) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
};

/** Rows of the log by kind, in its order, with the hash that each names. */
const entriesNow = () =>
  service.fresh.owner.selectFrom('log_entry').select(['id', 'kind']).orderBy('id').execute();

describe('a mandate that is taken back while fifty casts under it are coming', () => {
  it.each([0, 1, 2])('carries one of them at most, and only before its end (round %i)', async (round) => {
    const [principal, agent] = [owner(round * 2), owner(round * 2 + 1)];
    const mandate = await mandateOf(service, principal, agent.me.person);
    await give(principal, mandate);
    const casts = await castsFor(agent, principal, 50);
    const before = (await entriesNow()).length;
    const sent = casts.map((cast) => post(service, convened.meeting, agent, cast));
    const [told, ended] = await Promise.all([Promise.all(sent), refusal(takeBack(principal, mandate))]);
    expect(ended).toBe('accepted');
    const counts = counted(told);
    const accepted = counts.get('201') ?? 0;
    expect(accepted).toBeLessThanOrEqual(1);
    const [ends, chain] = [counts.get('CAST_MANDATE_ENDED') ?? 0, counts.get('CAST_CHAIN') ?? 0];
    expect([accepted + ends + chain, chain > 0 && accepted === 0]).toEqual([50, false]);
    const kinds = (await entriesNow()).slice(before).map(({ kind }) => kind);
    expect(kinds).toEqual([...(accepted === 1 ? ['cast.accepted'] : []), 'mandate.revoked']);
    const late = present(casts[0], 'a cast');
    const lateCast = { ...late, nonce: nonce() };
    expect(await post(service, convened.meeting, agent, lateCast)).toBe('CAST_MANDATE_ENDED');
  });
});

const nonce = (): string => toBase64Url(service.world.random(16));

describe('a principal and his agent in the same moment', () => {
  it.each([6, 8, 10, 12])('are one vote, whoever was first (owners %i)', async (at) => {
    const [principal, agent] = [owner(at), owner(at + 1)];
    await give(principal, await mandateOf(service, principal, agent.me.person));
    const forHim = await castsFor(agent, principal, 1);
    const served = await papersOf(principal, convened.meeting);
    const own = await castOn(service, principal, served, present(papersFor(served, '')[0], 'his paper'));
    const told = await Promise.all([
      post(service, convened.meeting, principal, own),
      ...forHim.map((cast) => post(service, convened.meeting, agent, cast)),
    ]);
    expect([...told].sort()).toEqual(['201', 'CAST_CHAIN']);
    // Where the agent was faster the principal still has the last word; where he was himself, the agent has none.
    const now = await papersOf(principal, convened.meeting);
    const paper = present(papersFor(now, '')[0], 'his paper');
    const next = await post(
      service,
      convened.meeting,
      principal,
      await castOn(service, principal, now, paper),
    );
    expect([paper.mayTakeOver, next]).toEqual(told[0] === '201' ? [false, 'CAST_REVOTE_KEY'] : [true, '201']);
    expect(papersFor(await papersOf(agent, convened.meeting), principal.me.person)).toEqual([]);
  });
});

describe('the cap of an agent', () => {
  it('admits exactly three of seven mandates that come at once', async () => {
    const agent = owner(17);
    const principals = [0, 2, 4, 6, 14, 15, 16].map(owner);
    const mandates = await Promise.all(
      principals.map((principal) => mandateOf(service, principal, agent.me.person)),
    );
    const told = await Promise.all(
      principals.map((principal, at) => refusal(give(principal, present(mandates[at], 'a mandate')))),
    );
    expect(counted(told)).toEqual(
      new Map([
        ['accepted', 3],
        ['409 MANDATE_CAP', 4],
      ]),
    );
  });

  it('answers a cast that stands again as before, also after the mandate’s end', async () => {
    const [principal, agent] = [owner(14), owner(13)];
    const mandate = await mandateOf(service, principal, agent.me.person);
    await give(principal, mandate);
    const cast = present((await castsFor(agent, principal, 1))[0], 'a cast');
    expect(await post(service, convened.meeting, agent, cast)).toBe('201');
    await takeBack(principal, mandate);
    expect(await post(service, convened.meeting, agent, cast)).toBe('201');
  });
});
