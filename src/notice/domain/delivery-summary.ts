/** A delivery register in sums, as it is filed and shown to anybody: heads by building and by channel, and no home by itself (SPEC 5.1). */
import type { DeliveryChannel, DeliveryState } from '../../record/delivery.ts';
import { DELIVERY_STATES, hasReached, hasTold } from '../../record/delivery.ts';
import { byPlace } from '../../registry/domain/roll-leaves.ts';

/** What is counted of a head. */
export type CountedHead = {
  readonly units: readonly { readonly building: string }[];
  readonly deliveries: readonly { readonly channel: DeliveryChannel; readonly state: DeliveryState }[];
};

/** Of heads: told to somebody; only posted in the building; neither. */
export type DeliverySums = {
  readonly heads: number;
  readonly reached: number;
  readonly posted: number;
  readonly none: number;
};

export type DeliverySummary = {
  /** A head with units in two buildings counts in both. */
  readonly buildings: readonly (DeliverySums & { readonly building: string })[];
  /** A head that was told by two channels counts in both. */
  readonly channels: readonly {
    readonly channel: DeliveryChannel;
    readonly state: DeliveryState;
    readonly heads: number;
  }[];
  readonly total: DeliverySums;
};

/** The counts of some heads. */
export function deliverySumsOf(heads: readonly Pick<CountedHead, 'deliveries'>[]): DeliverySums {
  const reached = heads.filter(({ deliveries }) => deliveries.some(hasReached)).length;
  const none = heads.filter(({ deliveries }) => !deliveries.some(hasTold)).length;
  return { heads: heads.length, reached, posted: heads.length - reached - none, none };
}

/** The sums of a register; channels in the order of the record. */
export function deliverySummaryOf(heads: readonly CountedHead[]): DeliverySummary {
  const buildings = new Map<string, CountedHead[]>();
  for (const head of heads)
    for (const building of new Set(head.units.map((unit) => unit.building))) {
      const here = buildings.get(building);
      if (here === undefined) buildings.set(building, [head]);
      else here.push(head);
    }
  const channels = Object.entries(DELIVERY_STATES) as [DeliveryChannel, readonly DeliveryState[]][];
  return {
    buildings: [...buildings]
      .map(([building, here]) => ({ building, ...deliverySumsOf(here) }))
      .sort((a, b) => byPlace({ ...a, stair: '', room: '' }, { ...b, stair: '', room: '' })),
    channels: channels.flatMap(([channel, states]) =>
      states.map((state) => ({
        channel,
        state,
        heads: heads.filter(({ deliveries }) =>
          deliveries.some((each) => each.channel === channel && each.state === state),
        ).length,
      })),
    ),
    total: deliverySumsOf(heads),
  };
}
