/**
 * REV-01, CRED-01 and CRED-03 of freezes: each was signed by a credential of its person in force, each end names one that stood, and
 * between the two its person neither cast electronically nor got a new key (SPEC 3.5).
 */
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { isSignedBy } from '../record/binding-evidence.ts';
import { freezeForm, freezeHash } from '../record/freeze.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Bound } from './binding-checks.ts';
import { noteRefusal } from './bundle-contents.ts';
import type { CredentialLife } from './credential-lives.ts';
import { isAlive } from './credential-lives.ts';
import { entriesOf } from './entry-scope.ts';
import type { IssuedLetter } from './letter-checks.ts';
import { keyOf } from './revocation-checks.ts';
import type { Statement } from './statements.ts';
import type { Verification } from './verification.ts';

/** Whose keys are known: letters and bindings, with their lives after all revocations. */
export type KnownKeys = {
  readonly letters: ReadonlyMap<string, IssuedLetter>;
  readonly bound: ReadonlyMap<string, Bound>;
  readonly lives: ReadonlyMap<string, CredentialLife>;
};

/** A freeze from its entry to that of its end, as log indexes. */
type Frozen = { readonly person: string; readonly from: number; readonly until: number | undefined };

const personOf = ({ letters, bound }: KnownKeys, credential: string): string | undefined =>
  bound.get(credential)?.binding.person ?? letters.get(credential)?.item.person;

/** Makes the checks, and tells whether a person was frozen at a log index; `statements` are the casts. */
export function checkFreezes(
  the: Verification,
  keys: KnownKeys,
  statements: readonly Statement[] | undefined,
): (person: string, index: number) => boolean {
  const { notebook } = the;
  const ends = endsOf(the);
  const freezes = readFreezes(the, keys, ends);
  const standing = (person: string | undefined, index: number): Frozen | undefined =>
    freezes.find(
      (each) =>
        each.person === person && each.from < index && (each.until === undefined || index < each.until),
    );
  for (const { where, index, binding } of keys.bound.values()) {
    const frozen = standing(binding.person, index);
    const found = `frozen since log ${frozen?.from}`;
    notebook.holds('CRED-01', where, frozen === undefined, `a person not frozen at log ${index}`, found);
  }
  for (const { where, index, cast } of statements ?? []) {
    const frozen = standing(personOf(keys, cast.credential), index);
    const found = `frozen since log ${frozen?.from}`;
    notebook.holds('CRED-03', where, frozen === undefined, `a voter not frozen at log ${index}`, found);
  }
  return (person, index) => standing(person, index) !== undefined;
}

/** Where each freeze ended, by its hash; an end must name a freeze that stood, and once. */
function endsOf({ definition, log, notebook }: Verification): ReadonlyMap<string, number> {
  const { community } = definition;
  const begun = new Map(
    entriesOf(log, 'voting.frozen', { community }).map(({ index, entry }) => [entry.freezeHash, index]),
  );
  const ends = new Map<string, number>();
  for (const { index, entry } of entriesOf(log, 'voting.unfrozen', { community })) {
    const from = begun.get(entry.freezeHash);
    const stood = from !== undefined && from < index && !ends.has(entry.freezeHash);
    notebook.holds('REV-01', `log ${index}`, stood, 'a freeze that stands', entry.freezeHash);
    if (stood) ends.set(entry.freezeHash, index);
  }
  return ends;
}

function readFreezes(
  the: Verification,
  keys: KnownKeys,
  ends: ReadonlyMap<string, number>,
): readonly Frozen[] {
  const { contents, definition, log, notebook } = the;
  const entries = entriesOf(log, 'voting.frozen', { community: definition.community });
  if (contents.freezes === undefined) {
    if (entries.length > 0) {
      const why = contents.whyNot('freezes.jsonl');
      for (const id of ['REV-01', 'CRED-01', 'CRED-03'] as const) notebook.cannot(id, why);
    }
    return [];
  }
  const byHash = new Map(entries.map((entry) => [entry.entry.freezeHash, entry]));
  const freezes: Frozen[] = [];
  for (const { where, value } of contents.freezes) {
    const bytes = fromBase64Url(value.freeze) ?? new Uint8Array();
    const parsed = freezeForm.parse(bytes);
    if (!parsed.ok) {
      noteRefusal(notebook, where, parsed.refusal);
      continue;
    }
    const { community, person } = parsed.value;
    const hash = toBase64Url(freezeHash(bytes));
    const placed = byHash.get(hash);
    // LOG-01 says that nothing in the log names it.
    if (placed === undefined) continue;
    const { index, entry } = placed;
    notebook.same('REV-01', `${where} community`, definition.community, community);
    notebook.same('REV-01', `${where} evidence`, entry.evidence.join(' '), evidenceHash(value.signature));
    notebook.same('REV-01', `${where} person`, person, personOf(keys, value.by) ?? `nobody by ${value.by}`);
    const isInForce = isAlive(the, keys.lives.get(value.by), index);
    notebook.holds('REV-01', where, isInForce, 'a signer in force', value.by);
    const key = keyOf(value.by, keys.letters, keys.bound);
    const isSigned = key !== undefined && isSignedBy(key, freezeHash(bytes), value.signature, definition);
    notebook.holds('REV-01', where, isSigned, 'validly signed', 'not so');
    freezes.push({ person, from: index, until: ends.get(hash) });
  }
  return freezes;
}
