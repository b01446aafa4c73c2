/** CRED-01 to CRED-03: by what right, and for how long, a key casts for a person (SPEC 3.3, 3.4). */
import { fromBase64Url } from '../base/bytes.ts';
import { isEnrollableKey } from '../crypto/ed25519-key.ts';
import type { CredentialLine } from '../record/bundle-lines.ts';
import type { Bound } from './binding-checks.ts';
import { readBindings } from './binding-checks.ts';
import type { CredentialLife } from './credential-lives.ts';
import { livesOfLetters } from './credential-lives.ts';
import { checkFreezes } from './freeze-checks.ts';
import { identityOwners } from './identity-owners.ts';
import type { IssuedLetter } from './letter-checks.ts';
import { checkMergedFrozen, endMerged } from './merge-checks.ts';
import type { Officers } from './officers.ts';
import { checkRevocations } from './revocation-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** Whose a credential is; `units` are those of the letter that it is or that vouched for it, undefined where none did. */
export type KeyHolder = {
  readonly person: string;
  readonly identity: string;
  readonly units: readonly string[] | undefined;
};

/** The keys of owners that the bundle gives reason to believe in, and how long each was in force. */
export type KnownKeys = {
  readonly letters: ReadonlyMap<string, IssuedLetter>;
  readonly bound: ReadonlyMap<string, Bound>;
  readonly lives: ReadonlyMap<string, CredentialLife>;
  readonly holderOf: (credential: string) => KeyHolder | undefined;
  /** Whether a person had frozen his electronic vote at a log index (SPEC 3.5). */
  readonly isFrozen: (person: string, index: number) => boolean;
};

/** Makes the checks of credentials; `statements` are the casts that name them. */
export function checkCredentials(
  the: Verification,
  officers: Officers | undefined,
  letters: ReadonlyMap<string, IssuedLetter> | undefined,
  statements: readonly Statement[] | undefined,
): KnownKeys | undefined {
  const { contents, notebook } = the;
  const lives = livesOfLetters(the, letters ?? new Map());
  // Before the bindings, so that an ended letter vouches for nothing.
  endMerged(
    the,
    [...(letters?.values() ?? [])].map(({ item: { letter, person } }) => ({ credential: letter, person })),
    lives,
  );
  const own = identityOwners(the, letters);
  const bound = letters === undefined ? undefined : readBindings(the, officers, letters, lives, own);
  checkLines(the, letters, bound);
  if (letters === undefined || bound === undefined || statements === undefined) {
    const why = contents.whyNot('letters.jsonl', 'bindings.jsonl', 'casts.jsonl');
    notebook.cannot('CRED-03', why);
    if (letters === undefined || bound === undefined) return undefined;
  }
  for (const [credential, { index }] of bound) lives.set(credential, { from: index, until: '' });
  endMerged(
    the,
    [...bound.values()].map(({ binding }) => binding),
    lives,
  );
  checkRevocations(the, officers, letters, bound, lives);
  const isFrozen = checkFreezes(the, { letters, bound, lives }, statements);
  checkMergedFrozen(the, isFrozen);
  if (statements !== undefined) checkInForce(the, lives, statements);
  return { letters, bound, lives, isFrozen, holderOf: (credential) => holderOf(credential, letters, bound) };
}

function holderOf(
  credential: string,
  letters: ReadonlyMap<string, IssuedLetter>,
  bound: ReadonlyMap<string, Bound>,
): KeyHolder | undefined {
  const one = bound.get(credential);
  const letter = letters.get(one?.letter ?? credential)?.item;
  const holder = one?.binding ?? letter;
  return holder && { person: holder.person, identity: holder.identity, units: letter?.units };
}

/** CRED-01: a credential is a letter of a logged batch, or bound by one, or by two officers. CRED-02: key rules, one key for one credential. */
function checkLines(
  the: Verification,
  letters: ReadonlyMap<string, IssuedLetter> | undefined,
  bound: ReadonlyMap<string, Bound> | undefined,
): void {
  const { contents, notebook } = the;
  if (contents.credentials === undefined) {
    notebook.cannot('CRED-01', contents.whyNot('credentials.jsonl'));
    notebook.cannot('CRED-02', contents.whyNot('credentials.jsonl'));
    return;
  }
  notebook.made('CRED-01', 'CRED-02');
  if (letters === undefined || bound === undefined)
    notebook.cannot('CRED-01', contents.whyNot('letters.jsonl', 'bindings.jsonl'));
  const owners = keyOwners(the, letters, bound);
  const ids = new Set<string>();
  for (const { where, value } of contents.credentials) {
    notebook.holds('CRED-02', where, !ids.has(value.credential), 'each credential once', value.credential);
    ids.add(value.credential);
    checkKey(the, where, value, owners.get(value.publicKey));
    if (letters === undefined || bound === undefined) continue;
    if (value.kind === 'letter') checkLetterLine(the, where, value, letters.get(value.credential));
    else checkBoundLine(the, where, value, bound.get(value.credential));
  }
}

/** CRED-02: whose each key is, by its bytes. */
function keyOwners(
  { notebook }: Verification,
  letters: ReadonlyMap<string, IssuedLetter> | undefined,
  bound: ReadonlyMap<string, Bound> | undefined,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const own = (where: string, publicKey: string, credential: string): void => {
    const other = owners.get(publicKey);
    notebook.holds('CRED-02', where, other === undefined, 'a key of its own', `also ${other}`);
    owners.set(publicKey, credential);
  };
  for (const { item } of letters?.values() ?? []) own(`letter ${item.letter}`, item.publicKey, item.letter);
  for (const { where, binding } of bound?.values() ?? []) own(where, binding.publicKey, binding.credential);
  return owners;
}

function checkKey(
  { notebook }: Verification,
  where: string,
  line: CredentialLine,
  owner: string | undefined,
): void {
  if (line.kind === 'letter') {
    const isGood =
      line.alg === 'Ed25519' &&
      line.webauthnId === '' &&
      isEnrollableKey(fromBase64Url(line.publicKey) ?? new Uint8Array());
    const found = `${line.alg} ${line.publicKey}`;
    notebook.holds('CRED-02', where, isGood, 'an Ed25519 key that obeys SPEC 1.3', found);
  }
  const isOwn = owner === undefined || owner === line.credential;
  notebook.holds('CRED-02', where, isOwn, 'a key of its own', `the key of ${owner}`);
}

function checkLetterLine(
  { notebook }: Verification,
  where: string,
  line: CredentialLine,
  letter: IssuedLetter | undefined,
): void {
  if (letter === undefined) {
    notebook.finding('CRED-01', where, 'a letter of a batch', 'no such letter');
    return;
  }
  const isLogged = letter.batch !== undefined;
  notebook.holds('CRED-01', where, isLogged, 'a batch in the log', 'a batch that is not there');
  for (const member of ['publicKey', 'person', 'identity'] as const)
    notebook.same('CRED-01', `${where} ${member}`, letter.item[member], line[member]);
}

function checkBoundLine(
  { notebook }: Verification,
  where: string,
  line: CredentialLine,
  bound: Bound | undefined,
): void {
  if (bound === undefined) {
    notebook.finding('CRED-01', where, 'a binding in the log', `a ${line.kind} without one`);
    return;
  }
  const { binding } = bound;
  notebook.same('CRED-01', `${where} kind`, binding.credentialKind, line.kind);
  for (const member of ['publicKey', 'person', 'identity', 'alg', 'webauthnId'] as const)
    notebook.same('CRED-01', `${where} ${member}`, binding[member], line[member]);
}

/** CRED-03: made before, not ended, not expired, at the cast's log index. */
function checkInForce(
  { notebook }: Verification,
  lives: ReadonlyMap<string, CredentialLife>,
  statements: readonly Statement[],
): void {
  notebook.made('CRED-03');
  for (const { where, index, cast, days } of statements) {
    const life = lives.get(cast.credential);
    if (life === undefined) continue;
    const { from, endedAt, until } = life;
    notebook.holds('CRED-03', where, from < index, `in force before log ${index}`, `log ${from}`);
    const isInForce = endedAt === undefined || endedAt > index;
    notebook.holds('CRED-03', where, isInForce, `in force at log ${index}`, `ended at log ${endedAt}`);
    const { first } = days;
    if (until === '' || first === undefined) continue;
    notebook.holds('CRED-03', where, first <= until, `used until ${until}`, first);
  }
}
