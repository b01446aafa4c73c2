/** Words of a roll before its freeze in the console: owners' requests, and the sheet for printing. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '业主对名册的更正申请',
  lead: '采纳的，请导入更正后的业主名册，再重新拟定表决权名册。每一项都要答复，才能固定名册。',
  none: '没有更正申请。',
  from: '{name} · {line}',
  answer: '答复：{answer}',
  outcome: '决定',
  reason: '理由（业主会看到，500字以内）',
  send: '答复',
  sent: '已答复。',
  over: '仍要固定名册',
  overLead: '还有 {count} 项没有答复。确需先固定的，请写明理由，两位签署人会看到。不要写姓名。',
  overReason: '不等答复的理由',
  overSend: '写明理由，拟定名册',
  overDrafted: '已拟定，请两人在“待签署”中签署。',
  unanswered: '注意：有业主的更正申请没有答复就固定名册。拟定人的理由：{reason}',
  print: '看拟定的名册（可打印）',
  printTitle: '表决权名册（拟定稿）',
  printFrozen: '表决权名册（已固定）',
  printLead: '{community} · {meeting} · {at} 拟定',
  printNote: '本表供本小区业主核对，没有姓名。请勿拍照外传。名册固定以前，业主可登录“我的”页面申请更正。',
  paper: '打印',
  back: '返回',
});
