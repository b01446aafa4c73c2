/** Texts of the assembly's refusals. */
import type { ProblemTexts } from '../problem-text.ts';

export const ASSEMBLY_PROBLEMS: ProblemTexts = {
  PROPOSAL_CLASSES: {
    status: 422,
    zh: '议题类别有误:不能重复,选举只能是第(三)项',
    en: 'The matter classes of a proposal do not fit.',
  },
  PROPOSAL_FUND: {
    status: 422,
    zh: '使用维修资金的议题必须包含第(五)项',
    en: 'A proposal that uses the fund must be of class M5.',
  },
  PROPOSAL_CANDIDATES: {
    status: 422,
    zh: '候选人名单有误',
    en: 'The candidates do not fit the form of the proposal.',
  },
  PROPOSAL_SCOPE: { status: 422, zh: '表决范围有误', en: 'The scope of a proposal does not fit.' },
  QUESTIONS_CLOSED: {
    status: 409,
    zh: '公告已经拟定,不再接受提问',
    en: 'The notice is drafted; no more questions are taken.',
  },
  QUESTIONS_TOO_MANY: {
    status: 409,
    zh: '每位业主对一次会议最多提三个问题;本次会议的问题也可能已满',
    en: 'An owner may ask three questions of a meeting, and a meeting takes only so many.',
  },
  QUESTION_PROPOSAL: { status: 422, zh: '这次会议没有这个议题', en: 'This meeting has no such proposal.' },
  QUESTION_UNKNOWN: { status: 404, zh: '没有这个问题', en: 'There is no such question.' },
  SCOPE_UNKNOWN: {
    status: 422,
    zh: '登记册中没有这一楼栋或房屋,请核对表决范围的写法',
    en: 'The register has no such building or unit; check how the scope is written.',
  },
  TEXT_EMPTY: { status: 422, zh: '正文不能为空', en: 'A text is empty.' },
  NOTICE_TOO_SHORT: {
    status: 422,
    zh: '公告期不足:公告日与开票日之间须有规定的整日数',
    en: 'The notice is too short.',
  },
  NOTICE_ENDS_ON_HOLIDAY: {
    status: 422,
    zh: '公告期的最后一天是法定休假日,顺延至其后的第一个工作日,开票须在那天以后',
    en: 'The last day of the notice is a holiday; it ends on the next working day, and the vote opens after that.',
  },
  WINDOW_MAINTENANCE: {
    status: 422,
    zh: '这个时间在系统维护期内,不能在此时开票或截止',
    en: 'The system is under maintenance then; no vote opens or closes.',
  },
  NOTICE_DATE_PAST: { status: 422, zh: '公告日期已过', en: 'The date of the notice has passed.' },
  WINDOW_TOO_SHORT: { status: 422, zh: '表决期过短', en: 'The voting window is too short.' },
  WINDOW_TOO_LONG: { status: 422, zh: '表决期过长', en: 'The voting window is too long.' },
  WINDOW_REVERSED: { status: 422, zh: '截止时间必须晚于开始时间', en: 'The window closes before it opens.' },
  MEETING_UNKNOWN: { status: 404, zh: '没有找到这次会议', en: 'No such meeting.' },
  MEETING_STATE: {
    status: 409,
    zh: '会议当前阶段不能进行此操作',
    en: 'The meeting is not in the state for this.',
  },
  PROFILE_UNKNOWN: { status: 422, zh: '没有这种表决规则', en: 'No such rule profile.' },
  PROFILE_DEMO_ONLY: {
    status: 422,
    zh: '演示规则只能用于演示系统',
    en: 'The demo profile is for demo deployments only.',
  },
  PARAMETER_UNKNOWN: { status: 422, zh: '没有这个规则参数', en: 'No such parameter.' },
  PARAMETER_MISSING: { status: 422, zh: '缺少规则参数', en: 'A parameter is missing.' },
  PARAMETER_NOT_PERMITTED: {
    status: 422,
    zh: '规则参数超出允许范围',
    en: 'A parameter is outside what the profile permits.',
  },
  COMMUNITY_UNKNOWN: { status: 404, zh: '没有找到这个小区', en: 'No such community.' },
  BOX_KEY_MALFORMED: { status: 422, zh: '票箱公钥有误', en: 'The box key is malformed.' },
  BOX_KEY_TAKEN: {
    status: 409,
    zh: '票箱公钥已存在',
    en: 'The meeting has a box key, or the key was used before.',
  },
  BOX_HOLDER_ROLE: {
    status: 403,
    zh: '票箱保管人不能与召集人同一角色',
    en: "The box holder's role must differ from the convener's.",
  },
  BOX_MISSING: { status: 409, zh: '还没有票箱公钥', en: 'The box key is missing.' },
  ROLL_MISSING: { status: 409, zh: '名册还没有冻结', en: 'The roll is not frozen yet.' },
  OPENING_CHANGED: {
    status: 409,
    zh: '开票内容与公告不一致',
    en: 'What would open differs from what was noticed.',
  },
  RULES_OTHERWISE: {
    status: 422,
    zh: '本小区的议事规则对这一项另有规定,不能另选',
    en: "The community's own rules fix this; it cannot be chosen otherwise.",
  },
  SILENCE_NOT_ADOPTED: {
    status: 422,
    zh: '沉默条款须由本小区的议事规则约定,召集人不能自行选择',
    en: "Counting those who say nothing needs the community's own rules; a convener cannot choose it.",
  },
  RULES_CHANGED: {
    status: 409,
    zh: '起草以后本小区的议事规则有变化,请重新起草',
    en: "The community's own rules have changed since this was drafted; draft it again.",
  },
  NOTICE_CHANGED: {
    status: 409,
    zh: '签署以后公告内容有变化,请重新拟发公告',
    en: 'The notice changed after it was signed; draft it again.',
  },
  OPENING_LATE: { status: 409, zh: '已过截止时间,不能开票', en: 'The window has closed already.' },
  PAUSE_LATE: {
    status: 409,
    zh: '投票已经截止,或者马上截止,不能再暂停',
    en: 'The vote is closed or about to close; it cannot be paused any more.',
  },
  RESUMPTION_STALE: {
    status: 409,
    zh: '拟定后超过十分钟才签署,新的截止时间已不准确,请重新拟定恢复投票',
    en: 'Signed more than ten minutes after it was drafted, so its close no longer fits; draft it again.',
  },
  // Told at the start, which they stop.
  CALENDAR_FILE: { status: 422, zh: '日历文件有误', en: 'The calendar file is refused.' },
  CALENDAR_YEAR_TWICE: { status: 422, zh: '日历中同一年出现两次', en: 'A year stands in two calendars.' },
  // Told by `owners-vote personal erase`.
  PERSON_UNKNOWN: { status: 404, zh: '小区没有此人', en: 'There is no such person in this community.' },
  PERSON_ERASED: {
    status: 409,
    zh: '此人的信息已经删除',
    en: 'What may go of this person was erased already.',
  },
  ERASURE_OWNER: {
    status: 409,
    zh: '仍是业主,其信息为表决和维修资金所必需',
    en: 'The person still owns a home; votes and the fund need the data.',
  },
  ERASURE_MEETING: {
    status: 409,
    zh: '与此人有关的会议尚未结束',
    en: 'A meeting that concerns this person is not over.',
  },
  ERASURE_MANDATE: {
    status: 409,
    zh: '有效的委托还需要此人,请先撤销',
    en: 'A mandate that is in force names this person; it must be revoked first.',
  },
  ERASURE_WAITS: {
    status: 409,
    zh: '有待签事项、待处理的名册、柜台申请或未发出的告知,请先办完',
    en: 'Acts, a register, a request at the counter or announcements wait; complete or withdraw them first.',
  },
};
