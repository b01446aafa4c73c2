/** `owners-vote register diff A B [--json]`: what differs between the frozen rolls of two bundles of one community (SPEC 4.4, DESIGN §6). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDecimal, showSquareMetres } from '../base/area.ts';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import type { RollLeaf } from '../record/roll.ts';
import { rollLeafForm } from '../record/roll.ts';
import type { Place, RollDifference, RollTotals } from '../registry/domain/roll-difference.ts';
import { rollDifference } from '../registry/domain/roll-difference.ts';
import type { CommandOutput } from './command-output.ts';
import { EX_DATA, EX_OK, EX_REFUSED, EX_USAGE } from './command-output.ts';

/** The leaves of a bundle's roll; undefined, with a sentence, where they cannot be read. Nothing is verified: `verify` does that. */
async function readRoll(folder: string, out: CommandOutput): Promise<readonly RollLeaf[] | undefined> {
  const path = join(folder, 'roll.jsonl');
  const bytes = await readFile(path).catch((error: unknown) => {
    out.stderr(`无法读取 Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  if (bytes === undefined) return undefined;
  const lines = (fromUtf8(bytes) ?? '?').split('\n').slice(0, -1);
  const leaves: RollLeaf[] = [];
  for (const [at, line] of lines.entries()) {
    const parsed = rollLeafForm.parse(utf8(line));
    if (!parsed.ok) {
      out.stderr(`${path} 第 ${at + 1} 行不是名册记录 Line ${at + 1} is no roll leaf.\n`);
      return undefined;
    }
    leaves.push(parsed.value);
  }
  if (leaves.length === 0) out.stderr(`${path} 没有名册记录 There is no roll leaf in it.\n`);
  return leaves.length === 0 ? undefined : leaves;
}

const metres = (areaDm2: string): string => showSquareMetres(parseDecimal(areaDm2) ?? 0n);
const placeWords = ({ building, stair, room }: Place): string =>
  [building, stair, room].filter((part) => part !== '').join(' ');
const totalWords = ({ units, heads, areaDm2 }: RollTotals): string =>
  `${units} 套 units · ${heads} 人 heads · ${metres(areaDm2)} ㎡`;

/** The difference for a person. */
function asReport(difference: RollDifference): string {
  const { before, after, added, removed, changed, headsGone, headsNew } = difference;
  const group = (units: readonly Place[]): string => units.map(placeWords).join('、');
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${title} ${lines.length}`, ...lines.map((line) => `    ${line}`)];
  const lines = [
    `之前 before  ${totalWords(before)}`,
    `之后 after   ${totalWords(after)}`,
    ...part(
      '增加的房屋 units added',
      added.map((each) => `${placeWords(each)} ${each.kind} ${metres(each.areaDm2)} ㎡`),
    ),
    ...part(
      '减少的房屋 units removed',
      removed.map((each) => `${placeWords(each)} ${each.kind} ${metres(each.areaDm2)} ㎡`),
    ),
    ...part(
      '面积或用途有变 area or kind changed',
      changed.map(
        (each) =>
          `${placeWords(each)} ${each.before.kind} ${metres(each.before.areaDm2)} → ${each.after.kind} ${metres(each.after.areaDm2)} ㎡`,
      ),
    ),
    ...part('不再合计一人的房屋 no longer one head', headsGone.map(group)),
    ...part('现在合计一人的房屋 now one head', headsNew.map(group)),
  ];
  if (lines.length === 2) lines.push('房屋、面积、合计一人的分组都没有变化 no difference');
  return `${lines.join('\n')}\n`;
}

/** Runs `register diff` on the words after it; 0 whether or not anything differs, 1 where the rolls are of two communities, 2 or 65. */
export async function diffCommand(
  argv: readonly string[],
  out: CommandOutput,
  usage: string,
): Promise<number> {
  const words = argv.filter((word) => word !== '--json');
  const [first, second, ...rest] = words;
  if (
    first === undefined ||
    second === undefined ||
    rest.length > 0 ||
    words.some((word) => word.startsWith('--'))
  ) {
    out.stderr(usage);
    return EX_USAGE;
  }
  const [before, after] = [await readRoll(first, out), await readRoll(second, out)];
  if (before === undefined || after === undefined) return EX_DATA;
  const difference = rollDifference(before, after);
  if (difference === undefined) {
    out.stderr('两份名册没有相同的房屋，不是同一个小区 The rolls have no unit in common: two communities.\n');
    return EX_REFUSED;
  }
  out.stdout(argv.includes('--json') ? `${JSON.stringify(difference, null, 2)}\n` : asReport(difference));
  return EX_OK;
}
