/** What an officer typed about an identity provider, read; thumbprints are computed here, not taken from the service (SPEC 3.4). */

import type { Provider } from '../../record/provider.ts';
import { isProvider } from '../../record/provider.ts';
import { jwkThumbprint, readJwk } from '../../record/thumbprint.ts';

export type Wish = Omit<Provider, 'aud'>;

type Members = Readonly<Record<string, unknown>>;

/** The public members that the thumbprint is of; a key for encryption counts for nothing. */
function thumbprintOf(found: unknown): readonly string[] {
  const { kty, crv, x, y, n, e, use } = (found ?? {}) as Members;
  if (use === 'enc') return [];
  const members = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x };
  const jwk = readJwk(members);
  return jwk === undefined ? [] : [jwkThumbprint(jwk)];
}

/** The thumbprints of a pasted JWK set or single JWK, each once; none where it is neither. */
export function thumbprintsOf(pasted: string): readonly string[] {
  try {
    const found = JSON.parse(pasted) as Members | null;
    const keys: unknown = found?.['keys'] ?? [found];
    return Array.isArray(keys) ? [...new Set(keys.flatMap(thumbprintOf))] : [];
  } catch {
    return [];
  }
}

/** Lines of a value and the document that it means; undefined where one is neither. */
export function docKindsOf(typed: string): Wish['docKinds'] | undefined {
  const lines = typed.split('\n').map((line) => line.trim());
  const pairs = lines
    .filter((line) => line !== '')
    .map((line) => /^(.{1,60}?)\s+([a-z-]{1,40})$/u.exec(line));
  if (pairs.length === 0 || pairs.some((pair) => pair === null)) return undefined;
  return pairs.map((pair) => ({ value: pair?.[1] ?? '', docKind: pair?.[2] ?? '' }));
}

/** Whether a declaration may hold it. */
export const isWish = (wish: Wish): boolean => isProvider({ ...wish, aud: '-' });
