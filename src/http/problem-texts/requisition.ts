/** Texts of refusals about meetings that owners demand. */
import type { ProblemTexts } from '../problem-text.ts';

export const REQUISITION_PROBLEMS: ProblemTexts = {
  REQUISITION_MALFORMED: {
    status: 422,
    zh: '提议的内容有误,请重新打开页面再填',
    en: 'The requisition or its signature does not fit; please open the page again.',
  },
  REQUISITION_UNKNOWN: { status: 404, zh: '没有找到这项提议', en: 'No such requisition.' },
  REQUISITION_REPEATED: { status: 409, zh: '这项提议已经提交过', en: 'The requisition is filed already.' },
  REQUISITION_TOO_MANY: {
    status: 429,
    zh: '您提出提议或加入、退出的次数已满。确有需要,请联系业主委员会或街道办',
    en: 'You have filed, joined or left too often; please ask the committee or the street office.',
  },
  REQUISITION_OPEN: {
    status: 409,
    zh: '您提出的一项提议还没有答复。要另提一项,请先退出那一项',
    en: 'One that you filed waits for its answer; to file another, leave that one first.',
  },
  REQUISITION_EVIDENCE: { status: 422, zh: '签名验证不通过', en: 'The signature does not verify.' },
  REQUISITION_CREDENTIAL: {
    status: 409,
    zh: '您登录用的信函或密钥已经失效,或您的电子投票已冻结',
    en: 'The letter or key of your session has ended, or your electronic vote is frozen.',
  },
  REQUISITION_NO_HOME: {
    status: 403,
    zh: '现行登记中没有您的房屋,不能提议或加入',
    en: 'You own nothing in the register in force.',
  },
  REQUISITION_STANDS: {
    status: 409,
    zh: '您已经加入或已经退出,请刷新页面',
    en: 'You have joined or left it already; please reload the page.',
  },
  REQUISITION_SUPPORT_REPEATED: {
    status: 409,
    zh: '这份签署已经用过,请刷新页面重新签署',
    en: 'This signed record was sent before; please reload the page and sign anew.',
  },
  REQUISITION_ANSWERED: {
    status: 409,
    zh: '这项提议已经答复,不能再加入、退出或答复',
    en: 'The requisition is answered already.',
  },
  REQUISITION_NOT_REACHED: {
    status: 409,
    zh: '这项提议还没有达到人数和面积的五分之一',
    en: 'The requisition has not reached a fifth of heads and area.',
  },
  REQUISITION_COMMITTEE_FIRST: {
    status: 409,
    zh: '先由业主委员会答复;三十日内没有答复的,街道办才能答复',
    en: 'The committee answers first; the street office may after thirty days without an answer.',
  },
  REQUISITION_MEETING: {
    status: 422,
    zh: '同意召开的,须写明达到五分之一以后起草、还没有开始表决的会议;不同意的,不写会议',
    en: 'Name a meeting that was drafted after the fifth was reached and has not opened where one is convened, and none otherwise.',
  },
};
