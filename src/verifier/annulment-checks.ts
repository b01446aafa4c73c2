/** TALLY-02 of resolutions that were annulled: each after the final result, of an adopted proposal, once; and the report names them (SPEC 8.2). */
import type { Definition } from '../record/meeting.ts';
import type { BundledLog } from './bundled-log.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** A resolution of the meeting that does not stand any more, whatever its count was. */
export type Annulled = {
  readonly proposal: string;
  /** Empty where the definition has no such proposal. */
  readonly title: string;
  /** SHA-256 of the judgment or order, base64url. */
  readonly documentHash: string;
  readonly index: number;
};

/** What the log of a bundle annuls of its meeting, in the order of the log. */
export const annulledResolutions = (log: BundledLog, definition: Definition): readonly Annulled[] =>
  entriesOf(log, 'resolution.annulled', { meeting: definition.meeting }).map(({ index, entry }) => ({
    proposal: entry.proposal,
    title: definition.proposals.find(({ proposal }) => proposal === entry.proposal)?.title ?? '',
    documentHash: entry.documentHash,
    index,
  }));

/** Makes the checks; who signed, ACT-01 says. */
export function checkAnnulments({ contents, definition, log, notebook }: Verification): void {
  const final = entriesOf(log, 'tally.final', { meeting: definition.meeting })[0]?.index;
  const outcomes = new Map(
    contents.tally?.value.proposals.map(({ proposal, outcome }) => [proposal, outcome]) ?? [],
  );
  const annulled = new Set<string>();
  for (const { index, proposal } of annulledResolutions(log, definition)) {
    const where = `log ${index} resolution.annulled`;
    const isAfter = final !== undefined && final < index;
    notebook.holds('TALLY-02', where, isAfter, 'after the final result', `log ${index}`);
    if (contents.tally !== undefined)
      notebook.same('TALLY-02', `${where} outcome`, 'ADOPTED', outcomes.get(proposal) ?? 'none');
    notebook.holds('TALLY-02', where, !annulled.has(proposal), 'annulled once', proposal);
    annulled.add(proposal);
  }
}
