/** Words of the extension of a vote in the console. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '延长投票',
  lead: '只有在截止以前、参与人数或面积还不足时,才可以延长一次。已经投的票继续有效。须由两名人员在原定截止时间以前签署。',
  closes: '新的截止时间',
  draft: '拟定延长',
  drafted: '已拟定延长,请两名人员在原定截止时间以前签署',
});
