/** The command line: one name, subcommands, exit codes of DESIGN §6. */
import { existsSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { benchCommand } from './bench.ts';
import { bundleCommand } from './bundle.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import { fundCommand } from './fund.ts';
import { jobsCommand } from './jobs.ts';
import { keysCommand } from './keys.ts';
import { lettersCommand } from './letters.ts';
import { logCommand } from './log.ts';
import { migrateCommand } from './migrate.ts';
import { monitorCommand } from './monitor/monitor.ts';
import { CommandEnd, openDatabaseOnly, openLogDeps, openSealed, readLogKey } from './opening.ts';
import { personalCommand } from './personal.ts';
import { registerCommand } from './register.ts';
import { rootCommand } from './root.ts';
import { scansCommand } from './scans.ts';
import { serveCommand } from './serve.ts';
import { signCommand } from './sign.ts';
import { tallyCommand } from './tally.ts';
import { verifyCommand } from './verify.ts';

const USAGE = `owners-vote 业主决策电子表决

用法 Usage: owners-vote COMMAND [--help]

  serve      启动服务 start the service (npm start)
  demo       完整演示一次会议 a whole meeting, over HTTP
  verify     核验档案包 check a bundle; no database, no network
  tally      试算 what-if: one case a line
  register   检查名册文件 check a register file
  letters    离线制作表决函 make sealed letters offline
  bundle     导出档案包 export the bundle of a meeting
  scans      写出纸质票的扫描件 write the pictures of papers, once the box is open
  monitor    监看日志并告知业主 follow the log apart from the service and tell owners
  log        透明日志 the log's key; check the whole log; make a lost guard again
  fund       维修资金账 journal of the maintenance fund
  jobs       任务队列 jobs that wait or gave up; retry one
  keys       生成密钥、更换加密密钥 make root, box and officer keys; change the sealing key
  personal   删除到期的、业主请求删除的个人信息 delete personal data that is due, or that somebody asks for
  root       根声明与根签署 declare the roots; what the roots sign
  sign       用密钥文件签署 sign an act with a key file
  migrate    建立数据库结构 apply schema.sql
  config     显示配置 show the configuration
  bench      性能测量 measurements, each beside its limit
`;

type Command = (argv: readonly string[], out: CommandOutput) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  demo: demoCommand,
  verify: verifyCommand,
  tally: tallyCommand,
  register: registerCommand,
  letters: lettersCommand,
  bundle: bundleCommand,
  scans: scansCommand,
  monitor: (argv, out) => monitorCommand(argv, out),
  log: (argv, out) => logCommand(argv, out, { key: readLogKey, open: openLogDeps }),
  fund: (argv, out) => fundCommand(argv, out, openDatabaseOnly),
  jobs: (argv, out) => jobsCommand(argv, out, openDatabaseOnly),
  keys: (argv, out) => keysCommand(argv, out),
  personal: (argv, out) => personalCommand(argv, out, Date.now, openSealed),
  root: (argv, out) => rootCommand(argv, out),
  sign: (argv, out) => signCommand(argv, out),
  migrate: migrateCommand,
  config: configCommand,
  bench: benchCommand,
};

const processOutput: CommandOutput = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
};

/** The nearest known name to a mistyped one. */
function suggestion(name: string): string {
  const near = Object.keys(COMMANDS).find((known) => known.startsWith(name.slice(0, 2)));
  return near === undefined ? '' : ` 您是否要 Did you mean: ${near}?`;
}

/** Whoever reads our output may stop early, as `head` does; that is no error of the command's. */
function forgiveClosedPipe(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EX_OK);
  });
}

/** Runs one command; its exit code. */
export async function run(argv: readonly string[], out: CommandOutput = processOutput): Promise<number> {
  const [name = '', ...rest] = argv;
  if (out === processOutput) forgiveClosedPipe();
  if (name === '--version') {
    out.stdout('0.1.0\n');
    return EX_OK;
  }
  if (name === '' || name === '--help' || name === 'help') {
    (name === '' ? out.stderr : out.stdout)(USAGE);
    return name === '' ? EX_USAGE : EX_OK;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    out.stderr(`没有这个命令 Unknown command: ${name}.${suggestion(name)}\n`);
    return EX_USAGE;
  }
  try {
    return await command(rest, out);
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    out.stderr(`${error.message}\n`);
    return error.exitCode;
  }
}

/** Whether this file was started itself; the launcher, which first builds what is stale, imports it. */
function isStarted(): boolean {
  const [, file] = process.argv;
  return file !== undefined && existsSync(file) && import.meta.url === pathToFileURL(realpathSync(file)).href;
}

if (isStarted()) process.exitCode = await run(process.argv.slice(2));
