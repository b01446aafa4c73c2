/** CRED-01 (c): a provider that was declared before the binding vouched for its person, by a fresh token made for this very key (SPEC 3.4). */
import type { Binding } from '../record/binding.ts';
import { bindHash } from '../record/binding.ts';
import { isShown } from '../record/binding-evidence.ts';
import type { BindingLine } from '../record/bundle-lines.ts';
import type { IdToken, IdTokenRefusalCode } from '../record/id-token.ts';
import { idTokenHash, isForBinding, opensIdentity, readIdToken, wasFresh } from '../record/id-token.ts';
import type { Provider } from '../record/provider.ts';
import { evidenceHash } from '../record/signature.ts';
import type { Read } from './bundle-contents.ts';
import type { Placed } from './entry-scope.ts';
import { entriesOf } from './entry-scope.ts';
import { actedRightly } from './officer-checks.ts';
import type { Officers } from './officers.ts';
import { decidedFrom } from './time-brackets.ts';
import type { Verification } from './verification.ts';

type Judged = {
  readonly line: Read<BindingLine>;
  readonly binding: Binding;
  readonly bytes: Uint8Array;
  readonly entry: Placed<'credential.bound'>;
};

/** What the log should have said, for each way in which a token is not one of a declared provider. */
const WANTED: Readonly<Partial<Record<IdTokenRefusalCode, string>>> = {
  PROVIDER_TOKEN: 'a compact JWS',
  PROVIDER_UNKNOWN: 'a provider declared in the log before this binding',
  PROVIDER_ALG: 'the algorithm that was declared',
  PROVIDER_KEY: 'a key whose thumbprint was declared',
  PROVIDER_SIGNATURE: 'a signature of the provider',
  PROVIDER_AUDIENCE: 'the audience that was declared',
  PROVIDER_NONCE: 'a nonce',
  PROVIDER_STALE: 'a time of issue',
};

/** Makes the check of one binding that says that a provider vouched. */
export function checkProvider(the: Verification, judged: Judged, officers: Officers | undefined): void {
  const { notebook } = the;
  const {
    line: { where, value },
    binding,
    bytes,
    entry,
  } = judged;
  notebook.same('CRED-01', `${where} letter`, '', value.letter);
  const [[byKey], [vouched]] = [value.evidence, value.provider];
  if (byKey === undefined || value.evidence.length !== 1 || vouched === undefined) {
    notebook.finding('CRED-01', where, 'a token and a signature of the key', 'otherwise');
    return;
  }
  const isRight = isShown(binding, bytes, byKey, the.definition);
  notebook.holds('CRED-01', where, isRight, 'a signature of the key', 'one that does not verify');
  const logged = entry.entry.evidence.join(' ');
  const held = [idTokenHash(vouched.token), evidenceHash(byKey)].join(' ');
  notebook.same('CRED-01', `${where} evidence`, logged, held);
  const read = readIdToken(vouched, declaredProviders(the, officers, entry.index));
  if (!read.ok) {
    notebook.finding('CRED-01', where, WANTED[read.refusal.code] ?? 'a token', read.refusal.code);
    return;
  }
  checkToken(the, judged, read.value, vouched.salt);
}

function checkToken(
  { notebook, brackets }: Verification,
  { line: { where }, binding, bytes, entry }: Judged,
  token: IdToken,
  salt: string,
): void {
  const isMeant = isForBinding(token, bindHash(bytes));
  notebook.holds('CRED-01', where, isMeant, 'a token for this binding', `nonce ${token.nonce}`);
  const isHis = opensIdentity(token, salt, binding.identity);
  notebook.holds('CRED-01', where, isHis, 'a document that opens the identity', 'one that does not');
  const [earliest, latest] = [decidedFrom(brackets, entry.index), brackets.coveredAt(entry.index)];
  if (latest === undefined || earliest === undefined)
    notebook.remark('CRED-01', {
      zh: '没有见证人给出登记的时间,身份提供方的令牌是否及时只能部分核对',
      en: 'no witnesses bracket the time of a binding, so that its ID token was fresh is checked in part only',
    });
  const isFresh = wasFresh(token, earliest, latest);
  notebook.holds(
    'CRED-01',
    where,
    isFresh,
    'a token made within ten minutes before',
    'an older or later one',
  );
}

/** The providers in force at an index: those of the last declaration before it that two officers who may signed; none without one. */
function declaredProviders(
  { contents, definition, log, notebook }: Verification,
  officers: Officers | undefined,
  index: number,
): readonly Provider[] {
  const declared = entriesOf(log, 'providers.declared', { community: definition.community });
  const last = declared.filter((each) => each.index < index).at(-1);
  if (last === undefined) return [];
  if (officers === undefined) {
    notebook.cannot('CRED-01', contents.whyNot('actions.jsonl'));
    return last.entry.providers;
  }
  return actedRightly(officers, last.index, last.entry) ? last.entry.providers : [];
}
