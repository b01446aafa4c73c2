// The keys of the story: an officer's key file, the server's compact tokens and the id of a root key.
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { canonicalBytes } from '../../src/base/canonical.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { jwsHeader } from '../../src/record/jws.ts';
import type { OfficerKey } from './forge.ts';

/** An officer's key file, by its seed. */
export const ed25519Key = (seed: Uint8Array): OfficerKey => ({
  publicKey: { v: 1, alg: 'Ed25519', publicKey: toBase64Url(publicKeyOf(seed)), webauthnId: '' },
  sign: (hash) => ({ alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) }),
});

/** Signs a compact token as the server does. */
export function token(typ: Parameters<typeof jwsHeader>[0], seed: Uint8Array, payload: Uint8Array): string {
  const signed = `${toBase64Url(canonicalBytes(jwsHeader(typ, publicKeyOf(seed))))}.${toBase64Url(payload)}`;
  return `${signed}.${toBase64Url(sign(seed, utf8(signed)))}`;
}

/** A root key's officer id (SPEC 2.3), written out here so that the builder does not ask the verifier. */
export function rootOfficerId(publicKey: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = '';
  for (const byte of sha256(publicKey).slice(0, 16)) bits += byte.toString(2).padStart(8, '0');
  return (bits.padEnd(130, '0').match(/.{5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five, 2)])
    .join('');
}
