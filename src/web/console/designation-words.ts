/** Words of the section in which officers enter a designation over a paper. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '共有人指定由谁表决（纸质）',
  lead: '一户有几位共有人时，其他共有人可以书面指定由其中一位表决。其他共有人都要在纸上签名，并附证件号码。由业委会和街道办（或街道办和主管部门）两人签署后生效。',
  choose: '请选择',
  unit: '这一户的任一处房屋',
  alone: '这处房屋只有一位权利人，不需要指定。',
  to: '由哪一位表决',
  count: '这处房屋共有 {count} 位权利人，其他各位都要在纸上签名。',
  until: '最后一天',
  file: '指定书的扫描件（不超过 3 MB）',
  tooLarge: '扫描件太大',
  draft: '拟好指定书，等待两人签署',
  drafted: '已拟好，请两名人员在“待签事项”中签署',
});
