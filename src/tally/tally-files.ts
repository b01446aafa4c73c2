/** The files of a bundle that the tally owns (SPEC 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { ObjectionLine } from '../record/bundle-lines.ts';
import { certificateOf, objectionsOf, tallyOf } from './store.ts';

export type TallyFiles = {
  readonly record: Uint8Array;
  readonly participation: Uint8Array;
  /** Empty before the final result. */
  readonly certificate: string;
  readonly objections: readonly ObjectionLine[];
};

/** The records of a counted meeting, or undefined. */
export async function tallyFiles(db: Database, meeting: string): Promise<TallyFiles | undefined> {
  const tally = await tallyOf(db, meeting);
  if (tally === undefined) return undefined;
  return {
    record: tally.record,
    participation: tally.participation,
    certificate: (await certificateOf(db, meeting))?.token ?? '',
    objections: (await objectionsOf(db, meeting)).map((row) => ({
      objection: toBase64Url(row.objection),
      decision: row.decision === null ? '' : toBase64Url(row.decision),
    })),
  };
}
