/** The records of the public-revenue book: what common parts earn and what goes out of it, and its published half-years (SPEC 8.5; Civil Code §282). */
import { h256Text } from '../crypto/frame.ts';
import type { Of } from './schema.ts';
import { closed, exactly, integer, list, oneOf, recordForm, text } from './schema.ts';
import { civilDate, decimal, hash, id, idOrNone, nonce, signedDecimal } from './shapes.ts';

/** What money is for, by kind of entry: the sources of income, the costs, and where the rest may go. */
export const REVENUE_HEADINGS = {
  income: ['parking', 'advertising', 'rent', 'base_station', 'vending', 'interest', 'other_income'],
  cost: ['operation', 'tax', 'audit', 'other_cost'],
  use: ['resolution'],
  transfer: ['fund'],
} as const;
export const REVENUE_KINDS = ['income', 'cost', 'use', 'transfer', 'reversal'] as const;

const HEADINGS = [
  ...REVENUE_HEADINGS.income,
  ...REVENUE_HEADINGS.cost,
  ...REVENUE_HEADINGS.use,
  ...REVENUE_HEADINGS.transfer,
] as const;

const revenueEntry = closed({
  v: exactly(1),
  kind: oneOf('revenue-entry'),
  community: id,
  entry: id,
  entryKind: oneOf(...REVENUE_KINDS),
  heading: oneOf(...HEADINGS),
  bookedOn: civilDate,
  /** In positive, out negative. */
  amountFen: signedDecimal,
  text: text(500),
  /** SHA-256 of the contract, the receipt or the invoice. */
  documentHash: hash,
  /** The adopted resolution behind a use; else empty. */
  meeting: idOrNone,
  proposal: idOrNone,
  /** The entry that a reversal undoes; else empty. */
  reverses: idOrNone,
  nonce,
});

export type RevenueEntry = Of<typeof revenueEntry>;
export const revenueEntryForm = recordForm(revenueEntry, 'revenue entry', 8192);
/** `H256("revenue-entry", bytes)`. */
export const revenueEntryHash = (bytes: Uint8Array): string => h256Text('revenue-entry', bytes);

/** A half-year `YYYY-H1` or `YYYY-H2`. */
export const halfYearText = text(7, /^[0-9]{4}-H[12]$/);

const revenuePeriod = closed({
  v: exactly(1),
  kind: oneOf('revenue-period'),
  community: id,
  period: halfYearText,
  openingFen: decimal,
  /** One for each kind and heading with an entry of the half-year, in the order of kinds and headings. */
  lines: list(
    closed({
      entryKind: oneOf(...REVENUE_KINDS),
      heading: oneOf(...HEADINGS),
      count: integer(1, Number.MAX_SAFE_INTEGER),
      amountFen: signedDecimal,
    }),
    100,
  ),
  closingFen: decimal,
});

export type RevenuePeriod = Of<typeof revenuePeriod>;
export const revenuePeriodForm = recordForm(revenuePeriod, 'revenue period', 64 * 1024);
/** `H256("revenue-period", bytes)`. */
export const revenuePeriodHash = (bytes: Uint8Array): string => h256Text('revenue-period', bytes);

/** The half-year of a day. */
export const halfYearOf = (date: string): string =>
  `${date.slice(0, 4)}-H${Number(date.slice(5, 7)) <= 6 ? 1 : 2}`;

/** Order of the lines of a half-year. */
export const lineOrder = ({ entryKind, heading }: Pick<RevenueEntry, 'entryKind' | 'heading'>): number =>
  REVENUE_KINDS.indexOf(entryKind) * HEADINGS.length + HEADINGS.indexOf(heading);
