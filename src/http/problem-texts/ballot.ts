/** Texts of refusals at the ballot box. */
import type { ProblemTexts } from '../problem-text.ts';

export const BALLOT_PROBLEMS: ProblemTexts = {
  CAST_MALFORMED: {
    status: 400,
    zh: '选票格式有误,没有记录',
    en: 'The cast is malformed; nothing was recorded.',
  },
  CAST_MEETING: { status: 422, zh: '选票属于另一次会议', en: 'The cast is for another meeting.' },
  CAST_MANDATE: {
    status: 422,
    zh: '暂不支持代理或协助投票',
    en: 'Mandates and assistance are not supported yet.',
  },
  CAST_CHECKPOINT: {
    status: 422,
    zh: '页面看到的日志与系统不符,请刷新后再投',
    en: 'The cast names a checkpoint that was never signed.',
  },
  CAST_CREDENTIAL: {
    status: 403,
    zh: '投票凭证无效或已停用',
    en: 'The credential is unknown or not in force.',
  },
  CAST_SIGNATURE: {
    status: 403,
    zh: '选票签名无效,没有记录',
    en: 'The signature does not verify; nothing was recorded.',
  },
  CAST_ENTITLEMENT: { status: 403, zh: '名册中没有这项表决权', en: 'The entitlement is not on the roll.' },
  CAST_NOT_HOLDER: {
    status: 403,
    zh: '您不是这项表决权的权利人',
    en: 'The credential does not belong to a holder.',
  },
  CAST_LETTER_OUTDATED: {
    status: 403,
    zh: '登记信息在制函之后有变化,请向登记员领取新的表决函',
    en: 'The register changed after the letter was made; a new letter is needed.',
  },
  CAST_ANSWERS: { status: 422, zh: '议题顺序有误或重复', en: 'The answers are out of order or repeated.' },
  CAST_BALLOT: {
    status: 422,
    zh: '选票与名册不一致',
    en: 'A ballot does not fit the roll, or was never issued.',
  },
  CAST_BALLOT_SPENT: { status: 409, zh: '这张选票已经用过', en: 'A ballot was spent already.' },
  CAST_SEALED: { status: 422, zh: '密封选择的格式有误', en: 'A sealed choice has the wrong size or key.' },
  CAST_CHAIN: {
    status: 409,
    zh: '这一户的投票已有变化,请刷新后再投',
    en: 'The chain of the entitlement has moved on.',
  },
  CAST_REVOTE_KEY: {
    status: 409,
    zh: '这一户已经投票;变更须使用同一把自有密钥',
    en: 'Voted already; only the same key may change it, and not a letter.',
  },
  CAST_REVOTE_LIMIT: { status: 409, zh: '变更次数已用完', en: 'The allowed changes are used up.' },
  VOTING_NOT_OPEN: { status: 409, zh: '投票还没有开始', en: 'Voting has not opened.' },
  VOTING_CLOSED: { status: 409, zh: '投票已经截止,没有记录', en: 'Voting has closed; nothing was recorded.' },
  CAST_UNKNOWN: { status: 404, zh: '没有找到这张选票', en: 'No such cast.' },
  RECEIPT_NOT_YET: { status: 409, zh: '回执正在生成,请稍候', en: 'No checkpoint covers the cast yet.' },
  BOX_SECRET: { status: 422, zh: '开箱密钥与票箱不符', en: 'The secret does not belong to the box.' },
  BOX_NOT_HOLDER: {
    status: 403,
    zh: '只有票箱保管人可以开箱',
    en: 'Only the holder of the box may release it.',
  },
  NOTHING_TO_VOTE: {
    status: 404,
    zh: '这次会议没有您可以表决的事项',
    en: 'You hold no entitlement in this meeting.',
  },
};
