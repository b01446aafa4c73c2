/** Announcements on paper: an officer takes what waits into a run, prints it, and says when it was posted (SPEC 3.7). */
import { placeOf } from '../auditlog/domain/log-place.ts';
import { newId } from '../base/clock.ts';
import type { Instant } from '../base/instant.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { openOutboxRow } from './delivering.ts';
import { letterText } from './domain/announcement-text.ts';
import type { NoticeDeps } from './notice-deps.ts';
import type { NoticeRefusal } from './refusals.ts';
import {
  countStates,
  latestOutbox,
  markPosted,
  printRun,
  printRuns,
  rowsOfRun,
  takeForPrint,
} from './store/outbox.ts';

/** Sheets of one run: what a printer takes at once. */
export const MOST_SHEETS = 500;
const MOST_LISTED = 100;

/** Whoever makes the letters, and the offices that supervise. */
const mayPrint = (officer: ActingOfficer, community: string): boolean =>
  ['registrar', 'street', 'regulator'].includes(officer.role) && actsIn(officer, community);

/** One sheet; `address` is empty where it goes to the unit, `place`. */
export type Sheet = {
  readonly address: string;
  readonly place: string;
  /** Undefined where no entry of the log is behind it. */
  readonly index: number | undefined;
  readonly zh: string;
  readonly en: string;
};

/** Takes the oldest announcements that wait into a new run. */
export async function startPrintRun(
  deps: NoticeDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<{ readonly run: string; readonly count: number }, NoticeRefusal>> {
  if (!mayPrint(officer, community)) return refuse('NOT_ALLOWED');
  const run = newId(deps.random);
  const row = { community_id: community, run_id: run, officer_id: officer.officer };
  const count = await inTransaction(deps.db, (tx) => takeForPrint(tx, row, deps.clock(), MOST_SHEETS));
  return count === 0 ? refuse('PRINT_NOTHING') : ok({ run, count });
}

/** The sheets of a run, again as often as a printer jams; recipients that were erased are left out. */
export async function sheetsOf(
  deps: NoticeDeps,
  officer: ActingOfficer,
  { community, run }: { readonly community: string; readonly run: string },
): Promise<Result<readonly Sheet[], NoticeRefusal>> {
  if (!mayPrint(officer, community)) return refuse('NOT_ALLOWED');
  if ((await printRun(deps.db, community, run)) === undefined) return refuse('PRINT_RUN_UNKNOWN');
  const rows = await rowsOfRun(deps.db, community, run);
  return ok(
    rows.flatMap((row) => {
      const opened = openOutboxRow(deps.atRest, row);
      if (opened === undefined) return [];
      const { address, place } = opened.recipient;
      return [{ address, place, index: placeOf(row.entry_idx), ...letterText(opened.event, opened.facts) }];
    }),
  );
}

/** Records that a run was posted; its announcements are delivered then, as far as paper can say. */
export async function postRun(
  deps: NoticeDeps,
  officer: ActingOfficer,
  { community, run }: { readonly community: string; readonly run: string },
): Promise<Result<undefined, NoticeRefusal>> {
  if (!mayPrint(officer, community)) return refuse('NOT_ALLOWED');
  if ((await printRun(deps.db, community, run)) === undefined) return refuse('PRINT_RUN_UNKNOWN');
  const wanted = { community, run, officer: officer.officer };
  const posted = await inTransaction(deps.db, (tx) => markPosted(tx, wanted, deps.clock()));
  return posted ? ok(undefined) : refuse('PRINT_RUN_POSTED');
}

export type OutboxView = {
  readonly counts: readonly { readonly state: string; readonly channel: string; readonly count: number }[];
  readonly latest: readonly {
    readonly announcement: string;
    readonly index: number | undefined;
    readonly event: string;
    readonly channel: string;
    readonly state: string;
    readonly attempts: number;
    readonly error: string;
    readonly queuedAt: Instant;
  }[];
  readonly runs: readonly {
    readonly run: string;
    readonly count: number;
    readonly printedAt: Instant;
    readonly postedAt: Instant | undefined;
  }[];
};

/** What waits, went and came back: no recipient. */
export async function viewOutbox(
  deps: NoticeDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<OutboxView, NoticeRefusal>> {
  if (!mayPrint(officer, community)) return refuse('NOT_ALLOWED');
  const counts = await countStates(deps.db, community);
  const latest = await latestOutbox(deps.db, community, MOST_LISTED);
  const runs = await printRuns(deps.db, community, MOST_LISTED);
  return ok({
    counts: counts.map(({ state, channel, count }) => ({ state, channel, count: Number(count) })),
    latest: latest.map((row) => ({
      announcement: row.outbox_id,
      index: placeOf(row.entry_idx),
      event: row.event,
      channel: row.channel,
      state: row.state,
      attempts: row.attempts,
      error: row.error_code ?? '',
      queuedAt: Number(row.queued_at_ms),
    })),
    runs: runs.map((row) => ({
      run: row.run_id,
      count: row.count,
      printedAt: Number(row.printed_at_ms),
      postedAt: row.posted_at_ms === null ? undefined : Number(row.posted_at_ms),
    })),
  });
}
