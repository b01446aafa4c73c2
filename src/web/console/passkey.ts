/** Passkeys of officers: every challenge is a hash that this page computed itself (SPEC 1.7, 2.3). */
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { fromBase64Url, toBase64Url } from '../../base/bytes.ts';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { loginHash } from '../../record/login.ts';
import type { Assertion } from '../../record/signature.ts';
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { draw } from '../kit/draw.ts';
import { t } from './words.ts';

const TIMEOUT_MS = 120_000;
const ES256 = -7;
const EDDSA = -8;

const failed = () => ({ ok: false, problem: { code: 'PASSKEY', sentence: t('passkeyFailed') } }) as const;

/** Lets the officer's passkey sign 32 bytes. */
export async function signByPasskey(rpId: string, challenge: Uint8Array): Promise<Answer<Assertion>> {
  try {
    const { rawId, response } = await startAuthentication({
      optionsJSON: {
        challenge: toBase64Url(challenge),
        rpId,
        userVerification: 'required',
        timeout: TIMEOUT_MS,
      },
    });
    const { clientDataJSON, authenticatorData, signature } = response;
    const assertion = {
      alg: 'webauthn',
      credentialId: rawId,
      clientDataJSON,
      authenticatorData,
      signature,
    } as const;
    return { ok: true, value: assertion };
  } catch {
    return failed();
  }
}

async function drawLogin(path: string) {
  const drawn = await call<{ readonly serverNonce: string }>('POST', path);
  if (!drawn.ok) return drawn;
  const { serverNonce } = drawn.value;
  const pageNonce = draw(32);
  const hash = loginHash(location.origin, fromBase64Url(serverNonce) ?? new Uint8Array(), pageNonce);
  const login = { origin: location.origin, serverNonce, pageNonce: toBase64Url(pageNonce) };
  return { ok: true, value: { hash, login } } as const;
}

/** A signature over a fresh challenge, as sign-in and proof both send it. */
async function signedLogin(rpId: string) {
  const drawn = await drawLogin('/v1/officers/challenges');
  if (!drawn.ok) return drawn;
  const signature = await signByPasskey(rpId, drawn.value.hash);
  if (!signature.ok) return signature;
  return { ok: true, value: { ...drawn.value.login, publicKey: '', signature: signature.value } } as const;
}

/** Opens an officer's session. */
export async function signIn(rpId: string): Promise<Answer<OfficerAnswer>> {
  const login = await signedLogin(rpId);
  return login.ok ? call<OfficerAnswer>('POST', '/v1/officers/sessions', login.value) : login;
}

/** Uses the key again within the session, for what wants it fresh. */
export async function proveAgain(rpId: string): Promise<Answer<Record<string, never>>> {
  const login = await signedLogin(rpId);
  return login.ok ? call<Record<string, never>>('POST', '/v1/officers/me/proofs', login.value) : login;
}

export type Enrolment = {
  readonly enrolment: string;
  readonly code: string;
  readonly name: string;
  /** Civil date. */
  readonly until: string;
  /** Of an officer who lost his keys; else empty. */
  readonly recoveryCode: string;
};

/** Makes a passkey on this device, over a challenge of an enrolment. */
export async function makePasskey(rpId: string, name: string) {
  const drawn = await drawLogin('/v1/officers/enrolment-challenges');
  if (!drawn.ok) return drawn;
  try {
    const response = await startRegistration({
      optionsJSON: {
        rp: { id: rpId, name: t('name') },
        user: { id: toBase64Url(draw(16)), name, displayName: name },
        challenge: toBase64Url(drawn.value.hash),
        pubKeyCredParams: [
          { type: 'public-key', alg: ES256 },
          { type: 'public-key', alg: EDDSA },
        ],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: TIMEOUT_MS,
      },
    });
    return { ok: true, value: { ...drawn.value.login, response } } as const;
  } catch {
    return failed();
  }
}

/** Makes a passkey on this device and hands in its public key under an invitation. */
export async function enrolPasskey(
  rpId: string,
  { enrolment, code, name, until, recoveryCode }: Enrolment,
): Promise<Answer<{ readonly act: string }>> {
  const made = await makePasskey(rpId, name);
  if (!made.ok) return made;
  const recovery = recoveryCode.trim() === '' ? {} : { recoveryCode };
  const body = { ...made.value, enrolment, code, until, ...recovery };
  return call<{ readonly act: string }>('POST', '/v1/officers/enrolments', body);
}
