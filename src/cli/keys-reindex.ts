/** `owners-vote keys reindex`: computes the index of every document number anew by the current key, beside the running service (SPEC 3.1). */
import { processesWithout } from '../ballot/watermarks.ts';
import { generationOfKey } from '../crypto/at-rest.ts';
import type { Reindexed } from '../jobs/reindexing.ts';
import { indexGenerations, reindexAll } from '../jobs/reindexing.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_CONFIG, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';
import type { OpenSealed } from './keys-reseal.ts';
import { progressTo } from './keys-reseal.ts';

const USAGE = `用法 Usage: owners-vote keys reindex [--check] [--lost] [--json]

  用当前的 index.key 重算全部证件号码的索引,可与服务同时运行,可随时中断后重来
  computes the index of every document number anew by the current index.key, beside the running service; may be interrupted
  --check  只统计,不改动 counts, and changes nothing
  --lost   原来的索引密钥已丢失:先停止所有服务进程 the former key is lost: stop every process of the service first
  --json   结果为一行 JSON one line of JSON

先让每个服务进程都认识新密钥 First let every process of the service know the new key: keys/README.md
退出码 exit: 0 旧密钥可以停用 a former key may go · 1 还不能停用 not yet · 2 用法 usage · 78 缺少密钥 a key is missing
`;

/** What an operator is told whose keys are not those of the indexes in the database. */
export const INDEX_KEY_MISSING =
  '缺少数据库中号码索引的密钥,请把原来的密钥放回为 index-former.key;确已丢失则停止服务后运行 keys reindex --lost A key of the index of numbers is missing; put it back as index-former.key, or where it is lost for good stop the service and run keys reindex --lost:';

const PROCESSES =
  '有服务进程还不认识当前的 index.key,请先重新启动 Processes of the service do not know the current index.key yet, restart them first:';
const STILL_RUNNING = '服务仍在运行,请先全部停止 Processes of the service still run, stop all of them first:';

function sentences({ reindexed, remaining, unopened }: Reindexed): string {
  const places = unopened.map((place) => `  无法打开 does not open: ${place}\n`).join('');
  return remaining === 0
    ? `本次重算 ${reindexed} 项,全部索引都属于当前密钥,其余 index-*.key 可以停用 ${reindexed} computed anew; every index is of the current key, the other index-*.key may be removed\n`
    : `${places}本次重算 ${reindexed} 项,还有 ${remaining} 项不是当前密钥的,旧密钥必须保留 ${reindexed} computed anew, ${remaining} are not of the current key: keep the former keys\n`;
}

/** What stands against a run; undefined where nothing does. */
async function hindrance(
  deps: Awaited<ReturnType<OpenSealed>>,
  isLost: boolean,
): Promise<readonly [sentence: string, exitCode: number] | undefined> {
  const { unknown, unknownIn } = await indexGenerations(deps);
  if (unknown > 0 && !isLost) return [`${INDEX_KEY_MISSING} ${unknownIn}: ${unknown}`, EX_CONFIG];
  // One that knows another key alone would miss whom it looks for.
  const without = await processesWithout(
    deps.db,
    isLost ? undefined : generationOfKey(deps.atRest.indexing[0]),
  );
  if (without === 0) return undefined;
  return [`${isLost ? STILL_RUNNING : PROCESSES} ${without}`, EX_REFUSED];
}

/** Runs `keys reindex` on the arguments after it; the exit code is 0, 1, 2 or 78. */
export async function reindexCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenSealed,
): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  if (argv.some((word) => !['--check', '--lost', '--json'].includes(word))) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { close, ...deps } = await open();
  try {
    const isCheck = argv.includes('--check');
    const hindered = await hindrance({ ...deps, close }, argv.includes('--lost'));
    if (hindered !== undefined && !(isCheck && hindered[1] === EX_REFUSED)) {
      out.stderr(`${hindered[0]}\n`);
      return hindered[1];
    }
    const { former, unknown } = await indexGenerations(deps);
    const outcome = isCheck
      ? { reindexed: 0, remaining: former + unknown, unopened: [] }
      : await reindexAll(deps, progressTo(out, '已重算 computed anew'));
    out.stdout(argv.includes('--json') ? `${JSON.stringify(outcome)}\n` : sentences(outcome));
    return outcome.remaining === 0 ? EX_OK : EX_REFUSED;
  } finally {
    await close();
  }
}
