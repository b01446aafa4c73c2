/**
 * The archive pack of a meeting: by which entry it stands, and once the meeting is over the bytes that were made first, since a later
 * program prints other pages and the digest on the paper cover must stay findable (SPEC 9.5).
 */
import type { Meeting } from '../assembly/meetings.ts';
import { listEntries } from '../auditlog/entries.ts';
import type { FirstProof } from '../auditlog/proving.ts';
import { firstProofOf } from '../auditlog/proving.ts';
import { present } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { ArchiveStage } from '../record/archive.ts';
import { hasArchive } from '../record/archive.ts';
import { archiveFactsRow, archiveRow, insertArchive } from './store.ts';

const STAGE_KINDS: Readonly<Record<ArchiveStage, string>> = {
  preliminary: 'tally.preliminary',
  final: 'tally.final',
  cancelled: 'meeting.cancelled',
};

/** The entry that a pack stands by, with its proof. */
export type ArchiveStanding = {
  readonly stage: ArchiveStage;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly proof: FirstProof;
};

export type ArchiveRefusal = Refusal<'RESULT_NOT_YET' | 'ARCHIVE_NOT_YET'>;

/** How a meeting stands for its archive. ARCHIVE_NOT_YET passes by itself: the log needs a beat or two to cover the entry. */
export async function archiveStanding(
  db: Database,
  { community, meeting, state }: Meeting,
): Promise<Result<ArchiveStanding, ArchiveRefusal>> {
  if (!hasArchive(state)) return refuse('RESULT_NOT_YET');
  const entry = (await listEntries(db, { community, meeting, kinds: [STAGE_KINDS[state]] })).at(-1);
  const proof = entry === undefined ? undefined : await firstProofOf(db, entry);
  if (entry === undefined || proof === undefined) return refuse('ARCHIVE_NOT_YET');
  const { index, bytes, leafHash } = entry;
  return ok({ stage: state, index, bytes, leafHash, proof });
}

/** A pack with its manifest, which its digest is of. */
export type Archive = { readonly manifest: Uint8Array; readonly pack: Uint8Array };

/** The pack that is kept of a meeting, or undefined. */
export async function keptArchive(db: Database, { meeting }: Meeting): Promise<Archive | undefined> {
  const row = await archiveRow(db, meeting);
  return row === undefined ? undefined : { manifest: row.manifest, pack: row.pack };
}

/** What the page of a pack says of it. */
export type ArchiveFacts = {
  readonly manifest: Uint8Array;
  readonly pack: { readonly sha256: string; readonly bytes: number };
};

/** The facts of the pack that is kept of a meeting, or undefined; the database has them without the pack. */
export async function keptFacts(db: Database, { meeting }: Meeting): Promise<ArchiveFacts | undefined> {
  const row = await archiveFactsRow(db, meeting);
  if (row === undefined) return undefined;
  return { manifest: row.manifest, pack: { sha256: toHex(row.pack_hash), bytes: row.pack_length } };
}

/** Keeps the pack of a meeting that is over; gives the one that was kept first, be it another's. */
export async function keepArchive(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  meeting: Meeting,
  { manifest, pack }: Archive,
): Promise<Archive> {
  await insertArchive(db, {
    community_id: meeting.community,
    meeting_id: meeting.meeting,
    manifest,
    pack,
    kept_at_ms: clock(),
  });
  return present(await keptArchive(db, meeting), 'it was kept just now');
}
