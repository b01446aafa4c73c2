/** Words of casts that were promised and lost: what was handed in, and what two officers sign (SPEC 6.12). */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '日志未收录的选票',
  lead: '系统在截止前签收了下列选票,公开日志却没有收录。业主提交了选票和签收,都已核对。恢复以后才能公布最终结果。',
  asked: '{at} 提交',
  restored: '已恢复',
  restore: '拟定恢复',
  drafted: '已拟定,请签署',
  entry: '恢复一张选票:权利人 {entitlement},选票 {hash}',
  shown: '恢复的是 {place} 的选票。系统在 {at} 签收,签名已由本页核对。',
  recount: '已公布的统计会重新进行,前后两次的结果都会公布。',
  hidden: '系统的签收与这张选票不符,或没有取到,不能签署',
});
