/** Who calls: the session behind a cookie, and whether the request comes from our own pages (DESIGN §5). */
import type { Request } from 'express';
import { sessionHash } from './cookies.ts';

/** Who is signed in, as the features' own session functions say. */
export type OfficerCaller = {
  readonly officer: string;
  readonly name: string;
  readonly role: string;
  readonly community: string;
  /** When he last used his key in this session; milliseconds since 1970. */
  readonly provedAt: number;
};
export type OwnerCaller = {
  readonly person: string;
  readonly community: string;
  readonly credential: string;
};

/** Finds sessions; given once when the app is put together. */
export type SessionReaders = {
  readonly officer: (tokenHash: Uint8Array) => Promise<OfficerCaller | undefined>;
  readonly owner: (tokenHash: Uint8Array) => Promise<OwnerCaller | undefined>;
};

/** Both kinds of caller; who is not signed in has empty ids. */
export type Callers = { readonly officer: OfficerCaller; readonly owner: OwnerCaller };

const NOBODY_OFFICER: OfficerCaller = { officer: '', name: '', role: '', community: '', provedAt: 0 };
const NOBODY_OWNER: OwnerCaller = { person: '', community: '', credential: '' };

/** GET, and HEAD, which is GET without its body. */
export const isSafe = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/** Some public pages show more to an officer, such as a draft. */
async function officerIfAny(request: Request, readers: SessionReaders): Promise<OfficerCaller> {
  const hash = isSafe(request) ? sessionHash(request, 'officer') : undefined;
  return (hash === undefined ? undefined : await readers.officer(hash)) ?? NOBODY_OFFICER;
}

/** The callers of a request to a route for `as`, or undefined where nobody of that kind is signed in. */
export async function readCallers(
  readers: SessionReaders,
  as: 'anyone' | 'officer' | 'owner',
  request: Request,
): Promise<Callers | undefined> {
  if (as === 'anyone') return { officer: await officerIfAny(request, readers), owner: NOBODY_OWNER };
  const hash = sessionHash(request, as);
  if (hash === undefined) return undefined;
  if (as === 'officer') {
    const officer = await readers.officer(hash);
    return officer === undefined ? undefined : { officer, owner: NOBODY_OWNER };
  }
  const owner = await readers.owner(hash);
  return owner === undefined ? undefined : { officer: NOBODY_OFFICER, owner };
}

/** Browsers send Origin with every POST; programs send none. A foreign one never acts with somebody's cookie. */
export function isSameOrigin(request: Request, origins: readonly string[]): boolean {
  const origin = request.get('origin');
  return origin === undefined ? request.get('sec-fetch-site') === undefined : origins.includes(origin);
}
