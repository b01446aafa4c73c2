/** Words of the pause of a vote in the console. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '暂停投票',
  lead: '只有住房主管部门可以暂停。暂停后,任何人都不能投票,也不能录入纸质表决票;已经投的票继续有效。理由立即公开。恢复以后,截止时间按暂停的时长顺延。',
  reason: '暂停的理由(立即公开)',
  draft: '拟定暂停',
  drafted: '已拟定暂停,签署后立即生效',
  paused: '投票已暂停',
  pausedLead: '现在不能投票、录入纸质票或延长,到了时间也不会截止。由住房主管部门恢复。',
  resumeLead: '恢复以后,截止时间顺延为暂停的时长加签署所需的十分钟。拟定后请在十分钟内签署,超过须重新拟定。',
  resume: '拟定恢复投票',
  resumeDrafted: '已拟定恢复,新的截止时间是{closes}。请在十分钟内签署',
  entryPaused: '暂停投票(编号 {pause})',
  entryResumed: '恢复投票,截止时间顺延至{closes}',
  reasonMatches: '✓ 与签署内容核对一致,暂停的理由:{reason}',
});
