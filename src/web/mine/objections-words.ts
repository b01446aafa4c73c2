/** Words of the section in which an owner objects to a vote or its result, and reads the answers. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '异议',
  lead: '对“{meeting}”有异议,例如本户有一张不是您投的票,或者结果不对,可以在这里提出。每一项都会得到书面答复。',
  until: '可以在 {until} 以前提出。',
  over: '提出异议的时间已过。',
  unit: '为哪一户提出',
  text: '请说明(4000字以内)',
  textHint: '请不要写身份证号码。',
  send: '提出异议',
  sent: '已提出并记入公开日志。答复会显示在这里。',
  own: '我提出的异议',
  waiting: '等待答复',
  rejected: '不成立:{reason}',
  upheld: '成立:{reason}',
  mended: '所涉的表决票已作废或已由您重新投票',
});
