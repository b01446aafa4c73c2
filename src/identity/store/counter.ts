/** The SQL of keys that wait at the counter, and of revocations that wait for two officers (SPEC 3.4). */
import type { Selectable } from 'kysely';
import type { Instant } from '../../base/instant.ts';
import type { Database } from '../../db/connect.ts';
import type { CounterRequestTable, RevocationDraftTable } from '../../db/tables/identity.ts';
import type { Tx } from '../../db/transaction.ts';

export type CounterRow = Selectable<CounterRequestTable>;
type DraftRow = Selectable<RevocationDraftTable>;
type Claim = Required<Pick<CounterRow, 'community_id' | 'person_id' | 'claimed_by' | 'binding'>>;

/** Forgets requests that ended before `now` and that no officer took up, and all that ended before `before`. */
export async function sweepRequests(tx: Tx, now: Instant, before: Instant): Promise<void> {
  await tx
    .deleteFrom('counter_request')
    .where('expires_at_ms', '<', BigInt(now))
    .where((expression) =>
      expression.or([expression('claimed_by', 'is', null), expression('expires_at_ms', '<', BigInt(before))]),
    )
    .execute();
}

export async function countRequests(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('counter_request')
    .select((expression) => expression.fn.countAll<string>().as('count'))
    .where('claimed_by', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertRequest(
  tx: Tx,
  row: Omit<CounterRow, keyof Claim | 'key_signature' | 'act_id'>,
): Promise<void> {
  await tx
    .insertInto('counter_request')
    .values({
      ...row,
      community_id: null,
      person_id: null,
      claimed_by: null,
      binding: null,
      key_signature: null,
      act_id: null,
    })
    .execute();
}

export const requestById = (db: Database, request: string): Promise<CounterRow | undefined> =>
  db.selectFrom('counter_request').selectAll().where('request_id', '=', request).executeTakeFirst();

/** The request over whose binding an act was drafted. */
export const requestOfAct = (db: Database, community: string, act: string): Promise<CounterRow | undefined> =>
  db
    .selectFrom('counter_request')
    .selectAll()
    .where('community_id', '=', community)
    .where('act_id', '=', act)
    .executeTakeFirst();

export const lockRequest = (tx: Tx, request: string): Promise<CounterRow | undefined> =>
  tx
    .selectFrom('counter_request')
    .selectAll()
    .where('request_id', '=', request)
    .forUpdate()
    .executeTakeFirst();

export const lockRequestByCode = (tx: Tx, code: string): Promise<CounterRow | undefined> =>
  tx.selectFrom('counter_request').selectAll().where('code', '=', code).forUpdate().executeTakeFirst();

export async function claimRequest(tx: Tx, request: string, claim: Claim): Promise<void> {
  await tx.updateTable('counter_request').set(claim).where('request_id', '=', request).execute();
}

export async function showRequest(
  tx: Tx,
  request: string,
  shown: { readonly key_signature: string; readonly act_id: string },
): Promise<void> {
  await tx.updateTable('counter_request').set(shown).where('request_id', '=', request).execute();
}

/** The claimed requests of a community that have not ended, the newest first. */
export const claimedRequests = (db: Database, community: string, now: Instant): Promise<CounterRow[]> =>
  db
    .selectFrom('counter_request')
    .selectAll()
    .where('community_id', '=', community)
    .where('expires_at_ms', '>', BigInt(now))
    .orderBy('expires_at_ms', 'desc')
    .execute();

/** The states of some acts, by id. */
export async function actStates(
  db: Database,
  acts: readonly string[],
): Promise<ReadonlyMap<string, { readonly state: string; readonly refusal: string }>> {
  if (acts.length === 0) return new Map();
  const rows = await db
    .selectFrom('act')
    .select(['act_id', 'state', 'refusal_code'])
    .where('act_id', 'in', [...acts])
    .execute();
  return new Map(rows.map((row) => [row.act_id, { state: row.state, refusal: row.refusal_code ?? '' }]));
}

export async function insertRevocationDraft(tx: Tx, row: DraftRow): Promise<void> {
  await tx.insertInto('revocation_draft').values(row).execute();
}

export const revocationDraft = (
  db: Database,
  community: string,
  act: string,
): Promise<DraftRow | undefined> =>
  db
    .selectFrom('revocation_draft')
    .selectAll()
    .where('community_id', '=', community)
    .where('act_id', '=', act)
    .executeTakeFirst();

/** The revocations of a community that officers have still to sign, or that wait for their execution, with the key's owner. */
export const openRevocations = (db: Database, community: string) =>
  db
    .selectFrom('revocation_draft')
    .innerJoin('act', 'act.act_id', 'revocation_draft.act_id')
    .innerJoin('credential', (join) =>
      join
        .onRef('credential.community_id', '=', 'revocation_draft.community_id')
        .onRef('credential.credential_id', '=', 'revocation_draft.credential_id'),
    )
    .select(['act.act_id', 'revocation_draft.revocation', 'credential.kind', 'credential.person_id'])
    .where('revocation_draft.community_id', '=', community)
    .where('act.state', 'in', ['open', 'signed'])
    .orderBy('act.drafted_at_ms')
    .execute();
