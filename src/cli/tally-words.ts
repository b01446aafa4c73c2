/** What `owners-vote tally` says: its help, and why a line is refused (docs/tally-cases.md). */
import { whatIfProfiles } from '../tally/domain/what-if.ts';
import type { WhatIfCode, WhatIfRefusal } from '../tally/domain/what-if-line.ts';

export const HELP = `用法: owners-vote tally FILE.jsonl
       owners-vote tally - < FILE.jsonl
  逐行读入假设的表决情形，按规则逐行输出计票结果（一行一个 JSON）。
  Counts what-if cases, one JSON case a line, and prints one JSON result a line.

每行 every line
  id       名称 name of the case
  profile  规则 rule profile, default CN-2021:
${whatIfProfiles()
  .map((id) => `             ${id}`)
  .join('\n')}
  g        [[数量 count, 面积或权重 area or weight, 业主 owner, 表决 vote, 类型 kind?], …]
           area: 正整数，中国规则以 0.01 m² 计 a positive integer, in 0.01 m² under Chinese rules
           owner: * 每户各一人 a new owner each; 其他文字为同一人 any other text is one owner
           vote: Y 同意 for, N 反对 against, A 弃权 abstain, F 从众 follow, X 无效 invalid,
                 D 已送达未表决 delivered and silent, - 未参与 absent
  exp      不读 ignored;  note 说明（文字） a remark, a text

议题 a motion: CN-2021, DEMO-CN-2021
  m        民法典第278条第1款的项 1–9，或数组 matter of Civil Code art. 278, or an array of them
  kind     P 车位 parking; 其他大写字母计入 any other capital letter counts
  opt      更改的参数 changed parameters: special, silent, headKey, abstainParticipates, invalidParticipates
  alt      [[更改 changes, 预期 expected], …]; 每项另有一行，名称 each gets a line of its own, named G05/1, G05/2 …
  结果 result: {"id","T","P","Y","q","p","result"}
           T/P/Y = [面积 area, 人数 heads]（全体 total, 参与 participating, 同意 consenting）;
           q/p = [面积 area, 人数 heads]（参与比例 quorum, 同意比例 pass）
           result: ADOPTED | REJECTED | NOT_QUORATE | NO_SCOPE

选举 an election: CN-2021, DEMO-CN-2021
  seats    名额 1–60;  candidates 候选人 1 to 60 of them: [id, …]
  g        表决为所选候选人的数组 a vote is an array of the candidates marked; "A" 弃权 none, "X" 无效 void, "-" 未参与 absent;
           至多 200,000 位业主 at most 200,000 owners
  kind     同议题 as in a motion
  max      每票最多选几人 marks a ballot;  rank HEADS_AREA | AREA_HEADS | SUM_FRACTIONS
  opt      special, invalidParticipates
  结果 result: {"id","T","P","q","candidates":[{"id","Y","p"}],"elected","runOff","reserve","vacant","result"}
           result: ELECTED | RUN_OFF | VACANT | NOT_QUORATE | NO_SCOPE

其他地区和时期的规则 rules of other places and times: all other profiles
  m        CN-2007 需要，其他不读 needed for CN-2007, not read elsewhere;  opt 仅 only CN-2007: special
  kind     I 亲自出席 came in person (HK-WORKS); U 下落不明 cannot be found (JP-2026-31); 同 as above (CN-2007)
  objecting  异议者的 [权重, 人数] [weight, heads] of those who object (TW-32)
  结果 result: {"id","rules","T","P","Y","N","q","p","result"}; N 反对 against; q/p 每项条件一个 one for each test
           result: ADOPTED | PROVISIONAL | REJECTED | NOT_QUORATE | NO_SCOPE

每种规则的格式和例子 the format for every profile, with examples: docs/tally-cases.md
退出码 exit codes: 0 完成 done; 2 用法错误 usage, or the file cannot be read; 65 数据有误 bad data, nothing is printed
`;

type Facts = Readonly<Record<string, string | number>>;

const DIGITS =
  '超过 2^53 时用文字，不带前导零，至多 60 位 above 2^53 a text of at most 60 digits without a leading zero';

const REASONS: Readonly<Record<WhatIfCode, string | ((facts: Facts) => string)>> = {
  LINE_NOT_JSON: ({ column }) => `第 ${column} 个字符处不是 JSON not JSON at character ${column}`,
  MEMBER_REPEATED: '成员重复 this member stands twice',
  NUMBER_ROUNDED: '不是整数，只是舍入后为整数 no integer, it only rounds to one',
  LINE_NOT_AN_OBJECT: '不是一个 JSON 对象 not a JSON object',
  MEMBER_UNKNOWN: '未知的成员 unknown member',
  MEMBER_NOT_TAKEN: ({ taken }) =>
    `此规则和形式没有这个成员 not taken under this profile and form; taken: ${taken}`,
  MEMBER_MISSING: '缺少成员 missing member',
  ID_MALFORMED: '应为非空文字 must be a text that is not empty',
  NOTE_MALFORMED: '应为文字 must be a text',
  PROFILE_UNKNOWN: `没有这个规则 no such rule profile; known: ${whatIfProfiles().join(', ')}`,
  MATTER_UNKNOWN: '应为 1 至 9 的整数或其数组 must be an integer 1 to 9, or an array of them',
  MATTER_NOT_ELECTION: '选举只能是 3，或不写 in an election 3, or left out',
  GROUPS_MALFORMED:
    '应为 [数量, 面积, 业主, 表决, 类型?] 的数组 must be an array of [count, area, owner, vote, kind?]',
  COUNT_MALFORMED: `应为非负整数 must be a non-negative integer; ${DIGITS}`,
  AREA_MALFORMED: `应为正整数（0.01 m² 或权重） must be a positive integer, of 0.01 m² or of weight; ${DIGITS}`,
  OWNER_MALFORMED: '应为非空文字 must be a text that is not empty',
  OWNER_DIVIDED: ({ owner }) => `业主须作同一种表决 this owner must have one vote in all rows: ${owner}`,
  OWNERS_TOO_MANY: ({ most }) => `一次选举至多 ${most} 位业主 at most ${most} owners in an election`,
  VOTE_UNKNOWN: '应为 must be one of Y N A F X D -',
  MARKS_UNKNOWN:
    '应为候选人的数组，或 must be an array of candidates, or one of "A" 弃权 none, "X" 无效 void, "-" 未参与 absent',
  KIND_MALFORMED: '应为一个大写字母 must be one capital letter',
  KIND_UNKNOWN: ({ kind, known }) =>
    `此规则没有类型 this rule has no kind ${kind}; it has: ${known === '' ? '– none' : known}`,
  UNLOCATED_VOTES: '下落不明者（U）只能是 - who cannot be found (U) has no vote but -',
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
  OBJECTIONS_TOO_MANY: ({ most }) => `多于全体 more than the whole roll, which is [${most}]`,
  CAPPED_OWNER_DIVIDED: ({ owner }) =>
    `超过上限的业主须作同一种表决 an owner above the cap of the rule must answer in one way: ${owner}`,
};

/** A text without what steers a terminal or turns the reading direction; a JSON text stays the same JSON. */
export const harmless = (text: string): string =>
  text.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (mark) =>
    Array.from(
      { length: mark.length },
      (_unit, at) => `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** The sentence for one bad line, counted from 1. */
export function faultText(line: number, { code, where = '', facts = {} }: WhatIfRefusal): string {
  const quoted = (text: string): string => harmless(JSON.stringify(text).slice(1, -1));
  const reason = REASONS[code];
  const shown = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === 'number' || name === 'values' ? fact : quoted(fact),
  ]);
  const sentence = typeof reason === 'string' ? reason : reason(Object.fromEntries(shown) as Facts);
  const place = where === '' ? '' : ` ${quoted(where)}:`;
  return `第 ${line} 行 line ${line}:${place} ${sentence} [${code}]\n`;
}
