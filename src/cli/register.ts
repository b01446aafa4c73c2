/** `owners-vote register check FILE [--json]`: the import's findings, without importing (DESIGN §6, §7). */
import { open, stat } from 'node:fs/promises';
import { showSquareMetres } from '../base/area.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Clock } from '../base/clock.ts';
import type { Finding, Level } from '../registry/domain/findings.ts';
import type { RegisterCheck } from '../registry/domain/import-check.ts';
import { MAX_FILE_BYTES } from '../registry/domain/sniff.ts';
import { checkRegisterFile } from '../registry/file-check.ts';

/** Where a command writes. */
export type CommandOutput = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

const EXIT = { accepted: 0, refused: 1, usage: 2, unreadable: 65 } as const;

const USAGE = `用法 usage: owners-vote register check FILE [--json]
  检查业主名册（XLSX、CSV），列出问题，不导入。Checks a register file without importing it.
  退出码 exit: 0 可以导入 nothing blocks · 1 有阻断问题 something blocks · 2 用法 usage · 65 文件无法读取 unreadable
`;

/** The file's bytes, at most one more than the limit: what is too large is refused without being read. */
async function readBounded(path: string): Promise<Uint8Array> {
  // Asked before opening: to open a pipe would wait for its writer.
  const { size: fileSize, isFile } = await stat(path).then((s) => ({ size: s.size, isFile: s.isFile() }));
  if (!isFile) throw new Error('not a regular file');
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(Math.min(fileSize, MAX_FILE_BYTES + 1));
    let size = 0;
    while (size < bytes.length) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return bytes.subarray(0, size);
  } finally {
    await file.close();
  }
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
): Promise<number> {
  if (argv.includes('--help')) {
    out.stdout(USAGE);
    return EXIT.accepted;
  }
  const json = argv.includes('--json');
  const [verb, file, ...rest] = argv.filter((word) => word !== '--json');
  const isUsed = verb === 'check' && file !== undefined && !file.startsWith('--') && rest.length === 0;
  if (!isUsed) {
    out.stderr(USAGE);
    return EXIT.usage;
  }
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    out.stderr(`无法读取文件 ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.unreadable;
  }
  const check = await checkRegisterFile(bytes, { today: civilDateAt(clock()) });
  out.stdout(json ? asJson(check) : asReport(file, check));
  return check.accepted ? EXIT.accepted : EXIT.refused;
}
