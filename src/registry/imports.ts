/**
 * Register files over HTTP: an officer sends one in, asks how far its check is, and has it back with what was found (SPEC 3.1; DESIGN §7
 * "Register import"). Until it is drafted (`import-drafting.ts`) nothing of it is more than a sealed file that is erased.
 */
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { openAtRest } from '../crypto/at-rest.ts';
import { enqueue } from '../db/jobs.ts';
import type { Tx } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { actsIn } from '../officers/domain/session.ts';
import { readBuildingPlan } from './domain/building-plan.ts';
import { findingsOf } from './domain/finding-groups.ts';
import type { ImportOutcome, UploadSettings } from './import-checking.ts';
import { CHECK_ATTEMPTS, openOutcome } from './import-checking.ts';
import { filePlace, sealFile } from './raw-files.ts';
import type { RegistryRefusal, RegistryRefusalCode } from './refusals.ts';
import type { ActingOfficer, RegistryDeps } from './registry-deps.ts';
import { communityById } from './store/communities.ts';
import type { ImportRow, ImportState } from './store/imports.ts';
import {
  endFormerImports,
  endImport,
  eraseOutcome,
  fileOfImport,
  importById,
  importsAhead,
  insertImport,
  latestImports,
  lockImports,
  queueCounts,
} from './store/imports.ts';

/** Jobs of an import: its check, and its end where nobody drafted it. */
export const CHECK_IMPORT = 'registry.check-import';
export const END_IMPORT = 'registry.end-import';

/** How many files may wait for their check, each of 8 MiB at most. */
export const QUEUE_LIMITS = { officer: 2, community: 4, all: 20 } as const;
/** A file that did not become a draft is erased after a week. */
export const IMPORT_LIFE_MS = 7 * 24 * 60 * 60_000;

/**
 * What an operator confirms: suppositions of the check (one building under two names, rows that are co-owners), a unit that
 * would lose its vote without anybody having written so, and more changes than a correction has. Areas and owners that changed
 * are what a new register is for: the officers who sign see their numbers (docs/spec/03-persons.md 3.1).
 */
export const TICKS = ['REG-X505', 'REG-N703', 'REG-D601', 'REG-D604'] as const;

/** Whether an officer's role may bring in registers. */
export const mayImport = (officer: ActingOfficer, community: string): boolean =>
  (officer.role === 'committee' || officer.role === 'street') && actsIn(officer, community);

export type NewImport = {
  readonly community: string;
  /** The file as its source delivered it. */
  readonly file: Uint8Array;
  readonly settings?: UploadSettings;
};

export type ImportPlace = { readonly community: string; readonly importId: string };

const LIMIT_CODES = {
  officer: 'IMPORTS_OF_OFFICER',
  community: 'IMPORTS_OF_COMMUNITY',
  all: 'IMPORT_QUEUE_FULL',
} as const satisfies Record<keyof typeof QUEUE_LIMITS, RegistryRefusalCode>;

/** The limit that another upload would break. */
async function brokenLimit(tx: Tx, community: string, officer: string) {
  const counts = await queueCounts(tx, community, officer);
  return (['officer', 'community', 'all'] as const).find((each) => counts[each] >= QUEUE_LIMITS[each]);
}

/** Takes a file in, sealed; its check is a job. An earlier one of the same officer that was not drafted is erased. */
export async function submitImport(
  deps: RegistryDeps,
  officer: ActingOfficer,
  { community, file, settings = {} }: NewImport,
): Promise<Result<{ readonly importId: string; readonly ahead: number }, RegistryRefusal>> {
  if (!mayImport(officer, community)) return refuse('NOT_ALLOWED');
  if ((await communityById(deps.db, community)) === undefined) return refuse('COMMUNITY_UNKNOWN');
  const planned = settings.plan === undefined ? ok(undefined) : readBuildingPlan(settings.plan);
  if (!planned.ok) return planned;
  const importId = newId(deps.random);
  const now = deps.clock();
  const sealed = sealFile(deps, community, importId, file);
  const taken = await inTransaction(deps.db, async (tx): Promise<Result<undefined, RegistryRefusal>> => {
    await lockImports(tx);
    const broken = await brokenLimit(tx, community, officer.officer);
    if (broken !== undefined) return refuse(LIMIT_CODES[broken], undefined, { most: QUEUE_LIMITS[broken] });
    await endFormerImports(tx, community, officer.officer);
    const row = { community, importId, officer: officer.officer, settings: JSON.stringify(settings) };
    await insertImport(tx, { ...row, file: sealed, now });
    const payload = { community, import: importId };
    await enqueue(tx, { kind: CHECK_IMPORT, payload, runAt: now, maxAttempts: CHECK_ATTEMPTS }, now);
    await enqueue(tx, { kind: END_IMPORT, payload, runAt: now + IMPORT_LIFE_MS }, now);
    return ok(undefined);
  });
  if (!taken.ok) return taken;
  return ok({ importId, ahead: await importsAhead(deps.db, importId, BigInt(now)) });
}

/** What becomes of an import after its draft is what becomes of its act. */
export type ShownState = ImportState | 'in-force';

const shownState = (row: { readonly state: string; readonly act_state: string | null }): ShownState => {
  if (row.state !== 'drafted') return row.state as ImportState;
  if (row.act_state === 'done') return 'in-force';
  return row.act_state === 'refused' || row.act_state === 'withdrawn' ? 'withdrawn' : 'drafted';
};

export type ShownImport = {
  readonly importId: string;
  readonly officer: string;
  readonly state: ShownState;
  readonly submittedAt: Instant;
};

/** Imports of a community, the latest first. */
export async function listImports(
  deps: RegistryDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly ShownImport[], RegistryRefusal>> {
  if (!mayImport(officer, community)) return refuse('NOT_ALLOWED');
  const rows = await latestImports(deps.db, community);
  return ok(
    rows.map((row) => ({
      importId: row.import_id,
      officer: row.officer_id,
      state: shownState(row),
      submittedAt: Number(row.submitted_at_ms),
    })),
  );
}

export type ImportStanding = ShownImport & {
  /** Imports that are checked before it. */
  readonly ahead: number;
  readonly rowsRead: number;
  readonly rowsTotal: number;
  readonly settings: UploadSettings;
  /** Empty before it was drafted. */
  readonly act: string;
  readonly outcome?: ImportOutcome;
  /** Codes that the operator must confirm, of those that were found. */
  readonly wantsTick: readonly string[];
};

/** The import, for whoever may see it. */
export async function importFor(
  deps: RegistryDeps,
  officer: ActingOfficer,
  { community, importId }: ImportPlace,
): Promise<Result<ImportRow, RegistryRefusal>> {
  if (!mayImport(officer, community)) return refuse('NOT_ALLOWED');
  const row = await importById(deps.db, community, importId);
  return row === undefined ? refuse('IMPORT_UNKNOWN') : ok(row);
}

/** The codes that were found and want a tick. */
export const ticksWanted = (outcome: ImportOutcome): readonly string[] =>
  TICKS.filter((tick) => outcome.groups.some(({ code }) => code === tick));

/** How far an import is, and what was found in it. */
export async function readImport(
  deps: RegistryDeps,
  officer: ActingOfficer,
  place: ImportPlace,
): Promise<Result<ImportStanding, RegistryRefusal>> {
  const found = await importFor(deps, officer, place);
  if (!found.ok) return found;
  const row = found.value;
  const { community, importId } = place;
  const outcome = row.outcome === null ? undefined : openOutcome(deps, community, importId, row.outcome);
  return ok({
    importId,
    officer: row.officer_id,
    state: shownState(row),
    submittedAt: Number(row.submitted_at_ms),
    ahead: row.state === 'waiting' ? await importsAhead(deps.db, importId, row.submitted_at_ms) : 0,
    rowsRead: row.rows_read,
    rowsTotal: row.rows_total,
    settings: JSON.parse(row.settings) as UploadSettings,
    act: row.act_id ?? '',
    wantsTick: outcome === undefined ? [] : ticksWanted(outcome),
    ...(outcome === undefined ? {} : { outcome }),
  });
}

/** Ends an import that was not drafted; its file is erased at once. */
export async function withdrawImport(
  deps: RegistryDeps,
  officer: ActingOfficer,
  place: ImportPlace,
): Promise<Result<undefined, RegistryRefusal>> {
  const found = await importFor(deps, officer, place);
  if (!found.ok) return found;
  const ended = await endImport(deps.db, place.community, place.importId, 'withdrawn');
  return ended ? ok(undefined) : refuse('IMPORT_ENDED');
}

/** The end of an import's life, as a job: whatever is left of it is erased. */
export async function endOldImport(deps: RegistryDeps, { community, importId }: ImportPlace): Promise<void> {
  if (!(await endImport(deps.db, community, importId, 'withdrawn')))
    await eraseOutcome(deps.db, community, importId);
}

/** What is not to be had of an import in a state. */
export const IN_THE_WAY: Readonly<Partial<Record<string, RegistryRefusalCode>>> = {
  waiting: 'IMPORT_NOT_CHECKED',
  checking: 'IMPORT_NOT_CHECKED',
  failed: 'IMPORT_ENDED',
  drafted: 'IMPORT_ENDED',
  withdrawn: 'IMPORT_ENDED',
};

/** The workbook with its problems beside the rows, for the officer who sent the file in and for nobody else; it is stored nowhere. */
export async function annotatedImport(
  deps: RegistryDeps,
  officer: ActingOfficer,
  place: ImportPlace,
): Promise<Result<Uint8Array, RegistryRefusal>> {
  const found = await importFor(deps, officer, place);
  if (!found.ok) return found;
  const { community, importId } = place;
  const { officer_id: sender, state, settings, outcome: sealed } = found.value;
  if (sender !== officer.officer) return refuse('NOT_ALLOWED');
  const inTheWay = IN_THE_WAY[state];
  if (inTheWay !== undefined) return refuse(inTheWay);
  const file = (await fileOfImport(deps.db, community, importId))?.file;
  if (file === null || file === undefined || sealed === null) return refuse('IMPORT_ENDED');
  const outcome = openOutcome(deps, community, importId, sealed);
  // The check is made again where the file is read; what it cannot know are the differences.
  const differing = findingsOf(outcome.groups.filter(({ code }) => code.startsWith('REG-D')));
  const annotated = await deps.fileChecks.annotate(
    openAtRest(deps.atRest, filePlace(community, importId), file),
    { ...(JSON.parse(settings) as UploadSettings), today: outcome.checkedOn },
    differing,
  );
  if (!annotated.ok) return annotated;
  return annotated.value === undefined ? refuse('IMPORT_WITHOUT_ROWS') : ok(annotated.value);
}
