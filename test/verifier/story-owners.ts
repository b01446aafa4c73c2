// The owners of the story: six houses, their units in the register, and the letter that each person gets. The areas of the houses
// are the ground of every number that the tally and the shares are checked against.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { withEvidence } from '../../src/record/entry.ts';
import type { IdentityOpening } from '../../src/record/identity.ts';
import { identityHash } from '../../src/record/identity.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm, letterSeed } from '../../src/record/letter.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import type { RollLeaf } from '../../src/record/roll.ts';
import type { OfficerKey } from './forge.ts';
import type { Story } from './story.ts';
import { BY_TWO } from './story.ts';
import { ed25519Key } from './story-keys.ts';

export type Owner = {
  readonly person: string;
  readonly identity: string;
  readonly salt: string;
  readonly opening: IdentityOpening;
  readonly letter: string;
  readonly seed: Uint8Array;
  /** What he votes with: his letter, unless he bound a key of his own. */
  readonly vote: OfficerKey & {
    readonly credential: string;
    readonly kind: 'letter' | 'passkey' | 'device';
  };
};

export type Owners = {
  /** By name, in the order of the houses. */
  readonly owners: ReadonlyMap<string, Owner>;
  readonly unitsOf: ReadonlyMap<string, RollLeaf['units']>;
  readonly batch: string;
  /** The register in force. */
  readonly register: string;
  readonly letters: readonly LetterItem[];
  ownerOf(name: string): Owner;
};

/** Name, units as [building, room, kind, area]; the developer's stock is the last. */
export const HOUSES = [
  ['ada', [['1栋', '101', 'dwelling', '8888']]],
  [
    'bao',
    [
      ['1栋', '102', 'dwelling', '9010'],
      ['地库', 'P1', 'parking', '1250'],
    ],
  ],
  ['chen', [['1栋', '103', 'shop', '10000']]],
  ['deng', [['2栋', '201', 'dwelling', '12000']]],
  ['emei', [['2栋', '202', 'dwelling', '10102']]],
  [
    'developer',
    [
      ['2栋', '203', 'dwelling', '10000'],
      ['2栋', '204', 'dwelling', '10000'],
    ],
  ],
] as const;

/** The register is imported and the letters are issued. */
export function importOwners(story: Story): Owners {
  const { forge, world, otherCommunity, id, nonce, step } = story;
  const { random, log, community } = world;
  const owners = new Map<string, Owner>();
  const unitsOf = new Map<string, RollLeaf['units']>();
  for (const [name, rooms] of HOUSES) {
    const salt = nonce();
    const opening = { docKind: 'resident-id', number: `44200019${name.toUpperCase()}`, name };
    const identity = identityHash(salt, opening);
    const [person, letter, seed] = [id(), id(), letterSeed(random(16))];
    const vote = { credential: letter, kind: 'letter', ...ed25519Key(seed) } as const;
    owners.set(name, { person, identity, salt, opening, letter, seed, vote });
    const honest = rooms.map(([building, room, kind, areaDm2]) => ({
      unit: id(),
      building,
      stair: '',
      room,
      kind,
      areaDm2,
      areaSource: 'register' as const,
    }));
    unitsOf.set(name, forge.units?.(name, honest) ?? honest);
  }
  const ownerOf = (name: string): Owner => present(owners.get(name), name);
  const register = id();
  step(
    'register',
    {
      v: 1,
      kind: 'register.imported',
      community,
      register,
      fileHash: toBase64Url(random(32)),
      units: 8,
      heads: 6,
      persons: 6,
      areaDm2: '71250',
    },
    BY_TWO,
    '2026-10-10T02:00:00Z',
  );
  const batch = id();
  const honestLetters = HOUSES.map(([name]): LetterItem => {
    const { person, identity, letter, seed } = ownerOf(name);
    const held = forge.coHeld !== undefined && name === 'emei' ? ['bao', name] : [name];
    const units = held.flatMap((each) => (unitsOf.get(each) ?? []).map(({ unit }) => unit));
    return {
      v: 1,
      kind: 'letter',
      letter,
      person,
      identity,
      units,
      publicKey: toBase64Url(publicKeyOf(seed)),
      replaces: '',
    };
  });
  const letters = forge.letters?.(honestLetters) ?? honestLetters;
  step(
    'letters',
    {
      v: 1,
      kind: 'letters.issued',
      community,
      batch,
      count: letters.length,
      root: toBase64Url(rootOfHashes(letters.map((item) => leafHash(letterItemForm.bytes(item))))),
      until: '2028-12-31',
      madeIn: 'command',
    },
    ['registrar'],
    '2026-10-12T02:00:00Z',
  );
  // Another community's life in the same log: it must parse, and needs no explanation here.
  log.append(
    withEvidence(
      {
        v: 1,
        kind: 'register.imported',
        community: otherCommunity,
        register: id(),
        fileHash: toBase64Url(random(32)),
        units: 1,
        heads: 1,
        persons: 1,
        areaDm2: '9000',
      },
      [toBase64Url(random(32)), toBase64Url(random(32))],
    ),
  );
  return { owners, unitsOf, register, batch, letters, ownerOf };
}
