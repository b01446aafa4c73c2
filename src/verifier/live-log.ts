/** LOG-03: the log that the public sees, from a folder or an address, compared with the bundle (SPEC 9.3, `--log`). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, sameBytes, toBase64 } from '../base/bytes.ts';
import { verifyCheckpoint } from '../record/checkpoint.ts';
import { entryForm } from '../record/entry.ts';
import { leafHash, TILE_WIDTH } from '../record/merkle.ts';
import { decodeBundle, printTilePath } from '../record/tile.ts';
import { meetingOf } from './entry-scope.ts';
import type { HistoryTree } from './history-tree.ts';
import { historyTree } from './history-tree.ts';
import type { Verification } from './verification.ts';

/** Fetches a path below the log's prefix; undefined where it is not there. */
export type LogReader = (path: string) => Promise<Uint8Array | undefined>;

/** Largest answer that is taken: a full bundle of the largest entries is 16 MiB. */
const MAX_BYTES = 17 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** A reader of a folder, or of an address that begins with http. */
export function logReader(place: string): LogReader {
  if (!/^https?:\/\//.test(place)) {
    return async (path) => {
      try {
        return new Uint8Array(await readFile(join(place, path)));
      } catch {
        return undefined;
      }
    };
  }
  return async (path) => {
    try {
      const address = `${place.replace(/\/+$/, '')}/${path}`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      const bytes = answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
      return bytes !== undefined && bytes.length <= MAX_BYTES ? bytes : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Compares, and answers the tree of the longer log so that later checkpoints can be placed in it. */
export async function checkLiveLog(
  the: Verification,
  read: LogReader | undefined,
): Promise<HistoryTree | undefined> {
  const { log, notebook, logVkey } = the;
  if (read === undefined) {
    notebook.cannot('LOG-03', { zh: '未提供公开日志（--log）', en: 'no public log was given (--log)' });
    return undefined;
  }
  notebook.made('LOG-03');
  const bytes = await read('checkpoint');
  const note = bytes === undefined ? undefined : fromUtf8(bytes);
  const verified = note === undefined ? undefined : verifyCheckpoint(note, logVkey);
  if (verified?.ok !== true) {
    const found = verified === undefined ? 'none can be read' : verified.refusal.code;
    notebook.finding('LOG-03', '--log checkpoint', 'a checkpoint that the log signed', found);
    return undefined;
  }
  const { size, root } = verified.value;
  if (size < log.tree.size) {
    notebook.finding('LOG-03', '--log checkpoint', `a size of at least ${log.tree.size}`, String(size));
    return undefined;
  }
  const later = await readFurther(the, read, size);
  if (later === undefined) return undefined;
  const tree = historyTree([...log.entries.map(({ leaf }) => leaf), ...later.map(leafHash)]);
  const isSame = sameBytes(tree.rootAt(size), root);
  notebook.holds('LOG-03', '--log root', isSame, toBase64(tree.rootAt(size)), toBase64(root));
  for (const [at, entryBytes] of later.entries()) {
    const parsed = entryForm.parse(entryBytes);
    if (!parsed.ok || meetingOf(parsed.value) !== the.definition.meeting) continue;
    const where = `--log ${log.tree.size + at}`;
    notebook.finding('LOG-03', where, 'no entry of this meeting beside the bundle', parsed.value.kind);
  }
  return isSame ? tree : undefined;
}

/** The entries beyond the bundle's, from the entry bundles of the log's present size. */
async function readFurther(
  { log, notebook }: Verification,
  read: LogReader,
  size: number,
): Promise<readonly Uint8Array[] | undefined> {
  const later: Uint8Array[] = [];
  const from = log.tree.size;
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < size && from < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const path = printTilePath({ kind: 'entries', n, width });
    const bytes = await read(path);
    const decoded = bytes === undefined ? undefined : decodeBundle(bytes, width);
    if (decoded?.ok !== true) {
      notebook.finding('LOG-03', `--log ${path}`, `${width} entries`, 'it cannot be read');
      return undefined;
    }
    later.push(...decoded.value.slice(Math.max(0, from - n * TILE_WIDTH)));
  }
  return later;
}
