/** Words of the section in which an owner freezes his vote. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '冻结我的电子投票',
  lead: '怀疑信函或手机在别人手里？冻结以后，用您的任何凭证都不能再在网上投票，也不能登记新的密钥。已经投的票仍然有效，您照样可以用纸质表决票。',
  lift: '要解除冻结，请带身份证件到小区的登记窗口，由登记员和街道办两人确认。',
  freeze: '冻结',
  confirmTitle: '确认冻结？',
  yes: '确认冻结',
  no: '再看看',
  frozen: '您的电子投票已冻结',
  frozenSince: '{at} 起。',
});
