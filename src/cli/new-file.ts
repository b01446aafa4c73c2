/** Files that a command writes: what is there is never overwritten, and what is written belongs to its owner only (DESIGN §7). */
import { writeFile } from 'node:fs/promises';

type Errors = { readonly stderr: (text: string) => void };

/** Registers and books name units: for their owner only. */
const OWN = 0o600;

/** Writes a new file; false, with a sentence, where it was not written. */
export async function writeNew(path: string, content: Uint8Array | string, out: Errors): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: OWN });
    return true;
  } catch (error) {
    out.stderr(
      `无法写出文件 not written ${path}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return false;
  }
}
