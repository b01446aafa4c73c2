/** Words of the delivery register of a meeting. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '送达登记',
  lead: '公告发布后，系统通知每位业主；业主登录阅读即为送达。没有通知到的，请当面送达，或者在楼内张贴，并在这里登记。登记后不能删除。这里看不到谁投了票。',
  counts: '共 {heads} 户：已送达 {reached} 户，仅张贴 {posted} 户，没有送达记录 {none} 户。',
  warn: '还有 {none} 户没有送达记录。开票以前请送达或张贴，否则决定可能因程序被撤销。',
  all: '每一户都已送达或张贴。',
  onlyMissing: '只看没有送达的',
  showAll: '看全部',
  list: '各户的送达',
  units: '房屋',
  told: '送达',
  choose: '选择',
  nothing: '没有',
  chosen: '已选 {count} 套',
  chooseAll: '选中列出的全部',
  what: '登记什么',
  handed: '当面送达（有收条）',
  posted: '楼内张贴（有照片）',
  file: '收条或照片（只计算指纹，文件不上传，请自己保存好）',
  tooMany: '一次最多登记 2000 套',
  save: '登记',
  saved: '已登记 {count} 套',
  message_sent: '短信已交网关',
  message_delivered: '短信已送达',
  message_undeliverable: '短信没有送到',
  email_sent: '邮件已交邮件服务器（不单独算作送达）',
  email_undeliverable: '邮件没有送到',
  paper_sent: '信件已寄出',
  paper_undeliverable: '没有地址，无法寄送',
  page_read: '登录后已阅读',
  hand_handed: '当面送达',
  posting_posted: '楼内张贴',
});

/** One delivery in words, or its channel and state where a newer service has more. */
export function deliveryWord(channel: string, state: string): string {
  const key = `${channel}_${state}` as Parameters<typeof t>[0];
  const words = t(key);
  return words === key ? `${channel} ${state}` : words;
}
