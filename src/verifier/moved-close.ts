/** The effective close at a place of the log: extensions and resumptions move it (SPEC 5). */
import type { Instant } from '../base/instant.ts';
import { parseInstant } from '../base/instant.ts';
import type { BundledLog } from './bundled-log.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** An entry that moves the close. */
type Move = Placed<'meeting.extended'> | Placed<'meeting.resumed'>;

/** Everything that moves the close of a meeting, in index order. */
function movesOf(log: BundledLog, meeting: string): readonly Move[] {
  const filter = { meeting };
  return [...entriesOf(log, 'meeting.extended', filter), ...entriesOf(log, 'meeting.resumed', filter)].sort(
    (a, b) => a.index - b.index,
  );
}

/** The close that was in force before an index. */
export const closeBefore = (the: Pick<Verification, 'log' | 'definition'>, index: number): Instant => {
  const last = movesOf(the.log, the.definition.meeting)
    .filter((move) => move.index < index)
    .at(-1);
  return parseInstant(last?.entry.closes ?? the.definition.window.closes) ?? 0;
};
