/** What an owner asked of a roll, in words that he and the officers share (SPEC 4.4). */
import type { RequestsAnswer } from '../../assembly/roll-contract.ts';
import { unitWords } from './unit-words.ts';
import { wordsOf } from './words.ts';

export type ShownRequest = RequestsAnswer['requests'][number];

/** What may be asked about, in the order in which it is offered. */
export const SUBJECTS: readonly ShownRequest['about'][] = ['area', 'owners', 'missing'];

export const requestWord = wordsOf({
  about_area: '面积不对',
  about_owners: '产权人不对',
  about_missing: '漏了我的房屋',
  state_open: '等待答复',
  state_accepted: '已采纳',
  state_refused: '未采纳',
  erased: '（内容已到期删除）',
  line: '{place}{about}：{text}',
});

/** `1栋 101 · 面积不对：…`. */
export const requestLine = ({ about, places, text }: ShownRequest): string =>
  requestWord('line', {
    place: places.map((each) => `${unitWords(each)} · `).join(''),
    about: requestWord(`about_${about}`),
    text: text === '' ? requestWord('erased') : text,
  });
