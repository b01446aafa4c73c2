/** Addresses of e-mail that are taken, and what is written to them: notices, reminders and the code that confirms one (SPEC 3.7). */
import type { NoticeEvent } from '../../record/told.ts';
import type { NoticeFacts } from './announcement-text.ts';
import { letterText } from './announcement-text.ts';
import { TO_FORMER } from './outgoing.ts';

const WORD = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^(${WORD}(?:\\.${WORD})*)@((?:${LABEL}\\.)+[A-Za-z]{2,63})$`);
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL = 64;

/** The address as it is kept, or undefined where it is none: plain ASCII, without quotes, comments, names or numbers of hosts. */
export function readAddress(typed: string): string | undefined {
  const trimmed = typed.trim();
  const [, local = '', domain = ''] = ADDRESS.exec(trimmed) ?? [];
  if (local === '' || local.length > LONGEST_LOCAL || trimmed.length > LONGEST_ADDRESS) return undefined;
  return `${local}@${domain.toLowerCase()}`;
}

/** Under which name the codes of an address are counted: the box that it reaches, as far as an address tells, however it is spelt. */
export function boxOf(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at).replace(/\+.*$/, '')}${address.slice(at)}`.toLowerCase();
}

/** What an owner is shown of his address: enough to know it again, too little for whoever found his letter. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}

/** Subject and body of a mail. */
export type MailText = { readonly subject: string; readonly text: string };

const SUBJECTS: Partial<Readonly<Record<NoticeEvent, string>>> = {
  'meeting-noticed': '业主大会会议公告',
  'vote-reminder': '表决提醒',
  'top-up-called': '维修资金续交通知',
  'top-up-withdrawn': '维修资金续交通知撤回',
  'top-up-annulled': '维修资金续交通知失效',
  'email-changed': '邮箱已更换',
  'email-removed': '邮箱已删除',
};

const NO_REPLY = '系统自动发送，请勿回复。 Sent automatically; nobody reads replies.';

/** The mail of a notice or a reminder: what stands on paper, and how to get no more; to a former address, that it gets none. */
export function noticeMail(event: NoticeEvent, facts: NoticeFacts): MailText {
  const { zh, en } = letterText(event, facts);
  const where = facts.page === '' ? '' : ` ${facts.page} `;
  const isLast = TO_FORMER.includes(event);
  const stopZh = isLast
    ? '这是发往这个邮箱的最后一封邮件。'
    : `这个邮箱是您在${where}“我的”页面登记的；不想再收，请在那里删除。`;
  const stopEn = isLast
    ? 'This is the last mail to this address.'
    : `You entered this address on your own page${where.trimEnd()}; remove it there to get no more.`;
  return {
    subject: `${facts.community} ${SUBJECTS[event] ?? ''}`.trim(),
    text: `${zh}\n\n${en}\n\n${stopZh}\n${stopEn}\n${NO_REPLY}\n`,
  };
}

/** A code as people read it: two groups of four. */
const inGroups = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;

/** The mail that brings a code of eight digits. */
export function codeMail(community: string, code: string): MailText {
  return {
    subject: `${community} 邮箱验证码`,
    text: [
      `${community}:您的邮箱验证码是 ${inGroups(code)}，一小时内有效。请在“我的”页面输入。工作人员不会向您要验证码；不是您本人操作的，不必理会。`,
      `Your code is ${inGroups(code)}; it holds for one hour. Type it on your own page. No officer will ask you for it. If you did not ask for it, ignore this mail.`,
      `${NO_REPLY}\n`,
    ].join('\n\n'),
  };
}

/** Eight digits from six random bytes. */
export function drawCode(random: (size: number) => Uint8Array): string {
  const number = random(6).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 100_000_000).padStart(8, '0');
}
