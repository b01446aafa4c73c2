/**
 * Phones, addresses and e-mail of those who own nothing any more are erased when no vote can concern them (PIPL §19, §47). Names and numbers
 * stay, sealed: a court or an auditor must be able to open the commitments of the rolls.
 */
import { civilDateAt } from '../base/civil-date.ts';
import type { Instant } from '../base/instant.ts';
import { inTransaction } from '../db/transaction.ts';
import { emptyContact, openContact } from '../registry/persons.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import { listCommunities, lockCommunity } from '../registry/store/communities.ts';
import { deleteEmail, departedPersons, replaceContact, withEmail } from './store/forgetting.ts';

export type ForgettingDeps = Pick<RegistryDeps, 'db' | 'atRest' | 'random'>;

export type Forgetting = {
  readonly now: Instant;
  /** Gone, and done with every vote, by then. */
  readonly before: Instant;
  /** Counts, and changes nothing. */
  readonly isDryRun: boolean;
};

/** Erases the contacts that are due in one community, in batches; returns how many. */
async function forgetIn(
  { db, ...deps }: ForgettingDeps,
  community: string,
  { now, before, isDryRun }: Forgetting,
): Promise<number> {
  let erased = 0;
  let after = '';
  for (;;) {
    const batch = await inTransaction(db, async (tx) => {
      // An import that brings somebody back holds it too.
      await lockCommunity(tx, community);
      const rows = await departedPersons(tx, { community, after, before, today: civilDateAt(now) });
      const ids = rows.map((row) => row.person_id);
      const mailed = await withEmail(tx, community, ids);
      const due = rows.filter((row) => {
        const { phones, mailingAddress } = openContact(deps, row);
        return phones.length > 0 || mailingAddress !== '' || mailed.has(row.person_id);
      });
      for (const row of isDryRun ? [] : due) {
        await replaceContact(tx, { ...row, sealed_contact: emptyContact(deps, row) });
        await deleteEmail(tx, row);
      }
      return { due: due.length, last: rows.at(-1)?.person_id };
    });
    erased += batch.due;
    if (batch.last === undefined) return erased;
    after = batch.last;
  }
}

/** Erases the contacts that are due in all communities; `onProgress` is told how many were after each. */
export async function forgetContacts(
  deps: ForgettingDeps,
  forgetting: Forgetting,
  onProgress: (erased: number) => void = () => undefined,
): Promise<number> {
  let erased = 0;
  for (const { community_id } of await listCommunities(deps.db, '')) {
    erased += await forgetIn(deps, community_id, forgetting);
    onProgress(erased);
  }
  return erased;
}
