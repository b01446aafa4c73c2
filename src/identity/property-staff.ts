/** The property manager's staff, who may not be agents: the street office keeps the list of their documents (SPEC 3.6; Zhoushan §17). */
import { utf8 } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sealAtRest } from '../crypto/at-rest.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { actsIn } from '../officers/domain/session.ts';
import { readDocument } from '../registry/domain/document-number.ts';
import { assertKnownIndexes, indexesOf, indexOf, openNumber } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { lockCommunity } from '../registry/store/communities.ts';
import type { PersonRow } from '../registry/store/units.ts';
import type { IdentityDeps } from './identity-deps.ts';
import type { IdentityRefusal } from './refusals.ts';
import { isListed, listStaff, staffOf, unlistStaff } from './store/mandates.ts';

/** Where the number of a document on the list of staff is sealed for. */
export const staffPlace = (community: string, staff: string): string =>
  `property_staff.sealed_number/${community}/${staff}`;

/** Puts a document of the property manager's staff on the list, or takes it off; the number rests sealed, so that its index can change. */
export async function setPropertyStaff(
  deps: IdentityDeps,
  officer: ActingOfficer,
  {
    community,
    number,
    isStaff,
  }: { readonly community: string; readonly number: string; readonly isStaff: boolean },
): Promise<Result<undefined, IdentityRefusal>> {
  if (officer.role !== 'street' || !actsIn(officer, community)) return refuse('NOT_ALLOWED');
  const document = readDocument(number, '', civilDateAt(deps.clock()));
  if (document.fault !== undefined) return refuse('AGENT_MALFORMED', 'number');
  const numbered = { docKind: document.kind, number: document.number };
  return inTransaction(deps.db, async (tx) => {
    // Under two index keys one document could else be listed twice.
    if ((await lockCommunity(tx, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
    assertKnownIndexes(deps, await staffOf(tx, community));
    const indexes = indexesOf(deps, numbered);
    if (!isStaff)
      return (await unlistStaff(tx, community, indexes))
        ? ok(undefined)
        : refuse('AGENT_MALFORMED', 'number');
    if (await isListed(tx, community, indexes)) return ok(undefined);
    const staff = newId(deps.random);
    await listStaff(tx, {
      community_id: community,
      staff_id: staff,
      doc_kind: numbered.docKind,
      number_index: indexOf(deps, numbered),
      sealed_number: sealAtRest(
        deps.atRest,
        staffPlace(community, staff),
        utf8(numbered.number),
        deps.random,
      ),
      listed_by: officer.officer,
      listed_at_ms: BigInt(deps.clock()),
    });
    return ok(undefined);
  });
}

/** Whether the list names a person by the document of this row, whatever key either's index is of. */
export async function isStaff(tx: Tx, deps: IdentityDeps, row: PersonRow): Promise<boolean> {
  const { community_id: community, doc_kind: docKind } = row;
  assertKnownIndexes(deps, await staffOf(tx, community));
  return isListed(tx, community, indexesOf(deps, { docKind, number: openNumber(deps, row) }));
}
