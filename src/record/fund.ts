/** Records of the maintenance fund: what a resolution or the end of a unit opens of it, and the entries of a book (SPEC 8.3). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, decimal, hash, id, idOrNone, label, nonce, signedDecimal } from './shapes.ts';

/** One unit's share of a cost, exact to the fen, with the remainder that decided the left-over fen. */
export const share = closed({ unit: id, areaDm2: decimal, amountFen: decimal, remainder: decimal });
export type Share = Of<typeof share>;

const authorisation = closed({
  v: exactly(1),
  kind: oneOf('authorisation'),
  authorisation: id,
  community: id,
  meeting: id,
  proposal: id,
  capFen: decimal,
  payee: label,
  payeeAccount: hash,
  purpose: text(500),
  shares: list(share, 20_000, 1),
  nonce,
});

export type Authorisation = Of<typeof authorisation>;
export const authorisationForm = recordForm(authorisation, 'authorisation', 16 * 1024 * 1024);
/** `H256("authorisation", bytes)`. */
export const authorisationHash = (bytes: Uint8Array): string => h256Text('authorisation', bytes);

const refund = closed({
  v: exactly(1),
  kind: oneOf('refund'),
  authorisation: id,
  community: id,
  unit: id,
  /** Exported name of the unit's account, by which officers know the home. */
  account: text(200),
  /** The whole balance of the unit. */
  amountFen: decimal,
  payeeAccount: hash,
  /** SHA-256 of the document that says why the unit is no more. */
  documentHash: hash,
  nonce,
});

export type Refund = Of<typeof refund>;
export const refundForm = recordForm(refund, 'refund', 4096);
/** `H256("refund", bytes)`. */
export const refundHash = (bytes: Uint8Array): string => h256Text('refund', bytes);

/** Kinds of accounts that have money: what the bank holds is what all others add up to. */
export const MONEY_KINDS = [
  'bank',
  'unit_available',
  'unit_held',
  'payable',
  'interest_undistributed',
  'deposit_unidentified',
] as const;

/** The last two say what the developer owes for his units; no entry joins them with an account that has money. */
export const ACCOUNT_KINDS = [...MONEY_KINDS, 'claim', 'claim_contra'] as const;

export const ENTRY_KINDS = [
  'deposit',
  'deposit_reversed',
  'hold',
  'accrue',
  'accrual_cancelled',
  'unpaid_cancelled',
  'pay',
  'pay_returned',
  'release',
  'interest_received',
  'interest_distributed',
  'bank_moved',
  'deposit_unidentified',
  'deposit_identified',
  'refund',
  'claim',
  'claim_settled',
  'claim_cancelled',
] as const;

/** A month `YYYY-MM`. */
export const monthText = text(7, /^[0-9]{4}-(?:0[1-9]|1[0-2])$/);

/** One kind of account that has money over a month, on its normal side. */
const accountGroup = closed({
  accountKind: oneOf(...MONEY_KINDS),
  openingFen: decimal,
  inFen: decimal,
  outFen: decimal,
  closingFen: decimal,
});
/** A resolution with its split, and where its money was at the end of the month. */
const charge = closed({
  authorisation: id,
  capFen: decimal,
  units: integer(1, 20_000),
  areaDm2: decimal,
  leftOverFen: decimal,
  heldFen: decimal,
  payableFen: decimal,
  paidFen: decimal,
});
const comparedStatement = closed({
  account: text(200),
  from: civilDate,
  to: civilDate,
  closingFen: decimal,
});

const fundMonth = closed({
  v: exactly(1),
  kind: oneOf('fund-month'),
  community: id,
  month: monthText,
  /** The last entry of the book that was booked by the end of the month. */
  lastSeq: integer(0, Number.MAX_SAFE_INTEGER),
  accounts: list(accountGroup, 6, 6),
  /** At the banks, less what was reversed or came back: negative where an earlier month's did. */
  depositsFen: signedDecimal,
  interestFen: signedDecimal,
  paidFen: signedDecimal,
  charges: list(charge, 10_000),
  /** The comparisons with the bank that count for a day of the month, in the order in which they were made. */
  statements: list(comparedStatement, 10_000, 1),
  /** How many differences to them were explained. */
  explained: integer(0, 1_000_000),
  /** The log's newest checkpoint when it was published. */
  size: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
  /** SHA-256 of the journal as of the last day. */
  journalHash: hash,
});

export type FundMonth = Of<typeof fundMonth>;
export const fundMonthForm = recordForm(fundMonth, 'fund month', 4 * 1024 * 1024);
/** `H256("fund-month", bytes)`. */
export const fundMonthHash = (bytes: Uint8Array): string => h256Text('fund-month', bytes);

const posting = closed({
  /** The account's exported name, made of codes only. */
  account: text(200),
  accountKind: oneOf(...ACCOUNT_KINDS),
  unit: idOrNone,
  authorisation: idOrNone,
  /** Debit positive, credit negative. */
  amountFen: signedDecimal,
});

const fundEntry = closed({
  v: exactly(1),
  kind: oneOf('fund-entry'),
  community: id,
  entry: id,
  seq: integer(1, Number.MAX_SAFE_INTEGER),
  entryKind: oneOf(...ENTRY_KINDS),
  bookedOn: civilDate,
  valueOn: civilDate,
  authorisation: idOrNone,
  /** Id of the entry that this one reverses, or none. */
  reverses: idOrNone,
  /** Bank's or old statement's reference. */
  reference: text(200),
  narrative: text(500),
  /** The payee's account, for `pay` only; else empty. */
  payeeAccount: text(43),
  postings: list(posting, 50_000, 2),
  nonce,
});

export type FundPosting = Of<typeof posting>;
export type FundEntry = Of<typeof fundEntry>;
export const fundEntryForm = recordForm(fundEntry, 'fund entry', 32 * 1024 * 1024);
/** `H256("fund-entry", bytes)`. */
export const fundEntryHash = (bytes: Uint8Array): string => h256Text('fund-entry', bytes);
