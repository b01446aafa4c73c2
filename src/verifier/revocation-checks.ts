/** REV-01 of owners' keys: each was taken back by itself, by a letter of its person that was in force, or by two officers with a reason (SPEC 3.4). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import type { Revocation } from '../record/binding.ts';
import { revocationForm, revocationHash } from '../record/binding.ts';
import type { VerifyingKey } from '../record/binding-evidence.ts';
import { boundKey, isSignedBy } from '../record/binding-evidence.ts';
import type { RevocationLine } from '../record/bundle-lines.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Bound } from './binding-checks.ts';
import type { Read } from './bundle-contents.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { CredentialLife } from './credential-lives.ts';
import { endLife, isAlive } from './credential-lives.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import type { IssuedLetter } from './letter-checks.ts';
import { actedRightly } from './officer-checks.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

/** Makes the check, and ends the lives of what was taken back. */
export function checkRevocations(
  the: Verification,
  officers: Officers | undefined,
  letters: ReadonlyMap<string, IssuedLetter>,
  bound: ReadonlyMap<string, Bound>,
  lives: Map<string, CredentialLife>,
): void {
  const { contents, definition, log, notebook } = the;
  const entries = entriesOf(log, 'credential.revoked', { community: definition.community });
  if (contents.revocations === undefined) {
    if (entries.length > 0) notebook.cannot('REV-01', contents.whyNot('revocations.jsonl'));
    return;
  }
  const byHash = new Map(entries.map((entry) => [entry.entry.revocationHash, entry]));
  for (const line of contents.revocations) {
    const { where, value } = line;
    const bytes = fromBase64Url(value.revocation) ?? new Uint8Array();
    const parsed = revocationForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const { credential, community } = parsed.value;
    const placed = byHash.get(toBase64Url(revocationHash(bytes)));
    if (placed === undefined) continue;
    const { index, entry } = placed;
    notebook.same('REV-01', `${where} community`, definition.community, community);
    const isKnown = isAlive(the, lives.get(credential), index) && bound.has(credential);
    notebook.holds('REV-01', where, isKnown, 'a bound key in force', credential);
    const judged = { line, bytes, placed, revocation: parsed.value };
    if (entry.signedBy === 'officers') checkByOfficers(the, judged, officers);
    else checkByOwner(the, judged, letters, bound, lives);
    endLife(lives, credential, index);
  }
}

type Judged = {
  readonly line: Read<RevocationLine>;
  readonly bytes: Uint8Array;
  readonly placed: Placed<'credential.revoked'>;
  readonly revocation: Revocation;
};

function checkByOwner(
  the: Verification,
  { line: { where, value }, bytes, placed: { index, entry }, revocation: { credential } }: Judged,
  letters: ReadonlyMap<string, IssuedLetter>,
  bound: ReadonlyMap<string, Bound>,
  lives: ReadonlyMap<string, CredentialLife>,
): void {
  const { definition, notebook } = the;
  const { by, evidence } = value;
  const isOwn = by === credential || letters.get(by)?.item.person === bound.get(credential)?.binding.person;
  notebook.holds('REV-01', where, isOwn, 'the key itself, or a letter of its person', by);
  notebook.holds('REV-01', where, isAlive(the, lives.get(by), index), 'a signer in force', by);
  notebook.same(
    'REV-01',
    `${where} evidence`,
    entry.evidence.join(' '),
    evidence.map(evidenceHash).join(' '),
  );
  const [key, signature] = [keyOf(by, letters, bound), evidence[0]];
  const isSigned =
    key !== undefined &&
    signature !== undefined &&
    isSignedBy(key, revocationHash(bytes), signature, definition);
  notebook.holds('REV-01', where, isSigned, 'validly signed', 'not so');
}

/** Two officers over the very entry, with a reason; that they are a right pair is ACT-01 and ACT-03. */
function checkByOfficers(
  { contents, notebook }: Verification,
  { line: { where, value }, placed: { index, entry }, revocation: { reason } }: Judged,
  officers: Officers | undefined,
): void {
  const isTheirs = value.by === '' && value.evidence.length === 0;
  notebook.holds('REV-01', where, isTheirs, 'no signature beside the officers’', value.by);
  notebook.holds('REV-01', where, reason !== '', 'a reason', 'none');
  if (officers === undefined) notebook.cannot('REV-01', contents.whyNot('actions.jsonl'));
  else {
    const isActed = actedRightly(officers, index, entry);
    notebook.holds('REV-01', where, isActed, 'valid actions of two officers who may', 'otherwise');
  }
}

/** The key of a letter or of a bound credential. */
export function keyOf(
  credential: string,
  letters: ReadonlyMap<string, IssuedLetter>,
  bound: ReadonlyMap<string, Bound>,
): VerifyingKey | undefined {
  const binding = bound.get(credential)?.binding;
  if (binding !== undefined) return boundKey(binding);
  const letter = letters.get(credential);
  if (letter === undefined) return undefined;
  const publicKey = fromBase64Url(letter.item.publicKey) ?? new Uint8Array();
  return { alg: 'Ed25519', publicKey, webauthnId: new Uint8Array() };
}
