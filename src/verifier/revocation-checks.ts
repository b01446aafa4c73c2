/** REV-01 of owners' keys: each was taken back by itself or by a letter of its person that was in force (SPEC 3.4). */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { revocationForm, revocationHash } from '../record/binding.ts';
import type { VerifyingKey } from '../record/binding-evidence.ts';
import { boundKey, isSignedBy } from '../record/binding-evidence.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Bound } from './binding-checks.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { CredentialLife } from './credential-lives.ts';
import { endLife, isAlive } from './credential-lives.ts';
import { entriesOf } from './entry-scope.ts';
import type { IssuedLetter } from './letter-checks.ts';
import type { Verification } from './verification.ts';

/** Makes the check, and ends the lives of what was taken back. */
export function checkRevocations(
  the: Verification,
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
  for (const { where, value } of contents.revocations) {
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
    notebook.same('REV-01', `${where} evidence`, entry.evidence.join(' '), evidenceHash(value.signature));
    const isKnown = isAlive(the, lives.get(credential), index) && bound.has(credential);
    notebook.holds('REV-01', where, isKnown, 'a bound key in force', credential);
    const isOwn =
      value.by === credential || letters.get(value.by)?.item.person === bound.get(credential)?.binding.person;
    notebook.holds('REV-01', where, isOwn, 'the key itself, or a letter of its person', value.by);
    notebook.holds('REV-01', where, isAlive(the, lives.get(value.by), index), 'a signer in force', value.by);
    const key = keyOf(value.by, letters, bound);
    const isSigned = key !== undefined && isSignedBy(key, revocationHash(bytes), value.signature, definition);
    notebook.holds('REV-01', where, isSigned, 'validly signed', 'not so');
    endLife(lives, credential, index);
  }
}

function keyOf(
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
