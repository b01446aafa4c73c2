/**
 * Whether emergencies open the fund of a community: barred until two officers, one of them the regulator, declare over the owners' own
 * rules or the city's that they are allowed; the last declaration counts (SPEC 8.3; Civil Code §281(2)).
 */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import { lockBook } from './booking.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { bookRow } from './store/book.ts';
import { declarationsOf, insertDeclaration } from './store/emergencies.ts';

export type DeclarationRequest = {
  readonly community: string;
  readonly emergencies: 'allowed' | 'barred';
  /** SHA-256 of the rules that say so, base64url; the document is public, and stays with the officers. */
  readonly documentHash: string;
};

/** What is in force, and since which entry of the log; `logIndex` is undefined until it has one. */
export type EmergencyRule = Omit<DeclarationRequest, 'community'> & { readonly logIndex: number | undefined };

/** The last declaration, or undefined where there never was one: then emergencies are barred. */
export async function emergencyRule(db: Database, community: string): Promise<EmergencyRule | undefined> {
  const [last] = await declarationsOf(db, community);
  return last === undefined
    ? undefined
    : {
        emergencies: last.emergencies as EmergencyRule['emergencies'],
        documentHash: toBase64Url(last.document_hash),
        logIndex: placeOf(last.idx),
      };
}

/**
 * Refused where the same rule is in force over the same document: a declaration changes one of both. Over another document it is a new
 * one, since a city that replaces its rules leaves the old hash with nobody to vouch for it; so is the first that bars.
 */
async function changes(tx: Tx, request: DeclarationRequest): Promise<Result<undefined, FundRefusal>> {
  const last = await emergencyRule(tx, request.community);
  const isSame = last?.emergencies === request.emergencies && last.documentHash === request.documentHash;
  return isSame ? refuse('FUND_EMERGENCIES_SAME', 'emergencies') : ok(undefined);
}

/** Drafts the declaration for its two officers. */
export function draftDeclaration(
  deps: OfficerDeps,
  request: DeclarationRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    const { community, emergencies, documentHash } = request;
    if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
    const good = await changes(tx, request);
    if (!good.ok) return good;
    const entry: UnsignedEntry<'emergencies.declared'> = {
      v: 1,
      kind: 'emergencies.declared',
      community,
      declaration: newId(deps.random),
      emergencies,
      documentHash,
    };
    return ok({ act: await draftAct(tx, deps, { entry, details: {}, draftedBy }) });
  });
}

/** Locks the book before the entry's place in the log is drawn, so that no emergency stands on the wrong side of it. */
export async function lockDeclaration(tx: Tx, act: SignedAct): Promise<void> {
  await lockBook(tx, (act.entry as UnsignedEntry<'emergencies.declared'>).community);
}

/** Puts the declaration in force in the transaction that wrote its log entry, row `entryId`. */
export async function applyDeclaration(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'emergencies.declared'>;
  present(await lockBook(tx, entry.community), 'a declaration is drafted where a book is');
  const good = await changes(tx, entry);
  if (!good.ok) return good;
  await insertDeclaration(tx, {
    community_id: entry.community,
    declaration_id: entry.declaration,
    emergencies: entry.emergencies,
    document_hash: present(fromBase64Url(entry.documentHash), 'checked hash'),
    entry_id: entryId,
  });
  return ok(undefined);
}
