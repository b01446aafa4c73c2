/** What can be moved, identified, distributed and taken back in a book now, and which deposits a number means (SPEC 8.3). */
import { assert } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import { fundEntryForm } from '../record/fund.ts';
import { receiptKey, receiptOf } from './domain/references.ts';
import { identifiedOf } from './domain/waiting-receipts.ts';
import { readIdentified } from './identified.ts';
import type { FundRefusal } from './refusals.ts';
import { inSnapshot } from './snapshot.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import type { BankEntryRow } from './store/movements.ts';
import { depositsBy, standingPayments, unidentifiedReceipts } from './store/movements.ts';
import { lastDistributionOn, totalsOf } from './store/reading.ts';

/** An entry at a bank, as a desk names it; amounts in fen. */
type BankEntry = {
  readonly seq: bigint;
  readonly bookedOn: string;
  readonly valueOn: string;
  /** Exported name of the bank's account. */
  readonly bank: string;
  readonly amountFen: bigint;
};

/** A receipt of an unknown payer that was not identified whole. */
export type WaitingReceipt = BankEntry & { readonly receipt: string; readonly identifiedFen: bigint };

/** A payment that did not come back. */
export type StandingPayment = BankEntry & { readonly payee: string; readonly reference: string };

/** Whether a deposit can be reversed: it stands and its money is there, was reversed, or its money has gone on. */
export type DepositState = 'standing' | 'reversed' | 'moved_on';

/** A deposit; `receipt` is empty where an old statement is cited, `account` the exported name of where it went. */
export type FoundDeposit = BankEntry & {
  readonly receipt: string;
  readonly reference: string;
  readonly account: string;
  readonly state: DepositState;
};

export type Movements = {
  readonly interestUndistributedFen: bigint;
  /** Where the next period of interest begins; empty for the first. */
  readonly interestSince: string;
  readonly unidentifiedFen: bigint;
  readonly receipts: readonly WaitingReceipt[];
  readonly payments: readonly StandingPayment[];
};

function textsOf({ seq, record }: BankEntryRow): { readonly reference: string; readonly narrative: string } {
  const parsed = fundEntryForm.parse(record);
  assert(parsed.ok, `the record of entry ${seq} is ours`);
  return parsed.value;
}

const entryOf = ({ seq, bookedOn, valueOn, bank, amountFen }: BankEntryRow): BankEntry => ({
  seq,
  bookedOn,
  valueOn,
  bank,
  amountFen,
});

/** What a desk can do with the money of a book beside spending it. */
export const readMovements = (db: Database, community: string): Promise<Result<Movements, FundRefusal>> =>
  inSnapshot(db, async (tx): Promise<Result<Movements, FundRefusal>> => {
    if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
    const totals = await totalsOf(tx, community);
    const totalOf = (wanted: string): bigint =>
      sumFen(totals.filter(({ kind }) => kind === wanted).map((row) => row.total_fen));
    const identified = await readIdentified(tx, community);
    const receipts = (await unidentifiedReceipts(tx, community)).map((row) => ({
      ...entryOf(row),
      receipt: receiptOf(textsOf(row).reference) ?? '',
      identifiedFen: identifiedOf(row.seq, identified),
    }));
    return ok({
      interestUndistributedFen: totalOf('interest_undistributed'),
      interestSince: (await lastDistributionOn(tx, community)) ?? '',
      unidentifiedFen: totalOf('deposit_unidentified'),
      receipts: receipts.filter(({ amountFen, identifiedFen }) => identifiedFen < amountFen),
      payments: (await standingPayments(tx, community)).map((row) => {
        const { narrative, reference } = textsOf(row);
        return { ...entryOf(row), payee: narrative, reference };
      }),
    });
  });

/** The deposits that a number means: of the book, or of the bank at any of its accounts. */
export const findDeposits = (
  db: Database,
  community: string,
  find: string,
): Promise<Result<readonly FoundDeposit[], FundRefusal>> =>
  inSnapshot(db, async (tx): Promise<Result<readonly FoundDeposit[], FundRefusal>> => {
    if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
    const banks = (await accountsOfBook(tx, community)).filter(({ kind }) => kind === 'bank');
    const keys = banks.map(({ name }) => receiptKey(name, find));
    const seq = /^[1-9][0-9]{0,14}$/.test(find) ? BigInt(find) : 0n;
    const identified = await readIdentified(tx, community);
    const stateOf = (row: BankEntryRow): DepositState => {
      if (row.isReversed) return 'reversed';
      const isThere = row.amountFen <= row.accountFen && row.amountFen <= row.bankFen;
      return isThere && identifiedOf(row.seq, identified) === 0n ? 'standing' : 'moved_on';
    };
    return ok(
      (await depositsBy(tx, community, { seq, keys })).map((row) => {
        const { reference } = textsOf(row);
        const { account } = row;
        return {
          ...entryOf(row),
          receipt: receiptOf(reference) ?? '',
          reference,
          account,
          state: stateOf(row),
        };
      }),
    );
  });
