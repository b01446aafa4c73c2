/** Words of what follows from a resolution in the console. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '决议的后续事项',
  lead: '登记每项决议由谁在什么时候做什么，做完以后登记结果。每一条由一名人员签署，签署后立即公开，不能改也不能删。',
  annulled: '决议“{title}”已被撤销，不再登记后续事项。',
  proposal: '决议',
  step: '事项',
  newStep: '新的一步',
  state: '情况',
  planned: '计划',
  done: '已完成',
  dropped: '终止',
  dueOn: '完成期限',
  text: '由谁做什么，或者结果如何（公开）',
  draft: '拟定',
  drafted: '已拟定，签署后公开',
  line: '{state}，期限 {dueOn}：{text}',
  entry: '后续事项：{state}，期限 {dueOn}',
  same: '✓ 与签署内容核对一致：{state}，期限 {dueOn}。{text}',
});
