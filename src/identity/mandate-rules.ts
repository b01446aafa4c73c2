/** What every new mandate must keep to, whether its principal signed it or two officers enter it from a paper (SPEC 3.6). */
import { toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { Mandate } from '../record/mandate.ts';
import { isCapped, isMandateSound } from '../record/mandate.ts';
import { readPerson } from '../registry/persons.ts';
import { mergeBeforeEntering, mergesInForce } from '../registry/store/merges.ts';
import type { PersonRow } from '../registry/store/units.ts';
import type { BindingDeps } from './identity-deps.ts';
import { isStaff } from './property-staff.ts';
import type { IdentityRefusal } from './refusals.ts';
import { agentLocks, cappedPrincipals, countGiven } from './store/mandates.ts';

/** What a meeting says about mandates for it; for every meeting (none named) the default profile speaks. */
export type MandateTerms = {
  readonly proxyCap: number;
  readonly proposals: readonly string[];
  /** No cast can follow any more. */
  readonly isOver: boolean;
};

/** Asked of the floor above, which knows meetings; undefined where the community has no such meeting. */
export type MandateDeps = BindingDeps & {
  readonly mandateTerms: (
    db: Database | Tx,
    community: string,
    meeting: string,
  ) => Promise<MandateTerms | undefined>;
};

/** Locks a mandate's agent before any row, as casts do, so that two mandates at once are not both the last that the cap allows. */
export const lockAgentOf = (tx: Tx, { to }: Pick<Mandate, 'to'>): Promise<void> =>
  takeLocks(tx, [agentLocks([to.person])]);

/** Each stays in the log, and each in force is one more paper that its agent is served. */
const MAX_EVER_GIVEN = 50;
const MAX_TO_AGENT = 5;

/** Whether the list names an agent by the document that he is kept under, or by one that was merged into it (SPEC 3.8). */
async function isStaffByAnyDocument(tx: Tx, deps: MandateDeps, agent: PersonRow): Promise<boolean> {
  const { community_id: community, person_id: person } = agent;
  if (await isStaff(tx, deps, agent)) return true;
  for (const { keeps_id: keeps, merged_id: merged } of await mergesInForce(tx, community)) {
    const row = keeps === person ? await readPerson({ db: tx }, community, merged) : undefined;
    if (row !== undefined && (await isStaff(tx, deps, row))) return true;
  }
  return false;
}

/** Checks a mandate that is about to stand; its agent is locked. */
export async function mayBeGranted(
  tx: Tx,
  deps: MandateDeps,
  given: Mandate,
): Promise<Result<undefined, IdentityRefusal>> {
  const { community, meeting, by, to, basis, proposals, until } = given;
  const today = civilDateAt(deps.clock());
  if (!isMandateSound(given)) return refuse('MANDATE_MALFORMED');
  if (until < today) return refuse('MANDATE_PERIOD', 'until');
  const terms = await deps.mandateTerms(tx, community, meeting);
  if (terms === undefined || terms.isOver) return refuse('MANDATE_MEETING', 'meeting');
  if (proposals.some((proposal) => !terms.proposals.includes(proposal)))
    return refuse('MANDATE_MEETING', 'proposals');
  // Whoever is another person by now neither gives nor holds: the other does (SPEC 3.8). Both rows are held before they
  // are read, or one who is erased in the same moment would get a mandate.
  if ((await mergeBeforeEntering(tx, community, by.person)) !== undefined)
    return refuse('MANDATE_PERSON', 'by');
  if ((await mergeBeforeEntering(tx, community, to.person)) !== undefined)
    return refuse('MANDATE_AGENT_UNKNOWN', 'to');
  const readers = { db: tx };
  const [principal, agent] = [
    await readPerson(readers, community, by.person),
    await readPerson(readers, community, to.person),
  ];
  if (principal === undefined || toBase64Url(principal.identity) !== by.identity)
    return refuse('MANDATE_PERSON', 'by');
  if (agent === undefined || toBase64Url(agent.identity) !== to.identity)
    return refuse('MANDATE_AGENT_UNKNOWN', 'to');
  if (await isStaffByAnyDocument(tx, deps, agent)) return refuse('MANDATE_AGENT_STAFF', 'to');
  const known = await countGiven(tx, community, by.person, to.person, today);
  if (known.ever >= MAX_EVER_GIVEN || known.toAgent >= MAX_TO_AGENT) return refuse('MANDATE_TOO_MANY');
  if (!isCapped(basis)) return ok(undefined);
  const others = (await cappedPrincipals(tx, community, to.person, { meeting, today })).filter(
    (person) => person !== by.person,
  );
  return others.length >= terms.proxyCap ? refuse('MANDATE_CAP') : ok(undefined);
}
