/** The delivery registers that the log names, read from a bundle (SPEC 5.1). */
import { fromBase64Url } from '../base/bytes.ts';
import type { DeliveryRecord } from '../record/delivery.ts';
import { deliveryForm, deliveryHash } from '../record/delivery.ts';
import type { RecordRefusal } from '../record/schema.ts';
import { entriesOf } from './entry-scope.ts';
import type { Verification } from './verification.ts';

/** A register as it was put down, and where in the bundle and the log. */
export type Put = { readonly where: string; readonly index: number; readonly record: DeliveryRecord };

/** The records that the log names, in its order; `refused` is told of what is none. */
export function putDown(
  { contents, definition, log }: Verification,
  refused: (where: string, refusal: RecordRefusal) => void,
): readonly Put[] {
  const entries = entriesOf(log, 'delivery.recorded', { meeting: definition.meeting });
  const byHash = new Map(entries.map(({ index, entry }) => [entry.deliveryHash, index]));
  const puts: Put[] = [];
  for (const { where, value } of contents.deliveries ?? []) {
    const bytes = fromBase64Url(value.delivery) ?? new Uint8Array();
    const parsed = deliveryForm.parse(bytes);
    if (!parsed.ok) {
      refused(where, parsed.refusal);
      continue;
    }
    const index = byHash.get(deliveryHash(bytes));
    // LOG-01 says that nothing in the log names it.
    if (index !== undefined) puts.push({ where, index, record: parsed.value });
  }
  return puts.sort((a, b) => a.index - b.index);
}
