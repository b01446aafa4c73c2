/** The record of a call to top up: which homes have less than three tenths of their first deposit left, what each is asked for, and by when (SPEC 8.6; 165 §17). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, decimal, hash, hashOrNone, id, idOrNone, nonce } from './shapes.ts';

const line = closed({
  unit: id,
  /** What was deposited at first, by the file. */
  firstFen: decimal,
  /** Available and held together, after entry `seq` of the book. */
  balanceFen: decimal,
  /** What is asked for; 0 where enough is left. */
  dueFen: decimal,
});

const topUpCall = closed({
  v: exactly(1),
  kind: oneOf('top-up-call'),
  community: id,
  call: id,
  /** The newest call when this one was drafted; empty for the first. */
  former: idOrNone,
  /** The resolution that decided the scheme; empty where a rule of the city does. */
  meeting: idOrNone,
  proposal: idOrNone,
  /** SHA-256 of the rule of the city; empty where a resolution decided. */
  documentHash: hashOrNone,
  /** SHA-256 of the file of first deposits, its text in UTF-8 without a byte order mark. */
  depositsHash: hash,
  /** The last entry of the book that the balances count. */
  seq: integer(1, Number.MAX_SAFE_INTEGER),
  /** Up to how much of the first deposit a home is topped up. */
  targetPercent: integer(30, 100),
  dueOn: civilDate,
  /** How to pay; everybody reads it. */
  text: text(2000),
  /** Each unit whose first deposit is known, once, in the order of the ids. */
  units: list(line, 20_000, 1),
  nonce,
});

export type TopUpCall = Of<typeof topUpCall>;
export const topUpCallForm = recordForm(topUpCall, 'top-up call', 4 * 1024 * 1024);
/** `H256("top-up-call", bytes)`. */
export const topUpCallHash = (bytes: Uint8Array): string => h256Text('top-up-call', bytes);

/** Whether a home has strictly less than 30 % of its first deposit, in fen. */
export const needsTopUp = (balanceFen: bigint, firstFen: bigint): boolean =>
  balanceFen * 100n < firstFen * 30n;

/** What brings a home back to `targetPercent` of its first deposit, in whole fen; 0 where it need not top up. */
export const topUpDue = (balanceFen: bigint, firstFen: bigint, targetPercent: number): bigint =>
  needsTopUp(balanceFen, firstFen) ? (firstFen * BigInt(targetPercent) + 99n) / 100n - balanceFen : 0n;
