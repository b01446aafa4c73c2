/** Letters and device keys that were locked by wrong numbers or wrong PINs: the registrar sees them, and opens one again after he has spoken with its owner (SPEC 3.5). */
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { actsIn } from '../officers/domain/session.ts';
import type { ActingOfficer } from '../registry/registry-deps.ts';
import { isWithinDay } from './day-limits.ts';
import { MAX_FAILURES } from './domain/owner-session.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { MAX_TRIES } from './key-shares.ts';
import type { IdentityRefusal } from './refusals.ts';
import { credentialsById } from './store/credentials.ts';
import { lockedShares, resetTries } from './store/key-shares.ts';
import { lockedLetters, setFailures } from './store/sessions.ts';

const isRegistrar = (officer: ActingOfficer, community: string): boolean =>
  officer.role === 'registrar' && actsIn(officer, community);

/** Locked letters and device keys of a community, the last one first. */
export async function listLocked(
  deps: IdentityDeps,
  officer: ActingOfficer,
  community: string,
): Promise<Result<readonly { readonly letter: string; readonly lastAt: number }[], IdentityRefusal>> {
  if (!isRegistrar(officer, community)) return refuse('NOT_ALLOWED');
  const [byNumber, byPin] = [
    await lockedLetters(deps.db, community, MAX_FAILURES),
    await lockedShares(deps.db, community, MAX_TRIES),
  ];
  const twice = new Set(byNumber.map((row) => row.credential_id));
  const rows = [...byNumber, ...byPin.filter((row) => !twice.has(row.credential_id))];
  return ok(rows.map((row) => ({ letter: row.credential_id, lastAt: Number(row.last_at_ms) })));
}

/** Gives a letter or device key its five tries back, so often a day. */
export async function unlockLetter(
  deps: IdentityDeps,
  officer: ActingOfficer,
  { community, letter }: { readonly community: string; readonly letter: string },
): Promise<Result<undefined, IdentityRefusal>> {
  if (!isRegistrar(officer, community)) return refuse('NOT_ALLOWED');
  const [found] = await credentialsById(deps.db, community, [letter]);
  // A passkey is never asked for a number.
  if (found === undefined || found.kind === 'passkey') return refuse('LETTER_UNKNOWN');
  // Five tries for each opening: without a limit a registrar could open a letter until its six characters are found.
  const mayOpen =
    (await isWithinDay(deps, { community, deed: 'unlock', subject: officer.officer })) &&
    (await isWithinDay(deps, { community, deed: 'unlock-letter', subject: letter }));
  if (!mayOpen) return refuse('UNLOCK_LIMITED');
  await setFailures(deps.db, { community, credential: letter, now: deps.clock() }, 0);
  await resetTries(deps.db, { community, credential: letter });
  return ok(undefined);
}
