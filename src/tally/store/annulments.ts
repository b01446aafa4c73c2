/** The SQL of annulled resolutions as everybody reads them (SPEC 8.2). */
import type { Database } from '../../db/connect.ts';

const annulments = (db: Database) =>
  db
    .selectFrom('resolution_annulment as a')
    .innerJoin('log_entry as l', 'l.id', 'a.entry_id')
    .leftJoin('act as t', 't.entry_id', 'a.entry_id')
    .select(['a.meeting_id', 'a.proposal_id', 'a.document_hash', 'l.idx', 't.done_at_ms'])
    .orderBy('a.entry_id');

/** Those of a community with their place in the log and the time of their act, in the order of the log. */
export const annulmentsIn = (db: Database, community: string) =>
  annulments(db).where('a.community_id', '=', community).execute();

/** Those of a meeting, likewise. */
export const annulmentsOfMeeting = (
  db: Database,
  { community, meeting }: { readonly community: string; readonly meeting: string },
) => annulments(db).where('a.community_id', '=', community).where('a.meeting_id', '=', meeting).execute();

/** The meetings of which a resolution was annulled. */
export const annulledMeetingRows = (db: Database) =>
  db.selectFrom('resolution_annulment').select('meeting_id').distinct().execute();
