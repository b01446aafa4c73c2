/** An import that was checked becomes a sealed draft and its act, for two officers to sign (SPEC 2.4, 3.1; DESIGN §7 "Register import"). */
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { draftAct } from '../officers/acts.ts';
import { registerFileHash } from '../record/register-file.ts';
import type { ImportOutcome, UploadSettings } from './import-checking.ts';
import { openOutcome } from './import-checking.ts';
import type { ImportPlace } from './imports.ts';
import { IN_THE_WAY, importFor, ticksWanted } from './imports.ts';
import { filePlace } from './raw-files.ts';
import type { RegistryRefusal } from './refusals.ts';
import type { ActingOfficer, RegistryDeps } from './registry-deps.ts';
import { insertRegister, lockCommunity } from './store/communities.ts';
import { importById, markDrafted, takeChecked } from './store/imports.ts';

export type DraftedImport = { readonly register: string; readonly act: string };

/** Drafts the act of a checked import; the register that comes of it has the import's id. */
export async function draftImport(
  deps: RegistryDeps,
  officer: ActingOfficer,
  place: ImportPlace,
  confirmed: readonly string[],
): Promise<Result<DraftedImport, RegistryRefusal>> {
  const found = await importFor(deps, officer, place);
  if (!found.ok) return found;
  const { state, outcome: sealed } = found.value;
  const inTheWay = state === 'refused' ? 'REGISTER_REFUSED' : IN_THE_WAY[state];
  if (inTheWay !== undefined || sealed === null) return refuse(inTheWay ?? 'IMPORT_ENDED');
  const outcome = openOutcome(deps, place.community, place.importId, sealed);
  const missing = ticksWanted(outcome).filter((code) => !confirmed.includes(code));
  if (missing.length > 0) return refuse('REGISTER_UNCONFIRMED', undefined, { missing: missing.join(', ') });
  return inTransaction(deps.db, (tx) => draftRegister(tx, deps, officer, { ...place, outcome }));
}

async function draftRegister(
  tx: Tx,
  deps: RegistryDeps,
  officer: ActingOfficer,
  { community, importId, outcome }: ImportPlace & { readonly outcome: ImportOutcome },
): Promise<Result<DraftedImport, RegistryRefusal>> {
  // The officers sign differences; against another register they would be others.
  const against = (await lockCommunity(tx, community))?.register_id ?? '';
  if (against !== outcome.against) return refuse('REGISTER_SUPERSEDED');
  const checked = await takeChecked(tx, community, importId);
  if (checked === undefined) return refuse('IMPORT_ENDED');
  const file = present(checked.file, 'what is checked has its file');
  const { settings } = present(await importById(tx, community, importId), 'just taken');
  const { plan: _, ...reading } = JSON.parse(settings) as UploadSettings;
  const salt = deps.random(16);
  const fileHash = registerFileHash(salt, openAtRest(deps.atRest, filePlace(community, importId), file));
  const { summary, differences = {} } = outcome;
  const entry = {
    v: 1,
    kind: 'register.imported',
    community,
    register: importId,
    fileHash,
    units: summary.units,
    heads: summary.heads,
    persons: summary.persons,
    areaDm2: summary.areaDm2.toString(),
  } as const;
  await insertRegister(tx, {
    community_id: community,
    register_id: importId,
    file_hash: present(fromBase64Url(fileHash), 'own hash'),
    file_salt: salt,
    settings: JSON.stringify(reading),
    // Sealed for these very places from the upload on.
    draft: checked.draft,
    file,
    drafted_by: officer.officer,
    drafted_at_ms: BigInt(deps.clock()),
  });
  const counts = Object.entries(differences).map(([name, count]) => [name, String(count)] as const);
  const details = {
    register: importId,
    settings: JSON.stringify(reading),
    against,
    confirmed: ticksWanted(outcome).join(', '),
    ...Object.fromEntries(counts),
  };
  const act = await draftAct(tx, deps, { entry, details, draftedBy: officer.officer });
  await markDrafted(tx, community, importId, act);
  return ok({ register: importId, act });
}
