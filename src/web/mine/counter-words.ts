/** Words of enrolling a phone at the counter. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '信函不见了，手机也换了？',
  lead: '请带上身份证件，到业委会或街道办的窗口，也可以用视频窗口。在这里取一个号码，由两名经办人核对后，这部手机就能替您投票。',
  noPasskey: '这部手机或这个浏览器不支持通行密钥。请用手机自带的浏览器打开本页，或到窗口领取纸质表决票。',
  draw: '取号',
  number: '您的号码',
  readOut: '请把这八位数字告诉经办人，并出示证件。号码三十分钟内有效，请不要关闭本页。',
  yours: '经办人认定您是：',
  compare: '请与经办人的屏幕逐组核对下面的八组字符。完全一致，再点“一致，确认”。',
  confirm: '一致，确认',
  differs: '不一致，或不是我',
  strange: '窗口登记的不是这部手机，请不要继续，并告诉经办人。',
  waiting: '已确认。正在等待两名经办人签署。',
  bound: '办好了。以后用这部手机的通行密钥登录和投票，不再需要信函。',
  ended: '没有办成。号码已过时，或登记被退回。请重新取号。',
  again: '重新取号',
});
