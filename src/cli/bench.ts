/** `owners-vote bench`: measurements, each figure with the limit that was measured in the same run (DESIGN §6). */
import { parseArgs } from 'node:util';
import { benchCast } from './bench/cast-bench.ts';
import type { Figure } from './bench/figures.ts';
import { showFigures } from './bench/figures.ts';
import { benchFund } from './bench/fund-bench.ts';
import { benchLog } from './bench/log-bench.ts';
import { benchTally } from './bench/tally-bench.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_OK, EX_USAGE } from './command-output.ts';

const USAGE = `用法 Usage: owners-vote bench cast|log|fund|tally [选项 options] [--json]

  cast   每秒接受的选票,与同机、同批次的上限程序对照
         accepted casts a second, beside a program that only parses, verifies and signs
    --casts N            每轮选票数 casts a round (default 4000)
    --rounds N           轮数 rounds, limit and service in turn (default 3; 0: none)
    --connections N      并发连接 connections (default 64)
    --flush-delay-ms N   每次落盘多用的毫秒数 what each flush of the disk takes longer (default 0)
    --growth             另测一万行与一百万行时的成本 also the cost with 10,000 and with 1,000,000 rows
    --steady N           另测连续 N 票的内存 also the memory over N casts
  log    排序、发布与核对 sequencing, publishing, checking
    --entries N          每轮条目数 entries a round (default 20000)
    --rounds N, --flush-delay-ms N
  fund   每秒记账笔数与全体冻结,与同样语句的裸跑对照
         entries of the fund a second and the hold on every household, beside a bare run of the same statements
    --households N       户数 households (default 2000)
    --receipts N         每轮收款笔数 receipts a round, one by one and as one file (default 300)
    --rounds N, --flush-delay-ms N
  tally  一次会议的计票,与只打开密封选择相比
         counting a meeting, beside only opening its sealed answers
    --entitlements N     户数 entitlements (default 3000)
    --proposals N        议题数 proposals (default 12)
    --rounds N

自带数据库,结束后全部删除。 Brings its own database and leaves nothing behind.
verify, page: 尚未提供 not yet.
`;

const GROWTH = [10_000, 1_000_000];
const LATER: readonly string[] = ['verify', 'page'];

const OPTIONS = {
  casts: { type: 'string', default: '4000' },
  rounds: { type: 'string', default: '3' },
  connections: { type: 'string', default: '64' },
  'flush-delay-ms': { type: 'string', default: '0' },
  growth: { type: 'boolean', default: false },
  steady: { type: 'string', default: '0' },
  entries: { type: 'string', default: '20000' },
  households: { type: 'string', default: '2000' },
  receipts: { type: 'string', default: '300' },
  entitlements: { type: 'string', default: '3000' },
  proposals: { type: 'string', default: '12' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const BENCHES = ['cast', 'log', 'fund', 'tally'] as const;

const isBench = (what: string): what is (typeof BENCHES)[number] =>
  (BENCHES as readonly string[]).includes(what);

/** A whole number in its range, or undefined. */
const whole = (text: string, min: number, max: number): number | undefined =>
  /^(0|[1-9]\d{0,6})$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;

function read(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    const numbers = {
      casts: whole(values.casts, 20, 12_000),
      rounds: whole(values.rounds, 0, 20),
      connections: whole(values.connections, 1, 1000),
      flushDelayMs: whole(values['flush-delay-ms'], 0, 100),
      steady: whole(values.steady, 0, 1_000_000),
      entries: whole(values.entries, 100, 1_000_000),
      households: whole(values.households, 10, 20_000),
      receipts: whole(values.receipts, 1, 5_000),
      entitlements: whole(values.entitlements, 10, 12_000),
      proposals: whole(values.proposals, 1, 40),
    };
    if (Object.values(numbers).includes(undefined) || positionals.length > 1) return undefined;
    return {
      values,
      what: positionals[0] ?? '',
      numbers: numbers as Readonly<Record<keyof typeof numbers, number>>,
    };
  } catch {
    return undefined;
  }
}

/** Measures and prints. */
export async function benchCommand(argv: readonly string[], out: CommandOutput): Promise<number> {
  const asked = read(argv);
  if (asked?.values.help === true) {
    out.stdout(USAGE);
    return EX_OK;
  }
  if (asked !== undefined && LATER.includes(asked.what)) {
    out.stderr(`not yet: ${asked.what} 尚未提供 is not built yet.\n`);
    return EX_USAGE;
  }
  if (asked === undefined || !isBench(asked.what)) {
    out.stderr(USAGE);
    return EX_USAGE;
  }
  const { numbers, values } = asked;
  const say = (line: string): void => out.stderr(`${line}\n`);
  const rounds = Math.max(1, numbers.rounds);
  const figures: readonly Figure[] = await {
    cast: () => benchCast({ ...numbers, growth: values.growth ? GROWTH : [] }, say),
    log: () => benchLog({ ...numbers, rounds }, say),
    fund: () => benchFund({ ...numbers, rounds }, say),
    tally: () => benchTally({ ...numbers, rounds }, say),
  }[asked.what]();
  out.stdout(values.json ? `${JSON.stringify(figures)}\n` : showFigures(figures));
  return EX_OK;
}
