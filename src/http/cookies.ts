/** Session cookies: `__Host-` names, HttpOnly, SameSite=Strict; the random value is kept on the server only as SHA-256. */
import type { Request, Response } from 'express';
import { fromBase64Url } from '../base/bytes.ts';
import { sha256 } from '../crypto/sha256.ts';

export type SessionKind = 'officer' | 'owner';

const NAMES = { officer: '__Host-ov-officer', owner: '__Host-ov-owner' } as const;

/** SHA-256 of the session cookie's value, or undefined where there is none. */
export function sessionHash(request: Request, kind: SessionKind): Uint8Array | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name !== NAMES[kind] || value === undefined) continue;
    const token = fromBase64Url(value);
    if (token?.length === 32) return sha256(token);
  }
  return undefined;
}

/** Sets the session cookie of a token; an empty token removes it. */
export function setSession(response: Response, kind: SessionKind, token: string, maxAgeS: number): void {
  // The route's time was over and the client was told so: whoever never gets the token cannot use it.
  if (response.headersSent) return;
  response.append(
    'Set-Cookie',
    `${NAMES[kind]}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${token === '' ? 0 : maxAgeS}`,
  );
}
