/** The pictures of accepted papers, opened for auditors once the ballot box is: one at a time, since together they may fill a disk (SPEC 6.4, 9.1). */
import { readMeeting } from '../assembly/meetings.ts';
import { boxOf } from '../assembly/store.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openSeal } from '../crypto/sealed-box.ts';
import type { Database } from '../db/connect.ts';
import { PAPER_CODE_BYTES } from '../record/paper.ts';
import { scanFileName } from '../record/scan-file.ts';
import { acceptedScans, boxedScan } from './store/papers.ts';

/** A picture under the name that its hash and salt give; undefined where it does not open with the box's key. */
export type OpenedScan = {
  readonly serial: string;
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | undefined;
};

export type ScansRefusal = Refusal<'MEETING_UNKNOWN' | 'BOX_NOT_RELEASED'>;

/** The scans of a meeting's accepted papers in the order of the log, each read and opened when it is asked for. */
export async function openScans(
  db: Database,
  meetingId: string,
): Promise<Result<AsyncGenerator<OpenedScan>, ScansRefusal>> {
  const meeting = await readMeeting(db, meetingId);
  if (meeting === undefined) return refuse('MEETING_UNKNOWN');
  const { community } = meeting;
  const secret = (await boxOf(db, community, meetingId))?.secret ?? undefined;
  if (secret === undefined) return refuse('BOX_NOT_RELEASED');
  const at = { community, meeting: meetingId };
  const papers = await acceptedScans(db, at);
  async function* opened(boxSecret: Uint8Array): AsyncGenerator<OpenedScan> {
    for (const { serial, scanHash } of papers) {
      const boxed = await boxedScan(db, at, serial, scanHash);
      const plain = boxed === undefined ? undefined : openSeal(boxed, boxSecret);
      if (plain === undefined) {
        yield { serial, file: undefined };
        continue;
      }
      const bytes = plain.subarray(PAPER_CODE_BYTES);
      const salt = toBase64Url(plain.subarray(0, PAPER_CODE_BYTES));
      yield { serial, file: { name: scanFileName(toBase64Url(scanHash), salt, bytes), bytes } };
    }
  }
  return ok(opened(secret));
}
