/** Words of the refund of a unit that is no more, as its officers read them before they sign (SPEC 8.3). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  entry: '把一户灭失房屋的维修资金全部返还业主，并关闭该户账户；指纹 {hash}',
  home: '哪一户：{account}',
  amount: '返还金额（该户全部余额）：{yuan} 元',
  payee: '收款账户编号：{hash}',
  document: '房屋灭失或征收文书的指纹（SHA-256） {hash}',
  closes: '签署后，这一户不能再交存，也不再分摊费用或利息。',
  file: '房屋灭失或征收文书的文件',
  lead: '请选择您手中的灭失或征收文书，本页只在您的电脑上核对，不会上传。',
  same: '与本件所列的文书一致',
});
