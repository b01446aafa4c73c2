/** That a court or an authority annulled a resolution, as it is said wherever its outcome is (SPEC 8.2). */
import { placeOf } from '../auditlog/domain/log-place.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Database } from '../db/connect.ts';
import { annulledMeetingRows, annulmentsIn, annulmentsOfMeeting } from './store/annulments.ts';

/** An annulment without the names that its document has. */
export type ResolutionAnnulment = {
  readonly meeting: string;
  readonly proposal: string;
  /** SHA-256 of the judgment or order, base64url. */
  readonly documentHash: string;
  /** Place of `resolution.annulled` in the log; undefined until it has one. */
  readonly logIndex: number | undefined;
  /** The day on which two officers entered it, by the server's clock; in no record. */
  readonly enteredOn: CivilDate | undefined;
};

type Row = Awaited<ReturnType<typeof annulmentsIn>>[number];

const shown = (row: Row): ResolutionAnnulment => ({
  meeting: row.meeting_id,
  proposal: row.proposal_id,
  documentHash: toBase64Url(row.document_hash),
  logIndex: placeOf(row.idx),
  enteredOn: row.done_at_ms === null ? undefined : civilDateAt(Number(row.done_at_ms)),
});

/** The annulled resolutions of a community in the order of the log. */
export const listAnnulments = async (
  db: Database,
  community: string,
): Promise<readonly ResolutionAnnulment[]> => (await annulmentsIn(db, community)).map(shown);

/** The annulled resolutions of a meeting in the order of the log. */
export const annulmentsOf = async (
  db: Database,
  meeting: { readonly community: string; readonly meeting: string },
): Promise<readonly ResolutionAnnulment[]> => (await annulmentsOfMeeting(db, meeting)).map(shown);

/** The meetings of which a resolution was annulled, by id. */
export const annulledMeetings = async (db: Database): Promise<ReadonlySet<string>> =>
  new Set((await annulledMeetingRows(db)).map((row) => row.meeting_id));
