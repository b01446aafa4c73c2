/** Words of the section in which an owner gives his address of e-mail. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '用邮箱接收公告和提醒',
  lead: '会议公告和表决提醒可以另发一份到您的邮箱。短信和信件照常；密钥、信函、投票、邮箱有变动时用它们通知您，被更换或删除的邮箱也会收到最后一封通知。',
  holds: '已登记 {address}',
  address: '邮箱地址',
  ask: '发送验证码',
  change: '换一个邮箱',
  waiting: '验证码已发往 {address}，{until} 前有效。几分钟内没有收到，请看垃圾邮件。',
  lost: '邮件送不到 {address}，请核对地址后重新发送。',
  code: '验证码（8 位数字）',
  confirm: '确认',
  remove: '不再接收，删除邮箱',
  removed: '已删除，不再给您发邮件。',
});
