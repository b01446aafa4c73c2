/** Words of publishing a month of the fund in the console (SPEC 8.3). */
import { wordsOf } from '../../kit/words.ts';

export const t = wordsOf({
  title: '公布月账',
  lead: '月份结束、每个专户每天都与银行对过、差异都已说明，才能公布。按顺序逐月公布，公布后该月不再变动。',
  last: '最近公布：{month}',
  none: '还没有公布过。',
  month: '要公布的月份（年-月，例如 2026-10）',
  publish: '公布这个月',
  done: '已公布 {month}',
  gap_uncovered: '{account}：{from} 至 {to} 没有对账单',
  gap_uncompared: '{account}：账簿第 {seq} 笔（{from}）在对账以后才记入，请重新核对',
  gap_unexplained: '{account}：{from} 的差异 {yuan} 元没有说明',
});
