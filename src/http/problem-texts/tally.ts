/** Texts of refusals about results. */
import type { ProblemTexts } from '../problem-text.ts';

export const TALLY_PROBLEMS: ProblemTexts = {
  RESULT_NOT_YET: { status: 404, zh: '结果尚未公布', en: 'There is no result yet.' },
  ARCHIVE_NOT_YET: {
    status: 503,
    retryAfterS: 5,
    zh: '归档包还在生成,请几秒钟后再试',
    en: 'The archive pack is being made; please try again in a few seconds.',
  },
  EXTENSION_LATE: {
    status: 409,
    zh: '投票已经截止,不能再延长',
    en: 'The vote is closed; it cannot be extended any more.',
  },
  EXTENSION_USED: { status: 409, zh: '投票只能延长一次', en: 'A vote is extended once at most.' },
  EXTENSION_TOO_LONG: {
    status: 422,
    zh: '新的截止时间须晚于原定时间,且不超过规则允许的天数',
    en: 'The new close must be later than the first one, by no more days than the rules permit.',
  },
  EXTENSION_QUORATE: {
    status: 409,
    zh: '参与人数和面积都已达到要求,不能延长',
    en: 'Every proposal has its quorum, so the vote is not extended.',
  },
  OBJECTION_UNKNOWN: { status: 404, zh: '没有找到这项异议', en: 'No such objection.' },
  OBJECTION_DECIDED: { status: 409, zh: '这项异议已经答复', en: 'The objection is decided already.' },
  OBJECTIONS_OPEN: {
    status: 409,
    zh: '异议期未满,不能公布最终结果',
    en: 'The time for objections is still running.',
  },
  OBJECTIONS_TOO_MANY: {
    status: 409,
    zh: '每户最多提出三项异议',
    en: 'At most three objections for each entitlement.',
  },
  OBJECTIONS_UNDECIDED: { status: 409, zh: '还有异议没有答复', en: 'An objection is undecided.' },
  OBJECTION_UPHELD: {
    status: 409,
    zh: '有异议成立,须先更正',
    en: 'An objection was upheld; the result must be corrected first.',
  },
  OBJECTION_UNIT: {
    status: 422,
    zh: '这套房屋不在您名下',
    en: 'This unit is none of yours on the roll.',
  },
  RESULT_RECOUNTED: {
    status: 409,
    zh: '结果已重新统计,请重新拟定最终结果',
    en: 'The meeting was counted again; draft the final result anew.',
  },
  FOLLOW_UP_RESOLUTION: {
    status: 409,
    zh: '只有已经通过、形成最终结果且没有被撤销的决议才有后续事项',
    en: 'Only a final, adopted resolution that was not annulled has a follow-up.',
  },
  FOLLOW_UP_STEP: {
    status: 409,
    zh: '请先登记为计划,再登记完成或者终止',
    en: 'A step is planned before it is done or dropped.',
  },
  FOLLOW_UP_ENDED: {
    status: 409,
    zh: '这一步已经完成或者终止,请另行登记新的一步',
    en: 'This step is done or dropped; record another one.',
  },
  FOLLOW_UP_TEXT: { status: 422, zh: '请写明由谁做什么', en: 'Say who does what.' },
  FOLLOW_UP_TOO_MANY: {
    status: 409,
    zh: '这次会议的后续计划已满二百条,不能再加;已有的仍可登记完成或者终止',
    en: 'The meeting has two hundred plans already; those can still be done or dropped.',
  },
  RULES_ADOPTION: {
    status: 422,
    zh: '请写明通过这些规则的会议和议题,或者选择载有规则的文件,二者选一',
    en: 'Name the meeting and proposal that adopted these rules, or a document, one of the two.',
  },
  RULES_DATE: {
    status: 422,
    zh: '通过日期不能晚于今天',
    en: 'Rules cannot have been adopted after today.',
  },
  RULES_OLDER: {
    status: 409,
    zh: '正在适用的议事规则通过得更晚,不能再改回更早通过的',
    en: 'The rules in force were adopted later than these.',
  },
  RULES_TEXT: {
    status: 422,
    zh: '规则条文与表决通过的议题正文不一致,请按议题正文逐字登记',
    en: 'The clauses are not the text of the proposal that was adopted, word by word.',
  },
  RULES_RESOLUTION: {
    status: 409,
    zh: '所选议题不是“制定和修改业主大会议事规则”,或者没有通过、尚未形成最终结果、已被撤销',
    en: 'That proposal is not of class M1, did not pass, is not final, or was annulled.',
  },
  CAST_STANDS: {
    status: 409,
    zh: '公开日志里已有这张选票,不需要恢复',
    en: 'The log has this cast; there is nothing to restore.',
  },
  PROMISE_SIGNATURE: {
    status: 422,
    zh: '系统的签收无效:不是本系统为这次表决签发的',
    en: 'The acknowledgement is not signed by the key of this meeting.',
  },
  PROMISE_OTHER: {
    status: 422,
    zh: '系统签收的不是这张选票',
    en: 'The acknowledgement is of another cast.',
  },
  PROMISE_LATE: {
    status: 409,
    zh: '系统签收的时间不在投票期间',
    en: 'The acknowledgement was not given while the vote was open.',
  },
  RESTORATION_UNKNOWN: {
    status: 404,
    zh: '没有业主提交过这张选票',
    en: 'No such cast was handed in.',
  },
  RESTORATIONS_OPEN: {
    status: 409,
    zh: '有业主提交了系统已签收、日志未收录的选票,恢复以后才能形成最终结果',
    en: 'A cast that was acknowledged and lost was handed in; it is restored before the result is final.',
  },
  VOID_NOT_UPHELD: {
    status: 409,
    zh: '异议尚未认定成立,不能作废表决票',
    en: 'The objection is not upheld, so nothing can be voided for it.',
  },
  VOID_NOT_CONDEMNED: {
    status: 409,
    zh: '答复没有认定这张表决票有误',
    en: 'The decision does not condemn what stands for this unit.',
  },
  VOID_REASON: {
    status: 422,
    zh: '作废的原因与这张表决票不符',
    en: 'The reason does not fit this statement.',
  },
  VOID_NOTHING: {
    status: 409,
    zh: '这套房屋没有可作废的表决票',
    en: 'No statement stands for this unit.',
  },
  VOID_OTHER_ENTITLEMENT: {
    status: 409,
    zh: '这项异议不是这套房屋的业主提出的',
    en: 'The objection is not of this unit.',
  },
  VOID_SUPERSEDED: {
    status: 409,
    zh: '这户已经重新投票,请重新核对',
    en: 'Something else stands for this unit meanwhile.',
  },
  VOID_UNIT_UNKNOWN: {
    status: 404,
    zh: '表决名册中没有这套房屋',
    en: 'The roll has no such unit.',
  },
};
