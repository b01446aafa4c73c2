/** Words of the public page of the rules that a community follows. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '表决规则',
  lead: '以后公告的会议按这些规则进行。已经公告的会议，以公告时的规则为准。',
  none: '本小区没有通过自己的议事规则，各项按《民法典》和规则模板的缺省值。',
  adopted: '{on}通过的议事规则正在适用。',
  profile: '规则模板',
  hash: '规则摘要',
  meeting: '通过它的会议',
  document: '载有规则的文件（SHA-256）',
  text: '规则条文',
  table: '各项规定',
  item: '规定',
  value: '内容',
  article: '依据',
  own: '本小区规定',
  yes: '是',
  no: '否',
  print: '本页可以打印。',
});
