/** EXT-01: an extension is made once, before the close, only while the meeting is not quorate (SPEC 5, DESIGN §7). */
import { civilDateAt, daysBetween } from '../base/civil-date.ts';
import { parseInstant, showInstant } from '../base/instant.ts';
import { entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import { closeBefore } from './moved-close.ts';
import { openVotes } from './opened-votes.ts';
import type { PaperStatement } from './paper-statements.ts';
import { countedOf } from './paper-statements.ts';
import { isQuorate } from './recount.ts';
import type { Roll } from './roll-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** Makes the check; without an extension it passes. */
export function checkExtension(
  the: Verification,
  course: Course,
  roll: Roll | undefined,
  statements: readonly Statement[] | undefined,
  papers: readonly PaperStatement[] | undefined,
): void {
  const { contents, definition, log, notebook, rules, brackets } = the;
  notebook.made('EXT-01');
  const extensions = entriesOf(log, 'meeting.extended', { meeting: definition.meeting });
  if (extensions.length === 0) return;
  if (rules === undefined || roll === undefined || statements === undefined || papers === undefined) {
    notebook.cannot(
      'EXT-01',
      contents.whyNot('roll.jsonl', 'casts.jsonl', 'paper.jsonl', 'ballots.jsonl', 'credentials.jsonl'),
    );
    if (rules === undefined) return;
  }
  const expected = `at most ${rules.extensionCount} extensions`;
  const isFew = extensions.length <= rules.extensionCount;
  notebook.holds('EXT-01', 'log', isFew, expected, `${extensions.length} extensions`);
  for (const { index, entry } of extensions) {
    const where = `log ${index} meeting.extended`;
    const before = closeBefore(the, index);
    const closes = parseInstant(entry.closes) ?? 0;
    const days = daysBetween(civilDateAt(before), civilDateAt(closes));
    const isShort = closes > before && days <= rules.extensionDays;
    notebook.holds('EXT-01', where, isShort, `later by at most ${rules.extensionDays} days`, `${days} days`);
    const isOpen =
      course.opened !== undefined &&
      index > course.opened &&
      (course.closed === undefined || index < course.closed);
    notebook.holds('EXT-01', where, isOpen, 'between opening and close', `log ${index}`);
    const covered = brackets.coveredAt(index);
    if (covered !== undefined) {
      const at = showInstant(covered);
      notebook.holds(
        'EXT-01',
        where,
        covered <= before,
        `before ${showInstant(before)}`,
        `witnessed at ${at}`,
      );
    }
    if (roll === undefined || statements === undefined || papers === undefined) continue;
    const accepted = countedOf(the, statements, papers, index);
    const { votes } = openVotes(definition, roll, rules, accepted, undefined);
    const isShortOfQuorum = definition.proposals.some(
      (proposal) => !isQuorate(proposal, votes.get(proposal.proposal) ?? [], rules),
    );
    notebook.holds('EXT-01', where, isShortOfQuorum, 'a proposal without quorum', 'all of them quorate');
  }
}
