/** The SQL of the officers' floor. */
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type {
  ActSignatureTable,
  ActTable,
  EnrolmentTable,
  OfficerKeyTable,
  OfficerTable,
} from '../db/tables/officers.ts';
import type { Tx } from '../db/transaction.ts';

export type OfficerRow = Selectable<OfficerTable>;
export type OfficerKeyRow = Selectable<OfficerKeyTable>;
export type ActRow = Selectable<ActTable>;
export type ActSignatureRow = Selectable<ActSignatureTable>;
export type EnrolmentRow = Selectable<EnrolmentTable>;

type Reader = Database | Tx;

export const officerById = (db: Reader, officer: string): Promise<OfficerRow | undefined> =>
  db.selectFrom('officer').selectAll().where('officer_id', '=', officer).executeTakeFirst();

/** The keys by which an officer signs today. */
export const keysOfOfficer = (db: Reader, officer: string): Promise<OfficerKeyRow[]> =>
  db
    .selectFrom('officer_key')
    .selectAll()
    .where('officer_id', '=', officer)
    .where('ended_entry_id', 'is', null)
    .orderBy('credential_id')
    .execute();

export const keyByWebauthnId = (db: Reader, webauthnId: Uint8Array): Promise<OfficerKeyRow | undefined> =>
  db
    .selectFrom('officer_key')
    .selectAll()
    .where('webauthn_id', '=', webauthnId)
    .where('alg', '=', 'webauthn')
    .where('ended_entry_id', 'is', null)
    .executeTakeFirst();

export const keyByPublicKey = (db: Reader, publicKey: Uint8Array): Promise<OfficerKeyRow | undefined> =>
  db
    .selectFrom('officer_key')
    .selectAll()
    .where('public_key', '=', publicKey)
    .where('ended_entry_id', 'is', null)
    .executeTakeFirst();

export async function insertOfficer(
  tx: Tx,
  officer: Omit<OfficerRow, 'removed_entry_id'>,
  keys: readonly NewKeyRow[],
): Promise<void> {
  await tx
    .insertInto('officer')
    .values({ ...officer, removed_entry_id: null })
    .execute();
  await insertKeys(tx, keys);
}

export type NewKeyRow = Omit<OfficerKeyRow, 'sign_count' | 'ended_entry_id'>;

export async function insertKeys(tx: Tx, keys: readonly NewKeyRow[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .insertInto('officer_key')
    .values([...keys])
    .execute();
}

export const officersOf = (db: Reader, communities: readonly string[]): Promise<OfficerRow[]> =>
  db
    .selectFrom('officer')
    .selectAll()
    .where('community_id', 'in', [...communities])
    .orderBy('appointed_entry_id')
    .execute();

export async function recordSignCount(tx: Reader, credential: string, count: bigint): Promise<void> {
  await tx
    .updateTable('officer_key')
    .set({ sign_count: count })
    .where('credential_id', '=', credential)
    .execute();
}

// -- logins --

export async function insertChallenge(
  db: Reader,
  nonce: Uint8Array,
  purpose: string,
  expiresAt: Instant,
): Promise<void> {
  await db.insertInto('login_challenge').values({ nonce, purpose, expires_at_ms: expiresAt }).execute();
}

/** Takes a nonce out; true exactly once, for its purpose, before it expires. */
export async function takeChallenge(
  db: Reader,
  nonce: Uint8Array,
  purpose: string,
  now: Instant,
): Promise<boolean> {
  const taken = await db
    .deleteFrom('login_challenge')
    .where('nonce', '=', nonce)
    .where('purpose', '=', purpose)
    .returning('expires_at_ms')
    .executeTakeFirst();
  return taken !== undefined && taken.expires_at_ms > BigInt(now);
}

export async function sweepChallenges(db: Reader, now: Instant): Promise<void> {
  await db.deleteFrom('login_challenge').where('expires_at_ms', '<=', BigInt(now)).execute();
}

// -- enrolments --

export async function insertEnrolment(
  db: Reader,
  row: Omit<EnrolmentRow, 'tries' | 'used_at_ms' | 'act_id'>,
): Promise<void> {
  await db
    .insertInto('enrolment')
    .values({ ...row, used_at_ms: null, act_id: null })
    .execute();
}

export const lockEnrolment = (tx: Tx, enrolment: string): Promise<EnrolmentRow | undefined> =>
  tx.selectFrom('enrolment').selectAll().where('enrolment_id', '=', enrolment).forUpdate().executeTakeFirst();

export async function countEnrolmentTry(tx: Tx, enrolment: string, tries: number): Promise<void> {
  await tx.updateTable('enrolment').set({ tries }).where('enrolment_id', '=', enrolment).execute();
}

export async function useEnrolment(tx: Tx, enrolment: string, act: string, now: Instant): Promise<void> {
  await tx
    .updateTable('enrolment')
    .set({ used_at_ms: now, act_id: act })
    .where('enrolment_id', '=', enrolment)
    .execute();
}

// -- acts --

export async function insertAct(
  tx: Tx,
  act: Omit<ActRow, 'state' | 'refusal_code' | 'done_at_ms' | 'entry_id'>,
): Promise<void> {
  await tx
    .insertInto('act')
    .values({ ...act, state: 'open', refusal_code: null, done_at_ms: null, entry_id: null })
    .execute();
}

export const actById = (db: Reader, act: string): Promise<ActRow | undefined> =>
  db.selectFrom('act').selectAll().where('act_id', '=', act).executeTakeFirst();

/** Acts that wait for signatures, of these kinds, the oldest first. */
export const openActs = (db: Reader, kinds: readonly string[]): Promise<ActRow[]> =>
  db
    .selectFrom('act')
    .selectAll()
    .where('state', '=', 'open')
    .where('kind', 'in', [...kinds])
    .orderBy('drafted_at_ms')
    .orderBy('act_id')
    .execute();

export const lockAct = (tx: Tx, act: string): Promise<ActRow | undefined> =>
  tx.selectFrom('act').selectAll().where('act_id', '=', act).forUpdate().executeTakeFirst();

/** The newest acts, what waits before what is over; ballots on paper come by the hundred and have a page of their own. */
export const actsOf = (db: Reader, communities: readonly string[], limit: number): Promise<ActRow[]> =>
  db
    .selectFrom('act')
    .selectAll()
    .where('community_id', 'in', [...communities])
    .orderBy(sql`state = 'open' and kind <> 'paper.accepted'`, 'desc')
    .orderBy('drafted_at_ms', 'desc')
    .orderBy('act_id')
    .limit(limit)
    .execute();

/** Every act of one kind in a meeting, whatever became of it. */
export const actsOfMeeting = (db: Reader, meeting: string, kind: string): Promise<ActRow[]> =>
  db.selectFrom('act').selectAll().where('meeting_id', '=', meeting).where('kind', '=', kind).execute();

export async function setActState(
  tx: Reader,
  act: string,
  change: { state: string; refusal_code?: string; done_at_ms?: Instant; entry_id?: bigint },
): Promise<void> {
  await tx.updateTable('act').set(change).where('act_id', '=', act).execute();
}

export const signaturesOf = (db: Reader, act: string): Promise<ActSignatureRow[]> =>
  db
    .selectFrom('act_signature')
    .selectAll()
    .where('act_id', '=', act)
    .orderBy('signed_at_ms')
    .orderBy('officer_id')
    .execute();

export async function insertSignature(tx: Tx, row: ActSignatureRow): Promise<void> {
  await tx.insertInto('act_signature').values(row).execute();
}

/** What an officer signed, the newest first. */
export const signedBy = (db: Reader, officer: string, after: number, limit: number) =>
  db
    .selectFrom('act_signature')
    .innerJoin('act', 'act.act_id', 'act_signature.act_id')
    .select([
      'act.act_id',
      'act.kind',
      'act.community_id',
      'act.meeting_id',
      'act.entry',
      'act.state',
      'act.entry_id',
      'act_signature.action',
      'act_signature.signature',
      'act_signature.signed_at_ms',
    ])
    .where('act_signature.officer_id', '=', officer)
    .orderBy('act_signature.signed_at_ms', 'desc')
    .orderBy('act.act_id')
    .offset(after)
    .limit(limit)
    .execute();

/** The actions of all acts that stand in the log, for a bundle. */
export const actionsOfEntries = (db: Reader, communities: readonly string[]) =>
  db
    .selectFrom('act_signature')
    .innerJoin('act', 'act.act_id', 'act_signature.act_id')
    .select(['act_signature.action', 'act_signature.signature', 'act.entry_id'])
    .where('act.entry_id', 'is not', null)
    .where('act.community_id', 'in', [...communities])
    .orderBy('act.entry_id')
    .orderBy('act_signature.signed_at_ms')
    .orderBy('act_signature.officer_id')
    .execute();

/** The first entry of the log: the declaration of the roots. */
export const firstEntry = (db: Reader) =>
  db.selectFrom('log_entry').select(['id', 'data', 'kind']).orderBy('id').limit(1).executeTakeFirst();
