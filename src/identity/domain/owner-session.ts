/** How long an owner's session lives, and how often he may mistype (SPEC 3.5; OWASP ASVS 5.0 7.3). */
import type { Instant } from '../../base/instant.ts';

/** Who is signed in, and by which credential. */
export type OwnerSession = {
  readonly person: string;
  readonly community: string;
  readonly credential: string;
};

const MINUTE_MS = 60_000;
export const IDLE_LIMIT_MS = 30 * MINUTE_MS;
export const ABSOLUTE_LIMIT_MS = 4 * 60 * MINUTE_MS;

/** Wrong numbers under one genuine letter; after them only the registrar opens it again. */
export const MAX_FAILURES = 5;

/** Whether a session still holds at `now`; one that was opened by a clock running ahead does not outlive its limit. */
export const sessionHolds = (now: Instant, seenAt: Instant, expiresAt: Instant): boolean =>
  now < expiresAt && expiresAt - now <= ABSOLUTE_LIMIT_MS + MINUTE_MS && now - seenAt < IDLE_LIMIT_MS;
