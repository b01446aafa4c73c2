/** Words of the closing of work that the fund paid for, as its officers read them before they sign (SPEC 8.3). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  entry: '结清一项维修资金列支（编号 {authorisation}）；没有用完的冻结款全部退回各户，以后不能再冻结或列支',
  document: '验收（或终止）文件的指纹（SHA-256） {hash}',
  file: '验收文件，或说明为何不再施工的文件',
  lead: '请选择您手中的验收（或终止）文件，本页只在您的电脑上核对，不会上传。',
  same: '与本件所列的文件一致',
});
