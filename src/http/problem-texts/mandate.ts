/** Texts of the refusals of mandates. */
import type { ProblemTexts } from '../problem-text.ts';

export const MANDATE_PROBLEMS: ProblemTexts = {
  MANDATE_MALFORMED: { status: 422, zh: '委托内容有误', en: 'The mandate is malformed.' },
  MANDATE_PERSON: { status: 422, zh: '委托人不是您本人', en: 'The mandate names another principal.' },
  MANDATE_BASIS: {
    status: 403,
    zh: '监护和法人代表由两名工作人员凭证明文件登记或终止',
    en: 'Guardians and representatives are entered and ended by two officers.',
  },
  MANDATE_PERIOD: {
    status: 422,
    zh: '委托的最后一天已经过去',
    en: 'The last day of the mandate has passed.',
  },
  MANDATE_MEETING: {
    status: 422,
    zh: '这次会议或议题不存在,或者投票已经截止',
    en: 'There is no such meeting or proposal, or its voting is over.',
  },
  MANDATE_UNITS: {
    status: 422,
    zh: '委托中的房屋不在您的表决函上',
    en: 'The mandate names a unit that your letter does not.',
  },
  MANDATE_AGENT_UNKNOWN: {
    status: 404,
    zh: '没有找到这位代理人,请核对编号',
    en: 'There is no such agent; compare the code.',
  },
  MANDATE_AGENT_STAFF: {
    status: 403,
    zh: '物业服务人的工作人员不能做代理人',
    en: 'Staff of the property manager may not be agents.',
  },
  MANDATE_CAP: {
    status: 409,
    zh: '这位代理人代理的业主人数已到上限',
    en: 'The agent has as many principals as he may.',
  },
  MANDATE_TOO_MANY: {
    status: 409,
    zh: '您已给这位代理人太多份委托，请先收回旧的委托，或用纸质委托书',
    en: 'You have given this agent, or in all, too many mandates; take old ones back, or give one on paper.',
  },
  DESIGNATION_TOO_MANY: {
    status: 409,
    zh: '您签署过的推选太多，请到登记窗口办理',
    en: 'You have signed too many designations; ask at the counter.',
  },
  MANDATE_CREDENTIAL: {
    status: 403,
    zh: '您登录所用的凭证已停用',
    en: 'The credential that you signed in with is not in force.',
  },
  MANDATE_FROZEN: {
    status: 403,
    zh: '您已冻结电子投票,解冻以前不能在网上委托他人;可以交纸质委托书',
    en: 'Your electronic vote is frozen; until it is lifted a mandate can only be given on paper.',
  },
  MANDATE_EVIDENCE: { status: 422, zh: '签名有误,没有登记', en: 'The signature does not verify.' },
  MANDATE_REPEATED: { status: 409, zh: '这份委托已经登记过', en: 'The mandate was entered before.' },
  MANDATE_UNKNOWN: { status: 404, zh: '没有这份委托', en: 'There is no such mandate.' },
  MANDATE_ENDED: { status: 409, zh: '这份委托已经结束', en: 'The mandate has ended already.' },
  AGENT_LIMITED: {
    status: 429,
    zh: '您今天登记或查找代理人的次数已达上限,请明天再办',
    en: 'You wrote down or looked for as many agents as you may in a day; go on tomorrow.',
  },
  AGENT_MALFORMED: {
    status: 422,
    zh: '证件号码或姓名有误,或与登记不符',
    en: 'The document number or the name is wrong, or differs from the register.',
  },
};
