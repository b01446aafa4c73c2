/** What was identified of the receipts of unknown payers, as the records of the book say (SPEC 8.3). */
import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { fundEntryForm } from '../record/fund.ts';
import type { Identified } from './domain/waiting-receipts.ts';
import { identifiedOf } from './domain/waiting-receipts.ts';
import type { FundRefusal } from './refusals.ts';
import { identifications, unidentifiedReceipts } from './store/movements.ts';

/** The identifications of a book. */
export const readIdentified = async (db: Database, community: string): Promise<readonly Identified[]> =>
  (await identifications(db, community)).map(({ record, amountFen }) => {
    const parsed = fundEntryForm.parse(record);
    assert(parsed.ok, 'the record of an identification is ours');
    return { narrative: parsed.value.narrative, amountFen };
  });

/** Refused where the number is of no receipt of an unknown payer that stands, or less than `amountFen` of it waits. */
export async function waitsStill(
  db: Database,
  community: string,
  seq: bigint,
  amountFen: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const receipt = (await unidentifiedReceipts(db, community)).find((each) => each.seq === seq);
  if (receipt === undefined) return refuse('FUND_ENTRY_UNKNOWN', 'seq');
  const restFen = receipt.amountFen - identifiedOf(seq, await readIdentified(db, community));
  return amountFen > restFen
    ? refuse('FUND_ABOVE_UNIDENTIFIED', 'items', { unidentifiedFen: String(restFen) })
    : ok(undefined);
}
