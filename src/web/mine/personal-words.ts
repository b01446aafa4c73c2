/** Words of the section that tells an owner how to have his data corrected or erased. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '我的个人信息',
  lead: '小区登记了您的姓名、证件号码、电话和通讯地址，都加密保存，只用来核对身份、寄信和告知。',
  correct: '电话或地址变了、登记错了？请联系业主委员会，用新的名册更正。',
  howTitle: '不再是业主，想删除个人信息？',
  how: '请向小区的运营单位书面申请，写明下面的编号，并出示证件。不必上网办理。',
  code: '您的编号',
  soon: '没有未结束的会议时，电话、地址、登录记录立即删除。',
  later: '姓名和证件号码在您最后一次表决结束两年后删除：在那以前，法院可能要核对名册。',
  stays:
    '表决票、公钥和名册中的编号不能删除，否则结果无法重新核验。其中没有您的姓名和号码；委托书的扫描件和身份平台的令牌例外，它们加密保存。',
});
