/** Words of questions before the vote in the console. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '公告前征询业主意见',
  lead: '开放以后，本小区业主登录就能看到草案，每人最多提三个问题。您的答复写进公告，与公告一起由两名人员签署，以后不能改。',
  open: '向业主开放草案',
  opened: '已向业主开放，到拟发公告为止。',
  reopen: '重新开放（已拟的公告作废，须重新拟发）',
  none: '还没有业主提问。',
  proposal: '议题 {at}　{title}',
  answer: '答复（公开）',
  withhold: '不公布这个问题（答复栏写明理由）',
  save: '保存答复',
  saved: '已保存',
  state_open: '待答复',
  state_answered: '已答复：{answer}',
  state_withheld: '不公布，理由：{answer}',
  signed: '与公告一起公开的问答如下，请逐条看过再签：',
  frozen: '公告已经拟定，问答已写入公告，不再接受提问。',
});
