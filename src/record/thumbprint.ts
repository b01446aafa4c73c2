/** Public keys of identity providers and their thumbprints, as officers compare them and tokens are judged by them (RFC 7638, SPEC 3.4). */
import { toBase64Url } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Jwk } from '../crypto/jwk.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Shape } from './schema.ts';
import { closed, oneOf, variants } from './schema.ts';
import { hash, someBytes } from './shapes.ts';

/** The public members of a signing key, which are those of its thumbprint. */
export const jwkShape: Shape<Jwk> = variants('kty', {
  RSA: closed({ kty: oneOf('RSA'), n: someBytes(1024), e: someBytes(8) }),
  EC: closed({ kty: oneOf('EC'), crv: oneOf('P-256'), x: hash, y: hash }),
  OKP: closed({ kty: oneOf('OKP'), crv: oneOf('Ed25519'), x: hash }),
});

/** The key of these members; undefined where they are not exactly those of one. */
export function readJwk(found: unknown): Jwk | undefined {
  try {
    return jwkShape(found, 'jwk');
  } catch {
    return undefined;
  }
}

/** RFC 7638: SHA-256 of the required members in one spelling, base64url. */
export const jwkThumbprint = (jwk: Jwk): string => toBase64Url(sha256(canonicalBytes({ ...jwk })));
