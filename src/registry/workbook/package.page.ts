/**
 * The page twin of `package.ts`, for the page of letters: a zip by the browser's own inflater. It stops at the first oddity without saying
 * which, since it is shown no file but the one whose hash is that of the import, and the import has judged it (docs/decisions/letters-in-the-page.md).
 */
import type { Package } from './parts.ts';
import { WorkbookError } from './parts.ts';

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const DEFLATED = 8;
const CHUNK_BYTES = 65_536;

/** Where the bytes of a part are. */
type Entry = {
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly headerAt: number;
};

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, at) => {
  let value = at;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Position of the record that ends the file; the last one, since a comment may hold its mark. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1)
    if (view.getUint32(at, true) === DIRECTORY_END) return at;
  throw new WorkbookError('REG-F003');
}

/** All parts by name in lower case, as spreadsheet programs look them up. */
function directory(bytes: Uint8Array, view: DataView): ReadonlyMap<string, Entry> {
  const end = endOf(view);
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(at, true) !== DIRECTORY_HEADER) throw new WorkbookError('REG-F003');
    const nameSize = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameSize)).toLowerCase();
    if (entries.has(name)) throw new WorkbookError('REG-F003');
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerAt: view.getUint32(at + 42, true),
    });
    at += 46 + nameSize + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpack(bytes: Uint8Array, view: DataView, entry: Entry): Promise<Uint8Array> {
  const { headerAt, packedSize, size, method, crc } = entry;
  if (view.getUint32(headerAt, true) !== LOCAL_HEADER) throw new WorkbookError('REG-F003');
  const start = headerAt + 30 + view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true);
  const packed = bytes.slice(start, start + packedSize);
  const part = method === DEFLATED ? await inflate(packed) : packed;
  if (part.length !== size || crc32(part) !== crc) throw new WorkbookError('REG-F003');
  return part;
}

/** What goes wrong in a damaged file, as the fault that it is. */
async function orFault<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new WorkbookError('REG-F003');
  }
}

/** Opens a workbook; throws a WorkbookError where it is no sound zip, or the browser cannot inflate. */
export async function openPackage(bytes: Uint8Array): Promise<Package> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = await orFault(() => directory(bytes, view));
  return {
    has: (name) => entries.has(name.toLowerCase()),
    async read(name, take) {
      const entry = entries.get(name.toLowerCase());
      if (entry === undefined) throw new WorkbookError('REG-F003');
      const part = await orFault(() => unpack(bytes, view, entry));
      for (let at = 0; at < part.length; at += CHUNK_BYTES) take(part.subarray(at, at + CHUNK_BYTES));
    },
  };
}
