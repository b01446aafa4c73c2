/** `owners-vote fund top-ups FILE --community ID`: households with less than 30 % of their first deposit (DESIGN §6). */
import { showYuan, sumFen } from '../base/fen.ts';
import type { TopUpList } from '../fund/domain/top-ups.ts';
import type { UnitPlace } from '../fund/domain/unit-finding.ts';
import type { FundRefusal } from '../fund/refusals.ts';
import { LEAST_TARGET_PERCENT, listTopUps } from '../fund/topping-up.ts';
import { sniff } from '../registry/domain/sniff.ts';
import { readOrSay } from './bounded-file.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE, shown } from './command-output.ts';
import type { OpenFund } from './fund-receipts.ts';

const ID = /^[a-z2-7]{26}$/;

const placeOf = ({ building, stair, room }: UnitPlace): string =>
  shown([building, stair, room].filter((part) => part !== '').join(' '));

function asReport({ below, unknown }: TopUpList): string {
  const lines = below.map(
    (one) =>
      `${placeOf(one)}：首期 ${showYuan(one.firstDepositFen)} 元，余额 ${showYuan(one.balanceFen)} 元，距三成差 ${showYuan(one.missingFen)} 元`,
  );
  const missing = showYuan(sumFen(below.map(({ missingFen }) => missingFen)));
  return [
    ...lines,
    `应续交 to top up: ${below.length} 户 households，距三成共差 ${missing} 元`,
    ...(unknown.length === 0
      ? []
      : [`首期不详，未判断 first deposit unknown: ${unknown.map(placeOf).join('、')}`]),
    '',
  ].join('\n');
}

/** Amounts are decimal texts in fen (SPEC 1.2). */
const asJson = ({ below, unknown }: TopUpList): string =>
  `${JSON.stringify({ below, unknown }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`;

function refused({ code, findings = [] }: FundRefusal, out: CommandOutput): number {
  if (code === 'FUND_BOOK_MISSING')
    out.stderr('该小区没有维修资金账簿 the community has no book of the fund\n');
  for (const { code: fault, row, where, zh, en } of findings)
    out.stderr(`${fault} ${row === null ? '整个文件' : `第 ${row} 行`} ${shown(where)}: ${zh} ${en}\n`);
  return EX_REFUSED;
}

/** Runs `fund top-ups …`; the exit code is 0, 1, 2 or 65. */
export async function topUpsCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenFund,
  help: string,
): Promise<number> {
  const words = argv.filter((word) => word !== '--json');
  const [file, option, community, ...more] = words;
  if (
    file === undefined ||
    file.startsWith('--') ||
    option !== '--community' ||
    more.length > 0 ||
    !ID.test(community ?? '')
  ) {
    out.stderr(help);
    return EX_USAGE;
  }
  const bytes = await readOrSay(file, out);
  if (bytes === undefined) return EX_DATA;
  const text = sniff(bytes);
  if (!text.ok) {
    out.stderr(`文件无法读取 unreadable: ${text.refusal.code}\n`);
    return EX_DATA;
  }
  const { db, close } = await open();
  try {
    const question = {
      community: community ?? '',
      csv: text.value.text,
      targetPercent: LEAST_TARGET_PERCENT,
    };
    const list = await listTopUps(db, question);
    if (!list.ok) return refused(list.refusal, out);
    out.stdout(argv.includes('--json') ? asJson(list.value) : asReport(list.value));
    return EX_OK;
  } finally {
    await close();
  }
}
