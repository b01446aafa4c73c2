/** What a failed beat, or a group of casts that could not be entered, means for `/readyz`: a disk that takes no writes is said, with the disk that it is (DESIGN §6). */
import { outageOf } from '../db/outages.ts';

/** `stopsCasts` is false where only the publishing of the log waits. */
export type BeatTrouble = { readonly reason: string; readonly stopsCasts: boolean };

/** Outages that somebody must mend; the others show themselves by the database not answering. */
const OF_A_DISK: readonly string[] = ['DATABASE_FULL', 'DATABASE_READ_ONLY', 'DATABASE_DISK_FAULT'];

/** The trouble of an outage by its code, undefined for one that passes by itself. */
export const castTrouble = (code: string | undefined): BeatTrouble | undefined =>
  code !== undefined && OF_A_DISK.includes(code)
    ? { reason: `the database cannot write: ${code}`, stopsCasts: true }
    : undefined;

const FILE_CODES: readonly string[] = ['EACCES', 'EDQUOT', 'EFBIG', 'EIO', 'ENOSPC', 'EPERM', 'EROFS'];

/** The trouble of an error that a beat ended with, or undefined where it passes by itself or is none of a disk. */
export function beatTroubleOf(error: unknown): BeatTrouble | undefined {
  const outage = outageOf(error);
  if (outage !== undefined) return castTrouble(outage);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!FILE_CODES.includes(code)) return undefined;
  return { reason: `the log is not published: its guard cannot be written (${code})`, stopsCasts: false };
}
