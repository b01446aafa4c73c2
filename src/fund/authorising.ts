/**
 * Authorisations: after the final tally each passed resolution that uses the fund yields exactly one, in the log and in the
 * book (SPEC 8.3). Asked again it makes no second one; the database refuses one whose resolution was not adopted.
 */

import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Authorisation } from '../record/fund.ts';
import { authorisationForm, authorisationHash } from '../record/fund.ts';
import type { Definition } from '../record/meeting.ts';
import type { RollLeaf } from '../record/roll.ts';
import type { AuthorisationPlan, ResolutionFact, UnusableResolution } from './domain/authorisation.ts';
import { planAuthorisations } from './domain/authorisation.ts';
import type { FundDeps } from './fund-deps.ts';
import { openBook } from './opening.ts';
import { authorisationsOf, insertAuthorisation } from './store/authorisations.ts';
import { resolutionsOf } from './store/reading.ts';

/** What the floors below know of the meeting: its opened definition and the leaves of its frozen roll. */
export type AuthorisationInputs = {
  readonly definition: Definition;
  readonly leaves: readonly RollLeaf[];
};

/** Ids of all authorisations that the meeting yields now, and resolutions that cannot open the fund. */
export type Authorised = {
  readonly authorisations: readonly string[];
  readonly unusable: readonly UnusableResolution[];
};

async function authorise(
  tx: Tx,
  deps: FundDeps,
  definition: Definition,
  plan: AuthorisationPlan,
): Promise<string> {
  const { community, meeting } = definition;
  const record: Authorisation = {
    v: 1,
    kind: 'authorisation',
    authorisation: newId(deps.random),
    community,
    meeting,
    proposal: plan.proposal,
    capFen: String(plan.capFen),
    payee: plan.payee,
    payeeAccount: plan.payeeAccount,
    purpose: plan.purpose,
    shares: plan.shares,
    nonce: toBase64Url(deps.random(16)),
  };
  const bytes = authorisationForm.bytes(record);
  const hash = authorisationHash(bytes);
  const { authorisation } = record;
  const { entryId } = await writeEntry(
    tx,
    { v: 1, kind: 'fund.authorised', community, meeting, authorisation, authorisationHash: hash },
    [],
  );
  await insertAuthorisation(tx, {
    community_id: community,
    authorisation_id: authorisation,
    meeting_id: meeting,
    proposal_id: plan.proposal,
    outcome: 'ADOPTED',
    cap_fen: plan.capFen,
    payee_account: present(fromBase64Url(plan.payeeAccount), 'checked hash'),
    developer_units: JSON.stringify(plan.developerUnits),
    authorised_on: civilDateAt(deps.clock()),
    record: bytes,
    hash: present(fromBase64Url(hash), 'own hash'),
    entry_id: entryId,
  });
  return authorisation;
}

/**
 * Makes the authorisations of a meeting whose resolutions are final, in one transaction; idempotent. Called by a job: where the
 * book stays locked it throws, so that the job runs again.
 */
export function authoriseResolutions(
  deps: FundDeps,
  { definition, leaves }: AuthorisationInputs,
): Promise<Authorised> {
  const { community, meeting } = definition;
  return inTransaction(deps.db, async (tx) => {
    const resolutions = (await resolutionsOf(tx, community, meeting)).map(
      (row): ResolutionFact => ({ proposal: row.proposal_id, outcome: row.outcome, capFen: row.cap_fen }),
    );
    const { plans, unusable } = planAuthorisations(definition, leaves, resolutions);
    if (plans.length === 0) return { authorisations: [], unusable };
    await openBook(tx, deps, community);
    const standing = new Map(
      (await authorisationsOf(tx, community))
        .filter((row) => row.meeting_id === meeting)
        .map((row) => [row.proposal_id, row.authorisation_id]),
    );
    const authorisations: string[] = [];
    for (const plan of plans)
      authorisations.push(standing.get(plan.proposal) ?? (await authorise(tx, deps, definition, plan)));
    return { authorisations, unusable };
  });
}
