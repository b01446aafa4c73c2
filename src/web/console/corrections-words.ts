/** Words of the corrections of a frozen roll. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '名册固定之后的更正',
  lead: '房屋过户、继承或有裁定之后，先导入更新后的业主名册，再在这里更正。更正只换权利人，面积和人数不变；已经投过票的不能更正。须两人签署。',
  noMeeting: '现在没有可以更正名册的会议。',
  meeting: '会议',
  unit: '房屋',
  ground: '原因',
  ground_sale: '买卖过户',
  ground_death: '继承',
  ground_decision: '法院或其他机关的裁定',
  reference: '看过的文件及编号',
  referenceHint: '例如“不动产权第0012345号”。不要写姓名。',
  draft: '起草更正',
  drafted: '已起草，请两人在“待签署”中签署。',
  none: '还没有更正。',
  line: '{units}：{ground}；文件：{reference}；新的权利人：{holders}',
  state_drafted: '等待签署',
  'state_in-force': '已生效',
  state_ended: '未生效（被拒绝或撤回）',
  lineHidden: '这项更正的文件与记录不符，请问起草人。',
});
