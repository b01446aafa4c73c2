/**
 * A zip of the same bytes from the same files, wherever and whenever it is made: nothing is compressed, since deflaters differ, and
 * every time is the first one that the format knows (SPEC 9.5; PKWARE APPNOTE 4.3, 4.4).
 */
import { crc32 } from 'node:zlib';
import { assert } from '../../base/assert.ts';
import { concat, utf8 } from '../../base/bytes.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0, made on Unix. */
const NEEDS = 20;
const MADE_BY = (3 << 8) | NEEDS;
/** Names are UTF-8. */
const FLAGS = 1 << 11;
const STORED = 0;
/** 1 January 1980, 00:00. */
const [TIME, DATE] = [0, (1 << 5) | 1];
/** A plain file that everybody may read. */
const ATTRIBUTES = 0o100644 * 0x10000;
const MOST = 0xffff_ffff;

/** Little-endian numbers, each with its width in bytes. */
function numbers(...fields: readonly (readonly [width: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** What local header and directory say alike of a file. */
const common = (name: Uint8Array, body: Uint8Array) =>
  [
    [2, NEEDS],
    [2, FLAGS],
    [2, STORED],
    [2, TIME],
    [2, DATE],
    [4, crc32(body)],
    [4, body.length],
    [4, body.length],
    [2, name.length],
    [2, 0],
  ] as const;

/** The zip of some files in the order given. */
export function storedZip(files: readonly (readonly [path: string, bytes: Uint8Array])[]): Uint8Array {
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, body] of files) {
    const name = utf8(path);
    const head = concat(numbers([4, LOCAL], ...common(name, body)), name);
    directory.push(
      numbers(
        [4, CENTRAL],
        [2, MADE_BY],
        ...common(name, body),
        [2, 0],
        [2, 0],
        [2, 0],
        [4, ATTRIBUTES],
        [4, offset],
      ),
      name,
    );
    bodies.push(head, body);
    offset += head.length + body.length;
  }
  const listed = concat(...directory);
  assert(offset + listed.length < MOST && files.length < 0xffff, 'a pack is a small zip');
  const end = numbers(
    [4, END],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, listed.length],
    [4, offset],
    [2, 0],
  );
  return concat(...bodies, listed, end);
}
