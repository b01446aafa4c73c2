/** The files of a bundle that the tally owns (SPEC 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { FormerTallyLine, ObjectionLine } from '../record/bundle-lines.ts';
import { certificateOf, objectionsOf, talliesOf } from './store.ts';

export type TallyFiles = {
  readonly record: Uint8Array;
  readonly participation: Uint8Array;
  /** Empty before the final result. */
  readonly certificate: string;
  readonly objections: readonly ObjectionLine[];
  /** What was published before a recount. */
  readonly former: readonly FormerTallyLine[];
};

/** The records of a counted meeting, or undefined. */
export async function tallyFiles(db: Database, meeting: string): Promise<TallyFiles | undefined> {
  const tallies = await talliesOf(db, meeting);
  const tally = tallies.at(-1);
  if (tally === undefined) return undefined;
  return {
    former: tallies.slice(0, -1).map(({ record, participation }) => ({
      tally: toBase64Url(record),
      participation: toBase64Url(participation),
    })),
    record: tally.record,
    participation: tally.participation,
    certificate: (await certificateOf(db, meeting))?.token ?? '',
    objections: (await objectionsOf(db, meeting)).map((row) => ({
      objection: toBase64Url(row.objection),
      decision: row.decision === null ? '' : toBase64Url(row.decision),
    })),
  };
}
