/** Texts of refusals that every route can give. */
import type { ProblemTexts } from '../problem-text.ts';

export const COMMON_PROBLEMS: ProblemTexts = {
  REQUEST_MALFORMED: { status: 400, zh: '请求内容有误', en: 'The request is malformed.' },
  REQUEST_TOO_LARGE: { status: 413, zh: '请求内容过大', en: 'The body is too large.' },
  REQUEST_TYPE: { status: 415, zh: '请求格式不支持', en: 'The content type is not supported.' },
  REQUEST_TIMEOUT: {
    status: 408,
    zh: '请求发送得太慢,连接已关闭,没有保存任何内容',
    en: 'The request came too slowly; the connection is closed and nothing was stored.',
  },
  REQUEST_ABORTED: { status: 400, zh: '请求没有发送完整', en: 'The request broke off.' },
  REQUEST_LIMITED: {
    status: 429,
    zh: '来自同一地址的无效请求过多,请稍后再试',
    en: 'Too many refused requests from one address; try again after a while.',
  },
  REQUEST_HEADERS: { status: 431, zh: '请求头或地址过长', en: 'The headers or the address are too long.' },
  REQUEST_EXPECTATION: {
    status: 417,
    zh: '不支持请求头中的 Expect',
    en: 'The expectation of the request cannot be met.',
  },
  REQUEST_ORIGIN: { status: 403, zh: '请求来源不被允许', en: 'The request came from another origin.' },
  NOT_FOUND: { status: 404, zh: '没有找到', en: 'Not found.' },
  METHOD_NOT_ALLOWED: { status: 405, zh: '不支持这种请求方式', en: 'The method is not allowed.' },
  INTERNAL: {
    status: 500,
    zh: '系统出错,没有保存任何内容,请稍后再试',
    en: 'Something broke on our side; nothing was stored.',
  },
  UNAVAILABLE: {
    status: 503,
    zh: '系统繁忙,请稍后再试',
    en: 'The service is busy; try again.',
    retryAfterS: 2,
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    zh: '暂时无法确认是否已保存,请原样再试一次',
    en: 'The outcome is unknown; repeat the same request.',
    retryAfterS: 2,
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    zh: '缺少 Idempotency-Key 请求头',
    en: 'The Idempotency-Key header is missing.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    zh: '同一 Idempotency-Key 用于了不同内容',
    en: 'The Idempotency-Key was used for another body.',
  },
  IDEMPOTENCY_KEY_IN_FLIGHT: {
    status: 409,
    zh: '同一请求正在处理',
    en: 'The same request is under way.',
    retryAfterS: 2,
  },
  IDEMPOTENCY_OUTCOME_UNKNOWN: {
    status: 409,
    zh: '同一请求上次没有完成,可能已经生效;请先核对,确未生效再换新的 Idempotency-Key 重发',
    en: 'The same request never ended and may have had its effect; look first, then use a new key.',
  },
};
