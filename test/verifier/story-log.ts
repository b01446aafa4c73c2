// A log in memory with real keys: entries are appended, each append is followed by a checkpoint that the log signs and
// three witnesses cosign, at the story's own time; at the end it writes the C2SP layout of a bundle.
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import type { Random } from '../../src/base/clock.ts';
import { parseInstant } from '../../src/base/instant.ts';
import type { Checkpoint } from '../../src/record/checkpoint.ts';
import {
  addSignatures,
  cosign,
  logKey,
  printCheckpoint,
  signCheckpoint,
  witnessKey,
} from '../../src/record/checkpoint.ts';
import type { Entry } from '../../src/record/entry.ts';
import { entryForm } from '../../src/record/entry.ts';
import { inclusionProof, leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { printSignature, printVkey } from '../../src/record/note.ts';
import { printLogProof } from '../../src/record/proof.ts';
import { encodeBundle, growTiles, printTilePath, tilesOfSize } from '../../src/record/tile.ts';

export const ORIGIN = 'vote.example/log';
const WITNESSES = ['witness.example/street', 'witness.example/bureau', 'witness.example/university'] as const;

export type StoryLog = {
  readonly vkey: string;
  readonly witnesses: readonly string[];
  /** Leaf hashes so far. */
  readonly leaves: readonly Uint8Array[];
  readonly entries: readonly Uint8Array[];
  append(entry: Entry): number;
  appendBytes(bytes: Uint8Array): number;
  /** Signs the present state at a time; `cosigners` names how many witnesses cosign it. */
  publish(at: string, cosigners?: number): void;
  /** Size and root of the present state, as an officer's or owner's page saw it. */
  seen(): { readonly size: number; readonly root: string };
  /** A receipt for an entry under the last checkpoint. */
  receipt(index: number): string;
  write(files: Map<string, Uint8Array>): void;
};

export function storyLog(random: Random): StoryLog {
  const seed = random(32);
  const witnessSeeds = WITNESSES.map(() => random(32));
  const entries: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const notes = new Map<number, string>();
  let head = '';

  const state = (): Checkpoint => ({ origin: ORIGIN, size: leaves.length, root: rootOfHashes(leaves) });
  const appendBytes = (bytes: Uint8Array): number => {
    entries.push(bytes);
    return leaves.push(leafHash(bytes)) - 1;
  };

  /** Every tile of the present size, level by level. */
  function tiles(): ReadonlyMap<string, Uint8Array> {
    const grown = growTiles(0, leaves, () => new Uint8Array());
    return new Map(grown.map(({ level, n, hashes }) => [`${level}/${n}`, hashes]));
  }
  const read = (level: number, n: number): Uint8Array => tiles().get(`${level}/${n}`) ?? new Uint8Array();

  return {
    vkey: printVkey(logKey(ORIGIN, seed)),
    witnesses: WITNESSES.map((name, at) => printVkey(witnessKey(name, witnessSeeds[at] ?? seed))),
    leaves,
    entries,
    append: (entry) => appendBytes(entryForm.bytes(entry)),
    appendBytes,
    publish: (at, cosigners = WITNESSES.length) => {
      const checkpoint = state();
      const seconds = (parseInstant(at) ?? 0) / 1000;
      const lines = WITNESSES.slice(0, cosigners).map((name, i) =>
        printSignature(cosign(name, witnessSeeds[i] ?? seed, printCheckpoint(checkpoint), seconds + i)),
      );
      head = addSignatures(signCheckpoint(checkpoint, seed), lines);
      notes.set(checkpoint.size, head);
    },
    seen: () => ({ size: leaves.length, root: toBase64Url(rootOfHashes(leaves)) }),
    receipt: (index) =>
      printLogProof({ index, proof: inclusionProof(index, leaves.length, read), note: head }),
    write: (files) => {
      files.set('log/checkpoint', utf8(head));
      for (const [size, note] of notes) files.set(`log/checkpoints/${size}`, utf8(note));
      const hashes = tiles();
      for (const address of tilesOfSize(leaves.length)) {
        const bytes =
          address.kind === 'entries'
            ? encodeBundle(entries.slice(address.n * 256, address.n * 256 + address.width))
            : (hashes.get(`${address.level}/${address.n}`) ?? new Uint8Array());
        files.set(`log/${printTilePath(address)}`, bytes);
      }
    },
  };
}
