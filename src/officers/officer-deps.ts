/** What the shells of this floor are given; nothing here reads the environment. */
import type { Clock, Random } from '../base/clock.ts';
import type { Database } from '../db/connect.ts';

export type OfficerDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** The relying party of passkeys, and the origins of the pages that may use them. */
  readonly rpId: string;
  readonly origins: readonly string[];
};
