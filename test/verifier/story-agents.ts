// An agent of the story who owns nothing: two officers give him a letter after a mandate has named him, and before the votes. The
// story has him only where a Forge asks for him.
import { toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { letterLineForm, reissueLineForm } from '../../src/record/bundle-lines.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { identityHash } from '../../src/record/identity.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm, letterSeed } from '../../src/record/letter.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { reissueForm, reissueHash } from '../../src/record/reissue.ts';
import type { Story } from './story.ts';
import { BY_TWO, plus } from './story.ts';
import { ed25519Key } from './story-keys.ts';
import { OPENS } from './story-meeting.ts';
import type { Owner, Owners } from './story-owners.ts';

/** The name under which wishes and casts speak of him. */
export const AGENT = 'gu';

/** The owners with the agent among them, who has no house. */
export function withAgent({ forge, id, nonce, world }: Story, owners: Owners): Owners {
  if (forge.agent === undefined) return owners;
  const salt = nonce();
  const opening = { docKind: 'resident-id', number: `44200019${AGENT.toUpperCase()}`, name: AGENT };
  const identity = identityHash(salt, opening);
  const [person, letter, seed] = [id(), id(), letterSeed(world.random(16))];
  const vote = { credential: letter, kind: 'letter', ...ed25519Key(seed) } as const;
  const agent: Owner = { person, identity, salt, opening, letter, seed, vote };
  return {
    ...owners,
    owners: new Map([...owners.owners, [AGENT, agent]]),
    ownerOf: (name) => (name === AGENT ? agent : owners.ownerOf(name)),
  };
}

export type AgentLines = {
  readonly letters: readonly Uint8Array[];
  readonly reissues: readonly Uint8Array[];
};

/** Gives the agent his letter; nothing where the Forge asks for none. */
export function giveAgentLetter(story: Story, { ownerOf }: Owners): AgentLines {
  const { forge, id, nonce, world } = story;
  if (forge.agent === undefined) return { letters: [], reissues: [] };
  const { person, identity, letter, seed } = ownerOf(AGENT);
  const publicKey = toBase64Url(publicKeyOf(seed));
  const honest: LetterItem = {
    v: 1,
    kind: 'letter',
    letter,
    person,
    identity,
    units: [],
    publicKey,
    replaces: '',
  };
  const item = forge.agent.item?.(honest) ?? honest;
  const { community } = world;
  const batch = id();
  const reason = reissueForm.bytes({
    v: 1,
    kind: 'reissue',
    community,
    batch,
    reason: '监护人领函',
    nonce: nonce(),
  });
  const named = {
    v: 1,
    community,
    batch,
    count: 1,
    root: toBase64Url(rootOfHashes([leafHash(letterItemForm.bytes(item))])),
    until: '',
    madeIn: 'command',
  } as const;
  const isAlone = forge.agent.byRegistrar === true;
  const entry: UnsignedEntry = isAlone
    ? { ...named, kind: 'letters.issued' }
    : { ...named, kind: 'letters.reissued', reissueHash: reissueHash(reason) };
  world.append('letters', entry, isAlone ? ['registrar'] : BY_TWO, plus(OPENS, 2 * 3_600_000));
  return {
    letters: [letterLineForm.bytes({ batch, item })],
    reissues: isAlone ? [] : [reissueLineForm.bytes({ reissue: toBase64Url(reason) })],
  };
}
