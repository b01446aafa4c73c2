/**
 * A limit per route, address and minute on what strangers can make us do for nothing (SPEC 3.5, 6.5). The count stands in
 * PostgreSQL for all processes; a process remembers only which addresses it has seen beyond the limit, until their minute ends.
 */
import { toHex } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';
import { countAddress, minuteEnd, minuteOf, sweepAddressCounts } from '../db/address-count.ts';
import type { Database } from '../db/connect.ts';

/** What a route counts of an address. */
export type AddressRule = {
  /** As many in a minute are answered; a whole building may stand behind one address. */
  readonly perMinute: number;
  /** The refusals that count, or every call of a route that writes for anybody. */
  readonly counted: readonly string[] | 'every call';
};

export type AddressLimit = {
  /** Seconds until the address may come back, or undefined where it may go on. */
  readonly waitS: (address: Uint8Array, now: Instant) => number | undefined;
  /** Counts one; a database that does not answer counts nothing, since the limit is a defence and no rule. */
  readonly count: (db: Database, address: Uint8Array, now: Instant) => Promise<void>;
};

/** Bounds the memory of an attack from very many addresses. */
const MOST_REMEMBERED = 10_000;

/** The limit of one route in this process. */
export function addressLimit({ perMinute }: AddressRule): AddressLimit {
  const blockedUntil = new Map<string, Instant>();
  let sweptMinute = 0;
  return {
    waitS(address, now) {
      if (blockedUntil.size === 0) return undefined;
      const until = blockedUntil.get(toHex(address)) ?? 0;
      // A minute that ends later than the next was of a clock that ran ahead.
      return until <= now || until > minuteEnd(now) ? undefined : Math.ceil((until - now) / 1000);
    },
    async count(db, address, now) {
      if (minuteOf(now) !== sweptMinute) {
        sweptMinute = minuteOf(now);
        blockedUntil.clear();
        await sweepAddressCounts(db, now).catch(() => undefined);
      }
      const counted = await countAddress(db, address, now).catch(() => 0);
      if (counted >= perMinute && blockedUntil.size < MOST_REMEMBERED)
        blockedUntil.set(toHex(address), minuteEnd(now));
    },
  };
}
