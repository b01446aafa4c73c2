/**
 * Two officers enter a mandate from a paper that they saw: of an owner who uses no key, of a guardian, of a legal person; and they
 * take one back (SPEC 2.4, 3.6). The scan rests sealed; the record names its salted hash.
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sealAtRest } from '../crypto/at-rest.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { Basis, Mandate } from '../record/mandate.ts';
import { mandateForm, mandateHash, scanHash } from '../record/mandate.ts';
import { readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import type { MandateDeps } from './mandate-rules.ts';
import { lockAgentOf, mayBeGranted } from './mandate-rules.ts';
import { mandateColumns } from './mandates.ts';
import type { IdentityRefusal } from './refusals.ts';
import { endMandate, insertMandate, insertPaper, lockMandate, mandateById } from './store/mandates.ts';

/** What the first officer's page sends; `file` is the scan of the paper. */
export type PaperMandate = {
  readonly community: string;
  readonly meeting: string;
  readonly basis: Basis;
  readonly principal: string;
  readonly agent: string;
  readonly units: readonly string[];
  readonly proposals: readonly string[];
  readonly until: CivilDate;
  readonly file: Uint8Array;
};

/** Offices one of which is always among the two (SPEC 2.4). */
const DRAFTERS: readonly string[] = ['committee', 'street', 'regulator'];

export const mayEnterMandates = (officer: ActingOfficer, community: string): boolean =>
  DRAFTERS.includes(officer.role) && actsIn(officer, community);

/** Where the scan of a paper and its salt are sealed for. */
export const paperPlace = (column: string, community: string, mandate: string): string =>
  `mandate_paper.${column}/${community}/${mandate}`;

type Drafted = Result<
  { readonly act: string; readonly mandate: string },
  IdentityRefusal | Refusal<'ACT_DRAFTED'>
>;

/** Drafts the act of a paper mandate and seals its scan. */
export async function draftMandate(
  deps: MandateDeps,
  officer: ActingOfficer,
  paper: PaperMandate,
): Promise<Drafted> {
  const { community, meeting, basis, units, proposals, until, file } = paper;
  if (!mayEnterMandates(officer, community)) return refuse('NOT_ALLOWED');
  if (file.length === 0) return refuse('MANDATE_MALFORMED', 'file');
  return inDraft(deps, async (tx): Promise<Drafted> => {
    const [principal, agent] = [
      await readPerson({ db: tx }, community, paper.principal),
      await readPerson({ db: tx }, community, paper.agent),
    ];
    if (principal === undefined) return refuse('MANDATE_PERSON', 'principal');
    if (agent === undefined) return refuse('MANDATE_AGENT_UNKNOWN', 'agent');
    const [mandate, salt] = [newId(deps.random), deps.random(16)];
    const given: Mandate = {
      v: 1,
      kind: 'mandate',
      community,
      meeting,
      mandate,
      basis,
      by: { person: paper.principal, identity: toBase64Url(principal.identity) },
      to: { person: paper.agent, identity: toBase64Url(agent.identity) },
      units: [...units],
      proposals: [...proposals],
      until,
      declares: 'agent-is-no-property-staff',
      scanHash: scanHash(toBase64Url(salt), file),
      nonce: toBase64Url(deps.random(16)),
    };
    await lockAgentOf(tx, given);
    const granted = await mayBeGranted(tx, deps, given);
    if (!granted.ok) return granted;
    const seal = (column: string, bytes: Uint8Array): Uint8Array =>
      sealAtRest(deps.atRest, paperPlace(column, community, mandate), bytes, deps.random);
    await insertPaper(tx, {
      community_id: community,
      mandate_id: mandate,
      sealed_file: seal('sealed_file', file),
      sealed_salt: seal('sealed_salt', salt),
      drafted_by: officer.officer,
      drafted_at_ms: BigInt(deps.clock()),
    });
    const bytes = mandateForm.bytes(given);
    const entry = {
      v: 1,
      kind: 'mandate.granted',
      community,
      mandateHash: toBase64Url(mandateHash(bytes)),
      signedBy: 'officers',
    } as const;
    const details = { mandate, record: toBase64Url(bytes) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
    return ok({ act, mandate });
  });
}

/** Grants the mandate of a signed act, where it may still be granted. */
export async function applyMandate(
  tx: Tx,
  deps: MandateDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'mandate.granted', `${act.kind} grants no mandate`);
  const bytes = present(fromBase64Url(act.details['record'] ?? ''), 'drafted with its record');
  assert(toBase64Url(mandateHash(bytes)) === entry.mandateHash, 'the mandate is the one that was signed');
  const given = mandateForm.own(bytes);
  await lockAgentOf(tx, given);
  const granted = await mayBeGranted(tx, deps, given);
  if (!granted.ok) return granted;
  await insertMandate(tx, {
    ...mandateColumns(given, bytes),
    credential_id: null,
    signature: null,
    granted_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
  return ok(undefined);
}

/** Drafts the end of a mandate: a paper revocation, a ward of age, an agent who turned out to be staff. */
export async function draftMandateEnd(
  deps: MandateDeps,
  officer: ActingOfficer,
  { community, mandate }: { readonly community: string; readonly mandate: string },
): Promise<Drafted> {
  if (!mayEnterMandates(officer, community)) return refuse('NOT_ALLOWED');
  return inDraft(deps, async (tx): Promise<Drafted> => {
    const row = await mandateById(tx, community, mandate);
    if (row === undefined) return refuse('MANDATE_UNKNOWN');
    if (row.ended_entry_id !== null) return refuse('MANDATE_ENDED');
    const entry = {
      v: 1,
      kind: 'mandate.revoked',
      community,
      mandateHash: toBase64Url(mandateHash(row.mandate)),
      signedBy: 'officers',
    } as const;
    const act = await draftAct(tx, deps, { entry, details: { mandate }, draftedBy: officer.officer });
    return ok({ act, mandate });
  });
}

/** Locks what the entry of a revocation ends, before its place in the log is drawn: a cast under it is before or after (SPEC 6.6). */
export async function lockMandateEnd(tx: Tx, act: SignedAct): Promise<void> {
  const { entry } = act;
  assert(entry.kind === 'mandate.revoked', `${act.kind} ends no mandate`);
  await lockMandate(tx, entry.community, act.details['mandate'] ?? '');
}

/** Ends the mandate of a signed act. */
export async function applyMandateEnd(
  tx: Tx,
  deps: MandateDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'mandate.revoked', `${act.kind} ends no mandate`);
  const row = present(
    await lockMandate(tx, entry.community, act.details['mandate'] ?? ''),
    'the act names a mandate',
  );
  assert(
    toBase64Url(mandateHash(row.mandate)) === entry.mandateHash,
    'the mandate is the one that was signed',
  );
  if (row.ended_entry_id !== null) return refuse('MANDATE_ENDED');
  await endMandate(tx, {
    community_id: entry.community,
    mandate_id: row.mandate_id,
    credential_id: null,
    signature: null,
    revoked_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
  return ok(undefined);
}
