// A provider that two officers declare, and the ID token by which it vouches for deng's new key. Its RSA key is made here once; a Forge
// may sign with whatever it likes.
import { generateKeyPairSync, sign } from 'node:crypto';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { parseInstant } from '../../src/base/instant.ts';
import type { Jwk } from '../../src/crypto/jwk.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import type { IdTokenEvidence } from '../../src/record/id-token.ts';
import type { Provider } from '../../src/record/provider.ts';
import { jwkThumbprint } from '../../src/record/thumbprint.ts';
import type { Story } from './story.ts';
import type { Owner } from './story-owners.ts';

export type TokenMembers = Readonly<Record<string, unknown>>;

/** What a token says before it is signed; a lie changes it. */
export type TokenDraft = {
  readonly header: TokenMembers;
  readonly payload: TokenMembers;
  /** Signs the compact form's first two parts. */
  readonly sign: (signed: Uint8Array) => Uint8Array;
};

export type ProviderLies = {
  /** Whether it is declared before the binding, after it, or never. */
  readonly declared?: 'after' | 'never';
  /** What officers declare a second time, before the binding. */
  readonly redeclared?: (provider: Provider) => readonly Provider[];
  readonly token?: (draft: TokenDraft) => TokenDraft;
  readonly vouched?: (evidence: IdTokenEvidence) => readonly IdTokenEvidence[];
};

export type SigningJwk = {
  readonly jwk: Jwk;
  readonly sign: (signed: Uint8Array) => Uint8Array;
  readonly pem: string;
};

/** A new RSA key of 2048 bits, as a provider has it. */
export function rsaKey(): SigningJwk {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return {
    jwk: { kty: 'RSA', n, e },
    sign: (signed) => sign('sha256', signed, privateKey),
    pem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
  };
}

export const PROVIDER_KEY = rsaKey();
export const STRANGE_KEY = rsaKey();

export const PROVIDER: Provider = {
  iss: 'https://id.example',
  name: '政务服务网',
  aud: 'owners-vote',
  alg: 'RS256',
  keys: [jwkThumbprint(PROVIDER_KEY.jwk)],
  claims: { docKind: 'cert_type', number: 'cert_no', name: 'name' },
  docKinds: [{ value: '111', docKind: 'resident-id' }],
};

/** A compact JWS of any header and payload. */
export function compactToken({ header, payload, sign: signIt }: TokenDraft): string {
  const part = (value: unknown): string => toBase64Url(utf8(JSON.stringify(value)));
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${toBase64Url(signIt(utf8(signed)))}`;
}

/** Officers declare the provider, at its moment. */
export function declareProvider(story: Story, moment: 'before' | 'after'): void {
  const lies = story.forge.keys?.provider;
  if (lies === undefined || (lies.declared ?? 'before') !== moment) return;
  const { community } = story.world;
  const declare = (providers: readonly Provider[], at: string): void => {
    const entry: UnsignedEntry = {
      v: 1,
      kind: 'providers.declared',
      community,
      declaration: story.id(),
      providers: [...providers],
    };
    story.step('providers', entry, ['regulator', 'street'], at);
  };
  declare([PROVIDER], moment === 'before' ? '2026-10-13T01:20:00Z' : '2026-10-13T02:30:00Z');
  if (lies.redeclared !== undefined) declare(lies.redeclared(PROVIDER), '2026-10-13T01:30:00Z');
}

/** Five minutes before the binding's checkpoint. */
export const ISSUED = (parseInstant('2026-10-13T01:55:00Z') ?? 0) / 1000;

/** The token that vouches for an owner's binding. */
export function vouchFor(lies: ProviderLies, owner: Owner, hash: Uint8Array): readonly IdTokenEvidence[] {
  const honest: TokenDraft = {
    header: { alg: 'RS256', kid: 'k1', typ: 'JWT' },
    payload: {
      iss: PROVIDER.iss,
      sub: 'u1',
      aud: PROVIDER.aud,
      nonce: toBase64Url(hash),
      iat: ISSUED,
      exp: ISSUED + 3600,
      cert_type: '111',
      cert_no: owner.opening.number.toLowerCase(),
      name: owner.opening.name,
    },
    sign: PROVIDER_KEY.sign,
  };
  const token = compactToken(lies.token?.(honest) ?? honest);
  const evidence: IdTokenEvidence = { token, key: PROVIDER_KEY.jwk, salt: owner.salt };
  return lies.vouched?.(evidence) ?? [evidence];
}
