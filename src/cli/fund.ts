/** `owners-vote fund`: a book as a journal, its check against the log, and the check of a bank's file (DESIGN §6). */
import type { CheckedBook } from '../fund/checking.ts';
import { checkBook } from '../fund/checking.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_REFUSED, EX_USAGE, shown } from './command-output.ts';
import { journalCommand } from './fund-journal.ts';
import type { OpenFund } from './fund-receipts.ts';
import { receiptsCommand } from './fund-receipts.ts';
import { topUpsCommand } from './fund-top-ups.ts';

const HELP = `用法: owners-vote fund journal COMMUNITY --format hledger|csv|xlsx [--as-of DATE] [--out FILE]
  输出小区维修资金的日记账：hledger 可用 hledger check -s 核对；csv 和 xlsx 可用表格软件打开
  Prints the book of a community as a journal, which \`hledger check -s ordereddates accounts commodities\` accepts; csv and xlsx
  are for spreadsheets, one row for each posting, then the balances.

  COMMUNITY        小区编号 id of the community
  --format FORMAT  格式；xlsx 须给出 --out the format; xlsx needs --out
  --as-of DATE     截止日期，如 2026-12-31；默认为最后一笔分录的日期 until this date; default the date of the last entry
  --out FILE       写入新文件，不覆盖 into a new file, nothing is overwritten

       owners-vote fund check COMMUNITY [--json]
  核对账簿与日志、分录与记录、余额与分录、借贷规则，以及公共收益、续交通知、结束、撤销、申请、公布等记录，逐处列出不同
  Checks the book against the log, postings against records, balances against postings, and the table of shapes; so are public
  revenue, calls to top up, ends, annulments, declarations, applications and what was published. Names each place.

       owners-vote fund receipts FILE [--community ID] [--unknown-unidentified] [--json]
  检查银行回单文件（CSV），逐行列出问题，不记账；给出小区编号时与名册核对
  Checks a bank's file of receipts line by line, books nothing; against the register where the community is named.

       owners-vote fund top-ups FILE --community ID [--json]
  由首期交存额文件（CSV：幢、单元、室、金额）列出余额不足首期三成、应续交的户
  Lists the households with less than 30 % of their first deposit, from a file of first deposits.

退出码 exit codes: 0 完成 done; 1 没有账簿、账簿或文件有误 no book, or book or file has faults; 2 用法错误 usage; 65 文件无法读写 unreadable, or not written
`;

const ID = /^[a-z2-7]{26}$/;

function showChecked({ entries, rows, findings }: CheckedBook): string {
  const lines = findings.map(({ code, where, zh, en, expected, found }) =>
    shown(`${code} ${where}: ${zh} ${en}: ${expected} ≠ ${found}`),
  );
  const verdict = findings.length === 0 ? '账簿完整 the book is whole' : '账簿被改动 the book was altered';
  const counts = `${entries} 笔 entries, ${rows} 行其他记录 other rows, ${findings.length} 处不同 differences`;
  return [...lines, `${verdict}: ${counts}`, ''].join('\n');
}

async function checkCommand(argv: readonly string[], out: CommandOutput, open: OpenFund): Promise<number> {
  const json = argv.includes('--json');
  const [community, ...more] = argv.filter((word) => word !== '--json');
  if (community === undefined || more.length > 0 || !ID.test(community)) {
    out.stderr(HELP);
    return EX_USAGE;
  }
  const { db, close } = await open();
  try {
    const checked = await checkBook(db, community);
    if (!checked.ok) {
      out.stderr(`该小区没有账簿 the community has no book: ${community}\n`);
      return EX_REFUSED;
    }
    out.stdout(json ? `${JSON.stringify(checked.value)}\n` : showChecked(checked.value));
    return checked.value.findings.length === 0 ? EX_OK : EX_REFUSED;
  } finally {
    await close();
  }
}

/** Runs the command on the arguments after `fund` and answers its exit code. */
export async function fundCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenFund,
): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return EX_OK;
  }
  const [verb, ...rest] = argv;
  if (verb === 'receipts') return receiptsCommand(rest, out, open, HELP);
  if (verb === 'journal') return journalCommand(rest, out, open, HELP);
  if (verb === 'check') return checkCommand(rest, out, open);
  if (verb === 'top-ups') return topUpsCommand(rest, out, open, HELP);
  out.stderr(HELP);
  return EX_USAGE;
}
