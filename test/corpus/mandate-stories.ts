// The stories of mandates.json: as an agent would tell them to a running service, and as a dishonest operator would tell them in a
// whole meeting. Each live one first gives what is honest, and gives back the request that is not.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { newId } from '../../src/base/clock.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Cast } from '../../src/record/cast.ts';
import { letterSeed } from '../../src/record/letter.ts';
import type { Mandate } from '../../src/record/mandate.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import {
  castOn,
  give,
  keyOf,
  mandateIn,
  mandateOf,
  papersFor,
  papersOf,
  takeBack,
} from '../ballot/mandate-world.ts';
import { castBy, leap, refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import type { Built, Forge } from '../verifier/bundle-builder.ts';
import { buildBundle } from '../verifier/bundle-builder.ts';
import type { MandateWish } from '../verifier/forge.ts';
import { HONEST_CASTS } from '../verifier/story-casts.ts';

export type MandateScene = {
  readonly service: TestService;
  readonly settled: TestCommunity;
  readonly meeting: string;
  /** An owner with one head, of whom no story has told yet. */
  readonly next: () => SignedIn;
};

/** What the service says; `refusal` is its signed refusal of a cast. */
export type Said = { readonly status: number; readonly code: string; readonly refusal: string };
type Told = { readonly send: () => Promise<Said>; readonly isCast: boolean };

const asCast = ({ service, meeting }: MandateScene, { letter }: SignedIn, cast: Cast): Told => ({
  send: () => castBy(service, meeting, { seed: letterSeed(letter.code) }, cast),
  isCast: true,
});

/** A mandate that stands, and an honest cast under it that was not sent. */
async function given(
  scene: MandateScene,
  principal: SignedIn,
  agent: SignedIn,
  change: Partial<Mandate> = {},
): Promise<{ readonly mandate: Mandate; readonly cast: Cast }> {
  const mandate = await mandateOf(scene.service, principal, agent.me.person, change);
  await give(principal, mandate);
  const served = await papersOf(agent, scene.meeting);
  const paper = papersFor(served, principal.me.person).find(
    (each) => mandateIn(each)?.mandate === mandate.mandate,
  );
  return { mandate, cast: await castOn(scene.service, agent, served, present(paper, 'a paper')) };
}

export const LIVE_MANDATES: Readonly<Record<string, (scene: MandateScene) => Promise<Told>>> = {
  'mandate-forged': async (scene) => {
    const agent = scene.next();
    const { cast } = await given(scene, scene.next(), agent);
    return asCast(scene, agent, { ...cast, mandate: newId(scene.service.world.random) });
  },
  'mandate-unsigned': async (scene) => {
    const [principal, agent] = [scene.next(), scene.next()];
    const mandate = await mandateOf(scene.service, principal, agent.me.person);
    // The worst case: the principal's session is in the agent's hands too, and only the letter is not.
    return { send: () => said(give(principal, mandate, keyOf(agent).sign)), isCast: false };
  },
  'mandate-of-another': async (scene) => {
    const [agent, stranger] = [scene.next(), scene.next()];
    const { cast } = await given(scene, scene.next(), agent);
    return asCast(scene, stranger, { ...cast, credential: stranger.letter.letter });
  },
  'mandate-other-proposals': async (scene) => {
    const [principal, agent] = [scene.next(), scene.next()];
    const all = await given(scene, principal, agent);
    const [paper] = papersFor(await papersOf(agent, scene.meeting), principal.me.person);
    const [first] = present(paper, 'a paper').ballots;
    const proposals = [present(first, 'a ballot').proposal];
    const one = await given(scene, principal, agent, { meeting: scene.meeting, proposals });
    // The ballots of the wider mandate, under the narrower.
    return asCast(scene, agent, { ...all.cast, mandate: one.mandate.mandate });
  },
  'mandate-revoked': async (scene) => {
    const [principal, agent] = [scene.next(), scene.next()];
    const { mandate, cast } = await given(scene, principal, agent);
    await takeBack(principal, mandate);
    return asCast(scene, agent, cast);
  },
  'mandate-over-the-cap': async (scene) => {
    const agent = scene.next();
    for (const at of [1, 2, 3]) {
      const principal = scene.next();
      const { mandate, cast } = await given(scene, principal, agent);
      const { status } = await asCast(scene, agent, cast).send();
      if (status !== 201) throw new Error(`principal ${at}: ${status}`);
      if (at === 3) await takeBack(principal, mandate);
    }
    return asCast(scene, agent, (await given(scene, scene.next(), agent)).cast);
  },
  'mandate-expired': async (scene) => {
    const { service, settled } = scene;
    const agent = scene.next();
    const { cast } = await given(scene, scene.next(), agent, { until: civilDateAt(service.clock()) });
    await leap(service, settled, service.clock() + 86_400_000);
    return asCast(scene, agent, cast);
  },
};

async function said(request: Promise<unknown>): Promise<Said> {
  const [status = '', code = ''] = (await refusal(request)).split(' ');
  return { status: Number(status), code, refusal: '' };
}

const strange = new Uint8Array(32).fill(0x5e);
const strangeId = 'a'.repeat(26);

/** Deng votes for ada under a mandate of hers, and everybody else as ever. */
function lied(wish: Partial<MandateWish>, more: Forge = {}): Built {
  const casts = HONEST_CASTS.map((each) =>
    each.owner === 'ada' ? { ...each, by: 'deng', mandated: true as const } : each,
  );
  return buildBundle({ casts, mandates: [{ of: 'ada', to: 'deng', ...wish }], ...more });
}

const changed = (change: Partial<Mandate>): Built => lied({ record: (record) => ({ ...record, ...change }) });

export const VERIFIED_MANDATES: Readonly<Record<string, () => Built>> = {
  'mandate-forged': () =>
    lied(
      {},
      {
        claims: (claims) => (claims.mandate === '' ? claims : { ...claims, mandate: strangeId }),
        cast: (cast) => (cast.mandate === '' ? cast : { ...cast, mandate: strangeId }),
      },
    ),
  'mandate-unsigned': () =>
    lied({
      signed: ({ by }, hash) => ({
        by,
        evidence: [{ alg: 'Ed25519', signature: toBase64Url(sign(strange, hash)) }],
      }),
    }),
  'mandate-of-another': () =>
    lied({ record: (record) => ({ ...record, to: { ...record.to, person: strangeId } }) }),
  'mandate-other-proposals': () => {
    // The story draws the same ids each time it is told.
    const { meeting } = buildBundle().world;
    return changed({ meeting, proposals: [strangeId] });
  },
  'mandate-revoked': () => lied({ ended: 'before' }),
  'mandate-over-the-cap': () => {
    const principals = ['ada', 'bao', 'chen', 'emei'];
    const casts = HONEST_CASTS.filter((_, at) => at !== 1).map((each) =>
      principals.includes(each.owner) ? { ...each, by: 'deng', mandated: true as const } : each,
    );
    return buildBundle({ casts, mandates: principals.map((of) => ({ of, to: 'deng' })) });
  },
  'mandate-expired': () => changed({ until: '2026-10-31' }),
};
