/** Texts of answers that say "not now": nothing is wrong with the request, and the same one may succeed later. */
import type { ProblemTexts } from '../problem-text.ts';

export const OUTAGE_PROBLEMS: ProblemTexts = {
  SERVICE_BUSY: {
    status: 503,
    zh: '现在人多,请稍等几秒再试;原样再试不会重复投票',
    en: 'Too many requests wait; repeat the same request in a moment.',
    retryAfterS: 2,
  },
  CLOCK_SKEW: {
    status: 503,
    zh: '系统时钟正在校准,请稍后再试',
    en: 'The clock differs from the database by more than 0.5 s; nothing was recorded.',
    retryAfterS: 10,
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    zh: '系统暂时无法保存,请稍后原样再试',
    en: 'The database does not answer; repeat the same request.',
    retryAfterS: 5,
  },
  DATABASE_RESTARTING: {
    status: 503,
    zh: '系统正在恢复,请稍后原样再试',
    en: 'The database is restarting; repeat the same request.',
    retryAfterS: 2,
  },
  DATABASE_FULL: {
    status: 503,
    zh: '系统存储空间已满,没有保存,请稍后再试',
    en: 'The database has no space left; nothing was stored.',
    retryAfterS: 60,
  },
  DATABASE_READ_ONLY: {
    status: 503,
    zh: '系统暂时只读,没有保存,请稍后再试',
    en: 'The database takes no writes; nothing was stored.',
    retryAfterS: 30,
  },
  DATABASE_DISK_FAULT: {
    status: 503,
    zh: '系统存储故障,请稍后再试',
    en: 'The database cannot use its disk.',
    retryAfterS: 60,
  },
  DATABASE_OVERLOADED: {
    status: 503,
    zh: '系统繁忙,请稍后原样再试',
    en: 'The database is overloaded; repeat the same request.',
    retryAfterS: 2,
  },
};
