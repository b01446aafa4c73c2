/** Whom a clause of silence counts: nobody who ever voted, and only who was served before the vote began (SPEC 8.1). */
import { fromBase64Url } from '../base/bytes.ts';
import { deliveryForm, deliveryHash } from '../record/delivery.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** Deliveries that prove that somebody was shown the notice with its warning. */
const PROOFS: ReadonlySet<string> = new Set(['page read', 'hand handed']);

/** The silent entitlements by the register of the opening, or undefined where the bundle has none. */
export function silentEntitlements(
  { contents, definition, log }: Verification,
  spoke: readonly string[],
): ReadonlySet<string> | undefined {
  if (contents.deliveries === undefined) return undefined;
  const { meeting } = definition;
  const logged = new Set(
    entriesOf(log, 'delivery.recorded', { meeting }).map(({ entry }) => entry.deliveryHash),
  );
  const served = new Set<string>();
  for (const { value } of contents.deliveries) {
    const bytes = fromBase64Url(value.delivery) ?? new Uint8Array();
    const parsed = deliveryForm.parse(bytes);
    if (!parsed.ok || parsed.value.moment !== 'opening' || !logged.has(deliveryHash(bytes))) continue;
    for (const { entitlement, channel, state } of parsed.value.deliveries)
      if (PROOFS.has(`${channel} ${state}`)) served.add(entitlement);
  }
  for (const entitlement of spoke) served.delete(entitlement);
  return served;
}
