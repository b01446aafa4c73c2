/**
 * Entries that two officers sign: the order keeps the exact bytes, which name their number in the book. When the book moved on
 * while they signed, the execution is refused with FUND_BOOK_MOVED_ON and the order is drafted again: an order that held the book
 * open would let one forgotten signature stop a community's money for 72 hours (SPEC 2.4, 8.3; DESIGN §7 "Fund").
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, sameBytes } from '../base/bytes.ts';
import type { Canonical } from '../base/canonical.ts';
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
import { openAccounts, readAccounts } from './accounts.ts';
import { payableAuthorisation } from './authorisations.ts';
import type { Book } from './booking.ts';
import { composeEntry, entryRows, inBook, lockBook, logEntryOf, requestHash } from './booking.ts';
import type { Account, EntryDraft } from './domain/posting.ts';
import { coversLegs, legsOf } from './domain/posting.ts';
import type { FundDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import type { OrderRow } from './store/authorisations.ts';
import { insertOrder, orderByAct, orderByKey, ordersWithActs } from './store/authorisations.ts';
import { insertLoggedEntry } from './store/book.ts';
import { lastMonthOf } from './store/months.ts';

/** Kinds of entries that stand only with two officers' signatures. */
export type OrderedKind = 'pay' | 'deposit_reversed' | 'deposit_identified' | 'bank_moved';

/** What is to be signed; `payment` names what the database binds a payment to. */
export type Order = {
  readonly draft: EntryDraft & { readonly kind: OrderedKind };
  readonly amountFen: bigint;
  readonly payment?: { readonly bank: string; readonly payeeAccount: string };
  /** What is kept beside the act, in the same transaction. */
  readonly beside?: (act: string) => Promise<void>;
};

/** Under one key one order is drafted; `request` tells a repetition from another one. */
export type OrderRequest = {
  readonly community: string;
  readonly key: string;
  readonly request: Canonical;
  readonly draftedBy: string;
};

/** A drafted order, and the act that officers sign. */
export type DraftedOrder = { readonly order: string; readonly act: string };

/** Drafts what `plan` finds in the locked book; asked again under the same key it answers the first draft. */
export function draftOrder(
  deps: OfficerDeps,
  asked: OrderRequest,
  plan: (tx: Tx, book: Book) => Promise<Result<Order, FundRefusal>>,
): Promise<Result<DraftedOrder, FundRefusal>> {
  const { community, key, draftedBy } = asked;
  return inBook(deps, community, async (tx, book): Promise<Result<DraftedOrder, FundRefusal>> => {
    const hash = requestHash(asked.request);
    const earlier = await orderByKey(tx, community, key);
    if (earlier !== undefined) {
      return sameBytes(earlier.request_hash, hash)
        ? ok({ order: earlier.order_id, act: earlier.act_id })
        : refuse('FUND_ENTRY_DIFFERS', key);
    }
    const planned = await plan(tx, book);
    if (!planned.ok) return planned;
    const { draft, amountFen, payment, beside } = planned.value;
    assert(coversLegs(draft.legs), 'a plan keeps every account on its side');
    const record = composeEntry(deps, book, draft);
    const bytes = fundEntryForm.bytes(record);
    const order = newId(deps.random);
    const act = await draftAct(tx, deps, {
      entry: logEntryOf(book, record, bytes),
      details: { order, authorisation: draft.authorisation, amountFen: String(amountFen) },
      draftedBy,
    });
    await insertOrder(tx, {
      community_id: community,
      order_id: order,
      kind: draft.kind,
      authorisation_id: payment === undefined ? null : draft.authorisation,
      bank_account_id: payment?.bank ?? null,
      amount_fen: amountFen,
      payee_account:
        payment === undefined
          ? null
          : present(fromBase64Url(payment.payeeAccount), 'equal to a checked hash'),
      record: bytes,
      act_id: act,
      idempotency_key: key,
      request_hash: hash,
    });
    await beside?.(act);
    return ok({ order, act });
  });
}

/** The accounts of the book, with the bank account that this order is the first to name. */
async function accountsFor(
  tx: Tx,
  deps: FundDeps,
  book: Book,
  { entryKind, postings }: FundEntry,
): Promise<readonly Account[]> {
  const { all, names } = await readAccounts(tx, book);
  const missing = postings.filter(({ account }) => entryKind === 'bank_moved' && !names.has(account));
  const wanted = missing.map(({ account }) => ({
    kind: 'bank' as const,
    unit: '',
    authorisation: '',
    name: account,
  }));
  return [...all, ...(await openAccounts(tx, deps, book, wanted))];
}

/** The record of an order, as the officers sign it. */
function recordOf(order: OrderRow): FundEntry {
  const parsed = fundEntryForm.parse(order.record);
  assert(parsed.ok, `the record of order ${order.order_id} is ours`);
  return parsed.value;
}

/**
 * Books a signed order in the transaction that wrote its log entry, row `entryId`. Refused where the book moved on, or a payment's
 * resolution was annulled. At its own number the book is as it was when the order was drafted, so the money is there.
 */
export async function applyOrder(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as { readonly community: string; readonly hash: string };
  const book = await lockBook(tx, entry.community);
  const order = await orderByAct(tx, entry.community, act.actId);
  assert(book !== undefined && order !== undefined, 'a fund act is drafted with its order');
  assert(fundEntryHash(order.record) === entry.hash, 'the officers signed the bytes of the order');
  const record = recordOf(order);
  if (BigInt(record.seq) !== book.lastSeq + 1n || record.bookedOn < book.lastBookedOn)
    return refuse('FUND_BOOK_MOVED_ON', undefined, { seq: record.seq, lastSeq: String(book.lastSeq) });
  const published = await lastMonthOf(tx, book.community);
  // Signed after its month was published: it is drafted again with a day of today.
  if (published !== undefined && record.bookedOn.slice(0, 7) <= published)
    return refuse('FUND_BOOK_MOVED_ON', undefined, { seq: record.seq, lastSeq: String(book.lastSeq) });
  if (order.authorisation_id !== null) {
    const found = await payableAuthorisation(tx, book.community, order.authorisation_id);
    if (!found.ok) return found;
  }
  const legs = legsOf(record, await accountsFor(tx, deps, book, record), 1n);
  const rows = entryRows(record, order.record, legs, {
    key: `${order.kind}:${order.order_id}`,
    hash: order.request_hash,
    order: order.order_id,
  });
  await insertLoggedEntry(tx, rows.entry, rows.postings, entryId);
  return ok(undefined);
}

/** An order as officers see it, with the bytes that they sign. */
export type ListedOrder = DraftedOrder & {
  readonly kind: OrderedKind;
  /** Empty where it is no payment. */
  readonly authorisation: string;
  readonly amountFen: bigint;
  readonly state: string;
  readonly refusal: Refusal['code'] | '';
  readonly record: Uint8Array;
};

/** All orders of a community, the newest first. */
export const listOrders = async (db: Database, community: string): Promise<readonly ListedOrder[]> =>
  (await ordersWithActs(db, community)).map((row) => ({
    order: row.order_id,
    act: row.act_id,
    kind: row.kind as OrderedKind,
    authorisation: row.authorisation_id ?? '',
    amountFen: row.amount_fen,
    state: row.state,
    refusal: row.refusal_code ?? '',
    record: row.record,
  }));
