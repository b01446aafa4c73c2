/** Workbooks that `register` writes: the annotated register and the template. What is there is never overwritten (DESIGN §7). */
import { annotateRegisterFile } from '../registry/annotating.ts';
import type { Finding } from '../registry/domain/findings.ts';
import { registerTemplate } from '../registry/template.ts';
import { writeNew } from './new-file.ts';

type Errors = { readonly stderr: (text: string) => void };

const EXIT = { written: 0, usage: 2, unwritten: 65 } as const;
/** Writes the annotated workbook of a register file; false, with a sentence, where it was not written. */
export async function writeAnnotated(
  file: Uint8Array,
  findings: readonly Finding[],
  path: string,
  out: Errors,
): Promise<boolean> {
  const workbook = await annotateRegisterFile(file, findings);
  if (workbook !== undefined) return writeNew(path, workbook, out);
  out.stderr('文件没有可以读取的行，不能标注。The file has no rows that could be annotated.\n');
  return false;
}

/** Runs `register template OUT.xlsx`; the exit code is 0, 2 or 65. */
export async function templateCommand(argv: readonly string[], out: Errors, usage: string): Promise<number> {
  const [path, ...rest] = argv;
  if (path === undefined || path.startsWith('--') || rest.length > 0) {
    out.stderr(usage);
    return EXIT.usage;
  }
  return (await writeNew(path, await registerTemplate(), out)) ? EXIT.written : EXIT.unwritten;
}
