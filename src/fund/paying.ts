/** Paying: what is payable goes to the account that the resolution or the refund names, signed by two officers (SPEC 2.4, 8.3). */
import { present } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { AccountOpening } from './account-opening.ts';
import { keepOpening, openedAccountHash } from './account-opening.ts';
import type { Accounts } from './accounts.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import type { AuthorisationRef, Payable } from './authorisations.ts';
import { payableAuthorisation } from './authorisations.ts';
import { bookingDate } from './booking.ts';
import type { Leg } from './domain/posting.ts';
import { paymentLegs } from './domain/posting.ts';
import type { SealingDeps } from './fund-deps.ts';
import type { DraftedOrder } from './ordering.ts';
import { draftOrder } from './ordering.ts';
import type { FundRefusal } from './refusals.ts';

export type PaymentRequest = AuthorisationRef & {
  readonly amountFen: bigint;
  /** `H256("account", salt, number)` as the authorisation names it, base64url. */
  readonly payeeAccount: string;
  /** What opens that hash, for those who sign; without it they see the hash alone. */
  readonly payeeOpening?: AccountOpening;
  /** The bank account that pays; may be left out where the book has only one. */
  readonly bank?: string;
  /** What the payment is for, or the bank's reference of the order. */
  readonly reference: string;
  /** Under one key one payment is drafted. */
  readonly key: string;
};

/** The legs of a payment as the accounts stand now. */
function legsNow(
  accounts: Accounts,
  authorisation: Payable,
  payment: PaymentRequest,
): Result<readonly Leg[], FundRefusal> {
  const { amountFen, payeeAccount, payeeOpening } = payment;
  if (payeeAccount !== authorisation.payeeAccount) return refuse('FUND_PAYEE_DIFFERS', 'payeeAccount');
  if (payeeOpening !== undefined && openedAccountHash(payeeOpening) !== payeeAccount)
    return refuse('FUND_PAYEE_DIFFERS', 'payeeOpening');
  const [payable] = ofAuthorisation(accounts, 'payable', authorisation.authorisation);
  const owedFen = payable?.balanceFen ?? 0n;
  // Closed with nothing owed is done; what the bank sent back is owed still.
  if (authorisation.state !== 'open' && owedFen === 0n) return refuse('FUND_AUTHORISATION_CLOSED');
  if (payable === undefined || amountFen <= 0n || amountFen > owedFen)
    return refuse('FUND_ABOVE_PAYABLE', 'amountFen', { payableFen: String(owedFen) });
  const banks = accounts.all.filter(({ kind }) => kind === 'bank');
  const fitting =
    payment.bank === undefined ? banks : banks.filter(({ account }) => account === payment.bank);
  const [bank] = fitting;
  if (bank === undefined || fitting.length !== 1) return refuse('FUND_BANK_UNCLEAR', 'bank');
  if (bank.balanceFen < amountFen)
    return refuse('FUND_BANK_SHORT', 'bank', { balanceFen: String(bank.balanceFen) });
  return ok(paymentLegs(payable, bank, amountFen));
}

/** Drafts a payment of what is payable; asked again under the same key it answers the first draft. */
export function draftPayment(
  deps: SealingDeps,
  payment: PaymentRequest,
  draftedBy: string,
): Promise<Result<DraftedOrder, FundRefusal>> {
  const { community, authorisation, amountFen, payeeAccount, payeeOpening, reference, key } = payment;
  const request = {
    authorisation,
    amountFen: String(amountFen),
    payeeAccount,
    bank: payment.bank ?? '',
    reference,
    // Else one that is asked again with its account would be answered as if that were kept.
    ...(payeeOpening === undefined ? {} : { opened: true }),
  };
  return draftOrder(deps, { community, key, request, draftedBy }, async (tx, book) => {
    const found = await payableAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    const legs = legsNow(await readAccounts(tx, book), found.value, payment);
    if (!legs.ok) return legs;
    return ok({
      draft: {
        kind: 'pay' as const,
        valueOn: bookingDate(deps, book),
        authorisation,
        reference,
        narrative: found.value.payee,
        payeeAccount,
        legs: legs.value,
      },
      amountFen,
      payment: { bank: present(legs.value[1], 'a payment has two legs').account.account, payeeAccount },
      ...(payeeOpening === undefined
        ? {}
        : { beside: (act: string) => keepOpening(tx, deps, { community, act }, payeeOpening) }),
    });
  });
}
