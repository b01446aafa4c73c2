/** `owners-vote keys reseal`: seals everything anew by the current key beside the running service, and says when the former one may go (SPEC 3.1). */
import type { ResealingDeps } from '../jobs/resealing.ts';
import { generationsIn, resealAll } from '../jobs/resealing.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_CONFIG, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';

/** Opens database and keys; the command closes what it opened. */
export type OpenSealed = () => Promise<ResealingDeps & { close(): Promise<void> }>;

const USAGE = `用法 Usage: owners-vote keys reseal [--check] [--json]

  用当前的 seal.key 重新加密数据库里的个人信息,可与服务同时运行,可随时中断后重来
  seals personal data anew by the current seal.key, beside the running service; may be interrupted and run again
  --check  只统计,不改动 counts, and changes nothing
  --json   结果为一行 JSON one line of JSON

先让每个服务进程都认识新密钥 First let every process of the service know the new key: keys/README.md
退出码 exit: 0 旧密钥可以停用 a former key may go · 1 还不能停用 not yet · 2 用法 usage · 78 缺少密钥 a key is missing
`;

type Outcome = {
  readonly resealed: number;
  readonly remaining: number;
  readonly unopened: readonly string[];
};

function sentences({ resealed, remaining, unopened }: Outcome): string {
  const places = unopened.map((place) => `  无法打开 does not open: ${place}\n`).join('');
  return remaining === 0
    ? `本次重新加密 ${resealed} 项,全部个人信息都由当前密钥加密,其余 seal-*.key 可以停用 ${resealed} sealed anew; everything is sealed by the current key, the other seal-*.key may be removed\n`
    : `${places}本次重新加密 ${resealed} 项,还有 ${remaining} 项不是当前密钥加密的,旧密钥必须保留 ${resealed} sealed anew, ${remaining} are not of the current key: keep the former keys\n`;
}

/** A word on a terminal or in a log at most so often. */
const TELL_MS = 1000;

/** Tells a count, of how many, on the side of errors. */
export function progressTo(out: CommandOutput, what: string): (done: number, of: number) => void {
  let toldAt = performance.now();
  return (done, of) => {
    if (performance.now() - toldAt < TELL_MS) return;
    toldAt = performance.now();
    out.stderr(`${what} ${done} / ${of}\n`);
  };
}

async function reseal(deps: ResealingDeps, isCheck: boolean, out: CommandOutput): Promise<Outcome> {
  if (!isCheck) return resealAll(deps, progressTo(out, '已重新加密 sealed anew'));
  return { resealed: 0, remaining: (await generationsIn(deps)).former, unopened: [] };
}

/** Runs `keys reseal` on the arguments after it; the exit code is 0, 1, 2 or 78. */
export async function resealCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenSealed,
): Promise<number> {
  if (argv[0] === '--help') {
    out.stdout(USAGE);
    return EX_OK;
  }
  if (argv.some((word) => word !== '--check' && word !== '--json')) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { close, ...deps } = await open();
  try {
    const { unknown, unknownIn } = await generationsIn(deps);
    if (unknown > 0) {
      out.stderr(`${SEAL_KEY_MISSING} ${unknownIn}: ${unknown}\n`);
      return EX_CONFIG;
    }
    const outcome = await reseal(deps, argv.includes('--check'), out);
    out.stdout(argv.includes('--json') ? `${JSON.stringify(outcome)}\n` : sentences(outcome));
    return outcome.remaining === 0 ? EX_OK : EX_REFUSED;
  } finally {
    await close();
  }
}

/** What an operator is told whose keys do not open what is in the database. */
export const SEAL_KEY_MISSING =
  '缺少打开数据库中个人信息的密钥,请把原来的密钥放回为 seal-former.key A key that sealed personal data is missing; put it back as seal-former.key:';
