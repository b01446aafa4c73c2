/** What a bundle says of the fund: authorisations, refunds, the whole book in order and its published months, so that a verifier can replay it (SPEC 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { fundLineForm } from '../record/bundle-lines.ts';
import { listAuthorisations } from './authorisations.ts';
import { refundsOf } from './store/authorisations.ts';
import { monthsOf } from './store/months.ts';
import { recordsOf } from './store/reading.ts';

/**
 * The lines of `fund.jsonl`: none where the community keeps no book here. The book is the whole one, also for a meeting that opened
 * nothing of the fund, since the log names each of its entries and a part of it could not be checked for gaps; so authorisations of
 * other meetings, which its entries name, stand there too.
 */
export async function fundLines(db: Database, community: string): Promise<Uint8Array[]> {
  const authorisations = await listAuthorisations(db, community);
  const records = await recordsOf(db, community);
  return [
    ...authorisations.map(({ bytes }) =>
      fundLineForm.bytes({ kind: 'authorisation', record: toBase64Url(bytes) }),
    ),
    ...(await refundsOf(db, community)).map(({ record }) =>
      fundLineForm.bytes({ kind: 'refund', record: toBase64Url(record) }),
    ),
    ...records.map(({ record }) => fundLineForm.bytes({ kind: 'fund-entry', record: toBase64Url(record) })),
    ...(await monthsOf(db, community))
      .map(({ record }) => fundLineForm.bytes({ kind: 'fund-month', record: toBase64Url(record) }))
      .reverse(),
  ];
}
