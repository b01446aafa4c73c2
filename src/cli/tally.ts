/** `owners-vote tally FILE.jsonl`: what-if counts of a file of cases, one result a line; no database, no network (docs/tally-cases.md). */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fromUtf8 } from '../base/bytes.ts';
import { readWhatIfs } from '../tally/domain/what-if-file.ts';
import { faultText, HELP, harmless } from './tally-words.ts';

/** Where a command writes. */
export type TallyOutput = { stdout(text: string): void; stderr(text: string): void };

const OK = 0;
const USAGE = 2;
const BAD_DATA = 65;

/** Standard input, for who has the cases in a pipe. */
const STDIN = '-';

async function readBytes(path: string, stdin: NodeJS.ReadableStream): Promise<Uint8Array | undefined> {
  try {
    return path === STDIN ? await buffer(stdin) : await readFile(path);
  } catch {
    return undefined;
  }
}

/** What is wrong with these arguments, which should be one file. */
function usageFault(files: readonly string[]): string | undefined {
  const odd = files.find((argument) => argument.startsWith('-') && argument !== STDIN);
  if (odd !== undefined) return `没有这个选项 unknown option: ${harmless(odd)}`;
  if (files.length === 0) return '缺少文件 a file is needed';
  return files.length > 1 ? `只能有一个文件 one file only: ${files.map(harmless).join(' ')}` : undefined;
}

/** Runs the command on the arguments after `tally` and answers its exit code; prints nothing where a line is bad. */
export async function tallyCommand(
  argv: readonly string[],
  out: TallyOutput,
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return OK;
  }
  // The results are JSON in any case; the flag is taken since every reporting command takes it.
  const files = argv.filter((argument) => argument !== '--json');
  const fault = usageFault(files);
  const [path] = files;
  if (fault !== undefined || path === undefined) {
    out.stderr(`${fault}\n用法 usage: owners-vote tally FILE.jsonl\n说明 help: owners-vote tally --help\n`);
    return USAGE;
  }
  const bytes = await readBytes(path, stdin);
  if (bytes === undefined) {
    out.stderr(`无法读取文件 cannot read the file: ${harmless(path)}\n`);
    return USAGE;
  }
  const text = fromUtf8(bytes);
  if (text === undefined) {
    out.stderr(`文件不是 UTF-8 the file is not UTF-8: ${harmless(path)}\n`);
    return BAD_DATA;
  }
  const { cases, faults } = readWhatIfs(text);
  if (faults.length > 0) {
    for (const { line, refusal } of faults) out.stderr(faultText(line, refusal));
    return BAD_DATA;
  }
  for (const evaluate of cases) for (const line of evaluate()) out.stdout(`${harmless(line)}\n`);
  return OK;
}
