/** Words of meetings that owners demand in the console. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '业主提议召开临时会议',
  lead: '这些提议的人数和面积都达到了全体业主的五分之一。请在三十日内公开答复：同意的，先起草会议，再在这里写明；不同意的，写明理由。业主委员会没有按时答复的，街道办可以答复；业主委员会不召开的，街道办在三十日内说明意见：应当召开的，由街道办起草会议。',
  sums: '{at} 达到五分之一。现在：{heads} 人（共 {totalHeads} 人），{area} ㎡（共 {totalArea} ㎡）。',
  waits: '应在 {until} 以前答复。',
  overdue: '已超过三十日没有答复，公开页已注明。',
  waitsStreet: '业主委员会不召开，街道办应在 {until} 以前说明意见。',
  overdueStreet: '街道办已超过三十日没有说明意见，公开页已注明。',
  committee: '业主委员会',
  street: '街道办',
  convened: '{by} {at} 已答复：同意召开。说明：{reason}',
  refused: '{by} {at} 已答复：不召开。说明：{reason}',
  second_convened: '街道办 {at} 意见：应当召开。说明：{reason}',
  second_refused: '街道办 {at} 意见：同意不召开。说明：{reason}',
  answer: '答复',
  wantConvened: '同意，会议已经起草',
  wantRefused: '不召开',
  meeting: '起草的会议',
  choose: '请选择',
  reason: '说明或理由（会公开，请不要写姓名）',
  draft: '拟定答复',
  drafted: '已拟定，请在“待签署”中签署，签署后立即公开。',
  entry: '答复业主提议 {requisition}',
  matchesConvened: '✓ 同意召开，会议 {meeting}。说明：{reason}',
  matchesRefused: '✓ 不召开。理由：{reason}',
});
