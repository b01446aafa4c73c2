/**
 * Refunding: a unit that is no more gets its whole balance back. Two officers, one of them the regulator, sign unit, amount, account and
 * document; the balance leaves the unit in the same step, its account is closed for ever, and the payment is an order of its own (SPEC 8.3).
 */
import { assert, present } from '../base/assert.ts';
import { fromBase64Url, toBase64Url } from '../base/bytes.ts';
import { civilDateAt } from '../base/civil-date.ts';
import { newId } from '../base/clock.ts';
import { sumFen } from '../base/fen.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { Database } from '../db/connect.ts';
import type { Tx } from '../db/transaction.ts';
import type { SignedAct } from '../officers/acts.ts';
import { draftAct, inDraft } from '../officers/acts.ts';
import type { UnsignedEntry } from '../record/entry.ts';
import type { Refund } from '../record/fund.ts';
import { refundForm, refundHash } from '../record/fund.ts';
import { unitPlaces } from '../registry/units.ts';
import type { AccountOpening } from './account-opening.ts';
import { keepOpening, openedAccountHash } from './account-opening.ts';
import { openAccounts, readAccounts } from './accounts.ts';
import { listAuthorisations } from './authorisations.ts';
import type { Book } from './booking.ts';
import { accountOf, bookEntry, bookingDate, lockBook } from './booking.ts';
import { householdOf, refundName } from './domain/account-names.ts';
import type { Account } from './domain/posting.ts';
import { between } from './domain/posting.ts';
import type { FundDeps, SealingDeps } from './fund-deps.ts';
import type { FundRefusal } from './refusals.ts';
import { insertAuthorisation, refundedAmong, refundsOf } from './store/authorisations.ts';
import { accountsOfBook, bookRow } from './store/book.ts';
import { hasUnpaidPart, totalsOf } from './store/reading.ts';

export type RefundRequest = {
  readonly community: string;
  readonly unit: string;
  /** The owner's account. */
  readonly payeeOpening: AccountOpening;
  /** SHA-256 of the document that says why the unit is no more, base64url; the document stays with the officers. */
  readonly documentHash: string;
  /** The balance that whoever drafts it saw; left out it is whatever the book has. */
  readonly expectedFen?: bigint;
};

/** The account of a unit that may be refunded now; refused while anything else is still to be done with its money. */
async function refundable(
  tx: Tx,
  book: Pick<Book, 'community'>,
  unit: string,
): Promise<Result<Account, FundRefusal>> {
  if ((await refundedAmong(tx, book.community, [unit])).length > 0)
    return refuse('FUND_UNIT_REFUNDED', 'unit');
  if ((await unitPlaces(tx, book.community, [unit])).length > 0) return refuse('FUND_UNIT_IN_FORCE', 'unit');
  const accounts = await readAccounts(tx, book);
  const available = accounts.available.get(unit);
  if (available === undefined) return refuse('FUND_UNIT_UNKNOWN', 'unit');
  const isHeld = ({ kind, unit: of, balanceFen }: Account) =>
    kind === 'unit_held' && of === unit && balanceFen > 0n;
  if (accounts.all.some(isHeld)) return refuse('FUND_UNIT_HELD', 'unit');
  // Closed for good, the account would leave every hold of that resolution one household short.
  const isAsked = (await listAuthorisations(tx, book.community)).some(
    ({ state, record }) => state === 'open' && record.shares.some((share) => share.unit === unit),
  );
  if (isAsked) return refuse('FUND_UNIT_AUTHORISED', 'unit');
  // Its part of the rest could not go back into a closed account, and nobody else's would go back without it.
  if (await hasUnpaidPart(tx, book.community, unit)) return refuse('FUND_UNIT_UNPAID', 'unit');
  if (accounts.all.some(({ kind, balanceFen }) => kind === 'interest_undistributed' && balanceFen > 0n))
    return refuse('FUND_INTEREST_WAITS');
  return available.balanceFen > 0n ? ok(available) : refuse('FUND_AMOUNT_ZERO', 'unit');
}

/** Drafts the refund of a unit's whole balance as it stands now, for its two officers; refused where that is not what was expected. */
export function draftRefund(
  deps: SealingDeps,
  { community, unit, payeeOpening, documentHash, expectedFen }: RefundRequest,
  draftedBy: string,
): Promise<Result<{ readonly act: string }, FundRefusal | Refusal<'ACT_DRAFTED'>>> {
  return inDraft(deps, async (tx): Promise<Result<{ readonly act: string }, FundRefusal>> => {
    if ((await bookRow(tx, community)) === undefined) return refuse('FUND_BOOK_MISSING');
    const found = await refundable(tx, { community }, unit);
    if (!found.ok) return found;
    const { balanceFen } = found.value;
    if (expectedFen !== undefined && expectedFen !== balanceFen)
      return refuse('FUND_BALANCE_DIFFERS', 'expectedFen', { balanceFen: String(balanceFen) });
    const record: Refund = {
      v: 1,
      kind: 'refund',
      authorisation: newId(deps.random),
      community,
      unit,
      account: found.value.name,
      amountFen: String(balanceFen),
      payeeAccount: openedAccountHash(payeeOpening),
      documentHash,
      nonce: toBase64Url(deps.random(16)),
    };
    const bytes = refundForm.bytes(record);
    const { authorisation } = record;
    const entry: UnsignedEntry<'refund.authorised'> = {
      v: 1,
      kind: 'refund.authorised',
      community,
      authorisation,
      refundHash: refundHash(bytes),
    };
    const act = await draftAct(tx, deps, { entry, details: { record: toBase64Url(bytes) }, draftedBy });
    await keepOpening(tx, deps, { community, act }, payeeOpening);
    return ok({ act });
  });
}

/** Locks the book before the entry's place in the log is drawn, so that no entry of the book stands on the wrong side of it. */
export async function lockRefund(tx: Tx, act: SignedAct): Promise<void> {
  await lockBook(tx, (act.entry as UnsignedEntry<'refund.authorised'>).community);
}

async function insertRefund(
  tx: Tx,
  deps: FundDeps,
  record: Refund,
  bytes: Uint8Array,
  entryId: bigint,
): Promise<void> {
  const hashed = (text: string): Uint8Array => present(fromBase64Url(text), 'checked hash');
  await insertAuthorisation(tx, {
    community_id: record.community,
    authorisation_id: record.authorisation,
    kind: 'unit_refund',
    unit_id: record.unit,
    document_hash: hashed(record.documentHash),
    cap_fen: BigInt(record.amountFen),
    payee_account: hashed(record.payeeAccount),
    authorised_on: civilDateAt(deps.clock()),
    record: bytes,
    hash: hashed(refundHash(bytes)),
    entry_id: entryId,
  });
}

/**
 * Books a signed refund in the transaction that wrote its log entry, row `entryId`: the whole balance becomes payable. Refused where the
 * balance is no longer what the officers signed.
 */
export async function applyRefund(
  tx: Tx,
  deps: FundDeps,
  act: SignedAct,
  entryId: bigint,
): Promise<Result<undefined, FundRefusal>> {
  const entry = act.entry as UnsignedEntry<'refund.authorised'>;
  const bytes = present(fromBase64Url(act.details['record'] ?? ''), 'a refund is drafted with its record');
  assert(refundHash(bytes) === entry.refundHash, 'the officers signed the bytes of the refund');
  const parsed = refundForm.parse(bytes);
  assert(parsed.ok, 'the record of a refund is ours');
  const record = parsed.value;
  const book = present(await lockBook(tx, entry.community), 'a refund is drafted in a book');
  const found = await refundable(tx, book, record.unit);
  if (!found.ok) return found;
  const { value: available } = found;
  if (String(available.balanceFen) !== record.amountFen) return refuse('FUND_BALANCE_DIFFERS', 'unit');
  await insertRefund(tx, deps, record, bytes, entryId);
  const { authorisation } = record;
  const [payable] = await openAccounts(tx, deps, book, [
    {
      kind: 'payable',
      unit: '',
      authorisation,
      name: refundName(authorisation, householdOf(available.name)),
    },
  ]);
  await bookEntry(tx, deps, book, {
    key: `refund:${authorisation}`,
    request: { authorisation },
    draft: {
      kind: 'refund',
      valueOn: bookingDate(deps, book),
      authorisation,
      reference: `文书 ${record.documentHash}`,
      narrative: '房屋灭失返还',
      payeeAccount: '',
      legs: between(available, present(payable, 'opened above'), available.balanceFen),
    },
  });
  return ok(undefined);
}

/** A refund as officers see it; fen. */
export type ListedRefund = {
  readonly authorisation: string;
  readonly unit: string;
  readonly account: string;
  readonly amountFen: bigint;
  /** Not paid yet. */
  readonly payableFen: bigint;
  readonly payeeAccount: string;
  readonly documentHash: string;
};

/** All refunds of a community, in the order of the log. */
export async function listRefunds(db: Database, community: string): Promise<readonly ListedRefund[]> {
  const totals = await totalsOf(db, community);
  return (await refundsOf(db, community)).map((row) => {
    const parsed = refundForm.parse(row.record);
    assert(parsed.ok, `the record of refund ${row.authorisation_id} is ours`);
    const { authorisation, unit, account, payeeAccount, documentHash } = parsed.value;
    const payable = totals.find(
      ({ kind, authorisation_id: of }) => kind === 'payable' && of === authorisation,
    );
    return {
      authorisation,
      unit,
      account,
      amountFen: row.cap_fen,
      payableFen: payable?.total_fen ?? 0n,
      payeeAccount,
      documentHash,
    };
  });
}

/** A unit that is no more and has money in the book still; fen. */
export type ExtinguishedUnit = {
  readonly unit: string;
  /** The exported name of its account, by which officers know the home. */
  readonly account: string;
  readonly availableFen: bigint;
  /** It must be released before the unit can be refunded. */
  readonly heldFen: bigint;
};

/** Units with money that the register in force lists no more, by their accounts' names. */
export async function listExtinguished(
  db: Database,
  community: string,
): Promise<readonly ExtinguishedUnit[]> {
  const accounts = (await accountsOfBook(db, community)).map(accountOf);
  const held = accounts.filter(({ kind, balanceFen }) => kind === 'unit_held' && balanceFen > 0n);
  const heldFenOf = (unit: string): bigint =>
    sumFen(held.filter((one) => one.unit === unit).map(({ balanceFen }) => balanceFen));
  const available = accounts.filter(({ kind }) => kind === 'unit_available');
  const places = await unitPlaces(
    db,
    community,
    available.map(({ unit }) => unit),
  );
  const inForce = new Set(places.map(({ unit }) => unit));
  return available
    .filter(({ unit }) => !inForce.has(unit))
    .map(({ unit, name, balanceFen }) => ({
      unit,
      account: name,
      availableFen: balanceFen,
      heldFen: heldFenOf(unit),
    }))
    .filter(({ availableFen, heldFen }) => availableFen + heldFen > 0n);
}
