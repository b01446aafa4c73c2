/** Words of the section of frozen votes. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '已冻结的电子投票',
  lead: '业主当面出示证件以后，才可以解除。解除要由登记员和街道办两人签署。',
  none: '没有冻结的电子投票。',
  since: '{at} 起',
  lift: '起草解除',
  drafted: '已起草，请两人在“待签署”中签署。',
});
