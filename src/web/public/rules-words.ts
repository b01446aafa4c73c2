/** Words of the public page of the rules that a community follows. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '表决规则',
  lead: '以后公告的会议按这些规则进行。已经公告的会议，以公告时的规则为准。',
  none: '本小区没有通过自己的议事规则，各项按《民法典》和规则模板的缺省值。',
  adopted: '{on}通过的议事规则正在适用。',
  profile: '规则模板',
  hash: '规则摘要',
  meeting: '通过它的会议',
  document: '载有规则的文件（SHA-256）',
  text: '规则条文',
  table: '各项规定',
  item: '规定',
  value: '内容',
  article: '依据',
  own: '本小区规定',
  yes: '是',
  no: '否',
  print: '本页可以打印。',
});

/** Each alternative of a setting that is neither a number nor yes or no, under the setting's name. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  quorumTest: { GE: '达到即可（含本数）' },
  ordinaryTest: { GT: '须超过（不含本数）' },
  majorTest: { GE: '达到即可（含本数）' },
  silenceRule: {
    NONE: '不表决的不计入任何一方',
    FOLLOW_MAJORITY: '已送达而不表决的，计入票数较多的一方',
  },
  ballotGranularity: { head: '一名业主一张' },
  conflictingUnits: { 'split-area': '面积分开计，人数不计同意' },
  headKey: { ownerset: '共有人完全相同的算一人', representative: '由同一代表人表决的算一人' },
  blankAnswer: { absent: '视为没有参与该议题', abstain: '视为弃权' },
  coOwners: { first: '先表决的共有人代表该户', designated: '由共有人指定的一人表决' },
  duplicateRule: {
    OWN_KEY: '业主本人密钥投的电子票优先',
    FIRST_VALID: '以最先的有效票为准',
    ELECTRONIC_PREVAILS: '电子票（包括代理人投的）优先于纸质票',
    LAST_BEFORE_CLOSE: '以截止前最后一票为准',
  },
  liveResults: { participation: '只公布参与情况' },
  rollCutoff: { notice: '通知日' },
  electionRank: { HEADS_AREA: '先按人数，再按面积' },
};

/** The words of a choice; one that has none yet stands as it is, so that nothing is hidden. */
export const choiceWords = (name: string, value: string): string => CHOICES[name]?.[value] ?? value;
