// The vectors of the transparency log, made with another implementation; bytes in hex unless named otherwise.
import { readFileSync } from 'node:fs';
import { present } from '../../src/base/assert.ts';
import { fromBase64, fromHex, utf8 } from '../../src/base/bytes.ts';
import type { HashReader } from '../../src/record/merkle.ts';
import { leafHash } from '../../src/record/merkle.ts';
import { growTiles } from '../../src/record/tile.ts';

type Proven = { readonly size: number; readonly index: number; readonly proof: readonly string[] };
type Grown = { readonly old: number; readonly new: number; readonly proof: readonly string[] };

export type TlogVectors = {
  readonly hashes: Readonly<
    Record<'emptyTree' | 'leafOfEmptyEntry' | 'leafOf_hello' | 'nodeOfThoseTwo', string>
  >;
  readonly rfc6962: {
    readonly leaves: readonly string[];
    readonly roots: readonly { readonly size: number; readonly root: string }[];
    readonly inclusion: readonly Proven[];
    readonly consistency: readonly Grown[];
  };
  readonly tilePaths: readonly {
    readonly level: number;
    readonly n: number;
    readonly width: number;
    readonly path: string;
  }[];
  readonly large: {
    readonly roots: readonly { readonly size: number; readonly rootBase64: string }[];
    readonly tilesAt70000: readonly {
      readonly path: string;
      readonly bytes: number;
      readonly sha256: string;
    }[];
    readonly inclusion12345of70000: readonly string[];
    readonly consistency5000to70000: readonly string[];
  };
  readonly small: Readonly<
    Record<
      | 'addCheckpointFrom3'
      | 'bundle'
      | 'bundlePath'
      | 'checkpointText'
      | 'cosignatureLine'
      | 'cosignedCheckpoint'
      | 'cosignedMessage'
      | 'keyID'
      | 'logName'
      | 'publicKey'
      | 'rootAt3'
      | 'seed'
      | 'signedCheckpoint'
      | 'tile'
      | 'tilePath'
      | 'tlogProofOfIndex3'
      | 'verifierKeyText'
      | 'witnessName'
      | 'witnessPublicKey'
      | 'witnessSeed'
      | 'witnessVerifierKey',
      string
    >
  > & { readonly entriesText: readonly string[] };
};

export const vectors = JSON.parse(
  readFileSync(new URL('../vectors/tlog-vectors.json', import.meta.url), 'utf8'),
) as TlogVectors;

export const hex = (text: string): Uint8Array => present(fromHex(text), `hex: ${text}`);
export const base64 = (text: string): Uint8Array => present(fromBase64(text), `base64: ${text}`);

/** The entry `entry <i>` of the large vectors. */
export const numberedEntry = (i: number): Uint8Array => utf8(`entry ${i}`);

/** All tiles of a tree over some leaves, as a reader. */
export function treeOf(leaves: readonly Uint8Array[]): HashReader {
  const tiles = new Map<string, Uint8Array>();
  const none = (): never => {
    throw new RangeError('a tree that starts empty has no edge');
  };
  for (const tile of growTiles(0, leaves, none)) tiles.set(`${tile.level}/${tile.n}`, tile.hashes);
  return (level, n) => present(tiles.get(`${level}/${n}`), `tile ${level}/${n}`);
}

/** The leaf hashes of the large vectors. */
export const numberedLeaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(numberedEntry(i)));
