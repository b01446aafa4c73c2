/** TALLY-02, LOG-01 of what follows from a resolution: each line follows an adopted one, begins as a plan, ends once, and can be read (SPEC 8.2). */
import { textHash } from '../record/meeting.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** Makes the checks; a meeting without lines passes. */
export function checkFollowUps({ contents, definition, log, notebook }: Verification): void {
  const filter = { meeting: definition.meeting };
  const final = entriesOf(log, 'tally.final', filter)[0]?.index;
  const annulled = entriesOf(log, 'resolution.annulled', filter);
  const outcomes = new Map(
    contents.tally?.value.proposals.map(({ proposal, outcome }) => [proposal, outcome]) ?? [],
  );
  const states = new Map<string, string>();
  for (const { index, entry } of entriesOf(log, 'followup.recorded', filter)) {
    const where = `log ${index} followup.recorded`;
    const isAfter = final !== undefined && final < index;
    notebook.holds('TALLY-02', where, isAfter, 'after the final result', `log ${index}`);
    if (contents.tally !== undefined)
      notebook.same('TALLY-02', `${where} outcome`, 'ADOPTED', outcomes.get(entry.proposal) ?? 'none');
    const isAnnulled = annulled.some((each) => each.entry.proposal === entry.proposal && each.index < index);
    notebook.holds('TALLY-02', where, !isAnnulled, 'a resolution in force', 'an annulled one');
    const key = `${entry.proposal} ${entry.step}`;
    const before = states.get(key) ?? (entry.state === 'planned' ? 'planned' : 'nothing');
    notebook.same('TALLY-02', `${where} step`, 'planned', before);
    states.set(key, entry.state);
    const body = contents.notices.get(entry.textHash);
    const found = body === undefined ? 'no such text' : textHash(body);
    notebook.same('LOG-01', `notice/${entry.textHash}.txt (${where})`, entry.textHash, found);
  }
}
