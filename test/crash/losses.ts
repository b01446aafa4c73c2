// What the reckoning finds when something was lost, doubled or changed after all: each fault is made in the rows by the tables' owner,
// past their triggers, reckoned, and rolled back (SPEC 6.5, 7.3). Without this a reckoning that never fails would look the same.
import { sql } from 'kysely';
import { expect } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url } from '../../src/base/bytes.ts';
import type { Database } from '../../src/db/connect.ts';
import type { Acknowledged } from './crowd.ts';
import type { Poll } from './prepared-casts.ts';
import type { Reckoning } from './reckoning.ts';
import { reckon, wholeOf } from './reckoning.ts';

class RolledBack extends Error {}

/** The reckoning after a change of the rows, which is undone again. */
async function reckonAfter(
  db: Database,
  poll: Poll,
  accepted: readonly Acknowledged[],
  change: (tx: Database) => Promise<unknown>,
): Promise<Reckoning> {
  const { meeting, definition } = poll.meeting;
  let found: Reckoning | undefined;
  const changed = db.transaction().execute(async (tx) => {
    for (const table of [
      'cast_answer',
      'sealed_key',
      'cast_statement',
      'outbox',
      'log_entry',
      'log_checkpoint',
    ])
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx);
    await change(tx);
    found = await reckon(tx, meeting, definition.keys.ack, accepted);
    throw new RolledBack();
  });
  await expect(changed).rejects.toBeInstanceOf(RolledBack);
  return present(found, 'a reckoning');
}

const hashOf = ({ cast }: Acknowledged): Uint8Array => present(fromBase64Url(cast.castHash), 'a hash');

async function deleteCast(tx: Database, hash: Uint8Array): Promise<void> {
  await tx.deleteFrom('cast_answer').where('cast_hash', '=', hash).execute();
  await tx.deleteFrom('sealed_key').where('cast_hash', '=', hash).execute();
  await tx.deleteFrom('cast_statement').where('cast_hash', '=', hash).execute();
}

async function entryIdOf(tx: Database, hash: Uint8Array): Promise<bigint> {
  const row = await tx
    .selectFrom('cast_statement')
    .select('entry_id')
    .where('cast_hash', '=', hash)
    .execute();
  return BigInt(present(row[0], 'the cast').entry_id);
}

/** Fails unless the reckoning of a whole run shows each of these faults, and no other. */
export async function expectFaultsFound(
  db: Database,
  poll: Poll,
  accepted: readonly Acknowledged[],
): Promise<void> {
  const count = accepted.length;
  // The newest is the last of its chain, so that its absence breaks none.
  const newest = present(accepted.at(-1), 'a cast');
  const followed = present(
    accepted.find(({ cast }) =>
      accepted.some((one) => one.cast.entitlement === cast.entitlement && one.cast.seq === cast.seq + 1),
    ),
    'a cast that another one changed',
  );
  const after = (change: (tx: Database) => Promise<unknown>, told = accepted) =>
    reckonAfter(db, poll, told, change);
  const { brokenPromises } = await after(async () => undefined);
  const whole = { ...wholeOf(count), brokenPromises };
  expect(await after(async () => undefined)).toEqual(whole);
  const lost = { ...whole, stored: count - 1, lost: 1 };
  expect(await after((tx) => deleteCast(tx, hashOf(newest)))).toEqual(lost);
  expect(await after((tx) => deleteCast(tx, hashOf(followed)))).toEqual({ ...lost, brokenChains: 1 });
  const lostInTheLog = await after(async (tx) => {
    const id = await entryIdOf(tx, hashOf(newest));
    await deleteCast(tx, hashOf(newest));
    // The service that still runs may have told the owners of it by now.
    await sql`delete from outbox where entry_idx = (select idx from log_entry where id = ${id})`.execute(tx);
    await sql`delete from log_entry where id = ${id}`.execute(tx);
  });
  expect(lostInTheLog).toEqual({
    ...lost,
    logged: count - 1,
    falseAcknowledgements: 1,
    brokenPromises: brokenPromises + 1,
  });
  const twice = await after(async (tx) => {
    const id = await entryIdOf(tx, hashOf(newest));
    await sql`insert into log_entry (data, kind, community_id, meeting_id)
      select data, kind, community_id, meeting_id from log_entry where id = ${id}`.execute(tx);
  });
  expect(twice).toMatchObject({ ...whole, logged: count + 1, twice: 1, brokenPromises: expect.any(Number) });
  const otherwise = await after((tx) =>
    sql`update cast_statement set acknowledgement = 'another' where cast_hash = ${hashOf(newest)}`.execute(
      tx,
    ),
  );
  expect(otherwise).toEqual({ ...whole, lost: 1 });
  const late = await after((tx) =>
    sql`update log_checkpoint set signed_at_ms = signed_at_ms + 3600000`.execute(tx),
  );
  expect(late).toEqual({ ...whole, brokenPromises: count });
  expect(await after(async () => undefined, accepted.slice(0, -1))).toEqual({
    ...whole,
    acknowledged: count - 1,
    untold: 1,
  });
  const exchanged = [
    { ...newest, acknowledgement: followed.acknowledgement },
    ...accepted.filter((one) => one !== newest),
  ];
  expect(await after(async () => undefined, exchanged)).toMatchObject({ lost: 1, falseAcknowledgements: 1 });
}
