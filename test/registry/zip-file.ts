// Zips as tests need them: sound ones, and ones whose directory lies about sizes, encryption or the number of entries.
import { crc32, deflateRawSync } from 'node:zlib';

/** A part; what is said of it may differ from what it is. */
export type Part = {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly stored?: boolean;
  /** Says this size, unpacked. */
  readonly saysBytes?: number;
  readonly isEncrypted?: boolean;
  /** Says this checksum. */
  readonly saysCrc?: number;
};

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** The bytes of a zip of these parts. */
export function zipOf(parts: readonly Part[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, saysBytes, saysCrc, isEncrypted = false } of parts) {
    const plain = Buffer.from(content as Uint8Array);
    const packed = stored ? plain : deflateRawSync(plain);
    const path = Buffer.from(name);
    const fields = Buffer.concat([
      u16(20),
      u16((isEncrypted ? 1 : 0) | 0x0800),
      u16(stored ? 0 : 8),
      u16(0),
      u16(0x5821),
      u32(saysCrc ?? crc32(plain)),
      u32(packed.length),
      u32(saysBytes ?? plain.length),
      u16(path.length),
      u16(0),
    ]);
    bodies.push(u32(0x04034b50), fields, path, packed);
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), fields, u16(0), u16(0), u16(0), u32(0), u32(offset), path]),
    );
    offset += 4 + fields.length + path.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = [u32(0x06054b50), u16(0), u16(0), u16(parts.length), u16(parts.length), u32(listed.length)];
  return new Uint8Array(Buffer.concat([...bodies, listed, ...end, u32(offset), u16(0)]));
}
