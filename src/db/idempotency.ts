/** Answers of creating POSTs by their `Idempotency-Key`, so that a repeated request never creates twice (DESIGN §6). */
import { sameBytes } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import type { Database } from './connect.ts';

/** Whose key it is, and what was asked with it. */
export type KeyUse = { readonly scope: string; readonly key: string; readonly requestHash: Uint8Array };

export type KeyClaim =
  | { readonly state: 'new' | 'reused' | 'in-flight' }
  | { readonly state: 'answered'; readonly status: number; readonly body: string };

/** A request that never ended gives its key free after this long. */
const IN_FLIGHT_MS = 60_000;
const KEPT_MS = 86_400_000;

/** Claims a key for this request, or says how it was used before. */
export async function claimKey(db: Database, use: KeyUse, now: Instant): Promise<KeyClaim> {
  await db
    .deleteFrom('idempotency_key')
    .where('created_at_ms', '<', BigInt(now - KEPT_MS))
    .execute();
  await db
    .deleteFrom('idempotency_key')
    .where('scope', '=', use.scope)
    .where('key', '=', use.key)
    .where('status', 'is', null)
    .where('created_at_ms', '<', BigInt(now - IN_FLIGHT_MS))
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
  if (inserted !== undefined) return { state: 'new' };
  const row = await db
    .selectFrom('idempotency_key')
    .select(['request_hash', 'status', 'body'])
    .where('scope', '=', use.scope)
    .where('key', '=', use.key)
    .executeTakeFirst();
  if (row === undefined) return { state: 'in-flight' };
  if (!sameBytes(row.request_hash, use.requestHash)) return { state: 'reused' };
  return row.status === null
    ? { state: 'in-flight' }
    : { state: 'answered', status: row.status, body: row.body ?? '' };
}

/** Keeps the answer under its key. */
export async function settleKey(
  db: Database,
  use: KeyUse,
  answer: { readonly status: number; readonly body: string },
): Promise<void> {
  await db
    .updateTable('idempotency_key')
    .set({ status: answer.status, content_type: 'application/json', body: answer.body })
    .where('scope', '=', use.scope)
    .where('key', '=', use.key)
    .execute();
}

/** Gives the key of a refused request free. */
export async function releaseKey(db: Database, use: KeyUse): Promise<void> {
  await db.deleteFrom('idempotency_key').where('scope', '=', use.scope).where('key', '=', use.key).execute();
}
