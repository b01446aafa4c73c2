/** How often a day an officer may do what could be used to try numbers (SPEC 3.5, 3.6). */
import type { IdentityDeps } from './identity-deps.ts';
import type { DayCount } from './store/day-counts.ts';
import { countDay } from './store/day-counts.ts';

/** An office writes down a handful of agents on its busiest day, and speaks with a few dozen owners. */
const MOST: Readonly<Record<DayCount['deed'], number>> = { agent: 20, unlock: 30, 'unlock-letter': 3 };
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

/** Counts a try, refused ones too, and says whether it is within the day's limit. */
export async function isWithinDay(
  deps: Pick<IdentityDeps, 'db' | 'clock'>,
  wanted: Omit<DayCount, 'day'>,
): Promise<boolean> {
  const day = Math.floor((deps.clock() + BEIJING_MS) / DAY_MS);
  return (await countDay(deps.db, { ...wanted, day })) <= MOST[wanted.deed];
}
