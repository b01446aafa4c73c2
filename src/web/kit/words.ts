/** Words of the pages: closed sets of keys, so that a missing or misspelt key does not compile. Chinese binds (DESIGN §1). */

/** What stands for `{name}` in a text. */
export type Facts = Readonly<Record<string, string | number>>;

/** The translator of one page's words. */
export const wordsOf =
  <const W extends Readonly<Record<string, string>>>(words: W) =>
  (key: keyof W & string, facts: Facts = {}): string =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (hole, name: string) => String(facts[name] ?? hole));

/** Words that every page shares. */
export const KIT_WORDS = {
  elderView: '大字版',
  normalView: '标准字号',
  close: '关闭',
  demo: '演示环境：使用演示根密钥，结果没有法律效力',
  skip: '跳到正文',
  heads: '业主人数（人）',
  area: '专有部分面积（㎡）',
  headsUnit: '{count} 人',
  areaUnit: '{area} ㎡',
  noNetwork: '没有连上网络。您填写的内容还在，请检查网络后再试一次。',
  unknownAnswer: '系统的回答无法识别，请稍后再试。',
  deadlineDays: '还剩 {days} 天 {hours} 小时，{at} 截止',
  deadlineHours: '还剩 {hours} 小时 {minutes} 分钟，{at} 截止',
  deadlinePast: '已于 {at} 截止',
  total: '全体',
  voted: '已参与',
  share: '占比',
  measure: '口径',
  state_draft: '起草中',
  state_noticed: '已公告，未开始投票',
  state_armed: '即将开始投票',
  state_open: '正在投票',
  state_paused: '投票已暂停',
  state_closing: '正在截止',
  state_closed: '已截止，等待开箱',
  state_counting: '正在计票',
  state_preliminary: '初步结果公示中',
  state_final: '最终结果',
  state_cancelled: '已取消',
} as const;

/** The words of the kit itself. */
export const kitWord = wordsOf(KIT_WORDS);

/** States of a meeting, as the contract names them. */
export type StateWord = Extract<keyof typeof KIT_WORDS, `state_${string}`>;

/** What people are told of a meeting's state. */
export const stateWord = (state: string): string => {
  const key = `state_${state}`;
  return key in KIT_WORDS ? kitWord(key as StateWord) : state;
};
