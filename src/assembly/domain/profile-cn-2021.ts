/**
 * The settings of profile CN-2021: thresholds of Civil Code §278, the counting rules of the Supreme People's Court
 * (法释〔2020〕17号 arts. 8 and 9), and the defaults of a meeting. Certainty K and I need the bureau's confirmation.
 */
import type { Certainty, Citation, Setting, Settings } from './rule-parameters.ts';

const cite = (zh: string, article: string, source: string, certainty: Certainty): Citation => ({
  zh,
  article,
  source,
  certainty,
});

const int = (value: number, min: number, max: number, citation: Citation): Setting<number> => ({
  ...citation,
  kind: 'int',
  value,
  min,
  max,
});

/** A number that the law fixes. */
const fixed = (value: number, citation: Citation): Setting<number> => int(value, value, value, citation);

const bool = (value: boolean, choices: readonly boolean[], citation: Citation): Setting<boolean> => ({
  ...citation,
  kind: 'bool',
  value,
  choices,
});

/** A choice whose first alternative is the default. */
const choice = <const T extends string>(choices: readonly [T, ...T[]], citation: Citation) => ({
  ...citation,
  kind: 'choice' as const,
  value: choices[0],
  choices,
});

const EITHER = [false, true] as const;
const OWN_RULE = '业主大会议事规则';

const QUORUM = cite(
  '专有部分面积占比三分之二以上且人数占比三分之二以上的业主参与表决（含本数）',
  '《民法典》第278条第2款、第1259条',
  'LawRefBook/Laws 民法典·物权编',
  'V',
);
const MAJOR = cite(
  '筹集资金、改建重建、改变用途或经营：参与表决面积及人数四分之三以上同意（含本数）',
  '《民法典》第278条第2款、第1259条',
  'LawRefBook/Laws 民法典·物权编',
  'V',
);
const ORDINARY = cite(
  '其他事项：参与表决面积及人数均过半数同意（不含本数）',
  '《民法典》第278条第2款',
  'LawRefBook/Laws 民法典·物权编',
  'V',
);
const STRICT_HALF = cite('“过半数”不含本数', '《民法典》第278条第2款', '通说', 'K');
const REVOTE = cite('截止前可变更一次，以最后一次为准', OWN_RULE, '武汉实践；SPEC 6.7', 'W');
const WINDOW = cite('表决期不少于5日、不超过60日', '《杭州市物业管理条例》第20条', '杭州市物业管理条例', 'V');
const EXTENSION = cite('截止前未达参与比例的，可延长一次，不超过20日', OWN_RULE, '江门实践', 'W');
const FUND = '《住宅专项维修资金管理办法》';

/** One setting for each parameter; the first value is the default. */
export const CN_2021_SETTINGS: Settings = {
  quorumNum: fixed(2, QUORUM),
  quorumDen: fixed(3, QUORUM),
  quorumTest: choice(['GE'], QUORUM),
  ordinaryNum: fixed(1, ORDINARY),
  ordinaryDen: fixed(2, ORDINARY),
  ordinaryTest: choice(['GT'], STRICT_HALF),
  majorNum: fixed(3, MAJOR),
  majorDen: fixed(4, MAJOR),
  majorTest: choice(['GE'], MAJOR),
  abstainParticipates: bool(
    true,
    [true],
    cite('弃权计入参与表决', '《民法典》第278条第2款', '上海闵行案例', 'W'),
  ),
  invalidParticipates: bool(false, EITHER, cite('无效票不计入参与表决', OWN_RULE, '本系统解释', 'I')),
  malformedParticipates: bool(
    true,
    EITHER,
    cite('无法打开的密封选择计入参与、不计同意', OWN_RULE, 'SPEC 6.2', 'I'),
  ),
  silenceRule: choice(
    ['NONE', 'FOLLOW_MAJORITY'],
    cite(
      '已送达未表决者不随多数；约定沉默条款的须附条款及送达证据',
      '建房〔2009〕274号第26条',
      '274号第26条',
      'W',
    ),
  ),
  noticeDays: int(
    15,
    15,
    90,
    cite('会议召开15日前通知全体业主', '《物业管理条例》第14条', '物业管理条例(2018)', 'V'),
  ),
  windowDays: int(10, 5, 60, cite('表决期10日', OWN_RULE, '东莞公告', 'W')),
  windowDaysMin: fixed(5, WINDOW),
  windowDaysMax: fixed(60, WINDOW),
  extensionCount: int(1, 0, 1, EXTENSION),
  extensionDays: int(20, 1, 20, EXTENSION),
  extensionOnlyWithoutQuorum: bool(true, [true], EXTENSION),
  objectionDays: int(
    7,
    3,
    30,
    cite('初步结果征求意见7日', '《清远市住宅小区物业管理条例》第17条', '清远条例', 'V'),
  ),
  postingDays: int(15, 3, 30, cite('结果公示15日', '《清远市住宅小区物业管理条例》第17条', '清远条例', 'V')),
  ballotGranularity: choice(
    ['head'],
    cite('一名业主一张表决票，含其全部专有部分', OWN_RULE, '本系统解释', 'I'),
  ),
  conflictingUnits: choice(
    ['split-area'],
    cite('同一业主各单元意见不一：面积分计，人数不计同意', OWN_RULE, '本系统解释', 'I'),
  ),
  headKey: choice(
    ['ownerset', 'representative'],
    cite('同一买受人按相同共有人集合认定为一人', '法释〔2020〕17号第9条', '建筑物区分所有权解释', 'I'),
  ),
  countSpecialSpaces: bool(
    false,
    EITHER,
    cite('车位、摊位等特定空间默认不计入', '建房〔2009〕274号第25条', '宁波条例第18条；274号第25条', 'K'),
  ),
  blankAnswer: choice(['absent', 'abstain'], cite('未选的议题视为未参与该议题', OWN_RULE, '本系统解释', 'I')),
  coOwners: choice(
    ['first', 'designated'],
    cite(
      '共有人之一先行表决即代表该户，其他共有人可提异议；或须由其他共有人指定一人表决',
      '建房〔2009〕274号第25条',
      'SPEC 3.6',
      'I',
    ),
  ),
  proxyCap: int(
    3,
    0,
    99,
    cite('一名代理人至多受三名业主委托', '《潍坊市物业管理条例》第32条', '潍坊条例', 'V'),
  ),
  revoteLimit: int(1, 0, 99, REVOTE),
  letterRevote: bool(false, EITHER, cite('表决函密钥不能变更已投的票', OWN_RULE, 'SPEC 6.7', 'I')),
  duplicateRule: choice(
    ['OWN_KEY', 'FIRST_VALID', 'ELECTRONIC_PREVAILS', 'LAST_BEFORE_CLOSE'],
    cite('纸质与电子重复：业主本人密钥的电子票优先', OWN_RULE, 'SPEC 6.7', 'I'),
  ),
  liveResults: choice(['participation'], cite('截止前只公布参与情况', OWN_RULE, '本系统解释', 'I')),
  rollCutoff: choice(['notice'], cite('名册以通知日为准，开票前冻结', OWN_RULE, 'SPEC 4.4', 'I')),
  electionRank: choice(
    ['HEADS_AREA'],
    cite('当选按人数、再按面积排序，仍相同的另行表决', OWN_RULE, '上海2015、杭州2021公告', 'W'),
  ),
  fundHoldNeedsAll: bool(
    true,
    [true],
    cite('列支范围内各户余额均足方可冻结，不足者列明', `${FUND}第20条`, '本系统解释', 'I'),
  ),
  fundEmergency: bool(
    false,
    [false],
    cite(
      '会议的规则不开通紧急维修，须由监管部门另行登记',
      '《民法典》第281条第2款',
      `民法典·物权编；${FUND}第24条`,
      'V',
    ),
  ),
};
