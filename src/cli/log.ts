/** `owners-vote log`: prints the log's verifier key, recomputes the whole log, or makes a lost guard again (SPEC 7.1). */
import type { LogDeps } from '../auditlog/log-deps.ts';
import { logVkey } from '../auditlog/publishing.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';
import { checkCommand } from './log-check.ts';
import type { GuardEvidence } from './log-guard.ts';
import { guardCommand } from './log-guard.ts';

/** What the command needs from outside: the log's key alone, or the whole log with its database. */
export type OpenLog = {
  readonly key: () => Promise<Pick<LogDeps, 'origin' | 'logSeed'>>;
  readonly open: () => Promise<LogDeps & { close(): Promise<void> }>;
};

const HELP = `用法 Usage: owners-vote log --vkey
             owners-vote log check [--json]
             owners-vote log guard --checkpoint FILE [--json]
             owners-vote log guard --ask-witnesses [--json]
  --vkey   打印日志的验证公钥(C2SP vkey) prints the log's verifier key
  check    由全部条目重新计算日志 recomputes rows, leaves, tiles, roots, checkpoints, cosignatures and the guard
  guard    重建丢失或损坏的库外存底,只凭库外的证据 makes a lost or damaged guard again, from evidence outside the database
    --checkpoint FILE  见证方、监督方或审计方保存的最新检查点 the newest checkpoint that a witness, a monitor or an auditor kept
    --ask-witnesses    由见证方现在确认数据库的最新检查点 the witnesses confirm now the newest checkpoint of the database

退出码 exit codes: 0 一致,或已重建 agrees, or made; 1 有不一致,或拒绝 something does not agree, or refused; 2 用法错误 usage
`;

type Wish = 'vkey' | 'check' | GuardEvidence;

/** What the words ask for, undefined where they ask for nothing that there is. */
function wishOf(argv: readonly string[]): Wish | undefined {
  const [verb, option, file, ...more] = argv;
  const isShort = option === undefined;
  if (verb === '--vkey' && isShort) return 'vkey';
  if (verb === 'check' && isShort) return 'check';
  if (verb !== 'guard' || more.length > 0) return undefined;
  if (option === '--ask-witnesses' && file === undefined) return 'witnesses';
  if (option === '--checkpoint' && file !== undefined && file !== '') return { file };
  return undefined;
}

/** Runs the command and returns its exit code; `argv` is what follows `log`. */
export async function logCommand(argv: readonly string[], out: CommandOutput, log: OpenLog): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return EX_OK;
  }
  const isJson = argv.includes('--json');
  const wish = wishOf(argv.filter((word) => word !== '--json'));
  if (wish === undefined || (wish === 'vkey' && isJson)) {
    out.stderr(HELP);
    return EX_USAGE;
  }
  if (wish === 'vkey') {
    out.stdout(`${logVkey(await log.key())}\n`);
    return EX_OK;
  }
  const { close, ...deps } = await log.open();
  try {
    return await (wish === 'check' ? checkCommand(out, isJson, deps) : guardCommand(out, isJson, deps, wish));
  } finally {
    await close();
  }
}
