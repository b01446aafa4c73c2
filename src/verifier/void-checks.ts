/** VOID-01: a void follows an upheld objection, takes what stood at its place, and comes while one may (SPEC 6.7). */
import { fromBase64Url } from '../base/bytes.ts';
import { decisionForm, objectionForm } from '../record/objection.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { Verification } from './verification.ts';

/** Makes the check; the log alone proves the place, the texts of objections only an auditor's bundle has. */
export function checkVoids(the: Verification, course: Course): void {
  const { contents, definition, log, notebook } = the;
  notebook.made('VOID-01');
  const { meeting } = definition;
  const voids = entriesOf(log, 'cast.voided', { meeting });
  if (voids.length === 0) return;
  checkPlaces(the, voids);
  const filed = entriesOf(log, 'objection.filed', { meeting });
  const decided = entriesOf(log, 'objection.decided', { meeting });
  for (const { index, entry } of voids) {
    const where = `log ${index} cast.voided`;
    const holds = (condition: boolean, expected: string, found: string): boolean =>
      notebook.holds('VOID-01', where, condition, expected, found);
    const { opened, closed, released, final } = course;
    const isOpen = opened !== undefined && index > opened && (closed === undefined || index < closed);
    const isAfter = released !== undefined && index > released && (final === undefined || index < final);
    holds(isOpen || isAfter, 'while the vote is open, or from the box to the final result', `log ${index}`);
    const { objection } = entry;
    const isFiled = filed.some((one) => one.entry.objection === objection && one.index < index);
    holds(isFiled, 'an objection that was filed before', objection);
    const isDecided = decided.some((one) => one.entry.objection === objection && one.index < index);
    holds(isDecided, 'a decision before the void', objection);
    const text = textOf(the, objection);
    if (text === undefined) continue;
    holds(text.decision === 'upheld', 'an objection that was upheld', text.decision);
    if (isOpen || entry.reason === 'CLAIMED_BY_OWNER')
      holds(text.entitlement === entry.entitlement, 'an objection of this entitlement', text.entitlement);
  }
  if (contents.objections === undefined) notebook.cannot('VOID-01', contents.whyNot('objections.jsonl'));
}

/** Each takes the last item of its chain, which is a statement. */
function checkPlaces(
  { definition, log, notebook }: Verification,
  voids: readonly Placed<'cast.voided'>[],
): void {
  const { meeting } = definition;
  const statements = [
    ...entriesOf(log, 'cast.accepted', { meeting }).map(({ index, entry }) => ({
      index,
      entry,
      hash: entry.castHash,
    })),
    ...entriesOf(log, 'paper.accepted', { meeting }).map(({ index, entry }) => ({
      index,
      entry,
      hash: entry.paperHash,
    })),
    ...voids.map(({ index, entry }) => ({ index, entry, hash: '' })),
  ].sort((a, b) => a.index - b.index);
  const ends = new Map<string, string>();
  for (const { index, entry, hash } of statements) {
    if (entry.kind === 'cast.voided') {
      const where = `log ${index} cast.voided`;
      const end = ends.get(entry.entitlement);
      notebook.same(
        'VOID-01',
        `${where} voids`,
        end === undefined || end === '' ? 'nothing stands' : end,
        entry.voids,
      );
      notebook.same('VOID-01', `${where} prev`, entry.voids, entry.prev);
    }
    ends.set(entry.entitlement, hash);
  }
}

/** What an auditor's bundle says of an objection; undefined where it is not held, which LOG-01 judges. */
function textOf(
  { contents }: Verification,
  objection: string,
): { readonly entitlement: string; readonly decision: string } | undefined {
  for (const { value } of contents.objections ?? []) {
    const filed = objectionForm.parse(fromBase64Url(value.objection) ?? new Uint8Array());
    if (!filed.ok || filed.value.objection !== objection) continue;
    const decided = decisionForm.parse(fromBase64Url(value.decision) ?? new Uint8Array());
    return {
      entitlement: filed.value.entitlement,
      decision: decided.ok && decided.value.objection === objection ? decided.value.decision : 'none',
    };
  }
  return undefined;
}

/** An objection that was upheld is mended before the result is final (SPEC 8.2). */
export function checkMended(the: Verification, course: Course): void {
  const { contents, definition, log, notebook } = the;
  if (course.final === undefined) return;
  const named = new Set(
    entriesOf(log, 'cast.voided', { meeting: definition.meeting }).map(({ entry }) => entry.objection),
  );
  const { meeting } = definition;
  const decided = new Map(
    entriesOf(log, 'objection.decided', { meeting }).map(({ index, entry }) => [entry.objection, index]),
  );
  const statements = [
    ...entriesOf(log, 'cast.accepted', { meeting }),
    ...entriesOf(log, 'paper.accepted', { meeting }),
  ];
  const filed = entriesOf(log, 'objection.filed', { meeting });
  for (const { index, entry } of contents.objections === undefined ? [] : filed) {
    const text = textOf(the, entry.objection);
    if (index > course.final || text?.decision !== 'upheld') continue;
    const since = decided.get(entry.objection) ?? Number.POSITIVE_INFINITY;
    // Whoever has voted anew wants nothing voided any more.
    if (statements.some((each) => each.entry.entitlement === text.entitlement && each.index > since))
      continue;
    const where = `log ${index} objection.filed`;
    const isMended = named.has(entry.objection);
    notebook.holds(
      'TALLY-01',
      where,
      isMended,
      'a void for the upheld objection, or a new vote',
      'neither before tally.final',
    );
  }
}
