/**
 * The unpaid rest under an annulled authorisation: nothing may go out any more, so what stages that were paid in part left payable goes
 * back to what is held of each household, and is released in the same step. Arithmetic; nobody chooses an amount (SPEC 8.3).
 */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import type { Book } from './booking.ts';
import { bookEntry, bookingDate } from './booking.ts';
import { unpaidParts } from './domain/unpaid.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { refundedAmong } from './store/authorisations.ts';
import { revokedAccruals } from './store/public-figures.ts';
import { accruedByUnit, entriesUnder } from './store/reading.ts';

/** What became of the unpaid rest: nothing was payable, it went back, or a unit that had a part in it was refunded meanwhile. */
export type UnpaidRest = 'none' | 'returned' | 'stays';

/** Whether the unpaid rest of a revoked authorisation cannot go back, since a unit that had a part in it was refunded meanwhile. */
export async function restStays(
  db: Database,
  community: string,
  authorisation: string,
  unpaidFen: bigint,
): Promise<boolean> {
  const parts = unpaidParts(await accruedByUnit(db, community, authorisation), unpaidFen);
  const units = parts.map(({ unit }) => unit);
  return (await refundedAmong(db, community, units)).length > 0;
}

/**
 * Books what goes back of the unpaid rest under an annulled authorisation. Refused while an accrual can still be cancelled as a whole,
 * which counts from its own day.
 */
export async function returnUnpaid(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  authorisation: string,
): Promise<Result<UnpaidRest, FundRefusal>> {
  const accounts = await readAccounts(tx, book);
  const [payable] = ofAuthorisation(accounts, 'payable', authorisation);
  if (payable === undefined || payable.balanceFen === 0n) return ok('none');
  const unpaidFen = payable.balanceFen;
  const whole = (await revokedAccruals(tx, book.community)).filter(
    (accrual) => accrual.authorisation === authorisation && accrual.amountFen <= unpaidFen,
  );
  if (whole.length > 0) return refuse('FUND_UNPAID_ACCRUALS', undefined, { unpaidFen: String(unpaidFen) });
  const parts = unpaidParts(await accruedByUnit(tx, book.community, authorisation), unpaidFen);
  const units = parts.map(({ unit }) => unit);
  if ((await refundedAmong(tx, book.community, units)).length > 0) return ok('stays');
  const held = new Map(
    ofAuthorisation(accounts, 'unit_held', authorisation).map((account) => [account.unit, account]),
  );
  const earlier = await entriesUnder(tx, book.community, authorisation, ['unpaid_cancelled']);
  await bookEntry(tx, deps, book, {
    key: `unpaid:${authorisation}:${earlier.length + 1}`,
    request: { authorisation },
    draft: {
      kind: 'unpaid_cancelled',
      valueOn: bookingDate(deps, book),
      authorisation,
      reference: '',
      narrative: '已撤销，未付的退回各户',
      payeeAccount: '',
      legs: [
        { account: payable, amountFen: sumFen(parts.map(({ amountFen }) => amountFen)) },
        ...parts.map(({ unit, amountFen }) => ({
          account: present(held.get(unit), 'what was accrued was held'),
          amountFen: -amountFen,
        })),
      ],
    },
  });
  return ok('returned');
}
