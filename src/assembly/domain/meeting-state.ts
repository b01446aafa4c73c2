/** The life of a meeting as a table: which state follows which, and nothing else (SPEC 5, 6.8, 8.2). */

export const MEETING_STATES = [
  'draft',
  'noticed',
  'armed',
  'open',
  'paused',
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
  armed: ['open', 'noticed', 'cancelled'],
  open: ['paused', 'closing'],
  // It never closes while it is paused (SPEC 5).
  paused: ['open'],
  closing: ['closed'],
  closed: ['counting'],
  counting: ['preliminary'],
  // A void takes the result back: the meeting is counted again (SPEC 8.2).
  preliminary: ['counting', 'final'],
  final: [],
  cancelled: [],
};

/** Whether a meeting may go from one state to another. */
export const mayBecome = (from: MeetingState, to: MeetingState): boolean => NEXT[from].includes(to);
