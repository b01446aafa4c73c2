/** LET-01, LET-02, CRED-01 to CRED-03: by what right a key casts for a person (SPEC 3.2–3.4). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import type { CredentialLine } from '../record/bundle-lines.ts';
import type { LetterItem } from '../record/letter.ts';
import { letterItemForm } from '../record/letter.ts';
import { leafHash, rootOfHashes } from '../record/merkle.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { Roll } from './roll-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** A letter and the log entry of its batch, when the batch is logged. */
type IssuedLetter = { readonly item: LetterItem; readonly batch: Placed<'letters.issued'> | undefined };

/** Makes the checks of letters and credentials; `statements` are the casts that name them. */
export function checkLetters(
  the: Verification,
  roll: Roll | undefined,
  statements: readonly Statement[] | undefined,
): void {
  const { contents, notebook } = the;
  const letters = contents.letters && checkBatches(the);
  if (letters === undefined) notebook.cannot('LET-01', contents.whyNot('letters.jsonl'));
  checkCredentials(the, letters);
  if (letters === undefined || statements === undefined) {
    notebook.cannot('CRED-03', contents.whyNot('letters.jsonl', 'casts.jsonl'));
    notebook.cannot('LET-02', contents.whyNot('letters.jsonl', 'casts.jsonl'));
    return;
  }
  checkInForce(the, letters, statements);
  if (roll?.openings === undefined) notebook.cannot('LET-02', contents.whyNot('holders.jsonl'));
  else checkAgainstRoll(the, letters, roll, statements);
}

/** LET-01: count and root of each batch. */
function checkBatches({
  contents,
  definition,
  log,
  notebook,
}: Verification): ReadonlyMap<string, IssuedLetter> {
  notebook.made('LET-01');
  const lines = contents.letters ?? [];
  const batches = entriesOf(log, 'letters.issued', { community: definition.community });
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
  const { meeting, community } = definition;
  const [opened] = entriesOf(log, 'meeting.opened', { meeting });
  const [closed] = entriesOf(log, 'meeting.closed', { meeting });
  const changes = [...batches, ...entriesOf(log, 'letters.revoked', { community })];
  for (const { index } of changes) {
    const runs =
      opened !== undefined && index > opened.index && index < (closed?.index ?? Number.POSITIVE_INFINITY);
    notebook.holds('LET-01', `log ${index}`, !runs, 'no letter changes while the meeting runs', 'it did');
  }
  const byBatch = new Map(batches.map((batch) => [batch.entry.batch, batch]));
  notebook.same('LET-01', 'log letters.issued', `${batches.length} batches`, `${byBatch.size} batches`);
  const letters = new Map<string, IssuedLetter>();
  for (const { where, value } of lines) {
    const isNew = !letters.has(value.item.letter);
    notebook.holds('LET-01', where, isNew, 'each letter once', value.item.letter);
    letters.set(value.item.letter, { item: value.item, batch: byBatch.get(value.batch) });
  }
  return letters;
}

/** CRED-01: a letter credential is an item of a logged batch. CRED-02: key rules, one key for one credential. */
function checkCredentials(the: Verification, letters: ReadonlyMap<string, IssuedLetter> | undefined): void {
  const { contents, notebook } = the;
  if (contents.credentials === undefined) {
    notebook.cannot('CRED-01', contents.whyNot('credentials.jsonl'));
    notebook.cannot('CRED-02', contents.whyNot('credentials.jsonl'));
    return;
  }
  notebook.made('CRED-01', 'CRED-02');
  if (letters === undefined) notebook.cannot('CRED-01', contents.whyNot('letters.jsonl'));
  const [keys, ids] = [new Map<string, string>(), new Set<string>()];
  for (const { item } of letters?.values() ?? []) {
    const other = keys.get(item.publicKey);
    notebook.holds(
      'CRED-02',
      `letter ${item.letter}`,
      other === undefined,
      'a key of its own',
      `also ${other}`,
    );
    keys.set(item.publicKey, item.letter);
  }
  for (const { where, value } of contents.credentials) {
    notebook.holds('CRED-02', where, !ids.has(value.credential), 'each credential once', value.credential);
    ids.add(value.credential);
    checkKey(the, where, value, keys.get(value.publicKey));
    if (letters !== undefined) checkEvidence(the, where, value, letters.get(value.credential));
  }
}

function checkKey(
  { notebook }: Verification,
  where: string,
  line: CredentialLine,
  owner: string | undefined,
): void {
  const isGood =
    line.alg === 'Ed25519' &&
    line.webauthnId === '' &&
    isEnrollableKey(fromBase64Url(line.publicKey) ?? new Uint8Array());
  notebook.holds(
    'CRED-02',
    where,
    isGood,
    'an Ed25519 key that obeys SPEC 1.3',
    `${line.alg} ${line.publicKey}`,
  );
  const isOwn = owner === undefined || owner === line.credential;
  notebook.holds('CRED-02', where, isOwn, 'a key of its own', `the key of letter ${owner}`);
}

function checkEvidence(
  { notebook }: Verification,
  where: string,
  line: CredentialLine,
  letter: IssuedLetter | undefined,
): void {
  if (line.kind !== 'letter') {
    notebook.finding('CRED-01', where, 'a binding in the log', `a ${line.kind} without one`);
    return;
  }
  if (letter === undefined) {
    notebook.finding('CRED-01', where, 'a letter of a batch', 'no such letter');
    return;
  }
  notebook.holds(
    'CRED-01',
    where,
    letter.batch !== undefined,
    'a batch in the log',
    'a batch that is not there',
  );
  notebook.same('CRED-01', `${where} publicKey`, letter.item.publicKey, line.publicKey);
  notebook.same('CRED-01', `${where} person`, letter.item.person, line.person);
  notebook.same('CRED-01', `${where} identity`, letter.item.identity, line.identity);
}

/** CRED-03: issued before, not revoked, not replaced, not expired, at the cast's log index. */
function checkInForce(
  { definition, log, notebook, brackets }: Verification,
  letters: ReadonlyMap<string, IssuedLetter>,
  statements: readonly Statement[],
): void {
  notebook.made('CRED-03');
  const endedAt = new Map<string, number>();
  const end = (letter: string, index: number): void => {
    endedAt.set(letter, Math.min(index, endedAt.get(letter) ?? index));
  };
  for (const { index, entry } of entriesOf(log, 'letters.revoked', { community: definition.community })) {
    end(entry.letter, index);
  }
  for (const { item, batch } of letters.values()) {
    if (item.replaces !== '' && batch !== undefined) end(item.replaces, batch.index);
  }
  for (const { where, index, cast } of statements) {
    const letter = letters.get(cast.credential);
    if (letter?.batch === undefined) continue;
    const { batch } = letter;
    notebook.holds('CRED-03', where, batch.index < index, `issued before log ${index}`, `log ${batch.index}`);
    const end = endedAt.get(cast.credential);
    const isInForce = end === undefined || end > index;
    notebook.holds('CRED-03', where, isInForce, `in force at log ${index}`, `ended at log ${end}`);
    const [until, earliest] = [batch.entry.until, brackets.notYetAt(index)];
    if (until === '' || earliest === undefined) continue;
    const on = civilDateAt(earliest);
    notebook.holds('CRED-03', where, on <= until, `used until ${until}`, on);
  }
}

/** LET-02: a letter that cast was made for this holder and names the units of his leaf. */
function checkAgainstRoll(
  { notebook }: Verification,
  letters: ReadonlyMap<string, IssuedLetter>,
  { leaves, openings }: Roll,
  statements: readonly Statement[],
): void {
  notebook.made('LET-02');
  for (const { where, cast } of statements) {
    const [letter, leaf] = [letters.get(cast.credential)?.item, leaves.get(cast.entitlement)];
    if (letter === undefined || leaf === undefined) continue;
    const holder = openings?.get(cast.entitlement)?.holders.find(({ person }) => person === letter.person);
    if (holder !== undefined) notebook.same('LET-02', `${where} identity`, holder.identity, letter.identity);
    const named = new Set(letter.units);
    for (const { unit } of leaf.units) {
      notebook.holds('LET-02', where, named.has(unit), `a letter that names unit ${unit}`, letter.letter);
    }
  }
}
