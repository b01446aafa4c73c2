/** Publishing a half-year of the public-revenue book: in order, once it is over; nothing is booked in it afterwards (SPEC 8.5; Civil Code §281). */
import { writeEntry } from '../auditlog/entry-writing.ts';
import { present } from '../base/assert.ts';
import { fromBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { inTransaction } from '../db/transaction.ts';
import type { RevenuePeriod } from '../record/revenue.ts';
import { revenuePeriodForm, revenuePeriodHash } from '../record/revenue.ts';
import { lockCommunityById } from '../registry/communities.ts';
import { lastDayOf, periodOf } from './domain/revenue.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { readRevenue } from './revenue.ts';
import { insertPeriod } from './store/revenue.ts';

/** Publishes the next half-year. */
export function publishPeriod(
  deps: FundDeps,
  { community, period }: { readonly community: string; readonly period: string },
  officer: string,
): Promise<Result<{ readonly record: RevenuePeriod; readonly hash: string }, FundRefusal>> {
  return inTransaction(
    deps.db,
    async (tx): Promise<Result<{ readonly record: RevenuePeriod; readonly hash: string }, FundRefusal>> => {
      if ((await lockCommunityById(tx, community)) === undefined) return refuse('FUND_COMMUNITY_UNKNOWN');
      const { entries, next } = await readRevenue(tx, community);
      if (next !== period) return refuse('REVENUE_PERIOD_ORDER', 'period', { period: next ?? '' });
      if (lastDayOf(period) >= civilDateAt(deps.clock())) return refuse('REVENUE_PERIOD_NOT_OVER', 'period');
      const record = periodOf(
        community,
        period,
        entries.map((one) => one.record),
      );
      const bytes = revenuePeriodForm.bytes(record);
      const hash = revenuePeriodHash(bytes);
      const { entryId } = await writeEntry(
        tx,
        { v: 1, kind: 'revenue.published', community, period, periodHash: hash },
        [],
      );
      await insertPeriod(tx, {
        community_id: community,
        period,
        record: bytes,
        hash: present(fromBase64Url(hash), 'own hash'),
        officer_id: officer,
        log_entry_id: entryId,
      });
      return ok({ record, hash });
    },
  );
}
