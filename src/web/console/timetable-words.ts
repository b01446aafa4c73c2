/** Words of what is wrong with the dates of a draft. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '日期还有问题',
  good: '日期符合规定',
  opensFrom:
    '按这个公告日期,最早可以在{day}开票。公告当日不计入;公告期最后一天遇法定休假日的,顺延到其后的第一个工作日。',
  unknownYears: '系统没有{years}年的节假日安排,那一年没有计算顺延。请对照国务院办公厅的通知自行核对。',
  NOTICE_DATE_PAST: '公告日期已过。',
  NOTICE_TOO_SHORT: '公告期不足:公告日与开票日之间须有规定的整日数。',
  NOTICE_ENDS_ON_HOLIDAY: '公告期的最后一天是法定休假日,须顺延到其后的第一个工作日,开票再晚一些。',
  WINDOW_REVERSED: '截止时间必须晚于开始时间。',
  WINDOW_TOO_SHORT: '表决期过短。',
  WINDOW_TOO_LONG: '表决期过长。',
  WINDOW_MAINTENANCE_opens: '开始时间在系统维护期内。',
  WINDOW_MAINTENANCE_closes: '截止时间在系统维护期内。',
});
