/** The log of a bundle: entries, hash tiles and signed checkpoints, read without trust in any of them (SPEC 7.1, 9.1). */
import { concat, fromUtf8, sameBytes, toBase64, toBase64Url } from '../base/bytes.ts';
import type { Checkpoint } from '../record/checkpoint.ts';
import { parseCheckpoint, verifyCheckpoint } from '../record/checkpoint.ts';
import type { Entry } from '../record/entry.ts';
import { entryForm } from '../record/entry.ts';
import { leafHash, rootOfHashes, TILE_WIDTH } from '../record/merkle.ts';
import { parseNote } from '../record/note.ts';
import type { TileAddress } from '../record/tile.ts';
import { decodeBundle, printTilePath, splitTile, tilesOfSize } from '../record/tile.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { HistoryTree } from './history-tree.ts';
import { historyTree } from './history-tree.ts';
import type { Notebook } from './notebook.ts';

/** An entry at its place; `entry` is undefined where the bytes do not parse. */
export type LoggedEntry = {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly entry: Entry | undefined;
};

/** A checkpoint as it was signed, and the file that holds it. */
export type SignedCheckpoint = {
  readonly path: string;
  readonly note: string;
  readonly checkpoint: Checkpoint;
};

export type BundledLog = {
  readonly checkpoint: Checkpoint;
  readonly entries: readonly LoggedEntry[];
  /** Over the leaves of the entries. */
  readonly tree: HistoryTree;
  /** Over the hashes of the level-0 tiles, or undefined where they are not whole. */
  readonly tileTree: HistoryTree | undefined;
  /** Every checkpoint whose text is readable; LOG-05 checks signature and root. */
  readonly checkpoints: readonly SignedCheckpoint[];
};

type Files = ReadonlyMap<string, Uint8Array>;

const HEAD = 'log/checkpoint';

/** The text of a leaf hash in records. */
export const leafText = (logged: Pick<LoggedEntry, 'leaf'>): string => toBase64Url(logged.leaf);

/** LOG-04: reads the log at the size of its checkpoint; undefined where its entries are not all there. */
export function readLog(files: Files, vkey: string | undefined, notebook: Notebook): BundledLog | undefined {
  const head = readHead(files, vkey, notebook);
  if (head === undefined) return undefined;
  const entries = readEntries(files, head.checkpoint.size, notebook);
  if (entries === undefined) return undefined;
  notebook.made('LOG-04');
  const leaves = entries.map(({ leaf }) => leaf);
  const tree = historyTree(leaves);
  const root = toBase64(tree.rootAt(leaves.length));
  notebook.same('LOG-04', `${HEAD} root`, root, toBase64(head.checkpoint.root));
  const tileLeaves = checkTiles(files, leaves, notebook);
  return {
    checkpoint: head.checkpoint,
    entries,
    tree,
    tileTree: tileLeaves === undefined ? undefined : historyTree(tileLeaves),
    checkpoints: [head, ...readHistory(files, notebook)],
  };
}

/** The checkpoint of a note, signed or not; its signature is judged elsewhere. */
function readNoteText(note: string): Checkpoint | undefined {
  const parsed = parseNote(note);
  const checkpoint = parsed.ok ? parseCheckpoint(parsed.value.text) : undefined;
  return checkpoint?.ok === true ? checkpoint.value : undefined;
}

function readHead(files: Files, vkey: string | undefined, notebook: Notebook): SignedCheckpoint | undefined {
  const bytes = files.get(HEAD);
  const note = bytes === undefined ? undefined : fromUtf8(bytes);
  const checkpoint = note === undefined ? undefined : readNoteText(note);
  if (note === undefined || checkpoint === undefined) {
    notebook.finding(
      'LOG-04',
      HEAD,
      'a signed checkpoint',
      bytes === undefined ? 'no such file' : 'malformed',
    );
    return undefined;
  }
  if (vkey === undefined) notebook.cannot('LOG-04', NO_KEY);
  else {
    const verified = verifyCheckpoint(note, vkey);
    notebook.same(
      'LOG-04',
      HEAD,
      'signed by the log',
      verified.ok ? 'signed by the log' : verified.refusal.code,
    );
  }
  return { path: HEAD, note, checkpoint };
}

const NO_KEY = { zh: '不知道日志的密钥', en: 'the key of the log is not known' };

function readEntries(files: Files, size: number, notebook: Notebook): readonly LoggedEntry[] | undefined {
  // The size is the bundle maker's word: more entries than its files can hold are refused before they are looked for.
  if (size > files.size * TILE_WIDTH) {
    notebook.finding('LOG-04', HEAD, `the tiles of ${size} entries`, 'fewer files');
    return undefined;
  }
  const entries: LoggedEntry[] = [];
  let isWhole = true;
  for (let n = 0; n * TILE_WIDTH < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const path = `log/${printTilePath({ kind: 'entries', n, width })}`;
    const bytes = files.get(path);
    const decoded = bytes === undefined ? undefined : decodeBundle(bytes, width);
    if (decoded?.ok !== true) {
      notebook.finding(
        'LOG-04',
        path,
        `${width} entries`,
        bytes === undefined ? 'no such file' : 'malformed',
      );
      isWhole = false;
      continue;
    }
    for (const entry of decoded.value) entries.push(readEntry(entry, entries.length, notebook));
  }
  return isWhole ? entries : undefined;
}

function readEntry(bytes: Uint8Array, index: number, notebook: Notebook): LoggedEntry {
  const parsed = entryForm.parse(bytes);
  if (!parsed.ok) noteRefusal(notebook, `log ${index}`, parsed.refusal);
  return { index, bytes, leaf: leafHash(bytes), entry: parsed.ok ? parsed.value : undefined };
}

/** Compares each hash tile with the leaves; answers the leaves that level 0 holds where all of them are there. */
function checkTiles(
  files: Files,
  leaves: readonly Uint8Array[],
  notebook: Notebook,
): readonly Uint8Array[] | undefined {
  const levels: (readonly Uint8Array[])[] = [leaves];
  for (let below = leaves; below.length >= TILE_WIDTH; ) {
    const level: Uint8Array[] = [];
    for (let at = 0; at + TILE_WIDTH <= below.length; at += TILE_WIDTH) {
      level.push(rootOfHashes(below.slice(at, at + TILE_WIDTH)));
    }
    levels.push(level);
    below = level;
  }
  const expected = new Set<string>();
  const found: Uint8Array[] = [];
  for (const address of tilesOfSize(leaves.length)) {
    const path = `log/${printTilePath(address)}`;
    expected.add(path);
    if (address.kind !== 'hashes') continue;
    const bytes = files.get(path);
    const hashes = expectedHashes(levels, address);
    const agrees = bytes !== undefined && sameBytes(bytes, concat(...hashes));
    notebook.holds(
      'LOG-04',
      path,
      agrees,
      'the hashes of its entries',
      bytes === undefined ? 'no such file' : 'other bytes',
    );
    if (address.level === 0) found.push(...((bytes && splitTile(bytes, address.width)) ?? []));
  }
  for (const path of files.keys()) {
    const isExtra = path.startsWith('log/tile/') && !expected.has(path);
    notebook.holds('LOG-04', path, !isExtra, `a tile of size ${leaves.length}`, 'another file');
  }
  return found.length === leaves.length ? found : undefined;
}

function expectedHashes(
  levels: readonly (readonly Uint8Array[])[],
  address: TileAddress & { readonly kind: 'hashes' },
): readonly Uint8Array[] {
  const from = address.n * TILE_WIDTH;
  return (levels[address.level] ?? []).slice(from, from + address.width);
}

function readHistory(files: Files, notebook: Notebook): readonly SignedCheckpoint[] {
  const found: SignedCheckpoint[] = [];
  for (const [path, bytes] of files) {
    const name = /^log\/checkpoints\/(.+)$/.exec(path)?.[1];
    if (name === undefined) continue;
    const note = fromUtf8(bytes);
    const checkpoint = note === undefined ? undefined : readNoteText(note);
    if (note === undefined || checkpoint === undefined || String(checkpoint.size) !== name) {
      notebook.finding('LOG-05', path, `a checkpoint of size ${name}`, 'something else');
    } else found.push({ path, note, checkpoint });
  }
  return found.sort((a, b) => a.checkpoint.size - b.checkpoint.size);
}
