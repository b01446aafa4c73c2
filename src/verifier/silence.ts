/** Whom a clause of silence counts: nobody who ever voted, and only who was served before the vote began (SPEC 8.1). */
import { putDown } from './delivery-records.ts';
import type { Verification } from './verification.ts';

/** Deliveries that prove that somebody was shown the notice with its warning. */
const PROOFS: ReadonlySet<string> = new Set(['page read', 'hand handed']);

/** The silent entitlements by the register of the opening, or undefined where the bundle has none. */
export function silentEntitlements(
  the: Verification,
  spoke: readonly string[],
): ReadonlySet<string> | undefined {
  if (the.contents.deliveries === undefined) return undefined;
  const served = new Set<string>();
  // DEL-01 says which register is malformed.
  for (const { record } of putDown(the, () => undefined)) {
    if (record.moment !== 'opening') continue;
    for (const { entitlement, channel, state } of record.deliveries)
      if (PROOFS.has(`${channel} ${state}`)) served.add(entitlement);
  }
  for (const entitlement of spoke) served.delete(entitlement);
  return served;
}
