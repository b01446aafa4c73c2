// What the story's owners were told of the meeting: ada read the notice, a gateway took one message and a mail server one e-mail, the street office handed one over and
// posted for one; during the vote one more reads it. The register is put down at the opening and again at the close.
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import type { DeliveryLine } from '../../src/record/bundle-lines.ts';
import type { DeliveryMoment, RecordedDelivery } from '../../src/record/delivery.ts';
import { byDelivery, deliveryForm, deliveryHash } from '../../src/record/delivery.ts';
import { noticeHash } from '../../src/record/meeting.ts';
import type { Story } from './story.ts';
import { plus } from './story.ts';
import type { Convened } from './story-meeting.ts';
import { CLOSES, OPENS } from './story-meeting.ts';

/** One line after the other, in the order of the houses. */
export const TOLD_AT = '2026-11-05T02:00:00Z';

/** Puts the register down, with the lies of a Forge. */
export function putDeliveries(
  story: Story,
  { definition, inMeeting, roll }: Convened,
  moment: DeliveryMoment,
): DeliveryLine {
  const { forge, world, nonce, step } = story;
  const officer = present(world.officers.get('street'), 'street').id;
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = roll.leaves.map(
    ({ entitlement }) => entitlement,
  );
  const read = noticeHash(definition);
  const told: readonly RecordedDelivery[] = [
    { entitlement: first, channel: 'page', state: 'read', at: TOLD_AT, officer: '', proof: read },
    { entitlement: second, channel: 'message', state: 'sent', at: TOLD_AT, officer: '', proof: FIXED },
    { entitlement: third, channel: 'hand', state: 'handed', at: TOLD_AT, officer, proof: FIXED },
    { entitlement: fourth, channel: 'paper', state: 'undeliverable', at: TOLD_AT, officer: '', proof: '' },
    { entitlement: fourth, channel: 'posting', state: 'posted', at: TOLD_AT, officer, proof: FIXED },
    // What an e-mail alone brought has told nobody in the law's eyes.
    { entitlement: fifth, channel: 'email', state: 'sent', at: TOLD_AT, officer: '', proof: FIXED },
    ...(moment === 'opening'
      ? []
      : [
          {
            entitlement: fifth,
            channel: 'page',
            state: 'read',
            at: plus(OPENS, 3_600_000),
            officer: '',
            proof: read,
          } as const,
        ]),
  ];
  const honest = {
    v: 1,
    kind: 'delivery',
    community: world.community,
    meeting: world.meeting,
    moment,
    deliveries: told.toSorted(byDelivery),
    nonce: nonce(),
  } as const;
  const record = deliveryForm.bytes(forge.deliveries?.(honest) ?? honest);
  const entry = { ...inMeeting, kind: 'delivery.recorded', deliveryHash: deliveryHash(record) } as const;
  const [name, at] =
    moment === 'opening' ? (['delivery', plus(OPENS, 2000)] as const) : (['late-delivery', CLOSES] as const);
  step(name, entry, [], at);
  return { delivery: toBase64Url(record) };
}

/** A proof that nobody can check from the bundle alone. */
const FIXED = toBase64Url(new Uint8Array(32).fill(5));
