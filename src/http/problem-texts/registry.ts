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
};
