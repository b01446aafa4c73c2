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

/** Opens an officer's session. */
export async function signIn(rpId: string): Promise<Answer<OfficerAnswer>> {
  const drawn = await drawLogin('/v1/officers/challenges');
  if (!drawn.ok) return drawn;
  const signature = await signByPasskey(rpId, drawn.value.hash);
  if (!signature.ok) return signature;
  const body = { ...drawn.value.login, publicKey: '', signature: signature.value };
  return call<OfficerAnswer>('POST', '/v1/officers/sessions', body);
}

export type Enrolment = {
  readonly enrolment: string;
  readonly code: string;
  readonly name: string;
  /** Civil date. */
  readonly until: string;
};

/** Makes a passkey on this device and hands in its public key under an invitation. */
export async function enrolPasskey(
  rpId: string,
  { enrolment, code, name, until }: Enrolment,
): Promise<Answer<{ readonly act: string }>> {
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
    const body = { ...drawn.value.login, enrolment, code, until, response };
    return await call<{ readonly act: string }>('POST', '/v1/officers/enrolments', body);
  } catch {
    return failed();
  }
}
