// A letter that two officers reissue while the meeting of the story runs, and whoever votes by it from there on. A lie is a change of
// what is honest here.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { letterLineForm, linesFile, reissueLineForm } from '../../src/record/bundle-lines.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import type { LetterItem } from '../../src/record/letter.ts';
import { letterItemForm } from '../../src/record/letter.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import type { Reissue } from '../../src/record/reissue.ts';
import { reissueForm, reissueHash } from '../../src/record/reissue.ts';
import type { Forge } from './forge.ts';
import { BY_TWO, DAY_MS, plus } from './story.ts';
import { HONEST_CASTS } from './story-casts.ts';
import { OPENS } from './story-meeting.ts';
import { HOUSES } from './story-owners.ts';

export type ReissueLies = {
  /** Whose letter it is: deng has not voted yet, bao has. */
  readonly of?: (typeof HOUSES)[number][0];
  readonly item?: (item: LetterItem) => LetterItem;
  readonly reason?: (reissue: Reissue) => Reissue;
  readonly entry?: (entry: UnsignedEntry<'letters.reissued'>) => UnsignedEntry;
  readonly signers?: readonly string[];
  /** The lines of `reissues.jsonl`. */
  readonly lines?: (lines: readonly Uint8Array[]) => readonly Uint8Array[];
};

/** The place of the cast before which the letter is reissued: bao has voted, and votes again at it. */
const PLACE = 3;

/** The story with a reissue; deng, who had not voted, votes by the new letter. */
export function reissued(lies: ReissueLies = {}): Forge {
  const seed = new Uint8Array(32).fill(0x17);
  const publicKey = toBase64Url(publicKeyOf(seed));
  const { of = 'deng' } = lies;
  const at = HOUSES.findIndex(([name]) => name === of);
  let former: LetterItem | undefined;
  let told: { readonly letter: LetterItem; readonly batch: string; readonly reason: Uint8Array } | undefined;
  let casts = 0;
  const isFormer = (credential: string): boolean => told !== undefined && credential === former?.letter;
  const letter = (): LetterItem => present(told, 'reissued before').letter;
  return {
    letters: (items) => {
      former = items[at];
      return items;
    },
    before: (world, step) => {
      if (step !== 'cast') return;
      casts += 1;
      if (casts !== PLACE + 1) return;
      const old = present(former, 'issued before');
      const { community, random } = world;
      const honest = { ...old, letter: newId(random), publicKey, replaces: old.letter };
      const item = lies.item?.(honest) ?? honest;
      const batch = newId(random);
      const reason: Reissue = {
        v: 1,
        kind: 'reissue',
        community,
        batch,
        reason: '信函丢失',
        nonce: toBase64Url(random(16)),
      };
      const bytes = reissueForm.bytes(lies.reason?.(reason) ?? reason);
      const entry: UnsignedEntry<'letters.reissued'> = {
        v: 1,
        kind: 'letters.reissued',
        community,
        batch,
        count: 1,
        root: toBase64Url(rootOfHashes([leafHash(letterItemForm.bytes(item))])),
        until: '',
        reissueHash: reissueHash(bytes),
        madeIn: 'command',
      };
      told = { letter: item, batch, reason: bytes };
      const instant = plus(OPENS, PLACE * DAY_MS + 3_600_000);
      world.append('letters', lies.entry?.(entry) ?? entry, lies.signers ?? BY_TWO, instant);
    },
    claims: (claims) => (isFormer(claims.credential) ? { ...claims, credential: letter().letter } : claims),
    cast: (cast) => (isFormer(cast.credential) ? { ...cast, credential: letter().letter } : cast),
    castSignature: (signature, place, { hash }) =>
      place >= PLACE && HONEST_CASTS[place]?.owner === of
        ? { alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }
        : signature,
    // An owner who has not voted has voted by the new letter alone.
    credentials: (lines) => [
      ...lines.filter(({ credential }) => of !== 'deng' || !isFormer(credential)),
      ...lines
        .filter(({ credential }) => isFormer(credential))
        .map((line) => ({ ...line, credential: letter().letter, publicKey })),
    ],
    files: (files) => {
      const { letter: item, batch, reason } = present(told, 'reissued before');
      const line = linesFile([letterLineForm.bytes({ batch, item })]);
      files.set('letters.jsonl', Uint8Array.of(...present(files.get('letters.jsonl'), 'a file'), ...line));
      const lines = [reissueLineForm.bytes({ reissue: toBase64Url(reason) })];
      files.set('reissues.jsonl', linesFile(lies.lines?.(lines) ?? lines));
    },
  };
}
