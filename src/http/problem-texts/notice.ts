/** Texts of the refusals of `notice`. */
import type { ProblemTexts } from '../problem-text.ts';

export const NOTICE_PROBLEMS: ProblemTexts = {
  PRINT_NOTHING: { status: 409, zh: '没有等待打印的告知', en: 'No announcement waits for paper.' },
  PRINT_RUN_UNKNOWN: { status: 404, zh: '没有找到这一批打印', en: 'No such print run.' },
  PRINT_RUN_POSTED: {
    status: 409,
    zh: '这一批告知已登记寄出',
    en: 'This print run was recorded as posted before.',
  },
  MONITOR_ACCESS_TOO_MANY: {
    status: 409,
    zh: '本小区有效的监看凭据已达上限,请先停用一个',
    en: 'The community has as many accesses for monitors as it may; end one first.',
  },
  MONITOR_ACCESS_UNKNOWN: { status: 404, zh: '没有找到这个监看凭据', en: 'No such access of a monitor.' },
  MONITOR_ACCESS_REFUSED: {
    status: 403,
    zh: '监看凭据无效、已停用或已过期',
    en: 'The access of the monitor is unknown, was ended or has expired.',
  },
  DELIVERY_UNIT_UNKNOWN: {
    status: 422,
    zh: '所列房屋中有一套不在本次会议的名册里',
    en: 'One of the units does not belong to this meeting.',
  },
  DELIVERY_REPEATED: {
    status: 409,
    zh: '有一套房屋这样的送达已登记两次，不能再登记',
    en: 'For one of the units this was recorded twice already.',
  },
  ENTRY_NOT_EXPLAINED: {
    status: 404,
    zh: '系统没有这条日志的说明',
    en: 'The service keeps nothing that explains this entry.',
  },
};
