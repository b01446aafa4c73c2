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
  EMAIL_NOT_OFFERED: { status: 409, zh: '本系统不发送电子邮件', en: 'This service sends no e-mail.' },
  EMAIL_MALFORMED: {
    status: 422,
    zh: '邮箱地址有误,请逐字核对',
    en: 'That is no address of e-mail that this service can write to.',
  },
  EMAIL_NO_HOME: {
    status: 409,
    zh: '只有现在的业主可以登记邮箱',
    en: 'Only who owns a home now may enter an address of e-mail.',
  },
  EMAIL_CODES_LIMITED: {
    status: 429,
    zh: '今天已发送五个验证码,请明天再试',
    en: 'Five codes were sent today; try again tomorrow.',
  },
  EMAIL_CODE_TOO_SOON: {
    status: 429,
    zh: '刚刚发送过验证码,请一分钟后再试',
    en: 'A code was sent just now; try again in a minute.',
  },
  EMAIL_ADDRESS_LIMITED: {
    status: 429,
    zh: '24小时内发往这个邮箱的验证码已有五个,请以后再试',
    en: 'Five codes went to this address within 24 hours; try again later.',
  },
  EMAIL_CODE_NONE: {
    status: 409,
    zh: '没有等待输入的验证码,或已过期,请重新获取',
    en: 'No code waits, or it has expired; ask for a new one.',
  },
  EMAIL_CODE_SPENT: {
    status: 409,
    zh: '验证码已输错五次,请重新获取',
    en: 'The code was mistyped five times; ask for a new one.',
  },
  EMAIL_CODE_WRONG: {
    status: 422,
    zh: '验证码不对,请看最近一封邮件',
    en: 'That is not the code of the last mail.',
  },
  ENTRY_NOT_EXPLAINED: {
    status: 404,
    zh: '系统没有这条日志的说明',
    en: 'The service keeps nothing that explains this entry.',
  },
};
