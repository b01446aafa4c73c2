/** What officers changed about who can vote, as the log tells it: letters after the freeze and where letters were made, keys of the counter (SPEC 8.1). */
import { listEntries } from '../auditlog/entries.ts';
import { assert, present } from '../base/assert.ts';
import type { Database } from '../db/connect.ts';
import type { Entry } from '../record/entry.ts';
import { entryForm } from '../record/entry.ts';
import type { TallyRecord } from '../record/tally-record.ts';

type Numbered = { readonly index: number; readonly entry: Entry };

/** Counts the numbered entries of a closed meeting's community; throws where the meeting has no freeze or no close. */
export async function countLateChanges(
  db: Database,
  community: string,
  meeting: string,
): Promise<Pick<TallyRecord, 'lateLetters' | 'counterBindings' | 'lettersFrom'>> {
  const [frozen] = await listEntries(db, { meeting, kinds: ['roll.frozen'] });
  const [closed] = await listEntries(db, { meeting, kinds: ['meeting.closed'] });
  const frozenAt = present(frozen, 'a closed meeting has a roll').index;
  const below = present(closed, 'counted after its close').index;
  const read = async (kinds: readonly string[]): Promise<readonly Numbered[]> =>
    (await listEntries(db, { community, kinds, from: 0, below })).map(({ index, bytes }) => {
      const entry = entryForm.parse(bytes);
      assert(entry.ok, 'own entries are canonical');
      return { index, entry: entry.value };
    });
  const batches = (await read(['letters.issued', 'letters.reissued'])).flatMap(({ index, entry }) =>
    'madeIn' in entry ? [{ index, ...entry }] : [],
  );
  const bindings = await read(['credential.bound']);
  return {
    lateLetters: batches.reduce((sum, { index, count }) => sum + (index > frozenAt ? count : 0), 0),
    counterBindings: bindings.filter(({ entry }) => 'signedBy' in entry && entry.signedBy === 'officers')
      .length,
    lettersFrom: batches.some(({ madeIn }) => madeIn === 'browser') ? 'browser' : 'command',
  };
}
