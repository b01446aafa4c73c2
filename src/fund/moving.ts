/** Money that two officers put where it belongs: out of 待查收款 to its households, and between the fund's own bank accounts. */
import { present } from '../base/assert.ts';
import { sumFen } from '../base/fen.ts';
import type { Result } from '../base/result.ts';
import { ok, refuse } from '../base/result.ts';
import type { OfficerDeps } from '../officers/officer-deps.ts';
import { registryUnits } from '../registry/units.ts';
import { readAccounts } from './accounts.ts';
import { bookingDate } from './booking.ts';
import { between } from './domain/posting.ts';
import { identificationNarrative } from './domain/waiting-receipts.ts';
import type { BankRef } from './household-accounts.ts';
import { availableAccounts, findBank, plannedBank } from './household-accounts.ts';
import { waitsStill } from './identified.ts';
import type { DraftedOrder } from './ordering.ts';
import { draftOrder } from './ordering.ts';
import type { FundRefusal } from './refusals.ts';
import { refundedAmong } from './store/authorisations.ts';

export type Identification = {
  readonly community: string;
  /** To whom the money belongs, each unit once. */
  readonly items: readonly { readonly unit: string; readonly amountFen: bigint }[];
  /** The receipt whose money it is, by its number in the book: unnamed, its money could be given twice, or reversed out of another payer's. */
  readonly seq: bigint;
  /** What proves it: the payer's statement. */
  readonly reference: string;
  readonly key: string;
};

/** Drafts that money of unknown payers belongs to these units. */
export function draftIdentification(
  deps: OfficerDeps,
  { community, items, seq, reference, key }: Identification,
  draftedBy: string,
): Promise<Result<DraftedOrder, FundRefusal>> {
  const request = {
    items: items.map(({ unit, amountFen }) => ({ unit, amountFen: String(amountFen) })),
    reference,
    seq: String(seq),
  };
  return draftOrder(deps, { community, key, request, draftedBy }, async (tx, book) => {
    const named = new Set(items.map(({ unit }) => unit));
    if (items.some(({ amountFen }) => amountFen <= 0n)) return refuse('FUND_AMOUNT_ZERO', 'items');
    const units = await registryUnits(tx, community, [...named]);
    if (named.size < items.length || units.length < items.length) return refuse('FUND_UNIT_UNKNOWN', 'items');
    if ((await refundedAmong(tx, community, [...named])).length > 0)
      return refuse('FUND_UNIT_REFUNDED', 'items');
    const accounts = await readAccounts(tx, book);
    const from = accounts.all.find(({ kind }) => kind === 'deposit_unidentified');
    const amountFen = sumFen(items.map((item) => item.amountFen));
    if (from === undefined || items.length === 0 || amountFen > from.balanceFen)
      return refuse('FUND_ABOVE_UNIDENTIFIED', 'items', { unidentifiedFen: String(from?.balanceFen ?? 0n) });
    const waits = await waitsStill(tx, community, seq, amountFen);
    if (!waits.ok) return waits;
    const available = await availableAccounts(tx, deps, book, accounts, units);
    const credits = items.map((item) => ({
      account: present(available.get(item.unit), 'opened above'),
      amountFen: -item.amountFen,
    }));
    return ok({
      draft: {
        kind: 'deposit_identified' as const,
        valueOn: bookingDate(deps, book),
        authorisation: '',
        reference,
        narrative: identificationNarrative(seq),
        payeeAccount: '',
        legs: [{ account: from, amountFen }, ...credits],
      },
      amountFen,
    });
  });
}

export type BankMove = {
  readonly community: string;
  /** The account that is debited at the bank; it stands in the book. */
  readonly from: BankRef;
  /** A term deposit is a bank account of its own; where it is new, it enters the book when both officers have signed. */
  readonly to: BankRef;
  readonly amountFen: bigint;
  readonly reference: string;
  readonly key: string;
};

/** Drafts a move between two bank accounts of the fund, into a term deposit and back. */
export function draftBankMove(
  deps: OfficerDeps,
  { community, from, to, amountFen, reference, key }: BankMove,
  draftedBy: string,
): Promise<Result<DraftedOrder, FundRefusal>> {
  const request = { from, to, amountFen: String(amountFen), reference };
  return draftOrder(deps, { community, key, request, draftedBy }, async (tx, book) => {
    const accounts = await readAccounts(tx, book);
    if (amountFen <= 0n) return refuse('FUND_AMOUNT_ZERO', 'amountFen');
    const source = findBank(accounts.all, from);
    if (source === undefined || findBank([source], to) !== undefined)
      return refuse('FUND_BANK_UNCLEAR', 'from');
    if (source.balanceFen < amountFen)
      return refuse('FUND_BANK_SHORT', 'from', { balanceFen: String(source.balanceFen) });
    const target = findBank(accounts.all, to) ?? plannedBank(deps, to);
    return ok({
      draft: {
        kind: 'bank_moved' as const,
        valueOn: bookingDate(deps, book),
        authorisation: '',
        reference,
        narrative: '专户划转',
        payeeAccount: '',
        legs: between(target, source, amountFen),
      },
      amountFen,
    });
  });
}
