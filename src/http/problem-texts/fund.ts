/** Texts of the refusals of `fund`. */
import type { ProblemTexts } from '../problem-text.ts';

export const FUND_PROBLEMS: ProblemTexts = {
  FUND_COMMUNITY_UNKNOWN: { status: 404, zh: '没有这个小区', en: 'No such community.' },
  FUND_BOOK_MISSING: {
    status: 404,
    zh: '该小区还没有维修资金账簿',
    en: 'The community has no book of the fund yet.',
  },
  FUND_BOOK_BUSY: {
    status: 503,
    zh: '账簿正在记账,请稍后再试',
    en: 'The book is being written to; try again.',
  },
  FUND_BOOK_MOVED_ON: {
    status: 409,
    zh: '签署期间账簿已记入其他分录,请重新拟写拨付单',
    en: 'The book moved on while officers signed; draft the payment again.',
  },
  FUND_UNIT_UNKNOWN: { status: 404, zh: '账簿中没有这一户', en: 'The book has no such unit.' },
  FUND_RESOLUTION_UNKNOWN: {
    status: 404,
    zh: '没有这项通过的决议',
    en: 'No such resolution was adopted.',
  },
  FUND_RESOLUTION_ANNULLED: {
    status: 409,
    zh: '这项决议已经撤销',
    en: 'The resolution was annulled already.',
  },
  FUND_AUTHORISATION_UNKNOWN: { status: 404, zh: '没有这项列支授权', en: 'No such authorisation.' },
  FUND_AUTHORISATION_CLOSED: {
    status: 409,
    zh: '这项列支授权已经结清或撤销',
    en: 'The authorisation is closed or revoked.',
  },
  FUND_ENTRY_DIFFERS: {
    status: 409,
    zh: '已有内容不同的同一笔分录',
    en: 'An entry with other content stands under the same key.',
  },
  FUND_ENTRY_UNKNOWN: {
    status: 404,
    zh: '账簿中没有这一笔，或对这一笔不能这样做',
    en: 'The book has no such entry, or not one that this can be done with.',
  },
  FUND_ENTRY_REVERSED: { status: 409, zh: '这一笔已经冲回', en: 'The entry is undone already.' },
  FUND_MONEY_MOVED_ON: {
    status: 409,
    zh: '这笔钱已经另有用途,余额不够冲回',
    en: 'The money has gone on; too little is left to undo the entry.',
  },
  FUND_UNIT_IN_FORCE: {
    status: 409,
    zh: '现行业主名册中还有这一户，不能按灭失返还',
    en: 'The register in force still lists this unit; it cannot be refunded as one that is no more.',
  },
  FUND_UNIT_REFUNDED: {
    status: 409,
    zh: '这一户的维修资金已经全部返还，账户已关闭',
    en: 'This unit was refunded in full; its account is closed.',
  },
  FUND_UNIT_HELD: {
    status: 409,
    zh: '这一户还有冻结的维修资金，请先解冻',
    en: 'Money of this unit is still held; release it first.',
  },
  FUND_UNIT_AUTHORISED: {
    status: 409,
    zh: '这一户还要分摊一项未完成的维修，完成或撤销以后才能返还',
    en: 'An open authorisation has a share of this unit; close or revoke it first.',
  },
  FUND_UNIT_UNPAID: {
    status: 409,
    zh: '这一户分摊过的一项维修已经撤销，还有未拨付的款项：请先把它退回各户，再返还',
    en: 'An annulled authorisation that this unit has borne a part of is still unpaid; let the rest go back first.',
  },
  FUND_BALANCE_DIFFERS: {
    status: 409,
    zh: '余额已经变动，请按现在的数字重新核对',
    en: 'The balance has changed; look at it and draft again.',
  },
  FUND_INTEREST_WAITS: {
    status: 409,
    zh: '还有利息没有分配，请先分配利息再返还',
    en: 'Interest is still to be distributed; distribute it before the refund.',
  },
  FUND_TEXT_BLANK: {
    status: 422,
    zh: '这一项要写文字，不能只有空格',
    en: 'This text says nothing; write it down.',
  },
  FUND_AMOUNT_ZERO: { status: 422, zh: '金额须大于零', en: 'The amount is not positive.' },
  FUND_RECEIPT_REPEATED: {
    status: 422,
    zh: '清单中有空白或重复的回单号',
    en: 'A receipt number of the list is empty or occurs twice.',
  },
  FUND_REFERENCE_RESERVED: {
    status: 422,
    zh: '对账单名称不能以“回单”加空格开头',
    en: 'A statement cannot be called like a receipt of the bank.',
  },
  FUND_ABOVE_UNIDENTIFIED: {
    status: 409,
    zh: '金额超过待查收款的余额',
    en: 'The amount is more than the money of unknown payers.',
  },
  FUND_INTEREST_NONE: { status: 409, zh: '没有待分配的利息', en: 'There is no interest to distribute.' },
  FUND_INTEREST_PERIOD: {
    status: 409,
    zh: '计息期须在上一期之后,且期内有余额',
    en: 'The period must end after the last one and have balances in it.',
  },
  FUND_OPENING_REFUSED: {
    status: 422,
    zh: '期初余额清单有误,没有记账',
    en: 'The list of opening balances has faults; nothing was booked.',
  },
  FUND_FILE_REFUSED: {
    status: 422,
    zh: '银行文件有误,没有记账',
    en: 'The file of the bank has faults; nothing was booked.',
  },
  FUND_PERIOD_UNCLEAR: {
    status: 422,
    zh: '核对期须在今天以前结束,且起日不晚于止日',
    en: 'The period must end before today and not before it begins.',
  },
  FUND_DIFFERENCE_UNKNOWN: { status: 404, zh: '没有这项对账差异', en: 'No such difference.' },
  FUND_DIFFERENCE_EXPLAINED: {
    status: 409,
    zh: '这项差异已经说明',
    en: 'Why this difference stands was said already.',
  },
  FUND_VALUE_DATE_LATE: { status: 422, zh: '起息日不能晚于今天', en: 'The value date is in the future.' },
  FUND_HOUSEHOLDS_SHORT: {
    status: 409,
    zh: '部分业主分户账余额不足,请先续交',
    en: 'Some households are not funded; they must pay in first.',
  },
  FUND_ABOVE_HELD: {
    status: 409,
    zh: '金额须大于零,且不超过尚冻结的余额',
    en: 'The amount is not positive, or more than what is still held.',
  },
  FUND_OVERRUN_NEEDS_VOTE: {
    status: 409,
    zh: '费用超出批准金额百分之十以上,超出部分须经业主表决',
    en: 'The cost exceeds what was authorised by 10 % or more; the excess goes to a vote.',
  },
  FUND_ABOVE_PAYABLE: {
    status: 409,
    zh: '金额须大于零,且不超过已验收的应付款',
    en: 'The amount is not positive, or more than what is payable.',
  },
  FUND_NOTHING_CLAIMED: {
    status: 409,
    zh: '建设单位的房屋余额足够，没有应补的款',
    en: 'The units of the developer have what they need; nothing is owed.',
  },
  FUND_HELD_ALREADY: {
    status: 409,
    zh: '已经冻结，不再有应补的款',
    en: 'The cost is held already; nothing is claimed after that.',
  },
  FUND_CLAIMS_STRANDED: {
    status: 409,
    zh: '有应收的房屋不在授权所记的建设单位房屋之列，不能冻结：请核查账簿（fund check）',
    en: 'Something is claimed of a unit that the authorisation does not have as the developer’s; check the book (fund check).',
  },
  FUND_NOTHING_HELD: { status: 409, zh: '没有冻结的余额', en: 'Nothing is held.' },
  FUND_UNPAID_ACCRUALS: {
    status: 409,
    zh: '还有已验收未拨付的款项',
    en: 'Accruals are unpaid; pay or cancel them first.',
  },
  FUND_CLOSING_NEEDED: {
    status: 409,
    zh: '这项列支还没有结清；请先由两人凭验收文件签署结清，余额随之退回各户',
    en: 'This authorisation is still open; two officers close it over the document of acceptance, which releases the rest.',
  },
  FUND_MONTH_NOT_OVER: { status: 409, zh: '这个月还没有结束', en: 'This month is not over yet.' },
  FUND_MONTH_ORDER: {
    status: 409,
    zh: '请按月份顺序公布，从建账的第一个月起，不能跳过',
    en: 'Months are published in order, from the first month of the book, without a gap.',
  },
  FUND_MONTH_PUBLISHED: { status: 409, zh: '这个月已经公布', en: 'This month was published already.' },
  FUND_MONTH_UNRECONCILED: {
    status: 409,
    zh: '这个月与银行还没有对清，逐项列在下面；对清或说明以后才能公布',
    en: 'This month is not reconciled with the bank yet; what is missing is listed. Compare or explain it first.',
  },
  FUND_EMERGENCIES_BARRED: {
    status: 409,
    zh: '本小区没有开通紧急维修，须先由监管部门和另一名工作人员凭管理规约或当地规定登记',
    en: 'Emergencies do not open the fund of this community; the regulator and another officer must declare it first.',
  },
  FUND_EMERGENCIES_SAME: {
    status: 409,
    zh: '紧急维修已经凭同一文件登记为这一状态，不用重复登记',
    en: 'This is in force already over the same document; a declaration changes one of both.',
  },
  FUND_EMERGENCY_UNKNOWN: { status: 404, zh: '没有这项紧急维修', en: 'No such emergency.' },
  FUND_EMERGENCY_ANNULLED: {
    status: 409,
    zh: '这项紧急维修已经撤销',
    en: 'The emergency was annulled already.',
  },
  FUND_SCOPE_UNKNOWN: {
    status: 422,
    zh: '列支范围中有名册里没有的或重复的楼幢、房屋，或没有一户分摊',
    en: 'The scope names a building or a unit that the register has not, or one twice, or nobody would bear the cost.',
  },
  FUND_SCOPE_LARGE: {
    status: 422,
    zh: '列支范围列出的房屋太多，请改为按楼幢或全小区填写',
    en: 'The scope lists too many units; name buildings or the whole community instead.',
  },
  FUND_APPLICATIONS_WAITING: {
    status: 409,
    zh: '本小区已有 20 项维修申请没有答复，请先答复，再登记新的',
    en: 'Twenty applications of this community are unanswered; answer them before another is entered.',
  },
  FUND_APPLICATIONS_FULL: {
    status: 409,
    zh: '本小区已登记 200 项维修申请，不能再登记',
    en: 'This community has 200 applications, the most that can be entered.',
  },
  FUND_REGISTER_CHANGED: {
    status: 409,
    zh: '签署期间业主名册已经更新，请按新名册重新拟写',
    en: 'Another register came into force while officers signed; draft it again.',
  },
  FUND_APPLICATION_UNKNOWN: { status: 404, zh: '没有这项维修申请', en: 'No such application.' },
  FUND_APPLICATION_ANSWERED: {
    status: 409,
    zh: '这项维修申请已经答复；答复它的会议取消以后才能重新答复',
    en: 'The application was answered already; it is answered again only after the meeting that answered it was called off.',
  },
  FUND_TOP_UP_UNDECIDED: {
    status: 409,
    zh: '续交要有依据：一项已通过、没有撤销的“筹集维修资金”决议，或者（没有成立业主大会时）当地的续交规定，二者选一',
    en: 'A call to top up needs exactly one ground: an adopted resolution that raises the fund and stands, or the rule of the city.',
  },
  FUND_TOP_UP_NONE: {
    status: 409,
    zh: '按这份首期交存额，没有哪一户余额不足三成，无须续交',
    en: 'By these first deposits no unit has less than 30 % left.',
  },
  FUND_TOP_UP_DUE: {
    status: 422,
    zh: '最后交款日要在今天以后、一年以内',
    en: 'The last day of payment must be after today and within a year.',
  },
  FUND_TOP_UP_STALE: {
    status: 409,
    zh: '拟写以后情况变了：另有通知发出、名册更换，或者有的户余额已不低于三成。请重新核对后再拟写',
    en: 'Since the draft another call was made, the register changed, or a unit has 30 % again; check and draft anew.',
  },
  FUND_TOP_UP_UNKNOWN: {
    status: 404,
    zh: '没有这份有效的续交通知；它可能已被撤回，或由新的通知代替',
    en: 'There is no such call in force; it may have been withdrawn or replaced.',
  },
  FUND_ANSWER_UNCLEAR: {
    status: 422,
    zh: '不召开会议的，要写明理由；已召开会议的，只写会议和议题',
    en: 'A refusal has a reason and no meeting; a convened meeting needs no reason.',
  },
  FUND_MEETING_UNANNOUNCED: {
    status: 409,
    zh: '答复中的会议还没有公告或已取消，或这个议题不动用维修资金',
    en: 'The meeting is not announced, or was cancelled, or its proposal does not use the fund.',
  },
  FUND_MEETING_EARLIER: {
    status: 409,
    zh: '这次会议在收到申请以前就已公告，不能作为对它的答复；请为这项申请召开会议，或写明不召开的理由',
    en: 'The meeting was announced before the application; convene one for it, or say why not.',
  },
  FUND_PAYEE_DIFFERS: {
    status: 422,
    zh: '收款账户与批准的不一致',
    en: 'The payee account is not the one that was authorised.',
  },
  FUND_BANK_UNCLEAR: {
    status: 422,
    zh: '请写明账簿中的哪个专户',
    en: 'Name one bank account of the book.',
  },
  FUND_BANK_SHORT: { status: 409, zh: '该专户余额不足', en: 'The bank account does not hold enough.' },
};
