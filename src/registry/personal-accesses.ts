/** The record of who was given personal data of a community, and why: it stands before he has it, and nothing changes it afterwards (SPEC 3.1). */
import { newId } from '../base/clock.ts';
import { inTransaction } from '../db/transaction.ts';
import type { ActingOfficer, RegistryDeps } from './registry-deps.ts';
import { insertAccess } from './store/register-files.ts';

/** What was given: a register's file, what opens an act for those who sign it, a list of those who have not voted. */
export type AccessKind = 'register.file' | 'act.openings' | 'vote.absent';

export type Access = {
  readonly community: string;
  readonly kind: AccessKind;
  /** The register, the act or the meeting. */
  readonly subject: string;
  readonly reason: string;
};

/** Puts an access down, in a transaction of its own: it stands also where what follows fails. */
export const recordAccess = (
  deps: Pick<RegistryDeps, 'db' | 'random' | 'clock'>,
  { officer }: Pick<ActingOfficer, 'officer'>,
  { community, kind, subject, reason }: Access,
): Promise<void> =>
  inTransaction(deps.db, (tx) =>
    insertAccess(tx, {
      access_id: newId(deps.random),
      community_id: community,
      officer_id: officer,
      kind,
      subject_id: subject,
      reason,
      accessed_at_ms: deps.clock(),
    }),
  );
