/** Files that somebody hands to a command: read up to the limit of an import, refused with a sentence where they cannot be (DESIGN §7). */
import { open, stat } from 'node:fs/promises';
import { MAX_FILE_BYTES } from '../registry/domain/sniff.ts';

/** The file's bytes, at most one more than the limit: what is too large is refused without being read. */
async function readBounded(path: string): Promise<Uint8Array> {
  // Asked before opening: to open a pipe would wait for its writer.
  const { size: fileSize, isFile } = await stat(path).then((s) => ({ size: s.size, isFile: s.isFile() }));
  if (!isFile) throw new Error('not a regular file');
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(Math.min(fileSize, MAX_FILE_BYTES + 1));
    let size = 0;
    while (size < bytes.length) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return bytes.subarray(0, size);
  } finally {
    await file.close();
  }
}

/** A file's bytes; undefined, with a sentence, where it cannot be read. */
export async function readOrSay(
  path: string,
  out: { readonly stderr: (text: string) => void },
): Promise<Uint8Array | undefined> {
  try {
    return await readBounded(path);
  } catch (error) {
    out.stderr(`无法读取文件 ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}
