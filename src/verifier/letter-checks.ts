/** LET-01 and LET-02: letters are those of the signed batches, one for each person, for the holders and units of the roll (SPEC 3.2). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { bindingForm } from '../record/binding.ts';
import type { BindingLine } from '../record/bundle-lines.ts';
import type { LetterItem } from '../record/letter.ts';
import { letterItemForm } from '../record/letter.ts';
import { leafHash, rootOfHashes } from '../record/merkle.ts';
import { reissueForm, reissueHash } from '../record/reissue.ts';
import type { Lines } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { BundledLog } from './bundled-log.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import { mergedFrom } from './merged-persons.ts';
import type { Roll } from './roll-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** A letter and the log entry of its batch, when the batch is logged. */
export type IssuedLetter = {
  readonly item: LetterItem;
  readonly batch: LetterBatch | undefined;
};

/** A batch that a registrar issued, or that two officers reissued. */
export type LetterBatch = Placed<'letters.issued'> | Placed<'letters.reissued'>;

/** The batches of a community, in log order. */
export const letterBatches = (log: BundledLog, community: string): readonly LetterBatch[] =>
  [
    ...entriesOf(log, 'letters.issued', { community }),
    ...entriesOf(log, 'letters.reissued', { community }),
  ].sort((a, b) => a.index - b.index);

/** Makes both checks and returns the letters by id; `statements` are the casts that name them. */
export function checkLetters(
  the: Verification,
  roll: Roll | undefined,
  statements: readonly Statement[] | undefined,
): ReadonlyMap<string, IssuedLetter> | undefined {
  const { contents, notebook } = the;
  const letters = contents.letters && checkBatches(the);
  if (letters === undefined) notebook.cannot('LET-01', contents.whyNot('letters.jsonl'));
  if (letters === undefined || statements === undefined)
    notebook.cannot('LET-02', contents.whyNot('letters.jsonl', 'casts.jsonl'));
  else if (roll?.openings === undefined) notebook.cannot('LET-02', contents.whyNot('holders.jsonl'));
  else checkAgainstRoll(the, letters, roll, statements);
  return letters;
}

/** LET-01: count and root of each batch. */
function checkBatches(the: Verification): ReadonlyMap<string, IssuedLetter> {
  const { contents, definition, log, notebook } = the;
  notebook.made('LET-01');
  const lines = contents.letters ?? [];
  const batches = letterBatches(log, definition.community);
  const leavesOf = new Map<string, Uint8Array[]>();
  for (const { value } of lines) {
    const leaves = leavesOf.get(value.batch) ?? [];
    leaves.push(leafHash(letterItemForm.bytes(value.item)));
    leavesOf.set(value.batch, leaves);
  }
  for (const { index, entry } of batches) {
    const leaves = leavesOf.get(entry.batch) ?? [];
    notebook.same('LET-01', `log ${index} count`, String(entry.count), String(leaves.length));
    notebook.same('LET-01', `log ${index} root`, entry.root, toBase64Url(rootOfHashes(leaves)));
  }
  checkTimes(the);
  checkReasons(the);
  const byBatch = new Map(batches.map((batch) => [batch.entry.batch, batch]));
  notebook.same('LET-01', 'log letters.issued', `${batches.length} batches`, `${byBatch.size} batches`);
  const letters = new Map<string, IssuedLetter>();
  for (const { where, value } of lines) {
    const isNew = !letters.has(value.item.letter);
    const batch = byBatch.get(value.batch);
    // Somebody who owns nothing stands in no register that two officers signed, so two sign his letter.
    const isByTwo = value.item.units.length > 0 || batch?.entry.kind === 'letters.reissued';
    notebook.holds('LET-01', where, isByTwo, 'a letter that names units, or two officers', 'one registrar');
    notebook.holds('LET-01', where, isNew, 'each letter once', value.item.letter);
    letters.set(value.item.letter, { item: value.item, batch });
  }
  checkReplaced(the, letters);
  return letters;
}

/** LET-01: while the meeting runs a registrar alone gives no letter and takes none; two officers may reissue one. */
function checkTimes({ definition, log, notebook }: Verification): void {
  const { meeting, community } = definition;
  const [opened] = entriesOf(log, 'meeting.opened', { meeting });
  const [closed] = entriesOf(log, 'meeting.closed', { meeting });
  const changes = [
    ...entriesOf(log, 'letters.issued', { community }),
    ...entriesOf(log, 'letters.revoked', { community }),
  ];
  for (const { index } of changes) {
    const runs =
      opened !== undefined && index > opened.index && index < (closed?.index ?? Number.POSITIVE_INFINITY);
    notebook.holds('LET-01', `log ${index}`, !runs, 'two officers while the meeting runs', 'one registrar');
  }
}

/** LET-01: the reason of a reissue is the one that two officers signed, for this very batch. */
function checkReasons({ contents, definition, log, notebook }: Verification): void {
  const { community } = definition;
  const byHash = new Map(
    entriesOf(log, 'letters.reissued', { community }).map(({ entry }) => [entry.reissueHash, entry]),
  );
  for (const { where, value } of contents.reissues ?? []) {
    const bytes = fromBase64Url(value.reissue) ?? new Uint8Array();
    const parsed = reissueForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const entry = byHash.get(reissueHash(bytes));
    // LOG-01 says that nothing in the log names it.
    if (entry === undefined) continue;
    notebook.same('LET-01', `${where} community`, entry.community, parsed.value.community);
    notebook.same('LET-01', `${where} batch`, entry.batch, parsed.value.batch);
  }
}

/** LET-01: a person has one letter, so a new one names the one that he had, and ends no other person's. */
function checkReplaced(
  { definition, log, notebook, merges }: Verification,
  letters: ReadonlyMap<string, IssuedLetter>,
): void {
  const revokedAt = new Map(
    entriesOf(log, 'letters.revoked', { community: definition.community }).map(({ index, entry }) => [
      entry.letter,
      index,
    ]),
  );
  const inOrder = [...letters.values()].flatMap(({ item, batch }) =>
    batch === undefined ? [] : [{ item, index: batch.index }],
  );
  inOrder.sort((a, b) => a.index - b.index);
  const had = new Map<string, { readonly letter: string; readonly from: number }>();
  for (const { item, index } of inOrder) {
    const { letter: former, from } = had.get(item.person) ?? { letter: '', from: index };
    const endedAt = Math.min(revokedAt.get(former) ?? index, mergedFrom(merges, item.person, from) ?? index);
    const isHeld = former !== '' && endedAt >= index;
    notebook.same('LET-01', `letter ${item.letter} replaces`, isHeld ? former : '', item.replaces);
    had.set(item.person, { letter: item.letter, from: index });
  }
}

/** The letter behind each bound key; CRED-01 judges whether it truly vouched. */
function lettersBehind(bindings: Lines<BindingLine>): ReadonlyMap<string, string> {
  const behind = new Map<string, string>();
  for (const { value } of bindings) {
    const parsed = bindingForm.parse(fromBase64Url(value.binding) ?? new Uint8Array());
    if (parsed.ok) behind.set(parsed.value.credential, value.letter);
  }
  return behind;
}

/** LET-02: a letter that cast, or that vouched for the key that did, was made for this holder and names the units of his leaf. */
function checkAgainstRoll(
  { contents, notebook }: Verification,
  letters: ReadonlyMap<string, IssuedLetter>,
  { leaves, holdersAt }: Roll,
  statements: readonly Statement[],
): void {
  notebook.made('LET-02');
  const behind = lettersBehind(contents.bindings ?? []);
  for (const { where, index, cast } of statements) {
    // An agent's letter is for units of his own; whose he votes for, his mandate names (CAST-02).
    if (cast.mandate !== '') continue;
    const id = behind.get(cast.credential) ?? cast.credential;
    const [letter, leaf] = [letters.get(id)?.item, leaves.get(cast.entitlement)];
    if (letter === undefined || leaf === undefined) continue;
    const { holders = [] } = holdersAt(cast.entitlement, index) ?? {};
    const holder = holders.find(({ person }) => person === letter.person);
    if (holder !== undefined) notebook.same('LET-02', `${where} identity`, holder.identity, letter.identity);
    const named = new Set(letter.units);
    for (const { unit } of leaf.units) {
      notebook.holds('LET-02', where, named.has(unit), `a letter that names unit ${unit}`, letter.letter);
    }
  }
}
