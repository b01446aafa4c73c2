/**
 * Accruing: against an acceptance document a stage of the cost becomes payable. Each stage is split by what is still held, not
 * by area again, so it stays within every hold and the last one ends at exactly zero (DESIGN §7 "Fund").
 */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import type { AuthorisationRef } from './authorisations.ts';
import { openAuthorisation } from './authorisations.ts';
import type { BookedEntry } from './booking.ts';
import { bookEntry, bookingDate, inBook, repeatedEntry } from './booking.ts';
import { overruns } from './domain/allocation.ts';
import { accrualLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';

/** What a stage is called; the retention is what simply stays held. */
export const STAGE_WORDS = { advance: '预付款', progress: '进度款', final: '竣工款' } as const;
export type PaymentStage = keyof typeof STAGE_WORDS;

export type Accrual = AuthorisationRef & {
  readonly amountFen: bigint;
  readonly stage: PaymentStage;
  /** SHA-256 of the acceptance document, base64url; one document accrues once. */
  readonly acceptanceHash: string;
};

/** Accrues a stage; asked again with the same document it answers the first entry. */
export function accrueStage(deps: FundDeps, accrual: Accrual): Promise<Result<BookedEntry, FundRefusal>> {
  const { community, authorisation, amountFen, stage, acceptanceHash } = accrual;
  return inBook(deps, community, async (tx, book) => {
    const wanted = {
      key: `accrue:${authorisation}:${acceptanceHash}`,
      request: { authorisation, amountFen: String(amountFen), stage, acceptanceHash },
    };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const found = await openAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    const accounts = await readAccounts(tx, book);
    const held = ofAuthorisation(accounts, 'unit_held', authorisation).filter(
      ({ balanceFen }) => balanceFen > 0n,
    );
    const heldFen = sumFen(held.map(({ balanceFen }) => balanceFen));
    const [payable] = ofAuthorisation(accounts, 'payable', authorisation);
    if (amountFen <= 0n || amountFen > heldFen) {
      const costFen = found.value.capFen - heldFen + amountFen;
      const isOverrun = payable !== undefined && overruns(costFen, found.value.capFen);
      return refuse(isOverrun ? 'FUND_OVERRUN_NEEDS_VOTE' : 'FUND_ABOVE_HELD', 'amountFen', {
        heldFen: String(heldFen),
      });
    }
    const entry = await bookEntry(tx, deps, book, {
      ...wanted,
      draft: {
        kind: 'accrue',
        valueOn: bookingDate(deps, book),
        authorisation,
        reference: `验收 ${acceptanceHash}`,
        narrative: STAGE_WORDS[stage],
        payeeAccount: '',
        legs: accrualLegs(held, present(payable, 'opened with the hold'), amountFen),
      },
    });
    return ok(entry);
  });
}
