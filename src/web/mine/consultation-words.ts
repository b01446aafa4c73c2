/** Words of the drafts on which owners may ask. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '会议草案，请您提问',
  lead: '《{title}》还没有公告。您可以先看内容，就议题提问，最多三个。问答不写姓名，随公告一起公开。',
  notice: '公告草稿',
  proposal: '议题 {at}　{title}',
  question: '问：{text}',
  own: '（您的问题）',
  withheldText: '（未公布）',
  answer: '答：{answer}',
  waiting: '等待答复',
  withheld: '不公布，理由：{answer}',
  ask: '我的问题',
  about: '关于',
  send: '提交问题',
  sent: '已提交。答复会显示在这里，也写进公告。',
  over: '公告已经拟定，不再接受提问。',
});
