/**
 * Annulment of an emergency: the regulator finds that it was unlawful. Two officers, the regulator among them, enter the hash of the order;
 * from then on the emergency opens nothing, what it holds goes back, and what was paid stays paid and named (SPEC 8.3; Civil Code §281(2)).
 */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { ShownAnnulment } from './annulling.ts';
import type { AuthorisationRef } from './authorisations.ts';
import { lockBook } from './booking.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { emergencyAnnulmentsOf, insertEmergencyAnnulment } from './store/annulments.ts';
import { authorisationById } from './store/authorisations.ts';

export type EmergencyAnnulmentRequest = AuthorisationRef & {
  /** SHA-256 of the order, base64url; the document itself stays with the officers. */
  readonly documentHash: string;
};

/** Refused where the community has no such emergency, or it was annulled already; one that was closed can still be found unlawful. */
async function annullable(
  tx: Tx,
  { community, authorisation }: AuthorisationRef,
): Promise<Result<undefined, FundRefusal>> {
  const row = await authorisationById(tx, community, authorisation);
  if (row?.kind !== 'emergency') return refuse('FUND_EMERGENCY_UNKNOWN', 'authorisation');
  return row.state === 'revoked' ? refuse('FUND_EMERGENCY_ANNULLED', 'authorisation') : ok(undefined);
}

/** Drafts the annulment of an emergency for its two officers. */
export function draftEmergencyAnnulment(
  deps: OfficerDeps,
  request: EmergencyAnnulmentRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const good = await annullable(tx, request);
    if (!good.ok) return good;
    const { community, authorisation, documentHash } = request;
    const entry: UnsignedEntry<'emergency.annulled'> = {
      v: 1,
      kind: 'emergency.annulled',
      community,
      authorisation,
      documentHash,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy }) });
  });
}

/** Locks the book before the entry's place in the log is drawn, so that no entry of the book stands on the wrong side of it. */
export async function lockEmergencyAnnulment(tx: Tx, act: SignedAct): Promise<void> {
  await lockBook(tx, (act.entry as UnsignedEntry<'emergency.annulled'>).community);
}

/** Annuls the emergency in the transaction that wrote its log entry, row `entryId`; the database revokes what it opened. */
export async function applyEmergencyAnnulment(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'emergency.annulled'>;
  present(await lockBook(tx, entry.community), 'an annulment is drafted in a book');
  const good = await annullable(tx, entry);
  if (!good.ok) return good;
  await insertEmergencyAnnulment(tx, {
    community_id: entry.community,
    authorisation_id: entry.authorisation,
    document_hash: present(fromBase64Url(entry.documentHash), 'checked hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}

/** The annulled emergencies of a community by authorisation. */
export async function readEmergencyAnnulments(
  db: Database,
  community: string,
): Promise<ReadonlyMap<string, ShownAnnulment>> {
  const rows = await emergencyAnnulmentsOf(db, community);
  return new Map(
    rows.map(({ authorisation_id, document_hash, idx }) => [
      authorisation_id,
      { documentHash: toBase64Url(document_hash), logIndex: placeOf(idx) },
    ]),
  );
}
