// How the story is told: each step writes one entry that its officers signed over the log as they saw it, and publishes a
// checkpoint; a Forge may change any of it. Here too are the root and the officers, with whom every story begins.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { parseInstant, showInstant } from '../../src/base/instant.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import type { Action } from '../../src/record/action.ts';
import { actionForm, actionHash } from '../../src/record/action.ts';
import type { ActionLine } from '../../src/record/bundle-lines.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { subjectOf, withEvidence } from '../../src/record/entry.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import { seededRandom } from '../support/random.ts';
import type { Forge, Officer, StepName, World } from './forge.ts';
import { ed25519Key, rootOfficerId } from './story-keys.ts';
import { ORIGIN, storyLog } from './story-log.ts';

export const RP_ID = 'vote.example';
export const WEB_ORIGIN = 'https://vote.example';
export const DAY_MS = 86_400_000;
/** The committee convenes, so its pair is the committee and the street office. */
export const BY_TWO = ['committee', 'street'] as const;

export type Story = {
  readonly forge: Forge;
  readonly world: World;
  readonly otherCommunity: string;
  readonly rootKeys: readonly string[];
  id(): string;
  nonce(): string;
  /** Writes the entry of a step, after what a Forge slips in before it; gives its log index. */
  step(name: StepName, entry: UnsignedEntry, signers: readonly string[], at: string): number;
  publish(at: string, step: StepName | 'cast'): void;
};

/** The instant so many milliseconds after another. */
export const plus = (at: string, ms: number): string => showInstant((parseInstant(at) ?? 0) + ms);

/** A story with three root keys and an empty log. */
export function beginStory(forge: Forge): Story {
  const random = seededRandom('bundle');
  const id = (): string => newId(random);
  const nonce = (): string => toBase64Url(random(16));
  const log = storyLog(random);
  const [community, meeting, otherCommunity] = [id(), id(), id()];
  const actions: ActionLine[] = [];
  const officers = new Map<string, Officer>();

  const rootSeeds = [random(32), random(32), random(32)];
  for (const [at, seed] of rootSeeds.entries()) {
    const key = ed25519Key(seed);
    const officer = rootOfficerId(present(fromBase64Url(key.publicKey.publicKey), 'key'));
    officers.set(`root${at}`, { id: officer, role: 'root', identity: officer, key });
  }

  /** The action of an officer over an entry, with the log as he sees it now. */
  function act(step: StepName, name: string, entry: UnsignedEntry, at: string): ActionLine {
    const officer = present(officers.get(name), name);
    const isRoot = officer.role === 'root';
    const ids = entry as { community?: string; meeting?: string };
    const honest: Action = {
      v: 1,
      kind: 'action',
      action: entry.kind,
      subject: subjectOf(entry),
      community: isRoot ? '' : (ids.community ?? ''),
      meeting: isRoot ? '' : (ids.meeting ?? ''),
      officer: officer.id,
      role: officer.role,
      ...log.seen(),
      expires: plus(at, DAY_MS),
      nonce: nonce(),
    };
    const bytes = actionForm.bytes(forge.action?.(honest, step) ?? honest);
    const signature = officer.key.sign(actionHash(bytes));
    return {
      action: toBase64Url(bytes),
      signature: forge.signature?.(signature, step, officer.role) ?? signature,
    };
  }

  function publish(at: string, step: StepName | 'cast'): void {
    log.publish(forge.time?.(at, step) ?? at, forge.cosigners?.(step));
  }

  const world: World = {
    random,
    log,
    community,
    meeting,
    officers,
    actions,
    append: (step, unsigned, signers, at) => {
      const entry = forge.entry?.(unsigned, step) ?? unsigned;
      const lines = (forge.signers?.(signers, step) ?? signers).map((name) => act(step, name, entry, at));
      actions.push(...lines);
      const honest = lines.map(({ signature }) => evidenceHash(signature));
      const index = log.append(withEvidence(entry, forge.evidence?.(honest, step) ?? honest));
      publish(at, step);
      return index;
    },
  };
  const step = (name: StepName, entry: UnsignedEntry, signers: readonly string[], at: string): number => {
    forge.before?.(world, name);
    return world.append(name, entry, signers, at);
  };

  return {
    forge,
    world,
    otherCommunity,
    rootKeys: rootSeeds.map((seed) => toBase64Url(publicKeyOf(seed))),
    id,
    nonce,
    step,
    publish,
  };
}

/** The root declares itself and appoints, and the two high officers appoint those of the community. */
export function appointOfficers(story: Story): void {
  const { forge, world, rootKeys, id, step } = story;
  const { random, community, officers } = world;
  step(
    'root',
    {
      v: 1,
      kind: 'root.declared',
      origin: ORIGIN,
      rpId: RP_ID,
      origins: [WEB_ORIGIN],
      roots: rootKeys,
      threshold: 2,
      demo: 'real',
    },
    ['root0', 'root2'],
    '2026-10-01T02:00:00Z',
  );
  // Only a story with papers has those who count them.
  const counting = (forge.casts ?? []).some(({ paper }) => paper !== undefined);
  for (const role of [
    'regulator',
    'street',
    'committee',
    'registrar',
    ...(counting ? (['clerk', 'scrutineer'] as const) : []),
  ] as const) {
    const key = role === 'street' ? softwareAuthenticator(RP_ID, WEB_ORIGIN, random) : ed25519Key(random(32));
    const officer: Officer = { id: id(), role, identity: toBase64Url(random(32)), key };
    officers.set(role, officer);
    const isHigh = role === 'regulator' || role === 'street';
    step(
      role,
      {
        v: 1,
        kind: 'officer.appointed',
        officer: officer.id,
        identity: officer.identity,
        role,
        community: isHigh ? '' : community,
        keys: [{ credential: id(), key: key.publicKey }],
        until: '2027-12-31',
      },
      isHigh ? ['root0', 'root1'] : ['regulator', 'street'],
      '2026-10-02T02:00:00Z',
    );
  }
}
