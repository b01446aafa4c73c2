/** Words of the section of an owner's keys. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '我的投票凭证',
  kind_letter: '信函',
  kind_passkey: '通行密钥（用手机解锁的方式）',
  kind_device: '本机密钥（存在一个浏览器里）',
  since: '{on} 起',
  lastUsed: '最近一次登录：{at}',
  neverUsed: '还没有用过',
  ended: '已停用',
  thisOne: '您现在用的就是它',
  takeBack: '停用',
  takeBackTitle: '停用这把密钥？',
  takeBackLead: '停用以后，它不能再登录和投票。它以前投的票仍然有效。',
  yes: '确认停用',
  no: '再看看',
  pinLocked: '密码输错五次，已锁定',
  unlock: '解锁密码',
  lost: '我的手机丢了',
  lostTitle: '停用手机上的全部密钥？',
  lostLead:
    '信函以外的 {count} 把密钥会全部停用，别人拿到手机也不能替您投票。已投的票仍然有效。您的信函照样可以用。',
  lostYes: '全部停用',
  lostDone: '已全部停用。如果担心已经有人动过您的票，请再点下面的“冻结我的电子投票”。',
  lostNeedsLetter:
    '手机丢了？请用信函上的投票码重新登录本页，就可以停用手机上的全部密钥。信函也不在手边，请带身份证件到小区的登记窗口办理；您也可以先在下面冻结电子投票。',
  notMine: '这一把要用信函登录后停用',
});
