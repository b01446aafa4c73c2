/** The delivery register put down at the opening and at the close: its bytes stay here and in the auditors' bundle, the log names their hash (SPEC 5.1). */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { DeliveryLine } from '../record/bundle-lines.ts';
import type { DeliveryMoment } from '../record/delivery.ts';
import { byDelivery, deliveryForm, deliveryHash, isServed } from '../record/delivery.ts';
import type { RegistryDeps } from '../registry/registry-deps.ts';
import { deliveryRegister } from './delivery-register.ts';
import { filesOf, insertFile } from './store/deliveries.ts';

/** Writes the register as it stands into the log, in the transaction of the opening or the close; the roll is frozen. */
export async function recordDeliveries(
  tx: Tx,
  deps: Pick<RegistryDeps, 'random'>,
  {
    community,
    meeting,
    moment,
  }: { readonly community: string; readonly meeting: string; readonly moment: DeliveryMoment },
): Promise<void> {
  const heads = await deliveryRegister(tx, { community, meeting });
  const deliveries = heads
    .flatMap((head) => head.deliveries.map((each) => ({ entitlement: head.entitlement, ...each })))
    .sort(byDelivery);
  const nonce = toBase64Url(deps.random(16));
  const record = deliveryForm.bytes({
    v: 1,
    kind: 'delivery',
    community,
    meeting,
    moment,
    deliveries,
    nonce,
  });
  const entry = {
    v: 1,
    kind: 'delivery.recorded',
    community,
    meeting,
    deliveryHash: deliveryHash(record),
  } as const;
  const { entryId } = await writeEntry(tx, entry, []);
  await insertFile(tx, { community_id: community, meeting_id: meeting, moment, record, entry_id: entryId });
}

/** The records of a meeting as its bundle holds them, in log order. */
export const deliveryLines = async (
  db: Database,
  community: string,
  meeting: string,
): Promise<readonly DeliveryLine[]> =>
  (await filesOf(db, community, meeting)).map(({ record }) => ({ delivery: toBase64Url(record) }));

/** The entitlements that were served before the vote began, by the register that was put down then; nobody when the meeting did not open. */
export async function servedBeforeOpening(
  db: Database,
  community: string,
  meeting: string,
): Promise<ReadonlySet<string>> {
  const opening = (await filesOf(db, community, meeting)).find(({ moment }) => moment === 'opening');
  if (opening === undefined) return new Set();
  const { deliveries } = deliveryForm.own(opening.record);
  return new Set(deliveries.filter(isServed).map(({ entitlement }) => entitlement));
}
