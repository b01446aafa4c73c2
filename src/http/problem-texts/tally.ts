/** Texts of refusals about results. */
import type { ProblemTexts } from '../problem-text.ts';

export const TALLY_PROBLEMS: ProblemTexts = {
  RESULT_NOT_YET: { status: 404, zh: '结果尚未公布', en: 'There is no result yet.' },
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
};
