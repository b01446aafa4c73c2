// Keys that owners bound to themselves by their letters: deng a passkey, emei a device key that she takes back after her vote. Where a
// Forge says so, deng is bound at the counter, and officers take emei's key back. The story has none of it unless a Forge asks.
import { toBase64Url } from '../../src/base/bytes.ts';
import { sign } from '../../src/crypto/ed25519.ts';
import type { Binding, Revocation } from '../../src/record/binding.ts';
import { bindHash, bindingForm, revocationForm, revocationHash } from '../../src/record/binding.ts';
import type { BindingLine, RevocationLine } from '../../src/record/bundle-lines.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { idTokenHash } from '../../src/record/id-token.ts';
import type { Signature } from '../../src/record/signature.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import { softwareAuthenticator } from '../support/authenticator.ts';
import type { OfficerKey } from './forge.ts';
import type { Story } from './story.ts';
import { RP_ID, WEB_ORIGIN } from './story.ts';
import { ed25519Key } from './story-keys.ts';
import { ORIGIN } from './story-log.ts';
import type { Owner, Owners } from './story-owners.ts';
import { declareProvider, vouchFor } from './story-providers.ts';

export type Keys = {
  readonly bindings: BindingLine[];
  readonly revocations: RevocationLine[];
};

const KINDS = [
  ['deng', 'passkey'],
  ['emei', 'device'],
] as const;

const byLetter = (owner: Owner, hash: Uint8Array): Signature => ({
  alg: 'Ed25519',
  signature: toBase64Url(sign(owner.seed, hash)),
});

/** Binds them in the log; from here on these owners vote by their new keys. */
export function bindKeys(story: Story, owners: Owners): { readonly owners: Owners; readonly keys: Keys } {
  const keys: Keys = { bindings: [], revocations: [] };
  const { forge, world, publish } = story;
  if (forge.keys === undefined) return { owners, keys };
  declareProvider(story, 'before');
  const changed = new Map(owners.owners);
  for (const [name, kind] of KINDS) {
    const owner = owners.ownerOf(name);
    const key =
      kind === 'passkey'
        ? softwareAuthenticator(RP_ID, WEB_ORIGIN, world.random)
        : ed25519Key(world.random(32));
    const { line, credential, publicKey } = bind(story, owner, kind, key);
    keys.bindings.push(line);
    changed.set(name, { ...owner, vote: { credential, kind, publicKey, sign: key.sign } });
    publish('2026-10-13T02:00:00Z', 'letters');
  }
  declareProvider(story, 'after');
  const ownerOf = (name: string): Owner => changed.get(name) ?? owners.ownerOf(name);
  return { owners: { ...owners, owners: changed, ownerOf }, keys };
}

function bind(story: Story, owner: Owner, kind: 'passkey' | 'device', key: OfficerKey) {
  const { forge, world, id, nonce } = story;
  const isCounter = forge.keys?.counter === true && kind === 'passkey';
  const provider = kind === 'passkey' ? forge.keys?.provider : undefined;
  const { alg, publicKey, webauthnId } = key.publicKey;
  const honest: Binding = {
    v: 1,
    kind: 'bind',
    vouchedBy: provider !== undefined ? 'provider' : isCounter ? 'counter' : 'letter',
    origin: ORIGIN,
    community: world.community,
    person: owner.person,
    identity: owner.identity,
    credential: id(),
    credentialKind: kind,
    alg,
    publicKey,
    webauthnId,
    rpId: RP_ID,
    nonce: nonce(),
  };
  const binding = forge.keys?.binding?.(honest) ?? honest;
  const bytes = bindingForm.bytes(binding);
  const hash = bindHash(bytes);
  const vouched = provider === undefined ? [] : vouchFor(provider, owner, hash);
  const isWithoutLetter = isCounter || provider !== undefined;
  const signed = isWithoutLetter
    ? { letter: '', evidence: [key.sign(hash)] }
    : { letter: owner.letter, evidence: [byLetter(owner, hash), key.sign(hash)] };
  const { letter, evidence } = forge.keys?.evidence?.(signed, hash) ?? signed;
  const { community } = world;
  const entry = {
    v: 1,
    kind: 'credential.bound',
    community,
    bindHash: toBase64Url(hash),
    signedBy: isCounter ? 'officers' : 'owner',
  } as const;
  if (isCounter) story.step('counter', entry, AT_THE_COUNTER, '2026-10-13T01:30:00Z');
  else {
    const tokens = vouched.map(({ token }) => idTokenHash(token));
    world.log.append(withEvidence(entry, [...tokens, ...evidence.map(evidenceHash)]));
  }
  const line: BindingLine = { letter, provider: [...vouched], binding: toBase64Url(bytes), evidence };
  return { line, credential: binding.credential, publicKey: key.publicKey };
}

/** The roles of the registrar and of the street office are one of the pairs of SPEC 2.4. */
const AT_THE_COUNTER = ['registrar', 'street'] as const;

/** After her vote emei takes her key back by her letter; accepted casts stand. */
export function revokeKeys(story: Story, { ownerOf }: Owners, keys: Keys): void {
  const { forge, world, nonce } = story;
  if (forge.keys === undefined) return;
  const isCounter = forge.keys.counter === true;
  const owner = ownerOf('emei');
  const { community } = world;
  const honest: Revocation = {
    v: 1,
    kind: 'revocation',
    community,
    credential: owner.vote.credential,
    reason: forge.keys.reason ?? (isCounter ? '手机遗失' : ''),
    nonce: nonce(),
  };
  const bytes = revocationForm.bytes(honest);
  const hash = revocationHash(bytes);
  const signed = isCounter
    ? { by: '', evidence: [] }
    : { by: owner.letter, evidence: [byLetter(owner, hash)] };
  const { by, evidence } = forge.keys.revocation?.(signed, hash) ?? signed;
  const entry = {
    v: 1,
    kind: 'credential.revoked',
    community,
    revocationHash: toBase64Url(hash),
    signedBy: isCounter ? 'officers' : 'owner',
  } as const;
  if (isCounter) story.step('taking-back', entry, AT_THE_COUNTER, '2026-11-29T02:00:00Z');
  else world.log.append(withEvidence(entry, evidence.map(evidenceHash)));
  keys.revocations.push({ by, revocation: toBase64Url(bytes), evidence: [...evidence] });
}
