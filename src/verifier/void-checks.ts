/** VOID-01: a void follows an upheld objection, takes what stood at its place, and comes while one may (SPEC 6.7). */
import { fromBase64Url } from '../base/bytes.ts';
import { decisionForm, objectionForm } from '../record/objection.ts';
import type { Placed } from './entry-scope.ts';
import { castsOf, entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { PaperStatement } from './paper-statements.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** Makes the check; the log alone proves the place, the texts of objections only an auditor's bundle has. */
export function checkVoids(
  the: Verification,
  course: Course,
  statements: readonly Statement[] | undefined,
  papers: readonly PaperStatement[] | undefined,
): void {
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
    if (entry.reason === 'FORGED_PAPER') {
      const isPaper = entriesOf(log, 'paper.accepted', { meeting }).some(
        (one) => one.entry.paperHash === entry.voids,
      );
      holds(isPaper, 'a paper', entry.voids);
    }
    if (entry.reason === 'NO_MANDATE' && statements !== undefined && papers !== undefined) {
      const voided = madeOf(statements, papers).find(({ hash }) => hash === entry.voids);
      holds(voided?.mandate !== '', 'a statement under a mandate', 'none');
    }
    if (text === undefined) continue;
    holds(text.decision === 'upheld', 'an objection that was upheld', text.decision);
    holds(text.condemns.includes(entry.voids), 'a statement that the decision condemns', entry.voids);
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
    ...castsOf(log, meeting).map(({ index, entry }) => ({
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

type ObjectionText = {
  readonly entitlement: string;
  readonly decision: string;
  readonly condemns: readonly string[];
};

/** What an auditor's bundle says of an objection; undefined where it is not held, which LOG-01 judges. */
function textOf({ contents }: Verification, objection: string): ObjectionText | undefined {
  for (const { value } of contents.objections ?? []) {
    const filed = objectionForm.parse(fromBase64Url(value.objection) ?? new Uint8Array());
    if (!filed.ok || filed.value.objection !== objection) continue;
    const decided = decisionForm.parse(fromBase64Url(value.decision) ?? new Uint8Array());
    const isOwn = decided.ok && decided.value.objection === objection;
    return {
      entitlement: filed.value.entitlement,
      decision: isOwn ? decided.value.decision : 'none',
      condemns: isOwn ? decided.value.condemns : [],
    };
  }
  return undefined;
}

/** A statement as far as it matters who made it: a paper has no credential. */
type Made = {
  readonly index: number;
  readonly entitlement: string;
  readonly hash: string;
  readonly credential: string;
  readonly mandate: string;
};

const madeOf = (statements: readonly Statement[], papers: readonly PaperStatement[]): readonly Made[] => [
  ...statements.map(({ index, entry, cast }) => ({
    index,
    entitlement: entry.entitlement,
    hash: entry.castHash,
    credential: cast.credential,
    mandate: cast.mandate,
  })),
  ...papers.map(({ index, entry, paper }) => ({
    index,
    entitlement: entry.entitlement,
    hash: entry.paperHash,
    credential: '',
    mandate: paper.mandate,
  })),
];

/** TALLY-01: what a decision condemned counts no more when the result is final: void, or replaced by its owner himself (SPEC 8.2). */
export function checkSettled(
  the: Verification,
  course: Course,
  statements: readonly Statement[],
  papers: readonly PaperStatement[],
): void {
  const { contents, definition, log, notebook } = the;
  const final = course.final ?? Number.POSITIVE_INFINITY;
  if (course.final === undefined || contents.objections === undefined) return;
  const { meeting } = definition;
  const made = madeOf(statements, papers);
  const voided = new Set(
    entriesOf(log, 'cast.voided', { meeting }).flatMap(({ index, entry }) =>
      index < final ? [entry.voids] : [],
    ),
  );
  const isReplaced = (hash: string): boolean => {
    const condemned = made.find((one) => one.hash === hash);
    return made.some(
      (one) =>
        condemned !== undefined &&
        one.entitlement === condemned.entitlement &&
        one.index > condemned.index &&
        one.mandate === '' &&
        one.credential !== '' &&
        one.credential !== condemned.credential,
    );
  };
  for (const { index, entry } of entriesOf(log, 'objection.decided', { meeting })) {
    const text = textOf(the, entry.objection);
    for (const hash of text?.decision === 'upheld' ? text.condemns : []) {
      const isSettled = voided.has(hash) || isReplaced(hash);
      notebook.holds(
        'TALLY-01',
        `log ${index} objection.decided`,
        isSettled,
        `${hash} void or replaced`,
        'it counts',
      );
    }
  }
}
