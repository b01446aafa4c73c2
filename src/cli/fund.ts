/** `owners-vote fund journal`: a community's book as a plain-text journal for hledger; `fund receipts`: a bank's file (DESIGN §6). */
import { parseCivilDate } from '../base/civil-date.ts';
import { exportJournal } from '../fund/exporting.ts';
import type { CommandOutput } from './command-output.ts';
import type { OpenFund } from './fund-receipts.ts';
import { receiptsCommand } from './fund-receipts.ts';

const OK = 0;
const REFUSED = 1;
const USAGE = 2;

const HELP = `用法: owners-vote fund journal COMMUNITY --format hledger [--as-of DATE]
  输出小区维修资金的日记账，可用 hledger check -s 核对
  Prints the book of a community as a journal, which \`hledger check -s ordereddates accounts commodities\` accepts.

  COMMUNITY        小区编号 id of the community
  --format hledger 格式 the format
  --as-of DATE     截止日期，如 2026-12-31；默认为最后一笔分录的日期 until this date; default the date of the last entry

       owners-vote fund receipts FILE [--community ID] [--unknown-unidentified] [--json]
  检查银行回单文件（CSV），逐行列出问题，不记账；给出小区编号时与名册核对
  Checks a bank's file of receipts line by line, books nothing; against the register where the community is named.

退出码 exit codes: 0 完成 done; 1 没有账簿或文件有误 no book, or the file has faults; 2 用法错误 usage; 65 文件无法读取 unreadable
`;

type Arguments = { readonly community: string; readonly asOf: string | undefined };

const ID = /^[a-z2-7]{26}$/;

/** The arguments after `fund`, or undefined where they are not understood. */
function readArguments(argv: readonly string[]): Arguments | undefined {
  const [verb, ...rest] = argv;
  if (verb !== 'journal') return undefined;
  const options = new Map<string, string>();
  const names: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const [word = '', value] = [rest[at], rest[at + 1]];
    if (!word.startsWith('--')) {
      names.push(word);
      continue;
    }
    if (!['--format', '--as-of'].includes(word) || value === undefined || options.has(word)) return undefined;
    options.set(word, value);
    at += 1;
  }
  const [community, ...more] = names;
  const asOf = options.get('--as-of');
  if (community === undefined || more.length > 0 || !ID.test(community)) return undefined;
  if (options.get('--format') !== 'hledger') return undefined;
  return asOf === undefined || parseCivilDate(asOf) !== undefined ? { community, asOf } : undefined;
}

/** Runs the command on the arguments after `fund` and answers its exit code. */
export async function fundCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenFund,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return OK;
  }
  if (argv[0] === 'receipts') return receiptsCommand(argv.slice(1), out, open, HELP);
  const wanted = readArguments(argv);
  if (wanted === undefined) {
    out.stderr(HELP);
    return USAGE;
  }
  const { db, close } = await open();
  try {
    const journal = await exportJournal(db, wanted.community, wanted.asOf);
    if (!journal.ok) {
      out.stderr(`该小区没有维修资金账簿 the community has no book of the fund: ${wanted.community}\n`);
      return REFUSED;
    }
    out.stdout(journal.value);
    return OK;
  } finally {
    await close();
  }
}
