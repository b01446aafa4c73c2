/** FUND-02 of refunds: each is named by the log, signed by two officers, of a unit that is refunded once, and booked (SPEC 8.3). */

import { entriesOf } from './entry-scope.ts';
import type { FundRecords } from './fund-records.ts';
import { checkTwoOfficers } from './money-decisions.ts';
import type { Officers } from './officers.ts';
import type { Verification } from './verification.ts';

/** Makes the checks; that a refund is whole is the replay's (`ledger-splits.ts`). */
export function checkRefunds(
  { definition, log, notebook }: Verification,
  officers: Officers | undefined,
  { refunds, entries }: FundRecords,
): void {
  const { community } = definition;
  const logged = entriesOf(log, 'refund.authorised', { community });
  const units = new Set<string>();
  for (const { where, hash, value: refund } of refunds) {
    const named = logged.filter(({ entry }) => entry.refundHash === hash);
    notebook.same('FUND-02', where, '1 refund.authorised', `${named.length} refund.authorised`);
    notebook.same('FUND-02', `${where} community`, community, refund.community);
    for (const { index, entry } of named) {
      notebook.same('FUND-02', `${where} authorisation`, entry.authorisation, refund.authorisation);
      checkTwoOfficers({ notebook }, officers, 'FUND-02', where, index);
    }
    notebook.holds('FUND-02', where, !units.has(refund.unit), 'each unit refunded once', refund.unit);
    units.add(refund.unit);
    const booked = entries.filter(
      ({ value }) => value.entryKind === 'refund' && value.authorisation === refund.authorisation,
    );
    notebook.same(
      'FUND-02',
      `${where} booked`,
      '1 refund',
      `${booked.length} refund${booked.length === 1 ? '' : 's'}`,
    );
  }
  const held = new Set(refunds.map(({ hash }) => hash));
  for (const { index, entry } of logged)
    notebook.holds('FUND-02', `log ${index}`, held.has(entry.refundHash), 'its refund in fund.jsonl', 'none');
}
