/**
 * `owners-vote letters`: makes the sealed letters on the registrar's own computer, without network, from the register file as its
 * source delivered it (SPEC 3.2). Codes go to paper only: they are in no output but the pages to print.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText, fromUtf8 } from '../base/bytes.ts';
import { civilDateAt, parseCivilDate } from '../base/civil-date.ts';
import type { Clock, Random } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { rosterFile } from '../identity/contract.ts';
import { householdsOf } from '../identity/domain/letter-households.ts';
import type { LettersRefusal, MadeLetters } from '../identity/domain/letter-making.ts';
import { makeAgentLetters, makeLetters } from '../identity/domain/letter-making.ts';
import type { LetterRoster } from '../identity/letter-roster.ts';
import type { Register } from '../registry/domain/register-units.ts';
import { MAX_FILE_BYTES } from '../registry/domain/sniff.ts';
import type { OpenRefusal } from '../registry/opened-register.ts';
import { openRegisterFile } from '../registry/opened-register.ts';
import { readAgents } from './agents-file.ts';
import { deliveryList, printPages } from './letter-pages.tsx';

/** Where a command writes. */
export type LettersOutput = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

const EXIT = { ok: 0, refused: 1, usage: 2, badData: 65 } as const;

const USAGE = `用法 usage: owners-vote letters --register FILE --roster ROSTER.json --out DIR --host https://vote.example
                           [--until YYYY-MM-DD] [--reissue PERSON,PERSON…] [--help-line 电话]
       owners-vote letters --agents AGENTS.csv --roster ROSTER.json --out DIR --host https://vote.example …
  在登记员自己的电脑上制作信函,不联网。FILE 是导入时的原始名册文件,ROSTER.json 从控制台下载。
  DIR/letters.json 上传到控制台;DIR/print/*.html 用浏览器打印后装入窗口信封,打印后请删除;
  DIR/delivery-list.html 是送达清单,没有投票码。
  --agents 给没有房屋的代理人制函,每行“姓名,证件号码[,手机[,通信地址]]”;在控制台按“补发”上传,由两名人员签署。
  Makes the sealed letters offline. DIR/letters.json is uploaded; DIR/print/*.html is printed, then deleted; DIR/delivery-list.html has no codes.
  退出码 exit: 0 完成 done · 1 名册不一致或已有信函 refused · 2 用法 usage · 65 文件无法读取 unreadable
`;

/** Sentences of what stops the command. */
const SENTENCES: Readonly<Record<LettersRefusal['code'] | CommandRefusal['code'], string>> = {
  LETTERS_FILE_DIFFERS: '名册文件与导入时的文件不同 the file is not the one that was imported',
  LETTERS_FILE_REFUSED: '名册文件不能通过检查 the file does not pass the check',
  LETTERS_UNIT_DIFFERS: '房屋与系统中的名册不一致 the unit differs from the roster',
  LETTERS_OWNER_DIFFERS: '业主与系统中的名册不一致 the owner differs from the roster',
  LETTERS_PERSON_UNKNOWN: '名册中没有这个人 the roster has no such person',
  LETTERS_AGENT_UNKNOWN: '没有这样的代理人,或没有有效的委托 no mandate in force names such an agent',
  AGENTS_MALFORMED: '代理人名单这一行有误 a line of the list of agents is malformed',
  LETTERS_TOO_MANY_UNITS: '一封信函最多列 20000 套房屋 a letter names at most 20000 units',
  LETTERS_NONE_NEEDED:
    '每位业主都已有信函;补发请用 --reissue everybody has a letter; use --reissue to replace one',
  OUT_NOT_EMPTY: '输出文件夹不是空的,不会覆盖 the folder is not empty, nothing is overwritten',
  FILE_UNREADABLE: '文件无法读取 the file cannot be read',
  ROSTER_MALFORMED: 'ROSTER.json 格式有误 the roster is malformed',
};

type CommandRefusal =
  | OpenRefusal
  | Refusal<'AGENTS_MALFORMED' | 'OUT_NOT_EMPTY' | 'FILE_UNREADABLE' | 'ROSTER_MALFORMED'>;

const BAD_DATA: ReadonlySet<string> = new Set(['FILE_UNREADABLE', 'ROSTER_MALFORMED', 'AGENTS_MALFORMED']);

type Options = {
  /** The register file, or the list of agents in its place. */
  readonly register: string;
  readonly agents: string;
  readonly roster: string;
  readonly out: string;
  readonly host: string;
  readonly until: string;
  readonly reissue: readonly string[];
  readonly helpLine: string;
};

const NAMES = ['register', 'agents', 'roster', 'out', 'host', 'until', 'reissue', 'help-line'];
/** Letters carry secrets in their address, so only a secure page may be named; a demo runs on its own computer. */
const HOST =
  /^(?:https:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?)$/;

function readOptions(argv: readonly string[]): Options | undefined {
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at += 2) {
    const name = /^--([a-z-]+)$/.exec(argv[at] ?? '')?.[1];
    const value = argv[at + 1];
    if (name === undefined || !NAMES.includes(name) || given.has(name) || value === undefined)
      return undefined;
    given.set(name, value);
  }
  const [register, agents] = [given.get('register') ?? '', given.get('agents') ?? ''];
  const [roster, out] = [given.get('roster'), given.get('out')];
  const host = (given.get('host') ?? '').replace(/\/$/, '');
  const until = given.get('until') ?? '';
  if (roster === undefined || out === undefined || !HOST.test(host)) return undefined;
  if ((register === '') === (agents === '') || (agents !== '' && given.has('reissue'))) return undefined;
  if (until !== '' && parseCivilDate(until) === undefined) return undefined;
  const reissue = (given.get('reissue') ?? '').split(',').filter((person) => person !== '');
  return { register, agents, roster, out, host, until, reissue, helpLine: given.get('help-line') ?? '' };
}

/** A file of at most `limit` bytes. */
export async function readBounded(path: string, limit: number): Promise<Result<Uint8Array, CommandRefusal>> {
  try {
    const { size } = await stat(path);
    return size > limit ? refuse('FILE_UNREADABLE', path) : ok(new Uint8Array(await readFile(path)));
  } catch {
    return refuse('FILE_UNREADABLE', path);
  }
}

const MAX_ROSTER_BYTES = 64 * 1024 * 1024;

/** The roster that the console handed out. */
export async function readRoster(path: string): Promise<Result<LetterRoster, CommandRefusal>> {
  const bytes = await readBounded(path, MAX_ROSTER_BYTES);
  if (!bytes.ok) return bytes;
  try {
    const read = rosterFile.safeParse(JSON.parse(fromUtf8(bytes.value) ?? ''));
    // Absent settings are absent: the file is JSON, which has no undefined.
    if (read.success) return ok(read.data as LetterRoster);
    return refuse('ROSTER_MALFORMED', read.error.issues[0]?.path.join('.') ?? '');
  } catch {
    return refuse('ROSTER_MALFORMED', path);
  }
}

/** The register of the very file that was imported. */
export const openRegister = (
  file: Uint8Array,
  roster: LetterRoster,
  clock: Clock,
): Promise<Result<Register, CommandRefusal>> => openRegisterFile(file, roster, civilDateAt(clock()));

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = { mode: 0o600, flag: 'wx' } as const;

async function makeFolder(path: string): Promise<Result<undefined, CommandRefusal>> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
  return (await readdir(path)).length > 0 ? refuse('OUT_NOT_EMPTY', path) : ok(undefined);
}

async function writeAll(options: Options, roster: LetterRoster, made: MadeLetters): Promise<number> {
  const households = householdsOf(made.codes);
  const { host, until, helpLine } = options;
  const facts = { community: roster.name, host, until, helpLine };
  const pages = printPages(households, facts);
  await mkdir(join(options.out, 'print'), { mode: PRIVATE_FOLDER });
  for (const [at, page] of pages.entries()) {
    const name = `letters-${String(at + 1).padStart(3, '0')}.html`;
    await writeFile(join(options.out, 'print', name), page, PRIVATE_FILE);
  }
  await writeFile(join(options.out, 'delivery-list.html'), deliveryList(households, facts), PRIVATE_FILE);
  const items = [...made.items].sort((a, b) => compareText(a.letter, b.letter));
  const upload = { batch: made.batch, madeIn: 'command', until: options.until, items };
  await writeFile(join(options.out, 'letters.json'), `${JSON.stringify(upload)}\n`, PRIVATE_FILE);
  return households.length;
}

/** Letters of the register's owners, or of the listed agents. */
async function make(
  { register: path, agents, reissue }: Options,
  roster: LetterRoster,
  clock: Clock,
  random: Random,
): Promise<Result<MadeLetters, CommandRefusal | LettersRefusal>> {
  const file = await readBounded(agents === '' ? path : agents, MAX_FILE_BYTES);
  if (!file.ok) return file;
  if (agents !== '') {
    const listed = readAgents(file.value, civilDateAt(clock()));
    return listed.ok ? makeAgentLetters({ roster, agents: listed.value, random }) : listed;
  }
  const register = await openRegister(file.value, roster, clock);
  if (!register.ok) return register;
  const only = reissue.length > 0 ? { only: reissue } : {};
  return makeLetters({ roster, register: register.value, random, ...only });
}

async function run(
  options: Options,
  out: LettersOutput,
  clock: Clock,
  random: Random,
): Promise<Result<undefined, CommandRefusal | LettersRefusal>> {
  const roster = await readRoster(options.roster);
  if (!roster.ok) return roster;
  const made = await make(options, roster.value, clock, random);
  if (!made.ok) return made;
  const folder = await makeFolder(options.out);
  if (!folder.ok) return folder;
  const households = await writeAll(options, roster.value, made.value);
  out.stdout(
    `已制作 ${made.value.items.length} 封信函,${households} 户。批次 ${made.value.batch}\n` +
      `上传 upload: ${join(options.out, 'letters.json')}\n` +
      `打印 print: ${join(options.out, 'print')} (打印后请删除 delete after printing)\n`,
  );
  return ok(undefined);
}

/** Runs `letters …`; the exit code is 0, 1, 2 or 65. Never writes a code to `out`. */
export async function lettersCommand(
  argv: readonly string[],
  out: LettersOutput,
  clock: Clock = Date.now,
  random: Random = (size) => new Uint8Array(randomBytes(size)),
): Promise<number> {
  if (argv.includes('--help')) {
    out.stdout(USAGE);
    return EXIT.ok;
  }
  const options = readOptions(argv);
  if (options === undefined) {
    out.stderr(USAGE);
    return EXIT.usage;
  }
  const done = await run(options, out, clock, random);
  if (done.ok) return EXIT.ok;
  const { code, where } = done.refusal;
  out.stderr(`${SENTENCES[code]}${where === undefined ? '' : `: ${where}`}\n`);
  return BAD_DATA.has(code) ? EXIT.badData : EXIT.refused;
}
