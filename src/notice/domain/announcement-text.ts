/** What people are told of an entry: one short message of at most 70 characters, and the same for a letter (SPEC 3.7). Never a choice, never a name. */
import type { NoticeEvent } from '../../record/told.ts';

/** What fills a text: `place` is the unit as people say it, `helpLine` a telephone of the office, `page` the host of the pages. */
export type NoticeFacts = {
  readonly community: string;
  readonly place: string;
  readonly helpLine: string;
  readonly page: string;
  /** The day that a notice or a reminder speaks of, such as `12月10日`. */
  readonly day?: string;
};

/** Gateways cut a message into parts beyond this, and charge and delay each. */
export const MAX_SHORT = 70;
/** Room for the sender's signature, which the gateway adds. */
const SIGNATURE = 8;
const LONGEST_NAME = 12;

/** `{day}` is the day of the facts; `informs` where there is nothing to object to, only more to read, and about what. */
type Words = { readonly zh: string; readonly en: string; readonly informs?: 'vote' | 'fund' | 'fund-over' };

const WORDS: Readonly<Record<NoticeEvent, Words>> = {
  'letter-issued': {
    zh: '您的表决函已制作,将寄给您',
    en: 'Your letter for voting was made and is on its way.',
  },
  'letter-replaced': {
    zh: '您的表决函已补发,旧函作废',
    en: 'A new letter for voting was made for you; the old one is void.',
  },
  'letter-revoked': { zh: '您的表决函已作废', en: 'Your letter for voting was made void.' },
  'key-bound': {
    zh: '您名下登记了新的表决密钥',
    en: 'A new key for voting was registered in your name.',
  },
  'key-revoked': {
    zh: '您名下的一个表决密钥已停用',
    en: 'A key for voting in your name no longer holds.',
  },
  'cast-first': { zh: '已收到本户的表决票', en: 'A vote was cast for your unit.' },
  'paper-recorded': {
    zh: '已登记本户的一张纸质表决票',
    en: 'A paper vote of your unit was recorded.',
  },
  'vote-voided': {
    zh: '本户的一张表决票已作废',
    en: 'A vote of your unit was declared void.',
  },
  'cast-changed': { zh: '本户的表决票已更改', en: 'The vote of your unit was changed.' },
  'mandate-granted': {
    zh: '已登记与您有关的表决委托',
    en: 'A mandate to vote that concerns you was recorded.',
  },
  'mandate-revoked': {
    zh: '与您有关的表决委托已撤销',
    en: 'A mandate to vote that concerns you was taken back.',
  },
  'roll-corrected': {
    zh: '本户的表决权利人已更正',
    en: 'Who may vote for your unit was corrected on the roll.',
  },
  'voting-frozen': {
    zh: '您名下的电子投票已冻结',
    en: 'Electronic voting in your name was frozen.',
  },
  'voting-unfrozen': {
    zh: '您名下的电子投票已解冻',
    en: 'Electronic voting in your name is possible again.',
  },
  'designation-recorded': {
    zh: '已登记由谁代表共有人投票',
    en: 'Who votes for the owners of your unit was recorded.',
  },
  'persons-merged': {
    zh: '您的两份登记已合并为一人',
    en: 'Two entries of the register were merged as one person: you.',
  },
  'persons-separated': {
    zh: '您的登记合并已撤销',
    en: 'The merge of your entries in the register was undone.',
  },
  'meeting-noticed': {
    zh: '业主大会会议公告已发布,{day}起表决',
    en: 'A meeting of the owners was noticed; the vote begins on {day}.',
    informs: 'vote',
  },
  'vote-reminder': {
    zh: '本户尚未表决,{day}截止',
    en: 'No vote of your unit was received so far; the vote ends on {day}.',
    informs: 'vote',
  },
  'top-up-called': {
    zh: '维修资金不足首期三成,请最迟{day}续交,勿转个人',
    en: 'Less than 30 % of the first deposit is left in the maintenance fund of your unit; please top up by {day} at the latest.',
    informs: 'fund',
  },
  'top-up-withdrawn': {
    zh: '维修资金续交通知已撤回,不必再交',
    en: 'The call to top up the maintenance fund of your unit was withdrawn; nothing more is asked for.',
    informs: 'fund-over',
  },
  'top-up-annulled': {
    zh: '维修资金续交通知所依决议已被撤销,不必再交',
    en: 'The resolution behind the call to top up the maintenance fund of your unit was annulled; nothing more is asked for.',
    informs: 'fund-over',
  },
  'email-confirmed': {
    zh: '您名下登记了接收通知的邮箱',
    en: 'An address of e-mail for notices was registered in your name.',
  },
  'email-changed': {
    zh: '您名下接收通知的邮箱已更换',
    en: 'The address of e-mail for notices in your name was changed.',
  },
  'email-removed': {
    zh: '您名下接收通知的邮箱已删除',
    en: 'The address of e-mail for notices in your name was removed.',
  },
};

const dayed = (words: string, { day = '' }: NoticeFacts): string => words.replace('{day}', day);

const isFitting = (text: string): boolean => [...text].length <= MAX_SHORT - SIGNATURE;

const cut = (text: string, length: number): string => [...text].slice(0, length).join('');

/** The message of an event: what is left out first is the page, then the end of the names. */
export function shortText(event: NoticeEvent, facts: NoticeFacts): string {
  const { helpLine, page } = facts;
  const { informs } = WORDS[event];
  const zh = dayed(WORDS[event].zh, facts);
  const where = (nameLength: number, placeLength: number): string =>
    `${cut(facts.community, nameLength)}${cut(facts.place, placeLength)}`;
  const call = helpLine === '' ? '' : `电话${helpLine}`;
  const ways = [[call, page].filter((way) => way !== '').join('或'), call === '' ? page : call];
  for (const [name, place] of [
    [LONGEST_NAME, LONGEST_NAME],
    [8, 8],
    [4, 8],
  ] as const) {
    for (const way of ways) {
      const ask = informs !== undefined ? (way === '' ? '详情请问' : '详情见') : '有异议请联系';
      const text = `${where(name, place)}:${zh}。${ask}${way === '' ? '街道办' : way}`;
      if (isFitting(text)) return text;
    }
  }
  const ask = informs !== undefined ? '详情请问街道办' : '有异议请联系街道办';
  return cut(`${where(4, 8)}:${zh}。${ask}`, MAX_SHORT - SIGNATURE);
}

/** What stands on a sheet of paper, each language a paragraph. */
export function letterText(
  event: NoticeEvent,
  facts: NoticeFacts,
): { readonly zh: string; readonly en: string } {
  const { informs } = WORDS[event];
  const [zh, en] = [dayed(WORDS[event].zh, facts), dayed(WORDS[event].en, facts)];
  const { community, place, helpLine, page } = facts;
  const wayZh = [helpLine === '' ? '' : `请致电 ${helpLine}`, page === '' ? '' : `登录 ${page} 查看`]
    .filter((way) => way !== '')
    .join(',或');
  const wayEn = [helpLine === '' ? '' : `call ${helpLine}`, page === '' ? '' : `look at ${page}`]
    .filter((way) => way !== '')
    .join(', or ');
  if (informs === 'fund')
    return {
      zh: `${community} ${place}:${zh}。每套房只交一次,共有人不必重复交;应交多少、怎样交,请看本户的通知书,或到街道办事处当面核对${wayZh === '' ? '' : `;也可${wayZh}`}。请不要向任何个人转账。`,
      en: `${en} Once for each unit. The letter to your unit says how much, and how to pay; you may also ask at the street office${wayEn === '' ? '' : `, or ${wayEn}`}. Transfer nothing to any person's own account.`,
    };
  if (informs === 'fund-over')
    return {
      zh: `${community} ${place}:${zh}。已经交存的仍记在本户账户${wayZh === '' ? '' : `;可${wayZh}`},也可到街道办事处当面核对。请不要向任何个人转账。`,
      en: `${en} What you paid in stays in the account of your unit. You may ask at the street office${wayEn === '' ? '' : `, or ${wayEn}`}. Transfer nothing to any person's own account.`,
    };
  if (informs === 'vote')
    return {
      zh: `${community} ${place}:${zh}。公告全文见小区公告栏${wayZh === '' ? '' : `;也可${wayZh}`}。请在期限内表决;您也可以到街道办事处当面了解。`,
      en: `${en} The whole notice is posted in the community${wayEn === '' ? '' : `; you may also ${wayEn}`}. You may also ask at the street office.`,
    };
  return {
    zh: `${community} ${place}:${zh}。如非本人办理或有异议,${wayZh === '' ? '请联系街道办事处' : wayZh}。您也可以到街道办事处当面提出。`,
    en: `${en} If this was not you, or you object: ${wayEn === '' ? 'ask the street office' : wayEn}. You may also go to the street office.`,
  };
}

/** A unit as people say it; several are counted. */
export function placeName(
  units: readonly { readonly building: string; readonly stair: string; readonly room: string }[],
): string {
  const [first] = units;
  if (first === undefined) return '';
  const name = `${first.building}${first.stair}${first.room}`;
  return units.length > 1 ? `${name}等${units.length}套` : name;
}
