/** Words of the form that gives the money of a unit that is no more back to its owner (SPEC 8.3). */
import { wordsOf } from '../../kit/words.ts';

export const t = wordsOf({
  title: '灭失房屋的返还',
  lead: '房屋灭失或被征收、已经不在名册里的，把该户的全部余额返还业主。由住建局和另一名经办人签署，签齐后再拟写拨付单。',
  unit: '哪一户',
  unitText: '{account}：{yuan} 元',
  none: '现在没有要返还的灭失房屋。导入新的名册以后，名册里不再有、账上还有余额的房屋列在这里。',
  held: '这一户还有冻结的 {yuan} 元，要先解冻',
  draft: '拟写返还',
  document: '房屋灭失或征收文书的文件',
  unitFact: '哪一户：{account}',
  amountFact: '返还该户全部余额 {amount}',
  numberFact: '付到业主的收款账号 {number}（不公开）',
  documentFact: '灭失或征收文书：{file}',
  closesFact: '签署后，这一户不能再交存，也不再分摊费用或利息',
  next: '请住建局和另一名经办人（业主委员会或街道办）拿着文书在“待签事项”核对、签署。余额在签署期间变动的，会被拒绝，请重新拟写。',
  list: '已批准的返还',
  purpose: '灭失房屋返还',
  payable: '尚未拨付 {yuan} 元',
  paid: '已全部拨付',
});
