/** Words of taking an act back. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  withdraw: '撤回',
  title: '撤回这个事项？',
  lead: '撤回以后，已经签过的名不再有效，事项不会执行。需要时可以重新起草。',
  unreadable: '事项编号：{act}',
  keep: '不撤回',
});
