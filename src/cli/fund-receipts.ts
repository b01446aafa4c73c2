/** `owners-vote fund receipts FILE`: what an import of a bank's receipts would find, without booking anything (DESIGN §6). */
import { civilDateAt } from '../base/civil-date.ts';
import type { Clock } from '../base/clock.ts';
import { showYuan, sumFen } from '../base/fen.ts';
import type { Database } from '../db/connect.ts';
import { bankFinding, blocksFile } from '../fund/domain/bank-findings.ts';
import type { ReceiptReading } from '../fund/domain/receipt-file.ts';
import { readReceiptFile } from '../fund/domain/receipt-file.ts';
import { sniff } from '../registry/domain/sniff.ts';
import { registryUnits } from '../registry/units.ts';
import { readOrSay } from './bounded-file.ts';
import type { CommandOutput } from './command-output.ts';
import { shown } from './command-output.ts';

/** Opens the database; the command closes what it opened. */
export type OpenFund = () => Promise<{ readonly db: Database; close(): Promise<void> }>;

const EXIT = { accepted: 0, refused: 1, usage: 2, unreadable: 65 } as const;
const LEVEL_WORDS = { error: '阻断', warning: '请确认', info: '提示' } as const;

type Arguments = {
  readonly file: string;
  readonly community: string | undefined;
  readonly unknownAsUnidentified: boolean;
  readonly json: boolean;
};

/** The arguments after `receipts`, or undefined where they are not understood. */
function readArguments(argv: readonly string[]): Arguments | undefined {
  const words = [...argv];
  const flag = (name: string): boolean => {
    const at = words.indexOf(name);
    if (at >= 0) words.splice(at, 1);
    return at >= 0;
  };
  const json = flag('--json');
  const unknownAsUnidentified = flag('--unknown-unidentified');
  const at = words.indexOf('--community');
  const community = at < 0 ? undefined : words.splice(at, 2)[1];
  if (at >= 0 && !/^[a-z2-7]{26}$/.test(community ?? '')) return undefined;
  const [file, ...more] = words;
  if (file === undefined || file.startsWith('--') || more.length > 0) return undefined;
  return { file, community, unknownAsUnidentified, json };
}

/** The units of a community's register; undefined where none is named. */
async function unitsOf(community: string | undefined, open: OpenFund) {
  if (community === undefined) return undefined;
  const { db, close } = await open();
  try {
    return await registryUnits(db, community);
  } finally {
    await close();
  }
}

const totalOf = ({ receipts }: ReceiptReading): bigint => sumFen(receipts.map(({ amountFen }) => amountFen));

/** The check for a person. */
function asReport(file: string, reading: ReceiptReading): string {
  const lines = [
    `银行回单检查 ${shown(file)}`,
    `可读 ${reading.receipts.length} 笔 · 合计 ${showYuan(totalOf(reading))} 元`,
    ...reading.findings.map(
      ({ level, code, row, where, zh }) =>
        `【${LEVEL_WORDS[level]}】${code} ${row === null ? '整个文件' : `第 ${row} 行`}${where === '' ? '' : `（${shown(where)}）`}：${shown(zh)}`,
    ),
    blocksFile(reading.findings)
      ? '结论：不能记账。请改正“阻断”各项后重新检查；不会只记一部分。'
      : '结论：可以记账。',
  ];
  return `${lines.join('\n')}\n`;
}

/** The check as JSON; amounts are decimal texts in fen (SPEC 1.2). */
const asJson = (reading: ReceiptReading): string =>
  `${JSON.stringify(
    {
      accepted: !blocksFile(reading.findings),
      receipts: reading.receipts.length,
      totalFen: String(totalOf(reading)),
      findings: reading.findings,
    },
    null,
    2,
  )}\n`;

/** Runs `fund receipts …`; the exit code is 0, 1, 2 or 65. */
export async function receiptsCommand(
  argv: readonly string[],
  out: CommandOutput,
  open: OpenFund,
  help: string,
  clock: Clock = Date.now,
): Promise<number> {
  const wanted = readArguments(argv);
  if (wanted === undefined) {
    out.stderr(help);
    return EXIT.usage;
  }
  const bytes = await readOrSay(wanted.file, out);
  if (bytes === undefined) return EXIT.unreadable;
  const text = sniff(bytes);
  const reading: ReceiptReading = text.ok
    ? readReceiptFile(text.value.text, {
        units: await unitsOf(wanted.community, open),
        today: civilDateAt(clock()),
        unknownAsUnidentified: wanted.unknownAsUnidentified,
      })
    : { receipts: [], findings: [bankFinding('FUND-F001', null, text.refusal.code)] };
  out.stdout(wanted.json ? asJson(reading) : asReport(wanted.file, reading));
  return blocksFile(reading.findings) ? EXIT.refused : EXIT.accepted;
}
