/**
 * Paying: two officers sign the exact bytes of the entry, which name its number in the book. When the book moved on while they
 * signed, the execution is refused with FUND_BOOK_MOVED_ON and the payment is drafted again: an order that held the book open
 * would let one forgotten signature stop a community's money for 72 hours (SPEC 2.4, 8.3; DESIGN §7 "Fund").
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes, toBase64Url } from '../base/bytes.ts';
import { newId } from '../base/clock.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct } from '../officers/acts.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import type { FundEntry } from '../record/fund.ts';
import { fundEntryForm, fundEntryHash } from '../record/fund.ts';
import type { Accounts } from './accounts.ts';
import { ofAuthorisation, readAccounts } from './accounts.ts';
import type { StoredAuthorisation } from './authorisations.ts';
import { openAuthorisation } from './authorisations.ts';
import {
  bookingDate,
  composeEntry,
  entryRows,
  inBook,
  lockBook,
  logEntryOf,
  requestHash,
} from './booking.ts';
import type { Leg } from './domain/posting.ts';
import { paymentLegs } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { AuthorisationRef } from './holding.ts';
import type { FundRefusal } from './refusals.ts';
import type { PaymentOrderRow } from './store/authorisations.ts';
import { insertPaymentOrder, orderByAct, orderByKey, ordersWithActs } from './store/authorisations.ts';
import { insertEntries } from './store/book.ts';

export type PaymentRequest = AuthorisationRef & {
  readonly amountFen: bigint;
  /** `H256("account", salt, number)` as the resolution's authorisation names it, base64url. */
  readonly payeeAccount: string;
  /** The bank account that pays; may be left out where the book has only one. */
  readonly bank?: string;
  /** What the payment is for, or the bank's reference of the order. */
  readonly reference: string;
  /** Under one key one payment is drafted. */
  readonly key: string;
};

/** A drafted payment: the order, and the act that officers sign. */
export type DraftedPayment = { readonly order: string; readonly act: string };

/** The legs of a payment as the accounts stand now. */
function legsNow(
  accounts: Accounts,
  authorisation: StoredAuthorisation,
  payment: { readonly amountFen: bigint; readonly payeeAccount: string; readonly bank: string | undefined },
): Result<readonly Leg[], FundRefusal> {
  const { amountFen, payeeAccount } = payment;
  if (payeeAccount !== authorisation.record.payeeAccount) return refuse('FUND_PAYEE_DIFFERS', 'payeeAccount');
  const [payable] = ofAuthorisation(accounts, 'payable', authorisation.authorisation);
  const owedFen = payable?.balanceFen ?? 0n;
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

const askedFor = ({ authorisation, amountFen, payeeAccount, bank, reference }: PaymentRequest) =>
  requestHash({ authorisation, amountFen: String(amountFen), payeeAccount, bank: bank ?? '', reference });

/** Drafts a payment of what is payable; asked again under the same key it answers the first draft. */
export function draftPayment(
  deps: OfficerDeps,
  request: PaymentRequest,
  draftedBy: string,
): Promise<Result<DraftedPayment, FundRefusal>> {
  const { community, authorisation, amountFen, payeeAccount, reference, key } = request;
  return inBook(deps, community, async (tx, book): Promise<Result<DraftedPayment, FundRefusal>> => {
    const earlier = await orderByKey(tx, community, key);
    if (earlier !== undefined) {
      return sameBytes(earlier.request_hash, askedFor(request))
        ? ok({ order: earlier.order_id, act: earlier.act_id })
        : refuse('FUND_ENTRY_DIFFERS', key);
    }
    const found = await openAuthorisation(tx, community, authorisation);
    if (!found.ok) return found;
    const legs = legsNow(await readAccounts(tx, book), found.value, {
      amountFen,
      payeeAccount,
      bank: request.bank,
    });
    if (!legs.ok) return legs;
    const record = composeEntry(deps, book, {
      kind: 'pay',
      valueOn: bookingDate(deps, book),
      authorisation,
      reference,
      narrative: found.value.record.payee,
      payeeAccount,
      legs: legs.value,
    });
    const bytes = fundEntryForm.bytes(record);
    const order = newId(deps.random);
    const act = await draftAct(tx, deps, {
      entry: logEntryOf(book, record, bytes),
      fundEntryKind: 'pay',
      details: { order, authorisation, amountFen: String(amountFen) },
      draftedBy,
    });
    await insertPaymentOrder(tx, {
      community_id: community,
      order_id: order,
      authorisation_id: authorisation,
      bank_account_id: present(legs.value[1], 'a payment has two legs').account.account,
      amount_fen: amountFen,
      payee_account: present(fromBase64Url(payeeAccount), 'equal to a checked hash'),
      record: bytes,
      act_id: act,
      idempotency_key: key,
      request_hash: askedFor(request),
    });
    return ok({ order, act });
  });
}

/** The record of an order, as the officers sign it. */
function recordOf(order: PaymentOrderRow): FundEntry {
  const parsed = fundEntryForm.parse(order.record);
  assert(parsed.ok, `the record of order ${order.order_id} is ours`);
  return parsed.value;
}

/**
 * Books a signed payment in the transaction that wrote its log entry, row `entryId`. Refused where the book moved on, the
 * authorisation was closed, or the money is no longer there.
 */
export async function applyPayment(
  tx: Tx,
  _deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as { readonly community: string; readonly hash: string };
  const book = await lockBook(tx, entry.community);
  const order = await orderByAct(tx, entry.community, act.actId);
  assert(book !== undefined && order !== undefined, 'a payment is drafted with its order');
  assert(fundEntryHash(order.record) === entry.hash, 'the officers signed the bytes of the order');
  const record = recordOf(order);
  if (BigInt(record.seq) !== book.lastSeq + 1n || record.bookedOn < book.lastBookedOn)
    return refuse('FUND_BOOK_MOVED_ON', undefined, { seq: record.seq, lastSeq: String(book.lastSeq) });
  const found = await openAuthorisation(tx, book.community, order.authorisation_id);
  if (!found.ok) return found;
  const legs = legsNow(await readAccounts(tx, book), found.value, {
    amountFen: order.amount_fen,
    payeeAccount: toBase64Url(order.payee_account),
    bank: order.bank_account_id,
  });
  if (!legs.ok) return legs;
  const rows = entryRows(record, order.record, legs.value, {
    key: `pay:${order.order_id}`,
    hash: order.request_hash,
    logEntryId: entryId,
    order: order.order_id,
  });
  await insertEntries(tx, [rows.entry], rows.postings);
  return ok(undefined);
}

/** A payment order as officers see it, with the bytes that they sign. */
export type PaymentOrder = DraftedPayment & {
  readonly authorisation: string;
  readonly amountFen: bigint;
  readonly state: string;
  readonly refusal: Refusal['code'] | '';
  readonly record: Uint8Array;
};

/** All payment orders of a community, the newest first. */
export const listPayments = async (db: Database, community: string): Promise<readonly PaymentOrder[]> =>
  (await ordersWithActs(db, community)).map((row) => ({
    order: row.order_id,
    act: row.act_id,
    authorisation: row.authorisation_id,
    amountFen: row.amount_fen,
    state: row.state,
    refusal: row.refusal_code ?? '',
    record: row.record,
  }));
