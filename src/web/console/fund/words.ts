/** Words that the page of the fund shares among its sections. */
import { wordsOf } from '../../kit/words.ts';

export const t = wordsOf({
  title: '维修资金与公共收益',
  of: '{name}：维修资金与公共收益',
  lead: '在这里拟写和记账。要两人签署的事项，拟写后到管理页的“待签事项”，由有权签署的两名经办人各自核对、签署，签齐才生效。',
  signIn: '请先在管理页用通行密钥登录，再回到本页。',
  notAllowed: '业主委员会、街道办和住建局的经办人可以使用本页。',
  toConsole: '到管理页签署',
  toCommunities: '选择小区',
  noCommunities: '还没有小区。',
  opening: '期初余额',
  publicPage: '公开的账目',
});
