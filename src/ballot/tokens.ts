/** Signing the tokens of SPEC 6.1, 6.5, 7.3 and 8.2 as compact JWS; the header is fixed by `typ` and the key. */
import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { CompactSign } from 'jose';
import { toBase64Url } from '../base/bytes.ts';
import type { TokenTyp } from '../record/jws.ts';
import { jwsHeader } from '../record/jws.ts';
import type { RecordForm } from '../record/schema.ts';

/** One Ed25519 key of the server. */
export type SigningKey = { readonly seed: Uint8Array; readonly publicKey: Uint8Array };

/** Reading a key costs more than signing with it. */
const keyObjects = new WeakMap<SigningKey, KeyObject>();

function privateKeyOf(key: SigningKey): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const read = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', d: toBase64Url(key.seed), x: toBase64Url(key.publicKey) },
    format: 'jwk',
  });
  keyObjects.set(key, read);
  return read;
}

/** The compact form of a payload under one key. */
export function signToken<T>(
  payload: T,
  typ: TokenTyp,
  key: SigningKey,
  form: RecordForm<T>,
): Promise<string> {
  return new CompactSign(form.bytes(payload))
    .setProtectedHeader(jwsHeader(typ, key.publicKey))
    .sign(privateKeyOf(key));
}
