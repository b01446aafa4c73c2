/**
 * Annulment: a court or an authority takes a resolution back. Two officers, one of them the regulator, enter the document's hash;
 * from there no hold, accrual or payment stands under it, and what is held is released. What was paid stays paid (SPEC 8.3).
 */

import { lockMeeting } from '../assembly/store.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { lockCommunityOf } from '../registry/communities.ts';
import { listAnnulments } from '../tally/annulments.ts';
import { lockBook } from './booking.ts';
import { resolutionKey } from './domain/authorisation-check.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { annulmentOf, insertAnnulment, isAdopted } from './store/annulments.ts';

export type Annulment = {
  readonly community: string;
  readonly meeting: string;
  readonly proposal: string;
  /** SHA-256 of the judgment or order, base64url; the document itself names people and stays with the officers. */
  readonly documentHash: string;
};

/** Refused where no such resolution was adopted, or where it was annulled already. */
async function annullable(tx: Tx, annulment: Annulment): Promise<Result<undefined, FundRefusal>> {
  if (!(await isAdopted(tx, annulment))) return refuse('FUND_RESOLUTION_UNKNOWN', 'proposal');
  if ((await annulmentOf(tx, annulment)) !== undefined) return refuse('FUND_RESOLUTION_ANNULLED', 'proposal');
  return ok(undefined);
}

/** Drafts the annulment of an adopted resolution for its two officers. */
export function draftAnnulment(
  deps: OfficerDeps,
  annulment: Annulment,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const good = await annullable(tx, annulment);
    if (!good.ok) return good;
    const { community, meeting, proposal, documentHash } = annulment;
    const entry: UnsignedEntry<'resolution.annulled'> = {
      v: 1,
      kind: 'resolution.annulled',
      community,
      meeting,
      proposal,
      documentHash,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy }) });
  });
}

/**
 * Locks the community, the meeting and then the book before the entry's place in the log is drawn, so that no line that follows from the resolution,
 * and no entry of the book, stands on the wrong side of it.
 */
export async function lockAnnulment(tx: Tx, act: SignedAct): Promise<void> {
  const { community, meeting } = act.entry as UnsignedEntry<'resolution.annulled'>;
  // Own rules that it carried fall with it, and a notice follows those in force (SPEC 5.2).
  await lockCommunityOf(tx, act);
  await lockMeeting(tx, meeting);
  await lockBook(tx, community);
}

/** Annuls the resolution in the transaction that wrote its log entry, row `entryId`; the database revokes what it opened. */
export async function applyAnnulment(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'resolution.annulled'>;
  const good = await annullable(tx, entry);
  if (!good.ok) return good;
  await insertAnnulment(tx, {
    community_id: entry.community,
    meeting_id: entry.meeting,
    proposal_id: entry.proposal,
    document_hash: present(fromBase64Url(entry.documentHash), 'checked hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}

/** How a resolution or an emergency was annulled, for anybody. */
export type ShownAnnulment = {
  /** SHA-256 of the judgment or order, base64url. */
  readonly documentHash: string;
  /** Place of `resolution.annulled` or `emergency.annulled` in the log; undefined until it has one. */
  readonly logIndex: number | undefined;
};

/** The annulled resolutions of a community, each under `resolutionKey`. */
export async function readAnnulments(
  db: Database,
  community: string,
): Promise<ReadonlyMap<string, ShownAnnulment>> {
  const annulments = await listAnnulments(db, community);
  return new Map(
    annulments.map(({ meeting, proposal, documentHash, logIndex }) => [
      resolutionKey(meeting, proposal),
      { documentHash, logIndex },
    ]),
  );
}
