/** Words of acts that move the fund's money or stop it, as its officers read them before they sign (SPEC 8.3). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  entry: '维修资金第 {seq} 笔：{kind}',
  annulled: '撤销决议：会议 {meeting} 的议案 {proposal} 不再动用维修资金',
  document: '裁判文书或行政决定的指纹（SHA-256） {hash}',
  documentFile: '裁判文书或行政决定的文件',
  documentLead: '请选择您手中的裁判文书或行政决定，本页只在您的电脑上核对，不会上传。',
  documentSame: '与本件所列的文书一致',
  comesIn: '转入 {account}：{yuan} 元',
  goesOut: '从 {account} 转出：{yuan} 元',
  grows: '{account} 增加：{yuan} 元',
  shrinks: '{account} 减少：{yuan} 元',
  moreLines: '另有 {count} 行，见档案',
  reference: '记账日期 {on}；依据：{reference}；摘要：{narrative}',
  payeeAccount: '收款账户编号（须与决议或返还文件所列相同）：{hash}',
  accountNumber: '收款账号：{number}（与签署内容所列的账户一致，请与您手中文件上的账号逐位核对）',
  accountLeftOut: '起草人没有填写收款账号，只能看到账户摘要。请与批准时留存的账号摘要核对。',
  accountHidden: '看不到收款账号，或账号与签署内容不符。请不要签署。',
  pay: '拨付给决议或返还文件指定的收款账户',
  deposit_reversed: '冲回一笔被银行退回的交存',
  deposit_identified: '把待查收款记入业主分户账',
  bank_moved: '在维修资金的专户之间划转',
  other: '{kind}',
});
