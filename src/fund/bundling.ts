/** What a bundle says of the fund: authorisations, refunds, then the whole book in order, so that a verifier can replay it (SPEC 9.1). */
import { toBase64Url } from '../base/bytes.ts';
import type { Database } from '../db/connect.ts';
import { fundLineForm } from '../record/bundle-lines.ts';
import { listAuthorisations } from './authorisations.ts';
import { refundsOf } from './store/authorisations.ts';
import { recordsOf } from './store/reading.ts';

/**
 * The lines of `fund.jsonl` of a meeting: none where it opened nothing of the fund. The book is that of the community, since a
 * part of it could not be checked for gaps; so authorisations of earlier meetings, which its entries name, stand there too.
 */
export async function fundLines(db: Database, community: string, meeting: string): Promise<Uint8Array[]> {
  const authorisations = await listAuthorisations(db, community);
  if (!authorisations.some(({ record }) => record.meeting === meeting)) return [];
  const records = await recordsOf(db, community);
  return [
    ...authorisations.map(({ bytes }) =>
      fundLineForm.bytes({ kind: 'authorisation', record: toBase64Url(bytes) }),
    ),
    ...(await refundsOf(db, community)).map(({ record }) =>
      fundLineForm.bytes({ kind: 'refund', record: toBase64Url(record) }),
    ),
    ...records.map(({ record }) => fundLineForm.bytes({ kind: 'fund-entry', record: toBase64Url(record) })),
  ];
}
