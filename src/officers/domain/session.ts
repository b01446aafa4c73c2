/** How long an officer's session lives, and what a signed-in officer is (SPEC 2.2). */
import type { Instant } from '../../base/instant.ts';
import type { Role } from '../../record/action.ts';

export type OfficerSession = {
  readonly officer: string;
  readonly name: string;
  readonly role: Exclude<Role, 'root'>;
  /** Empty for the whole deployment. */
  readonly community: string;
};

const MINUTE_MS = 60_000;
/** OWASP ASVS 5.0 7.3: an idle and an absolute limit. */
export const IDLE_LIMIT_MS = 30 * MINUTE_MS;
export const ABSOLUTE_LIMIT_MS = 12 * 60 * MINUTE_MS;

/** Whether a session still holds at `now`; one that was opened by a clock running ahead does not outlive its limit. */
export const sessionHolds = (now: Instant, seenAt: Instant, expiresAt: Instant): boolean =>
  now < expiresAt && expiresAt - now <= ABSOLUTE_LIMIT_MS + MINUTE_MS && now - seenAt < IDLE_LIMIT_MS;

/** Whether an officer may act in a community. */
export const actsIn = (session: Pick<OfficerSession, 'community'>, community: string): boolean =>
  session.community === '' || session.community === community;
