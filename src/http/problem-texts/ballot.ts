/** Texts of refusals at the ballot box. */
import type { ProblemTexts } from '../problem-text.ts';

export const BALLOT_PROBLEMS: ProblemTexts = {
  CAST_MALFORMED: {
    status: 400,
    zh: '选票格式有误,没有记录',
    en: 'The cast is malformed; nothing was recorded.',
  },
  CAST_MEETING: { status: 422, zh: '选票属于另一次会议', en: 'The cast is for another meeting.' },
  CAST_ASSISTED: { status: 422, zh: '暂不支持协助投票', en: 'Assistance is not supported yet.' },
  CAST_MANDATE: { status: 403, zh: '没有这份委托', en: 'There is no such mandate.' },
  CAST_MANDATE_AGENT: {
    status: 403,
    zh: '这份委托的代理人不是您',
    en: 'The mandate names another agent.',
  },
  CAST_MANDATE_PRINCIPAL: {
    status: 403,
    zh: '委托人不是这一户的权利人',
    en: 'The principal of the mandate may not vote for this entitlement.',
  },
  CAST_MANDATE_SCOPE: {
    status: 403,
    zh: '委托不包括这次会议、这处房屋或这项议题',
    en: 'The mandate does not cover this meeting, unit or proposal.',
  },
  CAST_MANDATE_ENDED: {
    status: 403,
    zh: '委托已经收回或者到期',
    en: 'The mandate was taken back or has expired.',
  },
  CAST_MANDATE_SUPERSEDED: {
    status: 409,
    zh: '业主本人已经投票,委托不再有效',
    en: 'A holder has voted himself, which ends the mandate.',
  },
  CAST_MANDATE_CAP: {
    status: 409,
    zh: '您在这次会议已代理的业主人数到了上限',
    en: 'You have voted for as many principals as one agent may.',
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
  CAST_DESIGNATION_NONE: {
    status: 403,
    zh: '这一户有多位共有人,还没有指定由谁表决,没有记录;请其他共有人签署指定,或交纸质指定书',
    en: 'The head has several holders and none is designated; nothing was recorded.',
  },
  CAST_DESIGNATION_OTHER: {
    status: 403,
    zh: '这一户指定由另一位共有人表决,没有记录',
    en: 'Another holder of the head is designated; nothing was recorded.',
  },
  CAST_FROZEN: {
    status: 403,
    zh: '您已冻结电子投票,没有记录;您可以使用纸质表决票,或带证件到窗口解除冻结',
    en: 'The owner has frozen his electronic vote; nothing was recorded. Paper remains possible.',
  },
  REMINDER_TOO_SOON: {
    status: 409,
    zh: '两次提醒至少要隔48小时',
    en: 'At least 48 hours must lie between two reminders.',
  },
  REMINDERS_USED_UP: {
    status: 409,
    zh: '本次会议已提醒过三次,不能再提醒',
    en: 'This meeting has had its three reminders.',
  },
  CAST_ROLL_CORRECTED: {
    status: 409,
    zh: '这项表决权的权利人刚刚变更,请刷新后再看',
    en: 'The holders of the entitlement have just been corrected; load the papers anew.',
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
  // Told by `owners-vote scans`.
  BOX_NOT_RELEASED: {
    status: 409,
    zh: '票箱还没有开启,扫描件打不开',
    en: 'The ballot box is not released, so scans cannot be opened.',
  },
  CAST_REVOTE_LIMIT: { status: 409, zh: '变更次数已用完', en: 'The allowed changes are used up.' },
  VOTING_NOT_OPEN: { status: 409, zh: '投票还没有开始', en: 'Voting has not opened.' },
  VOTING_CLOSED: { status: 409, zh: '投票已经截止,没有记录', en: 'Voting has closed; nothing was recorded.' },
  VOTING_PAUSED: {
    status: 409,
    zh: '投票已由住房主管部门暂停,这次没有记录。恢复后请再投,截止时间会顺延',
    en: 'The regulator has paused the vote; nothing was recorded. Vote again when it goes on; the close moves by as long.',
  },
  CORRECTION_VOTED: {
    status: 409,
    zh: '这一户已经投票,所投仍然有效,不能再更正权利人',
    en: 'A statement of this entitlement stands; its holders can no longer be corrected.',
  },
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
  CAST_PAPER_STANDS: {
    status: 409,
    zh: '这一户已经登记了一张纸质表决票,按本次会议的规则不能再用手机更改;不是您填的,请提出异议',
    en: 'A paper vote of this home is recorded, which this meeting does not let a phone replace; object where it is not yours.',
  },
  PAPER_MALFORMED: { status: 400, zh: '录入的内容格式有误', en: 'What was keyed is malformed.' },
  PAPER_MEETING: { status: 422, zh: '这张票属于另一次会议', en: 'The paper is for another meeting.' },
  PAPER_NOT_OPEN: {
    status: 409,
    zh: '投票没有开始或者已经截止,纸质表决票不能再生效',
    en: 'Voting is not open, so no paper can be accepted.',
  },
  PAPER_PAUSED: {
    status: 409,
    zh: '投票已由住房主管部门暂停,恢复后再录入',
    en: 'The regulator has paused the vote; key the paper when it goes on.',
  },
  PAPER_SERIAL: {
    status: 404,
    zh: '没有这个编号,或者它已因重新印制而作废',
    en: 'There is no such serial, or a later print ended it.',
  },
  PAPER_SERIAL_SPENT: {
    status: 409,
    zh: '这张纸质表决票已经登记过了',
    en: 'The paper of this serial is recorded already.',
  },
  PAPER_SIGNER: {
    status: 422,
    zh: '签名的人不是这一户的权利人,或者权利人之间另有推选',
    en: 'Who signed is no holder of this home, or another holder is designated.',
  },
  PAPER_MANDATE: {
    status: 422,
    zh: '委托不存在、已经结束,或者不包括这处房屋或这项议题',
    en: 'The mandate does not exist, has ended, or does not cover this home or proposal.',
  },
  PAPER_MANDATE_CAP: {
    status: 409,
    zh: '代理人在这次会议代理的业主人数到了上限',
    en: 'The agent has voted for as many principals as one agent may.',
  },
  PAPER_ANSWERS: {
    status: 422,
    zh: '议题与这一户不符,或者顺序、次数有误',
    en: 'The answers are not those that this home may give, in order and once.',
  },
  PAPER_SEALED: { status: 422, zh: '封装的选择有误', en: 'A sealed choice is not as it must be.' },
  PAPER_CHAIN: {
    status: 409,
    zh: '这一户在录入之后又有了新的投票,请重新录入',
    en: 'This home has voted meanwhile; key the paper again.',
  },
  PAPER_STANDS: {
    status: 409,
    zh: '这一户已经投过票,按本次会议的规则,纸质表决票不能取代它',
    en: 'This home has voted, and in this meeting no paper replaces that.',
  },
  PAPER_SUPERSEDED: {
    status: 409,
    zh: '业主本人或监护人已经投票,这张纸质表决票不能取代它',
    en: 'A holder or a guardian has voted, which this paper may not replace.',
  },
  PAPER_SCAN: {
    status: 422,
    zh: '缺少这张票的照片,或者照片太大',
    en: 'The picture of the paper is missing or too large.',
  },
  PAPER_NOT_KEYED: {
    status: 409,
    zh: '没有亲自录入这个结果的人不能签署,请先录入这张票',
    en: 'Whoever has not keyed this version himself cannot sign it; key the paper first.',
  },
  PAPER_VERSIONS: {
    status: 409,
    zh: '您已经录入过另一种结果;请先撤回,或者请第三位人员录入',
    en: 'You have keyed another version; withdraw it, or have a third officer key the paper.',
  },
  PAPER_UNITS: {
    status: 404,
    zh: '名册中没有这些房屋,或者它们在这次会议没有表决权',
    en: 'None of these units may vote in this meeting.',
  },
};
