/** The life of a meeting as a table: which state follows which, and nothing else (SPEC 5, 6.8, 8.2). */

export const MEETING_STATES = [
  'draft',
  'noticed',
  'armed',
  'open',
  'closing',
  'closed',
  'counting',
  'preliminary',
  'final',
  'cancelled',
] as const;
export type MeetingState = (typeof MEETING_STATES)[number];

const NEXT: Readonly<Record<MeetingState, readonly MeetingState[]>> = {
  draft: ['noticed', 'cancelled'],
  noticed: ['armed', 'cancelled'],
  armed: ['open', 'cancelled'],
  open: ['closing'],
  closing: ['closed'],
  closed: ['counting'],
  counting: ['preliminary'],
  preliminary: ['final'],
  final: [],
  cancelled: [],
};

/** Whether a meeting may go from one state to another. */
export const mayBecome = (from: MeetingState, to: MeetingState): boolean => NEXT[from].includes(to);

/** What people are told of a state. */
export const STATE_WORDS: Readonly<Record<MeetingState, string>> = {
  draft: '起草中',
  noticed: '已公告',
  armed: '待开票',
  open: '正在投票',
  closing: '正在截止',
  closed: '已截止,等待开箱',
  counting: '正在计票',
  preliminary: '初步结果公示',
  final: '最终结果',
  cancelled: '已取消',
};
