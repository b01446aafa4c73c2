/** ROLL-03: corrections of the frozen roll, replayed in log order, change only who holds and who votes (SPEC 4.4). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { CorrectionLine } from '../record/bundle-lines.ts';
import { correctionForm, correctionHash, onlyHoldersDiffer } from '../record/correction.ts';
import type { RollOpening } from '../record/identity.ts';
import { holdersHash, voterHash } from '../record/identity.ts';
import { leafHash } from '../record/merkle.ts';
import { rollLeafForm } from '../record/roll.ts';
import type { Contents, Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { Placed } from './entry-scope.ts';
import { castsOf, entriesOf } from './entry-scope.ts';
import type { Course } from './meeting-checks.ts';
import type { Verification } from './verification.ts';

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array();

/** The lines of corrections.jsonl by the hash that their entry names; undefined in a public bundle. */
function linesByHash({ corrections }: Contents): ReadonlyMap<string, Read<CorrectionLine>> | undefined {
  return (
    corrections && new Map(corrections.map((line) => [correctionHash(bytesOf(line.value.correction)), line]))
  );
}

/**
 * What opens the leaf that is in force for an entry at a log index: the frozen one's opening, or that of the last correction before
 * it. Undefined for an entitlement that is not on the roll, and where the bundle does not say.
 */
export type HoldersAt = (entitlement: string, index: number) => RollOpening | undefined;

/** Reads the holders through the corrections; ROLL-03 judges them. */
export function holdersThrough({ contents, definition, log }: Verification): HoldersAt {
  const { openings } = contents;
  const lines = linesByHash(contents);
  if (openings === undefined) return () => undefined;
  const steps = new Map(
    openings.map(({ value }) => [
      value.entitlement,
      [{ from: -1, opening: value as RollOpening | undefined }],
    ]),
  );
  for (const { index, entry } of entriesOf(log, 'roll.corrected', { meeting: definition.meeting })) {
    const opening = lines?.get(entry.correctionHash)?.value.opening;
    steps.get(entry.entitlement)?.push({ from: index, opening });
  }
  return (entitlement, index) => steps.get(entitlement)?.findLast(({ from }) => from < index)?.opening;
}

/** Makes the check. */
export function checkCorrections(the: Verification, course: Course): void {
  const { contents, definition, log, notebook } = the;
  const entries = entriesOf(log, 'roll.corrected', { meeting: definition.meeting });
  if (contents.roll === undefined) {
    notebook.cannot('ROLL-03', contents.whyNot('roll.jsonl'));
    return;
  }
  notebook.made('ROLL-03');
  const inForce = new Map(
    contents.roll.map(({ bytes, value }, at) => [
      value.entitlement,
      { index: at, hash: toBase64Url(leafHash(bytes)), frozen: value },
    ]),
  );
  const lines = linesByHash(contents);
  if (entries.length > 0 && lines === undefined)
    notebook.cannot('ROLL-03', contents.whyNot('corrections.jsonl'));
  for (const placed of entries) {
    const { index, entry } = placed;
    const where = `log ${index} roll.corrected`;
    checkMoment(the, course, placed);
    const old = inForce.get(entry.entitlement);
    if (!notebook.holds('ROLL-03', where, old !== undefined, 'an entitlement of the roll', entry.entitlement))
      continue;
    if (old === undefined) continue;
    notebook.same('ROLL-03', `${where} index`, String(old.index), String(entry.index));
    notebook.same('ROLL-03', `${where} oldLeaf`, old.hash, entry.oldLeaf);
    inForce.set(entry.entitlement, { ...old, hash: entry.newLeaf });
    const line = lines?.get(entry.correctionHash);
    if (line !== undefined) checkLine(the, placed, old.frozen, line);
  }
}

/** After the freeze, before the close, and before anybody voted for the entitlement: the log alone says so. */
function checkMoment(
  { definition, log, notebook }: Verification,
  course: Course,
  { index, entry }: Placed<'roll.corrected'>,
): void {
  const where = `log ${index} roll.corrected`;
  const isFrozen = course.frozen !== undefined && index > course.frozen;
  notebook.holds('ROLL-03', where, isFrozen, 'after roll.frozen', `frozen at ${course.frozen}`);
  const isInTime = course.closed === undefined || index < course.closed;
  notebook.holds('ROLL-03', where, isInTime, 'before meeting.closed', `closed at ${course.closed}`);
  const inMeeting = { meeting: definition.meeting };
  const statement = [
    ...castsOf(log, definition.meeting),
    ...entriesOf(log, 'paper.accepted', inMeeting),
  ].find((one) => one.entry.entitlement === entry.entitlement && one.index < index);
  notebook.holds(
    'ROLL-03',
    where,
    statement === undefined,
    'an entitlement without a live statement',
    `a statement at log ${statement?.index}`,
  );
}

/** The private bytes: the new leaf is the logged one, differs in nothing else, and opens to its holders. */
function checkLine(
  { contents, definition, notebook }: Verification,
  { entry }: Placed<'roll.corrected'>,
  frozen: Parameters<typeof onlyHoldersDiffer>[0],
  { where, value: line }: Read<CorrectionLine>,
): void {
  const same = (what: string, expected: string, found: string): boolean =>
    notebook.same('ROLL-03', `${where} ${what}`, expected, found);
  const correction = correctionForm.parse(bytesOf(line.correction));
  if (correction.ok) {
    same('community', definition.community, correction.value.community);
    same('meeting', definition.meeting, correction.value.meeting);
    same('entitlement', entry.entitlement, correction.value.entitlement);
  } else noteRefusal(notebook, where, correction.refusal);
  const bytes = bytesOf(line.leaf);
  same('leaf', entry.newLeaf, toBase64Url(leafHash(bytes)));
  const leaf = rollLeafForm.parse(bytes);
  if (!leaf.ok) {
    noteRefusal(notebook, where, leaf.refusal);
    return;
  }
  const isOnly = onlyHoldersDiffer(frozen, leaf.value);
  notebook.holds('ROLL-03', `${where} leaf`, isOnly, 'nothing but holders and voter changed', 'more did');
  const { entitlement, holders, holdersSalt, voter, voterSalt } = line.opening;
  same('opening entitlement', entry.entitlement, entitlement);
  same('holders', leaf.value.holders, holdersHash(holdersSalt, holders));
  same('voter', leaf.value.voter, voterHash(voterSalt, voter));
  same('voter', '', voter);
  const persons = contents.persons && new Set(contents.persons.map(({ value }) => value.person));
  for (const { person } of persons === undefined ? [] : holders)
    notebook.holds('ROLL-03', where, persons?.has(person) === true, 'a person of persons.jsonl', person);
}
