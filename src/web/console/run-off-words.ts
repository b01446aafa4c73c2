/** Words of a run-off in the console and in the proposal that it drafts. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  draft: '起草会议，{title}',
  lead: '得票相同，名额不够，需要由业主另行表决决选。不抽签。',
  proposalTitle: '决选：{title}',
  proposalText:
    '在“{meeting}”的“{title}”中，下列 {tied} 位候选人得票人数和面积都相同，还有 {open} 个名额没有选出。请业主在他们中间再次投票选举。',
});
