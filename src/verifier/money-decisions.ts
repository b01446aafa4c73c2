/** By what right money is asked for, moved or spent: two officers who signed it, and a resolution that stands (SPEC 8.3, 8.5, 8.6). */
import type { CheckId } from './check-catalogue.ts';
import { entriesOf } from './entry-scope.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

type Resolution = { readonly meeting: string; readonly proposal: string };

/** Two valid actions stand behind an entry of the log; which pair it must be, ACT-01 says. */
export function checkTwoOfficers(
  { notebook }: Pick<Verification, 'notebook'>,
  officers: Officers | undefined,
  id: CheckId,
  where: string,
  index: number,
): void {
  if (officers === undefined) return;
  const valid = (officers.signers.get(index) ?? []).filter(({ isValid }) => isValid);
  notebook.holds(id, where, valid.length >= 2, "two officers' actions", `${valid.length} valid`);
}

/** Whether the log annuls a resolution before an index. */
export const isAnnulledBefore = (
  { definition, log }: Verification,
  { meeting, proposal }: Resolution,
  index: number,
): boolean =>
  entriesOf(log, 'resolution.annulled', { community: definition.community }).some(
    ({ index: at, entry }) => at < index && entry.meeting === meeting && entry.proposal === proposal,
  );

/** What an entry rests on is a final result that was not annulled before; of this bundle's meeting, an adopted proposal. */
export function checkResolution(
  the: Verification,
  id: CheckId,
  where: string,
  index: number,
  resolution: Resolution,
): void {
  const { contents, definition, log, notebook } = the;
  const { meeting, proposal } = resolution;
  const isFinal = entriesOf(log, 'tally.final', { community: definition.community }).some(
    (one) => one.index < index && one.entry.meeting === meeting,
  );
  notebook.holds(id, where, isFinal, 'an earlier tally.final', meeting || 'none');
  const isAnnulled = isAnnulledBefore(the, resolution, index);
  notebook.holds(id, where, !isAnnulled, 'a resolution that stands', proposal);
  if (meeting !== definition.meeting || contents.tally === undefined) return;
  const outcome = contents.tally.value.proposals.find((one) => one.proposal === proposal)?.outcome;
  notebook.same(id, `${where} outcome`, 'ADOPTED', outcome ?? 'not counted');
}
