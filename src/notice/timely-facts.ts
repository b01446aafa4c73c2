/** Whether a mail, or a reminder by message, is still of use when its turn comes, and which homes it names then (SPEC 3.7, 6.11). */
import type { NoticeEvent } from '../record/told.ts';
import type { NoticeFacts } from './domain/announcement-text.ts';
import { placeName } from './domain/announcement-text.ts';
import type { AnnouncingDeps } from './notice-deps.ts';
import type { OutboxRow } from './store/outbox.ts';
import { meetingOfEntry } from './store/outbox.ts';

const DAY_MS = 86_400_000;

type Queued = { readonly event: NoticeEvent; readonly person: string; readonly facts: NoticeFacts };

/** What it says now; undefined where it comes too late: about no meeting, a day after it was queued. */
export async function timelyFacts(
  { db, clock, timeliness }: AnnouncingDeps,
  row: Pick<OutboxRow, 'entry_idx' | 'queued_at_ms'>,
  { event, person, facts }: Queued,
): Promise<NoticeFacts | undefined> {
  const now = clock();
  const meeting = row.entry_idx === null ? null : await meetingOfEntry(db, row.entry_idx);
  if (meeting === null) return now < Number(row.queued_at_ms) + DAY_MS ? facts : undefined;
  const use = await timeliness(db, { event, meeting, person }, now);
  if (!use.isTimely) return undefined;
  return use.units === undefined ? facts : { ...facts, place: placeName(use.units) };
}
