/** Words of the section in which an owner checks a roll before it is frozen and asks for corrections. */
import { wordsOf } from '../kit/words.ts';

export const t = wordsOf({
  title: '名册固定以前：请核对',
  lead: '这是“{meeting}”拟用的名册，没有姓名。名册固定以前，您可以就自己的房屋申请更正。',
  notDrawn: '本次会议的名册还没有拟好，请过几天再看。',
  frozen: '名册已经固定，不再接受更正申请。',
  ask: '申请更正',
  about: '什么不对',
  unit: '哪一套',
  text: '请说明（500字以内）',
  textHint: '例如：产权证上的面积是 89.50 平方米。请不要写身份证号码。',
  send: '提交申请',
  sent: '已提交。答复会显示在这里。',
  own: '我的更正申请',
  answer: '答复：{answer}',
});
