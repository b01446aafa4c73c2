/** Identity providers whose ID tokens may vouch for an owner, as `providers.declared` names them; all of it is public (SPEC 3.4). */
import { h256 } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, list, oneOf, text } from './schema.ts';
import { hash, label } from './shapes.ts';

/** An issuer: https, or this very computer for a trial; no query, no fragment. */
const issuer = text(
  200,
  /^(?:https:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?)(?:\/[A-Za-z0-9._~/-]*)?$/,
);
const claimName = text(60, /^[A-Za-z0-9_.:/-]+$/);

export const providerShape = closed({
  iss: issuer,
  /** What owners know it by. */
  name: label,
  /** The only audience whose tokens count: this service at that provider. */
  aud: text(200, /^[\x21-\x7e]+$/),
  alg: oneOf('RS256', 'ES256', 'EdDSA'),
  /** RFC 7638 thumbprints of its signing keys; a later key must be declared. */
  keys: list(hash, 8, 1),
  /** Names of the claims that hold a person's document and name. */
  claims: closed({ docKind: claimName, number: claimName, name: claimName }),
  /** Which document each value of the first claim means here; any other value means none. */
  docKinds: list(closed({ value: text(60), docKind: text(40, /^[a-z-]+$/) }), 16, 1),
});

export type Provider = Of<typeof providerShape>;
export const MAX_PROVIDERS = 8;

/** Whether a declaration may hold this. */
export function isProvider(found: unknown): boolean {
  try {
    providerShape(found, 'provider');
    return true;
  } catch {
    return false;
  }
}

/** The nonce of a page's first way, from the 32 bytes that it drew: never the hash of a binding, so that this token vouches for none. */
export const firstWayNonce = (drawn: Uint8Array): Uint8Array => h256('id-token-first', drawn);
