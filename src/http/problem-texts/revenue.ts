/** Texts of the refusals of the public-revenue book. */
import type { ProblemTexts } from '../problem-text.ts';

export const REVENUE_PROBLEMS: ProblemTexts = {
  REVENUE_HEADING: {
    status: 422,
    zh: '科目与收支类别不符',
    en: 'The heading does not belong to this kind of entry.',
  },
  REVENUE_PERIOD_PUBLISHED: {
    status: 409,
    zh: '这半年已经公布，不能再记账；请记在以后的日期',
    en: 'This half-year is published; book it on a later day.',
  },
  REVENUE_PERIOD_ORDER: {
    status: 409,
    zh: '请按顺序公布，从建账的第一个半年起，不能跳过',
    en: 'Half-years are published in order, from the first of the book, without a gap.',
  },
  REVENUE_PERIOD_NOT_OVER: { status: 409, zh: '这半年还没有结束', en: 'This half-year is not over yet.' },
  REVENUE_USE_UNDECIDED: {
    status: 409,
    zh: '成本和转入维修资金以外的支出，须有业主大会通过且有效的决议',
    en: 'Any use but costs and the fund needs an adopted resolution that stands.',
  },
  REVENUE_SHORT: {
    status: 409,
    zh: '公共收益的余额不够',
    en: 'The public revenue does not hold enough.',
  },
};
