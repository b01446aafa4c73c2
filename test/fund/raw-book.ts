// Entries written past the shells by raw SQL, as whoever has a login could, and the name of what refuses them.
import { sql } from 'kysely';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { h256 } from '../../src/crypto/frame.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { Database } from '../../src/db/connect.ts';
import type { FundWorld } from './fund-world.ts';

/** The constraint, trigger or rule that refused, `denied` for a missing privilege, `accepted` where nothing did. */
export async function refusedBy(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    const { code, constraint, message } = error as { code?: string; constraint?: string; message: string };
    if (code === '42501') return 'denied';
    return constraint ?? message;
  }
}

export type RawLeg = readonly [account: string, amountFen: bigint];
export type RawEntry = {
  readonly kind: string;
  readonly legs: readonly RawLeg[];
  readonly authorisation?: string;
  readonly reverses?: string;
  readonly order?: string;
  readonly bookedOn?: string;
  readonly valueOn?: string;
  /** Writes a done act and its order beside the entry, signed in these roles, as an intruder with the application's rights could. */
  readonly signedAs?: readonly string[];
  readonly seqStep?: bigint;
  /** Its id, a new one unless said. */
  readonly id?: string;
  /** The row of the log, a new one unless said. */
  readonly logEntryId?: bigint;
  readonly key?: string;
  readonly record?: Uint8Array;
  readonly hash?: Uint8Array;
  readonly loggedHash?: Uint8Array;
};

/** An order of no payment whose act is done by the log's row, with invented signatures. */
async function signedOrder(
  tx: Database,
  world: FundWorld,
  entry: {
    readonly kind: string;
    readonly record: Uint8Array;
    readonly logEntryId: bigint;
    readonly signedAs: readonly string[];
  },
): Promise<string> {
  const { random } = world.deps;
  const [act, order] = [newId(random), newId(random)];
  await tx
    .insertInto('act')
    .values({
      act_id: act,
      community_id: world.community,
      meeting_id: null,
      kind: 'fund.entry',
      entry: new Uint8Array(),
      subject: random(32),
      rule_kind: entry.kind,
      details: '{}',
      state: 'done',
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: entry.logEntryId,
    })
    .execute();
  for (const role of entry.signedAs) {
    await tx
      .insertInto('act_signature')
      .values({
        act_id: act,
        officer_id: newId(random),
        role,
        identity: random(32),
        public_key: random(32),
        action: new Uint8Array(),
        signature: '',
        evidence: random(32),
        signed_at_ms: 1n,
      })
      .execute();
  }
  await tx
    .insertInto('fund_order')
    .values({
      community_id: world.community,
      order_id: order,
      kind: entry.kind,
      authorisation_id: null,
      bank_account_id: null,
      amount_fen: 1n,
      payee_account: null,
      record: entry.record,
      act_id: act,
      idempotency_key: order,
      request_hash: sha256(),
    })
    .execute();
  return order;
}

/** Writes an entry past the shells, in the caller's transaction, and has its deferred rules checked. */
export async function rawIn(tx: Database, world: FundWorld, entry: RawEntry): Promise<void> {
  const book = await tx
    .selectFrom('fund_book')
    .selectAll()
    .where('community_id', '=', world.community)
    .executeTakeFirstOrThrow();
  const id = entry.id ?? newId(world.deps.random);
  const record = entry.record ?? utf8(id);
  const hash = entry.hash ?? h256('fund-entry', record);
  const seq = book.last_seq + (entry.seqStep ?? 1n);
  const logged = { seq: Number(seq), hash: toBase64Url(entry.loggedHash ?? hash) };
  const log = await tx
    .insertInto('log_entry')
    .values({
      data: utf8(JSON.stringify(logged)),
      kind: 'fund.entry',
      community_id: world.community,
      meeting_id: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const order =
    entry.signedAs === undefined
      ? entry.order
      : await signedOrder(tx, world, { ...entry, record, logEntryId: log.id, signedAs: entry.signedAs });
  await tx
    .insertInto('fund_entry')
    .values({
      community_id: world.community,
      entry_id: id,
      seq,
      kind: entry.kind,
      booked_on: entry.bookedOn ?? book.last_booked_on,
      value_on: entry.valueOn ?? entry.bookedOn ?? book.last_booked_on,
      authorisation_id: entry.authorisation ?? null,
      reverses_entry_id: entry.reverses ?? null,
      order_id: order ?? null,
      idempotency_key: entry.key ?? id,
      request_hash: sha256(),
      record,
      hash,
      log_entry_id: entry.logEntryId ?? log.id,
    })
    .execute();
  await addLegs(tx, world, id, entry.legs, 1);
  await sql`set constraints all immediate`.execute(tx);
}

/** The same in a transaction of its own. */
export const raw = (db: Database, world: FundWorld, entry: RawEntry): Promise<void> =>
  db.transaction().execute((tx) => rawIn(tx, world, entry));

export async function addLegs(
  db: Database,
  world: FundWorld,
  entry: string,
  legs: readonly RawLeg[],
  first: number,
) {
  for (const [at, [account, amountFen]] of legs.entries()) {
    await db
      .insertInto('fund_posting')
      .values({
        community_id: world.community,
        entry_id: entry,
        line_no: first + at,
        account_id: account,
        amount_fen: amountFen,
      })
      .execute();
  }
}

/** The id of an account by kind and, for a unit's, the place of the unit. */
export async function account(world: FundWorld, kind: string, at?: number): Promise<string> {
  let query = world.fresh.owner
    .selectFrom('fund_account')
    .select('account_id')
    .where('community_id', '=', world.community)
    .where('kind', '=', kind);
  if (at !== undefined) query = query.where('unit_id', '=', present(world.units[at], 'a unit').unit);
  return (await query.executeTakeFirstOrThrow()).account_id;
}

export const entryOf = async (world: FundWorld, kind: string) =>
  world.fresh.owner
    .selectFrom('fund_entry')
    .selectAll()
    .where('community_id', '=', world.community)
    .where('kind', '=', kind)
    .orderBy('seq')
    .executeTakeFirstOrThrow();
