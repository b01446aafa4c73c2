// Logs as folders for the outside client: laid out from entries by the product's own tile code, or copied from a served log, and then
// bent by a test. A bent file is written as bytes; a checkpoint may be signed again, by the log's key or by another one.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { present } from '../../src/base/assert.ts';
import { utf8 } from '../../src/base/bytes.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import { cosign, logKey, signCheckpoint } from '../../src/record/checkpoint.ts';
import { leafHash, rootOfHashes } from '../../src/record/merkle.ts';
import { printNote, printSignature, printVkey } from '../../src/record/note.ts';
import { decodeBundle, encodeBundle, growTiles, printTilePath, tilesOfSize } from '../../src/record/tile.ts';
import { LOG_ORIGIN, LOG_SEED } from '../support/log.ts';

export const vkeyOf = (seed: Uint8Array, origin = LOG_ORIGIN): string => printVkey(logKey(origin, seed));

/** Folders that are removed together. */
export function folders() {
  const made: string[] = [];
  return {
    fresh: (): string => {
      const folder = mkdtempSync(join(tmpdir(), 'owners-vote-log-copy-'));
      made.push(folder);
      return folder;
    },
    removeAll: (): void => {
      for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function put(folder: string, path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

export const take = (folder: string, path: string): Uint8Array =>
  new Uint8Array(readFileSync(join(folder, path)));

/** Changes the bytes of one file of a log. */
export const bend = (folder: string, path: string, change: (bytes: Uint8Array) => Uint8Array): void =>
  put(folder, path, change(take(folder, path)));

/** Flips the lowest bit of one byte; a negative place counts from the end. */
export const flip =
  (at: number) =>
  (bytes: Uint8Array): Uint8Array => {
    const place = at < 0 ? bytes.length + at : at;
    return bytes.with(place, present(bytes[place], 'a byte there') ^ 1);
  };

/** Whatever text, signed as a note by this key. */
export function signText(text: string, seed = LOG_SEED, name = LOG_ORIGIN): string {
  const { keyId } = logKey(name, seed);
  return printNote({ text, signatures: [{ name, keyId, signature: sign(seed, utf8(text)) }] });
}

/** The signed text of a note, and the note with one more signature line. */
export const textOf = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1);
export const cosigned = (note: string, name: string, seed: Uint8Array, atSeconds: number): string =>
  note + printSignature(cosign(name, seed, textOf(note), atSeconds));

/** A signed checkpoint of these entries. */
export const checkpointOf = (entries: readonly Uint8Array[], seed = LOG_SEED): string =>
  signCheckpoint(
    { origin: LOG_ORIGIN, size: entries.length, root: rootOfHashes(entries.map(leafHash)) },
    seed,
  );

/** Writes tiles and bundles of these entries, and a checkpoint of them. */
export function layOut(folder: string, entries: readonly Uint8Array[]): void {
  const none = (): never => {
    throw new RangeError('a tree that starts empty has no edge');
  };
  const hashes = new Map<string, Uint8Array>();
  for (const tile of growTiles(0, entries.map(leafHash), none)) {
    hashes.set(`${tile.level}/${tile.n}`, tile.hashes);
  }
  for (const address of tilesOfSize(entries.length)) {
    const from = address.n * 256;
    const bytes =
      address.kind === 'entries'
        ? encodeBundle(entries.slice(from, from + address.width))
        : present(hashes.get(`${address.level}/${address.n}`), 'a tile');
    put(folder, printTilePath(address), bytes);
  }
  put(folder, 'checkpoint', checkpointOf(entries));
}

/** Copies everything that a served log of this size has. */
export async function copyServed(prefix: string, size: number, folder: string): Promise<void> {
  const paths = ['checkpoint', ...tilesOfSize(size).map(printTilePath)];
  for (const path of paths) {
    const answer = await fetch(`${prefix}/${path}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    put(folder, path, new Uint8Array(await answer.arrayBuffer()));
  }
}

/** A copy of a log's folder. */
export function copyOf(folder: string, into: string): string {
  if (!existsSync(folder)) throw new Error(`no folder: ${folder}`);
  cpSync(folder, into, { recursive: true });
  return into;
}

/** Changes the entries of a bundle and leaves its form whole. */
export function bendEntries(
  folder: string,
  path: string,
  width: number,
  change: (entries: readonly Uint8Array[]) => readonly Uint8Array[],
): void {
  const entries = decodeBundle(take(folder, path), width);
  if (!entries.ok) throw new Error(entries.refusal.code);
  put(folder, path, encodeBundle(change(entries.value)));
}
