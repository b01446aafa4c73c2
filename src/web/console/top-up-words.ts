/** Words of calls to top up as officers sign them (SPEC 8.6). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  entry: '发出一份续交通知，通知余额不足首期三成的户续交维修资金；指纹 {hash}',
  withdrawn: '撤回续交通知（编号 {call}）：以后不再凭它催交',
  document: '撤回理由的文件，指纹（SHA-256） {hash}',
  byResolution: '依据：业主大会决议（会议 {meeting}，议题 {proposal}）',
  byRule: '依据：当地的续交规定，文件指纹（SHA-256） {hash}',
  homes: '共通知 {count} 户，应续交合计 {yuan} 元；另有 {enough} 户余额足够，不必续交',
  target: '续交到首期交存额的 {percent}%，期限 {on}',
  seq: '余额算到账簿第 {seq} 笔',
  deposits: '首期交存额文件的指纹（SHA-256） {hash}',
  text: '公开的交款说明：',
  depositsFile: '首期交存额的文件（CSV）',
  depositsLead: '请选择您手中的首期交存额文件，本页只在您的电脑上核对，不会上传。',
  ruleFile: '当地续交规定的文件',
  ruleLead: '请选择您手中的续交规定文件，本页只在您的电脑上核对，不会上传。',
  same: '与通知所列的相同。',
  leftOut: '文件里另有 {count} 户没有列入这份通知：账簿里还没有，或者不在决议的范围内。请确认。',
  decided: '决议：{title}。请核对决议写明的补足比例和范围',
  wrong: '通知里有一户的应交数与它自己的首期和余额不符，请不要签署。',
});
