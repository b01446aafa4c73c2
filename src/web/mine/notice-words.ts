/** Words of the section in which an owner reads the notice of a meeting. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '会议公告',
  lead: '“{meeting}”的公告已发布,{opens} 起表决,{closes} 截止。',
  open: '阅读公告',
  note: '您登录后阅读,系统记下第一次阅读的时间,作为已向您送达。不记录您怎样表决。',
  silence: '请注意:按本小区议事规则,您阅读公告后始终不表决的,除重大事项和选举外,计入票数较多的一方。',
  readAt: '已记录:您于 {at} 第一次阅读本公告,即为送达。',
  changed: '公告文字与会议编号对不上,请不要相信这一页,并告诉街道办事处。',
  motions: '议题',
});
