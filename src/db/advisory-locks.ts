/**
 * Locks on names, for what has no row that the application may lock (docs/decisions/group-commit.md). All that a transaction wants is
 * taken in one statement and in one order over all processes: by space, then by key.
 */
import { sql } from 'kysely';
import { PLANNED_ONCE } from './planned-once.ts';
import type { Tx } from './transaction.ts';

/** Names of one space, held shared or alone until the transaction ends. */
export type NamedLocks = {
  readonly space: number;
  readonly shared: boolean;
  readonly names: readonly string[];
};

/** Takes the locks; waits for whoever holds one of them otherwise. */
export async function takeLocks(tx: Tx, wanted: readonly NamedLocks[]): Promise<void> {
  const each = wanted.flatMap(({ space, shared, names }) => names.map((name) => ({ space, shared, name })));
  await sql`
    ${PLANNED_ONCE} select case when shared then pg_advisory_xact_lock_shared(space, key) else pg_advisory_xact_lock(space, key) end
      from (select distinct space, shared, hashtext(name) as key
              from unnest(${each.map(({ space }) => space)}::int[], ${each.map(({ shared }) => shared)}::boolean[],
                          ${each.map(({ name }) => name)}::text[]) as w (space, shared, name)
             order by space, key) as keys`.execute(tx);
}
