/** TALLY-01: letters after the freeze and keys of the counter, counted again in the log (SPEC 8.1). */
import type { TallyRecord } from '../record/tally-record.ts';
import type { Read } from './bundle-contents.ts';
import { entriesOf } from './entry-scope.ts';
import { letterBatches } from './letter-checks.ts';
import type { Verification } from './verification.ts';

/** Compares both counts of the record with the log up to the close. */
export function checkLateChanges(
  { definition, log, notebook }: Verification,
  { where, value: tally }: Read<TallyRecord>,
): void {
  const { community, meeting } = definition;
  const [frozen] = entriesOf(log, 'roll.frozen', { meeting });
  const [closed] = entriesOf(log, 'meeting.closed', { meeting });
  const until = closed?.index ?? Number.POSITIVE_INFINITY;
  const from = frozen?.index ?? Number.POSITIVE_INFINITY;
  let letters = 0;
  for (const { index, entry } of letterBatches(log, community))
    if (index > from && index < until) letters += entry.count;
  let bound = 0;
  for (const { index, entry } of entriesOf(log, 'credential.bound', { community }))
    if (index < until && entry.signedBy === 'officers') bound += 1;
  notebook.same('TALLY-01', `${where} lateLetters`, String(letters), String(tally.lateLetters));
  notebook.same('TALLY-01', `${where} counterBindings`, String(bound), String(tally.counterBindings));
}
