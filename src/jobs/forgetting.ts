/** What is due for deletion now, over all rooms; append-only tables are none of it (docs/personal-information.md). */
import type { ForgettingDeps } from '../assembly/forgetting.ts';
import { forgetContacts } from '../assembly/forgetting.ts';
import type { Instant } from '../base/instant.ts';
import type { ExpiringTable } from '../db/expired-rows.ts';
import { countExpired, deleteExpired } from '../db/expired-rows.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The service sweeps most of these by its own traffic; where there is none, or it never does, they wait for this. */
const EXPIRING: readonly ExpiringTable[] = [
  { table: 'owner_session', column: 'expires_at_ms', keptMs: 0 },
  { table: 'officer_session', column: 'expires_at_ms', keptMs: 0 },
  { table: 'login_challenge', column: 'expires_at_ms', keptMs: 0 },
  // Its own page may still ask what became of it.
  { table: 'counter_request', column: 'expires_at_ms', keptMs: HOUR_MS },
  { table: 'email_code', column: 'expires_at_ms', keptMs: DAY_MS },
  { table: 'email_ask', column: 'asked_at_ms', keptMs: DAY_MS },
  // The service deletes it with the recipients of what it tells, 180 days after they had it; paper may have waited for long.
  { table: 'email_change', column: 'changed_at_ms', keptMs: 360 * DAY_MS },
  { table: 'provider_sign_in', column: 'expires_at_ms', keptMs: 0 },
  // A draft whose notice never went out; what was noticed has no questions any more.
  { table: 'meeting_question', column: 'asked_at_ms', keptMs: 180 * DAY_MS },
  { table: 'idempotency_key', column: 'created_at_ms', keptMs: DAY_MS },
];

export type PurgeSettings = {
  /** Days after which somebody who owns nothing any more is not reached any more. */
  readonly contactDays: number;
  readonly isDryRun: boolean;
};

/** A revocation suit may come a year after somebody knew (Civil Code §280); the second year is for those who knew late. */
export const CONTACT_DAYS = 730;
export const LEAST_CONTACT_DAYS = 365;

/** How many rows of each table are due or were deleted, and how many contacts. */
export type Purged = { readonly contacts: number; readonly rows: Readonly<Record<string, number>> };

/** Deletes what is due at `now`, or counts it. */
export async function purgePersonal(
  deps: ForgettingDeps,
  now: Instant,
  { contactDays, isDryRun }: PurgeSettings,
  onProgress?: (erased: number) => void,
): Promise<Purged> {
  const rows: Record<string, number> = {};
  for (const table of EXPIRING)
    rows[table.table] = await (isDryRun ? countExpired : deleteExpired)(deps.db, table, now);
  const forgetting = { now, before: now - contactDays * DAY_MS, isDryRun };
  return { contacts: await forgetContacts(deps, forgetting, onProgress), rows };
}
