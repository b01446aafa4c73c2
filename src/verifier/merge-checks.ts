/**
 * MERGE-01: persons are merged and separated by acts that name what stands, never between the freeze of the roll and the end of the
 * vote; while two are one, the roll counts one head, and the merged one gets no letter, key or mandate (SPEC 3.8).
 */
import { fromBase64Url } from '../base/bytes.ts';
import { mergeForm, mergeHash } from '../record/merge.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { CredentialLife } from './credential-lives.ts';
import { endLife } from './credential-lives.ts';
import { entriesOf } from './entry-scope.ts';
import type { MergedPersons, Merges } from './merged-persons.ts';
import { mergedFrom, mergeOf, stands } from './merged-persons.ts';
import type { Verification } from './verification.ts';

type Judged = Omit<Verification, 'merges'>;

/** Reads the merges of the community, and checks the acts themselves; none where the bundle has no such file. */
export function readMerges(the: Judged): Merges {
  const { contents, definition, log, notebook } = the;
  const { community } = definition;
  const entries = entriesOf(log, 'persons.merged', { community });
  notebook.made('MERGE-01');
  if (contents.merges === undefined) {
    if (entries.length > 0) notebook.cannot('MERGE-01', contents.whyNot('merges.jsonl'));
    return [];
  }
  checkMoments(the);
  const ends = endsOf(the);
  const byHash = new Map(entries.map((entry) => [entry.entry.mergeHash, entry.index]));
  notebook.same('MERGE-01', 'log persons.merged', `${byHash.size} merges`, `${entries.length} merges`);
  const merges: MergedPersons[] = [];
  for (const { where, value } of contents.merges) {
    const bytes = fromBase64Url(value.merge) ?? new Uint8Array();
    const parsed = mergeForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const from = byHash.get(mergeHash(bytes));
    // LOG-01 says that nothing in the log names it.
    if (from === undefined) continue;
    notebook.same('MERGE-01', `${where} community`, community, parsed.value.community);
    merges.push({ where, given: parsed.value, from, until: ends.get(mergeHash(bytes)) });
  }
  merges.sort((a, b) => a.from - b.from);
  for (const each of merges) checkOne(the, merges, each);
  return merges;
}

/** Two persons, of whom neither was merged then, and the merged one kept nobody. */
function checkOne({ notebook }: Judged, merges: Merges, { where, given, from }: MergedPersons): void {
  const { keeps, merged } = given;
  notebook.holds('MERGE-01', where, keeps.person !== merged.person, 'two persons', keeps.person);
  const isTaken = merges.some(
    (other) =>
      stands(other, from) &&
      ([keeps.person, merged.person].includes(other.given.merged.person) ||
        other.given.keeps.person === merged.person),
  );
  notebook.holds('MERGE-01', where, !isTaken, `two persons, not merged before log ${from}`, 'a chain');
}

/** Where each merge was undone, by its hash; an undoing must name a merge that stood, and once. */
function endsOf({ definition, log, notebook }: Judged): ReadonlyMap<string, number> {
  const { community } = definition;
  const begun = new Map(
    entriesOf(log, 'persons.merged', { community }).map(({ index, entry }) => [entry.mergeHash, index]),
  );
  const ends = new Map<string, number>();
  for (const { index, entry } of entriesOf(log, 'persons.separated', { community })) {
    const from = begun.get(entry.mergeHash);
    const stood = from !== undefined && from < index && !ends.has(entry.mergeHash);
    notebook.holds('MERGE-01', `log ${index}`, stood, 'a merge that stands', entry.mergeHash);
    if (stood) ends.set(entry.mergeHash, index);
  }
  return ends;
}

/** Nobody is merged or separated between the freeze of this meeting's roll and the end of its vote. */
function checkMoments({ definition, log, notebook }: Judged): void {
  const { meeting, community } = definition;
  const [frozen] = entriesOf(log, 'roll.frozen', { meeting });
  if (frozen === undefined) return;
  const [end] = [
    ...entriesOf(log, 'meeting.closed', { meeting }),
    ...entriesOf(log, 'meeting.cancelled', { meeting }),
  ].sort((a, b) => a.index - b.index);
  const moves = [
    ...entriesOf(log, 'persons.merged', { community }),
    ...entriesOf(log, 'persons.separated', { community }),
  ];
  for (const { index } of moves) {
    const isBeside = index < frozen.index || index > (end?.index ?? Number.POSITIVE_INFINITY);
    const wanted = `no merge between log ${frozen.index} and the end of the vote`;
    notebook.holds('MERGE-01', `log ${index}`, isBeside, wanted, 'one');
  }
}

/** The roll names nobody who was another person when it was frozen, nor does a correction of it. */
export function checkMergedOnRoll({ contents, definition, log, notebook, merges }: Verification): void {
  const [frozen] = entriesOf(log, 'roll.frozen', { meeting: definition.meeting });
  if (frozen === undefined || merges.length === 0) return;
  if (contents.openings === undefined) {
    notebook.cannot('MERGE-01', contents.whyNot('holders.jsonl'));
    return;
  }
  const openings = [
    ...contents.openings,
    ...(contents.corrections ?? []).map(({ where, value }) => ({ where, value: value.opening })),
  ];
  for (const { where, value } of openings)
    for (const { person } of value.holders) {
      const merge = mergeOf(merges, person, frozen.index);
      const found = `merged at log ${merge?.from}`;
      notebook.holds('MERGE-01', `${where} ${person}`, merge === undefined, 'the person who is kept', found);
    }
}

/** Nobody is merged who had frozen his vote: a thief's letter would vote on under the other document. */
export function checkMergedFrozen(
  { merges, notebook }: Verification,
  isFrozen: (person: string, index: number) => boolean,
): void {
  for (const { where, given, from } of merges) {
    const frozen = [given.keeps, given.merged].find(({ person }) => isFrozen(person, from));
    notebook.holds('MERGE-01', where, frozen === undefined, `nobody frozen at log ${from}`, 'frozen');
  }
}

/** Ends credentials of merged persons at the merge (CRED-03 judges their casts), and finds those given to one meanwhile. */
export function endMerged(
  { merges, notebook }: Verification,
  credentials: Iterable<{ readonly credential: string; readonly person: string }>,
  lives: Map<string, CredentialLife>,
): void {
  for (const { credential, person } of credentials) {
    const life = lives.get(credential);
    if (life === undefined) continue;
    const merge = mergeOf(merges, person, life.from);
    const found = `merged at log ${merge?.from}`;
    const where = `credential ${credential}`;
    notebook.holds('MERGE-01', where, merge === undefined, 'a person who is not merged', found);
    const end = mergedFrom(merges, person, life.from);
    if (end !== undefined) endLife(lives, credential, end);
  }
}
