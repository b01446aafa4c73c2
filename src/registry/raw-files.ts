/**
 * The file that a register was read from: sealed from the draft on, handed out with a reason that is recorded first, and erased
 * when nothing needs it any more (SPEC 3.1; PIPL art. 19: no longer than necessary).
 */
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { AtRestKeys } from '../crypto/at-rest.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import type { Database } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { withdrawAct } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { AccessKind } from './personal-accesses.ts';
import { recordAccess } from './personal-accesses.ts';
import type { RegistryRefusal } from './refusals.ts';
import type { ActingOfficer, RegistryDeps } from './registry-deps.ts';
import { communityById } from './store/communities.ts';
import { accessesIn, eraseFiles, fileOfRegister, importsWaitingSince } from './store/register-files.ts';
import { eraseRequests } from './store/roll-requests.ts';

const DAY_MS = 24 * 60 * 60_000;

/** How long files stay, in days; settings of `register purge`. */
export type FileRetention = {
  /** After the last roll of the register was frozen. */
  readonly fileDays: number;
  /** An import that two officers have not signed by then is withdrawn. */
  readonly draftDays: number;
};

/** Half a year, the shortest time that the law knows for logs of a network; a revocation suit has the file's hash and its source. */
export const DEFAULT_RETENTION: FileRetention = { fileDays: 180, draftDays: 30 };

/** Where a file rests: an import's and its register's are one place, since they have one id. */
export const filePlace = (community: string, register: string): string =>
  `register.file/${community}/${register}`;

/** The file as it rests. */
export const sealFile = (
  deps: { readonly atRest: AtRestKeys; readonly random: RegistryDeps['random'] },
  community: string,
  register: string,
  file: Uint8Array,
): Uint8Array => sealAtRest(deps.atRest, filePlace(community, register), file, deps.random);

/** Whether an officer may be given files, and read who was: the offices that supervise, not those who made the register. */
const mayReadFiles = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'street' || officer.role === 'regulator') && actsIn(officer, community);

export type FileRequest = { readonly community: string; readonly register: string; readonly reason: string };

/** Gives a supervising officer the file; that he was given it, and why, stands before he has it. */
export async function readRegisterFile(
  deps: RegistryDeps,
  officer: ActingOfficer,
  request: FileRequest,
): Promise<Result<Uint8Array, RegistryRefusal>> {
  const { community, register, reason } = request;
  if (!mayReadFiles(officer, community)) return refuse('NOT_ALLOWED');
  const row = await fileOfRegister(deps.db, community, register);
  if (row === undefined) return refuse('REGISTER_UNKNOWN');
  if (row.file === null) return refuse('REGISTER_FILE_ERASED');
  const file = openAtRest(deps.atRest, filePlace(community, register), row.file);
  await recordAccess(deps, officer, { community, kind: 'register.file', subject: register, reason });
  return ok(file);
}

export type PersonalAccess = {
  readonly officer: string;
  readonly kind: AccessKind;
  readonly subject: string;
  readonly reason: string;
  readonly accessedAt: Instant;
};

/** Who was given files and openings of a community, the latest first; 1000 at most. */
export async function personalAccesses(
  deps: RegistryDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly PersonalAccess[], RegistryRefusal>> {
  if (!mayReadFiles(officer, community)) return refuse('NOT_ALLOWED');
  if ((await communityById(deps.db, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
  const rows = await accessesIn(deps.db, community);
  return ok(
    rows.map((row) => ({
      officer: row.officer_id,
      kind: row.kind as AccessKind,
      subject: row.subject_id,
      reason: row.reason,
      accessedAt: Number(row.accessed_at_ms),
    })),
  );
}

export type Purged = { readonly withdrawn: number; readonly erased: number; readonly requests: number };

/** Withdraws imports that nobody completed, which erases their drafts, and erases the files and the owners' requests whose time is over. */
export async function purgeFiles(
  db: Database,
  now: Instant,
  { fileDays, draftDays }: FileRetention,
): Promise<Purged> {
  let withdrawn = 0;
  for (const act of await importsWaitingSince(db, now - draftDays * DAY_MS))
    if ((await withdrawAct({ db }, act)).ok) withdrawn += 1;
  const before = now - fileDays * DAY_MS;
  return inTransaction(db, async (tx) => ({
    withdrawn,
    erased: await eraseFiles(tx, before),
    requests: await eraseRequests(tx, before),
  }));
}
