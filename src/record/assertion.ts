/** The strict check of a WebAuthn assertion that every auditor can redo offline (SPEC 2.3, 3.3; WebAuthn L3 §7.2). */

import { present } from '../base/assert.ts';
import { concat, fromBase64Url, fromUtf8, sameBytes, toBase64Url, utf8 } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { verify } from '../crypto/ed25519.ts';
import { verifyP256 } from '../crypto/p256.ts';
import { sha256 } from '../crypto/sha256.ts';
import { parseCoseKey } from './cose-key.ts';
import type { Assertion } from './signature.ts';

/** What the assertion must be bound to. */
export type AssertionContext = {
  readonly challenge: Uint8Array;
  readonly rpId: string;
  readonly origins: readonly string[];
  /** COSE bytes of the enrolled key. */
  readonly coseKey: Uint8Array;
  readonly credentialId: Uint8Array;
};

export type AssertionRefusal = Refusal<
  | 'ASSERTION_CREDENTIAL'
  | 'ASSERTION_CLIENT_DATA'
  | 'ASSERTION_TYPE'
  | 'ASSERTION_CHALLENGE'
  | 'ASSERTION_ORIGIN'
  | 'ASSERTION_RP'
  | 'ASSERTION_FLAGS'
  | 'ASSERTION_KEY'
  | 'ASSERTION_SIGNATURE'
>;

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;
const EXTENSIONS = 0x80;

/** Accepts an assertion only where every bound fact and the signature agree. */
export function checkAssertion(
  assertion: Assertion,
  context: AssertionContext,
): Result<undefined, AssertionRefusal> {
  const [credentialId, clientData, authenticatorData, signature] = [
    assertion.credentialId,
    assertion.clientDataJSON,
    assertion.authenticatorData,
    assertion.signature,
  ].map((text) => present(fromBase64Url(text), 'checked base64url')) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  if (!sameBytes(credentialId, context.credentialId)) return refuse('ASSERTION_CREDENTIAL');
  const client = checkClientData(clientData, context);
  if (!client.ok) return client;
  const authenticator = checkAuthenticatorData(authenticatorData, context.rpId);
  if (!authenticator.ok) return authenticator;
  const key = parseCoseKey(context.coseKey);
  if (!key.ok) return refuse('ASSERTION_KEY');
  const message = concat(authenticatorData, sha256(clientData));
  const verified =
    key.value.alg === 'ES256'
      ? verifyP256(key.value.point, message, signature)
      : verify(key.value.publicKey, message, signature);
  return verified ? ok(undefined) : refuse('ASSERTION_SIGNATURE');
}

/** Member order and further members differ by browser, so this one JSON is parsed and never re-serialised. */
function checkClientData(bytes: Uint8Array, context: AssertionContext): Result<undefined, AssertionRefusal> {
  let client: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes) ?? '');
    if (typeof value !== 'object' || value === null) return refuse('ASSERTION_CLIENT_DATA');
    client = value as Record<string, unknown>;
  } catch {
    return refuse('ASSERTION_CLIENT_DATA');
  }
  if (client['type'] !== 'webauthn.get') return refuse('ASSERTION_TYPE');
  if (client['challenge'] !== toBase64Url(context.challenge)) return refuse('ASSERTION_CHALLENGE');
  const { origin, crossOrigin = false } = client;
  const isOurs = context.origins.some((each) => each === origin);
  if (!isOurs || crossOrigin !== false || 'topOrigin' in client) return refuse('ASSERTION_ORIGIN');
  return ok(undefined);
}

function checkAuthenticatorData(bytes: Uint8Array, rpId: string): Result<undefined, AssertionRefusal> {
  if (bytes.length < 37 || !sameBytes(bytes.subarray(0, 32), sha256(utf8(rpId))))
    return refuse('ASSERTION_RP');
  const flags = bytes[32] as number;
  const wanted = USER_PRESENT | USER_VERIFIED;
  const sizeFits = (flags & EXTENSIONS) !== 0 ? bytes.length > 37 : bytes.length === 37;
  const isBackupPossible = (flags & BACKED_UP) === 0 || (flags & BACKUP_ELIGIBLE) !== 0;
  if ((flags & wanted) !== wanted || (flags & ATTESTED) !== 0 || !sizeFits || !isBackupPossible)
    return refuse('ASSERTION_FLAGS');
  return ok(undefined);
}
