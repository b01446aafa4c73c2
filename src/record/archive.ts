/** The manifest of an archive pack: what a meeting's file holds, each with the SHA-256 that `sha256sum` prints (SPEC 9.5). */
import { toHex } from '../base/bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { hash, id } from './shapes.ts';

/** Where the meeting stood when the pack was made; the last two are the end of it. */
export const ARCHIVE_STAGES = ['preliminary', 'final', 'cancelled'] as const;
export type ArchiveStage = (typeof ARCHIVE_STAGES)[number];

/** Whether a meeting in this state has a pack. */
export const hasArchive = (state: string): state is ArchiveStage =>
  (ARCHIVE_STAGES as readonly string[]).includes(state);

const archiveManifest = closed({
  v: exactly(1),
  kind: oneOf('archive'),
  community: id,
  meeting: id,
  stage: oneOf(...ARCHIVE_STAGES),
  /** Of the log, with the first checkpoint that covers the entry of the stage. */
  origin: text(200),
  size: integer(1, Number.MAX_SAFE_INTEGER),
  root: hash,
  /** Place and leaf hash of the entry of the stage. */
  index: integer(0, Number.MAX_SAFE_INTEGER),
  entry: hash,
  /** Sorted by path; all but the manifest itself and the cover that prints its digest. */
  files: list(
    closed({
      path: text(200, /^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]+$/),
      /** 64 hexadecimal digits. */
      sha256: text(64, /^[0-9a-f]{64}$/),
    }),
    1000,
    1,
  ),
});

export type ArchiveManifest = Of<typeof archiveManifest>;
export const archiveManifestForm = recordForm(archiveManifest, 'archive', 1024 * 1024);

/** SHA-256 in hexadecimal digits, as `sha256sum` prints it. */
export const fileDigest = (bytes: Uint8Array): string => toHex(sha256(bytes));
