/** What officers changed about who can vote, as the log tells it: letters after the freeze, keys of the counter (SPEC 8.1). */
import { listEntries } from '../auditlog/entries.ts';
import { assert, present } from '../base/assert.ts';
import type { Database } from '../db/connect.ts';
import type { Entry } from '../record/entry.ts';
import { entryForm } from '../record/entry.ts';
import type { TallyRecord } from '../record/tally-record.ts';

/** Counts the numbered entries of a closed meeting's community; throws where the meeting has no freeze or no close. */
export async function countLateChanges(
  db: Database,
  community: string,
  meeting: string,
): Promise<Pick<TallyRecord, 'lateLetters' | 'counterBindings'>> {
  const [frozen] = await listEntries(db, { meeting, kinds: ['roll.frozen'] });
  const [closed] = await listEntries(db, { meeting, kinds: ['meeting.closed'] });
  const read = async (kinds: readonly string[], from: number): Promise<readonly Entry[]> =>
    (
      await listEntries(db, {
        community,
        kinds,
        from,
        below: present(closed, 'counted after its close').index,
      })
    ).map(({ bytes }) => {
      const entry = entryForm.parse(bytes);
      assert(entry.ok, 'own entries are canonical');
      return entry.value;
    });
  const letters = await read(
    ['letters.issued', 'letters.reissued'],
    present(frozen, 'a closed meeting has a roll').index,
  );
  const bindings = await read(['credential.bound'], 0);
  return {
    lateLetters: letters.reduce((sum, entry) => sum + ('count' in entry ? entry.count : 0), 0),
    counterBindings: bindings.filter((entry) => 'signedBy' in entry && entry.signedBy === 'officers').length,
  };
}
