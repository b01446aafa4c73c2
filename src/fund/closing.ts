/**
 * Closing: two officers end an authorisation over the document of acceptance, or over the one that says why the work is not done. What is
 * still held goes back to each household in the same step, what is claimed of the developer is cancelled, and no hold or accrual stands under it ever after (SPEC 8.3).
 */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { AuthorisationRef } from './authorisations.ts';
import { openAuthorisation } from './authorisations.ts';
import { lockBook } from './booking.ts';
import { cancelClaims } from './claiming.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { bookRelease, unpaidUnder } from './releasing.ts';
import { closingsOf, insertClosing } from './store/closings.ts';

export type ClosingRequest = AuthorisationRef & {
  /** SHA-256 of the document, base64url; the document stays with the officers. */
  readonly documentHash: string;
};

/** Refused where the authorisation is not open, or something accrued is not paid yet. */
async function closable(tx: Tx, ref: AuthorisationRef): Promise<Result<undefined, FundRefusal>> {
  const found = await openAuthorisation(tx, ref.community, ref.authorisation);
  if (!found.ok) return found;
  return unpaidUnder(tx, ref);
}

/** Drafts the closing of an open authorisation for its two officers. */
export function draftClosing(
  deps: OfficerDeps,
  closing: ClosingRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const good = await closable(tx, closing);
    if (!good.ok) return good;
    const { community, authorisation, documentHash } = closing;
    const entry: UnsignedEntry<'fund.closed'> = {
      v: 1,
      kind: 'fund.closed',
      community,
      authorisation,
      documentHash,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy }) });
  });
}

/** Locks the book before the entry's place in the log is drawn, so that no entry of the book stands on the wrong side of it. */
export async function lockClosing(tx: Tx, act: SignedAct): Promise<void> {
  await lockBook(tx, (act.entry as UnsignedEntry<'fund.closed'>).community);
}

/** Closes the authorisation in the transaction that wrote its log entry, row `entryId`, and books the release of what is held. */
export async function applyClosing(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const { community, authorisation, documentHash } = act.entry as UnsignedEntry<'fund.closed'>;
  const book = present(await lockBook(tx, community), 'a closing is drafted in a book');
  const good = await closable(tx, { community, authorisation });
  if (!good.ok) return good;
  await insertClosing(tx, {
    community_id: community,
    authorisation_id: authorisation,
    document_hash: present(fromBase64Url(documentHash), 'checked hash'),
    entry_id: entryId,
  });
  // Claims end with the hold: one of the two finds nothing.
  await cancelClaims(tx, deps, book, authorisation);
  await bookRelease(tx, deps, book, authorisation, 1);
  return ok(undefined);
}

/** How an authorisation was closed, for anybody. */
export type Closing = {
  readonly documentHash: string;
  /** Place of `fund.closed` in the log; undefined until it has one. */
  readonly logIndex: number | undefined;
};

/** The closings of a community by authorisation. */
export async function readClosings(db: Database, community: string): Promise<ReadonlyMap<string, Closing>> {
  const rows = await closingsOf(db, community);
  return new Map(
    rows.map(({ authorisation_id, document_hash, idx }) => [
      authorisation_id,
      { documentHash: toBase64Url(document_hash), logIndex: placeOf(idx) },
    ]),
  );
}
