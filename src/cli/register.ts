/** `owners-vote register check FILE [--json]`: the import's findings, without importing; `register purge` (DESIGN §6, §7). */
import { showSquareMetres } from '../base/area.ts';
import { fromUtf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Clock } from '../base/clock.ts';
import { ok } from '../base/result.ts';
import { readBuildingPlan } from '../registry/domain/building-plan.ts';
import type { Finding, Level } from '../registry/domain/findings.ts';
import type { RegisterCheck } from '../registry/domain/import-check.ts';
import { checkRegisterFile } from '../registry/file-check.ts';
import { readOrSay } from './bounded-file.ts';
import { openDatabaseOnly } from './opening.ts';
import { diffCommand } from './register-diff.ts';
import type { OpenRegisters } from './register-purge.ts';
import { purgeCommand } from './register-purge.ts';
import { templateCommand, writeAnnotated } from './register-workbooks.ts';

/** Where a command writes. */
export type CommandOutput = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

const EXIT = { accepted: 0, refused: 1, usage: 2, unreadable: 65 } as const;

const USAGE = `用法 usage: owners-vote register check FILE [--plan PLAN] [--annotated OUT.xlsx] [--json]
  检查业主名册（XLSX、CSV），列出问题，不导入。Checks a register file without importing it.
  PLAN 是楼栋计划文件，例如 holds the rooms expected of each building: 八座: 101-104, 201-204; 九座/1单元: 101-604
  OUT.xlsx 是带问题标注的表格，改正后可直接导入 the same rows with what was found, to be corrected and imported as it is
             owners-vote register template OUT.xlsx
  写出空白名册模板；不覆盖已有文件。Writes an empty register to fill in; no file is overwritten.
             owners-vote register purge [--days N] [--draft-days N] [--json]
  删除到期的名册原始文件和无人签署的草稿。Erases files of registers whose time is over, and drafts nobody signed.
             owners-vote register diff A B [--json]
  比较同一小区两次会议的名册（A、B 是资料包文件夹）：房屋、面积、合计一人的分组，不涉及个人。
  Compares the frozen rolls of two bundles of one community: units, areas, head groups; nothing of persons.
  退出码 exit: 0 可以导入 nothing blocks · 1 有阻断问题 something blocks · 2 用法 usage · 65 文件无法读取或写出 unreadable or not written
`;

/** Takes an option and its value out of the words; an option without a value, or given twice, stays and is a mistake of usage. */
function takeOption(words: string[], name: string): string | undefined {
  const at = words.indexOf(name);
  const value = at < 0 ? undefined : words[at + 1];
  if (value === undefined || value.startsWith('--')) return undefined;
  words.splice(at, 2);
  return value;
}

/** The check as JSON; areas are decimal texts (SPEC 1.2). */
function asJson({ accepted, findings, summary }: RegisterCheck): string {
  const plain = { accepted, findings, summary: { ...summary, areaDm2: summary.areaDm2.toString() } };
  return `${JSON.stringify(plain, null, 2)}\n`;
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = { error: '阻断', warning: '请确认', info: '提示' };
const LEVELS: readonly Level[] = ['error', 'warning', 'info'];
/** Places shown for one code; the JSON form has all. */
const SHOWN = 20;

function placeLine({ row, column, header, value, message }: Finding): string {
  const where = [
    row === null ? '' : `第 ${row} 行`,
    column === null ? '' : `${column} 列`,
    header === null ? '' : `「${header}」`,
  ].filter((part) => part !== '');
  const detail = /（.*）$/su.exec(message)?.[0] ?? '';
  const shown = value === null || value === '' ? '' : `：${value}`;
  return `    ${where.length > 0 ? where.join(' ') : '整个文件'}${shown}${detail}`;
}

function groupLines(findings: readonly Finding[], level: Level): readonly string[] {
  const groups = new Map<string, Finding[]>();
  for (const item of findings) {
    if (item.level !== level) continue;
    const group = groups.get(item.code);
    if (group === undefined) groups.set(item.code, [item]);
    else group.push(item);
  }
  const lines: string[] = [];
  for (const [code, items] of groups) {
    const [first] = items;
    const sentence = first?.message.replace(/（.*）$/su, '') ?? '';
    lines.push(`【${LEVEL_WORDS[level]}】${code} ${sentence}，${items.length} 处。${first?.hint ?? ''}`);
    lines.push(...items.slice(0, SHOWN).map(placeLine));
    if (items.length > SHOWN) lines.push(`    …… 还有 ${items.length - SHOWN} 处（用 --json 看全部）`);
  }
  return lines;
}

/** The check for a person. */
function asReport(file: string, check: RegisterCheck): string {
  const { units, heads, persons, areaDm2 } = check.summary;
  const lines = [
    `名册检查 ${file}`,
    `房屋 ${units} 套 · 业主人数（表决权）${heads} · 登记人 ${persons} · 专有部分面积 ${showSquareMetres(areaDm2)} ㎡`,
    ...LEVELS.flatMap((level) => groupLines(check.findings, level)),
    check.accepted ? '结论：可以导入。' : '结论：不能导入。请改正“阻断”各项后重新检查；不会只导入一部分。',
  ];
  return `${lines.join('\n')}\n`;
}

/** Runs `register …`; the exit code is 0, 1, 2 or 65. */
export async function registerCommand(
  argv: readonly string[],
  out: CommandOutput,
  clock: Clock = Date.now,
  open: OpenRegisters = openDatabaseOnly,
): Promise<number> {
  if (argv.includes('--help')) {
    out.stdout(USAGE);
    return EXIT.accepted;
  }
  if (argv[0] === 'template') return templateCommand(argv.slice(1), out, USAGE);
  if (argv[0] === 'purge') return purgeCommand(argv.slice(1), out, clock, open, USAGE);
  if (argv[0] === 'diff') return diffCommand(argv.slice(1), out, USAGE);
  const json = argv.includes('--json');
  const words = argv.filter((word) => word !== '--json');
  const planFile = takeOption(words, '--plan');
  const annotated = takeOption(words, '--annotated');
  const [verb, file, ...rest] = words;
  if (verb !== 'check' || file === undefined || file.startsWith('--') || rest.length > 0) {
    out.stderr(USAGE);
    return EXIT.usage;
  }
  const bytes = await readOrSay(file, out);
  const planBytes = planFile === undefined ? undefined : await readOrSay(planFile, out);
  if (bytes === undefined || (planFile !== undefined && planBytes === undefined)) return EXIT.unreadable;
  // What is no UTF-8 is no plan.
  const plan = planBytes === undefined ? undefined : (fromUtf8(planBytes) ?? '').replace(/^\ufeff/, '');
  const planned = plan === undefined ? ok(undefined) : readBuildingPlan(plan);
  if (!planned.ok) {
    out.stderr(`楼栋计划写法有误 The building plan does not read: ${planned.refusal.where ?? ''}\n`);
    return EXIT.unreadable;
  }
  const check = await checkRegisterFile(bytes, {
    today: civilDateAt(clock()),
    ...(plan === undefined ? {} : { plan }),
  });
  out.stdout(json ? asJson(check) : asReport(file, check));
  if (annotated !== undefined && !(await writeAnnotated(bytes, check.findings, annotated, out)))
    return EXIT.unreadable;
  return check.accepted ? EXIT.accepted : EXIT.refused;
}
