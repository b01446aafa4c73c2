/** Texts of the refusals of `registry`. */
import type { ProblemTexts } from '../problem-text.ts';

export const REGISTRY_PROBLEMS: ProblemTexts = {
  COMMUNITY_UNKNOWN: { status: 404, zh: '没有这个小区', en: 'No such community.' },
  REGISTER_REFUSED: {
    status: 422,
    zh: '名册有误,没有导入任何内容,请按所列各项改正',
    en: 'The register is refused as a whole; the findings say what to correct.',
  },
  REGISTER_UNCONFIRMED: {
    status: 409,
    zh: '名册中有需要确认的事项,请逐项核对并确认后再导入',
    en: 'The findings want confirmation before the register is imported.',
  },
  REGISTER_SUPERSEDED: {
    status: 409,
    zh: '这份名册草稿已被另一份名册取代',
    en: 'Another register came into force before this draft.',
  },
  BUILDING_PLAN_MALFORMED: {
    status: 422,
    zh: '楼栋计划写法有误,应如“八座: 101-104, 201-204; 九座: 101-604”',
    en: 'The building plan does not read; it looks like “8: 101-104, 201-204; 9: 101-604”.',
  },
  IMPORT_UNKNOWN: { status: 404, zh: '没有找到这次导入', en: 'No such import.' },
  IMPORT_NOT_CHECKED: {
    status: 409,
    zh: '这份名册还在检查,请稍候',
    en: 'This file is still being checked. Please wait a little.',
  },
  IMPORT_ENDED: {
    status: 410,
    zh: '这次导入已经结束,文件已转为草稿或已删除。如需修改,请重新上传',
    en: 'This import has ended: its file became a draft or was erased. Please upload it again.',
  },
  IMPORT_WITHOUT_ROWS: {
    status: 422,
    zh: '这个文件读不出表格,没有可以标注的内容。请按所列问题改正后重新上传',
    en: 'No table could be read from this file, so there is nothing to mark. Please correct it and upload it again.',
  },
  IMPORTS_OF_OFFICER: {
    status: 429,
    zh: '您上传的名册还在排队检查,请等检查完再上传',
    en: 'Your files are still waiting to be checked. Please wait before you upload another.',
    retryAfterS: 30,
  },
  IMPORTS_OF_COMMUNITY: {
    status: 429,
    zh: '本小区已有几份名册在排队检查,请稍后再上传',
    en: 'Several files of this community are waiting to be checked. Please come back in a little while.',
    retryAfterS: 30,
  },
  IMPORT_QUEUE_FULL: {
    status: 503,
    zh: '现在排队检查的名册太多,请几分钟后再上传',
    en: 'Too many files are waiting to be checked. Please come back in a few minutes.',
    retryAfterS: 60,
  },
  REGISTER_UNKNOWN: { status: 404, zh: '没有找到这份名册', en: 'No such register.' },
  REGISTER_FILE_ERASED: {
    status: 410,
    zh: '这份名册的原始文件已按规定删除',
    en: 'The file of this register was erased when its time was over.',
  },
  REGISTER_MISSING: { status: 409, zh: '小区还没有业主名册', en: 'The community has no register yet.' },
  ROLL_UNIT_AT_FAULT: {
    status: 422,
    zh: '有房屋没有业主或面积,不能制作表决权名册',
    en: 'Units without an owner or without an area cannot stand on a roll.',
  },
  ROLL_SCOPE_EMPTY: {
    status: 422,
    zh: '有议题的范围内没有可计的房屋',
    en: 'A proposal has no unit that counts in its scope.',
  },
  ROLL_FROZEN_ALREADY: {
    status: 409,
    zh: '本次会议的表决权名册已经固定',
    en: 'The roll of this meeting is frozen already.',
  },
  ROLL_REGISTER_SUPERSEDED: {
    status: 409,
    zh: '这份表决权名册做好之后,业主名册有了更新,请按新名册重新制作、重新签署',
    en: 'A newer register came into force after this roll was drawn up. Draw it up and sign it again.',
  },
  ROLL_UNKNOWN: { status: 404, zh: '没有找到表决权名册', en: 'No such roll.' },
  ROLL_REQUEST_UNIT: {
    status: 422,
    zh: '只能就您自己名下的房屋提出;房屋漏了的,请选“漏了我的房屋”',
    en: 'A request is about a unit of your own; if a unit is missing, please say so.',
  },
  ROLL_REQUEST_UNKNOWN: { status: 404, zh: '没有这项更正申请', en: 'No such request.' },
  ROLL_REQUEST_ANSWERED: { status: 409, zh: '这项更正申请已经答复', en: 'The request was answered already.' },
  ROLL_REQUESTS_TOO_MANY: {
    status: 429,
    zh: '您对本次会议名册的更正申请已达五项,请到业主委员会或街道办当面说明',
    en: 'You have made five requests about this roll. Please speak to the committee or the street office.',
  },
  ROLL_REQUESTS_OPEN: {
    status: 409,
    zh: '还有业主的更正申请没有答复。请先答复;确需先固定的,请写明理由',
    en: 'Requests of owners are not answered yet. Answer them, or say why the roll is frozen nevertheless.',
  },
  CORRECTION_UNIT_UNKNOWN: {
    status: 404,
    zh: '这套房屋不在本次会议的表决权名册上',
    en: 'The unit is not on the roll of this meeting.',
  },
  CORRECTION_NO_OWNER: {
    status: 422,
    zh: '现行业主名册里没有这套房屋的业主,请先导入更新后的名册',
    en: 'The register in force names no owner of the units; import the new register first.',
  },
  CORRECTION_UNITS_APART: {
    status: 422,
    zh: '这项表决权的几套房屋已分属不同业主,名册固定之后不能拆开',
    en: 'The units of this head have gone to different owners; a frozen head cannot be divided.',
  },
  CORRECTION_NOTHING: {
    status: 409,
    zh: '现行业主名册与表决权名册一致,没有需要更正的',
    en: 'The register in force names the same holders; there is nothing to correct.',
  },
  CORRECTION_MOVED: {
    status: 409,
    zh: '拟定之后,名册又有变化,请重新拟定、重新签署',
    en: 'The roll or the register has changed since this was drafted. Draft and sign it again.',
  },
  LETTERS_FILE_DIFFERS: {
    status: 422,
    zh: '名册文件与导入时的文件不同',
    en: 'The file is not the one that was imported.',
  },
  LETTERS_FILE_REFUSED: { status: 422, zh: '名册文件不能通过检查', en: 'The file does not pass the check.' },
};
