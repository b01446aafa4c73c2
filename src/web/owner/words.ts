/** Words that the owner's pages share: how he shows who he is. */
import { KIT_WORDS, wordsOf } from '../kit/words.ts';

export const OWNER_WORDS = {
  ...KIT_WORDS,
  name: '业主表决',
  loading: '正在准备，请稍候',
  needScript: '投票页面要在您的设备上加密选票，需要开启 JavaScript。您也可以使用纸质表决票。',
  codeTitle: '请输入投票码',
  codeLead: '投票码印在寄到您家的信函上，共 27 个字符。也可以用手机扫描信函上的二维码。',
  codeLabel: '投票码',
  codeHint: '不分大小写，中间的横线可以不输',
  LETTER_CODE_LENGTH: '投票码应为 27 个字符，您输入了 {count} 个。请对照信函再看一遍。',
  LETTER_CODE_CHARACTER: '第 {position} 个字符不会出现在投票码中。请对照信函再看一遍。',
  LETTER_CODE_CHECK: '有一个字符不对。请从第一组起，逐组对照信函。',
  scanWrong: '扫描到的投票码不完整，请重新扫描，或在下面输入信函上的投票码。',
  next: '下一步',
  back: '上一步',
  identityTitle: '核对您的身份',
  identityLead: '请输入您证件号码的后六位，例如身份证的最后六位。只用来核对，不会显示在任何地方。',
  tailLabel: '证件号码后六位',
  tailHint: '最后一位如果是字母 X,也要输入',
  tailShort: '请输入六位',
  checking: '正在核对',
  stopHelp: '请不要继续操作。把这段话告诉业主委员会或街道办;您仍然可以使用纸质表决票。',
  retry: '重新核对',
  passkeyTitle: '下次不用信函',
  passkeyLead:
    '您可以在这台设备上添加通行密钥。以后投票用解锁手机的方式（指纹、面容或密码）登录，不必再输投票码。添加时设备会请您确认两次。不添加也不影响投票。',
  passkeyAdd: '添加通行密钥',
  passkeyAdded: '已添加。以后在这台设备上可以用通行密钥登录和投票。',
  passkeyFailed: '通行密钥没有完成，什么都没有改变。您仍然可以用信函投票。',
  passkeySignIn: '用通行密钥登录',
  deviceLead: '您可以在这个浏览器里保存一把本机密钥。以后在这里投票，不必再输投票码。不保存也不影响投票。',
  deviceWarn:
    '清除浏览器的数据，或七天以上不打开本页，密钥可能会丢失。丢了也不要紧：用信函照样可以投票。请留好信函。',
  deviceWarnInApp:
    '微信等程序清理缓存时，密钥会丢失。能在手机自带的浏览器里打开本页更好。丢了也不要紧：用信函照样可以投票。请留好信函。',
  pinNew: '设一个 6 位数字密码（可以不设）',
  pinHint: '设了密码，别人拿到您的手机也不能用这把密钥',
  pinForm: '密码应为 6 位数字，或者不填',
  pinLabel: '本机密钥的 6 位密码',
  deviceAdd: '保存本机密钥',
  deviceAdded: '已保存。以后在这个浏览器里可以用本机密钥登录和投票。',
  deviceNotKept: '这个浏览器不能保存密钥，什么都没有改变。您仍然可以用信函投票。',
  deviceSignIn: '用本机密钥登录',
  inAppTitle: '在手机浏览器里打开',
  inAppLead:
    '在这里可以照常投票。如果您想换到手机自带的浏览器：点右上角“···”，选“在浏览器打开”；或者复制链接，粘贴到浏览器里。链接里没有您的投票码。',
  copyLink: '复制链接',
  copied: '已复制',
  copyByHand: '请按住下面的地址，选“复制”',
  help: '需要帮助？请拨打信函上的电话。纸质表决票同样有效。',
  program: '本页程序清单',
  TRUST_MISSING: '本页的日志密钥文件没有通过校验',
} as const;

export const t = wordsOf(OWNER_WORDS);
