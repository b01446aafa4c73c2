/** Two officers enter a designation from a paper that the other holders signed (SPEC 2.4, 3.6). The scan rests sealed; the record names its salted hash. */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { sealAtRest } from '../crypto/at-rest.ts';
import { takeLocks } from '../db/advisory-locks.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { Designation } from '../record/designation.ts';
import { designationForm, designationHash } from '../record/designation.ts';
import { scanHash } from '../record/mandate.ts';
import { readPerson } from '../registry/persons.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { headOfUnit, mayBeDesignated } from './designation-rules.ts';
import { designationColumns } from './designations.ts';
import type { MandateDeps } from './mandate-rules.ts';
import { mayEnterMandates } from './paper-mandates.ts';
import type { IdentityRefusal } from './refusals.ts';
import { designationLocks, insertDesignation, insertDesignationPaper } from './store/designations.ts';

/** Where the scan of a paper and its salt rest sealed. */
export const designationPaperPlace = (column: string, community: string, designation: string): string =>
  `designation_paper.${column}/${community}/${designation}`;

/** What the first officer's page sends: a unit of the head, the holder who will cast, and the scan of the paper. */
export type PaperDesignation = {
  readonly community: string;
  readonly meeting: string;
  readonly unit: string;
  readonly to: string;
  readonly until: CivilDate;
  readonly file: Uint8Array;
};

type Drafted = Result<
  { readonly act: string; readonly designation: string },
  IdentityRefusal | Refusal<'ACT_DRAFTED'>
>;

/** Drafts the act of a paper designation and seals its scan. */
export async function draftDesignation(
  deps: MandateDeps,
  officer: ActingOfficer,
  paper: PaperDesignation,
): Promise<Drafted> {
  const { community, meeting, unit, until, file } = paper;
  if (!mayEnterMandates(officer, community)) return refuse('NOT_ALLOWED');
  if (file.length === 0) return refuse('DESIGNATION_MALFORMED', 'file');
  return inDraft(deps, async (tx): Promise<Drafted> => {
    const head = await headOfUnit(tx, community, unit);
    if (head === undefined) return refuse('DESIGNATION_UNITS', 'unit');
    if (!head.owners.includes(paper.to) || head.owners.length < 2) return refuse('DESIGNATION_HOLDERS', 'to');
    const parties = [];
    for (const person of head.owners) {
      const row = present(await readPerson({ db: tx }, community, person), 'an owner is a person');
      parties.push({ person, identity: toBase64Url(row.identity) });
    }
    const [designation, salt] = [newId(deps.random), deps.random(16)];
    const given: Designation = {
      v: 1,
      kind: 'designation',
      community,
      meeting,
      designation,
      units: [...head.units],
      by: parties.filter(({ person }) => person !== paper.to),
      to: present(
        parties.find(({ person }) => person === paper.to),
        'one of them',
      ),
      until,
      scanHash: scanHash(toBase64Url(salt), file),
      nonce: toBase64Url(deps.random(16)),
    };
    const may = await mayBeDesignated(tx, deps, given);
    if (!may.ok) return may;
    const seal = (column: string, bytes: Uint8Array): Uint8Array =>
      sealAtRest(deps.atRest, designationPaperPlace(column, community, designation), bytes, deps.random);
    await insertDesignationPaper(tx, {
      community_id: community,
      designation_id: designation,
      sealed_file: seal('sealed_file', file),
      sealed_salt: seal('sealed_salt', salt),
      drafted_by: officer.officer,
      drafted_at_ms: BigInt(deps.clock()),
    });
    const bytes = designationForm.bytes(given);
    const entry = {
      v: 1,
      kind: 'designation.recorded',
      community,
      designationHash: toBase64Url(designationHash(bytes)),
      signedBy: 'officers',
    } as const;
    const details = { designation, record: toBase64Url(bytes) };
    const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
    return ok({ act, designation });
  });
}

/** Waits for the casts under way that rely on who is designated, before the entry's place in the log is drawn (SPEC 6.6). */
export async function lockDesignationAct(tx: Tx, act: SignedAct): Promise<void> {
  const { entry } = act;
  assert(entry.kind === 'designation.recorded', `${act.kind} designates nobody`);
  await takeLocks(tx, [designationLocks([entry.community], false)]);
}

/** Records the designation of a signed act, where its head is still as it was. */
export async function applyDesignation(
  tx: Tx,
  deps: MandateDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, IdentityRefusal>> {
  const { entry } = act;
  assert(entry.kind === 'designation.recorded', `${act.kind} designates nobody`);
  const bytes = present(fromBase64Url(act.details['record'] ?? ''), 'drafted with its record');
  const hash = toBase64Url(designationHash(bytes));
  assert(hash === entry.designationHash, 'the designation is the one that was signed');
  const given = designationForm.own(bytes);
  const may = await mayBeDesignated(tx, deps, given);
  if (!may.ok) return may;
  await insertDesignation(tx, {
    ...designationColumns(given, bytes),
    needed: 0,
    proposed_at_ms: BigInt(deps.clock()),
    entry_id: entryId,
  });
  return ok(undefined);
}
