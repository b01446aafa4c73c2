/** Reading meetings: the definition in its exact bytes, its texts, its state. */
import { present } from '../base/assert.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { Definition } from '../record/meeting.ts';
import { definitionForm } from '../record/meeting.ts';
import type { MeetingState } from './domain/meeting-state.ts';
import type { MeetingRow } from './store.ts';
import {
  meetingById,
  meetingsOf,
  meetingWindows,
  publishedMeetings,
  sharedMeetingLocks,
  textsOf,
} from './store.ts';

/** A meeting as the other shells see it. */
export type Meeting = {
  readonly meeting: string;
  readonly community: string;
  readonly title: string;
  readonly state: MeetingState;
  readonly definition: Definition;
  readonly definitionBytes: Uint8Array;
  /** Empty before it is armed. */
  readonly meetingHash: string;
  /** Whether its draft was opened to the questions of owners. */
  readonly isConsulted: boolean;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly objectionsUntil: number | undefined;
};

/** The meeting of a row; its stored bytes are ours, so a malformed one is a broken promise. */
export function meetingOf(row: MeetingRow): Meeting {
  const parsed = definitionForm.parse(row.definition);
  return {
    meeting: row.meeting_id,
    community: row.community_id,
    title: row.title,
    state: row.state as MeetingState,
    definition: present(parsed.ok ? parsed.value : undefined, 'stored definition'),
    definitionBytes: row.definition,
    meetingHash: row.meeting_hash === null ? '' : toBase64Url(row.meeting_hash),
    isConsulted: row.consulted_at_ms !== null,
    opensAt: Number(row.opens_at_ms),
    closesAt: Number(row.closes_at_ms),
    objectionsUntil: row.objection_until_ms === null ? undefined : Number(row.objection_until_ms),
  };
}

type Reader = Database | Tx;

/** The meeting with this id, or undefined. */
export async function readMeeting(db: Reader, meeting: string): Promise<Meeting | undefined> {
  const row = await meetingById(db, meeting);
  return row === undefined ? undefined : meetingOf(row);
}

/** All meetings of a community, the newest first. */
export const listMeetings = async (db: Reader, community: string): Promise<readonly Meeting[]> =>
  (await meetingsOf(db, community)).map(meetingOf);

/** Meetings that anybody may see. */
export const listPublished = async (db: Reader): Promise<readonly Meeting[]> =>
  (await publishedMeetings(db)).map(meetingOf);

/** The texts that the definition names, by their hash. */
export async function readTexts(db: Reader, meeting: Meeting): Promise<ReadonlyMap<string, string>> {
  const rows = await textsOf(db, meeting.community, meeting.meeting);
  return new Map(rows.map((row) => [toBase64Url(row.text_hash), row.body]));
}

/** The state of a meeting and its window; the closing instant may move while it runs. */
export type MeetingWindow = {
  readonly state: MeetingState;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
};

/** Windows by meeting, and the server's clock when they were read, in ms since 1970. */
export type MeetingWindows = {
  readonly windows: ReadonlyMap<string, MeetingWindow>;
  readonly serverNow: Instant;
};

/** Keeps the windows of some meetings as they are until the caller's transaction ends (SPEC 6.5). */
export const windowLocks = sharedMeetingLocks;

/** The windows of some meetings; they stay so where the caller holds their locks. */
export async function readWindows(tx: Tx, meetings: readonly string[]): Promise<MeetingWindows> {
  const rows = await meetingWindows(tx, meetings);
  const windows = rows.map((row): [string, MeetingWindow] => [
    row.meeting_id,
    {
      state: row.state as MeetingState,
      opensAt: Number(row.opens_at_ms),
      closesAt: Number(row.closes_at_ms),
    },
  ]);
  return { windows: new Map(windows), serverNow: Number(present(rows[0], 'armed meetings stay').now_ms) };
}
