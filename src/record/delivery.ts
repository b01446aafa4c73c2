/** The delivery register of a meeting: who was told of it by which channel, and when; private bytes under `delivery.recorded` (SPEC 5.1). */
import { compareText, utf8 } from '../base/bytes.ts';
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, list, oneOf, recordForm } from './schema.ts';
import { hashOrNone, id, idOrNone, instant, nonce } from './shapes.ts';

/** When the register is put down: as it stood when the vote began, and when it ended. */
export const DELIVERY_MOMENTS = ['opening', 'close'] as const;
export type DeliveryMoment = (typeof DELIVERY_MOMENTS)[number];

/**
 * By which channel, and the states that it knows: a gateway took a message over, or says that it arrived; a mail server took an e-mail
 * over; paper was posted; the owner read it signed in; an officer handed it over, or had it posted in the building. What reached nobody is undeliverable.
 */
export const DELIVERY_STATES = {
  message: ['sent', 'delivered', 'undeliverable'],
  email: ['sent', 'undeliverable'],
  paper: ['sent', 'undeliverable'],
  page: ['read'],
  hand: ['handed'],
  posting: ['posted'],
} as const;
export type DeliveryChannel = keyof typeof DELIVERY_STATES;
export type DeliveryState = (typeof DELIVERY_STATES)[DeliveryChannel][number];

const CHANNELS = Object.keys(DELIVERY_STATES) as readonly DeliveryChannel[];
const STATES = [...new Set(Object.values(DELIVERY_STATES).flat())] as readonly DeliveryState[];

const delivery = closed({
  v: exactly(1),
  kind: oneOf('delivery'),
  community: id,
  meeting: id,
  moment: oneOf(...DELIVERY_MOMENTS),
  /** By entitlement, then instant, channel, state, officer and proof. */
  deliveries: list(
    closed({
      entitlement: id,
      channel: oneOf(...CHANNELS),
      state: oneOf(...STATES),
      at: instant,
      /** Who recorded it; none where no officer did. */
      officer: idOrNone,
      proof: hashOrNone,
    }),
    400_000,
  ),
  nonce,
});

export type DeliveryRecord = Of<typeof delivery>;
/** One line of the register. */
export type RecordedDelivery = DeliveryRecord['deliveries'][number];
export const deliveryForm = recordForm(delivery, 'delivery', 32 * 1024 * 1024);

/** `H256("delivery", bytes)`. */
export const deliveryHash = (bytes: Uint8Array): string => h256Text('delivery', bytes);

/** `H256("delivery-document", bytes)`: of the receipt or the photograph that an officer recorded. */
export const deliveryDocumentHash = (file: Uint8Array): string => h256Text('delivery-document', file);

/** `H256("delivery-message", id, text)`: of an announcement that was sent, under its id. */
export const deliveryMessageHash = (announcement: string, text: string): string =>
  h256Text('delivery-message', announcement, utf8(text));

/** `H256("delivery-email", hash, reply)`: of an e-mail that a mail server took, by the hash of its text and what the server answered. */
export const deliveryEmailHash = (messageHash: Uint8Array, reply: string): string =>
  h256Text('delivery-email', messageHash, utf8(reply));

const keyOf = (each: RecordedDelivery): string =>
  [each.entitlement, each.at, each.channel, each.state, each.officer, each.proof].join(' ');

/** The order in which deliveries stand in their record; 0 where two are the same. */
export const byDelivery = (a: RecordedDelivery, b: RecordedDelivery): number =>
  compareText(keyOf(a), keyOf(b));

type Outcome = Pick<RecordedDelivery, 'channel' | 'state'>;

/**
 * Whether this delivery told somebody or was posted. An e-mail alone is neither: the owner typed the address himself, and so might a thief of
 * his letter have done, so the channel beside it decides.
 */
export const hasTold = ({ channel, state }: Outcome): boolean =>
  state !== 'undeliverable' && channel !== 'email';

/** Whether it told somebody: what was posted did so only in the law's eyes. */
export const hasReached = (outcome: Outcome): boolean => hasTold(outcome) && outcome.state !== 'posted';

/** States that prove that somebody was shown the notice with its warning: a reading, a receipt. A short message has no room for it (SPEC 8.1). */
const SERVED: readonly DeliveryState[] = ['read', 'handed'];

/** Whether this delivery is evidence enough for a clause of silence. */
export const isServed = ({ state }: Pick<RecordedDelivery, 'state'>): boolean => SERVED.includes(state);
