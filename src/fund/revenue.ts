/** Reading the public-revenue book, as anybody may: its entries, its balance, its published half-years (SPEC 8.5; Civil Code §282). */

import { placeOf } from '../auditlog/domain/log-place.ts';
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import type { RevenueEntry, RevenuePeriod } from '../record/revenue.ts';
import { revenueEntryForm, revenuePeriodForm } from '../record/revenue.ts';
import { balanceOf, nextPeriod } from './domain/revenue.ts';
import { periodsOf, revenueOf } from './store/revenue.ts';

/** Places in the log are undefined until it has given them. */
export type PublishedPeriod = {
  readonly record: RevenuePeriod;
  readonly hash: string;
  readonly logIndex: number | undefined;
};
export type RevenueBook = {
  readonly balanceFen: bigint;
  /** In the order of the log. */
  readonly entries: readonly { readonly record: RevenueEntry; readonly logIndex: number | undefined }[];
  /** The first one first. */
  readonly periods: readonly PublishedPeriod[];
  /** The half-year that is published next; undefined while nothing is booked. */
  readonly next: string | undefined;
};

/** The whole book; empty where a community earns nothing. */
export async function readRevenue(db: Database, community: string): Promise<RevenueBook> {
  const entries = (await revenueOf(db, community)).map(({ record, idx }) => ({
    record: revenueEntryForm.own(record),
    logIndex: placeOf(idx),
  }));
  const periods = (await periodsOf(db, community)).map(({ record, hash, idx }) => ({
    record: revenuePeriodForm.own(record),
    hash: toBase64Url(hash),
    logIndex: placeOf(idx),
  }));
  const records = entries.map(({ record }) => record);
  return {
    balanceFen: balanceOf(records),
    entries,
    periods,
    next: nextPeriod(
      records,
      periods.map(({ record }) => record),
    ),
  };
}
