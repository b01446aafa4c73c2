// Rows of the log and of acts as a case forges them around the shells, for the database to refuse what stands on them.

import { utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Database } from '../../src/db/connect.ts';
import type { FundWorld } from './fund-world.ts';

export type Facts = Readonly<Record<string, unknown>>;

/** A row of the log with these facts; answers its id. */
export async function logged(tx: Database, of: FundWorld, kind: string, facts: Facts): Promise<bigint> {
  const row = { data: utf8(JSON.stringify(facts)), kind, community_id: of.community, meeting_id: null };
  return (await tx.insertInto('log_entry').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** An act that is done, with a signature of each role. */
export async function signed(
  tx: Database,
  { community, deps: { random } }: FundWorld,
  entryId: bigint,
  roles: readonly string[],
): Promise<void> {
  const act = newId(random);
  await tx
    .insertInto('act')
    .values({
      act_id: act,
      community_id: community,
      meeting_id: null,
      kind: 'fund.closed',
      entry: new Uint8Array(),
      subject: random(32),
      rule_kind: null,
      details: '{}',
      state: 'done',
      drafted_by: 'test',
      drafted_at_ms: 1n,
      entry_id: entryId,
    })
    .execute();
  for (const role of roles)
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

/** Work that leaves nothing behind; what the database takes ends as `accepted`. */
export const undone = async (db: Database, work: (tx: Database) => Promise<void>): Promise<void> => {
  await db.transaction().execute(async (tx) => {
    await work(tx);
    throw new Error('accepted');
  });
};
