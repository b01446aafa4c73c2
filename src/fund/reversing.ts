/**
 * Undoing: an entry is never changed; a receipt that the bank took back is negated by two officers, a payment that came back and a
 * wrong accrual by one, each once and exactly. The entry is named by its number in the book (SPEC 8.3).
 */
import { assert, present } from '../base/assert.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Tx } from '../db/transaction.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { FundEntry } from '../record/fund.ts';
import { fundEntryForm } from '../record/fund.ts';
import { readAccounts } from './accounts.ts';
import type { Book, BookedEntry } from './booking.ts';
import { bookEntry, inBook, repeatedEntry } from './booking.ts';
import type { EntryKind } from './domain/entry-shapes.ts';
import type { Leg } from './domain/posting.ts';
import { coversLegs, legsOf } from './domain/posting.ts';
import { receiptKey, receiptReference } from './domain/references.ts';
import { identifiedOf } from './domain/waiting-receipts.ts';
import type { FundDeps } from './fund-deps.ts';
import { readIdentified } from './identified.ts';
import type { DraftedOrder } from './ordering.ts';
import { draftOrder } from './ordering.ts';
import type { FundRefusal } from './refusals.ts';
import { refundedAmong } from './store/authorisations.ts';
import { entriesUnder, entryBySeq } from './store/reading.ts';

/** Which entry of which book, by its number. */
export type EntryRef = { readonly community: string; readonly seq: bigint };

/** The negation of an entry of these kinds; refused where it is another, undone already, or its money has gone on. */
async function negationOf(
  tx: Tx,
  book: Book,
  seq: bigint,
  kinds: readonly EntryKind[],
): Promise<Result<{ readonly former: FundEntry; readonly legs: readonly Leg[] }, FundRefusal>> {
  const row = await entryBySeq(tx, book.community, seq);
  if (row === undefined || !kinds.includes(row.kind as EntryKind)) return refuse('FUND_ENTRY_UNKNOWN', 'seq');
  if (row.reversed_by !== null) return refuse('FUND_ENTRY_REVERSED', 'seq');
  const parsed = fundEntryForm.parse(row.record);
  assert(parsed.ok, `the record of entry ${seq} is ours`);
  const legs = legsOf(parsed.value, (await readAccounts(tx, book)).all, -1n);
  return coversLegs(legs) ? ok({ former: parsed.value, legs }) : refuse('FUND_MONEY_MOVED_ON', 'seq');
}

const amountOf = (legs: readonly Leg[]): bigint =>
  sumFen(legs.filter(({ amountFen }) => amountFen > 0n).map(({ amountFen }) => amountFen));

/** Drafts the negation of a deposit, known or not, that the bank took back; it counts from the day of the deposit. */
export function draftReversal(
  deps: OfficerDeps,
  reversal: EntryRef & { readonly reference: string; readonly key: string },
  draftedBy: string,
): Promise<Result<DraftedOrder, FundRefusal>> {
  const { community, seq, reference, key } = reversal;
  const request = { reverses: String(seq), reference };
  return draftOrder(deps, { community, key, request, draftedBy }, async (tx, book) => {
    const found = await negationOf(tx, book, seq, ['deposit', 'deposit_unidentified']);
    if (!found.ok) return found;
    // The pool may hold enough of others: what a household has of this receipt is not taken from them.
    if (identifiedOf(seq, await readIdentified(tx, community)) > 0n)
      return refuse('FUND_MONEY_MOVED_ON', 'seq');
    const { former, legs } = found.value;
    return ok({
      draft: {
        kind: 'deposit_reversed' as const,
        valueOn: former.valueOn,
        authorisation: '',
        reverses: former.entry,
        reference,
        narrative: `冲回第${seq}笔`,
        payeeAccount: '',
        legs,
      },
      amountFen: amountOf(legs),
    });
  });
}

/** Takes an accrual back as if it had not been, while its money is still payable; asked again it answers the first entry. */
export function cancelAccrual(
  deps: FundDeps,
  cancellation: EntryRef & { readonly reason: string },
): Promise<Result<BookedEntry, FundRefusal>> {
  const { community, seq, reason } = cancellation;
  return inBook(deps, community, async (tx, book) => {
    const wanted = { key: `cancel:${seq}`, request: { seq: String(seq), reason } };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const found = await negationOf(tx, book, seq, ['accrue']);
    if (!found.ok) return found;
    const { former, legs } = found.value;
    // Part of it is back with its households already.
    if ((await entriesUnder(tx, community, former.authorisation, ['unpaid_cancelled'])).length > 0)
      return refuse('FUND_MONEY_MOVED_ON', 'seq');
    const touched = former.postings.map(({ unit }) => unit).filter((unit) => unit !== '');
    if ((await refundedAmong(tx, community, touched)).length > 0) return refuse('FUND_UNIT_REFUNDED', 'seq');
    const draft = {
      kind: 'accrual_cancelled' as const,
      valueOn: former.valueOn,
      authorisation: former.authorisation,
      reverses: former.entry,
      reference: former.reference,
      narrative: reason,
      payeeAccount: '',
      legs,
    };
    return ok(await bookEntry(tx, deps, book, { ...wanted, draft }));
  });
}

/** Books a payment that the bank sent back, by the bank's receipt; it is payable again. */
export function returnPayment(
  deps: FundDeps,
  returned: EntryRef & { readonly receipt: string; readonly valueOn: string },
): Promise<Result<BookedEntry, FundRefusal>> {
  const { community, seq, receipt, valueOn } = returned;
  return inBook(deps, community, async (tx, book): Promise<Result<BookedEntry, FundRefusal>> => {
    if (valueOn > civilDateAt(deps.clock())) return refuse('FUND_VALUE_DATE_LATE', 'valueOn');
    const bank = await bankOfPayment(tx, book, seq);
    if (bank === undefined) return refuse('FUND_ENTRY_UNKNOWN', 'seq');
    const wanted = { key: receiptKey(bank, receipt), request: { seq: String(seq), receipt, valueOn } };
    const repeated = await repeatedEntry(tx, book, wanted);
    if (!repeated.ok) return repeated;
    if (repeated.value !== undefined) return ok(repeated.value);
    const found = await negationOf(tx, book, seq, ['pay']);
    if (!found.ok) return found;
    const { former, legs } = found.value;
    const draft = {
      kind: 'pay_returned' as const,
      valueOn,
      authorisation: former.authorisation,
      reverses: former.entry,
      reference: receiptReference(receipt),
      narrative: `退回第${seq}笔`,
      payeeAccount: '',
      legs,
    };
    return ok(await bookEntry(tx, deps, book, { ...wanted, draft }));
  });
}

/** The exported name of the bank account that paid, or undefined where the entry is no payment. */
async function bankOfPayment(tx: Tx, book: Book, seq: bigint): Promise<string | undefined> {
  const row = await entryBySeq(tx, book.community, seq);
  if (row?.kind !== 'pay') return undefined;
  const parsed = fundEntryForm.parse(row.record);
  assert(parsed.ok, `the record of entry ${seq} is ours`);
  const leg = parsed.value.postings.find(({ accountKind }) => accountKind === 'bank');
  return present(leg, 'a payment has its bank').account;
}
