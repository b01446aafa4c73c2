/** Words of the owner's own page. */
import { wordsOf } from '../kit/words.ts';
import { OWNER_WORDS } from '../owner/words.ts';

export const t = wordsOf({
  ...OWNER_WORDS,
  mineTitle: '我的',
  mineNeedScript: '本页要在您的设备上签名，需要开启 JavaScript。您也可以到业主委员会或街道办的窗口办理。',
  yourUnits: '您的房屋',
  unitsWrong: '房屋或面积不对？请联系业主委员会更正。',
  toVote: '去投票',
  signOut: '退出',
});
