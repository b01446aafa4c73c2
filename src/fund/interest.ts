/**
 * Interest: the bank's amount comes in by its receipt, and goes out whole to the households by balance-days. A period begins where
 * the last one ended, so nobody chooses it (SPEC 8.3).
 */
import { present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import { readAccounts } from './accounts.ts';
import type { BookedEntry } from './booking.ts';
import { bookEntry, inBook, repeatedEntry } from './booking.ts';
import { bankName } from './domain/account-names.ts';
import { allocate } from './domain/allocation.ts';
import { balanceDays } from './domain/balance-days.ts';
import { between } from './domain/posting.ts';
import { receiptKey, receiptReference } from './domain/references.ts';
import type { FundDeps } from './fund-deps.ts';
import type { BankRef } from './household-accounts.ts';
import { receivingAccount, singleAccount } from './household-accounts.ts';
import type { FundRefusal } from './refusals.ts';
import { datedGains, lastDistributionOn } from './store/reading.ts';

export type InterestReceipt = {
  readonly community: string;
  readonly bank: BankRef;
  readonly receipt: string;
  readonly amountFen: bigint;
  readonly valueOn: string;
};

/** Books interest that a bank paid; asked again with the same receipt it answers the first entry. */
export function receiveInterest(
  deps: FundDeps,
  { community, bank, receipt, amountFen, valueOn }: InterestReceipt,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    if (amountFen <= 0n) return refuse('FUND_AMOUNT_ZERO', 'amountFen');
    if (valueOn > civilDateAt(deps.clock())) return refuse('FUND_VALUE_DATE_LATE', 'valueOn');
    const name = bankName(bank.name, bank.lastDigits);
    const wanted = {
      key: receiptKey(name, receipt),
      request: { bank: name, receipt, amountFen: String(amountFen), valueOn, interest: 'yes' },
    };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const accounts = await readAccounts(tx, book);
    const debit = await receivingAccount(tx, deps, book, accounts, bank);
    if (debit === undefined) return refuse('FUND_BANK_UNCLEAR', 'bank');
    const credit = await singleAccount(tx, deps, book, accounts, 'interest_undistributed');
    const draft = {
      kind: 'interest_received' as const,
      valueOn,
      authorisation: '',
      reference: receiptReference(receipt),
      narrative: '结息',
      payeeAccount: '',
      legs: between(debit, credit, amountFen),
    };
    return ok(await bookEntry(tx, deps, book, { ...wanted, draft }));
  });
}

/** `expectedFen` is what was seen undistributed; where it is given and differs, nothing is shared. */
export type DistributionRequest = {
  readonly community: string;
  readonly until: string;
  readonly expectedFen?: bigint;
};

/**
 * Shares all interest that came in, by the balance-days up to but not including `until`, a date not later than today. Asked again
 * with the same date it answers the first entry.
 */
export function distributeInterest(
  deps: FundDeps,
  { community, until, expectedFen }: DistributionRequest,
): Promise<Result<BookedEntry, FundRefusal>> {
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    if (until > civilDateAt(deps.clock())) return refuse('FUND_VALUE_DATE_LATE', 'until');
    const wanted = { key: `interest:${until}`, request: { until } };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const since = (await lastDistributionOn(tx, community)) ?? '';
    if (until <= since) return refuse('FUND_INTEREST_PERIOD', 'until', { since });
    const accounts = await readAccounts(tx, book);
    const from = accounts.all.find(({ kind }) => kind === 'interest_undistributed');
    if (from === undefined || from.balanceFen === 0n) return refuse('FUND_INTEREST_NONE');
    if (expectedFen !== undefined && expectedFen !== from.balanceFen)
      return refuse('FUND_BALANCE_DIFFERS', 'expectedFen', { balanceFen: String(from.balanceFen) });
    const weights = balanceDays(await datedGains(tx, community), since, until);
    if (!weights.some(({ weight }) => weight > 0n)) return refuse('FUND_INTEREST_PERIOD', 'until', { since });
    const shares = allocate(from.balanceFen, weights).filter(({ amountFen }) => amountFen > 0n);
    const credits = shares.map(({ unit, amountFen }) => ({
      account: present(accounts.available.get(unit), 'a household has an account'),
      amountFen: -amountFen,
    }));
    const draft = {
      kind: 'interest_distributed' as const,
      valueOn: until,
      authorisation: '',
      reference: '',
      narrative: since === '' ? `至${until}（不含）` : `${since}至${until}（不含）`,
      payeeAccount: '',
      legs: [{ account: from, amountFen: from.balanceFen }, ...credits],
    };
    return ok(await bookEntry(tx, deps, book, { ...wanted, draft }));
  });
}
