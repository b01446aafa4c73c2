/** Answers of creating POSTs by their `Idempotency-Key`, so that a repeated request never creates twice (DESIGN §6). */
import { sameBytes } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';

/** Whose key it is, and what was asked with it. */
export type KeyUse = { readonly scope: string; readonly key: string; readonly requestHash: Uint8Array };

/**
 * `unknown`: the request that used the key never ended – its process died, or the answer to its commit is missing – so that it may
 * have had its effect. It is never run again: at most once is what a key promises.
 */
export type KeyClaim =
  | { readonly state: 'new'; readonly claimedAt: Instant }
  | { readonly state: 'reused' | 'in-flight' | 'unknown' }
  | { readonly state: 'answered'; readonly status: number; readonly body: string };

/** Longer than any route takes; a request that has not ended by then has no process any more. */
export const IN_FLIGHT_MS = 120_000;
const KEPT_MS = 86_400_000;

/** Claims a key for this request, or says how it was used before. */
export async function claimKey(db: Database, use: KeyUse, now: Instant): Promise<KeyClaim> {
  await db
    .deleteFrom('idempotency_key')
    .where('created_at_ms', '<', BigInt(now - KEPT_MS))
    .execute();
  const inserted = await db
    .insertInto('idempotency_key')
    .values({
      scope: use.scope,
      key: use.key,
      request_hash: use.requestHash,
      status: null,
      content_type: null,
      body: null,
      created_at_ms: now,
    })
    .onConflict((conflict) => conflict.constraint('idempotency_key_pk').doNothing())
    .returning('key')
    .executeTakeFirst();
  if (inserted !== undefined) return { state: 'new', claimedAt: now };
  const row = await db
    .selectFrom('idempotency_key')
    .select(['request_hash', 'status', 'body', 'created_at_ms'])
    .where('scope', '=', use.scope)
    .where('key', '=', use.key)
    .executeTakeFirst();
  if (row === undefined) return { state: 'in-flight' };
  if (!sameBytes(row.request_hash, use.requestHash)) return { state: 'reused' };
  if (row.status !== null) return { state: 'answered', status: row.status, body: row.body ?? '' };
  // A time far in the future is of a clock that ran ahead; nobody waits for it either.
  return { state: Math.abs(now - Number(row.created_at_ms)) > IN_FLIGHT_MS ? 'unknown' : 'in-flight' };
}

/** A use whose claim was granted; its time keeps it apart from a later claim of the same key. */
export type HeldKey = KeyUse & { readonly claimedAt: Instant };

/** Keeps the answer under its key. */
export async function settleKey(
  db: Database,
  held: HeldKey,
  answer: { readonly status: number; readonly body: string },
): Promise<void> {
  await db
    .updateTable('idempotency_key')
    .set({ status: answer.status, content_type: 'application/json', body: answer.body })
    .where('scope', '=', held.scope)
    .where('key', '=', held.key)
    .where('created_at_ms', '=', BigInt(held.claimedAt))
    .execute();
}

/** Gives the key of a request free that had no effect: it was refused, or it broke and was rolled back. */
export async function releaseKey(db: Database, held: HeldKey): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('scope', '=', held.scope)
    .where('key', '=', held.key)
    .where('created_at_ms', '=', BigInt(held.claimedAt))
    .where('status', 'is', null)
    .execute();
}
