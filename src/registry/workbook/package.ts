/**
 * The parts of a workbook, which is a zip of attacker-controlled bytes: how many, how large and of what kind is decided from its
 * directory before anything is unpacked, and no part may be larger than the directory says (DESIGN §7, docs/decisions/workbooks.md).
 */
import { crc32, inflateRawSync } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { fromBuffer } from 'yauzl';
import type { WorkbookFault } from '../domain/import-check.ts';
import type { Package } from './parts.ts';
import { WorkbookError } from './parts.ts';

const MEBIBYTE = 1_048_576;
const MAX_ENTRIES = 200;
const MAX_ENTRY_BYTES = 32 * MEBIBYTE;
const MAX_TOTAL_BYTES = 48 * MEBIBYTE;
const MAX_RATIO = 200;
/** Smaller parts may be as regular as they like. */
const RATIO_MATTERS_BYTES = MEBIBYTE;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** A part becomes text in pieces of this size. */
const CHUNK_BYTES = 65_536;
/** Programs, foreign files and objects of other programs. */
const ACTIVE = /vbaProject\.bin$|(?:^|\/)(?:externalLinks|embeddings|activeX|ctrlProps)\//i;

const open = (bytes: Uint8Array): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, zip) =>
      error === null ? resolve(zip) : reject(new WorkbookError('REG-F003')),
    );
  });

function faultOf(entry: Entry): WorkbookFault | undefined {
  const { uncompressedSize, compressedSize, fileName } = entry;
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return 'REG-F005';
  if (ACTIVE.test(fileName)) return 'REG-F006';
  if (uncompressedSize > MAX_ENTRY_BYTES) return 'REG-F011';
  const isOdd = uncompressedSize > RATIO_MATTERS_BYTES && uncompressedSize > MAX_RATIO * compressedSize;
  return isOdd ? 'REG-F012' : undefined;
}

/** The whole directory by name in lower case, as spreadsheet programs look parts up. */
const directory = (zip: ZipFile): Promise<ReadonlyMap<string, Entry>> =>
  new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    let total = 0;
    zip.on('error', () => reject(new WorkbookError('REG-F003')));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      const name = entry.fileName.toLowerCase();
      const fault = total > MAX_TOTAL_BYTES ? 'REG-F011' : faultOf(entry);
      if (fault !== undefined) return reject(new WorkbookError(fault));
      // Two parts of one name would let two programs read different registers.
      if (entries.has(name)) return reject(new WorkbookError('REG-F003'));
      entries.set(name, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });

/** Where the bytes of an entry begin. */
const startOf = (zip: ZipFile, entry: Entry): Promise<number> =>
  new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error === null ? resolve(header.fileDataStart) : reject(new WorkbookError('REG-F003')),
    );
  });

/** The whole of an entry in one piece: a stream would wait for another thread after every 16 KiB. */
async function unpack(bytes: Uint8Array, zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  const start = await startOf(zip, entry);
  const packed = bytes.subarray(start, start + compressedSize);
  const unpacked = compressionMethod === DEFLATED ? inflate(packed, uncompressedSize) : packed;
  const isKnown = compressionMethod === DEFLATED || compressionMethod === STORED;
  if (!isKnown || unpacked?.length !== uncompressedSize || crc32(unpacked) !== entry.crc32)
    throw new WorkbookError('REG-F003');
  return unpacked;
}

/** Undefined where the bytes are damaged, or hold more than they say. */
function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

/** Opens a workbook; throws a WorkbookError where it exceeds a bound or is no sound zip. */
export async function openPackage(bytes: Uint8Array): Promise<Package> {
  const zip = await open(bytes);
  if (zip.entryCount > MAX_ENTRIES) throw new WorkbookError('REG-F010');
  const entries = await directory(zip);
  return {
    has: (name) => entries.has(name.toLowerCase()),
    async read(name, take) {
      const entry = entries.get(name.toLowerCase());
      if (entry === undefined) throw new WorkbookError('REG-F003');
      const part = await unpack(bytes, zip, entry);
      for (let at = 0; at < part.length; at += CHUNK_BYTES) take(part.subarray(at, at + CHUNK_BYTES));
    },
  };
}
