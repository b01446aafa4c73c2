/**
 * CRED-01 and CRED-02 of bindings: each was vouched for by a letter of its person that was in force, by two officers at the counter or by a
 * declared provider, and binds a lawful key whose holder showed it (SPEC 3.4).
 */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Binding } from '../record/binding.ts';
import { bindHash, bindingForm } from '../record/binding.ts';
import { isBindable, isShown, isVouched } from '../record/binding-evidence.ts';
import type { BindingLine } from '../record/bundle-lines.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { CredentialLife } from './credential-lives.ts';
import { isAlive } from './credential-lives.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { OwnIdentity } from './identity-owners.ts';
import type { IssuedLetter } from './letter-checks.ts';
import { actedRightly } from './officer-checks.ts';
import type { Officers } from './officers.ts';
import { checkProvider } from './provider-checks.ts';
import type { Verification } from './verification.ts';

/** A binding at the log index of its entry. */
export type Bound = {
  readonly where: string;
  readonly index: number;
  readonly binding: Binding;
  /** The letter that vouched; empty where officers or a provider did. */
  readonly letter: string;
};

/** The bindings of the community by credential; undefined where the log has some and the bundle does not hold them. */
export function readBindings(
  the: Verification,
  officers: Officers | undefined,
  letters: ReadonlyMap<string, IssuedLetter>,
  lives: ReadonlyMap<string, CredentialLife>,
  own: OwnIdentity,
): ReadonlyMap<string, Bound> | undefined {
  const { contents, definition, log, notebook } = the;
  const entries = entriesOf(log, 'credential.bound', { community: definition.community });
  if (contents.bindings === undefined) return entries.length === 0 ? new Map() : undefined;
  const byHash = new Map(entries.map((entry) => [entry.entry.bindHash, entry]));
  notebook.same('CRED-02', 'log credential.bound', `${byHash.size} bindings`, `${entries.length} bindings`);
  const bound = new Map<string, Bound>();
  for (const line of contents.bindings) {
    const { where, value } = line;
    const bytes = fromBase64Url(value.binding) ?? new Uint8Array();
    const parsed = bindingForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const binding = parsed.value;
    const entry = byHash.get(toBase64Url(bindHash(bytes)));
    // LOG-01 says that nothing in the log names it.
    if (entry === undefined) continue;
    const { index } = entry;
    const isNew = !bound.has(binding.credential) && !letters.has(binding.credential);
    notebook.holds('CRED-02', where, isNew, 'each credential once', binding.credential);
    // Else a token or a document of one person would make a key that speaks for another.
    own('CRED-01', where, binding);
    bound.set(binding.credential, { where, index, binding, letter: value.letter });
    const judged = { line, binding, bytes, entry };
    checkPlace(the, judged);
    const isLetterAlive = isAlive(the, lives.get(value.letter), index);
    if (binding.vouchedBy === 'letter') checkLetter(the, judged, letters.get(value.letter), isLetterAlive);
    else if (binding.vouchedBy === 'provider') checkProvider(the, judged, officers);
    else checkCounter(the, judged, officers);
    if (binding.vouchedBy !== 'provider')
      notebook.same('CRED-01', `${where} provider`, '0', String(value.provider.length));
  }
  return bound;
}

type Judged = {
  readonly line: Read<BindingLine>;
  readonly binding: Binding;
  readonly bytes: Uint8Array;
  readonly entry: Placed<'credential.bound'>;
};

function checkPlace(
  { definition, notebook }: Verification,
  { line: { where }, binding, entry }: Judged,
): void {
  notebook.same('CRED-01', `${where} origin`, definition.origin, binding.origin);
  notebook.same('CRED-01', `${where} rpId`, definition.rpId, binding.rpId);
  notebook.same('CRED-01', `${where} community`, definition.community, binding.community);
  notebook.holds('CRED-02', where, isBindable(binding), 'a key that obeys SPEC 1.3', binding.publicKey);
  const isByOfficers = binding.vouchedBy === 'counter' || binding.vouchedBy === 'video';
  const signedBy = isByOfficers ? 'officers' : 'owner';
  notebook.same('CRED-01', `${where} signedBy`, signedBy, entry.entry.signedBy);
}

/** (a) A letter of the person, and the new key. */
function checkLetter(
  { definition, notebook }: Verification,
  { line: { where, value }, binding, bytes, entry }: Judged,
  letter: IssuedLetter | undefined,
  isLetterAlive: boolean,
): void {
  const [byLetter, byKey] = value.evidence;
  if (letter === undefined || byLetter === undefined || byKey === undefined) {
    notebook.finding('CRED-01', where, 'a letter of a batch that vouches', `letter ${value.letter}`);
    return;
  }
  notebook.holds(
    'CRED-01',
    where,
    isLetterAlive,
    `a letter in force at log ${entry.index}`,
    'one that is not',
  );
  notebook.same('CRED-01', `${where} person`, letter.item.person, binding.person);
  notebook.same('CRED-01', `${where} identity`, letter.item.identity, binding.identity);
  const logged = entry.entry.evidence.join(' ');
  notebook.same('CRED-01', `${where} evidence`, logged, [byLetter, byKey].map(evidenceHash).join(' '));
  const letterKey = fromBase64Url(letter.item.publicKey) ?? new Uint8Array();
  const isRight = isVouched(binding, bytes, letterKey, [byLetter, byKey], definition);
  notebook.holds('CRED-01', where, isRight, 'signatures of the letter and of the key', 'one does not verify');
}

/** (b) Two officers over the very entry, and the new key; that they are a right pair is ACT-01 and ACT-03. */
function checkCounter(
  { contents, definition, notebook }: Verification,
  { line: { where, value }, binding, bytes, entry }: Judged,
  officers: Officers | undefined,
): void {
  notebook.same('CRED-01', `${where} letter`, '', value.letter);
  const [byKey] = value.evidence;
  const isRight =
    byKey !== undefined && value.evidence.length === 1 && isShown(binding, bytes, byKey, definition);
  notebook.holds(
    'CRED-01',
    where,
    isRight,
    'a signature of the key alone',
    'one that does not verify, or more',
  );
  if (officers === undefined) notebook.cannot('CRED-01', contents.whyNot('actions.jsonl'));
  else {
    const isActed = actedRightly(officers, entry.index, entry.entry);
    notebook.holds('CRED-01', where, isActed, 'valid actions of two officers who may', 'otherwise');
  }
}
