/** `owners-vote tally FILE.jsonl`: what-if counts of a file of cases, one result a line; no database, no network. */
import { readFile } from 'node:fs/promises';
import { fromUtf8 } from '../base/bytes.ts';
import type { WhatIf } from '../tally/domain/what-if.ts';
import { parseCase, whatIfProfiles } from '../tally/domain/what-if.ts';
import type { WhatIfCode } from '../tally/domain/what-if-line.ts';

/** Where a command writes. */
export type TallyOutput = { stdout(text: string): void; stderr(text: string): void };

const OK = 0;
const USAGE = 2;
const BAD_DATA = 65;

const HELP = `用法: owners-vote tally FILE.jsonl
  逐行读入假设的表决情形，按规则逐行输出计票结果（一行一个 JSON）。
  Counts what-if cases, one JSON case a line, and prints one JSON result a line:
    {"id","T","P","Y","q","p","result"}; for each alternative of "alt" a further line with id G05/1, G05/2 …

  id       名称 name of the case
  m        民法典第278条第1款的项 1–9，或数组 matter of Civil Code art. 278, or an array of them
  g        [[数量 count, 面积 area in 0.01 m², 业主 owner, 表决 vote, 类型 kind?], …]
           owner: * 每户各一人 a new owner each; 其他文字为同一人 any other text is one head
           vote: Y 同意 for, N 反对 against, A 弃权 abstain, F 从众 follow, X 无效 invalid,
                 D 已送达未表决 delivered and silent, - 未参与 absent
           kind: P 车位 parking; 其他大写字母计入 any other capital letter counts
  opt      更改的参数 changed parameters: special, silent, headKey, abstainParticipates, invalidParticipates
  alt      [[更改 changes, 预期 expected], …]
  profile  规则 rule profile, default CN-2021; 其他地区的规则 rules of other places: TW-31, FR-25, …
  seats    选举的名额 seats of an election; candidates 候选人 [id, …]; 表决为候选人数组 a vote is an array of them;
           max 每票最多 marks a ballot, rank HEADS_AREA | AREA_HEADS | SUM_FRACTIONS
  objecting  异议者的 [权重, 人数] [weight, heads] of those who object (TW-32)
  exp      不读 ignored;  note 说明 a remark

  T/P/Y = [面积 area, 人数 heads]（全体 total, 参与 participating, 同意 consenting）;
  q/p = [面积 area, 人数 heads]（参与比例 quorum, 同意比例 pass）。
  每种规则的格式和例子 the format for every profile, with examples: docs/tally-cases.md

退出码 exit codes: 0 完成 done; 2 用法错误 usage, or the file cannot be read; 65 数据有误 bad data, nothing is printed
`;

type Facts = Readonly<Record<string, string | number>>;

const REASONS: Readonly<Record<WhatIfCode, string | ((facts: Facts) => string)>> = {
  LINE_NOT_AN_OBJECT: '不是一个 JSON 对象 not a JSON object',
  MEMBER_UNKNOWN: '未知的成员 unknown member',
  MEMBER_MISSING: '缺少成员 missing member',
  ID_MALFORMED: '应为非空文字 must be a text that is not empty',
  NOTE_MALFORMED: '应为文字 must be a text',
  PROFILE_UNKNOWN: `没有这个规则 no such rule profile; known: ${whatIfProfiles().join(', ')}`,
  MATTER_UNKNOWN: '应为 1 至 9 的整数或其数组 must be an integer 1 to 9, or an array of them',
  GROUPS_MALFORMED:
    '应为 [数量, 面积, 业主, 表决, 类型?] 的数组 must be an array of [count, area, owner, vote, kind?]',
  COUNT_MALFORMED: '应为非负整数 must be a non-negative integer; above 2^53 a string',
  AREA_MALFORMED: '应为正整数（0.01 m²） must be a positive integer of 0.01 m²; above 2^53 a string',
  OWNER_MALFORMED: '应为非空文字 must be a text that is not empty',
  VOTE_UNKNOWN: '应为 must be one of Y N A F X D -',
  KIND_MALFORMED: '应为一个大写字母 must be one capital letter',
  KIND_UNKNOWN: ({ kind, known }) =>
    `此规则没有类型 this rule has no kind ${kind}; it has: ${known === '' ? '– none' : known}`,
  PARAMETERS_MALFORMED: '应为参数对象 must be an object of parameters',
  PARAMETER_UNKNOWN: ({ taken }) => `未知的参数 unknown parameter; taken here: ${taken}`,
  PARAMETER_VALUE: ({ values }) =>
    `参数值不允许 this parameter does not take that value; it takes: ${values}`,
  PARAMETER_CONTRADICTED:
    '同一参数的两个名称取值不同 two names of one parameter say different things; give one of them',
  ALTERNATIVES_MALFORMED: '应为 [更改, 预期] 的数组 must be an array of [changes, expected]',
  SEATS_MALFORMED: '应为 1 至 60 的整数 must be an integer 1 to 60',
  CANDIDATES_MALFORMED: '应为 1 至 60 个不同名称的数组 must be an array of 1 to 60 different names',
  OBJECTIONS_MALFORMED: '应为 [权重, 人数] must be [weight, heads]',
  CAPPED_OWNER_DIVIDED:
    '超过上限的业主须作同一种表决 an owner above the cap of the rule must answer in one way',
};

/** The cases of a text, or one sentence for each bad line; empty lines are passed over. */
function readCases(text: string): {
  readonly cases: readonly WhatIf[];
  readonly faults: readonly string[];
} {
  const cases: WhatIf[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = parseCase(line.trim());
    if (read.ok) cases.push(read.value);
    else {
      const { code, where = '', facts = {} } = read.refusal;
      // The member's name may come from the file: escaped, it cannot steer a terminal.
      const member = JSON.stringify(where)
        .slice(1, -1)
        .replace(/[\u007f-\u009f]/g, '?');
      const place = member === '' ? '' : ` ${member}:`;
      const reason = REASONS[code];
      const sentence = typeof reason === 'string' ? reason : reason(facts);
      faults.push(`第 ${index + 1} 行 line ${index + 1}:${place} ${sentence} [${code}]\n`);
    }
  }
  return { cases, faults };
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}

/** Runs the command on the arguments after `tally` and answers its exit code; prints nothing where a line is bad. */
export async function tallyCommand(argv: readonly string[], out: TallyOutput): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    out.stdout(HELP);
    return OK;
  }
  // The results are JSON in any case; the flag is taken since every reporting command takes it.
  const files = argv.filter((argument) => argument !== '--json');
  const [path] = files;
  if (path === undefined || files.length > 1 || path.startsWith('-')) {
    out.stderr(HELP);
    return USAGE;
  }
  const bytes = await readBytes(path);
  if (bytes === undefined) {
    out.stderr(`无法读取文件 cannot read the file: ${path}\n`);
    return USAGE;
  }
  const text = fromUtf8(bytes);
  if (text === undefined) {
    out.stderr(`文件不是 UTF-8 the file is not UTF-8: ${path}\n`);
    return BAD_DATA;
  }
  const { cases, faults } = readCases(text);
  if (faults.length > 0) {
    for (const fault of faults) out.stderr(fault);
    return BAD_DATA;
  }
  for (const evaluate of cases) for (const line of evaluate()) out.stdout(`${line}\n`);
  return OK;
}
