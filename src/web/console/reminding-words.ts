/** Words of reminders, and of the list for whoever goes from door to door. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '提醒表决、上门名单',
  lead: '只看有没有投票，不看也看不到投的是什么。',
  remindLead: '给还没有表决、有手机号码的业主发一条短信。一次会议最多三次，两次至少隔48小时。',
  remind: '提醒还没有表决的业主',
  reminded: '第 {round} 次提醒已登记，几秒钟后发出。',
  doorsLead: '没有手机号码的，可以上门。取名单会留下记录：谁取的、什么时候、为什么。',
  reason: '取名单的理由（4至200字）',
  open: '打开上门名单',
  heading: '上门名单：还没有表决的房屋',
  note: '{community}，{meeting}，{at} 取出。名单只用于上门提醒，用完请销毁，不得张贴或转发。',
  none: '每一户都已表决。',
  building: '楼栋',
  room: '房号',
  area: '面积（平方米）',
  visited: '上门记录',
  count: '共 {count} 套',
  print: '打印',
  back: '返回',
});
