/** From roll and delivery register to the sums that a meeting's printed documents show (SPEC 4.4, 5.1). */
import type { Meeting } from '../assembly/meetings.ts';
import type { BallotDeps } from '../ballot/ballot-deps.ts';
import { deliveryRegister } from '../notice/delivery-register.ts';
import type { DeliverySummary } from '../notice/domain/delivery-summary.ts';
import { deliverySummaryOf } from '../notice/domain/delivery-summary.ts';
import { rollSummaryOf } from '../registry/domain/roll-summary.ts';
import { frozenLeaves, rollRootOf } from '../registry/frozen-roll.ts';
import { rollCorrections } from '../registry/roll-corrections.ts';
import type { RollFacts } from '../web/public/documents/roll-document.tsx';

/** The sums of a frozen roll; undefined before the freeze. */
export async function rollFacts(
  { db }: BallotDeps,
  { community, meeting }: Meeting,
): Promise<RollFacts | undefined> {
  const roll = await rollRootOf(db, community, meeting);
  if (roll === undefined) return undefined;
  const leaves = (await frozenLeaves(db, community, meeting)).map(({ leaf }) => leaf);
  const corrected = (await rollCorrections(db, community, meeting)).map(
    ({ line }) => line.opening.entitlement,
  );
  return {
    ...rollSummaryOf(leaves, roll.countSpecialSpaces),
    countSpecialSpaces: roll.countSpecialSpaces,
    corrections: new Set(corrected).size,
  };
}

/** The sums of the delivery register as it stands. */
export const deliveryFacts = async ({ db }: BallotDeps, meeting: Meeting): Promise<DeliverySummary> =>
  deliverySummaryOf(await deliveryRegister(db, meeting));
