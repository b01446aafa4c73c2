/** `owners-vote log`: prints the log's verifier key, or recomputes the whole log from its entries (SPEC 7.1). */
import type { LogFinding } from '../auditlog/checking.ts';
import { checkLog } from '../auditlog/checking.ts';
import type { LogDeps } from '../auditlog/log-deps.ts';
import { logVkey } from '../auditlog/publishing.ts';
import { toBase64 } from '../base/bytes.ts';

/** Where a command writes. */
export type LogOutput = { stdout(text: string): void; stderr(text: string): void };

/** What the command needs from outside: the log's key alone, or the whole log with its database. */
export type OpenLog = {
  readonly key: () => Promise<Pick<LogDeps, 'origin' | 'logSeed'>>;
  readonly open: () => Promise<LogDeps & { close(): Promise<void> }>;
};

const OK = 0;
const FAILED = 1;
const USAGE = 2;

const HELP = `用法: owners-vote log --vkey | log check [--json]
  log --vkey          打印日志的验证公钥（C2SP vkey） prints the log's verifier key
  log check [--json]  由全部条目重新计算日志 recomputes leaves, tiles, roots, checkpoints and the guard

退出码 exit codes: 0 一致 agrees; 1 有不一致 something does not agree; 2 用法错误 usage
`;

const SENTENCES: Readonly<Record<LogFinding['code'], string>> = {
  ENTRY_GAP: '条目序号有缺 an entry is missing',
  ENTRY_BEYOND_HEAD: '有条目序号超出日志 an entry has an index beyond the head',
  LEAF_WRONG: '叶子哈希不符 the leaf hash differs from the entry',
  TILE_WRONG: '哈希块不符 the tile differs from the entries',
  TILE_STRAY: '有多余的哈希块 tiles that belong to nothing',
  HEAD_ROOT_WRONG: '日志根哈希不符 the root of the head differs',
  CHECKPOINT_ROOT_WRONG: '检查点与条目不一致 the checkpoint is not consistent with the entries',
  CHECKPOINT_BEYOND_HEAD: '检查点超出日志 the checkpoint is beyond the head',
  CHECKPOINT_NOTE_WRONG: '检查点签名不符 the signature of the checkpoint is wrong',
  GUARD_WRONG: '库外存底与日志不一致 the guard outside the database does not agree',
};

async function check(out: LogOutput, json: boolean, { open }: OpenLog): Promise<number> {
  const deps = await open();
  try {
    const { size, root, checkpoints, waiting, findings } = await checkLog(deps);
    if (json) {
      const report = { origin: deps.origin, size, root: toBase64(root), checkpoints, waiting, findings };
      out.stdout(`${JSON.stringify(report)}\n`);
    } else {
      for (const { code, at } of findings) out.stdout(`${code} ${at}: ${SENTENCES[code]}\n`);
      out.stdout(
        `${deps.origin}: ${size} 个条目 entries, ${checkpoints} 个检查点 checkpoints, ` +
          `${waiting} 个待编号 waiting, ${findings.length} 处不一致 findings\n`,
      );
    }
    return findings.length === 0 ? OK : FAILED;
  } finally {
    await deps.close();
  }
}

/** Runs the command and returns its exit code; `argv` is what follows `log`. */
export async function logCommand(argv: readonly string[], out: LogOutput, log: OpenLog): Promise<number> {
  const words = argv.join(' ');
  if (words === '--vkey') {
    out.stdout(`${logVkey(await log.key())}\n`);
    return OK;
  }
  if (words === 'check' || words === 'check --json' || words === '--json check') {
    return check(out, words !== 'check', log);
  }
  const wantsHelp = words === '--help' || words === '-h';
  (wantsHelp ? out.stdout : out.stderr)(HELP);
  return wantsHelp ? OK : USAGE;
}
