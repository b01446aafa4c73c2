/**
 * The check of an upload as a job: in a bounded worker, against the register in force, with its progress and its outcome in the
 * database, so that any process can tell and another can take over (SPEC 3.1; DESIGN §7 "Register import").
 */
import { present } from '../base/assert.ts';
import { fromUtf8, utf8 } from '../base/bytes.ts';
import type { CivilDate } from '../base/civil-date.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { openAtRest, sealAtRest } from '../crypto/at-rest.ts';
import { compareWithForce } from './comparing.ts';
import type { DifferenceCounts } from './domain/differences.ts';
import type { FindingGroup } from './domain/finding-groups.ts';
import { groupFindings, sortGroups } from './domain/finding-groups.ts';
import type { ImportSettings, RegisterSummary } from './domain/import-check.ts';
import type { ImportView } from './domain/import-view.ts';
import type { CheckedFile } from './file-check.ts';
import { draftPlace } from './importing.ts';
import { filePlace } from './raw-files.ts';
import { readRegisterLines } from './register-lines.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { endCheck, endImport, setRowsRead, startCheck } from './store/imports.ts';

/** What the operator decided at the upload; the day of the check is the clock's. */
export type UploadSettings = Omit<ImportSettings, 'today'>;

/** What was found, as it rests: small, and without whole names or numbers. */
export type ImportOutcome = {
  readonly groups: readonly FindingGroup[];
  readonly summary: RegisterSummary;
  readonly sheet: string | null;
  readonly view?: ImportView;
  readonly checkedOn: CivilDate;
  /** The register in force that the differences are against; empty where there was none. */
  readonly against: string;
  readonly differences?: DifferenceCounts;
};

/** Where the outcome of a check is sealed for. */
export const outcomePlace = (community: string, importId: string): string =>
  `register_import.outcome/${community}/${importId}`;

const sealOutcome = (deps: RegistryDeps, place: string, outcome: ImportOutcome): Uint8Array => {
  const { summary } = outcome;
  const plain = { ...outcome, summary: { ...summary, areaDm2: summary.areaDm2.toString() } };
  return sealAtRest(deps.atRest, place, utf8(JSON.stringify(plain)), deps.random);
};

/** The outcome of an import's row. */
export function openOutcome(
  deps: Pick<RegistryDeps, 'atRest'>,
  community: string,
  importId: string,
  sealed: Uint8Array,
): ImportOutcome {
  const bytes = openAtRest(deps.atRest, outcomePlace(community, importId), sealed);
  const plain = JSON.parse(present(fromUtf8(bytes), 'sealed by us')) as ImportOutcome;
  return { ...plain, summary: { ...plain.summary, areaDm2: BigInt(plain.summary.areaDm2) } };
}

/** Attempts that may end without an outcome: what kills a process each time is not tried for ever. */
const ATTEMPTS = 3;
/** Attempts of the job: one more ends the import. */
export const CHECK_ATTEMPTS = ATTEMPTS + 1;

/** Progress is written at most so often. */
const TELL_MS = 500;

function progressOf({ db }: RegistryDeps, community: string, importId: string) {
  let toldAt = Number.NEGATIVE_INFINITY;
  let telling: Promise<unknown> = Promise.resolve();
  return {
    onRows(rows: number, of: number): void {
      if (performance.now() - toldAt < TELL_MS) return;
      toldAt = performance.now();
      // A word that is lost is followed by the next.
      telling = telling.then(() => setRowsRead(db, community, importId, { rows, of }).catch(() => undefined));
    },
    told: (): Promise<unknown> => telling,
  };
}

/** The differences of an accepted file, where a register is in force. */
async function compared(
  deps: RegistryDeps,
  community: string,
  { register, sheet }: CheckedFile,
  settings: UploadSettings,
) {
  if (register === undefined) return undefined;
  const comparison = await compareWithForce(deps, community, await readRegisterLines(register), settings);
  if (comparison === undefined) return undefined;
  const { counts, against } = comparison;
  return { counts, against, groups: groupFindings(comparison.findings.map((item) => ({ ...item, sheet }))) };
}

/**
 * Checks an import that waits; `attempt` counts from 1. `busy` where no worker is free or the service ends, so that it is to be tried
 * again; `done` also where the import had ended before.
 */
export async function checkImport(
  deps: RegistryDeps,
  { community, importId }: { readonly community: string; readonly importId: string },
  attempt: number,
): Promise<'done' | 'busy'> {
  if (attempt > ATTEMPTS) {
    await endImport(deps.db, community, importId, 'failed');
    return 'done';
  }
  const started = await startCheck(deps.db, community, importId);
  if (started === undefined) return 'done';
  const settings = JSON.parse(started.settings) as UploadSettings;
  const file = openAtRest(
    deps.atRest,
    filePlace(community, importId),
    present(started.file, 'what waits has its file'),
  );
  const checkedOn = civilDateAt(deps.clock());
  const progress = progressOf(deps, community, importId);
  const checked = await deps.fileChecks.check(file, { ...settings, today: checkedOn }, progress.onRows);
  await progress.told();
  if (!checked.ok) return 'busy';
  const { register, ...found } = checked.value;
  const differing = await compared(deps, community, checked.value, settings);
  const outcome: ImportOutcome = {
    ...found,
    groups: sortGroups([...(differing?.groups ?? []), ...found.groups]),
    checkedOn,
    against: differing?.against ?? '',
    ...(differing === undefined ? {} : { differences: differing.counts }),
  };
  await endCheck(deps.db, community, importId, {
    outcome: sealOutcome(deps, outcomePlace(community, importId), outcome),
    draft:
      register === undefined
        ? null
        : sealAtRest(deps.atRest, draftPlace(community, importId), register, deps.random),
  });
  return 'done';
}
